"""Shares with their intervals as horizontal bars, and what filtering costs as a curve."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

import longtail.report.drawing.svg as svg
from longtail.report.words import percent

WIDTH, ROW = 420.0, 46.0
CURVE = 300.0


class Share(NamedTuple):
    """One share with its interval; without a value it was refused. `is_bound` where it is a lower bound alone."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    beside: str = ""
    is_bound: bool = False


def shares(name: str, title: str, rows: Sequence[Share], mark: float | None = None) -> Markup:
    """Return a bar for each share, with whiskers, on an axis from 0% to 100%; a dashed line at `mark`."""
    scale = svg.Scale(0.0, 1.0, 2.0, WIDTH - 10)
    bottom = len(rows) * ROW + 4
    ticks = (0.0, 0.25, 0.5, 0.75, 1.0)
    frame = [svg.line(scale(at), 0, scale(at), bottom, "grid" if at else "axis") for at in ticks]
    frame += [svg.text(scale(at), bottom + 16, f"{at:.0%}", "tick", "end" if at == 1 else "middle" if at else None) for at in ticks]
    frame += [svg.line(scale(mark), 0, scale(mark), bottom, "margin")] if mark is not None else []
    told = "; ".join(f"{row.label}: {_told(row)}" for row in rows)
    return svg.picture(name, WIDTH, bottom + 22, title, f"{told}.", *frame, *(_row(row, scale, at * ROW) for at, row in enumerate(rows)))


def _told(row: Share) -> str:
    if row.value is None:
        return "refused"
    if row.is_bound:
        return f"at least {percent(row.value)}"
    known = row.low is not None and row.high is not None
    return percent(row.value) + (f", between {percent(row.low)} and {percent(row.high)}" if known else "")


def _row(row: Share, scale: svg.Scale, top: float) -> Markup:
    said = "refused" if row.value is None else f"{'≥ ' if row.is_bound else ''}{percent(row.value)}"
    beside, style = f"{row.beside} {said}".strip(), "tick" if row.value is None else "value"
    pieces = [svg.text(6, top + 15, row.label, "label"), svg.text(WIDTH - 12, top + 15, beside, style, "end")]
    if row.value is None:
        return Markup("").join(pieces)
    middle = top + 30
    pieces.append(svg.tag("rect", x=scale(0), y=middle - 7, width=scale(row.value) - scale(0), height=14, class_="bar strong"))
    if row.low is not None and row.high is not None and not row.is_bound:
        pieces.append(svg.whisker(scale(row.low), scale(row.high), middle))
    return Markup("").join(pieces)


def costs(name: str, title: str, points: Sequence[tuple[float, float]], chosen: tuple[float, float] | None) -> Markup:
    """Return a curve of (share of human documents lost, share of machine-made ones removed), with the point that is chosen."""
    across, up = svg.Scale(0.0, max([0.02, *(x for x, _ in points)]), 52.0, WIDTH - 12), svg.Scale(0.0, 1.0, CURVE - 52, 12.0)
    pieces = _frame(across, up)
    places = [(across(x), up(y)) for x, y in sorted(points)]
    pieces += [svg.polyline(places, "line s2"), *(svg.marker(0, x, y, "s2") for x, y in places[:24])]
    if chosen is not None:
        x, y = across(chosen[0]), up(chosen[1])
        pieces += [svg.marker(3, x, y, "s1", size=6.5), svg.text(x + 11, y + 16, "chosen", "value")]
    told = "; ".join(f"{percent(x)} of human documents lost, {percent(y)} of machine-made ones removed" for x, y in sorted(points)[:12])
    return svg.picture(name, WIDTH, CURVE, title, f"{told}.", *pieces)


def _frame(across: svg.Scale, up: svg.Scale) -> list[Markup]:
    pieces = [svg.line(52, up(at), WIDTH - 12, up(at), "grid" if at else "axis") for at in (0.0, 0.5, 1.0)]
    pieces += [svg.text(46, up(at) + 4, f"{at:.0%}", "tick", "end") for at in (0.0, 0.5, 1.0)]
    ends = (0.0, across.high / 2, across.high)
    pieces += [svg.text(across(at), CURVE - 34, percent(at), "tick", "end" if at == across.high else "middle") for at in ends]
    pieces.append(svg.text((52 + WIDTH - 12) / 2, CURVE - 12, "human documents lost →", "tick", "middle"))
    return pieces
