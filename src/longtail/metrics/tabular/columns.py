"""What metrics of a column share: why one has no value, and the sampled numbers of both sides in the units of a comparison."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.metrics.comparison import Comparison
from longtail.records import NotMeasured
from longtail.stats.jackknife import combined, delete_a_group
from longtail.stats.permutation import Labels
from longtail.summaries.reference import Measuring
from longtail.summaries.values import ValueSample
from longtail.views.keys import bin_of

FEWEST_VALUES = 16
"""Numbers on a side below which neither their spread nor their distribution is told."""

Values = npt.NDArray[np.float64]


class Grouped(NamedTuple):
    """Numbers of candidate and baseline together, ascending.

    `unit` is the permutation unit of each and `copies` the documents that hold it, all of shape (n,); `sizes` the units of both
    sides, and `labels` the side of each unit by relabelling, shape (units, B + 1).
    """

    values: Values
    unit: npt.NDArray[np.int64]
    copies: npt.NDArray[np.int64]
    sizes: tuple[int, int]
    labels: Labels


class Read(NamedTuple):
    """A distance in every relabelling, shape (B + 1,), column 0 observed; the jackknife error of that; and what it was read from."""

    statistics: Values
    error: float
    how: str


def absent(comparison: Comparison, metric: str, reason: str, enable: str, of: str = "") -> NotMeasured:
    """Return why a metric of a column has no value."""
    return NotMeasured(reason=reason, enable=enable, metric=metric, view=comparison.view, slice=of)


def column_of(comparison: Comparison) -> str:
    """Return the column that a comparison's view reads, or the view where it reads none."""
    return comparison.view.partition(":")[2] or comparison.view


def without_values(comparison: Comparison, metric: str) -> NotMeasured | None:
    """Return that one side holds nothing in the view, or None."""
    if comparison.refusal is not None:
        return absent(comparison, metric, comparison.refusal.reason, comparison.refusal.enable)
    rows = comparison.folds[0].rows
    for name, units in (("candidate", slice(None, rows.sizes[0])), (_measured_name(comparison), slice(rows.sizes[0], None))):
        if not rows.unit_tokens[units].sum():
            reason = f"no document of the {name} has a value in the column {column_of(comparison)!r}"
            return absent(comparison, metric, reason, f"add the column {column_of(comparison)} to it")
    return None


def grouped(comparison: Comparison, here: ValueSample, there: ValueSample) -> Grouped | None:
    """Return the sampled numbers of both sides at one share of their documents, or None where either side has too few.

    The smaller threshold of both samples is applied to both, so that units of both sides still hold equally many numbers
    where nothing changed.

    Args:
        comparison: The column as numbers; only its pairing is used.
        here: Sample of the candidate.
        there: Sample of what it is measured against, both halves.
    """
    fold, measured = comparison.folds[0], comparison.pairing.roles[0][1]
    theta = min(here.theta, there.theta)
    drawn = here.values(None, theta), there.values(measured.half if isinstance(measured, Measuring) else None, theta)
    sides = [comparison.pairing.side(comparison.view, sample) for sample in (comparison.pairing.candidate, measured)]
    units = [side.units.of_bin[bin_of(each.cells)] for side, each in zip(sides, drawn, strict=True)]
    if min(int((unit >= 0).sum()) for unit in units) < FEWEST_VALUES:
        return None
    unit = np.concatenate([units[0], np.where(units[1] >= 0, units[1] + fold.rows.sizes[0], -1)])
    values, copies = np.concatenate([each.values for each in drawn]), np.concatenate([each.copies for each in drawn])
    order = np.argsort(values, kind="stable")
    order = order[unit[order] >= 0]
    return Grouped(values[order], unit[order], copies[order], (fold.rows.sizes[0], fold.rows.sizes[1]), fold.labels)


def without_each(counts: Values) -> Values:
    """Return the sums over all units but one, for each of them, of counts of shape (…, units)."""
    return np.asarray(counts.sum(axis=-1, keepdims=True) - counts)


def jackknifed(*parts: Values) -> float:
    """Return the error of a statistic of two samples from its values with each unit of either left out."""
    return combined([delete_a_group(part) for part in parts]).error


def _measured_name(comparison: Comparison) -> str:
    return "reference" if isinstance(comparison.pairing.roles[0][1], Measuring) else "baseline"
