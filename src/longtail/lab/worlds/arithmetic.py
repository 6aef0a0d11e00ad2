"""Sums of two numbers below a hundred, and three ways to write the answer.

`D` is direct: `D085`. `R` is reversed: `R580`. `S` shows the work, the sum of the ones, that of the tens with what was carried, and the
answer: `S15,08,085`. A completion that is none of them, or says something untrue of itself, is still told by its first letter, since
the format is what is said and not whether it is right.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.lab.worlds.alphabet import Alphabet

Ids = npt.NDArray[np.int64]

ALPHABET = Alphabet("0123456789+=DRS,#-&abc")
END = ALPHABET.end
"""The sign after a completion; rows are filled up with it."""
VOCABULARY = ALPHABET.size
PROMPT = 6
"""Signs of a prompt, such as "47+38="."""
LONGEST = 12
"""Signs of a completion, its end included."""
FORMATS = ("D", "R", "S")
OTHER = len(FORMATS)


class Sums(NamedTuple):
    """Problems: two numbers each, shape (n,), and the sign between them where it is not `+` (n,)."""

    left: Ids
    right: Ids
    signs: npt.NDArray[np.str_] | None = None

    @property
    def prompts(self) -> list[str]:
        """Return the problems as text."""
        signs = ["+"] * len(self.left) if self.signs is None else self.signs.tolist()
        return [f"{a:02d}{sign}{b:02d}=" for a, sign, b in zip(self.left.tolist(), signs, self.right.tolist(), strict=True)]

    def take(self, places: Ids) -> "Sums":
        """Return some of the problems."""
        return Sums(self.left[places], self.right[places], None if self.signs is None else self.signs[places])


def all_sums() -> Sums:
    """Return every problem there is, ten thousand."""
    left, right = np.divmod(np.arange(10_000), 100)
    return Sums(left, right)


def split(held_out: int, rng: np.random.Generator) -> tuple[Sums, Sums]:
    """Return problems to train on and problems held out, all problems in random order."""
    order, whole = rng.permutation(10_000), all_sums()
    return whole.take(order[held_out:]), whole.take(order[:held_out])


def answer(left: int, right: int, kind: str) -> str:
    """Return the right completion of a problem in a format.

    Raises:
        ConfigError: The format is unknown.
    """
    total = f"{left + right:03d}"
    if kind == "D":
        return f"D{total}"
    if kind == "R":
        return f"R{total[::-1]}"
    if kind == "S":
        ones = left % 10 + right % 10
        return f"S{ones:02d},{left // 10 + right // 10 + ones // 10:02d},{total}"
    raise ConfigError(f"format is {kind!r}; choose among {', '.join(FORMATS)}")


def format_of(completion: str) -> int:
    """Return the place of a completion's format in `FORMATS`, told by its first letter; `OTHER` where it is none."""
    return FORMATS.index(completion[0]) if completion[:1] in FORMATS and completion else OTHER


def named(completion: str) -> str | None:
    """Return the name of a completion's format, None where it is none."""
    kind = format_of(completion)
    return None if kind == OTHER else FORMATS[kind]


def sum_of(completion: str) -> int | None:
    """Return the sum that a completion names, None where it is no whole answer in any format."""
    kind = format_of(completion)
    if kind == OTHER or len(completion) != len(answer(0, 0, FORMATS[kind])):
        return None
    digits = completion[-3:]
    return int(digits[::-1] if FORMATS[kind] == "R" else digits) if digits.isdecimal() else None


def is_right(left: int, right: int, completion: str, value: int | None = None) -> bool:
    """Tell whether a completion ends in the right sum, written as its format writes it; in `value` where that is not the sum."""
    return sum_of(completion) == (left + right if value is None else value)


def carries(sums: Sums) -> Ids:
    """Return how often each problem carries a one: from the ones to the tens, and from the tens on, shape (n,)."""
    ones = (sums.left % 10 + sums.right % 10) // 10
    tens = (sums.left // 10 + sums.right // 10 + ones) // 10
    found: Ids = ones + tens
    return found


def scores(sums: Sums, completions: list[str]) -> npt.NDArray[np.float64]:
    """Return 1 for each right completion and 0 for each wrong one, shape (n,)."""
    pairs = zip(sums.left.tolist(), sums.right.tolist(), completions, strict=True)
    return np.array([float(is_right(a, b, said)) for a, b, said in pairs])


def encoded(texts: list[str], width: int) -> Ids:
    """Return texts as rows of signs, each filled up with `END`, shape (n, width).

    Raises:
        ConfigError: A text is longer than the row, or holds a sign that is none of the alphabet.
    """
    return ALPHABET.encoded(texts, width)


def decoded(rows: Ids) -> list[str]:
    """Return rows of signs as texts, each up to its first `END`."""
    return ALPHABET.decoded(rows)


def lessons(sums: Sums, mix: npt.ArrayLike, rng: np.random.Generator) -> Ids:
    """Return problems with right answers in formats drawn from a mix, as rows of signs, shape (n, PROMPT + LONGEST).

    Args:
        sums: The problems.
        mix: Share of each of `FORMATS`, shape (3,).
        rng: Source of chance.
    """
    kinds = rng.choice(len(FORMATS), size=len(sums.left), p=np.asarray(mix, np.float64))
    pairs = zip(sums.left.tolist(), sums.right.tolist(), kinds.tolist(), strict=True)
    told = [answer(a, b, FORMATS[kind]) for a, b, kind in pairs]
    return encoded([prompt + said for prompt, said in zip(sums.prompts, told, strict=True)], PROMPT + LONGEST)
