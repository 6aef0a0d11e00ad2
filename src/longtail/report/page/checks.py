"""What became of every check: a place on the page for each code, so that a link to `#LT301` leads somewhere whatever came of it."""

import json
from typing import Any, NamedTuple

import longtail.report.names as names
import longtail.report.stages as stages
import longtail.report.words as words
from longtail.records import Report, Status
from longtail.report.panels import ROWS
from longtail.report.words import Panel
from longtail.rules import RULES

LONGEST = 2000
"""Characters of a setting that are shown."""
TITLES = {entry.name: str(entry.facts["title"]) for entry in RULES} | {"LT900": "required rule not measured"}


class Check(NamedTuple):
    """One check: its code and title, what became of it in a word, and whether the row itself is where `#code` leads."""

    code: str
    title: str
    state: str
    icon: Status
    is_target: bool


class Absence(NamedTuple):
    """Checks that could not be made for one reason; `targets` are those of `codes` whose links lead here."""

    codes: list[str]
    targets: list[str]
    title: str
    reason: str
    enable: str


def every(report: Report) -> list[Check]:
    """Return what became of each check, by code; those that passed have no other place on the page."""
    found = stages.states(report)
    return [
        Check(code, TITLES.get(code, ""), stages.STATES[found[code]], stages.icon(found[code]), found[code] == "pass")
        for code in sorted(found)
    ]


def absent(report: Report) -> Panel | None:
    """Return what was not measured: checks, kinds of items and what the verdict went without; None where nothing is missing."""
    elsewhere = {each.code for each in report.findings} | {str(each["code"]) for each in stages.held_back(report)}
    absences = []
    for given, reason, enable in words.absences(report):
        codes = list(dict.fromkeys(given))
        targets = [code for code in codes if code not in elsewhere]
        elsewhere |= set(codes)
        absences.append(Absence(codes, targets, words.title(codes), reason, enable))
    without = [(missing(each), each) for each in report.phase.missing]
    found = {"checks": absences, "kinds": words.uncompared(report), "missing": without}
    return found if any(found.values()) else None


def missing(name: str) -> str:
    """Return in plain words what a verdict was reached without."""
    return "how real text is handled" if name == "fidelity" else names.METRICS.get(name.partition("@")[0], name)


def method(report: Report) -> Panel:
    """Return how the report was made: qualifiers of the phase, the settings in force and what was read."""
    settings = [(name, json.dumps(value, ensure_ascii=False, default=str)) for name, value in report.settings.items()]
    return {
        "labels": words.labels(report.phase.labels),
        "settings": [(words.one_line(name, 60), words.one_line(value, LONGEST)) for name, value in settings],
        "inputs": [(source, words.one_line(source.path, 300)) for source in report.inputs[:ROWS]],
        "inputs_hidden": max(0, len(report.inputs) - ROWS),
    }


def anchored(found: list[Panel]) -> list[Panel]:
    """Return rows with a `code`, each with an anchor of its own: the code, then `code-2` and so on."""
    seen: dict[str, int] = {}
    rows: list[dict[str, Any]] = []
    for row in found:
        seen[row["code"]] = seen.get(row["code"], 0) + 1
        rows.append(row | {"anchor": row["code"] if seen[row["code"]] == 1 else f"{row['code']}-{seen[row['code']]}"})
    return rows
