"""Expectations: what is said about the series of runs, held against an interval and never against a bare number.

A quantity is one number for each replicate. An expectation compares its mean, its median or the share of replicates that
meet a bound, with the one-sided bounds of level 1 − `ALPHA`: Student's for a mean, order statistics for a median
(distribution-free), Clopper and Pearson's (1934) for a share. Where few replicates are all that can be paid for, it may be asked of
a count of them instead, such as "4 of 5": the count decides, and the bounds of the share are printed beside it.
"""

import math
import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

import msgspec
import numpy
from scipy import stats

from longtail.errors import ConfigError
from longtail.lab.learner import Floats
from longtail.records import Record

ALPHA = 0.01
Verdict: TypeAlias = Literal["holds", "fails", "undecided"]
Values: TypeAlias = Mapping[str, Mapping[str, Sequence[Floats]]]
"""For each run and series one array over replicates for each generation."""


class Quantity(Record, frozen=True):
    """One number for each replicate of a run.

    Args:
        run: Name of the run.
        series: What is measured.
        generation: When; the last one if None.
        over: The number is a ratio to that of this generation of the same replicate.
        reaches: The number is the first generation at which the series has moved to this multiple of its value in
            generation 1 or beyond; one more than there are generations where it never has.
        rise: The number is the greatest step up from one generation to the next.
        take: "complement" takes 1 − value, "exp" takes e to the value, before all else.
    """

    run: str
    series: str
    generation: int | None = None
    over: int | None = None
    reaches: float | None = None
    rise: bool = False
    take: Literal["value", "complement", "exp"] = "value"


class Expect(Record, frozen=True):
    """What is expected of a quantity, or of its difference from or ratio to another one, replicate by replicate.

    Args:
        says: The expectation in words.
        of: The quantity.
        minus: Another one that is taken off it.
        by: Another one that it is divided by.
        statistic: What is compared with the bounds.
        in_at_least: The bounds are asked of each replicate; this share of them has to meet them.
        on_at_least: The bounds are asked of each replicate; so many of so many have to meet them, such as "4 of 5". One in which the
            number does not exist does not meet them. Of more replicates the same share is asked, rounded up; of fewer it is
            undecided until those left out could no longer turn it.
        at_most, at_least, below, above: Bounds; the last two are strict.
    """

    says: str
    of: Quantity
    minus: Quantity | None = None
    by: Quantity | None = None
    statistic: Literal["mean", "median"] = "mean"
    in_at_least: float | None = None
    on_at_least: str | None = None
    at_most: float | None = None
    at_least: float | None = None
    below: float | None = None
    above: float | None = None

    def __post_init__(self) -> None:
        """Refuse an expectation that cannot be met or missed."""
        if all(bound is None for bound in (self.at_most, self.at_least, self.below, self.above)):
            raise ConfigError(f"expectation {self.says!r} has no bound; give at_most, at_least, below or above")
        if self.minus is not None and self.by is not None:
            raise ConfigError(f"expectation {self.says!r} has both minus and by; give one of them")
        if self.in_at_least is not None and not 0 < self.in_at_least < 1:
            raise ConfigError(f"expectation {self.says!r}: in_at_least is {self.in_at_least}; take a share between 0 and 1, both excluded")
        if self.on_at_least is not None and self.in_at_least is not None:
            raise ConfigError(f"expectation {self.says!r} has both in_at_least and on_at_least; give one of them")
        _ = self.count

    @property
    def count(self) -> tuple[int, int] | None:
        """Return how many replicates of how many have to meet the bounds, None where no count is asked for.

        Raises:
            ConfigError: `on_at_least` is no such count.
        """
        if self.on_at_least is None:
            return None
        found = re.fullmatch(r"(\d+) of (\d+)", self.on_at_least)
        needed, whole = map(int, found.groups()) if found else (0, 0)
        if not 1 <= needed <= whole:
            raise ConfigError(f'expectation {self.says!r}: on_at_least is {self.on_at_least!r}; write a count such as "4 of 5"')
        return needed, whole

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Return the quantities that are compared."""
        return tuple(each for each in (self.of, self.minus, self.by) if each is not None)


class Measured(Record, frozen=True):
    """What became of an expectation.

    `low` and `high` are one-sided bounds of level 1 − `ALPHA`, None where too few replicates give one; `left_out` counts
    replicates in which the number does not exist, `met` those that meet the bounds, where it is asked of a count of them.
    """

    says: str
    value: float | None
    low: float | None
    high: float | None
    asked: str
    verdict: Verdict
    replicates: int
    left_out: int = 0
    met: int | msgspec.UnsetType = msgspec.UNSET


class Interval(NamedTuple):
    """An estimate with its one-sided bounds, infinite where there are too few numbers."""

    value: float
    low: float
    high: float


def measured(expect: Expect, values: Values) -> Measured:
    """Return the number that an expectation is about, its interval and the verdict."""
    found = _compared(expect, values)
    known = found[numpy.isfinite(found)]
    asked = _asked(expect)
    if expect.count is not None:
        return _counted(expect, found, expect.count)
    if not known.size:
        return Measured(
            says=expect.says, value=None, low=None, high=None, asked=asked, verdict="undecided", replicates=0, left_out=found.size
        )
    if expect.in_at_least is not None:
        interval = share_of(numpy.logical_and.reduce([_meets(known, *bound) for bound in _bounds(expect)]))
        verdict = judged(interval, [("at_least", expect.in_at_least)])
    else:
        interval = mean_of(known) if expect.statistic == "mean" else median_of(known)
        verdict = judged(interval, _bounds(expect))
    ends = (end if math.isfinite(end) else None for end in interval)
    value, low, high = ends
    left_out = int(found.size - known.size)
    return Measured(
        says=expect.says, value=value, low=low, high=high, asked=asked, verdict=verdict, replicates=known.size, left_out=left_out
    )


def numbers(quantity: Quantity, values: Values) -> Floats:
    """Return a quantity: (replicates,), NaN where it does not exist."""
    table = _taken(numpy.stack([*values[quantity.run][quantity.series]]), quantity.take)
    if quantity.rise:
        return numpy.asarray(numpy.diff(table, axis=0).max(axis=0))
    if quantity.reaches is not None:
        return _reached(table, quantity.reaches)
    found = table[-1 if quantity.generation is None else quantity.generation - 1]
    return found if quantity.over is None else _divided(found, table[quantity.over - 1])


def mean_of(found: Floats) -> Interval:
    """Return the mean with Student's bounds; of one number no bound is known."""
    value = float(found.mean())
    if found.size < 2:
        return Interval(value, -math.inf, math.inf)
    reach = float(stats.t.ppf(1 - ALPHA, found.size - 1)) * float(found.std(ddof=1)) / math.sqrt(found.size)
    return Interval(value, value - reach, value + reach)


