"""Ratios over the generations as lines with bands: the axes and strokes that the pictures of lineages share."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from markupsafe import Markup

import longtail.report.drawing.charts as charts
import longtail.report.drawing.svg as svg

MOST_TICKS = 8
MOST_MARKS = 12


class Point(NamedTuple):
    """A ratio with its interval at one generation; `hollow` where too few documents were there to decide."""

    generation: float
    value: float
    low: float
    high: float
    hollow: bool = False


START = Point(1, 1.0, 1.0, 1.0)


class Plot(NamedTuple):
    """The two axes of a picture over generations, in the units of the picture."""

    across: svg.Scale
    up: svg.Scale


def ceiling(bounds: Iterable[float]) -> float:
    """Return the top of an axis of ratios: 110%, or the next tenth above the highest of `bounds`, at most 200%."""
    return min(max(1.1, math.ceil(max(bounds, default=1.0) * 10 - 1e-9) / 10), 2.0)


def axes(plot: Plot, left: float, right: float) -> list[Markup]:
    """Return grid, shares at the left and generations below, between `left` and `right`."""
    shares = [0.0, 0.25, 0.5, 0.75, 1.0]
    bottom, first, last = plot.up.start, int(plot.across.low), int(plot.across.high)
    pieces = [svg.line(left, plot.up(share), right, plot.up(share), "grid" if share else "axis") for share in shares]
    pieces += [svg.text(left - 6, plot.up(share) + 4, f"{share:.0%}", "tick", "end") for share in shares]
    steps = [step + first for step in charts.spread(last - first + 1, MOST_TICKS)]
    pieces += [svg.text(plot.across(step), bottom + 18, str(step), "tick", "middle") for step in steps]
    return [*pieces, svg.text((left + right) / 2, bottom + 38, "generation", "tick", "middle")]


def curve(points: Sequence[Point], look: int, plot: Plot) -> Markup:
    """Return the band of the intervals, the line of the values and its marks, hollow where nothing was decided."""
    return band(points, look, plot) + stroke(points, look, plot)


def band(points: Sequence[Point], look: int, plot: Plot) -> Markup:
    """Return the band of the intervals."""
    edge = [(plot.across(point.generation), plot.up(point.high)) for point in points]
    edge += [(plot.across(point.generation), plot.up(point.low)) for point in reversed(points)]
    return svg.tag("polygon", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in edge), class_=f"band s{look}")


def stroke(points: Sequence[Point], look: int, plot: Plot) -> Markup:
    """Return the line of the values and its marks, hollow where nothing was decided."""
    places = [(plot.across(point.generation), plot.up(point.value)) for point in points]
    style = f"s{look}"
    marked = sorted({*charts.spread(len(points), MOST_MARKS), *(at for at, point in enumerate(points) if point.hollow)})
    marks = [svg.marker(look, *places[at], style=style + (" undecided" if points[at].hollow else ""), size=4.2) for at in marked]
    return Markup("").join([svg.polyline(places, f"line {style}"), *marks])


def apart(heights: Sequence[float], gap: float, lowest: float) -> list[float]:
    """Return `heights` moved as little down or up as leaves `gap` between neighbours and none below `lowest`; order is kept.

    Heights grow downwards, as in a picture.
    """
    order = sorted(range(len(heights)), key=lambda at: heights[at])
    placed = list(heights)
    for above, below in zip(order, order[1:], strict=False):
        placed[below] = max(placed[below], placed[above] + gap)
    limit = lowest
    for at in reversed(order):
        placed[at] = min(placed[at], limit)
        limit = placed[at] - gap
    return placed
