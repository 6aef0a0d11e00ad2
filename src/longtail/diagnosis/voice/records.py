"""What is said of dated texts: a number for each period, a turn with its uncertainty, phrases, two pieces side by side."""

from typing import Any, Literal

from longtail.records import SCHEMA_VERSION, Estimate, NotMeasured, Record, Status

Change = Literal["turn", "drift", "flat", "not_measured"]
"""turn: one date fits better than a steady drift; drift: it fell or rose with no date of its own; flat: neither was found."""

Where = Literal["documents", "openings", "words", "runs"]


class Point(Record, frozen=True):
    """One number of one period with its interval; None where it does not exist."""

    value: float | None
    low: float | None
    high: float | None


class PeriodVoice(Record, frozen=True):
    """One period.

    Args:
        name: Such as "2025-Q2", or "2025-Q2 to 2025-Q4" where periods were merged.
        first: First day that it may hold, ISO 8601.
        documents: Documents with a date in it.
        used: Those of them that are long enough to be measured.
        is_baseline: Whether the others are held against it.
        index: Variety over that of the baseline periods: 1 where it is the same.
        measures: Each measure at equal size, by name.
    """

    name: str
    first: str
    documents: int
    used: int
    is_baseline: bool
    index: Point
    measures: dict[str, Point]


class Turn(Record, frozen=True):
    """One change of the index over the periods.

    Args:
        change: What was found.
        because: In words.
        period: First period after the turn; None where there is none.
        earliest: First period of the set of dates that cannot be ruled out.
        latest: Last period of that set.
        could_be: All of the set.
        shape: "step" where it fell at once, "slope" where it began to fall, "curve" where it falls faster and faster.
        p: Chance of a fall as sharp as this at any date if nothing changed but what neighbouring periods have in common; the search
            over dates is in it.
        p_beyond_drift: The same if a steady drift were all there is, the periods around it exchangeable.
        p_drift: Chance of a slope as steep as this, either way, if nothing changed but what neighbouring periods have in common.
        per_year: Slope of the index in one year, as a share of its level.
        level: Level of the set of dates.
        relabellings: Random orders of the periods.
        method: How it was found.
        dependence: Correlation of neighbouring periods that is allowed for.
    """

    change: Change
    because: str
    period: str | None = None
    earliest: str | None = None
    latest: str | None = None
    could_be: tuple[str, ...] = ()
    shape: Literal["step", "slope", "curve"] | None = None
    p: float | None = None
    p_beyond_drift: float | None = None
    p_drift: float | None = None
    per_year: float | None = None
    level: float = 0.95
    relabellings: int = 0
    method: str = ""
    dependence: float | None = None


class Phrase(Record, frozen=True):
    """A phrase that many documents of one side hold and few of the other.

    Args:
        text: As one document writes it; hidden on demand.
        before: Documents of before that hold it, per 1,000.
        after: The same of after.
        documents_before: Their number.
        documents_after: Their number.
        p_adjusted: Benjamini-Yekutieli over all phrases that were looked at.
        example: Some words around it.
        first: Day of the first document that holds it.
        last: Day of the last.
    """

    text: str
    before: float
    after: float
    documents_before: int
    documents_after: int
    p_adjusted: float
    example: str
    first: str
    last: str


class Opening(Record, frozen=True):
    """The commonest opening after the turn (or in the last periods), and how many documents share it before and after."""

    text: str
    before: Point
    after: Point
    documents_before: int
    documents_after: int
    is_spread: bool


class Phrases(Record, frozen=True):
    """Phrases before and after; `looked_at` is how many were tested."""

    before: str
    after: str
    documents_before: int
    documents_after: int
    looked_at: int
    alpha: float
    vanished: tuple[Phrase, ...]
    spread: tuple[Phrase, ...]
    opening: Opening | None


class Piece(Record, frozen=True):
    """A typical document of one side, cut; `likeness` is its mean overlap with the others of its side."""

    side: Literal["before", "after"]
    day: str
    text: str
    likeness: float
    documents: int


class Part(Record, frozen=True):
    """One value of a column: what its own documents kept, or the reason why that is not measured. It says nothing of the cause."""

    column: str
    value: str
    documents_before: int
    documents_after: int
    kept: Estimate | None
    reason: str = ""


class Judged(Record, frozen=True):
    """What the rule of voice flattening says."""

    code: str
    status: Status
    because: str
    remedy: str = ""
    enable: str = ""


class Watch(Record, frozen=True):
    """Dated texts over the periods of the calendar.

    Args:
        path: The data as they were named.
        documents: Documents read.
        undated: Those without a date, which are left out.
        short: Dated ones with fewer words than `words`, which are left out.
        words: Words taken from each document.
        drawn: Documents that each number of a period stands for.
        unit: Length of a period before merging.
        periods: In the order of time.
        turn: The change.
        estimates: After over baseline: `voice_variety`, which decides, and each measure.
        phrases: What vanished and what spread; None where there are no two sides.
        pieces: One document of before and one of after.
        parts: The same within the values of columns.
        judged: LT701.
        controlled: What the comparison holds equal.
        not_controlled: What it does not.
        notes: What else has to be said.
        not_measured: Measures without a number, and why.
    """

    longtail_version: str
    created_at: str
    command: str
    seed: int
    path: str
    sha256: str | None
    date_column: str
    documents: int
    quarantined: int
    undated: int
    short: int
    words: int
    drawn: int
    unit: str
    periods: tuple[PeriodVoice, ...]
    turn: Turn
    estimates: tuple[Estimate, ...]
    phrases: Phrases | None
    pieces: tuple[Piece, ...]
    parts: tuple[Part, ...]
    judged: Judged
    controlled: tuple[str, ...]
    not_controlled: tuple[str, ...]
    notes: tuple[str, ...]
    not_measured: tuple[NotMeasured, ...] = ()
    settings: dict[str, Any] = {}
    schema_version: str = SCHEMA_VERSION

    @property
    def variety(self) -> Estimate | None:
        """Return the number that decides, or None where there is none."""
        return next((each for each in self.estimates if each.metric == "voice_variety"), None)