def median_of(found: Floats) -> Interval:
    """Return the median with bounds that are order statistics, exact for every law without ties and safe with them."""
    ordered = numpy.sort(found)
    rank = int(stats.binom.ppf(ALPHA, found.size, 0.5))
    low, high = (float(ordered[rank - 1]), float(ordered[-rank])) if rank >= 1 else (-math.inf, math.inf)
    return Interval(float(numpy.median(found)), low, high)


def share_of(met: numpy.ndarray) -> Interval:
    """Return a share with Clopper and Pearson's bounds."""
    count, total = int(met.sum()), met.size
    low = float(stats.beta.ppf(ALPHA, count, total - count + 1)) if count else 0.0
    high = float(stats.beta.ppf(1 - ALPHA, count + 1, total - count)) if count < total else 1.0
    return Interval(count / total, low, high)


def judged(interval: Interval, bounds: Sequence[tuple[str, float]]) -> Verdict:
    """Tell whether an interval lies within all bounds, beyond one of them, or across one."""
    low, high = numpy.array([interval.low]), numpy.array([interval.high])
    if all(_meets(low, *bound)[0] and _meets(high, *bound)[0] for bound in bounds):
        return "holds"
    if any(not _meets(low, *bound)[0] and not _meets(high, *bound)[0] for bound in bounds):
        return "fails"
    return "undecided"


def _compared(expect: Expect, values: Values) -> Floats:
    found = numbers(expect.of, values)
    if expect.minus is not None:
        return found - numbers(expect.minus, values)
    return found if expect.by is None else _divided(found, numbers(expect.by, values))


def _counted(expect: Expect, found: Floats, asked: tuple[int, int]) -> Measured:
    """Return what became of an expectation that is asked of a count of replicates."""
    needed, whole = asked
    met = numpy.isfinite(found) & numpy.logical_and.reduce([_meets(found, *bound) for bound in _bounds(expect)])
    count, total = int(met.sum()), max(found.size, whole)
    enough = -(-needed * total // whole)
    verdict: Verdict = "holds" if count >= enough else "fails" if count + total - found.size < enough else "undecided"
    value, low, high = share_of(met)
    left_out = int((~numpy.isfinite(found)).sum())
    return Measured(
        says=expect.says,
        value=value,
        low=low,
        high=high,
        asked=_asked(expect),
        verdict=verdict,
        replicates=found.size - left_out,
        left_out=left_out,
        met=count,
    )


def _divided(found: Floats, by: Floats) -> Floats:
    return numpy.asarray(numpy.where(by == 0, numpy.nan, found / numpy.where(by == 0, 1.0, by)))


def _taken(table: Floats, take: str) -> Floats:
    if take == "complement":
        return numpy.asarray(1 - table)
    return numpy.asarray(numpy.exp(table)) if take == "exp" else table


def _reached(table: Floats, share: float) -> Floats:
    first = table[0]
    moved = table <= share * first if share < 1 else table >= share * first
    at = numpy.where(moved.any(axis=0), moved.argmax(axis=0) + 1, len(table) + 1).astype(numpy.float64)
    return numpy.asarray(numpy.where(numpy.isnan(first) | (first == 0), numpy.nan, at))


def _bounds(expect: Expect) -> list[tuple[str, float]]:
    return [(name, bound) for name in ("at_least", "above", "at_most", "below") if (bound := getattr(expect, name)) is not None]


def _meets(found: Floats, name: str, bound: float) -> numpy.ndarray:
    match name:
        case "at_most":
            return found <= bound
        case "at_least":
            return found >= bound
        case "below":
            return found < bound
        case _:
            return found > bound


def _asked(expect: Expect) -> str:
    """Return the bounds in words."""
    told = " and ".join(f"{name.replace('_', ' ')} {bound:g}" for name, bound in _bounds(expect))
    if expect.in_at_least is not None:
        return f"{told} in {expect.in_at_least:.0%} of replicates or more"
    if expect.on_at_least is not None:
        return f"{told} on at least {expect.on_at_least} seeds"
    return f"{expect.statistic} {told}"
