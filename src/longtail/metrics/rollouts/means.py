"""Means over rollouts of two windows, as a ratio or a difference with an interval over groups."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.metrics.rollouts.windows import Window
from longtail.readers.rollouts.records import Rollout
from longtail.stats.jackknife import in_order, quantile, ratio_of_sums

Floats = npt.NDArray[np.float64]
Value = Callable[[Rollout], float | None]
_MOST = 1e300


class Means(NamedTuple):
    """A mean of a window beside that of the baseline.

    Attributes:
        base, here: The two means.
        ratio, low, high: Of here over base; the interval holds at `level`.
        level: Of the interval.
        n: Groups of the smaller side.
    """

    base: float
    here: float
    ratio: float
    low: float
    high: float
    level: float
    n: int


class Rise(NamedTuple):
    """A share of a window less that of the baseline.

    Attributes:
        base, here: The two shares.
        low, high: Of here less base; the interval holds at `level`.
        level: Of the interval.
        n: Groups of the smaller side.
    """

    base: float
    here: float
    low: float
    high: float
    level: float
    n: int


def means(base: Window, here: Window, value: Value, level: float = 0.95) -> Means | None:
    """Return the mean of a value over rollouts beside the baseline's; None where a side has fewer than two groups, or the baseline is 0.

    Where one group alone holds the whole of a mean, nothing bounds the ratio but 0. A mean that is 0 in all groups is a ratio of 0.

    Args:
        base, here: The windows.
        value: Of a rollout; rollouts of which it is None are left out.
        level: Of the two-sided interval.
    """
    sides = [_sums(window.rows, value) for window in (base, here)]
    n = min(len(top) for top, _ in sides)
    before, now = (float(top.sum() / bottom.sum()) if len(top) else 0.0 for top, bottom in sides)
    if n < 2 or before <= 0 or now < 0:
        return None
    low, high = _bounds(sides, level) if now else (0.0, 0.0)
    return Means(before, now, now / before, low, high, level, n)


def rise(base: Window, here: Window, value: Value, level: float = 0.95) -> Rise | None:
    """Return how far the mean of a share rose over the baseline's; None where a side has fewer than two groups.

    Args:
        base, here: The windows.
        value: Of a rollout, from 0 to 1; rollouts of which it is None are left out.
        level: Of the two-sided interval.
    """
    sides = [_sums(window.rows, value) for window in (base, here)]
    if min(len(top) for top, _ in sides) < 2:
        return None
    before, now = (float(top.sum() / bottom.sum()) for top, bottom in sides)
    error = in_order([(top.sum() - top) / (bottom.sum() - bottom) for top, bottom in sides])
    half = quantile((1 + level) / 2, error.freedom) * error.error
    return Rise(before, now, now - before - half, now - before + half, level, min(len(top) for top, _ in sides))


def _sums(rows: Sequence[Rollout], value: Value) -> tuple[Floats, Floats]:
    """Return sum and count of a value by group, of groups that have it, in their order."""
    sums: dict[str, list[float]] = {}
    for row in rows:
        found = value(row)
        if found is not None:
            sums.setdefault(row.group, []).append(found)
    return np.array([sum(each) for each in sums.values()]), np.array([float(len(each)) for each in sums.values()])


def _bounds(sides: Sequence[tuple[Floats, Floats]], level: float) -> tuple[float, float]:
    """Return the bounds of the ratio of the second mean to the first, both above 0."""
    (before, fewer), (now, left) = (ratio_of_sums(top, bottom) for top, bottom in sides)
    if not (np.isfinite(fewer).all() and np.isfinite(left).all()):
        return 0.0, _MOST
    error = in_order([fewer, left])
    half = quantile((1 + level) / 2, error.freedom) * error.error
    return math.exp(now - before - half), min(_MOST, math.exp(min(now - before + half, 700.0)))
