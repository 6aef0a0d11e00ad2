"""The two pictures of an audit: what is kept, and how often each rank is used."""

import math
from typing import NamedTuple

from markupsafe import Markup

import longtail.report.drawing.svg as svg
from longtail.report.words import percent

WIDTH = 420.0
ROW = 56.0


class Bar(NamedTuple):
    """One bar: a share of the baseline with its interval; no value means not measured."""

    label: str
    value: float | None
    low: float | None
    high: float | None
    strong: bool = False


class Line(NamedTuple):
    """One line of (rank, frequency) points, both above zero."""

    name: str
    points: list[tuple[float, float]]
    look: int


def kept_bars(name: str, title: str, rows: list[Bar], margin: float) -> Markup:
    """Return horizontal bars of shares kept, with whiskers, a line at 100% and a dashed line at `margin`."""
    reach = max([1.2, *(bar.high or bar.value or 0.0 for bar in rows)])
    scale = svg.Scale(0.0, min(reach * 1.02, 2.0), 1.0, WIDTH - 8)
    bottom = len(rows) * ROW + 6
    told = "; ".join(f"{bar.label}: {_told(bar)}" for bar in rows)
    frame = [
        svg.line(scale(1), 0, scale(1), bottom, "one"),
        svg.line(scale(margin), 0, scale(margin), bottom, "margin"),
        svg.line(scale(0), 0, scale(0), bottom, "axis"),
        svg.text(scale(0), bottom + 16, "0%", "tick"),
        svg.text(scale(margin) - 4, bottom + 16, percent(margin).replace(".0%", "%"), "tick", "end"),
        svg.text(scale(1) + 2, bottom + 16, "100%", "tick", "start"),
    ]
    bars = [_bar(bar, scale, index * ROW) for index, bar in enumerate(rows)]
    return svg.picture(name, WIDTH, bottom + 24, title, f"Share kept. {told}.", *frame, *bars)


def _told(bar: Bar) -> str:
    if bar.value is None:
        return "not measured"
    known = bar.low is not None and bar.high is not None
    return percent(bar.value) + (f", between {percent(bar.low)} and {percent(bar.high)}" if known else "")


def _bar(bar: Bar, scale: svg.Scale, top: float) -> Markup:
    style = "bar strong" if bar.strong else "bar"
    label = svg.text(6, top + 20, bar.label, "label")
    if bar.value is None:
        return label + svg.text(6, top + 41, "not measured", "tick")
    middle = top + 37
    pieces = [
        label,
        svg.text(WIDTH - 10, top + 20, percent(bar.value) + (" →" if bar.value > scale.high else ""), "value", "end"),
        svg.tag("rect", x=scale(0), y=middle - 9, width=scale(bar.value) - scale(0), height=18, class_=style),
    ]
    if bar.low is not None and bar.high is not None:
        pieces.append(svg.whisker(scale(bar.low), scale(bar.high), middle))
    return Markup("").join(pieces)


def ranks(name: str, title: str, description: str, lines: list[Line]) -> Markup:
    """Return rank against frequency on two logarithmic axes, one line and one marker shape per sample."""
    xs = [x for line in lines for x, _ in line.points]
    ys = [y for line in lines for _, y in line.points]
    across = svg.Scale(min(xs), max(xs), 84, 468, log=True)
    up = svg.Scale(min(ys), max(ys), 284, 12, log=True)
    grid = [svg.line(across(at), 8, across(at), 288, "grid") for at in decades(min(xs), max(xs))]
    grid += [svg.line(80, up(at), 472, up(at), "grid") for at in decades(min(ys), max(ys))]
    labels = [svg.text(across(at), 306, short(at), "tick", "middle") for at in decades(min(xs), max(xs))]
    labels += [svg.text(76, up(at) + 4, often(at), "tick", "end") for at in decades(min(ys), max(ys))]
    labels.append(svg.text(276, 330, "rank, from the commonest to the rarest →", "tick", "middle"))
    drawn = [_line(line, across, up) for line in lines]
    return svg.picture(name, 480, 338, title, description, *grid, *labels, *drawn)


def _line(line: Line, across: svg.Scale, up: svg.Scale) -> Markup:
    places = [(across(x), up(y)) for x, y in line.points]
    marks = [svg.marker(line.look, *places[index], style=f"s{line.look}") for index in spread(len(places), 9)]
    return Markup("").join([svg.polyline(places, f"line s{line.look}"), *marks])


def swatch(look: int) -> Markup:
    """Return the short sample of a line that stands in a legend."""
    stroke = svg.line(0, 7, 34, 7, f"line s{look}")
    return svg.tag("svg", stroke, svg.marker(look, 17, 7, f"s{look}"), viewBox="0 0 34 14", width="34", height="14", aria_hidden="true")


def spread(length: int, most: int) -> list[int]:
    """Return at most `most` positions of a list, evenly spread, with the first and the last."""
    if length <= most:
        return list(range(length))
    return sorted({round(step * (length - 1) / (most - 1)) for step in range(most)})


def decades(low: float, high: float) -> list[float]:
    """Return the powers of ten in [low, high]."""
    return [10.0**power for power in range(math.ceil(math.log10(low) - 1e-9), math.floor(math.log10(high) + 1e-9) + 1)]


def short(value: float) -> str:
    """Return a count as 1, 10, 100, 1k, 10k, 1M."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def often(value: float) -> str:
    """Return a frequency as words: a count as it is, a share as `1 in 1k`."""
    return short(value) if value >= 1 else f"1 in {short(round(1 / value))}"
