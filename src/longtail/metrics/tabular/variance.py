"""The spread of a column of numbers: its variance relative to the baseline, from the sampled values."""

import numpy as np
import numpy.typing as npt

from longtail.metrics.comparison import Comparison
from longtail.metrics.endpoint import Endpoint, undecidable
from longtail.metrics.tabular.columns import FEWEST_VALUES, Grouped, absent, column_of, grouped, without_values
from longtail.records import NotMeasured
from longtail.stats.jackknife import combined, delete_a_group
from longtail.stats.permutation import Labels
from longtail.summaries.values import ValueSample

METRIC = "total_variance"
_METHOD = "log ratio of variances of {} sampled numbers; delete-a-group jackknife"
_AT_ONCE = 8192

Values = npt.NDArray[np.float64]


def variance_endpoint(comparison: Comparison, here: ValueSample, there: ValueSample) -> Endpoint | NotMeasured:
    """Return the log ratio of the variance of a column with its relabellings.

    Args:
        comparison: A view `number:COLUMN`.
        here: Sample of the candidate's numbers.
        there: Sample of the numbers of what it is measured against, both halves.
    """
    missing = without_values(comparison, METRIC)
    if missing is not None:
        return missing
    found = grouped(comparison, here, there)
    if found is None:
        return absent(comparison, METRIC, f"fewer than {FEWEST_VALUES} finite numbers on a side", "more documents with a value")
    moments, scale = _moments(found)
    whole = [moments[:, side].sum(axis=1) for side in _sides(found)]
    if min(_variance(side) for side in whole) <= 0:
        reason = f"the column {column_of(comparison)!r} is constant on a side, so a ratio of variances does not exist"
        return absent(comparison, METRIC, reason, "count the column as category:COLUMN")
    made = Endpoint(
        metric=METRIC,
        view=comparison.view,
        baseline=comparison.name,
        statistics=_by_relabelling(moments, found.labels),
        error=_error(moments, found),
        method=_METHOD.format(len(found.values)),
        n=comparison.documents,
        baseline_value=_told(float(_variance(whole[1])), scale),
    )
    return undecidable(made) or made


def _moments(found: Grouped) -> tuple[Values, float]:
    """Return count, sum and sum of squares of the numbers by unit, shape (3, units), and the scale that they were divided by.

    Numbers are taken from their middle, and in units of their greatest distance from it, so that no square overflows.
    """
    middle = found.values[len(found.values) // 2]
    scale = float(max(found.values[-1] / 2 - middle / 2, middle / 2 - found.values[0] / 2, 0.0)) or 1.0
    centred = (found.values / 2 - middle / 2) / scale
    units = sum(found.sizes)
    weights = found.copies.astype(np.float64)
    return np.stack([np.bincount(found.unit, weights * centred**power, minlength=units) for power in range(3)]), scale


def _variance(moments: Values) -> Values:
    """Return the variance of summed moments of shape (3, …)."""
    count = np.maximum(moments[0], 1.0)
    return np.asarray((moments[2] - moments[1] ** 2 / count) / np.maximum(count - 1, 1.0))


def _by_relabelling(moments: Values, labels: Labels) -> Values:
    """Return the log ratio of variances by relabelling, shape (B + 1,)."""
    found = []
    for first in range(0, labels.shape[1], _AT_ONCE):
        there = (labels[:, first : first + _AT_ONCE] != 0).astype(np.float64)
        sides = [_variance(moments @ side) for side in (1 - there, there)]
        found.append(np.log(np.maximum(sides[0], np.finfo(float).tiny)) - np.log(np.maximum(sides[1], np.finfo(float).tiny)))
    return np.concatenate(found)


def _error(moments: Values, found: Grouped) -> float:
    """Return the jackknife error of the log ratio, units of both sides left out in turn."""
    parts = []
    for side in _sides(found):
        inside = moments[:, side]
        with np.errstate(divide="ignore", invalid="ignore"):
            parts.append(delete_a_group(np.log(_variance(inside.sum(axis=1, keepdims=True) - inside))))
    return combined(parts).error


def _sides(found: Grouped) -> tuple[slice, slice]:
    return slice(None, found.sizes[0]), slice(found.sizes[0], None)


def _told(variance: float, scale: float) -> float | None:
    """Return a variance in the column's own units, None where that is no finite number."""
    told = variance * 4 * scale * scale
    return told if np.isfinite(told) else None
