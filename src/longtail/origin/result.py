"""What an estimate of origin says, and what it rests on."""

from typing import Literal

from longtail.origin.scorers.card import ScorerCard
from longtail.origin.settings import Settings
from longtail.records import SCHEMA_VERSION, Record

Status = Literal["ok", "weak", "refused"]


class Share(Record, frozen=True):
    """The share of documents of one machine origin, or of all of them together; None where it was refused.

    `low` and `high` hold at the level of the settings, reference and target both drawn anew.
    """

    origin: str
    share: float | None
    low: float | None
    high: float | None


class Check(Record, frozen=True):
    """Something that has to hold before a share is believed.

    `passed` is None where it could not be checked. What fails makes an estimate `weak`, or `refused` where `grave`.
    """

    name: str
    passed: bool | None
    grave: bool
    value: float | None
    limit: float | None
    because: str


class Measured(Record, frozen=True):
    """The shares in one slice of a corpus.

    Attributes:
        column: Column that the slice is of; empty for the whole corpus.
        value: Its value there.
        documents: Documents measured.
        clusters: Those that are independent of each other.
        status: `ok`, `weak` (read it with its reasons) or `refused` (no share is told).
        reasons: Why it is not `ok`.
        machine: Share of all machine origins together.
        origins: Share of each of them.
        floor: Least share that could be told from none with these documents; None where it does not exist.
        methods: Share of all machine origins by other quantifiers on the same scores.
        checks: All that was checked.
    """

    column: str
    value: str
    documents: int
    clusters: int
    status: Status
    reasons: tuple[str, ...]
    machine: Share
    origins: tuple[Share, ...]
    floor: float | None
    methods: dict[str, float]
    checks: tuple[Check, ...]


class Grounds(Record, frozen=True):
    """The reference an estimate rests on.

    `documents` counts texts by origin, human first; `sha256` is of the texts with their origins, whatever their order.
    """

    documents: dict[str, int]
    groups: int
    sha256: str


class Rates(Record, frozen=True):
    """How the scorer does at the threshold that parts the reference best, by origin against human text it did not see."""

    origin: str
    threshold: float
    tpr: float
    tpr_low: float
    tpr_high: float
    fpr: float
    fpr_low: float
    fpr_high: float


class Flagged(Record, frozen=True):
    """Human texts of one group that are at or above the threshold of one machine origin, with the exact interval of their share."""

    origin: str
    group: str
    documents: int
    fpr: float
    low: float
    high: float


class Contamination(Record, frozen=True):
    """How much of a corpus is machine-made, as far as its texts can tell.

    Attributes:
        settings: How it was estimated.
        scorer: What gave the texts their scores.
        reference: What it was estimated with.
        rates: How well the scorer parts the reference.
        whole: The corpus as a whole.
        slices: Slices by the columns asked for.
        controls: Texts whose origin is known, measured the same way.
        notes: What else has to be known to read the numbers.
    """

    settings: Settings
    scorer: ScorerCard
    reference: Grounds
    rates: tuple[Rates, ...]
    whole: Measured
    slices: tuple[Measured, ...] = ()
    controls: tuple[Measured, ...] = ()
    notes: tuple[str, ...] = ()
    schema_version: str = SCHEMA_VERSION
