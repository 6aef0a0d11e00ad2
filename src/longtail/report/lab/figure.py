"""Runs of the lab as a figure for a paper: a panel for each series, means with bands, closed forms beside them."""

import math
import textwrap
from collections.abc import Sequence
from importlib.metadata import version
from typing import NamedTuple

from markupsafe import Markup

import longtail.report.drawing.curves as curves
import longtail.report.drawing.svg as svg
from longtail.errors import UsageError
from longtail.lab.result import Run
from longtail.report.lab.axes import Axis, Box, frame, upward
from longtail.report.lab.words import HEADS, alike, differing, quantity, sentence, skewed

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#aa3377", "#8a6d00", "#3d3d3d")
DASHES = {"exact": "8 4", "asymptotic": "4 2", "bound_upper": "9 3 2 3", "bound_lower": "9 3 2 3"}
MARGIN = 18.0
MARKS, CROSS = 5, 4
"""Shapes of marks, and the place of the one that is all stroke."""
CHARACTER = 6.3
"""Width of a character of the legend, on average."""
_FONTS = 'Helvetica, Arial, "Liberation Sans", "DejaVu Sans", "Noto Sans", sans-serif'


class Sheet(NamedTuple):
    """How the panels are laid out: their number in a row, the size of each, and the height of what stands above them."""

    columns: int
    width: float
    height: float
    top: float = 0.0


class Entry(NamedTuple):
    """One entry of the legend: a sample and its words."""

    sample: Markup
    words: str


def figure(runs: Sequence[Run], series: Sequence[str] | None = None, *, command: str = "") -> str:
    """Return the figure as an SVG file, on white.

    Each panel shows a series: the mean of the replicates as a line with a band from the 5% to the 95% quantile, the
    closed form dashed in a darker shade, and the median dotted where it differs from the mean by a tenth or more.

    Args:
        runs: One to six runs over the same generations.
        series: Series to draw; if None all that move or have a closed form, each of two that are equal once.
        command: The command that gives the runs; it is kept in the file's metadata with version and seed.

    Raises:
        UsageError: There are no runs or too many, or a series was not measured.
    """
    if not 1 <= len(runs) <= len(COLOURS):
        raise UsageError(f"{len(runs)} runs in one figure; take 1 to {len(COLOURS)}")
    names = shown(runs, series)
    if not names:
        raise UsageError(
            "the runs share no series that moves or has a closed form, so there is nothing to draw; name one that all of them have"
        )
    columns = min(len(names), 2 if len(names) in (2, 4) else 3)
    sheet = Sheet(columns, *((520.0, 330.0) if columns == 1 else (380.0, 270.0) if columns == 2 else (320.0, 240.0)))
    width = MARGIN * 2 + columns * sheet.width
    title = textwrap.wrap(sentence(runs[0], policy=len(runs) == 1), max(20, int((width - 2 * MARGIN) / 8.2)))
    keys, below = legend(_entries(runs, names), 30 + 20 * len(title), width)
    sheet = sheet._replace(top=below + 14)
    height = sheet.top + math.ceil(len(names) / columns) * sheet.height + MARGIN / 2
    panels = [_placed(runs, name, sheet, at) for at, name in enumerate(names)]
    told = f"{'; '.join(title)}. {_told(runs, names)} {command}".strip()
    content = svg.picture(
        "lab-run",
        width,
        height,
        " ".join(title),
        told,
        svg.tag("metadata", f"command: {command}; version: longtail {version('longtail')}; seed: {runs[0].settings.seed}"),
        svg.tag("style", Markup(style(len(runs)))),
        svg.tag("rect", width=width, height=height, fill="#ffffff"),
        *(svg.text(MARGIN, 28 + 20 * at, line, "title") for at, line in enumerate(title)),
        *keys,
        *panels,
    )
    return as_file(content, width, height)


def as_file(content: str, width: float, height: float) -> str:
    """Return a picture as an SVG file of its own size."""
    size = Markup('<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" ').format(f"{width:.0f}", f"{height:.0f}")
    return str(Markup('<?xml version="1.0" encoding="UTF-8"?>\n') + size + content.removeprefix("<svg ")) + "\n"


