"""Slices as the terminal and the page show them: what became of each class of documents, the worst first."""

from typing import Any, NamedTuple

import longtail.report.words as words
from longtail.records import Report, Status
from longtail.report.panels import ROWS, finite, ranged
from longtail.report.words import Panel

STANDS = {
    "kept": "all that could be judged were kept",
    "partial": "only some of them are shrinking",
    "lost": "all that could be judged are shrinking",
    "not_measured": "none could be judged",
}


class Slice(NamedTuple):
    """One class of documents: its name, what was expected and seen, what is left, and what that was judged to be.

    `decision` is empty and `judged` says why where the class is too rare to judge; `order` grows from worst to best, with
    what cannot be judged last.
    """

    column: str
    name: str
    share: str
    expected: str
    seen: str
    left: str
    interval: str
    p: str
    decision: str
    status: Status | None
    judged: str
    order: tuple[int, float]


class Column(NamedTuple):
    """The classes of one column, the worst first; `blank` of them cannot be judged, `hidden` are left out."""

    name: str
    stands: str
    chosen_by: str
    rows: list[Slice]
    blank: int
    hidden: int


def columns(report: Report) -> list[Column]:
    """Return the columns that documents were divided by; those without rows are left out."""
    return [_column(one, rows) for one in words.listed(report, "slices") if (rows := words.rows(one, "rows"))]


def _column(found: Panel, rows: list[Panel]) -> Column:
    name = words.one_line(str(found.get("column") or "class"), 40)
    chosen = words.one_line(str(found.get("chosen_by") or ""), 40)
    stands = STANDS.get(str(found.get("status")), "")
    worst = sorted(rows, key=_gravity)[:ROWS]
    blank = sum(words.DECISIONS.get(str(row.get("decision"))) is None for row in rows)
    return Column(name, stands, chosen, [_slice(name, row) for row in worst], blank, len(rows) - len(worst))


def _gravity(row: Panel) -> tuple[int, float]:
    status = words.DECISIONS.get(str(row.get("decision")))
    ratio = finite(row.get("ratio"))
    return (len(words.GRAVITY) if status is None else words.GRAVITY.index(status), ratio if ratio is not None else 0.0)


def worst_first(found: list[Column]) -> list[Slice]:
    """Return the classes of all columns in one list, the worst first."""
    return sorted((each for column in found for each in column.rows), key=lambda each: each.order)


def _slice(column: str, row: Panel) -> Slice:
    status = words.DECISIONS.get(str(row.get("decision")))
    why = words.one_line(str(row.get("why_not") or ""), 120)
    p = finite(row.get("p_adjusted"))
    return Slice(
        column,
        words.one_line(str(row.get("slice", "")), 60),
        words.percent(finite(row.get("reference_share"))),
        _documents(row.get("expected")),
        _documents(row.get("seen")),
        words.percent(finite(row.get("ratio"))),
        ranged(row.get("low"), row.get("high")),
        "–" if p is None else words.chance(p),
        str(row.get("decision")) if status else "",
        status,
        "yes" if row.get("auditable") else f"no: {why}" if why else "no",
        _gravity(row),
    )


def _documents(value: Any) -> str:
    number = finite(value)
    return "–" if number is None else f"{number:,.1f}".removesuffix(".0") if number < 10 else words.count(number)
