"""Two audits side by side: whether their numbers may be held against each other, and which of them differ by more than their intervals.

A difference is marked where the two intervals do not meet. Both may share data - the reference always - so that their errors are
not independent; whatever the dependence, the standard error of a difference is at most the sum of the two, and so a row of normal
errors in which nothing differs is marked with a chance of at most 1 - level.
"""

import os
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec

from longtail.auditing.compared import Change, Comparison, Difference, Row, Ruled, Side, Vanished
from longtail.auditing.likeness import alike, hindrance
from longtail.errors import ReadError, UsageError
from longtail.records import SCHEMA_VERSION, Estimate, Report, Status

NEAR = 1.1
"""Ratio of two numbers of documents up to which measures that move with it are held against each other."""
_LINEAR = frozenset({"tail_mass_retained", "class_share", "heldout_nll", "tail_nll", "accuracy", "tail_accuracy", "filter_tail_kept"})
_GRAVITY = {"pass": 0, "warn": 1, "fail": 2}
_Rank = tuple[int, int, str]
_FIRST: _Rank = (-(2**63), 0, "")
_Key = tuple[str, str, str | None, int | None, str | None, str]


def read_report(path: str | os.PathLike[str]) -> Report:
    """Read a report that `longtail audit --out` wrote as JSON.

    Raises:
        ReadError: There is none, or it is no report of this version of the schema.
    """
    name = os.fspath(path)
    fix = "name a file that longtail audit --out FILE.json wrote"
    try:
        found = msgspec.json.decode(Path(name).read_bytes())
        stated = found.get("schema_version") if isinstance(found, dict) else None
        if isinstance(stated, str) and stated != SCHEMA_VERSION:
            raise ReadError(name, f"is of schema {stated}, and {SCHEMA_VERSION} is read here", fix="audit the data again with this version")
        return msgspec.convert(found, Report)
    except OSError as error:
        if isinstance(error, ReadError):
            raise
        raise ReadError(name, f"cannot be read: {error.strerror}", fix=fix) from None
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise ReadError(name, f"is no report of an audit: {error}", fix=fix) from None


def compare(a: Report, b: Report, names: tuple[str, str] = ("A", "B")) -> Comparison:
    """Hold a second audit against a first.

    Args:
        a: The first.
        b: The second.
        names: What they are called.

    Raises:
        UsageError: One is of a data set and the other of a lineage.
    """
    if (a.lineage is None) != (b.lineage is None):
        lone = names[0 if a.lineage is None else 1]
        raise UsageError(f"{lone!r} is the audit of one data set and the other that of a lineage; compare two of one kind")
    conditions = alike(a, b)
    hindrances = tuple(filter(None, map(hindrance, conditions)))
    rows = tuple(_rows(a, b, hindrances))
    levels = [min(row.a.level, row.b.level) for row in rows if row.difference != "not_comparable" and row.a and row.b]
    because, gone = _vanished(a, b, hindrances)
    panels = [_panel(each) for each in (a, b)]
    return Comparison(
        longtail_version=version("longtail"),
        a=_side(a, names[0]),
        b=_side(b, names[1]),
        alike=conditions,
        hindrances=hindrances,
        rows=rows,
        compared=len(levels),
        by_chance=sum(1 - level for level in levels),
        vanished_view=str(panels[0].get("view", "")),
        vanished=gone,
        vanished_because=because,
        vanished_totals=(panels[0].get("total"), panels[1].get("total")),
        findings=tuple(_findings(a, b)),
    )


def _side(report: Report, name: str) -> Side:
    judged = [each for each in report.inputs if each.role == "candidate"]
    return Side(
        name=name,
        longtail_version=report.longtail_version,
        created_at=report.created_at,
        data=", ".join(each.path for each in judged),
        documents=sum(each.documents for each in judged),
        sha256=judged[0].sha256 if len(judged) == 1 else None,
        phase=report.phase.name,
        summary=report.summary,
        regime=report.regime,
    )


def _key(each: Estimate) -> _Key:
    return (each.metric, each.view, each.slice, each.generation, each.baseline, each.kind)


def _rows(a: Report, b: Report, hindrances: tuple[str, ...]) -> list[Row]:
    first, second = ({_key(each): each for each in report.estimates} for report in (a, b))
    return [_row(key, first.get(key), second.get(key), hindrances) for key in dict.fromkeys([*first, *second])]


def _row(key: _Key, a: Estimate | None, b: Estimate | None, hindrances: tuple[str, ...]) -> Row:
    because = "not measured in one of them" if a is None or b is None else hindrances[0] if hindrances else _unlike(a, b)
    difference: Difference = "not_comparable" if because or a is None or b is None else _difference(a, b)
    known = a or b
    return Row(
        metric=key[0],
        view=key[1],
        slice=key[2],
        generation=key[3],
        baseline=known.baseline if known else None,
        a=a,
        b=b,
        difference=difference,
        because=because,
    )


