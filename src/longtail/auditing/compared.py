"""What the comparison of two audits says."""

from typing import Literal

from longtail.records import SCHEMA_VERSION, Baseline, Estimate, Record, Status

Difference = Literal["higher", "lower", "not_shown", "not_comparable"]
Change = Literal["new", "gone", "kept", "graver", "milder", "unknown"]


class Side(Record, frozen=True):
    """One of the two audits.

    Args:
        name: Of its file.
        longtail_version: That made it.
        created_at: When.
        data: Paths of the data that it judged.
        documents: Documents that it judged.
        sha256: Of those data; None where it is not known.
        phase: That it found.
        summary: Its sentence.
        regime: Of the loop.
    """

    name: str
    longtail_version: str
    created_at: str
    data: str
    documents: int
    sha256: str | None
    phase: str
    summary: str
    regime: str


class Alike(Record, frozen=True):
    """One thing that is to be the same in both: `is_same` is None where that is not known, `needed` for any difference to be marked."""

    name: str
    a: str
    b: str
    is_same: bool | None
    needed: bool


class Row(Record, frozen=True):
    """One measure in both audits.

    Args:
        metric: Of what.
        view: Where it was counted.
        slice: The class that it is about.
        generation: Of a lineage.
        baseline: What it was compared with.
        a: In the first; None where it was not measured there.
        b: In the second.
        difference: Of the second against the first: "higher" or "lower" where the two intervals do not meet, "not_shown" where
            they do, "not_comparable" where the two numbers may not be held against each other.
        because: Why they may not.
    """

    metric: str
    view: str
    slice: str | None
    generation: int | None
    baseline: Baseline | None
    a: Estimate | None
    b: Estimate | None
    difference: Difference
    because: str = ""


class Vanished(Record, frozen=True):
    """A type that the list of one audit or of both names as vanished; `in_b` is None where the list of b does not reach so far."""

    type: str
    reference_documents: int | None
    in_a: bool | None
    in_b: bool | None


class Ruled(Record, frozen=True):
    """What became of one rule in both audits.

    Args:
        code: Of the rule.
        title: Of its finding.
        a: Its state in the first; None where it was not applied.
        b: Its state in the second.
        change: "unknown" where one of them did not measure it: neither found nor mended.
    """

    code: str
    title: str
    a: Status | None
    b: Status | None
    change: Change


class Comparison(Record, frozen=True):
    """Two audits side by side.

    Args:
        longtail_version: The version that made it.
        a: The first.
        b: The second.
        alike: What has to be the same, and what should be.
        hindrances: Why no difference may be marked; empty where it may.
        rows: Measures, those of the first in its order, then those of the second alone.
        compared: Rows whose difference could be marked.
        by_chance: How many of these would be marked at most, on average, if nothing differed.
        vanished_view: Of the lists of what vanished.
        vanished: Types in either list, commonest first; empty where the lists cannot be held against each other.
        vanished_because: Why they cannot.
        vanished_totals: How many vanished in all, in each.
        findings: Rules that found something in either.
    """

    longtail_version: str
    a: Side
    b: Side
    alike: tuple[Alike, ...]
    hindrances: tuple[str, ...]
    rows: tuple[Row, ...]
    compared: int
    by_chance: float
    vanished_view: str
    vanished: tuple[Vanished, ...]
    vanished_because: str
    vanished_totals: tuple[int | None, int | None]
    findings: tuple[Ruled, ...]
    schema_version: str = SCHEMA_VERSION
