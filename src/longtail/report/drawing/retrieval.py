"""Pictures of a store that answers are written to: the three contaminations beside accuracy, and their course over the log."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

import longtail.report.drawing.svg as svg
from longtail.report.words import percent

WIDTH = 460.0
LEFT, RIGHT = 8.0, 400.0
ROW = 58.0
TALL = 210.0


class Share(NamedTuple):
    """One contamination with its interval, and the share that nothing is known of; no value where it was not measured."""

    label: str
    value: float | None
    low: float
    high: float
    unknown: float


class Stretch(NamedTuple):
    """One stretch of the log: exposure and accuracy, each None where nothing tells it."""

    exposure: float | None
    accuracy: float | None


def shares(name: str, rows: Sequence[Share], accuracy: float | None) -> Markup:
    """Return a bar for each contamination, what is unknown hatched behind it, and a dashed line at the share of right answers."""
    scale, bottom = svg.Scale(0.0, 1.0, LEFT, RIGHT), ROW * len(rows) + 6
    frame = [svg.line(scale(at), 4, scale(at), bottom, "grid" if at else "axis") for at in (0.0, 0.25, 0.5, 0.75, 1.0)]
    frame += [svg.text(scale(at), bottom + 17, f"{at:.0%}", "tick", "middle" if 0 < at < 1 else None) for at in (0.0, 0.25, 0.5, 0.75, 1.0)]
    drawn = [_bar(row, scale, ROW * at) for at, row in enumerate(rows)]
    told = [f"{row.label}: {_said(row)}" for row in rows]
    if accuracy is not None:
        drawn += [
            svg.line(scale(accuracy), 4, scale(accuracy), bottom, "margin"),
            svg.text(scale(accuracy), bottom + 34, "right answers", "tick", "middle"),
        ]
        told.append(f"right answers: {percent(accuracy)}")
    return svg.picture(name, WIDTH, bottom + 42, "Pool, exposure and citation", f"{'; '.join(told)}.", *frame, *drawn)


def course(name: str, stretches: Sequence[Stretch]) -> Markup:
    """Return exposure and accuracy along the log, from its beginning to its end."""
    across, up = svg.Scale(0, max(1, len(stretches) - 1), 48, RIGHT), svg.Scale(0.0, 1.0, TALL, 12)
    grid = [svg.line(48, up(at), RIGHT, up(at), "grid" if at else "axis") for at in (0.0, 0.5, 1.0)]
    grid += [svg.text(42, up(at) + 4, f"{at:.0%}", "tick", "end") for at in (0.0, 0.5, 1.0)]
    grid += [svg.text(48, TALL + 20, "begin of the log", "tick"), svg.text(RIGHT, TALL + 20, "end", "tick", "end")]
    exposed, right = [each.exposure for each in stretches], [each.accuracy for each in stretches]
    drawn = [_line(values, look, across, up) for look, values in enumerate((exposed, right))]
    told = f"retrieved, made by a model: {_listed(exposed)}; right answers: {_listed(right)}."
    return svg.picture(name, WIDTH, TALL + 28, "Exposure and accuracy over the log", told, *grid, *drawn)


def _listed(values: Sequence[float | None]) -> str:
    return ", ".join(percent(value) for value in values)


def _line(values: Sequence[float | None], look: int, across: svg.Scale, up: svg.Scale) -> Markup:
    places = [(across(at), up(value)) for at, value in enumerate(values) if value is not None]
    marks = [svg.marker(look, x, y, f"s{look}", size=4.2) for x, y in places]
    return Markup("").join([svg.polyline(places, f"line s{look}"), *marks])


def _bar(row: Share, scale: svg.Scale, top: float) -> Markup:
    label, middle = svg.text(LEFT + 4, top + 20, row.label, "label"), top + 38
    if row.value is None:
        return label + svg.text(LEFT + 4, middle + 4, "not measured", "tick")
    pieces = [
        label,
        svg.text(RIGHT, top + 20, percent(row.value), "value", "end"),
        svg.tag("rect", x=scale(0), y=middle - 9, width=scale(row.value) - scale(0), height=18, class_="mix synthetic"),
        svg.tag(
            "rect",
            x=scale(row.value),
            y=middle - 9,
            width=scale(row.value + row.unknown) - scale(row.value),
            height=18,
            class_="mix unknown",
        ),
        svg.whisker(scale(row.low), scale(row.high), middle),
    ]
    return Markup("").join(pieces)


def _said(row: Share) -> str:
    if row.value is None:
        return "not measured"
    return f"{percent(row.value)}, between {percent(row.low)} and {percent(row.high)}, {percent(row.unknown)} unknown"
