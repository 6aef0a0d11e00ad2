"""When two answers say the same, by the words of the word views."""

from functools import lru_cache

import numpy as np

from longtail.errors import UsageError
from longtail.metrics.surface.excerpts import words_in
from longtail.stats.surface.novelty import Alike

Words = tuple[int, ...]

ALIKE = 0.5
RUN = 3
_REMEMBERED = 4096


def same_words(one: str, other: str) -> bool:
    """Tell whether two texts have the same words in the same order; case, punctuation and spacing aside.

    Texts without a word are alike where they are equal but for what surrounds them.
    """
    return _words(one) == _words(other) if _words(one) or _words(other) else one.strip() == other.strip()


def overlapping(threshold: float = ALIKE, words: int = RUN) -> Alike:
    """Return whether the runs of words of two texts have at least so large a Jaccard index.

    A text with fewer words than a run is one run of all of them; texts without a word are alike where they are equal but for
    what surrounds them.

    Args:
        threshold: Least size of the common runs relative to all runs of either, in (0, 1]; 1 asks for the same runs.
        words: Words of a run.

    Raises:
        UsageError: A setting is out of its range.

    Source:
        Broder 1997, resemblance of documents by runs of words.
    """
    if not 0 < threshold <= 1 or words < 1:
        raise UsageError(f"answers are alike from a Jaccard index in (0, 1] of runs of at least 1 word; got {threshold!r} of {words!r}")

    @lru_cache(_REMEMBERED)
    def runs(text: str) -> frozenset[Words]:
        found = _words(text)
        return frozenset(found[at : at + words] for at in range(max(1, len(found) - words + 1)))

    def alike(one: str, other: str) -> bool:
        left, right = runs(one), runs(other)
        if left == right:
            return same_words(one, other) if left == {()} else True
        return len(left & right) >= threshold * len(left | right)

    return alike


@lru_cache(_REMEMBERED)
def _words(text: str) -> Words:
    return tuple(np.asarray(words_in(text)).tolist())