def _difference(a: Estimate, b: Estimate) -> Difference:
    return "higher" if b.low > a.high else "lower" if b.high < a.low else "not_shown"


def _unlike(a: Estimate, b: Estimate) -> str:
    """Return why two numbers of one name may not be held against each other; empty where they may."""
    for name in ("unit", "method", "resampling_unit", "tau"):
        if getattr(a, name) != getattr(b, name):
            return f"made differently: {name} is {getattr(a, name)} and {getattr(b, name)}"
    fewer, more = sorted((a.n, b.n))
    if a.metric not in _LINEAR and more > NEAR * max(fewer, 1):
        return f"{a.n:,} and {b.n:,} {a.resampling_unit}s: this number moves with how many there are"
    return ""


def _panel(report: Report) -> dict[str, Any]:
    found = report.panels.get("vanished")
    return found if isinstance(found, dict) else {}


def _vanished(a: Report, b: Report, hindrances: tuple[str, ...]) -> tuple[str, tuple[Vanished, ...]]:
    """Return why the lists of what vanished cannot be held against each other, and what is in either of them."""
    panels = [_panel(report) for report in (a, b)]
    if hindrances or not all(panels):
        return hindrances[0] if hindrances else "one of the audits has no list of what vanished", ()
    if panels[0].get("view") != panels[1].get("view"):
        return "the two lists are of different views", ()
    listed = [{_rank(row): row for row in _listed(panel.get("rows"))} for panel in panels]
    ends = [_end(panel, found) for panel, found in zip(panels, listed, strict=True)]
    return "", tuple(_gone(rank, listed, ends) for rank in sorted(listed[0].keys() | listed[1].keys()))


def _rank(row: dict[str, Any]) -> _Rank:
    """Return the place of a type in the order of every list by one reference and one baseline: commonest first."""
    known, before = row.get("reference_documents") or 0, row.get("baseline_documents")
    return (-(known if before is None else before), -known, str(row.get("example_id") or row.get("type")))


def _end(panel: dict[str, Any], found: dict[_Rank, Any]) -> _Rank | None:
    """Return the last place that a list reaches; None where it is whole."""
    return max(found, default=_FIRST) if len(found) < (panel.get("total") or 0) else None


def _gone(rank: _Rank, listed: list[dict[Any, Any]], ends: list[_Rank | None]) -> Vanished:
    row = listed[0].get(rank) or listed[1].get(rank) or {}
    there = [_is_there(rank, found, end) for found, end in zip(listed, ends, strict=True)]
    return Vanished(type=str(row.get("type", "")), reference_documents=row.get("reference_documents"), in_a=there[0], in_b=there[1])


def _is_there(rank: _Rank, found: dict[Any, Any], end: _Rank | None) -> bool | None:
    """Return whether a list names a type; None where it is cut off before the type's place."""
    return True if rank in found else None if end is not None and rank > end else False


def _findings(a: Report, b: Report) -> list[Ruled]:
    states = [_states(report) for report in (a, b)]
    titles = {code: title for report in (a, b) for code, _, title in _found(report)}
    return [
        Ruled(code=code, title=title, a=states[0].get(code), b=states[1].get(code), change=_change(code, states))
        for code, title in sorted(titles.items())
    ]


def _found(report: Report) -> list[tuple[str, Status, str]]:
    """Return code, status and title of all findings, with those that were accepted: what is accepted was found."""
    found: list[tuple[str, Status, str]] = [(each.code, each.status, each.title) for each in report.findings]
    ratchet = report.panels.get("ratchet")
    held = [*_listed(report.panels.get("suppressed")), *_listed(ratchet.get("accepted") if isinstance(ratchet, dict) else None)]
    accepted = [each["finding"] for each in held if isinstance(each.get("finding"), dict)]
    return found + [(str(each["code"]), each["status"], str(each.get("title", ""))) for each in accepted if each.get("status") in _GRAVITY]


def _listed(found: Any) -> list[dict[str, Any]]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list | tuple) else []


def _states(report: Report) -> dict[str, Status]:
    """Return what became of each rule, of several findings of one the gravest."""
    found: dict[str, Status] = dict.fromkeys(report.passed, "pass")
    found |= dict.fromkeys((each.code for each in report.not_measured), "not_measured")
    for code, status, _ in sorted(_found(report), key=lambda each: _GRAVITY[each[1]]):
        found[code] = status
    return found


def _change(code: str, states: list[dict[str, Status]]) -> Change:
    """Return what changed; what one audit did not measure is neither found by it nor mended."""
    grave = [_GRAVITY.get(found.get(code, "not_measured")) for found in states]
    if grave[0] is None or grave[1] is None:
        return "unknown"
    if grave[0] == grave[1]:
        return "kept"
    if not grave[0] or not grave[1]:
        return "gone" if grave[0] else "new"
    return "graver" if grave[1] > grave[0] else "milder"
