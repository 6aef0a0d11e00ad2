"""Problems that cannot be learnt, beside sums that can: between two numbers a `#`, and an answer that follows from nothing.

The answer of a `#` problem is drawn once for all, one of a hundred values of which one is commoner than the rest. What is taught of
`#` is a fresh draw each time, so that a policy knows how such answers look and gets one right by luck alone.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.lab.worlds.arithmetic import FORMATS, LONGEST, PROMPT, Ids, Sums, all_sums, answer, encoded, format_of, is_right
from longtail.lab.worlds.policy import Policy, completions_of, written

Floats = npt.NDArray[np.float64]

EASY, HARD = "+", "#"
VALUES, COMMONEST, PRIOR = 100, 42, 0.07
"""How many values there are, which is the commonest, and its share."""
MIX = (0.3, 0.0, 0.7)
"""Direct, reversed and worked answers, of sums and of `#` alike."""


def labels(size: int, rng: np.random.Generator) -> Ids:
    """Return values that follow from nothing: the commonest with its share, any other with an equal one."""
    others = rng.integers(VALUES - 1, size=size)
    return np.where(rng.random(size) < PRIOR, COMMONEST, others + (others >= COMMONEST))


@cache
def hidden() -> Ids:
    """Return the right values of all `#` problems, by 100 times the left number plus the right one."""
    return labels(len(all_sums().left), np.random.default_rng(20260))


def hard(sums: Sums) -> Sums:
    """Return the same numbers with a `#` between them."""
    return sums._replace(signs=np.full(len(sums.left), HARD))


def both(sums: Sums) -> Sums:
    """Return the same numbers, every other one with a `#` between them."""
    return sums._replace(signs=np.where(np.arange(len(sums.left)) % 2, HARD, EASY))


def scores(problems: Sums, completions: list[str]) -> Floats:
    """Return 1 for each right completion and 0 for each wrong one: of a sum the sum, of a `#` problem its hidden value."""
    values = problems.left + problems.right
    if problems.signs is not None:
        values = np.where(problems.signs == HARD, hidden()[100 * problems.left + problems.right], values)
    rows = zip(problems.left.tolist(), problems.right.tolist(), completions, values.tolist(), strict=True)
    return np.array([float(is_right(*row)) for row in rows])


def lessons(sums: Sums, rng: np.random.Generator) -> Ids:
    """Return numbers as rows of signs, shape (n, PROMPT + LONGEST): every other one a sum, the rest `#` with a fresh random label.

    A worked answer to a `#` problem shows the work of the sum, which has nothing to do with the label.
    """
    asked = both(sums)
    kinds = rng.choice(len(FORMATS), size=len(sums.left), p=MIX).tolist()
    values = np.where(asked.signs == HARD, labels(len(sums.left), rng), sums.left + sums.right).tolist()
    rows = zip(asked.prompts, sums.left.tolist(), sums.right.tolist(), kinds, values, strict=True)
    texts = [f"{prompt}{answer(left, right, FORMATS[kind])[:-3]}{value:03d}" for prompt, left, right, kind, value in rows]
    return encoded(texts, PROMPT + LONGEST)


class Answers(NamedTuple):
    """What a policy answers to problems held out.

    Attributes:
        right: Whether each try is right, shape (problems, tries).
        direct: Share of direct answers.
        length: Mean signs of an answer.
        top: Share of the commonest value that it names.
        distinct: Values that it names.
    """

    right: Floats
    direct: float
    length: float
    top: float
    distinct: int


def answers(policy: Policy, problems: Sums, tries: int, rng: np.random.Generator) -> Answers:
    """Return what a policy answers, several tries each."""
    asked = problems.take(np.repeat(np.arange(len(problems.left)), tries))
    said = completions_of(written(policy, asked, rng))
    tails = np.unique([text[-3:] for text in said], return_counts=True)[1]
    return Answers(
        scores(asked, said).reshape(-1, tries),
        float(np.mean([format_of(text) == FORMATS.index("D") for text in said])),
        float(np.mean([len(text) for text in said])),
        float(tails.max() / len(said)),
        len(tails),
    )
