"""What became of each rule, and the same findings by stage, by moment and by step: views, nothing is judged again."""

from typing import Any

import longtail.report.words as words
from longtail.records import Report, Status
from longtail.report.words import Panel
from longtail.rules.stages import MOMENTS, PLACES, STAGES, STEPS

GROUPS = {
    "stage": ("The six stages of ANCHOR", STAGES),
    "moment": ("The checklist, by moment", MOMENTS),
    "step": ("The seven steps", STEPS),
}
STATES = {"fail": "to mend", "warn": "to look at", "suppressed": "accepted for now", "pass": "passed", "not_measured": "not measured"}
_OF_A_GROUP = {"fail": "to mend", "warn": "to look at", "not_measured": "not measured", "partly": "partly done", "pass": "done"}
_ICONS: dict[str, Status] = {
    "fail": "fail", "warn": "warn", "suppressed": "warn", "pass": "pass", "partly": "not_measured", "not_measured": "not_measured",
}  # fmt: skip


def states(report: Report) -> dict[str, str]:
    """Return what became of each rule: fail, warn, suppressed (held back or accepted), pass or not_measured."""
    found = dict.fromkeys(report.passed, "pass") | {each.code: "not_measured" for each in report.not_measured}
    found |= {str(each["code"]): "suppressed" for each in held_back(report)}
    for each in report.findings:
        found[each.code] = "fail" if "fail" in (each.status, found.get(each.code)) else each.status
    return found


def held_back(report: Report) -> list[Panel]:
    """Return the findings that fail nothing, as plain fields, each with `kind` and `why`: those of overrides, then accepted numbers."""
    rows = [(row, "suppressed", _by(row)) for row in _listed(report.panels.get("suppressed"))]
    rows += [(row, "accepted", because(row)) for row in words.rows(words.panel(report, "ratchet"), "accepted")]
    known = [(row.get("finding"), kind, why) for row, kind, why in rows]
    return [{**found, "kind": kind, "why": why} for found, kind, why in known if isinstance(found, dict) and found.get("code")]


def _listed(found: Any) -> list[Panel]:
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list | tuple) else []


def _by(row: Panel) -> str:
    given = _listed(row.get("overrides"))
    return "; ".join(f"until {one.get('expires')}, owner {one.get('owner')}: {one.get('reason')}" for one in given)


def because(row: Panel) -> str:
    """Return the sentences of a row as one."""
    found = row.get("because")
    return "; ".join(map(str, found)) if isinstance(found, list | tuple) else ""


def grouped(report: Report, by: str) -> list[Panel]:
    """Return the rules that appear in the report under each stage, moment or step, in their order, with the state of each.

    A group's own state is the gravest of its findings; where it has none, `pass` where all of its rules passed, `partly` where
    some did and the others were not measured or were accepted, and `not_measured` where none was.

    Args:
        report: Of an audit.
        by: "stage", "moment" or "step".
    """
    known = states(report)
    groups = []
    for at, name in enumerate(GROUPS[by][1], start=1):
        codes = [code for code in sorted(known) if code in PLACES and getattr(PLACES[code], by) == name]
        of_state = {state: [code for code in codes if known[code] == state] for state in STATES}
        held = {state: each for state, each in of_state.items() if each}
        state = _state(of_state)
        groups.append({"number": at, "name": name, "state": state, "codes": held, "told": _told(state, held), "icon": icon(state)})
    return groups


def _state(of_state: dict[str, list[str]]) -> str:
    for grave in ("fail", "warn"):
        if of_state[grave]:
            return grave
    if not of_state["pass"] and not of_state["suppressed"]:
        return "not_measured"
    return "partly" if of_state["not_measured"] or of_state["suppressed"] else "pass"


def _told(state: str, codes: dict[str, list[str]]) -> str:
    each = "; ".join(f"{STATES[of]} {' '.join(named)}" for of, named in codes.items())
    return _OF_A_GROUP[state] + (f" ({each})" if each else "")


def icon(state: str) -> Status:
    """Return the icon of a state."""
    return _ICONS[state]
