"""Diagonal strokes in a rectangle, for what is unknown; no pattern is referred to, so that a page needs nothing by address."""

from markupsafe import Markup

import longtail.report.drawing.svg as svg


def hatched(x: float, y: float, width: float, height: float, step: float = 7.0) -> Markup:
    """Return strokes that rise from left to right and end at the edges of the rectangle."""
    drawn, at = [], step
    while at < width + height:
        left, right = max(0.0, at - height), min(at, width)
        drawn.append(f"M{x + left:.1f} {y + at - left:.1f}L{x + right:.1f} {y + at - right:.1f}")
        at += step
    return svg.tag("path", d="".join(drawn), class_="hatch")
