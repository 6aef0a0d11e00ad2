"""How many different answers a prompt gets: classes of answers that are alike, and what a reader gains by asking on.

What is alike is for the caller to say. Classes are those of the transitive closure, so that no order of the answers matters: where
one answer is like two that are unlike each other, the three are one class.

Source:
    Zhang et al. 2025 (NoveltyBench), whose rule holds each answer against a random one of each class so far: its classes depend on the
    order of the answers and on chance.
"""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.errors import UsageError
from longtail.stats.rarefaction import expected_types

I64 = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
Alike = Callable[[str, str], bool]
"""Tells whether two texts say the same; asked once for each pair that is not yet in one class, in the order in which they stand."""

DRAWN = 10
PATIENCE = 0.8


class Distinct(NamedTuple):
    """Expected different answers of each prompt that has enough of them.

    Attributes:
        values: One for each such prompt, shape (prompts,).
        left_out: Prompts with fewer answers.
    """

    values: Values
    left_out: int

    @property
    def mean(self) -> float:
        """Return the mean over prompts."""
        return float(self.values.mean())

    @property
    def error(self) -> float:
        """Return the standard error of the mean over prompts, infinite with one prompt."""
        return float(self.values.std(ddof=1)) / math.sqrt(len(self.values)) if len(self.values) > 1 else math.inf


def classes(answers: Sequence[str], alike: Alike) -> I64:
    """Return the class of each answer, shape (answers,), numbered in the order of first sight; equal texts are always of one class.

    Args:
        answers: The texts.
        alike: Whether two texts say the same; at worst asked of every pair of different texts.
    """
    first = {text: at for at, text in reversed(list(enumerate(answers)))}
    texts = sorted(first, key=first.__getitem__)
    root = list(range(len(texts)))
    for at, text in enumerate(texts):
        for before in range(at):
            if root[before] != root[at] and alike(texts[before], text):
                kept, gone = sorted((root[before], root[at]))
                root = [kept if each == gone else each for each in root]
    of = dict(zip(texts, root, strict=True))
    return np.unique(np.array([of[text] for text in answers], np.int64), return_inverse=True)[1].astype(np.int64)


def expected_distinct(labels: npt.ArrayLike, drawn: int = DRAWN, copies: npt.ArrayLike | None = None) -> float:
    """Return the expected number of classes among `drawn` answers without replacement: the mean over all subsets of that size.

    Args:
        labels: Class of each answer, whole numbers from 0, shape (answers,).
        drawn: Answers drawn.
        copies: How often each answer was given, shape (answers,); None for once.

    Raises:
        UsageError: There are fewer answers, or fewer than one is to be drawn.
    """
    found = np.asarray(labels, np.int64)
    counts = np.bincount(found, None if copies is None else np.asarray(copies, np.float64)).astype(np.int64)
    if not 1 <= drawn <= counts.sum():
        raise UsageError(f"{drawn} answers cannot be drawn from {counts.sum()}; draw between 1 and as many as there are")
    return min(max(expected_types(counts, drawn), 1.0), float(min(drawn, int((counts > 0).sum()))))


def distinct_k(prompts: Sequence[Sequence[str]], alike: Alike, drawn: int = DRAWN) -> Distinct:
    """Return the expected different answers among `drawn` to one prompt, for every prompt with at least as many.

    Args:
        prompts: The answers to each prompt.
        alike: Whether two answers say the same, such as `metrics.surface.answers.overlapping`.
        drawn: Answers drawn, 10 in the source.
    """
    values = [expected_distinct(classes(answers, alike), drawn) for answers in prompts if len(answers) >= drawn]
    return Distinct(np.array(values, np.float64), len(prompts) - len(values))


def utility_k(
    answers: Sequence[str], alike: Alike, utility: Callable[[str], float], drawn: int = DRAWN, patience: float = PATIENCE
) -> float:
    """Return what a reader gains from the first `drawn` answers in order, an answer like an earlier one being worth nothing.

    It is (1 - p) / (1 - p^k) times the sum of p^(i-1) u_i over the answers i that begin a class, so that k different answers of one
    utility come to that utility. Classes are those of the answers taken together.

    Args:
        answers: The answers to one prompt, in the order in which they are read.
        alike: Whether two answers say the same.
        utility: What an answer is worth, by a reward model, say; there is no default.
        drawn: Answers read, k.
        patience: Chance p in [0, 1] that the reader asks for another answer.

    Raises:
        UsageError: There are fewer answers, or a setting is out of its range.

    Source:
        Zhang et al. 2025; the user model is that of Moffat & Zobel 2008.
    """
    if not 1 <= drawn <= len(answers):
        raise UsageError(f"{drawn} answers cannot be read where there are {len(answers)}; read between 1 and as many as there are")
    if not 0 <= patience <= 1:
        raise UsageError(f"patience is a chance, got {patience!r}; give a number from 0 to 1")
    read = answers[:drawn]
    begins = np.unique(classes(read, alike), return_index=True)[1]
    weights = np.full(drawn, patience) ** np.arange(drawn)
    gained = sum(float(weights[at]) * utility(read[at]) for at in sorted(begins.tolist()))
    return gained / float(weights.sum())
