"""Training sets over the generations as stacked bars of shares, with a floor and a line over them."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

import longtail.report.drawing.svg as svg
from longtail.report.drawing.charts import short, spread
from longtail.report.drawing.hatch import hatched

KINDS = ("human", "edited", "synthetic", "unknown")
WIDTH, HEIGHT = 560.0, 318.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 548.0, 34.0, 250.0
MOST = 24
LABELS = 6


class Bar(NamedTuple):
    """One training set: its generation, its rows, the share of each kind, what became of real rows, and how many of them are left."""

    generation: int
    rows: int
    shares: Sequence[float]
    became: str
    retained: float | None


def stacked(name: str, title: str, bars: Sequence[Bar], floor: float | None) -> Markup:
    """Return a bar for each training set, the floor of real rows, and the share of the original real rows that is left."""
    up = svg.Scale(0.0, 1.0, BOTTOM, TOP)
    step = (RIGHT - LEFT) / max(len(bars), 1)
    width = min(0.62 * step, 78.0)
    pieces = [svg.text(LEFT - 6, up(share) + 4, f"{share:.0%}", "tick", "end") for share in (0.0, 0.5, 1.0)]
    pieces += [svg.line(LEFT, up(share), RIGHT, up(share), "grid" if share else "axis") for share in (0.0, 0.5, 1.0)]
    middles = [LEFT + step * (at + 0.5) for at in range(len(bars))]
    named = set(spread(len(bars), LABELS))
    for at, (bar, middle) in enumerate(zip(bars, middles, strict=True)):
        pieces += _bar(bar, middle - width / 2, width, up)
        pieces += _labels(bar, middle) if at in named else []
    left = [(x, up(bar.retained)) for bar, x in zip(bars, middles, strict=True) if bar.retained is not None]
    pieces += [svg.polyline(left, "halo"), svg.polyline(left, "retained"), *(svg.marker(3, x, y, "s-kept", size=4.2) for x, y in left)]
    if floor is not None:
        pieces.append(svg.line(LEFT, up(floor), RIGHT, up(floor), "margin"))
    pieces.append(svg.text((LEFT + RIGHT) / 2, BOTTOM + 62, "generation", "tick", "middle"))
    return svg.picture(name, WIDTH, HEIGHT, title, f"{'; '.join(map(_told, bars))}.", *pieces)


def _bar(bar: Bar, x: float, width: float, up: svg.Scale) -> list[Markup]:
    pieces, below = [], 0.0
    for kind, share in zip(KINDS, bar.shares, strict=True):
        top, height = up(below + share), up(below) - up(below + share)
        below += share
        if share:
            pieces.append(svg.tag("rect", x=x, y=top, width=width, height=height, class_=f"mix {kind}"))
            pieces += [hatched(x, top, width, height)] if kind == "unknown" else []
    return pieces


def _labels(bar: Bar, middle: float) -> list[Markup]:
    return [
        svg.text(middle, TOP - 14, f"{short(bar.rows)} rows", "tick", "middle"),
        svg.text(middle, BOTTOM + 18, str(bar.generation), "value", "middle"),
        svg.text(middle, BOTTOM + 36, bar.became, "tick", "middle"),
    ]


def _told(bar: Bar) -> str:
    shares = ", ".join(f"{share:.1%} {kind}" for kind, share in zip(KINDS, bar.shares, strict=True) if share)
    return f"generation {bar.generation}: {bar.rows:,} rows, {shares or 'none'}{f', real rows {bar.became}' if bar.became else ''}"


def key(kind: str) -> Markup:
    """Return the sample of a kind that stands in a legend."""
    drawn = [svg.tag("rect", x=1, y=1, width=26, height=12, class_=f"mix {kind}")]
    drawn += [hatched(1, 1, 26, 12)] if kind == "unknown" else []
    return svg.tag("svg", *drawn, viewBox="0 0 28 14", width="28", height="14", aria_hidden="true")


def line_key() -> Markup:
    """Return the sample of the line of what is left."""
    drawn = [svg.line(0, 7, 34, 7, "retained"), svg.marker(3, 17, 7, "s-kept", size=4.2)]
    return svg.tag("svg", *drawn, viewBox="0 0 34 14", width="34", height="14", aria_hidden="true")
