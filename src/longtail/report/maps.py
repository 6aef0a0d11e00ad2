"""The map of a feature space as the page shows it."""

import math
from typing import Any

import longtail.report.drawing.maps as drawing
import longtail.report.words as words
from longtail.records import Report
from longtail.report.panels import finite
from longtail.report.words import Panel

MOST_MAPS = 4
MOST_POINTS = 1000
MOST_LABELS = 8


def maps(report: Report) -> list[Panel]:
    """Return a map for each column of vectors; where one could not be made, why."""
    return [_map(at, each) for at, each in enumerate(words.listed(report, "maps")[:MOST_MAPS])]


def _map(at: int, found: Panel) -> Panel:
    name = words.one_line(str(found.get("column", "")), 40)
    there, here = _points(found.get("reference")), _points(found.get("candidate"))
    if not there or not here:
        return {"name": name, "chart": None, "why": words.one_line(str(found.get("not_measured") or "no vectors"), 200)}
    cells = words.rows(found, "cells")
    lost = [row for row in cells if row.get("is_lost") is True]
    placed = [(row, place) for row in lost if (place := _point(row.get("at"))) is not None]
    outlined = [drawing.Cell(*place, label=_label(row) if at < MOST_LABELS else "") for at, (row, place) in enumerate(placed)]
    total = max(int(finite(found.get("cells_total")) or 0), len(lost))
    explained = finite(found.get("explained"))
    against = words.baseline(found.get("baseline"))
    return {
        "name": name,
        "chart": drawing.plane(f"map-{at}", f"Documents by {name}: reference and audited", there, here, outlined),
        "explained": words.percent(explained),
        "drawn": words.count(len(there) + len(here)),
        "against": against,
        "told": _told(total, finite(found.get("regions")), against),
        "cells": [_row(row) for row in cells],
    }


def _points(written: Any) -> list[tuple[float, float]]:
    """Return the points of a text such as `1,2 3,4`; what is none is left out."""
    parts = written.split()[:MOST_POINTS] if isinstance(written, str) else []
    found = [_point(part.split(",")) for part in parts]
    return [point for point in found if point is not None]


def _point(pair: Any) -> tuple[float, float] | None:
    try:
        x, y = (float(part) for part in pair)
    except (TypeError, ValueError):
        return None
    return (x, y) if math.isfinite(x) and math.isfinite(y) else None


def _label(row: Panel) -> str:
    terms = [words.one_line(str(term), 12) for term in row.get("terms") or []][:2]
    return ", ".join(terms) or f"region {row.get('region')}"


def _told(lost: int, regions: float | None, against: str) -> str:
    if not lost:
        return f"No region of {against} is empty beyond what chance would leave empty."
    are = "is" if lost == 1 else "are"
    reached = f"regions {are} reached by documents of {against} and by none of the audited"
    return f"{lost:,} of {words.count(regions)} {reached}, which chance hardly explains."


def _row(row: Panel) -> list[str]:
    terms = ", ".join(words.one_line(str(term), 24) for term in row.get("terms") or [])
    examples = ", ".join(words.one_line(str(name), 24) for name in row.get("examples") or [])
    expected, chance = finite(row.get("expected")), finite(row.get("chance"))
    return [
        f"region {row.get('region')}" + (f": {terms}" if terms else ""),
        examples or "–",
        words.count(finite(row.get("documents"))),
        "–" if expected is None else f"{expected:.1f}",
        "–" if chance is None else words.chance(chance),
        "lost" if row.get("is_lost") is True else "may be chance",
    ]
