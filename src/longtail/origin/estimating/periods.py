"""Shares by date: periods of the calendar as slices, documents from before a cut-off as controls, and the slope over the years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.origin.dates.dating import (
    CUTOFF,
    UNITS,
    Calendar,
    Days,
    Kind,
    Unit,
    calendar_of,
    caveat,
    controls,
    days_of,
    fitted,
    periods_of,
    proves_age,
)
from longtail.origin.dates.pretrend import OverPretrend, over_pretrend
from longtail.origin.dates.slope import LEAST_PERIODS, LEAST_REPLICATES, Slope, slope
from longtail.origin.reference import Floats
from longtail.origin.result import Measured
from longtail.records import Record

LEAST = 30
"""Documents that a period holds; smaller ones are not told apart."""


class When(Record, frozen=True):
    """What is known of the dates of documents.

    Attributes:
        column: The column that holds them.
        kind: What they say.
        unit: Length of a period; None to take the longest that leaves enough of them.
        cutoff: Documents of before this day serve as controls.
    """

    column: str
    kind: Kind = "published"
    unit: Unit | None = None
    cutoff: date = CUTOFF


class Dates(Record, frozen=True):
    """How shares change over dates.

    Attributes:
        unit: Length of a period.
        undated: Documents drawn that have no date.
        passed: Those in periods of too few documents.
        slope: The trend of the shares.
        over: Shares after the cut-off beside those before it; None where the dates prove no age.
        caveat: What must be said of controls that rest on a date.
    """

    column: str
    kind: str
    unit: str
    cutoff: str
    undated: int
    passed: int
    slope: Slope
    over: OverPretrend | None
    caveat: str


@dataclass(frozen=True)
class Dated:
    """The dates of documents.

    Attributes:
        when: What is known of them.
        days: Shape (documents,).
        calendar: The periods that hold enough documents.
    """

    when: When
    days: Days
    calendar: Calendar

    @classmethod
    def of(cls, values: Sequence[str | None], when: When) -> "Dated":
        """Return the dates of documents from what stands in a column.

        Raises:
            ConfigError: No value is a date.
        """
        days = days_of(values)
        if np.isnat(days).all():
            seen = next((value for value in values if value is not None), None)
            told = "holds nothing" if seen is None else f"holds no date ({seen[:40]!r})"
            raise ConfigError(f"the column {when.column!r} {told}; name a column of dates, such as 2023-05-17, with --date-column")
        months = calendar_of([days])
        kept = fitted(months, LEAST, None, LEAST_PERIODS) if when.unit is None else months.coarser(when.unit).enough(LEAST)
        return cls(when, days, kept)

    def slices(self) -> list[str | None]:
        """Return the name of the period of each document, None for a document without one."""
        names = dict(zip(self.calendar.periods, self.calendar.names, strict=True))
        return [names.get(period) for period in periods_of(self.days, self.calendar.unit).tolist()]

    def controls(self) -> npt.NDArray[np.bool_]:
        """Return which documents may serve as controls, shape (documents,)."""
        return controls(self.days, self.when.kind, self.when.cutoff)

    def told(self, measured: Sequence[Measured], replicates: Mapping[tuple[str, str], Floats]) -> Dates:
        """Return how the shares of the periods change.

        Args:
            measured: What was measured of each period.
            replicates: Share in each bootstrap replicate by column and period.
        """
        found = {each.value: each for each in measured if each.column == self.when.column}
        calendar = self.calendar
        shares = np.array([_share(found.get(name)) for name in calendar.names], np.float64)
        drawn = [replicates.get((self.when.column, name)) for name in calendar.names]
        size = max((len(each) for each in drawn if each is not None), default=LEAST_REPLICATES)
        each = np.array([np.full(size, np.nan) if part is None else part for part in drawn], np.float64).reshape(-1, size)
        before, after = calendar.before(self.when.cutoff), calendar.after(self.when.cutoff)
        over = over_pretrend(calendar.names, calendar.years, shares, each, before, after) if proves_age(self.when.kind) else None
        return Dates(
            column=self.when.column,
            kind=self.when.kind,
            unit=calendar.unit,
            cutoff=self.when.cutoff.isoformat(),
            undated=int(np.isnat(self.days).sum()),
            passed=int((~np.isnat(self.days)).sum()) - sum(calendar.documents),
            slope=slope(calendar.years, shares, each),
            over=over,
            caveat=caveat(self.when.kind, self.when.cutoff),
        )


def _share(found: Measured | None) -> float:
    share = None if found is None else found.machine.share
    return np.nan if share is None else share


def check_replicates(count: int) -> None:
    """Refuse, before the work, a bootstrap that is too small for a slope.

    Raises:
        ConfigError: It is.
    """
    if count < LEAST_REPLICATES:
        raise ConfigError(f"replicates is {count}; shares over dates need {LEAST_REPLICATES}")


def unit_of(name: str | None) -> Unit | None:
    """Return the length of a period by its name.

    Raises:
        ConfigError: There is no such length.
    """
    for unit in UNITS:
        if unit == name:
            return unit
    if name is None:
        return None
    raise ConfigError(f"period is {name!r}; take {', '.join(UNITS)}")
