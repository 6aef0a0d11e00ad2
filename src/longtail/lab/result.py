"""What a run of the lab returns: each series over the replicates, and the closed form beside it."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import msgspec
import numpy

from longtail.lab.learner import Floats
from longtail.lab.settings import Settings
from longtail.records import Record

QUANTILES = (0.05, 0.5, 0.95)
FALL = 0.1


class Series(Record, frozen=True):
    """One quantity over the generations, summed up over replicates; None where no replicate has a value.

    `se` is the standard error of the mean, sd/√R; `left_out` counts replicates in which the value does not exist.
    """

    mean: tuple[float | None, ...]
    se: tuple[float | None, ...]
    median: tuple[float | None, ...]
    q05: tuple[float | None, ...]
    q95: tuple[float | None, ...]
    left_out: tuple[int, ...]


class Theory(Record, frozen=True):
    """A closed form for the settings of a run, generation by generation; None where it does not apply."""

    value: tuple[float | None, ...]
    kind: Literal["exact", "asymptotic", "bound_upper", "bound_lower"]
    source: str


class Definition(Record, frozen=True):
    """One definition of collapse: whether a run meets it, by which series; None where the run cannot tell."""

    name: str
    holds: bool | None
    series: str | None
    condition: str


class Run(Record, frozen=True):
    """A run of the lab."""

    settings: Settings
    generations: tuple[int, ...]
    series: dict[str, Series]
    theory: dict[str, Theory]
    lead_times: dict[str, int | None]
    seconds: float
    definitions: tuple[Definition, ...] = ()

    @property
    def rate(self) -> float:
        """Return replicate-generations per second of wall time."""
        return self.settings.replicates * len(self.generations) / max(self.seconds, 1e-9)


class Made(Record, frozen=True):
    """A run that a maker made: for each series and generation the value of every replicate, None where it does not exist."""

    settings: dict[str, Any]
    replicates: int
    series: dict[str, tuple[tuple[float | None, ...], ...]]


def told_of(settings: Record, values: Mapping[str, Sequence[Floats]]) -> Made:
    """Return a made run from (replicates,) arrays, one for each generation."""
    series = {
        name: tuple(tuple(float(value) if numpy.isfinite(value) else None for value in column) for column in columns)
        for name, columns in values.items()
    }
    replicates = max((len(columns[0]) for columns in values.values()), default=0)
    return Made(settings=msgspec.to_builtins(settings), replicates=replicates, series=series)


def summed(values: Mapping[str, Sequence[Floats]]) -> dict[str, Series]:
    """Return series from (replicates,) arrays, one for each generation."""
    return {name: _series(columns) for name, columns in values.items()}


def lead_times(series: Mapping[str, Series]) -> dict[str, int | None]:
    """Return for each series the first generation whose median lies a tenth or more from generation 1, None if none does."""
    return {name: _moved(each.median) for name, each in series.items()}


def _moved(values: Sequence[float | None]) -> int | None:
    first = values[0]
    if first is None or first == 0:
        return None
    far = (at for at, value in enumerate(values, 1) if value is None or abs(value - first) >= FALL * abs(first) * (1 - 1e-9))
    return next(far, None)


def _series(columns: Sequence[Floats]) -> Series:
    rows = [_column(numpy.asarray(column, dtype=numpy.float64)) for column in columns]
    mean, se, q05, median, q95, left_out = zip(*rows, strict=True)
    return Series(mean=mean, se=se, median=median, q05=q05, q95=q95, left_out=left_out)


def _column(column: Floats) -> tuple[Any, ...]:
    known = column[numpy.isfinite(column)]
    with numpy.errstate(over="ignore", invalid="ignore"):
        return _told(known, column.size)


def _told(known: Floats, size: int) -> tuple[Any, ...]:
    if not known.size:
        return None, None, None, None, None, size
    spread = known.std(ddof=1) / numpy.sqrt(known.size) if known.size > 1 else numpy.nan
    numbers = (known.mean(), spread, *numpy.quantile(known, QUANTILES))
    return *(float(number) if numpy.isfinite(number) else None for number in numbers), int(size - known.size)
