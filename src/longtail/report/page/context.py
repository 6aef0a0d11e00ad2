"""From a report to what the page shows: the first screen, then the sections in reading order. Pure: no drawing, no templates."""

from typing import NamedTuple

import longtail.report.names as names
import longtail.report.page.first as first
import longtail.report.page.order as order
import longtail.report.stages as stages
import longtail.report.words as words
from longtail.records import InputRecord, Report, Role, Status, Unmeasured
from longtail.report.words import Panel

FIDELITY = frozenset({"heldout_nll", "tail_nll", "self_gap", "accuracy"})

ROLES: tuple[tuple[Role, str], ...] = (
    ("candidate", "Audited"), ("baseline", "Compared with"), ("reference", "Human reference"), ("control", "Control"),
    ("against", "Generation before"), ("rollouts", "Training run"),
)  # fmt: skip


class Light(NamedTuple):
    """One of the lights on the first screen: variety, being right, and how real text is handled. None stands for another."""

    status: Status
    name: str
    says: str


VARIETY: dict[Status, str] = {
    "pass": "Rare items are still in use.",
    "warn": "Something has moved; see the pictures below.",
    "fail": "Variety is being lost; see the pictures below.",
    "not_measured": "Nothing to compare with, or too little data to tell.",
}
FIDELITY_SAYS: dict[Status, str] = {
    "pass": "Real text is handled as well as before.",
    "warn": "Real text is handled a little worse than before.",
    "fail": "Real text is handled worse than before.",
    "not_measured": "Too little data to tell whether real text is handled as well as before.",
}


def page(report: Report) -> Panel:
    """Return everything that the templates read."""
    beside = {
        "report": report,
        "phase": headed(report),
        "compared": compared(report),
        "lights": lights(report),
        "counts": [(status, words.STATUSES[status], number) for status, number in words.counts(report).items()],
        "noticed": noticed(report),
        "unkept": unkept(report),
        "labels": words.labels(report.phase.labels),
        "names": names,
        "words": words,
    }
    return first.page(report) | order.facts(report) | beside


def headed(report: Report) -> words.PhaseWords:
    """Return what the first screen says: of the phase, or of the checks where no data were read and some of them spoke."""
    phase = words.PHASES[report.phase.name]
    if report.phase.name != "not_measured" or words.of_role(report, "candidate"):
        return phase
    whose = " of the training run" if words.of_role(report, "rollouts") else ""
    found = words.counts(report)
    if found["fail"]:
        return words.PhaseWords("fail", f"{words.counted(found['fail'], 'check')}{whose} failed", phase.explanation)
    if found["warn"]:
        return words.PhaseWords("warn", f"{words.counted(found['warn'], 'check')}{whose} to look at", phase.explanation)
    return phase


def compared(report: Report) -> list[tuple[str, str, str]]:
    """Return role, file and size of what took part."""
    shown = [(label, words.of_role(report, role)) for role, label in ROLES]
    return [(label, words.files(group), _size(group)) for label, group in shown if group]


def _size(group: list[InputRecord]) -> str:
    return words.counted(sum(one.documents for one in group), "rollout" if group[0].role == "rollouts" else "document")


def lights(report: Report) -> list[Light]:
    """Return the lights; an audit counts and compares, so whether content is right stays not measured."""
    gone = any(each.slice and each.decision == "shrunk" for each in report.estimates)
    variety: Status = "fail" if gone else words.PHASES[report.phase.name].status
    right = "Nothing here says whether the content is right; that is another question."
    shown = [Light(variety, "Variety", VARIETY[variety]), Light("not_measured", "Validity", right)]
    decided = [words.DECISIONS[each.decision] for each in report.estimates if each.metric in FIDELITY and each.decision]
    if decided:
        fidelity = words.worst(decided)
        shown.append(Light(fidelity, "Fidelity", FIDELITY_SAYS[fidelity]))
    return shown


def unkept(report: Report) -> Unmeasured:
    """Return why there is no comparison of common and rare items, in the words of the tail rule where it gave any."""
    given = [absent for absent in report.not_measured if absent.code == "LT301"]
    if given:
        return given[0]
    if words.of_role(report, "reference"):
        return Unmeasured(code="LT301", reason="the report holds no numbers for it", enable="")
    reason = "that needs text that people wrote and no model trained on"
    return Unmeasured(code="LT301", reason=reason, enable="longtail audit DATA --reference human.jsonl")


def noticed(report: Report) -> str:
    """Return one sentence on what the rules found."""
    tally = words.counts(report)
    parts = [words.counted(tally["fail"], "check failed", "checks failed")] if tally["fail"] else []
    parts += [words.counted(tally["warn"], "warning")] if tally["warn"] else []
    found = " and ".join(parts) or "No check failed"
    found += f"; {words.counted(kept, 'finding')} accepted for now" if (kept := len(stages.held_back(report))) else ""
    return f"{found}; {words.counted(tally['not_measured'], 'check')} could not be made." if tally["not_measured"] else f"{found}."
