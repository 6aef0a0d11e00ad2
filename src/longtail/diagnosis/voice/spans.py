"""Periods of the calendar with enough documents in each: short ones are merged with those that follow."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.origin.dates.dating import UNDATED, UNITS, Days, Unit, days_of, named, period_of, periods_of

I64 = npt.NDArray[np.int64]

LEAST = 20
"""Documents of a period."""
ENOUGH = 60
"""Documents of the baseline, where its periods are not named."""
TO_DATE = 8
"""Periods that a turn needs to be dated."""


@dataclass(frozen=True)
class Spans:
    """Periods in the order of time, some of them merged.

    Attributes:
        unit: Length of a period before merging.
        firsts: Number of the first period of the calendar in each, shape (spans,).
        lasts: Number of the last with documents, shape (spans,).
        owner: Span of each document, -1 for those without a date, shape (documents,).
    """

    unit: Unit
    firsts: tuple[int, ...]
    lasts: tuple[int, ...]
    owner: I64

    def __len__(self) -> int:
        """Return the number of spans."""
        return len(self.firsts)

    @property
    def names(self) -> tuple[str, ...]:
        """Return how the spans are written."""
        pairs = zip(self.firsts, self.lasts, strict=True)
        return tuple(named(a, self.unit) if a == b else f"{named(a, self.unit)} to {named(b, self.unit)}" for a, b in pairs)

    @property
    def years(self) -> npt.NDArray[np.float64]:
        """Return the middle of each in years, shape (spans,)."""
        return np.asarray((np.array(self.firsts) + np.array(self.lasts) + 1) / 2 / UNITS[self.unit], np.float64)

    def first_day(self, at: int) -> str:
        """Return the first day that a span may hold."""
        year, part = divmod(self.firsts[at], UNITS[self.unit])
        return date(max(year, 1), 1 + part * (12 // UNITS[self.unit]), 1).isoformat()

    @property
    def merged(self) -> int:
        """Return how many spans are of more than one period."""
        return sum(a != b for a, b in zip(self.firsts, self.lasts, strict=True))


def spans_of(days: Days, unit: Unit | None, least: int = LEAST) -> Spans:
    """Return the periods to work with, none of them with fewer documents than `least`.

    Where no unit is named it is the quarter; the month where quarters are too few to date a turn, the year where most quarters would
    have to be merged over a year and more.

    Args:
        days: Days of the documents, shape (documents,).
        unit: Length of a period.
        least: Documents of each.
    """
    if unit is not None:
        return _spans(days, unit, least)
    quarters, months, years = (_spans(days, each, least) for each in ("quarter", "month", "year"))
    if len(quarters) and np.median(np.array(quarters.lasts) - np.array(quarters.firsts)) >= UNITS["quarter"]:
        return years
    return months if len(quarters) < TO_DATE <= len(months) else quarters


def _spans(days: Days, unit: Unit, least: int) -> Spans:
    numbers = periods_of(days, unit)
    found, counts = np.unique(numbers[numbers != UNDATED], return_counts=True)
    groups: list[list[int]] = []
    held = least
    for period, count in zip(found.tolist(), counts.tolist(), strict=True):
        if held >= least:
            groups.append([])
            held = 0
        groups[-1].append(period)
        held += count
    if held < least and len(groups) > 1:
        rest = groups.pop()
        groups[-1] += rest
    owner = np.full(len(days), -1, np.int64)
    for at, group in enumerate(groups):
        owner[np.isin(numbers, group)] = at
    return Spans(unit, tuple(group[0] for group in groups), tuple(group[-1] for group in groups), owner)


def baseline_of(spans: Spans, counts: I64, named_by: str | None) -> npt.NDArray[np.bool_]:
    """Return which spans the others are held against, shape (spans,).

    Args:
        spans: The periods.
        counts: Documents used of each.
        named_by: A year, which stands for the periods within it; a quarter or a month likewise; a day, which stands for all periods
            that end before it. None for the earliest ones that together hold enough documents, a quarter of all at most but two
            at least.

    Raises:
        ConfigError: It is no date, or no period is there.
    """
    if named_by is None:
        held = np.cumsum(counts)
        size = max(2, min(int(np.searchsorted(held, ENOUGH)) + 1, len(spans) // 4))
        return np.arange(len(spans)) < size
    chosen = _chosen(spans, named_by.strip())
    if not chosen.any():
        raise ConfigError(
            f"--baseline {named_by!r}: no period with enough documents is there; they are {spans.names[0]} to {spans.names[-1]}"
        )
    if chosen.all():
        raise ConfigError(f"--baseline {named_by!r} holds all periods; nothing is left to hold against it: name an earlier one")
    return chosen


def _chosen(spans: Spans, text: str) -> npt.NDArray[np.bool_]:
    firsts, lasts = np.array(spans.firsts), np.array(spans.lasts)
    for unit in UNITS:
        period = _period(text, unit)
        if period is not None:
            per = UNITS[spans.unit] / UNITS[unit]
            return np.asarray((firsts >= np.floor(period * per)) & (lasts < np.ceil((period + 1) * per)))
    day = days_of([text])
    if np.isnat(day[0]) or len(text) < 10:
        raise ConfigError(f"--baseline {text!r} is no year, quarter, month or day; write it as 2022, 2022-Q3, 2022-07 or 2022-07-31")
    return np.asarray(lasts < period_of(day[0].item(), spans.unit))


def _period(text: str, unit: Unit) -> int | None:
    """Return the number of the period that a text names as such a unit is written, or None."""
    year, sign, part = text.partition("-")
    if not (year.isdecimal() and len(year) == 4):
        return None
    if unit == "year":
        return None if sign else int(year)
    digits = part.removeprefix("Q") if unit == "quarter" else part
    is_quarter, fits = part.startswith("Q"), digits.isdecimal() and len(digits) <= 2
    if not fits or is_quarter != (unit == "quarter") or not 1 <= int(digits) <= UNITS[unit]:
        return None
    return int(year) * UNITS[unit] + int(digits) - 1
