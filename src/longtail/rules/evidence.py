"""What rules judge: the measurements of one audit, already made."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from longtail.ledger.manifest import Manifest
from longtail.metrics.filtering import FilterLoss
from longtail.metrics.rag.records import Retrieval
from longtail.records import Baseline, Estimate, NotMeasured, Outcome, Verdict
from longtail.rules.measures import Measures
from longtail.rules.mix import Mix, mix_of
from longtail.rules.pipeline import Pipeline
from longtail.summaries.composition import Composition

NO_REFERENCE = "no reference: loss, length and leaks can only be seen beside human text"
WITH_REFERENCE = "longtail audit DATA --reference HUMAN.jsonl"
"""The command that adds a reference; DATA stands for the audited data set, so that verdicts do not depend on how it was named."""
WITH_FROZEN = "longtail audit DATA --reference FROZEN.jsonl --pipeline PIPELINE.toml"


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
class Known:
    """What a ledger says of the documents of a data set.

    Attributes:
        pairs: Documents that the ledger knows, by (origin in the ledger, origin that the document states); the second is
            "untagged" where it states none.
        examples: Ids of some of those whose two origins differ.
    """

    pairs: Mapping[tuple[str, str], int]
    examples: tuple[str, ...] = ()


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
        composition: What the candidate says of where its documents came from.
        decodings: Documents of the candidate by sampling settings, each as JSON.
        manifests: Of training sets, by generation.
        pipeline: What is said of the loop, or None.
        known: What the ledger says of the candidate's documents, or None without a ledger.
        upstream_unknown: Checkpoints upstream of which nothing is known, or None without a ledger.
        reference_sha256: Hash of the reference; None where there is none or it is no file.
        refused: Why nothing was compared although something could have been; empty where it was.
        has_against: Whether the generation before was given.
        has_history: Whether a history of audits was given.
        last_audit: Day of the last audit that is known of.
        today: Day of this audit.
        filtered: What a filter took that the candidate came through, or None where nothing before it was named.
        measures: What the texts show of their origin, or None where there is nothing to tell it by.
        rollouts: What the guards say of the last window of a training run beside its first, by code of the rule that says the same;
            None where no run was named. Each has a verdict there, of what was not logged "not_measured".
        outcomes: Every estimate of the audit, and what could not be measured; see `of`.
        generation: The generation that is judged, in a lineage.
        retrieval: What a store of answers and its log show, or None where none was named.
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
    composition: Composition = field(default_factory=Composition)
    decodings: Mapping[str, int] = field(default_factory=dict)
    manifests: tuple[Manifest, ...] = ()
    pipeline: Pipeline | None = None
    known: Known | None = None
    upstream_unknown: tuple[str, ...] | None = None
    reference_sha256: str | None = None
    refused: str = ""
    has_against: bool = False
    has_history: bool = False
    last_audit: date | None = None
    today: date | None = None
    filtered: FilterLoss | None = None
    measures: Measures | None = None
    rollouts: Mapping[str, Verdict] | None = None
    outcomes: tuple[Outcome, ...] = ()
    generation: int | None = None
    retrieval: Retrieval | None = None

    def of(self, *metrics: str) -> tuple[Outcome, ...]:
        """Return the outcomes of some metrics, in the order in which they were measured."""
        return tuple(outcome for outcome in self.outcomes if outcome.metric in metrics)

    @property
    def mix(self) -> Mix | None:
        """Return how real and model-made documents are mixed, or None where nothing says."""
        return mix_of(self.composition, self.manifests)

    @property
    def is_governed(self) -> bool:
        """Whether a ledger, manifests or a pipeline say what ought to be known of the candidate."""
        return self.known is not None or self.upstream_unknown is not None or bool(self.manifests) or self.pipeline is not None

    def uncompared(self) -> Verdict:
        """Return that a rule was not measured because nothing was compared."""
        if self.refused:
            return Verdict(status="not_measured", because=self.refused, enable=WITH_FROZEN, waits_on="LT803")
        return Verdict(status="not_measured", because=NO_REFERENCE, enable=WITH_REFERENCE)

    @property
    def estimates(self) -> list[Estimate]:
        """Return the tail estimates that carry a decision."""
        return [outcome for outcome in self.tail if isinstance(outcome, Estimate)]

    @property
    def absences(self) -> list[NotMeasured]:
        """Return the tail endpoints that could not be measured."""
        return [outcome for outcome in self.tail if isinstance(outcome, NotMeasured)]
