"""SARIF 2.1.0, which code scanning and editors read: a result for each finding, at the file that it is about."""

import hashlib
import inspect
from collections.abc import Iterable

import longtail.report.stages as stages
import longtail.report.words as words
from longtail.records import Finding, Report
from longtail.report.addressed import addressed, role_of
from longtail.report.formats.found import file_of, level_of, lines_set_aside, ordered, uri
from longtail.report.formats.json import dumped
from longtail.report.words import Panel
from longtail.rules import RULES

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
MOST = 100
"""Results of one rule."""

HELP = "urn:longtail:docs:rules/"
"""Before a rule's code: its page in the documentation, which has the same path there."""


def to_sarif(report: Report) -> str:
    """Return the report as SARIF 2.1.0.

    What was not measured stands among the notifications of the run, not among the results: code scanning shows every result as an
    alert, and an absence is none. Findings that are accepted for now are results of level note with `suppressions`. A rule has at
    most 100 results; the last one says how many there are.
    """
    shown = addressed(report)
    results, cut = _capped(
        [*(_open(report, each) for each in ordered(report)), *(_held(report, each) for each in stages.held_back(report))]
    )
    codes = sorted({str(each["ruleId"]) for each in results} | {words.one_line(absent.code, 20) for absent in report.not_measured})
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver(report, codes)},
                "invocations": [
                    {
                        "executionSuccessful": True,
                        "commandLine": words.one_line(report.command),
                        "toolExecutionNotifications": [*_absent(shown, codes), *_set_aside(report)],
                    }
                ],
                "columnKind": "utf16CodeUnits",
                "results": [each | {"ruleIndex": codes.index(each["ruleId"])} for each in results],
                "properties": {
                    "phase": report.phase.name,
                    "summary": words.one_line(report.summary),
                    "guarantee": words.one_line(report.guarantee.text),
                    "passed": [words.one_line(code, 20) for code in report.passed],
                    "resultsLeftOut": cut,
                },
            }
        ],
    }
    return dumped(log, indent=2) + "\n"


def _driver(report: Report, codes: Iterable[str]) -> Panel:
    return {
        "name": "longtail",
        "version": words.one_line(report.longtail_version, 40),
        "rules": [_rule(code) for code in codes],
    }


def _rule(code: str) -> Panel:
    """Return what is said of a rule wherever it is found: its title and its page."""
    if code not in RULES:
        unknown = {"text": f"{code} is not among the rules of this version."}
        return {"id": code, "shortDescription": unknown, "fullDescription": unknown, "help": unknown}
    entry = RULES[code]
    page = inspect.getdoc(entry.member) or ""
    return {
        "id": code,
        "name": "".join(word.capitalize() for word in entry.member.__name__.split("_")),
        "shortDescription": {"text": entry.facts["title"]},
        "fullDescription": {"text": entry.summary},
        "help": {"text": page, "markdown": page},
        "helpUri": f"{HELP}{code}/",
        "properties": {"tags": ["data-quality"], "convention": entry.facts["convention"], "source": entry.facts["source"]},
    }


def _open(report: Report, found: Finding) -> Panel:
    evidence = [words.one_line(line, 400) for line in found.evidence[:20]]
    return {"level": level_of(report, found.status), **_result(report, found), "properties": {"evidence": evidence}}


def _held(report: Report, each: Panel) -> Panel:
    code, title, because, where, remedy = (str(each.get(name) or "") for name in ("code", "title", "because", "where", "remedy"))
    generation = each["generation"] if isinstance(each.get("generation"), int) else None
    found = Finding(code=code, status="warn", title=title, because=because, where=where, evidence=(), remedy=remedy, generation=generation)
    by = {"kind": "external", "status": "accepted", "justification": words.one_line(str(each["why"]), 400)}
    return {"level": "note", **_result(report, found), "suppressions": [by]}


def _result(report: Report, found: Finding) -> Panel:
    told = f"{words.one_line(found.title, 120)}: {words.one_line(found.because, 800)}"
    return {
        "ruleId": words.one_line(found.code, 20),
        "message": {"text": told + (f" Next: {words.one_line(found.remedy, 400)}" if found.remedy else "")},
        "locations": [_location(file_of(report, found.where, found.generation))],
        "partialFingerprints": _fingerprints(report, found),
    }


def _fingerprints(report: Report, found: Finding) -> dict[str, str]:
    """Return what tells a finding from others in every run: the rule, the place, its view and the slices asked for.

    Numbers and wording are left out, but that a finding of LT900 begins with the rule that it is about. GitHub reads
    `primaryLocationLineHash` alone.
    """
    role = role_of(found.where)
    subject = found.because.split(" ")[0] if found.code == "LT900" else ""
    view = next((source.view for source in report.inputs if source.role == role), "")
    slices = report.settings.get("by") or ()
    parts = [found.code, role, subject, view, *(sorted(map(str, slices)) if isinstance(slices, list | tuple) else [str(slices)])]
    name = hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:16]
    return {"longtailFinding/v1": name, "primaryLocationLineHash": f"{name}:1"}


def _location(path: str, line: int | None = None) -> Panel:
    address = uri(path)
    base = {} if address.startswith("file:") else {"uriBaseId": "%SRCROOT%"}
    region = {"region": {"startLine": line}} if line else {}
    return {"physicalLocation": {"artifactLocation": {"uri": address, **base}, **region}}


def _capped(results: Iterable[Panel]) -> tuple[list[Panel], dict[str, int]]:
    """Return the first results of each rule, the last of which counts those left out, and that count by rule."""
    listed = list(results)
    kept: dict[str, list[Panel]] = {}
    for each in listed:
        kept.setdefault(each["ruleId"], []).append(each)
    cut = {code: len(found) - MOST for code, found in kept.items() if len(found) > MOST}
    for code, left_out in cut.items():
        last = kept[code][MOST - 1]
        last["message"] = {"text": f"{last['message']['text']} ({left_out:,} more of {code} are in the JSON report)"}
    return [each for found in kept.values() for each in found[:MOST]], cut


def _absent(report: Report, codes: list[str]) -> list[Panel]:
    """Return a notification for each rule that was not measured, with why and the command that would enable it."""
    notifications = []
    for absent in report.not_measured:
        code = words.one_line(absent.code, 20)
        enable = f"; enable: {words.one_line(absent.enable, 400)}" if absent.enable else ""
        notifications.append(
            {
                "descriptor": {"id": "not-measured"},
                "associatedRule": {"id": code, "index": codes.index(code)},
                "level": "note",
                "message": {"text": f"{code} not measured: {words.one_line(absent.reason, 600)}{enable}"},
            }
        )
    return notifications


def _set_aside(report: Report) -> list[Panel]:
    """Return a notification for each document that was listed as set aside, at its line where that is known."""
    rows: list[tuple[str, int | None, str]] = lines_set_aside(report)
    return [
        {
            "descriptor": {"id": "set-aside"},
            "level": "warning",
            "message": {"text": f"document set aside: {reason or 'no reason was given'}"},
            "locations": [_location(path or "data", line)],
        }
        for path, line, reason in rows
    ]
