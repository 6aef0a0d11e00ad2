"""What else could lie behind the numbers, how far the content has moved, and what was looked at without judging."""

from typing import NamedTuple

import longtail.report.words as words
from longtail.records import Report
from longtail.report.panels import ROWS, finite
from longtail.report.words import Panel

NAMES = {
    "collapse": "learning from model output (collapse)",
    "drift": "other subjects (drift)",
    "sharpening": "favourites preferred (sharpening)",
    "overfitting": "learning by heart (overfitting)",
}
SPEAKS = {"supported": "supported", "against": "not supported", "not_measured": "not measured"}
ORDER = tuple(SPEAKS)


class Explained(NamedTuple):
    """One possible cause: its name, how it stands, whether the numbers speak for it, and why."""

    name: str
    status: str
    speaks: str
    because: str


def page(report: Report) -> Panel | None:
    """Return the possible causes and how far the content has moved, or None where nothing is said of either."""
    found = {"causes": explained(report), "shift": shift(report)}
    return found if any(found.values()) else None


def explained(report: Report) -> list[Explained]:
    """Return the possible causes, those that the numbers support first."""
    ordered = sorted(report.differential, key=lambda each: ORDER.index(each.status))
    return [Explained(NAMES[each.name], each.status, SPEAKS[each.status], words.one_line(each.because, 600)) for each in ordered]


def shift(report: Report) -> Panel | None:
    """Return how far the content has moved as a sentence, and its numbers as rows; None where it was not measured."""
    found = words.panel(report, "shift") or {}
    moved, expected, p = (finite(found.get(name)) for name in ("total_variation", "expected", "p"))
    if moved is None:
        return None
    by_chance = f"; with nothing changed, about {words.percent(expected)} would look so by chance" if expected is not None else ""
    rows = [["Use that went elsewhere", words.percent(moved)], ["expected by chance", words.percent(expected)]]
    rows += [["p", "–" if p is None else words.chance(p)], ["groups of items", words.count(finite(found.get("buckets")))]]
    return {"sentence": f"{words.percent(moved)} of all use has gone to other items{by_chance}.", "rows": rows}


def exploratory(report: Report) -> Panel | None:
    """Return the table of what was looked at without judging, or None where there is none."""
    found = words.panel(report, "exploratory")
    rows = words.rows(found, "rows")
    if found is None or not rows:
        return None
    return {
        "title": words.one_line(str(found.get("title") or ""), 120),
        "adjustment": words.one_line(str(found.get("adjustment") or ""), 60),
        "rows": [_row(row) for row in rows[:ROWS]],
        "hidden": len(rows) - len(rows[:ROWS]),
    }


def _row(row: Panel) -> list[str]:
    value, low, high = (words.number(finite(row.get(name))) for name in ("value", "low", "high"))
    chances = [finite(row.get(name)) for name in ("p", "p_adjusted")]
    name = words.named(words.one_line(str(row.get("metric", "")), 60), words.one_line(str(row.get("view") or ""), 40))
    return [name, value, f"{low} to {high}", *("–" if one is None else words.chance(one) for one in chances)]
