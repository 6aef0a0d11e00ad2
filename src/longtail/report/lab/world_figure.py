"""A world of the lab as a figure: a row of panels for each run, each seed a thin line, their mean a strong one."""

from collections.abc import Sequence
from importlib.metadata import version

from markupsafe import Markup

import longtail.report.drawing.curves as curves
import longtail.report.drawing.svg as svg
from longtail.errors import UsageError
from longtail.lab.result import Made
from longtail.lab.worlds.catalogue import World
from longtail.report.lab.axes import Box, frame, upward
from longtail.report.lab.figure import COLOURS, MARGIN, Entry, as_file, legend, style
from longtail.report.lab.words import quantity
from longtail.report.lab.worlds import Performed, Spread, first_times, over_seeds

WIDTH, HEIGHT = 380.0, 230.0
_ALARM = (
    ".alarm { stroke: #1a1a1a; stroke-dasharray: 2 3; } .seed { stroke-width: 0.8; opacity: 0.55; }\n"
    ".alarm-word { font-size: 10px; paint-order: stroke; stroke: #ffffff; stroke-width: 3px; }\n"
)


def world_figure(performed: Performed, *, command: str = "") -> str:
    """Return the figure as an SVG file, on white.

    Args:
        performed: A world with the runs that were made.
        command: The command that gives the runs; it is kept in the file's metadata with the version.

    Raises:
        UsageError: There are no runs, or the panels have more series than there are colours.
    """
    world, runs = performed.world, performed.outcome.made
    names = list(dict.fromkeys(name for panel in world.panels for name in panel))
    if not runs or len(names) > len(COLOURS):
        raise UsageError(f"{len(runs)} runs and {len(names)} series to draw; take at least one run and up to {len(COLOURS)} series")
    width = 2 * MARGIN + WIDTH * len(world.panels)
    keys, below = legend([*_entries(names), *_alarm_entry(world)], 50, width)
    top = below + 10
    rows = [
        svg.tag("g", *_row(world, name, made, names), transform=f"translate({MARGIN:.0f} {top + HEIGHT * at:.0f})")
        for at, (name, made) in enumerate(runs.items())
    ]
    height = top + HEIGHT * len(runs) + MARGIN / 2
    title = performed.experiment.told.title
    content = svg.picture(
        f"lab-{performed.name}",
        width,
        height,
        title,
        f"{title}. {_told(world, runs)} {command}".strip(),
        svg.tag("metadata", f"command: {command}; version: longtail {version('longtail')}"),
        svg.tag("style", Markup(style(len(names)) + _ALARM)),
        svg.tag("rect", width=width, height=height, fill="#ffffff"),
        svg.text(MARGIN, 28, title, "title"),
        *keys,
        *rows,
    )
    return as_file(content, width, height)


def _row(world: World, name: str, made: Made, names: Sequence[str]) -> list[Markup]:
    """Return the panels of a run, side by side."""
    pieces = [svg.text(0, 14, f"{name} ({made.replicates} seeds)", "panel")]
    for column, panel in enumerate(world.panels):
        held = [series for series in panel if series in made.series]
        if held:
            place = f"translate({WIDTH * column:.0f} 0)"
            pieces.append(svg.tag("g", *_panel(world, made, held, [names.index(each) for each in held]), transform=place))
    return pieces


def _panel(world: World, made: Made, names: Sequence[str], looks: Sequence[int]) -> list[Markup]:
    """Return the axes of a panel, the seeds of each series, then the means, so that no seed lies over a mean."""
    box = Box(60.0, WIDTH - 14, 24.0, HEIGHT - 48)
    found = [over_seeds(made, name) for name in names]
    times = world.at(len(found[0]))
    every = [value for each in found for spread in each for value in spread if value is not None]
    shares = all(quantity(name).unit.startswith("share") for name in names)
    up = upward([0, 1] if _is_a_share(every) else every, every, box)
    plot = curves.Plot(svg.Scale(times[0], max(times[-1], times[0] + world.step), box.left + 8, box.right - 6), up.scale)
    pieces = frame(plot, up, box, "share" if shares else quantity(names[0]).unit, world.unit)
    for look, name in zip(looks, names, strict=True):
        pieces += _seeds(made.series[name], times, look, plot)
    pieces += [curves.stroke(_points(each, times), look, plot) for look, each in zip(looks, found, strict=True)]
    return pieces + _alarms(world, made, plot, box)


def _is_a_share(values: Sequence[float]) -> bool:
    return all(0 <= value <= 1 for value in values)


def _seeds(columns: Sequence[Sequence[float | None]], times: Sequence[float], look: int, plot: curves.Plot) -> list[Markup]:
    """Return a thin line for each seed."""
    lines = [
        [(plot.across(at), plot.up(value)) for at, value in zip(times, seed, strict=True) if value is not None]
        for seed in zip(*columns, strict=True)
    ]
    return [svg.polyline(line, f"line seed s{look}") for line in lines]


def _points(found: Sequence[Spread], times: Sequence[float]) -> list[curves.Point]:
    means = [(at, spread.mean) for at, spread in zip(times, found, strict=True)]
    return [curves.Point(at, mean, mean, mean) for at, mean in means if mean is not None]


def _alarms(world: World, made: Made, plot: curves.Plot, box: Box) -> list[Markup]:
    """Return a line where the guards first spoke, in the mean over the seeds on which they did, with their number."""
    pieces = []
    for place, (series, _) in enumerate(world.alarms):
        count, when = first_times(made, series) if series in made.series else (0, None)
        if when is not None and when.mean is not None:
            x = plot.across(when.mean)
            pieces.append(svg.line(x, box.top, x, box.bottom, "alarm"))
            pieces.append(svg.text(x + 3, box.top + 9 + 11 * place, f"{chr(ord('a') + place)} {count} of {made.replicates}", "alarm-word"))
    return pieces


def _alarm_entry(world: World) -> list[Entry]:
    return [
        Entry(svg.line(0, 0, 34, 0, "alarm"), f"{chr(ord('a') + place)}: {words}, mean over seeds")
        for place, (_, words) in enumerate(world.alarms)
    ]


def _entries(names: Sequence[str]) -> list[Entry]:
    found = [
        Entry(svg.line(0, 0, 34, 0, f"line s{look}") + svg.marker(look, 17, 0, f"s{look}", 4.2), quantity(name).title)
        for look, name in enumerate(names)
    ]
    return [*found, Entry(svg.line(0, 0, 34, 0, "line seed s0"), "one seed")]


def _told(world: World, runs: dict[str, Made]) -> str:
    """Return the last values in words, for readers who hear the figure."""
    sentences = []
    for name, made in runs.items():
        ends = [
            f"{quantity(series).title} {end:.2f}"
            for panel in world.panels
            for series in panel
            if series in made.series and (end := over_seeds(made, series)[-1].mean) is not None
        ]
        sentences.append(f"{name} at the end: {', '.join(ends)}.")
    return " ".join(sentences)
