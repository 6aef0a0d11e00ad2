"""The axes of one panel of the lab's figure: round ticks, linear or logarithmic."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

import longtail.report.drawing.charts as charts
import longtail.report.drawing.curves as curves
import longtail.report.drawing.svg as svg

MOST_TICKS = 6
WIDE = 100.0
"""Ratio of the greatest to the smallest number from which an axis is logarithmic."""


class Box(NamedTuple):
    """Where the curves of a panel are drawn, in the units of the picture."""

    left: float
    right: float
    top: float
    bottom: float


class Axis(NamedTuple):
    """A scale and the numbers written beside it."""

    scale: svg.Scale
    ticks: Sequence[float]
    labels: Sequence[str]


def upward(lines: Sequence[float], bands: Sequence[float], box: Box) -> Axis:
    """Return the vertical axis: logarithmic where the values of the lines are all above 0 and span `WIDE` or more.

    Args:
        lines: Finite values that lines reach.
        bands: Finite ends of bands; on a logarithmic axis these are cut a decade below the lines.
        box: Where the curves are drawn.
    """
    if lines and min(lines) > 0 and max(lines) / min(lines) >= WIDE:
        least = min(lines)
        return _logarithmic(max(least / 10, min([least, *(value for value in bands if value > 0)])), max(*lines, *bands), box)
    both = [*lines, *bands]
    low, high = min(both, default=0.0), max(both, default=1.0)
    if high - low <= 1e-9 * max(abs(low), abs(high), 1e-300):
        pad = abs(high) / 10 or 0.1
        low, high = low - pad, high + pad
    elif 0 < low < high / 2:
        low = 0.0
    return _linear(low, high, box)


def step(low: float, high: float, most: int = MOST_TICKS) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that divides [low, high] into fewer than `most` parts."""
    raw = (high - low) / (most - 1)
    power = 10.0 ** math.floor(math.log10(raw))
    return next(power * digit for digit in (1, 2, 5, 10) if power * digit >= raw * (1 - 1e-9))


def frame(plot: curves.Plot, up: Axis, box: Box, unit: str, across: str = "generation") -> list[Markup]:
    """Return grid, numbers and titles of the axes of a panel; `across` is what the horizontal one counts."""
    first, last = int(plot.across.low), int(plot.across.high)
    pieces = [svg.line(box.left, up.scale(at), box.right, up.scale(at), "grid") for at in up.ticks]
    pieces += [
        svg.text(box.left - 6, up.scale(at) + 4, label.replace("-", "−"), "tick", "end")
        for at, label in zip(up.ticks, up.labels, strict=True)
    ]
    pieces += [svg.line(box.left, box.bottom, box.right, box.bottom, "axis"), svg.line(box.left, box.top, box.left, box.bottom, "axis")]
    for generation in generations(first, last):
        x = plot.across(generation)
        pieces += [svg.line(x, box.bottom, x, box.bottom + 4, "axis"), svg.text(x, box.bottom + 17, str(generation), "tick", "middle")]
    middle = (box.top + box.bottom) / 2
    away = 20 + 6 * max(map(len, up.labels), default=0)
    turned = f"translate({box.left - away:.0f} {middle:.0f}) rotate(-90)"
    return [
        *pieces,
        svg.text((box.left + box.right) / 2, box.bottom + 34, across, "tick", "middle"),
        svg.tag("text", unit, transform=turned, class_="tick", text_anchor="middle"),
    ]


def generations(first: int, last: int) -> list[int]:
    """Return the generations that are written below a panel: the first, and round ones up to the last."""
    if last - first < curves.MOST_TICKS:
        return list(range(first, last + 1))
    size = max(1, round(step(first, last, curves.MOST_TICKS)))
    return [first, *(at for at in range(size, last + 1, size) if at - first > size / 2)]


def _linear(low: float, high: float, box: Box) -> Axis:
    size = step(low, high)
    first, last = math.floor(low / size + 1e-9), math.ceil(high / size - 1e-9)
    digits = max(0, -math.floor(math.log10(size) + 1e-9))
    ticks = [at * size for at in range(first, last + 1)]
    small = size < 1e-4 or max(map(abs, ticks)) >= 1e6
    labels = [f"{at:.6g}" if small else f"{at:,.{digits}f}" for at in ticks]
    return Axis(svg.Scale(ticks[0], ticks[-1], box.bottom, box.top), ticks, labels)


def _logarithmic(low: float, high: float, box: Box) -> Axis:
    ticks = charts.decades(low, high)
    shown = [ticks[at] for at in charts.spread(len(ticks), MOST_TICKS)]
    return Axis(svg.Scale(low, high, box.bottom, box.top, log=True), shown, [f"{at:g}" for at in shown])