def shown(runs: Sequence[Run], series: Sequence[str] | None = None) -> list[str]:
    """Return the series that a figure draws.

    Raises:
        UsageError: A series that is asked for was not measured.
    """
    known = [name for name in runs[0].series if all(name in run.series for run in runs)]
    unknown = [name for name in series or () if name not in known]
    if unknown:
        raise UsageError(f"series {unknown[0]!r} was not measured; there are {', '.join(known)}")
    if series:
        return list(dict.fromkeys(series))
    return [names[0] for names in alike(runs, [name for name in known if _moves(runs, name)])] or known[:1]


def _moves(runs: Sequence[Run], name: str) -> bool:
    """Tell whether a series changes with the generations, the replicates or the run, or has a closed form to be held against."""
    columns = [column for run in runs for column in (run.series[name].mean, run.series[name].q05, run.series[name].q95)]
    return any(name in run.theory for run in runs) or len({value for column in columns for value in column} - {None}) > 1


def _placed(runs: Sequence[Run], name: str, sheet: Sheet, at: int) -> Markup:
    """Return a panel in its place, numbered row by row."""
    box = Box(76.0, sheet.width - 12, 34.0, sheet.height - 46)
    x, y = MARGIN + at % sheet.columns * sheet.width, sheet.top + at // sheet.columns * sheet.height
    title = svg.text(box.left, 18, quantity(name).title, "panel")
    return svg.tag("g", title, *_panel(runs, name, box), transform=f"translate({x:.0f} {y:.0f})")


def _panel(runs: Sequence[Run], name: str, box: Box) -> list[Markup]:
    """Return axes, then the bands of all runs, then their lines, so that no band lies over a line."""
    up = upward(*_numbers(runs, name), box)
    first, last = runs[0].generations[0], max(run.generations[-1] for run in runs)
    plot = curves.Plot(svg.Scale(first, max(last, first + 1), box.left + 8, box.right - 6), up.scale)
    lines = [(look, points) for look, run in enumerate(runs) if (points := _points(run, name, up.scale.low))]
    pieces = [curves.band(points, look, plot) for look, points in lines] + frame(plot, up, box, quantity(name).unit)
    pieces += [curves.stroke(points, look, plot) for look, points in lines]
    for look, run in enumerate(runs):
        if skewed(run.series[name]):
            pieces.append(_stroke(run.generations, run.series[name].median, plot, up, f"median s{look}"))
        if name in run.theory:
            pieces.append(_stroke(run.generations, run.theory[name].value, plot, up, f"theory t{look} {run.theory[name].kind}"))
    return pieces


def _numbers(runs: Sequence[Run], name: str) -> tuple[list[float], list[float]]:
    """Return the numbers that a panel makes room for: means and closed forms, but not bounds, which may lie far off; and bands."""
    lines = [run.series[name].mean for run in runs]
    lines += [run.theory[name].value for run in runs if name in run.theory and not run.theory[name].kind.startswith("bound")]
    bands = [side for run in runs for side in (run.series[name].q05, run.series[name].q95) if name != "alive"]
    inner, outer = (
        [value for each in columns for value in each if value is not None and math.isfinite(value)] for columns in (lines, bands)
    )
    return inner, outer


def _points(run: Run, name: str, least: float) -> list[curves.Point]:
    """Return the means with their bands, which end at the foot of the axis; a share of replicates has no band."""
    each = run.series[name]
    found = []
    for at, *values in zip(run.generations, each.mean, each.q05, each.q95, strict=True):
        known = [max(value, least) for value in values if value is not None and math.isfinite(value)]
        if len(known) == len(values):
            mean, low, high = known
            found.append(curves.Point(at, mean, *((mean, mean) if name == "alive" else (low, high))))
    return found


def _stroke(generations: Sequence[int], values: Sequence[float | None], plot: curves.Plot, up: Axis, style: str) -> Markup:
    """Return a line through the values that lie on the axis."""
    low, high = up.scale.low, up.scale.high
    pairs = zip(generations, values, strict=True)
    return svg.polyline([(plot.across(at), up.scale(value)) for at, value in pairs if value is not None and low <= value <= high], style)


