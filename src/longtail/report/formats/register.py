"""The risk register: every finding of an audit as a row, with who answers for it, what mends it and when it is looked at again."""

import operator
from datetime import date, datetime, timedelta
from pathlib import Path

import msgspec

import longtail.report.stages as stages
from longtail.errors import UsageError
from longtail.records import Report
from longtail.report.formats.csv import table
from longtail.report.formats.json import dumped
from longtail.report.put import put
from longtail.report.words import Panel
from longtail.rules.lt8_monitoring import EVERY_DAYS
from longtail.rules.stages import PLACES

COLUMNS = ("code", "what", "because", "where", "generation", "severity", "state", "stage", "moment", "owner", "remedy", "unlocks", "review")
SUFFIXES = (".csv", ".json")


def register(report: Report) -> list[Panel]:
    """Return a row for each finding, those that stand first, in the order of the report.

    `state` is open, suppressed (by an override) or accepted (by its numbers). `owner` is that of the override of the code, one
    that has run out too, and None where nobody is named. `review` is the day of the next audit, by `audit_every_days` of the
    pipeline or 30 days, or the last day of the override where that is sooner.
    """
    found = [msgspec.to_builtins(each) | {"kind": "open"} for each in report.findings]
    return [_row(each, report) for each in (*found, *stages.held_back(report))]


def _row(each: Panel, report: Report) -> Panel:
    place = PLACES.get(str(each["code"]))
    overrides = [one for one in _overrides(report) if one.get("code") == each["code"]]
    owners = list(dict.fromkeys(str(one["owner"]) for one in overrides if one.get("owner")))
    ends = [date.fromisoformat(str(one["expires"])) for one in overrides if each["kind"] == "suppressed"]
    return {
        "code": each["code"],
        "what": each.get("title", ""),
        "because": each.get("because", ""),
        "where": each.get("where", ""),
        "generation": each.get("generation"),
        "severity": each.get("status", ""),
        "state": each["kind"],
        "stage": place.stage if place else None,
        "moment": place.moment if place else None,
        "owner": ", ".join(owners) or None,
        "remedy": each.get("remedy", ""),
        "unlocks": list(each.get("unlocks", ())),
        "review": min([_next(report), *ends]).isoformat(),
    }


def _pipeline(report: Report) -> Panel:
    found = report.settings.get("pipeline")
    return found if isinstance(found, dict) else {}


def _overrides(report: Report) -> list[Panel]:
    found = _pipeline(report).get("overrides")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list | tuple) else []


def _next(report: Report) -> date:
    """Return the day by which the next audit is due."""
    days = _pipeline(report).get("audit_every_days")
    return datetime.fromisoformat(report.created_at).date() + timedelta(days=days if isinstance(days, int) else EVERY_DAYS)


def write_register(report: Report, path: str | Path) -> None:
    """Write the risk register as CSV or JSON, by the suffix of `path`; an existing file is replaced in one step.

    Raises:
        UsageError: The suffix names neither, or the file cannot be written.
    """
    target = Path(path)
    if target.suffix.lower() not in SUFFIXES:
        raise UsageError(f"cannot tell the format of {str(path)!r} from its suffix; known suffixes: {', '.join(SUFFIXES)}")
    rows = register(report)
    is_table = target.suffix.lower() == ".csv"
    put(target, table(COLUMNS, map(operator.itemgetter(*COLUMNS), rows), end="\n") if is_table else dumped(rows, indent=2) + "\n")
