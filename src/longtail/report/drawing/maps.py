"""A plane of points: two samples one over the other, and rings around places that only one of them reaches."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

import longtail.report.drawing.curves as curves
import longtail.report.drawing.svg as svg

SIZE, SIDE = 500.0, 190.0
EDGE = 16.0
RING = 11.0


class Cell(NamedTuple):
    """A place that one sample no longer reaches, and what stands there."""

    x: float
    y: float
    label: str


def plane(
    name: str, title: str, there: Sequence[tuple[float, float]], here: Sequence[tuple[float, float]], cells: Sequence[Cell]
) -> Markup:
    """Return the points of both samples, the second over the first, and rings with labels at the right border."""
    every = [*there, *here, *((cell.x, cell.y) for cell in cells)]
    xs, ys = [x for x, _ in every], [y for _, y in every]
    span = max(max(xs) - min(xs), max(ys) - min(ys), 1e-9)
    middle = (max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2
    across = svg.Scale(middle[0] - span / 2, middle[0] + span / 2, EDGE, SIZE - EDGE)
    up = svg.Scale(middle[1] - span / 2, middle[1] + span / 2, SIZE - EDGE, EDGE)
    frame = svg.tag("rect", x=1, y=1, width=SIZE - 2, height=SIZE - 2, rx=8, class_="frame")
    clouds = [_cloud([(across(x), up(y)) for x, y in found], style) for found, style in ((there, "there"), (here, "here"))]
    rings = [svg.tag("circle", cx=across(cell.x), cy=up(cell.y), r=RING, class_="ring") for cell in cells]
    told = f"{len(there)} points of the reference, {len(here)} of the audited data, {len(cells)} regions outlined."
    labels = _labels([(across(cell.x), up(cell.y), cell.label) for cell in cells if cell.label])
    return svg.picture(name, SIZE + SIDE, SIZE, title, told, frame, *clouds, *rings, *labels)


def _cloud(places: Sequence[tuple[float, float]], style: str) -> Markup:
    return svg.tag("path", d="".join(f"M{x:.0f} {y:.0f}h0" for x, y in places), class_=f"cloud {style}")


def _labels(places: Sequence[tuple[float, float, str]]) -> list[Markup]:
    heights = curves.apart([y for _, y, _ in places], 19.0, SIZE - 6)
    pieces = []
    for (x, y, label), height in zip(places, heights, strict=True):
        pieces.append(svg.line(x + RING, y, SIZE + 6, height, "leader"))
        pieces.append(svg.text(SIZE + 10, height + 4.5, label))
    return pieces