def _entries(runs: Sequence[Run], names: Sequence[str]) -> list[Entry]:
    """Return the legend: the runs, then what the strokes mean."""
    alone = len(runs) == 1
    labels = [f"mean of {runs[0].settings.replicates:,} replicates"] if alone else differing(runs)
    line, closed = ("s0", "t0") if alone else ("other", "other")
    found = [
        Entry(svg.line(0, 0, 34, 0, f"line s{look}") + svg.marker(look, 17, 0, f"s{look}", 4.2), each) for look, each in enumerate(labels)
    ]
    band = svg.tag("rect", x=0, y=-6, width=34, height=12, class_=f"band {line}")
    found.append(Entry(band, "5% to 95% of replicates"))
    if any(skewed(run.series[name]) for run in runs for name in names):
        found.append(Entry(svg.line(0, 0, 34, 0, f"median {line}"), "median"))
    kinds = dict.fromkeys(run.theory[name].kind for run in runs for name in names if name in run.theory)
    return [*found, *(Entry(svg.line(0, 0, 34, 0, f"theory {closed} {kind}"), _spelled(kind)) for kind in kinds)]


def _spelled(kind: str) -> str:
    return HEADS[kind] if kind.startswith("bound") else f"closed form, {HEADS[kind]}"


def legend(entries: Sequence[Entry], top: float, width: float) -> tuple[list[Markup], float]:
    """Return the legend, in as many lines as it needs, and the height at which it ends."""
    pieces, x, y = [], MARGIN, top + 4
    for entry in entries:
        room = 42 + CHARACTER * len(entry.words) + 20
        if x > MARGIN and x + room > width:
            x, y = MARGIN, y + 20
        pieces.append(svg.tag("g", entry.sample, svg.text(42, 4, entry.words), transform=f"translate({x:.0f} {y:.0f})"))
        x += room
    return pieces, y + 8


def _told(runs: Sequence[Run], names: Sequence[str]) -> str:
    """Return the last values in words, for readers who hear the figure."""
    sentences = []
    for label, run in zip(differing(runs), runs, strict=True):
        ends = [f"{quantity(name).title} {run.series[name].mean[-1]:.4g}" for name in names if run.series[name].mean[-1] is not None]
        sentences.append(f"Policy {label}, generation {run.generations[-1]}: {', '.join(ends)}.")
    return " ".join(sentences)


def style(runs: int) -> str:
    """Return the style sheet of a figure with so many colours."""
    rules = [
        f"text {{ font-family: {_FONTS}; font-size: 12px; fill: #1a1a1a; }}",
        ".tick { font-size: 11px; fill: #444444; } .title, .panel { font-weight: bold; }",
        ".title { font-size: 15px; } .panel { font-size: 13px; }",
        ".grid { stroke: #e3e3e3; } .axis { stroke: #555555; }",
        ".line { fill: none; stroke-width: 1.8; stroke-linejoin: round; }",
        ".band { stroke: none; opacity: 0.16; } .marker { stroke: #ffffff; stroke-width: 1; } .median { fill: none; stroke-width: 1.1; }",
        ".median { stroke-dasharray: 1 3; } .theory { fill: none; stroke-width: 1.6; }",
        ".median.other, .theory.other { stroke: #333333; } .band.other { fill: #333333; }",
        *(f".theory.{kind} {{ stroke-dasharray: {dash}; }}" for kind, dash in DASHES.items()),
    ]
    for look, colour in enumerate(COLOURS[:runs]):
        rules.append(f".line.s{look}, .median.s{look} {{ stroke: {colour}; }} .marker.s{look}, .band.s{look} {{ fill: {colour}; }}")
        rules.append(f".theory.t{look} {{ stroke: {_darker(colour)}; }}")
        if look % MARKS == CROSS:
            rules.append(f".marker.s{look} {{ stroke: {colour}; stroke-width: 2; }}")
    return "\n" + "\n".join(rules) + "\n"


def _darker(colour: str) -> str:
    """Return a colour at half its brightness."""
    return "#" + "".join(f"{int(colour[at : at + 2], 16) // 2:02x}" for at in (1, 3, 5))
