"""What rules judge: the measurements of one audit, already made."""

from dataclasses import dataclass, field

from longtail.records import Baseline, Estimate, NotMeasured, Outcome

NO_REFERENCE = "no reference: loss, length and leaks can only be seen beside human text"
WITH_REFERENCE = "longtail audit DATA --reference HUMAN.jsonl"
"""The command that adds a reference; DATA stands for the audited data set, so that verdicts do not depend on how it was named."""


@dataclass(frozen=True)
class Sample:
    """What rules need to know of one data set.

    Attributes:
        documents: Documents.
        distinct: Distinct documents; of the smaller half where one half chooses the tail and the other measures it.
        words: Words.
        tagged: Documents whose origin is stated.
        is_half: Whether `distinct` is that of a half.
    """

    documents: int
    distinct: int
    words: int
    tagged: int
    is_half: bool = False

    @property
    def words_per_document(self) -> float:
        """Return the mean number of words of a document, 0 where there is none."""
        return self.words / self.documents if self.documents else 0.0


@dataclass(frozen=True)
class Evidence:
    """The measurements of one audit.

    Attributes:
        candidate: The audited data set.
        measured: What it was compared with, by role, in the order decided; empty for an audit of one data set.
        decided_on: The baseline that decides, or None.
        tail: Decided estimates of tail mass and tail types, with what could not be measured.
        classes: The same of the share of each class.
        duplicates: Share of exact duplicates in the candidate.
        shared: Share of the candidate's documents that stand in the reference, or None without a reference.
        leaked: Share of the reference's documents that stand in a training set of the lineage, or None where none was named.
        required: Codes that must be measured.
        fewest: Documents below which intervals and tests are refused.
        head: Share of the candidate's words on the reference's commonest ones, over the reference's own share.
        found: Share of the tail's types that the baseline holds, where the tail was measured.
    """

    candidate: Sample
    duplicates: Outcome
    fewest: int
    measured: dict[str, Sample] = field(default_factory=dict)
    decided_on: Baseline | None = None
    tail: tuple[Outcome, ...] = ()
    classes: tuple[Outcome, ...] = ()
    shared: Outcome | None = None
    leaked: Outcome | None = None
    required: frozenset[str] = frozenset()
    head: float | None = None
    found: float | None = None

    @property
    def estimates(self) -> list[Estimate]:
        """Return the tail estimates that carry a decision."""
        return [outcome for outcome in self.tail if isinstance(outcome, Estimate)]

    @property
    def absences(self) -> list[NotMeasured]:
        """Return the tail endpoints that could not be measured."""
        return [outcome for outcome in self.tail if isinstance(outcome, NotMeasured)]
