"""Steps that lead to one another as a spiral, from the outermost to the innermost, with only the links that are there."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

import longtail.report.drawing.svg as svg

SIZE, CENTRE = 320.0, 160.0
WIDEST, INWARD, TURN = 128.0, 14.0, math.radians(62)
FINE = 12
"""Strokes from one step to the next."""


class Knot(NamedTuple):
    """One step: its number, its state as a class, what is said of it, and whether one begins there."""

    number: int
    state: str
    told: str
    begins: bool


def place(at: float) -> tuple[float, float]:
    """Return where on the spiral a step stands, counted from 0; fractions lie between two."""
    radius, angle = WIDEST - INWARD * at, TURN * at - math.pi / 2
    return CENTRE + radius * math.cos(angle), CENTRE + radius * math.sin(angle)


def spiral(name: str, title: str, knots: Sequence[Knot], joins: Sequence[tuple[int, int]]) -> Markup:
    """Return the spiral with a numbered knot for each step and a stroke for each join of two steps, counted from 0."""
    pieces = [svg.polyline(_between(0, max(len(knots) - 1, 1)), "thread")]
    pieces += [svg.polyline(_between(first, last), "joined") for first, last in joins]
    for at, knot in enumerate(knots):
        x, y = place(at)
        pieces += [svg.tag("circle", cx=x, cy=y, r=21, class_="ring")] if knot.begins else []
        pieces += [
            svg.tag("circle", cx=x, cy=y, r=15, class_=f"knot {knot.state}"),
            svg.text(x, y + 5, str(knot.number), "number", "middle"),
        ]
    return svg.picture(name, SIZE, SIZE, title, f"{'; '.join(knot.told for knot in knots)}.", *pieces)


def _between(first: int, last: int) -> list[tuple[float, float]]:
    steps = (last - first) * FINE
    return [place(first + step / FINE) for step in range(steps + 1)]
