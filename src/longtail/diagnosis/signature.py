"""What the audit of a lineage says of its shape: tail-first or not, mild or advanced, and since which version.

All of it is built from decisions, which have intervals, and never from points. The rules are conventions.

Tail-first (after Shumailov et al. 2024, who call the early phase the loss of the tails while the mean still looks well): a version
shows it where a measure of its tail is decided as lost (`watch` or `shrunk`) and the mean holds. The mean holds where the loss on
held-out human text is decided as `ok`, or improved; where no scores were given, where the rare were lost before the common
significantly (the label tail-first). It is present where a version shows it; absent where none does and, of the last one, the tail is
not decided as lost, or the mean got worse with it, or others came in place of the rare, or the common crowded together first,
significantly; else not measured.
"""

import re
from collections.abc import Iterator, Sequence

from longtail.diagnosis.called import LOSS, TAIL, called_of, of_version
from longtail.diagnosis.records import Confidence, Shape, Signature
from longtail.records import Estimate, GenerationRecord, Report

LOST = ("watch", "shrunk")
CROWD = ("hill_1", "hill_2", "rke", "effective_rank", "total_variance")
MEANS = ("heldout_nll", "accuracy")
LATE = 0.50
"""Ratio below which, by its upper bound, more than half of what is measured is gone; the audit's margin `late` where it is set."""

DECIDED = ("healthy", "watch", "early", "concentrating", "narrowing", "late", "drift")

_OF_PHASE: dict[str, Shape] = {
    "watch": "mild_narrowing",
    "late": "advanced_collapse",
    "concentrating": "concentrating",
    "drift": "drift",
}

_GENERATION = re.compile(r"\b([Gg])eneration (\d+)\b")


def shape_of(report: Report | None) -> Shape:
    """Return the shape of the decline over the versions, from the decisions on the last beside the first.

    not_measured: fewer than two versions were compared, or the last one is undecided. drift: its phase is drift, or its loss is
    called so (`longtail.diagnosis.called`). concentrating: its phase is so, or its loss is called sharpening. advanced_collapse: the
    phase is late; or it is early or narrowing, and of a measure of the tail or of the spread more than half is gone by the upper bound
    of its interval (the margin `late`). mild_narrowing: the phase is watch, early or narrowing, and of none is that shown; or
    the last is healthy and the tail falls over the versions, by the ordered contrast at its adjusted level. flat: all else, so
    a loss that was made good, too.
    """
    if report is None or report.lineage is None:
        return "not_measured"
    instead = _instead(report)
    if instead is not None:
        return instead
    lineage = report.lineage
    if report.phase.name == "healthy":
        return "mild_narrowing" if {each.metric for each in lineage.trend if each.direction == "loss"} & set(TAIL) else "flat"
    if report.phase.name in ("early", "narrowing"):
        is_far = any(_is_half_gone(each, report) for each in of_version(report, len(lineage.generations)))
        return "advanced_collapse" if is_far else "mild_narrowing"
    return _OF_PHASE.get(report.phase.name, "not_measured")


def _instead(report: Report) -> Shape | None:
    """Return what a loss beyond the margin is called in place of collapse."""
    called = called_of(report).name if report.phase.name in LOSS else "none"
    return "drift" if called == "drift" else "concentrating" if called == "sharpening" else None


def _is_half_gone(estimate: Estimate, report: Report) -> bool:
    late = float(report.settings.get("margin", {}).get("late", LATE))
    return estimate.metric in TAIL + CROWD and estimate.decision == "shrunk" and estimate.kind == "ratio" and estimate.high < late


def signature_of(report: Report | None, names: Sequence[str], confidence: Confidence = "medium") -> Signature:
    """Return whether the tail went first while the mean held, by the rule of this module.

    The confidence is low where the last version alone was compared with the reference. It is high where more than two versions
    were compared, the whole diagnosis has high confidence, and both the mean and the label tail-first say the same; else medium.

    Args:
        report: Of the audit; None where there was none.
        names: Of the versions that it compared, in order.
        confidence: Of the whole diagnosis: this statement has no more.
    """
    if report is None or report.phase.name not in (*DECIDED, "inconclusive"):
        because = "nothing was compared; needs a frozen reference and the outputs of a version"
        return Signature(status="not_measured", confidence="low", because=because)
    told = {place: numbers for place in _places(report) if (numbers := _told(report, place))}
    if told:
        shown = max(told, key=lambda place: place or 0)
        both = _mean(report, shown) is not None and "tail-first" in _labels(report, shown)
        because = f"{_since(names, list(told))}{_name(names, shown)}: {told[shown]}"
        return Signature(status="present", confidence=_capped(report, confidence, both), because=because)
    if report.phase.name == "inconclusive":
        because = f"too few documents to say whether the tail of {names[-1]} is lost"
        return Signature(status="not_measured", confidence="low", because=because)
    because, last = _against(report, names), _last(report)
    if because:
        sure = _capped(report, confidence, _mean(report, last) is not None or not _lost(report, last))
        return Signature(status="absent", confidence=sure, because=because)
    because = (
        f"the tail of {names[-1]} is lost; whether before the common words is not decided, and scores would tell whether the mean held"
    )
    return Signature(status="not_measured", confidence="low", because=because)


