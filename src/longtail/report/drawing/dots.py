"""Dots with intervals, in groups, on one axis of ratios; a band behind each shows what is usual."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

import longtail.report.drawing.svg as svg
from longtail.report.words import percent

WIDTH = 460.0
LEFT, RIGHT = 14.0, 392.0
ROW, HEAD = 40.0, 30.0


class Dot(NamedTuple):
    """One measure as a ratio with its interval, and the usual range where it is known."""

    label: str
    value: float
    low: float
    high: float
    usual: tuple[float, float] | None = None


def dots(name: str, title: str, groups: Sequence[tuple[str, list[Dot]]]) -> Markup:
    """Return one row for each measure under the name of its group, with a line at 100%."""
    every = [dot for _, found in groups for dot in found]
    low = max(0.1, min(0.8, *(dot.low for dot in every)))
    high = min(4.0, max(1.2, *(dot.high for dot in every)))
    scale = svg.Scale(low, high, LEFT, RIGHT, log=True)
    bottom = sum(HEAD + ROW * len(found) for _, found in groups) + 4
    drawn, top = [], 0.0
    for group, found in groups:
        drawn.append(svg.text(6, top + 20, group, "label group"))
        drawn += [_row(dot, scale, top + HEAD + ROW * at + 27) for at, dot in enumerate(found)]
        top += HEAD + ROW * len(found)
    told = "; ".join(f"{dot.label}: {percent(dot.value)}, between {percent(dot.low)} and {percent(dot.high)}" for dot in every)
    return svg.picture(name, WIDTH, bottom + 46, title, f"{told}.", *_frame(scale, bottom), *drawn)


def _frame(scale: svg.Scale, bottom: float) -> list[Markup]:
    """Return the line at 100%, those of other shares, and which way is less."""
    ticks = [share for share in (0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 4.0) if scale.low <= share <= scale.high]
    frame = [svg.line(scale(share), 4, scale(share), bottom, "one" if share == 1 else "grid") for share in ticks]
    frame += [svg.text(scale(share), bottom + 17, f"{share:.0%}", "tick", "middle") for share in ticks]
    foot = [svg.text(LEFT, bottom + 38, "← less variety", "tick"), svg.text(RIGHT, bottom + 38, "more →", "tick", "end")]
    return [*frame, *foot]


def _row(dot: Dot, scale: svg.Scale, y: float) -> Markup:
    pieces = [svg.text(LEFT, y - 11, dot.label)]
    if dot.usual is not None:
        pieces.append(
            svg.tag(
                "rect", x=scale(dot.usual[0]), y=y - 9, width=max(scale(dot.usual[1]) - scale(dot.usual[0]), 2), height=18, class_="usual"
            )
        )
    pieces.append(svg.whisker(scale(dot.low), scale(dot.high), y))
    pieces.append(svg.marker(0, scale(dot.value), y, "s1" if dot.high < 1 else "s0", size=5))
    pieces.append(svg.text(WIDTH - 6, y + 4.5, f"{dot.value:.0%}", "value", "end"))
    return Markup("").join(pieces)
