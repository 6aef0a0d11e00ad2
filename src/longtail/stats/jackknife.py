"""Delete-a-group jackknife for smooth statistics of sums over groups."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import stdtrit

Values = npt.NDArray[np.float64]


MOST_ALIKE = 0.9
"""Correlation of neighbours above which more of it changes nothing: so few groups tell no more than that."""


class Spread(NamedTuple):
    """Standard error and degrees of freedom."""

    error: float
    freedom: float


def delete_a_group(replicates: npt.ArrayLike) -> Spread:
    """Return the jackknife error of a statistic from its values with each of G groups left out.

    Args:
        replicates: Leave-one-group-out values, shape (G,), G at least 2. A value that does not exist gives no error (NaN).

    Source:
        Kott 2001: variance = (G-1)/G * sum (value_g - mean)^2, t with G-1 degrees of freedom.
    """
    values = np.asarray(replicates, dtype=float)
    groups = len(values)
    with np.errstate(invalid="ignore"):
        variance = (groups - 1) / groups * float(((values - values.mean()) ** 2).sum())
    return Spread(float(np.sqrt(variance)), groups - 1)


def combined(parts: list[Spread]) -> Spread:
    """Return the error of a sum of independent parts, with Welch-Satterthwaite degrees of freedom."""
    variances = np.array([part.error**2 for part in parts])
    total = float(variances.sum())
    if total == 0:
        return Spread(0.0, float(sum(part.freedom for part in parts)))
    freedom = total**2 / sum(v**2 / part.freedom for v, part in zip(variances, parts, strict=True))
    return Spread(float(np.sqrt(total)), float(freedom))


def in_order(parts: list[Values]) -> Spread:
    """Return the error of a sum of independent parts whose groups stand in the order of time, where neighbours may be alike.

    Neighbours that are alike tell less than their number: the variance is raised by (1 + r) / (1 - r), the degrees of freedom are
    lowered by it, where r is the correlation of neighbours over all parts, at least 0, and one standard error more: of few groups
    it is not known well, and intervals at small levels would pay for it. It is that of an autoregression of order 1.

    Args:
        parts: Leave-one-group-out values of each part, as `delete_a_group` takes them, in order.

    Source:
        Bayley & Hammersley 1946 (effective number of observations); the bias of r after Kendall 1954.
    """
    r = _alike(parts)
    raised = (1 + r) / (1 - r)
    spreads = [delete_a_group(part) for part in parts]
    return combined([Spread(spread.error * math.sqrt(raised), max(1.0, spread.freedom / raised)) for spread in spreads])


def _alike(parts: list[Values]) -> float:
    """Return the correlation of neighbours over all parts, its bias taken off and its error put on, from 0 to `MOST_ALIKE`."""
    apart = [part - part.mean() for part in parts]
    whole, groups = sum(float((each**2).sum()) for each in apart), sum(map(len, parts)) / len(parts)
    if not whole > 0:
        return 0.0
    r = sum(float((each[1:] * each[:-1]).sum()) for each in apart) / whole
    found = min(1.0, max(0.0, r + (1 + 4 * r) / groups))
    return min(MOST_ALIKE, found + math.sqrt((1 - found**2) / sum(map(len, parts))))


def ratio_of_sums(numerator: Values, denominator: Values) -> tuple[float, Values]:
    """Return the log ratio of two sums over groups and its leave-one-group-out values, shape (G,).

    Args:
        numerator: Sums per group, shape (G,).
        denominator: Sums per group, shape (G,), with a positive total.
    """
    top, bottom = numerator.sum(), denominator.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.log(top / bottom)), np.log((top - numerator) / (bottom - denominator))


def quantile(level: float, freedom: float) -> float:
    """Return the quantile of Student's t at `level`."""
    return float(stdtrit(freedom, level))


NORMAL_95 = quantile(0.975, np.inf)
"""Half-width of a two-sided 95 % interval in standard errors."""
