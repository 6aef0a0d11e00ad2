"""Who disappeared, sample by sample: what stands beside each vanished item on the page."""

import math
from typing import Any

import longtail.report.drawing.sparks as sparks
import longtail.report.words as words
from longtail.records import Report
from longtail.report.words import Panel

NOTHING: Panel = {"samples": [], "fading": [], "held": [], "by_chance": ""}


def fading(report: Report, shown: int) -> Panel:
    """Return, for each of the items that are shown, its line and its counts, and whether the training data still have it.

    Args:
        report: The report.
        shown: Items that are shown; where the numbers are of other items, nothing is.
    """
    found = words.panel(report, "fading")
    rows = (found or {}).get("rows")
    if found is None or not isinstance(rows, list | tuple) or len(rows) < shown:
        return NOTHING
    samples = [row for row in words.rows(found, "samples") if _number(row.get("documents"))]
    held = [_held(count) for count in (found.get("held") or [])[:shown]]
    return _lines(samples, list(rows[:shown])) | {"held": held, "by_chance": _by_chance(found.get("by_chance"))}


def _lines(samples: list[Panel], rows: list[Any]) -> Panel:
    """Return the names of the samples and the lines of the items; none where there are fewer than three points to a line."""
    sizes = [row["documents"] for row in samples]
    if len(samples) < 3 or not all(isinstance(row, list | tuple) and len(row) == len(sizes) for row in rows):
        return {"samples": [], "fading": []}
    return {"samples": [words.one_line(str(row.get("name", "")), 40) for row in samples], "fading": [_item(row, sizes) for row in rows]}


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and math.isfinite(value) and value > 0


def _item(row: Any, sizes: list[float]) -> tuple[Any, str]:
    """Return the line of the shares of documents, and the counts in words."""
    counts = [count if isinstance(count, int) else None for count in row]
    shares = [(count or 0) / size for count, size in zip(counts, sizes, strict=True)]
    return sparks.spark(shares), ", ".join("?" if count is None else f"{count:,}" for count in counts)


def _held(count: Any) -> str:
    return "not known" if not isinstance(count, int) else f"yes, {words.counted(count, 'document')}" if count else "no"


def _by_chance(value: Any) -> str:
    return words.count(value) if isinstance(value, int | float) and math.isfinite(value) else ""
