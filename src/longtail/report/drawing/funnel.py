"""What gates let through, stage by stage: as wide as the documents, with what each took of rare and of common words."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

import longtail.report.drawing.svg as svg
from longtail.report.words import percent

WIDTH, ROW, TALL = 480.0, 96.0, 24.0
LEFT, RIGHT = 6.0, 474.0


class Stage(NamedTuple):
    """One stage: documents seen, kept, to be reviewed and dropped; share of rare and common words that it took; whether that is marked."""

    name: str
    seen: int
    kept: int
    review: int
    dropped: int
    rare: float | None
    common: float | None
    marked: bool


def funnel(name: str, title: str, stages: Sequence[Stage]) -> Markup:
    """Return the stages from top to bottom; what goes on flows into the next."""
    across = svg.Scale(0.0, max([1, *(stage.seen for stage in stages)]), 0.0, RIGHT - LEFT)
    pieces = []
    for at, stage in enumerate(stages):
        after = stages[at + 1].seen if at + 1 < len(stages) else stage.kept
        pieces += _stage(stage, at * ROW, across, after)
    bottom = len(stages) * ROW
    last = stages[-1].kept if stages else 0
    pieces.append(svg.tag("rect", x=LEFT, y=bottom + 22, width=across(last), height=TALL, class_="funnel kept"))
    pieces.append(svg.text(LEFT + 2, bottom + 15, f"kept: {last:,} documents", "value"))
    return svg.picture(name, WIDTH, bottom + 52, title, f"{'; '.join(map(told, stages))}.", *pieces)


def _stage(stage: Stage, top: float, across: svg.Scale, after: int) -> list[Markup]:
    y, x = top + 22, LEFT
    pieces = [svg.text(LEFT + 2, top + 15, f"{stage.name}: {stage.seen:,} in, {stage.dropped:,} dropped", "value")]
    for style, count in (("kept", stage.kept), ("review", stage.review), ("dropped", stage.dropped)):
        width = across(count)
        if count:
            pieces.append(svg.tag("rect", x=x, y=y, width=width, height=TALL, class_=f"funnel {style}"))
        x += width
    pieces.append(svg.text(LEFT + 2, y + TALL + 18, words(stage), "marked" if stage.marked else "tick"))
    ends = f"{LEFT:.1f},{y + TALL:.1f} {LEFT + across(stage.seen - stage.dropped):.1f},{y + TALL:.1f}"
    flow = f"{ends} {LEFT + across(after):.1f},{top + ROW + 22:.1f} {LEFT:.1f},{top + ROW + 22:.1f}"
    return [svg.tag("polygon", points=flow, class_="flow"), *pieces]


def words(stage: Stage) -> str:
    """Return what a stage took of rare and of common words."""
    if stage.rare is None or stage.common is None:
        return "rare and common words: not measured"
    told = f"took {percent(stage.rare)} of the use of rare words, {percent(stage.common)} of common ones"
    return f"▲ {told}" if stage.marked else told


def told(stage: Stage) -> str:
    """Return a stage in words, for readers who hear it."""
    counts = f"{stage.seen:,} in, {stage.kept:,} kept, {stage.review:,} to review, {stage.dropped:,} dropped"
    return f"{stage.name}: {counts}; {words(stage).removeprefix('▲ ')}"


def key(style: str) -> Markup:
    """Return the sample that stands in a legend."""
    drawn = svg.tag("rect", x=1, y=1, width=26, height=12, class_=f"funnel {style}")
    return svg.tag("svg", drawn, viewBox="0 0 28 14", width="28", height="14", aria_hidden="true")
