"""The merge of two sorted samples, compiled; `stats.drift` is the caller."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit

Values = npt.NDArray[np.float64]


@njit
def passed(values: Values, at: int, value: float) -> int:
    """Return where the next greater one stands in sorted values."""
    while at < values.shape[0] and values[at] == value:
        at += 1
    return at


@njit
def merged_gaps(one: Values, other: Values) -> tuple[float, float]:
    """Return the greatest gap between two distribution functions and the area between them.

    Args:
        one: Finite values, ascending, at least one.
        other: Finite values, ascending, at least one.
    """
    n, m = one.shape[0], other.shape[0]
    i, j, greatest, area, gap = 0, 0, 0.0, 0.0, 0.0
    last = min(one[0], other[0])
    while i < n or j < m:
        value = one[i] if j == m or (i < n and one[i] <= other[j]) else other[j]
        if value > last:
            area += gap * (value - last)
            last = value
        i, j = passed(one, i, value), passed(other, j, value)
        gap = abs(i / n - j / m)
        greatest = max(greatest, gap)
    return greatest, area
