"""Shares of a store and of its log with intervals, and how they change over the log."""

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

from longtail.metrics.retention import interval
from longtail.records import Estimate, NotMeasured, Outcome
from longtail.stats.jackknife import Spread, delete_a_group, quantile

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]

GROUPS = 64
LEVEL = 0.95
FEWEST_OF_A_HALF = 30
"""Questions in either half of a log below which no change is told."""
_SHARE = "Clopper-Pearson at the effective number of {} (Korn & Graubard 1998); delete-a-group jackknife over {}"
_CHANGE = (
    "second half of the log less the first; Student's t, delete-a-group jackknife over different questions; where nothing varies, the exact"
    " bound of none among a half"
)


def numbered(keys: Sequence[Hashable]) -> I64:
    """Return the number of each key in the order of first sight."""
    known: dict[Hashable, int] = {}
    return np.array([known.setdefault(key, len(known)) for key in keys], np.int64)


def mean_share(metric: str, values: F64, clusters: I64, unit: str, what: str, enable: str) -> Outcome:
    """Return the mean of shares, one of each unit, with an interval that lets the units of a cluster go together.

    Args:
        metric: Its name.
        values: Share of each unit, in [0, 1], shape (units,).
        clusters: Cluster of each, from 0, shape (units,).
        unit: What a unit is: "document" or "query".
        what: What the share is of, in words, for the method.
        enable: What would give units, where there are none.
    """
    if not len(values):
        return NotMeasured(reason=f"no {unit} tells {what}", enable=enable, metric=metric, view=unit)
    value, many = float(values.mean()), int(clusters.max()) + 1
    groups = clusters % GROUPS
    without = _without(values, groups)
    spread = delete_a_group(without) if len(without) > 1 else Spread(0.0, 1.0)
    low, high = interval(value, spread, (many, many), LEVEL)
    clustered = f"{unit}s" if many == len(values) else f"clusters of {unit}s"
    return Estimate(
        metric=metric, view=unit, value=value, low=min(low, value), high=max(high, value), n=len(values), unit="share",
        resampling_unit=unit, method=f"{what}; {_SHARE.format(clustered, clustered)}", level=LEVEL,
    )  # fmt: skip


def change(metric: str, values: F64, clusters: I64, what: str) -> Outcome:
    """Return the mean of the second half of a log less that of the first, with its interval.

    Args:
        metric: Its name.
        values: Of each query, in the order of the log, shape (queries,).
        clusters: Which queries ask the same, shape (queries,).
        what: What the values are, in words.
    """
    half = len(values) // 2
    if half < FEWEST_OF_A_HALF:
        reason = f"{len(values)} questions tell {what}; {2 * FEWEST_OF_A_HALF} are needed to compare two halves"
        return NotMeasured(reason=reason, enable="a longer log", metric=metric, view="query")
    late = np.arange(len(values)) >= len(values) - half
    value = float(values[late].mean() - values[~late].mean())
    groups = clusters % GROUPS
    kept = [groups != group for group in np.unique(groups)]
    apart = [
        float(values[late & each].mean() - values[~late & each].mean()) for each in kept if (late & each).any() and (~late & each).any()
    ]
    spread = delete_a_group(apart) if len(apart) > 1 else Spread(1.0, 1.0)
    reach = quantile((1 + LEVEL) / 2, spread.freedom) * spread.error or 1 - ((1 - LEVEL) / 2) ** (1 / half)
    return Estimate(
        metric=metric, view="query", value=value, low=max(-1.0, value - reach), high=min(1.0, value + reach), n=len(values),
        unit="difference", resampling_unit="query", method=f"{what}: {_CHANGE}", level=LEVEL,
    )  # fmt: skip


def _without(values: F64, groups: I64) -> F64:
    """Return the mean with each group left out, shape (groups,); of the groups that leave any."""
    sums, sizes = np.bincount(groups, values), np.bincount(groups)
    left = (sizes > 0) & (sizes < len(values))
    without: F64 = (values.sum() - sums[left]) / (len(values) - sizes[left])
    return without
