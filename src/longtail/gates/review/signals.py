"""What makes a document worth a person's look, where the data do not say so: rarity of its words, nearness to a threshold."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

_WORD = re.compile(r"\w+")
OPENING = 3
"""Words of an opening."""


def words(text: str) -> list[str]:
    """Return the words of a text, in lower case."""
    return _WORD.findall(text.casefold())


def opening(text: str | None) -> str:
    """Return the first words of a text."""
    return " ".join(words((text or "")[:400])[:OPENING])


class Rarity:
    """How rare a document is among others: the mean inverse document frequency of its distinct words, in bits.

    Source: Spärck Jones, A statistical interpretation of term specificity (1972); the mean over a document is our own choice.
    Noise is as rare as it gets; whether what is rare is right is what the reviewer is asked.
    """

    def __init__(self) -> None:
        """Start without documents."""
        self._holding: Counter[str] = Counter()
        self._documents = 0

    def add(self, text: str | None) -> None:
        """Count in which documents each word stands."""
        self._documents += 1
        self._holding.update(set(words(text or "")))

    def of(self, text: str | None) -> float | None:
        """Return how rare a document is, None where it has no words."""
        counts = [self._holding[word] for word in set(words(text or ""))]
        known = [count for count in counts if count]
        return float(np.mean(np.log2(self._documents / np.sort(known)))) if known else None


def doubts(scores: Sequence[float] | Floats, passed: Sequence[bool] | npt.NDArray[np.bool_]) -> Floats:
    """Return how near to the threshold each score lies, from 0 for the farthest of its side to 1 for the nearest.

    The threshold is not known: it is taken halfway between the innermost scores of both sides. Without scores on both sides
    nothing is near it, and the answer is NaN.

    Args:
        scores: What one gate decided on, NaN where it had none, shape (documents,).
        passed: Whether it let the document pass, shape (documents,).
    """
    given, through = np.asarray(scores, np.float64), np.asarray(passed, np.bool_)
    found = np.full(given.shape, np.nan)
    known = ~np.isnan(given)
    inside, outside = given[known & through], given[known & ~through]
    if not inside.size or not outside.size:
        return found
    higher_passes = np.median(inside) >= np.median(outside)
    threshold = (inside.min() + outside.max()) / 2 if higher_passes else (inside.max() + outside.min()) / 2
    for side in (known & through, known & ~through):
        distance = np.abs(given[side] - threshold)
        distinct, rank = np.unique(distance, return_inverse=True)
        found[side] = 1 - rank / max(distinct.size - 1, 1)
    return found