def _since(names: Sequence[str], places: Sequence[int | None]) -> str:
    return f"first in {_name(names, places[0])}; " if len(places) > 1 else ""


def named(sentence: str, names: Sequence[str]) -> str:
    """Return a sentence of the audit with the names of versions in place of the numbers of generations."""

    def name(found: re.Match[str]) -> str:
        place = int(found[2])
        return names[place - 1] if 1 <= place <= len(names) else found[0]

    return _GENERATION.sub(name, sentence)


def _last(report: Report) -> int | None:
    return len(report.lineage.generations) if report.lineage is not None else None


def _places(report: Report) -> Iterator[int | None]:
    if report.lineage is None:
        yield None
    else:
        yield from range(2, len(report.lineage.generations) + 1)


def _name(names: Sequence[str], place: int | None) -> str:
    return names[-1] if place is None else names[place - 1]


def _labels(report: Report, place: int | None) -> tuple[str, ...]:
    found: GenerationRecord | None = report.lineage.generations[place - 1] if report.lineage is not None and place else None
    return report.phase.labels if found is None else found.labels


def _lost(report: Report, place: int | None) -> list[Estimate]:
    return [each for each in of_version(report, place) if each.metric in TAIL and each.decision in LOST]


def _mean(report: Report, place: int | None) -> Estimate | None:
    """Return the decided change of the mean on human text, where scores were given and it is no open question."""
    found = {each.metric: each for each in of_version(report, place) if each.metric in MEANS and each.decision in ("ok", *LOST)}
    return next((found[metric] for metric in MEANS if metric in found), None)


def _told(report: Report, place: int | None) -> str:
    """Return the numbers by which a version shows the signature; nothing where it does not."""
    lost, mean = _lost(report, place), _mean(report, place)
    if not lost:
        return ""
    tail = f"{ranged(min(lost, key=lambda each: each.high))} of the {_what(lost)} left"
    if mean is not None:
        return f"{tail}, while the mean on human text holds ({_moved(mean)})" if mean.decision == "ok" else ""
    return f"{tail}, and the rare went before the common (no scores to tell the mean by)" if "tail-first" in _labels(report, place) else ""


def _against(report: Report, names: Sequence[str]) -> str:
    """Return what speaks against the signature in the last version; nothing where that is open."""
    last = _last(report)
    mean = _mean(report, last)
    if not _lost(report, last):
        return f"no measure of the tail of {names[-1]} is decided as lost"
    if mean is not None:
        return f"the tail of {names[-1]} is lost, and the mean on human text got worse with it ({_moved(mean)})"
    if _instead(report) == "drift":
        return f"rare words of the first version are gone in {names[-1]}, and others have come in their place"
    crowded = next((each for each in of_version(report, last) if each.metric == "tail_first_contrast" and each.low > 0), None)
    if crowded is None:
        return ""
    told = f"{crowded.value:+.2f} [{crowded.low:+.2f}, {crowded.high:+.2f}]"
    return f"the tail of {names[-1]} is lost, and the common words crowded together before it (contrast {told})"


def _capped(report: Report, confidence: Confidence, is_doubly_told: bool) -> Confidence:
    if report.lineage is None or confidence == "low":
        return "low"
    return "high" if confidence == "high" and is_doubly_told and len(report.lineage.generations) > 2 else "medium"


def _what(lost: Sequence[Estimate]) -> str:
    return "rare types" if min(lost, key=lambda each: each.high).metric == "tail_types_retained" else "mass of rare types"


def ranged(estimate: Estimate) -> str:
    """Return a ratio with its interval, such as 61% [55%, 67%]."""
    return f"{estimate.value:.0%} [{estimate.low:.0%}, {estimate.high:.0%}]"


def _moved(mean: Estimate) -> str:
    return f"{mean.value:+.3f} [{mean.low:+.3f}, {mean.high:+.3f}] {mean.unit.replace('/', ' per ')}, n = {mean.n:,}"
