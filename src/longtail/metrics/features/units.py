"""Rows of features in permutation units, and what leaving a unit out does to a number."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from longtail.records import NotMeasured
from longtail.stats.jackknife import Spread, combined, delete_a_group, quantile
from longtail.summaries.units import FEWEST_DOCUMENTS, plan
from longtail.summaries.vectors import Vectors

Values = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]

Side = Callable[[Values], Values]
"""A number of one side by column of units taking part: from shape (units, columns), 1 or 0, to shape (columns,)."""

MORE = "more documents with a vector, on both sides"


@dataclass(frozen=True)
class Placed:
    """Rows of one sample with the unit of each; units are numbered from 0."""

    rows: npt.NDArray[np.float32]
    unit: Index
    count: int

    def of_unit(self) -> Index:
        """Return the rows of each unit, shape (count,)."""
        return np.bincount(self.unit, minlength=self.count)


def placed_pair(candidate: Vectors, measured: Vectors) -> tuple[Placed, Placed] | NotMeasured:
    """Return both samples in units that hold equally many rows in expectation, or why that cannot be."""
    fewest = min(len(candidate), len(measured))
    if fewest < FEWEST_DOCUMENTS:
        which = "candidate" if len(candidate) == fewest else "baseline"
        reason = f"{fewest} documents of the {which} have a vector, fewer than the {FEWEST_DOCUMENTS} that a test needs"
        return NotMeasured(reason=reason, enable=MORE)
    units = plan([float(len(candidate)), float(len(measured))], fewest)
    if units is None:
        return NotMeasured(reason="one side has at least 64 times as many vectors as the other", enable="samples of more like sizes")
    one, other = (placed(sample, each.of_bin, each.count) for sample, each in zip((candidate, measured), units, strict=True))
    return one, other


def placed(sample: Vectors, of_bin: Index, count: int) -> Placed:
    """Return the rows of a sample whose bin is in a unit."""
    unit = of_bin[sample.bins]
    taken = unit >= 0
    return Placed(sample.values[taken], unit[taken], count)


def without_each(side: Side, taking_part: Values) -> Values:
    """Return a side's number with each of its units left out, shape (units taking part,).

    Args:
        side: The number by column.
        taking_part: Which units take part, shape (units,), 1 or 0.
    """
    members = np.flatnonzero(taking_part)
    columns = np.repeat(taking_part[:, None], len(members), axis=1)
    columns[members, np.arange(len(members))] = 0.0
    return side(columns)


def spread_of(*replicates: Values) -> Spread:
    """Return the error of a number of two samples from its values with each unit of one or of the other left out."""
    return combined([delete_a_group(some) for some in replicates])


def interval(value: float, spread: Spread, floor: float = -np.inf, ceiling: float = np.inf) -> tuple[float, float]:
    """Return the 95 % interval of a value, cut to a range that holds it."""
    half = quantile(0.975, spread.freedom) * spread.error
    return min(value, max(floor, value - half)), max(value, min(ceiling, value + half))
