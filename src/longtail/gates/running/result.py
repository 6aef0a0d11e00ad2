"""What came of a run of gates: counts stage by stage, files with their checksums, and what became of the tail."""

from typing import Any, Self

from longtail.metrics.filtering import METRIC, FilterLoss
from longtail.metrics.retention import Retention
from longtail.metrics.thinning import Thinning
from longtail.records import SCHEMA_VERSION, Estimate, NotMeasured, Quarantined, Record


class Output(Record, frozen=True):
    """A file that was written.

    Args:
        name: Its name in the folder.
        documents: Documents, or rows, in it.
        bytes: Its size.
        sha256: Of its bytes.
    """

    name: str
    documents: int
    bytes: int
    sha256: str


class StageCount(Record, frozen=True):
    """What one stage did.

    Args:
        name: The stage.
        seen: Documents that it judged.
        kept: Those that it had nothing against.
        review: Those that a person should look at.
        rejected: Those that it rejected.
        reasons: Documents by reason, numbers in it replaced by #, the twenty commonest.
        rare_kept: Share of the tokens of the rarest decile that it let through, of those it saw; None where that was not measured.
        common_kept: The same of the commoner half of the mass.
        facts: What a stage that compares documents counted, by name.
        says: What the stage tells a person.
    """

    name: str
    seen: int
    kept: int
    review: int
    rejected: int
    reasons: dict[str, int]
    rare_kept: Estimate | None = None
    common_kept: Estimate | None = None
    facts: dict[str, int | float] = {}
    says: tuple[str, ...] = ()


class Link(Record, frozen=True):
    """Documents that go from one place to another, for a picture of the flow.

    Args:
        source: "documents", or a stage.
        target: A stage, or "kept", "review", "rejected", "spared".
        documents: How many.
    """

    source: str
    target: str
    documents: int


class Tail(Record, frozen=True):
    """What the gates took of rare and of common words, of the documents that they judged.

    Args:
        ratio: Kept share of the tokens of rare words over that of common words; None where it was not measured.
        reason: Why it was not.
        rare_loss: Share of the tokens of rare words that was taken.
        common_loss: Share of the tokens of common words that was taken.
        removed: Share of the documents that was taken.
    """

    ratio: Estimate | None = None
    reason: str = ""
    rare_loss: float | None = None
    common_loss: float | None = None
    removed: float = 0.0

    @classmethod
    def of(cls, found: FilterLoss) -> Self:
        """Return what was measured, in a form that can be read back."""
        absent = found.ratio.reason if isinstance(found.ratio, NotMeasured) else ""
        return cls(
            ratio=None if isinstance(found.ratio, NotMeasured) else found.ratio,
            reason=absent,
            rare_loss=found.rare_loss,
            common_loss=found.common_loss,
            removed=found.removed,
        )

    def loss(self) -> FilterLoss:
        """Return it as the metric does."""
        ratio = self.ratio or NotMeasured(reason=self.reason or "not asked for", metric=METRIC)
        return FilterLoss(ratio=ratio, rare_loss=self.rare_loss, common_loss=self.common_loss, removed=self.removed)


class Gated(Record, frozen=True):
    """What came of a run of gates.

    Args:
        key: Hash of data, recipe and settings; an equal key is the same run.
        recipe: The gates with their settings.
        inputs: Files that were read.
        text_column: The content column that was named, None where it was recognised.
        documents: Documents judged or spared.
        spared: Those that were not judged, because of their origin.
        kept: Those that may come in, the marked ones included.
        review: Those that a person should look at.
        rejected: Those that were rejected.
        origins: Documents that may come in, by origin.
        holds: Whether documents to be reviewed wait outside `kept`.
        quarantined: Documents without content, or that could not be read.
        quarantine: The first thousand of them.
        notes: What else was noticed.
        stages: What each stage did.
        flow: Documents from place to place.
        outputs: Files that were written; none in a dry run.
        tail: What the gates took of rare and of common words, of the documents that were judged.
        retention: The same by decile of rarity.
        thinning: How far the words moved, and how many are left, beside random filters; None where nothing was kept.
        longtail_version: Version that made it.
        created_at: When.
    """

    key: str
    recipe: dict[str, Any]
    inputs: tuple[str, ...]
    text_column: str | None
    documents: int
    spared: int
    kept: int
    review: int
    rejected: int
    origins: dict[str, int]
    holds: bool
    quarantined: int
    quarantine: tuple[Quarantined, ...]
    notes: tuple[str, ...]
    stages: tuple[StageCount, ...]
    flow: tuple[Link, ...]
    outputs: tuple[Output, ...]
    tail: Tail
    retention: Retention
    thinning: Thinning | None
    longtail_version: str
    created_at: str
    schema_version: str = SCHEMA_VERSION
