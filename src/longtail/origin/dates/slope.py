"""How a share changes over dates: a slope per year, and whether the shares rise or fall in one direction.

All periods are measured against one reference, so their errors are correlated: every number here is made anew in each joint bootstrap
replicate, and periods are never taken for independent.
"""

from collections.abc import Callable
from typing import Literal

import numpy as np
import numpy.typing as npt

from longtail.errors import UsageError
from longtail.records import Record

Floats = npt.NDArray[np.float64]
Status = Literal["ok", "weak", "refused"]

LEVEL = 0.95
LEAST_PERIODS = 4
LEAST_REPLICATES = 100
_BENT = 0.01


class Slope(Record, frozen=True):
    """The weighted linear trend of a share over time.

    Attributes:
        per_year: Change of the share in one year; None where it is refused, as all that follow.
        low: Lower end of its interval at `level`.
        high: Upper end.
        bent: Chance of shares as far from a line as these if a line held: small where the slope sums up what is no line.
        rising: Chance of shares as far from a rising curve as these if the share never fell.
        falling: Chance of shares as far from a falling curve as these if the share never rose.
    """

    periods: int
    status: Status
    reasons: tuple[str, ...] = ()
    per_year: float | None = None
    low: float | None = None
    high: float | None = None
    level: float = LEVEL
    bent: float | None = None
    rising: float | None = None
    falling: float | None = None
    method: str = "least squares weighted by the precision of each period; joint bootstrap replicates"


def slope(years: npt.ArrayLike, shares: npt.ArrayLike, replicates: npt.ArrayLike) -> Slope:
    """Return the slope of a share over time with an interval.

    Args:
        years: Time of each period in years, shape (periods,).
        shares: Share in each period, shape (periods,); NaN for a period without one, which is left out.
        replicates: The same shares in each joint bootstrap replicate, shape (periods, replicates): column b of every period rests on
            the same resampled reference.

    Raises:
        UsageError: The shapes do not fit, or there are too few replicates.

    Source:
        Percentile interval of a linear statistic of the replicates, its error no less than their spread (Efron & Tibshirani 1993).
        The directions: distance from the isotonic fit, against that of replicates moved onto the fit.
    """
    x, y, draws = checked(years, shares, replicates)
    used = np.isfinite(y) & np.isfinite(draws).all(axis=1)
    x, y, draws = x[used], y[used], draws[used]
    if len(x) < LEAST_PERIODS or np.ptp(x) == 0:
        return Slope(periods=len(x), status="refused", reasons=(f"{len(x)} periods with an estimate; a slope needs {LEAST_PERIODS}",))
    weights = precision(draws)
    across = weights * (x - np.average(x, weights=weights))
    functional = across / (across * x).sum()
    value, each = float(functional @ y), functional @ draws
    low, high = interval(value, each)
    moved = draws - y[:, None]
    bent = _chance(y, moved, weights, lambda shares: _line(x, shares, weights))
    rising = _chance(y, moved, weights, lambda shares: isotonic(shares, weights))
    falling = _chance(-y, -moved, weights, lambda shares: isotonic(shares, weights))
    reasons = (f"the shares do not follow a line (p {bent:.3f}); the slope is their mean change",) if bent < _BENT else ()
    return Slope(
        periods=len(x),
        status="weak" if reasons else "ok",
        reasons=reasons,
        per_year=value,
        low=low,
        high=high,
        bent=bent,
        rising=rising,
        falling=falling,
    )


def checked(years: npt.ArrayLike, shares: npt.ArrayLike, replicates: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Return times, shares and replicates as arrays that fit each other, in the order of time.

    Raises:
        UsageError: The shapes do not fit, or there are too few replicates.
    """
    x, y, draws = (np.asarray(each, np.float64) for each in (years, shares, replicates))
    if x.ndim != 1 or y.shape != x.shape or draws.ndim != 2 or len(draws) != len(x):
        raise UsageError(
            f"times {x.shape}, shares {y.shape} and replicates {draws.shape} do not fit; need (periods,), (periods,), (periods, replicates)"
        )
    if draws.shape[1] < LEAST_REPLICATES:
        raise UsageError(f"{draws.shape[1]} bootstrap replicates; an interval needs {LEAST_REPLICATES}")
    order = np.argsort(x, kind="stable")
    return x[order], y[order], draws[order]


def precision(replicates: Floats) -> Floats:
    """Return the weight of each period: one over its variance, which is taken no smaller than a tenth of the median, shape (periods,).

    A share that is 0 in nearly all replicates has no spread, and would otherwise weigh more than all others together.
    """
    variances = replicates.var(axis=1, ddof=1)
    spread = variances[variances > 0]
    if not len(spread):
        return np.ones(len(variances))
    return np.asarray(1 / np.maximum(variances, float(np.median(spread)) / 10))


def interval(value: float, each: Floats, level: float = LEVEL) -> tuple[float, float]:
    """Return the percentile interval of replicates, widened to hold the value."""
    low, high = np.quantile(each, [(1 - level) / 2, (1 + level) / 2])
    return min(float(low), value), max(float(high), value)


def isotonic(shares: Floats, weights: Floats) -> Floats:
    """Return the nearest shares that never fall, by weighted least squares.

    Args:
        shares: Shape (periods,) or (periods, replicates), each replicate for itself.
        weights: Shape (periods,).

    Source:
        The max-min formula of Barlow et al. 1972: the greatest, over starts, of the least, over ends, mean of a run of periods.
    """
    y = shares.reshape(len(shares), -1)
    sums = np.concatenate([np.zeros((1, y.shape[1])), np.cumsum(weights[:, None] * y, axis=0)])
    totals = np.concatenate([[0.0], np.cumsum(weights)])
    fitted = np.full(y.shape, -np.inf)
    for start in range(len(y)):
        means = (sums[start + 1 :] - sums[start]) / (totals[start + 1 :] - totals[start])[:, None]
        least = np.minimum.accumulate(means[::-1], axis=0)[::-1]
        fitted[start:] = np.maximum(fitted[start:], least)
    return fitted.reshape(shares.shape)


def _line(x: Floats, shares: Floats, weights: Floats) -> Floats:
    y = shares.reshape(len(shares), -1)
    design = np.stack([np.ones(len(x)), x - np.average(x, weights=weights)], axis=1)
    fitted = design @ (((weights[:, None] * design).T @ y) / (weights[:, None] * design**2).sum(axis=0)[:, None])
    return np.asarray(fitted.reshape(shares.shape))


def _chance(shares: Floats, moved: Floats, weights: Floats, fit: Callable[[Floats], Floats]) -> float:
    """Return how often replicates of the fitted curve lie as far from their own fit as the shares lie from theirs."""
    curve = fit(shares)
    again = curve[:, None] + moved
    observed = float(weights @ (shares - curve) ** 2)
    further = int((weights @ (again - fit(again)) ** 2 >= observed).sum())
    return float((1 + further) / (1 + moved.shape[1]))
