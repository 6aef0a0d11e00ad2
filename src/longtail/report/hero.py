"""The first picture of a lineage: common items beside rare ones, over the generations."""

import longtail.report.drawing.charts as charts
import longtail.report.drawing.curves as curves
import longtail.report.drawing.hero as drawing
import longtail.report.names as names
import longtail.report.words as words
from longtail.records import Estimate, LineageRecord, Report
from longtail.report.panels import finite, margin_of, ranged
from longtail.report.words import Panel

COMMON, RARE = 0, 1
FLAT = 0.95
"""Share of common items up to which their line is called flat."""
Points = list[curves.Point]


def hero(report: Report) -> Panel | None:
    """Return the picture of common and rare items over the generations, or None where one of them was not measured."""
    found, lineage = words.panel(report, "common"), report.lineage
    if found is None or lineage is None:
        return None
    common, rare = _common(found), _rare(report, lineage, str(found.get("view")))
    if not common or not rare:
        return None
    start = [curves.START] if lineage.baseline == "generation_1" else []
    lines = [("common items", COMMON, start + common), ("rare items", RARE, start + rare)]
    against = words.baseline(lineage.baseline)
    marks = marked(report)
    return {
        "view": names.view(found.get("view")),
        "against": against,
        "chart": drawing.pair("head-and-tail", f"Common and rare items left, against {against}", lines, margin_of(report), marks),
        "legend": [(charts.swatch(look), label) for label, look, _ in lines],
        "limit": words.percent(margin_of(report)).replace(".0%", "%"),
        "marks": marks,
        "undecided": any(point.hollow for point in rare),
        "told": sentence(common[-1], rare[-1]),
        "table": [
            [label, str(each.generation), words.percent(each.value), ranged(each.low, each.high)]
            for label, _, line in lines
            for each in line
        ],
    }


def _common(found: Panel) -> Points:
    points = [_point(row) for row in words.rows(found, "rows")]
    return sorted(point for point in points if point is not None)


def _point(row: Panel) -> curves.Point | None:
    number, (value, low, high) = row.get("generation"), (finite(row.get(name)) for name in ("ratio", "low", "high"))
    return None if not isinstance(number, int) or value is None or low is None or high is None else curves.Point(number, value, low, high)


def _rare(report: Report, lineage: LineageRecord, view: str) -> Points:
    """Return the estimates that the verdict was made from, so that picture and verdict cannot differ."""
    found = [each for each in report.estimates if _is_rare(each, lineage, view)]
    found.sort(key=lambda each: each.generation or 0)
    return [curves.Point(each.generation or 0, each.value, each.low, each.high, each.decision == "inconclusive") for each in found]


def _is_rare(each: Estimate, lineage: LineageRecord, view: str) -> bool:
    told = (each.metric, each.view, each.baseline, each.slice, each.kind)
    return told == ("tail_types_retained", view, lineage.baseline, None, "ratio") and each.generation is not None


def marked(report: Report) -> list[tuple[int, str]]:
    """Return the first generation whose training set has less of the real data than the one before, and what it kept, in words."""
    rows = [(row.get("generation"), finite(row.get("retained"))) for row in words.rows(words.panel(report, "regime"), "rows")]
    for number, retained in rows:
        if isinstance(number, int) and retained is not None and retained < 1:
            return [(number, f"real data cut to {retained:.0%}")]
    return []


def sentence(common: curves.Point, rare: curves.Point) -> str:
    """Return the sentence under the picture; it sets the two apart only where their ranges do not meet."""
    told = (
        f"At generation {rare.generation}, {words.percent(common.value)} of the common items are left, "
        f"and {words.percent(rare.value)} of the rare ones ({ranged(rare.low, rare.high)})."
    )
    if rare.high < common.low and common.high >= FLAT:
        return f"{told} The head looks flat while the tail falls, so averages and spot checks can miss it."
    if rare.high < common.low:
        return f"{told} More of the rare items went than of the common ones."
    if rare.low > common.high:
        return f"{told} The rare items held out better than the common ones."
    return f"{told} The data do not set the two apart."
