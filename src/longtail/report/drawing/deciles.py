"""Ten pairs of upright bars: what is seen of each tenth, beside what it is held against."""

from typing import NamedTuple

from markupsafe import Markup

import longtail.report.drawing.svg as svg
from longtail.report.words import percent

WIDTH, HEIGHT = 500.0, 250.0
LEFT, TOP, BOTTOM = 48.0, 14.0, 200.0
STEP = (WIDTH - LEFT - 8) / 10
BAR = STEP * 0.36


class Pair(NamedTuple):
    """One tenth: what is held against, what is seen now with its range, and whether that is fewer; None where there is no number."""

    decile: int
    baseline: float | None
    candidate: float | None
    low: float | None
    high: float | None
    is_fewer: bool = False


def pairs(name: str, title: str, rows: list[Pair], against: str) -> Markup:
    """Return two bars for each tenth, grey for what is held against, with the range of the other; an empty tenth says so."""
    up = svg.Scale(0.0, 1.0, BOTTOM, TOP)
    told = "; ".join(f"tenth {row.decile}: {percent(row.candidate)}, {against} {percent(row.baseline)}" for row in rows)
    shares = (0.0, 0.25, 0.5, 0.75, 1.0)
    frame = [svg.line(LEFT, up(share), WIDTH - 8, up(share), "grid" if share else "axis") for share in shares]
    frame += [svg.text(LEFT - 6, up(share) + 4, f"{share:.0%}", "tick", "end") for share in shares]
    foot = [
        svg.text(LEFT, BOTTOM + 42, "← commonest tenth of use", "tick"),
        svg.text(WIDTH - 8, BOTTOM + 42, "rarest tenth →", "tick", "end"),
    ]
    return svg.picture(name, WIDTH, HEIGHT, title, f"{title}. {told}.", *frame, *(_tenth(row, up) for row in rows), *foot)


def _tenth(row: Pair, up: svg.Scale) -> Markup:
    middle = LEFT + STEP * (row.decile - 0.5)
    label = svg.text(middle, BOTTOM + 20, str(row.decile), "tick", "middle")
    if row.baseline is None or row.candidate is None:
        return label + svg.text(middle, BOTTOM - 6, "–", "tick", "middle")
    pieces = [svg.text(middle, BOTTOM + 20, f"{row.decile} ▼", "fewer", "middle") if row.is_fewer else label]
    for left, share, style in ((middle - BAR - 1, row.baseline, "bar before"), (middle + 1, row.candidate, "bar strong")):
        pieces.append(svg.tag("rect", x=left, y=up(share), width=BAR, height=BOTTOM - up(share), class_=style))
    if row.low is not None and row.high is not None:
        pieces.append(upright(up(row.low), up(row.high), middle + 1 + BAR / 2))
    return Markup("").join(pieces)


def upright(low: float, high: float, x: float, half: float = 4) -> Markup:
    """Return an upright interval at `x` with a cap at either end, and a halo that sets it off from a bar."""
    shape = f"M{x:.1f} {low:.1f}V{high:.1f}M{x - half:.1f} {low:.1f}h{2 * half:.1f}M{x - half:.1f} {high:.1f}h{2 * half:.1f}"
    return svg.tag("path", d=shape, class_="halo") + svg.tag("path", d=shape, class_="whisker")
