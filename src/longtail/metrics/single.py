"""What metrics of one sample share: its groups of documents and the shape of its estimates."""

from collections.abc import Iterator
from weakref import ReferenceType, ref

import numpy as np
import numpy.typing as npt

from longtail.records import Estimate, NotMeasured
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.rows import Rows, Side, join
from longtail.summaries.runs import Counts
from longtail.summaries.units import MOST_UNITS, even

_last: list[tuple[ReferenceType[Frequencies], tuple[int, ...], Rows]] = []


def in_groups(frequencies: Frequencies) -> Rows:
    """Return the counts of one sample in `MOST_UNITS` groups of documents.

    Those asked for last are kept until others are: several metrics of one view follow one another.
    """
    counted = (int(frequencies.documents.sum()), int(frequencies.tokens.sum()), frequencies.theta)
    if _last and _last[0][0]() is frequencies and _last[0][1] == counted:
        return _last[0][2]
    rows = join([Side(frequencies, None, even(MOST_UNITS))])
    _last[:] = [(ref(frequencies), counted, rows)]
    return rows


def owner_of(rows: Rows) -> npt.NDArray[np.int64]:
    """Return the index of each row's type, shape (rows,)."""
    return np.repeat(np.arange(len(rows.types)), np.diff(rows.starts))


def without_each(rows: Rows, weights: Counts) -> Iterator[npt.NDArray[np.int64]]:
    """Yield, for each group of documents, the sum of `weights` (tokens or documents of rows) of each type in the others, shape (types,)."""
    whole, owner, order = rows.of_sample(0, weights), owner_of(rows), np.argsort(rows.unit, kind="stable")
    for here in np.split(order, np.cumsum(np.bincount(rows.unit, minlength=rows.sizes[0]))[:-1]):
        left = whole.copy()
        left[owner[here]] -= weights[here]
        yield left


def estimate_of(frequencies: Frequencies, metric: str, unit: str, bounds: tuple[float, float, float], method: str) -> Estimate:
    """Return the estimate of one sample from (value, low, high), the bounds widened where rounding put the value outside."""
    value, low, high = bounds
    return Estimate(
        metric=metric,
        view=frequencies.view,
        value=value,
        low=min(low, value),
        high=max(high, value),
        n=int(frequencies.documents.sum()),
        unit=unit,
        resampling_unit="document",
        method=method,
    )


def within(value: float, half: float, floor: float = 0.0, ceiling: float = 1.0) -> tuple[float, float, float]:
    """Return (value, low, high) of a symmetric interval cut to a range."""
    return value, max(floor, value - half), min(ceiling, value + half)


def absent(frequencies: Frequencies, metric: str, reason: str, enable: str = "a larger sample") -> NotMeasured:
    """Return why a metric of one sample has no value."""
    return NotMeasured(reason=reason, enable=enable, metric=metric, view=frequencies.view)
