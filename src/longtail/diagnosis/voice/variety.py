"""Expected different types in equally many documents, with what each document adds to its logarithm, for errors."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.stats.rarefaction import absence
from longtail.stats.surface.repetition import Holders

I64 = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


UNSEEN = 1.53
"""Standard error, in types, of those that no document showed: none seen allows 3 at most with 95 %, 1.96 errors (rule of three)."""
_TINY = 1e-9


class Variety(NamedTuple):
    """Expected types among some documents.

    Attributes:
        value: Their number.
        influence: Jackknife influence of each document on its logarithm, shape (documents inside,).
        least: Standard error of its logarithm where no document moves it, as where all types are common to all of them: that of types
            that none of the documents showed and one in as many might.
    """

    value: float
    influence: Floats
    least: float


def variety(holders: Holders, inside: Mask, drawn: int, beside: Mask | None = None) -> Variety | None:
    """Return the expected number of types in `drawn` of the documents inside; None where there is none.

    Args:
        holders: Which documents hold which types.
        inside: Documents that are measured, shape (documents,); more than `drawn`.
        drawn: Documents drawn without replacement.
        beside: Other documents: only types count that are in none of `drawn` of these.

    Source:
        Colwell et al. 2012, sample-based rarefaction.
    """
    size = int(inside.sum())
    if size <= max(drawn, 1):
        return None
    rows = inside[holders.document]
    kinds, documents = holders.kind[rows], holders.document[rows]
    counts = np.bincount(kinds, minlength=holders.types)
    present = np.arange(size + 1)
    whole, fewer = 1 - absence(present, size, drawn), 1 - absence(np.minimum(present, size - 1), size - 1, drawn)
    new = np.ones(holders.types) if beside is None else unseen(holders, beside, drawn)
    value = float((new * whole[counts]).sum())
    if value <= 0:
        return None
    lost = new[kinds] * (fewer[counts[kinds]] - fewer[counts[kinds] - 1])
    left = float((new * fewer[counts]).sum()) - np.bincount(documents, weights=lost, minlength=len(inside))[inside]
    return Variety(value, np.asarray((size - 1) * (left.mean() - left) / value), UNSEEN * drawn / size / value)


def unseen(holders: Holders, inside: Mask, drawn: int) -> Floats:
    """Return the chance of each type to be in none of `drawn` of the documents inside, shape (types,)."""
    size = int(inside.sum())
    counts = np.bincount(holders.kind[inside[holders.document]], minlength=holders.types)
    return np.asarray(absence(np.arange(size + 1), size, min(drawn, size))[counts])


def error_of(influence: Floats, clusters: npt.NDArray[np.generic], least: float = 0.0) -> float | None:
    """Return the standard error of a number from the influences of its documents; None with fewer than two clusters.

    Args:
        influence: Of each document, shape (documents,).
        clusters: Cluster of each; those of one are taken together.
        least: What it is where no document moves the number.

    Source:
        Jackknife; Liang & Zeger 1986. Where nothing varies: Hanley & Lippman-Hand 1983.
    """
    _, owner = np.unique(clusters, return_inverse=True)
    sums = np.bincount(owner, weights=influence)
    groups = len(sums)
    if groups < 2:
        return None
    error = float(np.sqrt(groups / (groups - 1) * (sums @ sums))) / len(influence)
    return error if error > _TINY else least
