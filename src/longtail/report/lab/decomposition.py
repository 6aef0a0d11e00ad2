"""The decomposition of the three errors as a stacked chart, as JSON and in files."""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
import numpy
from markupsafe import Markup

import longtail.report.drawing.curves as curves
import longtail.report.drawing.svg as svg
from longtail.errors import UsageError
from longtail.lab.decomposition import Decomposition
from longtail.records import SCHEMA_VERSION
from longtail.report.drawing.png import put_png
from longtail.report.lab.axes import Box, frame, upward
from longtail.report.put import put

SUFFIXES = (".json", ".png", ".svg")
COLOURS = {"statistical": "#0072b2", "expressivity": "#d55e00", "approximation": "#009e73"}
MEANINGS = {
    "statistical": "statistical: finite samples",
    "expressivity": "expressivity: the family is too small",
    "approximation": "approximation: training stops short",
}
WIDTH, HEIGHT = 620.0, 430.0
ORDER = ("expressivity", "approximation", "statistical")
"""From the bottom of the stack up: what is constant first."""
_FONTS = 'Helvetica, Arial, "Liberation Sans", "DejaVu Sans", "Noto Sans", sans-serif'


def to_json(found: Decomposition) -> str:
    """Return the decomposition as JSON; ends in a newline."""
    told: dict[str, Any] = {"schema_version": SCHEMA_VERSION} | msgspec.to_builtins(found)
    return json.dumps(told | {"longtail_version": version("longtail")}, ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def chart(found: Decomposition, *, command: str = "") -> str:
    """Return the stacked chart as an SVG file, on white: a band for each source, and the total as a line along the top.

    A part below 0 lies under the band before it, so that the top stays the total.

    Args:
        found: What to draw.
        command: The command that gives it; kept in the metadata of the file.
    """
    box = Box(76.0, WIDTH - 20, 116.0, HEIGHT - 50)
    edges = _edges(found)
    up = upward([0.0, *(float(value) for value in numpy.ravel(edges))], [], box)
    last = max(found.generations[-1], 2)
    plot = curves.Plot(svg.Scale(1, last, box.left + 8, box.right - 6), up.scale)
    bands = [_area(found, edges[at], edges[at + 1], name, plot) for at, name in enumerate(ORDER)]
    points = [curves.Point(at, value, value, value) for at, value in zip(found.generations, found.total, strict=True)]
    world = found.world
    title = "What each source of error brings to the deviation from the truth"
    settings = f"Gaussian loop, {world.policy}, N = {world.samples:,}, modes ±{world.modes:g}, pull {world.pull:g}, mean {world.mean:g} sd"
    content = svg.picture(
        "lab-errors",
        WIDTH,
        HEIGHT,
        title,
        f"{settings}. {_told(found)}",
        svg.tag("metadata", f"command: {command}; version: longtail {version('longtail')}; seed: {world.seed}"),
        svg.tag("style", Markup(_style())),
        svg.tag("rect", width=WIDTH, height=HEIGHT, fill="#ffffff"),
        svg.text(18, 28, title, "title"),
        svg.text(18, 48, settings, "tick"),
        *_legend(),
        *bands,
        *frame(plot, up, box, "E KL(truth || model), nats"),
        curves.stroke(points, 0, plot),
    )
    size = Markup('<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" ').format(f"{WIDTH:.0f}", f"{HEIGHT:.0f}")
    return str(Markup('<?xml version="1.0" encoding="UTF-8"?>\n') + size + content.removeprefix("<svg ")) + "\n"


def write(found: Decomposition, path: str | Path, *, command: str = "") -> None:
    """Write the decomposition in the format that the suffix of `path` names; an existing file is replaced in one step.

    Raises:
        UsageError: The suffix names no format, or the file cannot be written.
        MissingExtra: PNG was asked for and its optional part is not installed.
    """
    target = Path(path)
    match target.suffix.lower():
        case ".json":
            put(target, to_json(found))
        case ".svg":
            put(target, chart(found, command=command))
        case ".png":
            put_png(target, chart(found, command=command), {"Command": command, "Software": f"longtail {version('longtail')}"})
        case _:
            raise UsageError(f"cannot tell the format of {str(path)!r} from its suffix; known suffixes: {', '.join(SUFFIXES)}")


def _edges(found: Decomposition) -> Any:
    """Return the heights between the bands, (4, generations)."""
    parts = {source.name: source.part for source in found.sources}
    return numpy.cumsum([numpy.zeros(len(found.generations)), *(numpy.array(parts[name]) for name in ORDER)], axis=0)


def _area(found: Decomposition, low: Any, high: Any, name: str, plot: curves.Plot) -> Markup:
    across = [plot.across(at) for at in found.generations]
    if len(across) == 1:
        across, low, high = [across[0], across[0] + 12], numpy.repeat(low, 2), numpy.repeat(high, 2)
    edge = [(x, plot.up(float(value))) for x, value in zip(across, high, strict=True)]
    edge += [(x, plot.up(float(value))) for x, value in zip(reversed(across), low[::-1], strict=True)]
    return svg.tag("polygon", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in edge), class_=f"area {name}")


def _legend() -> list[Markup]:
    pieces = []
    for at, name in enumerate(reversed(ORDER)):
        x, y = 18 + 285 * (at % 2), 68 + 20 * (at // 2)
        pieces.append(svg.tag("rect", x=x, y=y - 10, width=24, height=12, class_=f"area {name}"))
        pieces.append(svg.text(x + 32, y, MEANINGS[name]))
    x, y = 18 + 285, 88
    return [*pieces, svg.line(x, y - 4, x + 24, y - 4, "line s0"), svg.text(x + 32, y, "all three on")]


def _told(found: Decomposition) -> str:
    parts = ", ".join(f"{source.name} {source.part[-1]:.4g}" for source in found.sources)
    return f"Generation {found.generations[-1]}: {found.total[-1]:.4g} nats, of which {parts} (Shapley values)."


def _style() -> str:
    rules = [
        f"text {{ font-family: {_FONTS}; font-size: 12px; fill: #1a1a1a; }}",
        ".tick { font-size: 11px; fill: #444444; } .title { font-weight: bold; font-size: 15px; }",
        ".grid { stroke: #e3e3e3; } .axis { stroke: #555555; }",
        ".area { stroke: none; opacity: 0.55; }",
        ".line { fill: none; stroke: #1a1a1a; stroke-width: 1.8; } .marker { fill: #1a1a1a; stroke: #ffffff; stroke-width: 1; }",
        *(f".area.{name} {{ fill: {colour}; }}" for name, colour in COLOURS.items()),
    ]
    return "\n" + "\n".join(rules) + "\n"
