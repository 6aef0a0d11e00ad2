"""What a diagnosis says: of the past as records tell it, of what outputs show, of what both together mean."""

from typing import Any, Literal

from longtail.records import SCHEMA_VERSION, Explanation, LeadTime, PhaseName, Record, Report

Confidence = Literal["high", "medium", "low"]
"""high: records and outputs of at least three versions agree; medium: one of both is incomplete; low: the outputs of the last one alone."""

Told = Literal["recorded", "marked", "estimated", "not_measured"]
"""Whether a number stands in records, is borne out by marks in texts, comes from a measurement of texts, or does not exist."""

CalledName = Literal["collapse", "sharpening", "drift", "open", "none", "not_measured"]

Shape = Literal["flat", "mild_narrowing", "advanced_collapse", "concentrating", "drift", "not_measured"]


class Version(Record, frozen=True):
    """One version of a model, as far as records tell of it.

    Args:
        name: As the records name it, such as "v3".
        place: From 1, in the order of time.
        is_hole: No record tells of it; those around it say that it was there.
        time: When it was made, ISO 8601; None where no record says.
        sha256: Of its training set.
        rows: Of its training set.
        shares: Share of the rows by `lt_origin`; empty where no record says.
        parents: Names of what it was made from: versions, data sets, base models.
        files: Paths of its training set and outputs that were found, from the folder that was searched.
        told_by: What tells of it, such as "git 3fa9c1d" or "manifest m2.json".
        unknown: What no record tells: some of "training set", "origin", "rows", "time", "parents".
        depths: Share of the rows by `lt_depth`, "unknown" for those without one; empty where no record says.
    """

    name: str
    place: int
    is_hole: bool = False
    time: str | None = None
    sha256: str | None = None
    rows: int | None = None
    shares: dict[str, float] = {}
    parents: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    told_by: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    depths: dict[str, float] = {}


class Contradiction(Record, frozen=True):
    """Records that do not agree.

    Args:
        version: Of which version.
        about: What: "rows", "time", "sha256", "origin", "order".
        said: What each record says, as "source: value".
        taken: The value that is used, and why.
    """

    version: str
    about: str
    said: tuple[str, ...]
    taken: str


class Look(Record, frozen=True):
    """One kind of record that was looked for: its name, how many versions it tells of, and why it tells of none."""

    source: str
    versions: int
    reason: str = ""


class Past(Record, frozen=True):
    """The data lineage as far back as records allow, holes shown as holes; `regime` is read from manifests, see `metrics.regime`."""

    versions: tuple[Version, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    looks: tuple[Look, ...] = ()
    statement: str = "no records of the past were found"
    regime: str = "unknown"
    regime_because: str = ""


class Exposure(Record, frozen=True):
    """How much of the training set of a version a model had a hand in.

    Args:
        version: Its name.
        told: Whether records say so, or marks or an estimate do.
        share: Rows that a model had a hand in, over all rows; None where it does not exist, or where rows of unknown origin leave it open
            between `low` and `high`, and where marks give its lower bound alone.
        low: Lower bound; equal to the share where it is recorded.
        high: Upper bound.
        because: Where the number is from, or why there is none.
    """

    version: str
    told: Told
    share: float | None = None
    low: float | None = None
    high: float | None = None
    because: str = ""


class Entry(Record, frozen=True):
    """When synthetic data entered.

    Args:
        told: Whether it is recorded, marked or estimated.
        version: The first version with synthetic data in its training set; None where there is none, or it is not known.
        after: The last version before it that is known to have none; None where there is none.
        share: Of that version's training set.
        low: Lower bound.
        high: Upper bound.
        exposures: Of every version, in order.
        statement: In a sentence.
    """

    told: Told
    version: str | None = None
    after: str | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None
    exposures: tuple[Exposure, ...] = ()
    statement: str = ""


class Reading(Record, frozen=True):
    """What the outputs of one version show, beside the first.

    Args:
        version: Its name.
        place: From 1.
        path: Of its outputs.
        documents: How many.
        phase: By the rules of the audit; None for the first, which the others are held against.
        labels: What qualifies it, such as "tail-first".
        decided_by: What decided it.
        is_cached: Whether the outputs were kept from an earlier run.
        unread: Why there are no outputs; empty where there are.
    """

    version: str
    place: int
    path: str
    documents: int = 0
    phase: PhaseName | None = None
    labels: tuple[str, ...] = ()
    decided_by: tuple[str, ...] = ()
    is_cached: bool = False
    unread: str = ""


class Called(Record, frozen=True):
    """What the loss of the last version is called, beside the phase of its outputs.

    Args:
        name: collapse: the loss is shown to go on, or to have taken the rare first. sharpening, drift: neither is shown, and the numbers
            speak for these instead. open: for nothing. none: there is no loss beyond the margin.
        because: The evidence.
    """

    name: CalledName
    because: str


class Signature(Record, frozen=True):
    """Whether diversity and accuracy in the tail fall while the mean holds.

    Args:
        status: "present", "absent", or "not_measured".
        confidence: Of this statement.
        because: The numbers it rests on, or what is missing.
    """

    status: Literal["present", "absent", "not_measured"]
    confidence: Confidence
    because: str


class Risk(Record, frozen=True):
    """A version in the order of risk: what speaks for it, in words, from the greatest exposure and the gravest phase on."""

    version: str
    rank: int
    score: float
    because: str


class Diagnosis(Record, frozen=True):
    """What can be said of an inherited pipeline.

    Args:
        past: Its data lineage.
        entry: When synthetic data entered.
        readings: What the outputs of each version show.
        signature: Tail-first or not.
        phase: Of the last version.
        shape: Of the decline over the versions.
        called: What the loss is called, and on what evidence.
        onset: Name of the version that the loss began not later than; None where none is stated.
        onset_statement: With its error rate.
        explanations: What else could lie behind the numbers.
        lead_times: Which signal spoke first.
        risks: Versions by risk, greatest first.
        confidence: Of the whole.
        because: Why the confidence is what it is.
        collect: What to collect next, most useful first; each with a command where one exists.
        audit: The audit of the last version beside the first, or None where nothing could be compared.
        settings: What was asked for.
    """

    longtail_version: str
    created_at: str
    command: str
    seed: int
    past: Past
    entry: Entry
    readings: tuple[Reading, ...]
    signature: Signature
    phase: PhaseName
    shape: Shape
    onset: str | None
    onset_statement: str
    explanations: tuple[Explanation, ...]
    lead_times: tuple[LeadTime, ...]
    risks: tuple[Risk, ...]
    confidence: Confidence
    because: str
    collect: tuple[str, ...]
    audit: Report | None = None
    called: Called = Called(name="not_measured", because="nothing was compared")
    settings: dict[str, Any] = {}
    schema_version: str = SCHEMA_VERSION
