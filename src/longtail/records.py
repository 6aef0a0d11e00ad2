"""The records that travel between the parts: estimates, verdicts, origins and the report.

All are frozen, refuse unknown fields and hold no NaN or infinity, so that what is stored can be read back.
"""

import math
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from longtail.errors import InvalidRecord

if TYPE_CHECKING:
    import pyarrow

SCHEMA_VERSION = "1.0"

Status = Literal["pass", "warn", "fail", "not_measured"]
Decision = Literal["ok", "shrunk", "watch", "inconclusive"]
Role = Literal["candidate", "reference", "baseline", "against", "control", "trained_on", "generation", "benchmark", "rollouts"]
PhaseName = Literal["healthy", "watch", "early", "concentrating", "narrowing", "late", "drift", "inconclusive", "not_measured"]
Baseline = Literal["reference", "generation_1", "previous", "control", "begin"]


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base of all records: frozen, keyword-only, no unknown fields."""


class Estimate(Record, frozen=True):
    """A number with its interval and how it was made.

    `low` and `high` hold at `level`; `n` counts resampling units of the candidate; `p` is one-sided, for loss, and
    `p_adjusted` the same for the whole family; `slice` names the class of documents that it is about; `expected` is what a
    number that moves with the size of the samples comes to where nothing changed.
    """

    metric: str
    view: str
    value: float
    low: float
    high: float
    n: int
    unit: str
    resampling_unit: str
    method: str
    level: float = 0.95
    kind: Literal["value", "ratio"] = "value"
    generation: int | None = None
    baseline: Baseline | None = None
    baseline_value: float | None = None
    tau: float | None = None
    decision: Decision | None = None
    p: float | None = None
    p_adjusted: float | None = None
    documents_needed: int | None = None
    slice: str | None = None
    expected: float | None = None

    def __post_init__(self) -> None:
        """Refuse NaN, infinity and an interval that does not hold its value."""
        numbers = {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "baseline_value": self.baseline_value,
            "tau": self.tau,
            "p": self.p,
            "p_adjusted": self.p_adjusted,
            "expected": self.expected,
        }
        for name, number in numbers.items():
            if number is not None and not math.isfinite(number):
                raise InvalidRecord(
                    f"estimate of {self.metric!r}: {name} is {number!r}; return NotMeasured(reason) instead of a number that does not exist"
                )
        if not self.low <= self.value <= self.high:
            raise InvalidRecord(f"estimate of {self.metric!r}: need low <= value <= high, got {self.low!r}, {self.value!r}, {self.high!r}")


class NotMeasured(Record, frozen=True):
    """The answer of a metric or rule that could not be computed. Neither zero nor a pass."""

    reason: str
    enable: str = ""
    metric: str = ""
    view: str = ""
    slice: str = ""
    generation: int | None = None

    def __post_init__(self) -> None:
        """Refuse an absence without a reason."""
        if not self.reason.strip():
            raise InvalidRecord("NotMeasured needs a reason: say what is missing")


Outcome = Estimate | NotMeasured


class Verdict(Record, frozen=True):
    """What a gate, a rule or a guard concludes.

    `generation` is the one that it speaks of, where it is not the one judged; `waits_on` the code of the finding that alone
    keeps a rule from being measured.
    """

    status: Status
    because: str
    evidence: tuple[str, ...] = ()
    remedy: str = ""
    where: str = ""
    enable: str = ""
    generation: int | None = None
    waits_on: str = ""

    def __post_init__(self) -> None:
        """Refuse a verdict without a reason."""
        if not self.because.strip():
            raise InvalidRecord(f"a verdict of status {self.status!r} needs a reason in `because`")


class Origin(StrEnum):
    """Where a document came from, from most to least human."""

    HUMAN = "human"
    MODEL_EDITED = "model_edited"
    HUMAN_EDITED = "human_edited"
    HUMAN_SELECTED = "human_selected"
    SYNTHETIC = "synthetic"
    MIXED = "mixed"
    UNKNOWN = "unknown"

    @classmethod
    def merged(cls, parents: "Iterable[Origin]") -> "Origin":
        """Return the origin of a document made from `parents`: the least human of them; unknown if none.

        Of the two edited origins, which rank alike, `model_edited` is returned.
        """
        return max(parents, key=lambda origin: (_HUMANNESS[origin], origin.value), default=cls.UNKNOWN)


_HUMANNESS = {
    Origin.HUMAN: 0, Origin.MODEL_EDITED: 1, Origin.HUMAN_EDITED: 1, Origin.HUMAN_SELECTED: 2,
    Origin.SYNTHETIC: 3, Origin.MIXED: 4, Origin.UNKNOWN: 5,
}  # fmt: skip


class Evidence(StrEnum):
    """What the stated origin of a document rests on."""

    ASSERTED = "asserted"
    SIGNED = "signed"
    WATERMARK = "watermark"
    MEASURED = "measured"
    INHERITED = "inherited"
    NONE = "none"


class Progress(Record, frozen=True):
    """How far a long piece of work has come; `total` is None where it is not known."""

    stage: str
    done: int
    total: int | None = None
    unit: str = "documents"


OnProgress = Callable[[Progress], None]


class Quarantined(Record, frozen=True):
    """One document that was set aside: where it stood and why."""

    path: str
    line: int | None
    reason: str


class InputRecord(Record, frozen=True):
    """One data set that an audit read."""

    role: Role
    path: str
    parts: int
    documents: int
    bytes: int
    quarantined: int
    sha256: str | None
    view: str = "words"
    content: str = ""
    generation: int | None = None


class Phase(Record, frozen=True):
    """The phase of collapse, what decided it and the definition in use.

    `labels` qualify it: tail-first, masked, partial, fidelity-loss.
    """

    name: PhaseName
    decided_by: tuple[str, ...]
    definition: str
    documents_needed: int | None = None
    missing: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


class Explanation(Record, frozen=True):
    """One thing that could lie behind the numbers, and whether they speak for it."""

    name: Literal["collapse", "drift", "sharpening", "overfitting"]
    status: Literal["supported", "against", "not_measured"]
    because: str


class Guarantee(Record, frozen=True):
    """What error rate the verdict carries, in words and numbers.

    `alpha` is the rate of all audits of a history together, `alpha_here` the part of it that this audit used.
    """

    text: str
    alpha: float
    alpha_spent: float
    audit_number: int
    level: Literal["sample", "checkpoint", "pipeline"]
    alpha_here: float | None = None
    alpha_left: float | None = None


class Trend(Record, frozen=True):
    """One metric over the generations of a lineage.

    `p` is that of the ordered contrast, one-sided for loss, `p_adjusted` the same for all metrics together; `slope` (log
    ratio per generation, Theil-Sen) and `half_life` (generations) only describe.
    """

    metric: str
    view: str
    p: float
    p_adjusted: float
    direction: Literal["loss", "none"]
    slope: float
    half_life: float | None = None


class Neutral(Record, frozen=True):
    """Loss of tail types that resampling alone explains, beside the loss observed; `excess` is their ratio."""

    generation: int
    expected_loss: float
    observed_loss: float
    excess: float | None = None
    low: float | None = None
    high: float | None = None


class LeadTime(Record, frozen=True):
    """The first generation at which a signal reported a loss, or None."""

    signal: str
    first_alarm: int | None
    generations_before_last: int | None


class GenerationRecord(Record, frozen=True):
    """One generation of a lineage and the phase it would have been given alone."""

    generation: int
    path: str
    documents: int
    phase: PhaseName | None = None
    labels: tuple[str, ...] = ()
    decided_by: tuple[str, ...] = ()


class LineageRecord(Record, frozen=True):
    """What is said over the generations of a lineage; `steps` compare each generation with the one before."""

    baseline: Baseline
    generations: tuple[GenerationRecord, ...]
    onset: int | None
    onset_statement: str
    trend: tuple[Trend, ...]
    trend_statement: str
    steps: tuple[Estimate, ...]
    neutral: tuple[Neutral, ...]
    lead_times: tuple[LeadTime, ...]


class Finding(Record, frozen=True):
    """A verdict of status warn or fail, with its rule code and place.

    `where` names a role among the report's inputs, which hold the paths, so that findings do not depend on sharding. What is told
    of a stretch of it stands after a colon: `rollouts: steps 10 to 11 beside steps 0 to 1`.
    """

    code: str
    status: Literal["warn", "fail"]
    title: str
    because: str
    where: str
    evidence: tuple[str, ...]
    remedy: str
    unlocks: tuple[str, ...] = ()
    generation: int | None = None


class Unmeasured(Record, frozen=True):
    """A rule that applies and could not be measured, why, and the command that would enable it."""

    code: str
    reason: str
    enable: str


class Report(Record, frozen=True):
    """The whole outcome of an audit; its JSON form is the contract.

    `panels` holds what pictures are drawn from; it may grow without notice, the other fields may not.
    """

    longtail_version: str
    created_at: str
    command: str
    seed: int
    inputs: tuple[InputRecord, ...]
    phase: Phase
    guarantee: Guarantee
    estimates: tuple[Estimate, ...]
    findings: tuple[Finding, ...]
    not_measured: tuple[Unmeasured, ...]
    passed: tuple[str, ...]
    summary: str
    panels: dict[str, Any]
    settings: dict[str, Any]
    regime: Literal["replace", "accumulate", "fixed_budget", "mixed", "unknown"] = "unknown"
    lineage: LineageRecord | None = None
    differential: tuple[Explanation, ...] = ()
    timing: dict[str, float] = {}
    schema_version: str = SCHEMA_VERSION

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain dicts, lists, strings and numbers, in the order of the contract."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return {name: plain[name] for name in _ORDER} | {name: value for name, value in plain.items() if name not in _ORDER}

    def to_frame(self, part: Literal["estimates", "findings", "not_measured"] = "estimates") -> "pyarrow.Table":
        """Return one part of the report as an Arrow table, a row for each record; `.to_pandas()` where pandas is installed.

        The columns and their types are those of the record, also where there is no row.
        """
        import pyarrow

        kind = {"estimates": Estimate, "findings": Finding, "not_measured": Unmeasured}[part]
        text = pyarrow.string()
        held = {"string": text, "number": pyarrow.float64(), "integer": pyarrow.int64(), "array": pyarrow.list_(text)}
        fields = msgspec.json.schema_components([kind])[1][kind.__name__]["properties"]
        schema = pyarrow.schema([(name, held[_json_type(field)]) for name, field in fields.items()])
        return pyarrow.Table.from_pylist(msgspec.to_builtins(getattr(self, part)), schema=schema)

    def _repr_html_(self) -> str:
        """Return what a notebook shows: verdict and findings, escaped."""
        from longtail.report.formats.fragment import to_fragment

        return to_fragment(self)

    def worst(self) -> Status:
        """Return the gravest status among the findings: fail, warn or pass."""
        statuses = {finding.status for finding in self.findings}
        return "fail" if "fail" in statuses else "warn" if "warn" in statuses else "pass"


_ORDER = (
    "schema_version", "longtail_version", "created_at", "command", "seed", "summary", "inputs", "phase", "guarantee", "estimates",
    "lineage", "findings", "not_measured", "passed", "regime", "timing",
)  # fmt: skip


def _json_type(field: dict[str, Any]) -> str:
    """Return the type of a field of a record that is not null, as its JSON Schema names it."""
    kinds: list[str] = [each.get("type", "string") for each in field.get("anyOf", [field])]
    return next(kind for kind in kinds if kind != "null")
