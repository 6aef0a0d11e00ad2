"""From a report to what the page shows, in reading order. Pure: no drawing, no templates."""

import json
from collections import Counter
from typing import NamedTuple

import longtail.report.chain as chain
import longtail.report.composition as composition
import longtail.report.explanations as explanations
import longtail.report.lineage as lineage
import longtail.report.names as names
import longtail.report.origin as origin
import longtail.report.panels as panels
import longtail.report.slices as slices
import longtail.report.stages as stages
import longtail.report.words as words
from longtail.records import Estimate, Finding, Report, Role, Status, Unmeasured
from longtail.report.words import Panel

ESTIMATES = 200
EVIDENCE = 20
FIDELITY = frozenset({"heldout_nll", "tail_nll", "self_gap", "accuracy"})

ROLES: tuple[tuple[Role, str], ...] = (
    ("candidate", "Audited"), ("baseline", "Compared with"), ("reference", "Human reference"), ("control", "Control"),
    ("against", "Generation before"),
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
    sources = words.of_role(report, "candidate")
    return {
        "report": report,
        "name": words.files(sources) or "no data set",
        "date": report.created_at[:10],
        "phase": words.PHASES[report.phase.name],
        "compared": compared(report),
        "lights": lights(report),
        "counts": [(status, words.STATUSES[status], number) for status, number in words.counts(report).items()],
        "noticed": noticed(report),
        "read": panels.read(report),
        "strata": panels.strata(report),
        "unkept": unkept(report),
        "ranks": panels.rank_frequency(report),
        "vanished": panels.vanished(report),
        "labels": words.labels(report.phase.labels),
        "lineage": lineage.page(report),
        "slices": slices.columns(report),
        "composition": composition.page(report),
        "origin": origin.page(report),
        "explained": explanations.explained(report),
        "shift": explanations.shift(report),
        "exploratory": explanations.exploratory(report),
        "findings": findings(report),
        "held": held(report),
        "refused": refused(report),
        "chain": chain.page(report),
        "estimates": [estimate(each) for each in report.estimates[:ESTIMATES]],
        "estimates_left": max(0, len(report.estimates) - ESTIMATES),
        "self_check": panels.self_check(report),
        "settings": [(name, json.dumps(value, ensure_ascii=False, default=str)) for name, value in report.settings.items()],
        "names": names,
        "words": words,
    }


def compared(report: Report) -> list[tuple[str, str, str]]:
    """Return role, file and size of what took part."""
    shown = [(label, words.of_role(report, role)) for role, label in ROLES]
    return [(label, words.files(group), words.counted(sum(one.documents for one in group), "document")) for label, group in shown if group]


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


def findings(report: Report) -> list[Panel]:
    """Return the findings, failures first, each with an anchor of its own."""
    seen: Counter[str] = Counter()
    return [_finding(found, seen) for found in sorted(report.findings, key=lambda found: words.GRAVITY.index(found.status))]


def _finding(found: Finding, seen: Counter[str]) -> Panel:
    seen[found.code] += 1
    return {
        "anchor": found.code if seen[found.code] == 1 else f"{found.code}-{seen[found.code]}",
        "code": found.code,
        "status": found.status,
        "title": words.one_line(found.title, 200),
        "because": words.one_line(found.because, 1200),
        "where": words.one_line(found.where, 300),
        "evidence": [words.one_line(line, 300) for line in found.evidence[:EVIDENCE]],
        "evidence_left": max(0, len(found.evidence) - EVIDENCE),
        "remedy": words.command_last(found.remedy),
        "unlocks": found.unlocks,
        "generation": found.generation,
    }


def held(report: Report) -> list[Panel]:
    """Return the findings that somebody has accepted: by an override, or by accepted numbers."""
    names = {"code": 12, "status": 12, "kind": 12, "title": 200, "because": 1200, "why": 600}
    return [{name: words.one_line(str(row.get(name) or ""), most) for name, most in names.items()} for row in stages.held_back(report)]


def refused(report: Report) -> list[Panel]:
    """Return why findings are not accepted that could have been by their numbers, a row for each."""
    rows = words.rows(words.panel(report, "ratchet"), "refused")
    return [{"code": words.one_line(str(row.get("code", "")), 12), "told": words.one_line(stages.because(row), 600)} for row in rows]


def estimate(each: Estimate) -> Panel:
    """Return one row of the table of estimates."""
    return {
        "name": words.named(each.metric) + (f" of {words.one_line(each.slice, 60)}" if each.slice else ""),
        "metric": f"{each.metric}@{each.view}" if each.view else each.metric,
        "generation": each.generation,
        "baseline": words.baseline(each.baseline) if each.baseline else "–",
        "value": words.number(each.value, words.scale_of(each)),
        "unit": words.unit(each),
        "interval": words.interval(each),
        "level": words.percent(each.level).replace(".0%", "%"),
        "n": words.counted(each.n, each.resampling_unit),
        "decision": each.decision or "",
        "status": words.DECISIONS.get(each.decision or ""),
        "method": words.one_line(each.method, 120),
        "p": "" if each.p is None else words.chance(each.p),
        "p_adjusted": "" if each.p_adjusted is None else words.chance(each.p_adjusted),
        "needed": words.needed(each),
    }
