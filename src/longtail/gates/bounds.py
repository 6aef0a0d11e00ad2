"""One-sided bounds of the mean of numbers that lie between two known ends."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

DRAWS = 10_000
"""Draws of weights that a bound is a quantile of."""


class Bounds(NamedTuple):
    """A mean with a bound on each side, each of which holds at the level by itself."""

    mean: float
    low: float
    high: float


def bounds_of(found: Floats, ends: tuple[float, float], level: float, seed: int) -> Bounds:
    """Return the mean of numbers with its lower and its upper bound.

    The numbers are drawn anew with random weights (the bootstrap of Rubin 1981), beside one more that is the worst there can be: so a
    hundred numbers that are all 0 do not show that the mean is. Of numbers that are 0 or 1 these are the bounds of Clopper and Pearson;
    that they hold for all laws between the ends is conjectured (Gaffke 2005; Learned-Miller and Thomas, arXiv:1905.06208).

    Args:
        found: The numbers, shape (n,), one or more.
        ends: The least and the greatest that a number can be.
        level: How often each bound holds.
        seed: Of the weights.
    """
    values, counts = np.unique(found, return_counts=True)
    rng = np.random.default_rng(seed)
    one_more = rng.standard_exponential(DRAWS)
    total, weight = np.zeros(DRAWS), one_more.copy()
    for value, count in zip(values.tolist(), counts.tolist(), strict=True):
        drawn = rng.standard_gamma(count, DRAWS)
        total += value * drawn
        weight += drawn
    mean = float(found.mean())
    low = np.quantile((total + ends[0] * one_more) / weight, 1 - level)
    high = np.quantile((total + ends[1] * one_more) / weight, level)
    return Bounds(mean, min(float(low), mean), max(float(high), mean))
