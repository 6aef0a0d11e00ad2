"""How sure a diagnosis is, and what to collect next."""

from dataclasses import dataclass
from typing import Any

from longtail.diagnosis.records import Confidence, Entry, Past, Reading
from longtail.diagnosis.signature import DECIDED, MEANS
from longtail.records import Report

ENOUGH_DOCUMENTS = 200
"""Documents of the reference below which no diagnosis has high confidence; a convention."""

ENOUGH_VERSIONS = 3


@dataclass(frozen=True)
class Known:
    """All that a diagnosis rests on.

    Attributes:
        past: What records tell, with the versions that outputs tell of.
        entry: When synthetic data entered.
        readings: Of every version with outputs, in order.
        report: The audit, or None.
        asked: Which arguments were given, by name.
    """

    past: Past
    entry: Entry
    readings: tuple[Reading, ...]
    report: Report | None
    asked: dict[str, Any]

    @property
    def read(self) -> tuple[Reading, ...]:
        """Return the versions whose outputs were read."""
        return tuple(reading for reading in self.readings if not reading.unread)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the versions whose outputs were read, in order: those that the audit numbers."""
        return tuple(reading.version for reading in self.read)

    @property
    def onset(self) -> str | None:
        """Return the name of the version that the loss began not later than, or None."""
        onset = self.report.lineage.onset if self.report is not None and self.report.lineage is not None else None
        return None if onset is None else self.names[onset - 1]


def confidence_of(known: Known) -> tuple[Confidence, str]:
    """Return the confidence of a diagnosis, and why.

    low: no reference, fewer than two versions whose outputs could be compared with one another, or an undecided phase. high: none
    of this, outputs of at least three versions and all of them read, a reference of at least `ENOUGH_DOCUMENTS` documents, records
    without holes or contradictions that tell what every training set was made of, and nothing in which outputs and records
    disagree: no loss where records say that no model had a hand in any training set, and none that began before one had.
    medium: all else.
    """
    weak = [reason for reason in _weaknesses(known) if reason]
    if weak:
        return "low", "; ".join(weak)
    gaps = [reason for reason in (*_gaps_of_outputs(known), *_gaps_of_records(known), _disagreement(known)) if reason]
    if gaps:
        return "medium", "; ".join(gaps)
    return "high", f"records and outputs of {len(known.read)} versions agree"


def _weaknesses(known: Known) -> tuple[str, ...]:
    read, report = known.read, known.report
    if not read:
        return ("there are no outputs that can be read",)
    if report is None:
        return ("there is no frozen reference",)
    undecided = report.phase.name not in DECIDED
    return (
        f"only the outputs of {read[0].version} could be read, so they were held against the reference alone" if len(read) == 1 else "",
        "the documents do not decide the phase" if undecided else "",
    )


def _gaps_of_outputs(known: Known) -> tuple[str, ...]:
    unread = [reading.version for reading in known.readings if reading.unread]
    reference = _reference_documents(known.report)
    return (
        f"outputs of {len(known.read)} versions only" if len(known.read) < ENOUGH_VERSIONS else "",
        f"the outputs of {', '.join(unread)} could not be read" if unread else "",
        f"the reference holds {reference:,} documents only" if reference < ENOUGH_DOCUMENTS else "",
    )


def _gaps_of_records(known: Known) -> tuple[str, ...]:
    versions, holes = known.past.versions, holes_of(known.past)
    blind = unknown_origins(known)
    without = [version.name for version in versions if version.name not in {reading.version for reading in known.readings}]
    contradicted = list(dict.fromkeys(each.version for each in known.past.contradictions))
    if blind and len(blind) == len(versions):
        return ("no record tells what any training set was made of",)
    return (
        f"no record tells of {', '.join(holes)}" if holes else "",
        f"no record tells what the training set of {', '.join(blind)} was made of" if blind else "",
        f"there are no outputs of {', '.join(without)}" if without else "",
        f"records of {', '.join(contradicted)} do not agree" if contradicted else "",
    )


def _disagreement(known: Known) -> str:
    if known.onset is None or known.entry.told != "recorded":
        return ""
    if known.entry.version is None:
        return "the outputs have lost of their tail, and the records tell of no synthetic data: outputs and records do not agree"
    places = {version.name: version.place for version in known.past.versions}
    if places.get(known.onset, 0) < places.get(known.entry.version, 0):
        return f"the loss began by {known.onset}, before the synthetic data that records tell of ({known.entry.version})"
    return ""


def holes_of(past: Past) -> list[str]:
    """Return the versions that no record tells of."""
    return [version.name for version in past.versions if version.is_hole]


def unknown_origins(known: Known) -> list[str]:
    """Return the versions of which no record tells what their training set was made of."""
    recorded = {exposure.version for exposure in known.entry.exposures if exposure.told == "recorded"}
    return [version.name for version in known.past.versions if version.name not in recorded]


def _reference_documents(report: Report | None) -> int:
    return sum(source.documents for source in report.inputs if source.role == "reference") if report is not None else 0


def to_collect(known: Known) -> tuple[str, ...]:
    """Return what to collect next, most useful first: each with the command that takes it, where there is one."""
    return tuple(advice for advice in (*_for_the_phase(known), *_for_the_past(known)) if advice)


def _for_the_phase(known: Known) -> tuple[str, ...]:
    report, read = known.report, known.read
    first = known.past.versions[0].name if known.past.versions else "the first version"
    is_compared = report is not None and report.lineage is not None
    lacks_first = not read or read[0].version != first
    return (
        "" if known.asked.get("reference") else _reference(),
        "" if is_compared and not lacks_first else f"outputs of {first}, which the others are held against: longtail diagnose {_SOURCES}",
        *(f"outputs of {each.version} that can be read ({each.unread})" for each in known.readings if each.unread),
        _documents(report),
        "" if report is None or _has_scores(report) else _SCORES,
    )


_SOURCES = "--outputs 'evals/v*/outputs.jsonl' --reference HUMAN.jsonl"
_SCORES = (
    "the loss of each version's model on held-out human text (lt_id, nll, tokens), which tells whether the mean held: "
    f"longtail diagnose {_SOURCES} --scores 'scores/v*.jsonl'"
)


def _reference() -> str:
    return (
        f"a frozen reference: at least {ENOUGH_DOCUMENTS} human documents of this domain that no version was trained on: "
        f"longtail diagnose {_SOURCES}"
    )


def _documents(report: Report | None) -> str:
    if report is None or report.phase.name in DECIDED:
        return ""
    needed = f"about {report.phase.documents_needed:,} documents" if report.phase.documents_needed else "more documents"
    return f"{needed} of each version: longtail calibrate --reference HUMAN.jsonl"


def _has_scores(report: Report) -> bool:
    return any(each.metric in MEANS for each in report.estimates)


def _for_the_past(known: Known) -> tuple[str, ...]:
    seen = {reading.version for reading in known.readings}
    without = [version.name for version in known.past.versions if version.name not in seen] if seen else []
    holes = holes_of(known.past)
    return (
        f"outputs of {', '.join(without)}" if without else "",
        f"anything that tells of {', '.join(holes)}: a manifest, a commit, a training set" if holes else "",
        *_for_origins(known),
    )


def _for_origins(known: Known) -> tuple[str, ...]:
    blind = unknown_origins(known)
    if not blind:
        return ()
    which = "s of all versions" if len(blind) == len(known.past.versions) > 1 else f"{'s' if len(blind) > 1 else ''} of {', '.join(blind)}"
    is_estimated = any(exposure.told == "estimated" for exposure in known.entry.exposures)
    return (
        f"the training set{which}, their rows tagged by origin: longtail tag TRAIN.jsonl --origin human -o TAGGED.jsonl",
        "" if is_estimated or known.asked.get("synthetic") else _MACHINE_TEXTS,
        "manifests from now on, so that the next version has no such gap: longtail mix --ledger DIR --policy accumulate -o NEXT.jsonl",
    )


_MACHINE_TEXTS = (
    "text of the models that may be in them, to estimate their share where nothing is tagged: "
    "longtail diagnose --repo . --reference HUMAN.jsonl --synthetic MACHINE.jsonl"
)
