"""How far two counts of the same types lie apart."""

import numpy as np
import numpy.typing as npt

Counts = npt.ArrayLike


def jensen_shannon(one: Counts, other: Counts) -> float:
    """Return the Jensen-Shannon divergence of two counts in bits: 0 for equal shares, 1 for nothing in common.

    Args:
        one: Counts by type, shape (types,), with a positive sum.
        other: Counts of the same types, shape (types,), with a positive sum.

    Source:
        Lin 1991.
    """
    p, q = (np.asarray(counts, np.float64) / np.sum(counts) for counts in (one, other))
    middle = (p + q) / 2
    return min(1.0, max(0.0, (_from(p, middle) + _from(q, middle)) / 2))


def _from(shares: npt.NDArray[np.float64], middle: npt.NDArray[np.float64]) -> float:
    there = shares > 0
    return float((shares[there] * np.log2(shares[there] / middle[there])).sum())
