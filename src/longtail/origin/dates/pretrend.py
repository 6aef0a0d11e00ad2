"""Shares after a cut-off as an excess over those before it, which serve as negative controls.

What a scorer finds in documents from before the cut-off is its error on this kind of text, not machine-made text. Where that error is
small the later shares are reported as an excess over it; where it may be large nothing is subtracted and the slice is refused.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
import numpy.typing as npt

from longtail.origin.dates.slope import LEVEL, Floats, Status, checked, interval
from longtail.records import Record

MOST_BEFORE = 0.05
"""Upper end of the interval of the mean share before the cut-off: above it the control fails."""


class PeriodOver(Record, frozen=True):
    """What one later period has more than the periods before the cut-off."""

    period: str
    value: float
    low: float
    high: float


class OverPretrend(Record, frozen=True):
    """Shares after a cut-off beside those before it.

    Attributes:
        control: Mean share of the periods before the cut-off; None without any.
        control_low: Lower end of its interval at `level`.
        control_high: Upper end.
        before: Periods before the cut-off.
        periods: The later periods in the order of time; none where the slice is refused.
    """

    status: Status
    reasons: tuple[str, ...] = ()
    control: float | None = None
    control_low: float | None = None
    control_high: float | None = None
    level: float = LEVEL
    before: tuple[str, ...] = ()
    periods: tuple[PeriodOver, ...] = ()


def over_pretrend(
    names: Sequence[str],
    years: npt.ArrayLike,
    shares: npt.ArrayLike,
    replicates: npt.ArrayLike,
    before: npt.ArrayLike,
    after: npt.ArrayLike,
) -> OverPretrend:
    """Return the share of each period after a cut-off less the mean of those before it.

    Args:
        names: Names of the periods.
        years: Time of each, shape (periods,).
        shares: Share in each, shape (periods,); NaN for a period without one, which is left out.
        replicates: The same shares in each joint bootstrap replicate, shape (periods, replicates).
        before: Which periods ended before the cut-off, shape (periods,).
        after: Which began after it; the period that holds the cut-off is in neither.

    Raises:
        UsageError: The shapes do not fit, or there are too few replicates.
    """
    x, y, draws = checked(years, shares, replicates)
    order = np.argsort(np.asarray(years, np.float64), kind="stable")
    used = np.isfinite(y) & np.isfinite(draws).all(axis=1)
    early, late = (np.flatnonzero(np.asarray(each, np.bool_)[order] & used) for each in (before, after))
    titles = [names[place] for place in order]
    if not len(early):
        return OverPretrend(status="refused", reasons=("no period before the cut-off has an estimate: there is no negative control",))
    control, each = float(y[early].mean()), draws[early].mean(axis=0)
    low, high = interval(control, each)
    found = OverPretrend(
        status="refused", control=control, control_low=low, control_high=high, before=tuple(titles[place] for place in early)
    )
    if high > MOST_BEFORE:
        reason = (
            f"the negative control fails: {control:.3f} [{low:.3f}, {high:.3f}] of the documents before the cut-off are taken for "
            f"machine-made, and the upper end may be {MOST_BEFORE} at most; use a reference of this kind of text"
        )
        return msgspec.structs.replace(found, reasons=(reason,))
    if not len(late):
        return msgspec.structs.replace(found, reasons=("no period after the cut-off has an estimate",))
    alone = ("one period before the cut-off: how much the control changes over time is not known",) if len(early) == 1 else ()
    later = tuple(_over(titles[place], float(y[place] - control), draws[place] - each) for place in late)
    return msgspec.structs.replace(found, status="weak" if alone else "ok", reasons=alone, periods=later)


def _over(period: str, value: float, each: Floats) -> PeriodOver:
    low, high = interval(value, each)
    return PeriodOver(period=period, value=value, low=low, high=high)
