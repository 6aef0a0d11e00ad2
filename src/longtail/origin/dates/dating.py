"""When documents are from: days, kinds of dates, and periods of the calendar with enough documents in each.

Four kinds of dates are kept apart, because they prove unlike things. A date is never proof that people wrote a text: templates,
spinners and older models existed before any cut-off.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.ledger.reservoir.records import CUTOFF as CUTOFF_DAY
from longtail.readers.moments import moment

Kind = Literal["published", "archived", "authored", "crawled"]
Unit = Literal["year", "quarter", "month"]
Days = npt.NDArray[np.datetime64]
Ints = npt.NDArray[np.int64]

KINDS: dict[Kind, str] = {
    "published": "what the site or catalogue says; it can be dated back",
    "archived": "first kept by an archive or registry; a text is at least as old as that",
    "authored": "what the author says; nobody checked it",
    "crawled": "when it was fetched; it says nothing about the age of the text",
}
"""Kinds of dates, and what each proves."""
UNITS: dict[Unit, int] = {"year": 1, "quarter": 4, "month": 12}
"""Periods of a year, the coarsest unit first."""
CUTOFF = date.fromisoformat(CUTOFF_DAY)
"""Public release of the first widely used chat model: a prior, no label."""
UNDATED = -1
"""The period of a document without a date."""


@dataclass(frozen=True)
class Calendar:
    """Periods of one length, each by its number: years since year 0, quarters or months since then.

    Attributes:
        unit: Length of a period.
        periods: Numbers of the periods, ascending, shape (periods,).
        documents: Documents in each, shape (periods,).
        undated: Documents without a date.
    """

    unit: Unit
    periods: tuple[int, ...]
    documents: tuple[int, ...]
    undated: int = 0

    @property
    def names(self) -> tuple[str, ...]:
        """Return how the periods are written."""
        return tuple(named(period, self.unit) for period in self.periods)

    @property
    def years(self) -> npt.NDArray[np.float64]:
        """Return the middle of each period in years, shape (periods,)."""
        return (np.array(self.periods, np.float64) + 0.5) / UNITS[self.unit]

    def before(self, cutoff: date = CUTOFF) -> npt.NDArray[np.bool_]:
        """Return which periods ended before the cut-off, shape (periods,); the one that holds it is neither before nor after."""
        return np.array(self.periods, np.int64) < period_of(cutoff, self.unit)

    def after(self, cutoff: date = CUTOFF) -> npt.NDArray[np.bool_]:
        """Return which periods began after the cut-off, shape (periods,)."""
        return np.array(self.periods, np.int64) > period_of(cutoff, self.unit)

    def enough(self, documents: int) -> "Calendar":
        """Return the periods that hold at least so many documents."""
        kept = [pair for pair in zip(self.periods, self.documents, strict=True) if pair[1] >= documents]
        return Calendar(self.unit, tuple(period for period, _ in kept), tuple(count for _, count in kept), self.undated)

    def coarser(self, unit: Unit) -> "Calendar":
        """Return the same documents in longer periods.

        Raises:
            ConfigError: The unit is shorter than that of this calendar.
        """
        if UNITS[self.unit] % UNITS[unit]:
            raise ConfigError(f"periods of one {self.unit} cannot be parted into {unit}s; count the documents by {unit}")
        numbers = np.array(self.periods, np.int64) // (UNITS[self.unit] // UNITS[unit])
        found, which = np.unique(numbers, return_inverse=True)
        counts = np.bincount(which, np.array(self.documents, np.float64), len(found)).astype(np.int64)
        return Calendar(unit, tuple(found.tolist()), tuple(counts.tolist()), self.undated)


def days_of(values: Iterable[object]) -> Days:
    """Return the day of each value, shape (documents,); NaT where it says none.

    Read are dates, times, ISO 8601, years, months, dates of mail and feeds, and seconds since 1970 (also as text of five digits or
    more). A whole number from 1000 to 9999 is a year.
    """
    known: dict[object, np.datetime64] = {}
    found = [_day(value, known) for value in values]
    return np.array(found, dtype="datetime64[D]")


def _day(value: object, known: dict[object, np.datetime64]) -> np.datetime64:
    if not isinstance(value, str | int | float | date) or isinstance(value, bool):
        return np.datetime64("NaT", "D")
    if value not in known:
        is_year = isinstance(value, int | float) and 1000 <= value <= 9999 and value == int(value)
        time = moment(f"{int(value):04d}" if is_year and isinstance(value, int | float) else value)
        known[value] = np.datetime64("NaT", "D") if time is None else np.datetime64(time.date(), "D")
    return known[value]


def periods_of(days: Days, unit: Unit) -> Ints:
    """Return the number of the period of each day, shape (documents,); `UNDATED` for NaT."""
    missing = np.isnat(days)
    months = np.where(missing, np.datetime64("1970-01", "M"), days.astype("datetime64[M]")).astype(np.int64) + 1970 * 12
    return np.where(missing, UNDATED, months // (12 // UNITS[unit]))


def period_of(day: date, unit: Unit) -> int:
    """Return the number of the period that a day is in."""
    return (day.year * 12 + day.month - 1) // (12 // UNITS[unit])


def named(period: int, unit: Unit) -> str:
    """Return how a period is written: 2023, 2023-Q2 or 2023-05."""
    year, part = divmod(period, UNITS[unit])
    return {"year": f"{year:04d}", "quarter": f"{year:04d}-Q{part + 1}", "month": f"{year:04d}-{part + 1:02d}"}[unit]


def calendar_of(batches: Iterable[Days], unit: Unit = "month") -> Calendar:
    """Return how many documents each period holds, of days in batches."""
    numbers = [np.unique(periods_of(days, unit), return_counts=True) for days in batches]
    if not numbers:
        return Calendar(unit, (), ())
    found, which = np.unique(np.concatenate([each for each, _ in numbers]), return_inverse=True)
    counts = np.bincount(which, np.concatenate([each for _, each in numbers]).astype(np.float64), len(found)).astype(np.int64)
    dated = found != UNDATED
    return Calendar(unit, tuple(found[dated].tolist()), tuple(counts[dated].tolist()), int(counts[~dated].sum()))


def fitted(months: Calendar, documents: int, cutoff: date | None = CUTOFF, least: int = 3) -> Calendar:
    """Return the periods to work with: of the longest unit that leaves enough of them with enough documents.

    Args:
        months: Documents by month.
        documents: What each period must hold; smaller ones are left out.
        cutoff: Two periods before it and one after it are needed; None where no cut-off matters.
        least: Periods needed in all.

    Returns:
        Years where no unit leaves enough periods.
    """
    for unit in UNITS:
        found = months.coarser(unit).enough(documents)
        sides = cutoff is None or (found.before(cutoff).sum() >= 2 and found.after(cutoff).any())
        if len(found.periods) >= least and sides:
            return found
    return months.coarser("year").enough(documents)


def kind_of(name: str) -> Kind:
    """Return a kind of date by its name.

    Raises:
        ConfigError: There is no such kind.
    """
    for kind in KINDS:
        if kind == name:
            return kind
    raise ConfigError(f"--date-kind {name!r}; the kinds of dates are {', '.join(KINDS)}")


def cutoff_of(text: str | date) -> date:
    """Return a cut-off as a day.

    Raises:
        ConfigError: It is no day.
    """
    time = moment(text)
    if time is None or (isinstance(text, str) and len(text) < 10):
        raise ConfigError(f"cut-off {text!r} is no day; write it as YYYY-MM-DD, such as {CUTOFF}")
    return time.date()


def proves_age(kind: Kind) -> bool:
    """Tell whether a date of this kind says that a text is at least that old."""
    return kind != "crawled"


def controls(days: Days, kind: Kind, cutoff: date = CUTOFF) -> npt.NDArray[np.bool_]:
    """Return which documents may serve as negative controls: dated before the cut-off by a date that proves age, shape (documents,)."""
    if not proves_age(kind):
        return np.zeros(len(days), np.bool_)
    return np.asarray(~np.isnat(days) & (days < np.datetime64(cutoff, "D")))


def caveat(kind: Kind, cutoff: date = CUTOFF) -> str:
    """Return what must be said beside documents that are taken for human because of their date."""
    if not proves_age(kind):
        return f"dates are {kind}: {KINDS[kind]}; no document is taken for older than {cutoff}"
    return (
        f"documents {kind} before {cutoff} serve as controls ({kind}: {KINDS[kind]}); machine-made text existed before that day, "
        "so they are mostly, not certainly, human"
    )
