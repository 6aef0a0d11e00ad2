"""Means over rollouts of two windows, as a ratio or a difference with an interval over groups."""

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.metrics.rollouts.windows import Window
from longtail.readers.rollouts.records import Rollout
from longtail.stats.jackknife import Spread, combined, delete_a_group, quantile

Floats = npt.NDArray[np.float64]
Value = Callable[[Rollout], float | None]


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
    """Return the mean of a value over rollouts beside the baseline's; None where a side has fewer than two groups or a mean of 0.

    Args:
        base, here: The windows.
        value: Of a rollout; rollouts of which it is None are left out.
        level: Of the two-sided interval.
    """
    sides = [_sums(window.rows, value) for window in (base, here)]
    if min(len(top) for top, _ in sides) < 2 or min(float(top.sum()) for top, _ in sides) <= 0:
        return None
    found = [float(top.sum() / bottom.sum()) for top, bottom in sides]
    error = combined([_spread(top, bottom) for top, bottom in sides])
    half = quantile((1 + level) / 2, error.freedom) * error.error
    ratio = math.log(found[1] / found[0])
    low, high = math.exp(ratio - half), math.exp(min(ratio + half, 700.0))
    return Means(found[0], found[1], found[1] / found[0], low, high, level, min(len(top) for top, _ in sides))


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
    error = combined([delete_a_group((top.sum() - top) / (bottom.sum() - bottom)) for top, bottom in sides])
    half = quantile((1 + level) / 2, error.freedom) * error.error
    return Rise(before, now, now - before - half, now - before + half, level, min(len(top) for top, _ in sides))


def _sums(rows: Sequence[Rollout], value: Value) -> tuple[Floats, Floats]:
    """Return sum and count of a value by group, of groups that have it."""
    sums: dict[str, list[float]] = {}
    for row in rows:
        found = value(row)
        if found is not None:
            sums.setdefault(row.group, []).append(found)
    return np.array([sum(each) for each in sums.values()]), np.array([float(len(each)) for each in sums.values()])


def _spread(top: Floats, bottom: Floats) -> Spread:
    with np.errstate(divide="ignore", invalid="ignore"):
        replicates = np.log((top.sum() - top) / (bottom.sum() - bottom))
    return delete_a_group(replicates[np.isfinite(replicates)])
