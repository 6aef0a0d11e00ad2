"""Losses per token: means by model with intervals, and histograms over documents as steps."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

import longtail.report.drawing.charts as charts
import longtail.report.drawing.svg as svg

WIDTH, HEIGHT = 480.0, 260.0
LEFT, RIGHT, TOP, BOTTOM = 48.0, 458.0, 14.0, 206.0
UNIT = "loss per token (nats)"


class Mean(NamedTuple):
    """The mean loss of one model, which has its place in the order of models, with its interval."""

    place: int
    value: float
    low: float
    high: float


class Steps(NamedTuple):
    """Shares of documents by bin, of one model."""

    name: str
    shares: list[float]
    look: int


def means(name: str, title: str, models: Sequence[str], lines: Sequence[tuple[str, list[Mean]]]) -> Markup:
    """Return one line for each kind of text, with upright intervals, over the models in order."""
    every = [mean for _, found in lines for mean in found]
    up = svg.Scale(min(mean.low for mean in every), max(mean.high for mean in every), BOTTOM - 10, TOP + 10)
    across = svg.Scale(0, max(len(models) - 1, 1), LEFT + 24, RIGHT - 24)
    told = " ".join(f"{kind}: {_listed(models, found)}." for kind, found in lines)
    drawn = [_means(found, look, across, up) for look, (_, found) in enumerate(lines)]
    return svg.picture(name, WIDTH, HEIGHT, title, f"{UNIT}. {told}", *_frame(models, across, up), *drawn)


def _listed(models: Sequence[str], found: list[Mean]) -> str:
    return ", ".join(f"{models[mean.place]} {mean.value:.2f}" for mean in found)


def _frame(models: Sequence[str], across: svg.Scale, up: svg.Scale) -> list[Markup]:
    ticks = [up.low + (up.high - up.low) * step / 4 for step in range(5)]
    frame = [svg.line(LEFT, up(tick), RIGHT, up(tick), "grid") for tick in ticks]
    frame += [svg.text(LEFT - 6, up(tick) + 4, f"{tick:.2f}", "tick", "end") for tick in ticks]
    shown = charts.spread(len(models), 6)
    frame += [svg.text(across(at), BOTTOM + 18, models[at].removeprefix("generation "), "tick", "middle") for at in shown]
    foot = "generation" if all(model.startswith("generation ") for model in models) else "model"
    return [*frame, svg.text((LEFT + RIGHT) / 2, BOTTOM + 40, foot, "tick", "middle")]


def _means(found: list[Mean], look: int, across: svg.Scale, up: svg.Scale) -> Markup:
    pieces = [svg.polyline([(across(mean.place), up(mean.value)) for mean in found], f"line s{look}")]
    for mean in found:
        x = across(mean.place)
        pieces.append(svg.line(x, up(mean.low), x, up(mean.high), "whisker"))
        pieces.append(svg.marker(look, x, up(mean.value), f"s{look}", size=4.6))
    return Markup("").join(pieces)


def histogram(name: str, title: str, edges: list[float], steps: list[Steps]) -> Markup:
    """Return shares of documents by loss, a line of steps for each model on the same bins."""
    most = max([0.01, *(share for each in steps for share in each.shares)])
    across, up = svg.Scale(edges[0], edges[-1], LEFT, RIGHT), svg.Scale(0, most, BOTTOM, TOP)
    frame = [svg.line(LEFT, up(most * part), RIGHT, up(most * part), "grid" if part else "axis") for part in (0, 0.5, 1)]
    frame += [svg.text(LEFT - 6, up(most * part) + 4, f"{most * part:.0%}", "tick", "end") for part in (0, 0.5, 1)]
    marks = [edges[at] for at in charts.spread(len(edges), 6)]
    frame += [svg.text(across(mark), BOTTOM + 18, f"{mark:.1f}", "tick", "middle") for mark in marks]
    frame.append(svg.text((LEFT + RIGHT) / 2, BOTTOM + 40, f"{UNIT}; beyond the last mark counts there", "tick", "middle"))
    drawn = [_steps(each, edges, across, up) for each in steps]
    told = " ".join(f"{each.name}: most documents near {edges[each.shares.index(max(each.shares))]:.1f}." for each in steps)
    return svg.picture(name, WIDTH, HEIGHT, title, told, *frame, *drawn)


def _steps(each: Steps, edges: list[float], across: svg.Scale, up: svg.Scale) -> Markup:
    places = [(across(edges[0]), up(0))]
    for share, left, right in zip(each.shares, edges, edges[1:], strict=False):
        places += [(across(left), up(share)), (across(right), up(share))]
    top = each.shares.index(max(each.shares))
    peak = svg.marker(each.look, across((edges[top] + edges[top + 1]) / 2), up(each.shares[top]), f"s{each.look}", size=4.2)
    return svg.polyline([*places, (across(edges[-1]), up(0))], f"line s{each.look}") + peak
