"""Pairs of intervals: the same measure twice, one above the other."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

import longtail.report.drawing.svg as svg
from longtail.report.words import percent

WIDTH, ROW = 420.0, 66.0
LOOKS = (0, 2)
"""Colour and mark of the first and of the second."""


class Pair(NamedTuple):
    """One measure: what it is called, what came of it, and twice its (value, low, high)."""

    label: str
    said: str
    first: tuple[float, float, float]
    second: tuple[float, float, float]


def pairs(name: str, title: str, rows: Sequence[Pair], names: tuple[str, str] = ("A", "B")) -> Markup:
    """Return two intervals for each measure, with a line at 100%."""
    scale = svg.Scale(0.0, min(max([1.1, *(max(row.first[2], row.second[2]) for row in rows)]) * 1.02, 2.0), 24.0, WIDTH - 10)
    bottom = len(rows) * ROW + 4
    told = "; ".join(f"{row.label}: {_told(row, names)}" for row in rows)
    frame = [
        svg.line(scale(1), 0, scale(1), bottom, "one"),
        svg.line(scale(0), 0, scale(0), bottom, "axis"),
        svg.text(scale(0), bottom + 16, "0%", "tick"),
        svg.text(scale(1) + 2, bottom + 16, "100%", "tick"),
    ]
    drawn = [_pair(row, names, scale, at * ROW) for at, row in enumerate(rows)]
    return svg.picture(name, WIDTH, bottom + 24, title, f"{told}.", *frame, *drawn)


def _told(row: Pair, names: tuple[str, str]) -> str:
    each = [f"{name} {percent(of[0])}, between {percent(of[1])} and {percent(of[2])}" for name, of in zip(names, row[2:], strict=True)]
    return f"{', '.join(each)}{f' ({row.said})' if row.said else ''}"


def _pair(row: Pair, names: tuple[str, str], scale: svg.Scale, top: float) -> Markup:
    pieces = [svg.text(28, top + 18, row.label, "label"), svg.text(scale(1) - 8, top + 18, row.said, "value", "end")]
    for at, (value, low, high) in enumerate((row.first, row.second)):
        y, look = top + 34 + 18 * at, LOOKS[at]
        pieces += [
            svg.text(4, y + 4, names[at], "tick"),
            svg.line(scale(low), y, scale(high), y, f"range s{look}"),
            svg.marker(look, scale(value), y, f"s{look}", size=4.6),
        ]
    return Markup("").join(pieces)
