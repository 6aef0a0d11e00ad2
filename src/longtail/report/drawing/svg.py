"""Small pieces of SVG: elements, scales and whiskers. Colours are CSS classes, so that a picture follows light and dark."""

import math
from typing import NamedTuple

from markupsafe import Markup

from longtail.report.words import shown


class Scale(NamedTuple):
    """A map from data in [low, high] to positions in [start, end]; what lies outside is held at the border."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """Return the position of a value."""
        low, high, at = (math.log10(number) for number in (self.low, self.high, value)) if self.log else (self.low, self.high, value)
        share = (at - low) / (high - low) if high > low else 0.0
        return self.start + (self.end - self.start) * min(max(share, 0.0), 1.0)


def tag(name: str, *children: str, **attributes: str | float | None) -> Markup:
    """Return one element; text and attributes are escaped, `Markup` children are kept, attributes of None are left out.

    In attribute names a trailing underscore is dropped and others become hyphens: `class_`, `text_anchor`.
    """
    kept = {key.rstrip("_").replace("_", "-"): _plain(value) for key, value in attributes.items() if value is not None}
    pairs = Markup("").join(Markup(' {}="{}"').format(key, value) for key, value in kept.items())
    inner = Markup("").join(child if isinstance(child, Markup) else shown(child) for child in children)
    return Markup("<{0}{1}>{2}</{0}>").format(name, pairs, inner)


def text(x: float, y: float, content: str, style: str = "", anchor: str | None = None) -> Markup:
    """Return a line of text at (x, y), anchored at its start unless `anchor` says otherwise."""
    return tag("text", content, x=x, y=y, class_=style or None, text_anchor=anchor)


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> Markup:
    """Return a straight line."""
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=style)


def whisker(low: float, high: float, y: float, half: float = 5) -> Markup:
    """Return a horizontal interval at height `y` with a cap at either end, and a halo that sets it off from a bar."""
    shape = f"M{low:.1f} {y:.1f}H{high:.1f}M{low:.1f} {y - half:.1f}v{2 * half:.1f}M{high:.1f} {y - half:.1f}v{2 * half:.1f}"
    return tag("path", d=shape, class_="halo") + tag("path", d=shape, class_="whisker")


def marker(shape: int, x: float, y: float, style: str, size: float = 3.6) -> Markup:
    """Return a small mark; `shape` cycles through circle, square, triangle, diamond and cross."""
    s = size
    outlines = (
        f"M{x - s:.1f} {y:.1f}a{s} {s} 0 1 0 {2 * s:.1f} 0a{s} {s} 0 1 0 {-2 * s:.1f} 0",
        f"M{x - s:.1f} {y - s:.1f}h{2 * s:.1f}v{2 * s:.1f}h{-2 * s:.1f}z",
        f"M{x:.1f} {y - 1.3 * s:.1f}l{1.2 * s:.1f} {2.2 * s:.1f}h{-2.4 * s:.1f}z",
        f"M{x:.1f} {y - 1.3 * s:.1f}l{1.3 * s:.1f} {1.3 * s:.1f}l{-1.3 * s:.1f} {1.3 * s:.1f}l{-1.3 * s:.1f} {-1.3 * s:.1f}z",
        f"M{x - s:.1f} {y - s:.1f}l{2 * s:.1f} {2 * s:.1f}m0 {-2 * s:.1f}l{-2 * s:.1f} {2 * s:.1f}",
    )
    return tag("path", d=outlines[shape % len(outlines)], class_=f"marker {style}")


def polyline(points: list[tuple[float, float]], style: str) -> Markup:
    """Return a line through points."""
    return tag("polyline", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points), class_=style)


def picture(name: str, width: float, height: float, title: str, description: str, *children: str) -> Markup:
    """Return a picture that scales with its place, with a title and a description for screen readers."""
    return tag(
        "svg",
        tag("title", title, id=f"{name}-title"),
        tag("desc", description, id=f"{name}-desc"),
        *children,
        viewBox=f"0 0 {_plain(width)} {_plain(height)}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        class_="chart",
        id=name,
    )


def _plain(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")
