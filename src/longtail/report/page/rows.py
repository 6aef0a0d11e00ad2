"""Rows of the page: findings, what somebody has accepted, and estimates, each cut to what a page can hold."""

import longtail.report.page.checks as checks
import longtail.report.stages as stages
import longtail.report.words as words
from longtail.records import Estimate, Finding, Report
from longtail.report.words import Panel

ESTIMATES = 200
EVIDENCE = 20


def findings(report: Report) -> list[Panel]:
    """Return the findings, failures first, each with an anchor of its own."""
    return checks.anchored([_finding(found) for found in sorted(report.findings, key=lambda found: words.GRAVITY.index(found.status))])


def _finding(found: Finding) -> Panel:
    because = words.one_line(found.because, 1200)
    evidence = [line for line in (words.one_line(each, 300) for each in found.evidence[:EVIDENCE]) if line not in because]
    return {
        "code": words.one_line(found.code, 12),
        "status": found.status,
        "title": words.one_line(found.title, 200),
        "because": because,
        "where": words.one_line(found.where, 300),
        "evidence": evidence,
        "evidence_left": max(0, len(found.evidence) - EVIDENCE),
        "remedy": words.command_last(found.remedy),
        "unlocks": found.unlocks,
        "generation": found.generation,
    }


def accepted(report: Report) -> Panel | None:
    """Return what somebody has accepted and what could not be, or None where there is neither."""
    found = {"held": held(report), "refused": refused(report)}
    return found if any(found.values()) else None


def held(report: Report) -> list[Panel]:
    """Return the findings that somebody has accepted: by an override, or by accepted numbers."""
    names = {"code": 12, "status": 12, "kind": 12, "title": 200, "because": 1200, "why": 600}
    taken = {each.code for each in report.findings}
    rows = [{name: words.one_line(str(row.get(name) or ""), most) for name, most in names.items()} for row in stages.held_back(report)]
    return [row if row["code"] not in taken else row | {"anchor": ""} for row in checks.anchored(rows)]


def refused(report: Report) -> list[Panel]:
    """Return why findings are not accepted that could have been by their numbers, a row for each."""
    rows = words.rows(words.panel(report, "ratchet"), "refused")
    return [{"code": words.one_line(str(row.get("code", "")), 12), "told": words.one_line(stages.because(row), 600)} for row in rows]


def estimates(report: Report) -> Panel | None:
    """Return the table of estimates and how many more there are, or None where there is none."""
    if not report.estimates:
        return None
    return {"rows": [estimate(each) for each in report.estimates[:ESTIMATES]], "hidden": max(0, len(report.estimates) - ESTIMATES)}


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
