"""What each generation kept of the first one: a picture that stands alone, and a page around it.

The picture has one panel per lineage, all with the same axes, so that lineages are compared by eye.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

import longtail.report.drawing.charts as charts
import longtail.report.drawing.curves as curves
import longtail.report.drawing.svg as svg
import longtail.report.words as words
from longtail.records import Status
from longtail.report.page.html import environment

Range = tuple[float, float, float]

WIDTH, HEIGHT = 300.0, 262.0
LEFT, RIGHT, TOP, BOTTOM = 42.0, 256.0, 12.0, 214.0
GUTTER = 20.0
NOT_DRAWN = -1


class Kept(NamedTuple):
    """What one generation kept of generation 1: ratios as (value, low, high), by the name of their series."""

    lineage: str
    generation: int
    series: Mapping[str, Range]


class Series(NamedTuple):
    """What is followed over the generations; `look` 0 is the steady line, 1 the one to watch, below 0 in the table only."""

    name: str
    label: str
    look: int


class Lineage(NamedTuple):
    """One panel: its name, what its models learn from, what came of it, and the page that says more."""

    name: str
    subtitle: str
    status: Status
    verdict: str
    report: str


class Story(NamedTuple):
    """All that the picture and the page show."""

    headline: str
    sentence: str
    kept: Sequence[Kept]
    series: Sequence[Series]
    lineages: Sequence[Lineage]
    commands: Sequence[str]
    margin: float = 0.9


def generations_svg(story: Story) -> str:
    """Return the picture as a file of its own, with its colours for light and dark."""
    drawn = [series for series in story.series if series.look > NOT_DRAWN]
    width = len(story.lineages) * (WIDTH + GUTTER) + GUTTER
    height = HEIGHT + 138
    panels = [_placed(story, lineage, GUTTER + at * (WIDTH + GUTTER)) for at, lineage in enumerate(story.lineages)]
    content = svg.picture(
        "generations",
        width,
        height,
        story.headline,
        " ".join(f"{lineage.name}: {_told(story, lineage)}" for lineage in story.lineages),
        svg.tag("style", Markup(_style())),
        svg.tag("rect", width=width, height=height, rx=12, fill="var(--card)"),
        svg.text(GUTTER, 32, story.headline, "title"),
        svg.text(width - GUTTER, 32, "100% is generation 1; shaded is the range the data allow", "tick", "end"),
        *_legend(drawn, story.margin, 56),
        *panels,
    )
    size = Markup('<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="{}" ').format(f"{width:.0f}", f"{height:.0f}")
    return str(Markup('<?xml version="1.0" encoding="UTF-8"?>\n') + size + content.removeprefix("<svg ")) + "\n"


def generations_html(story: Story) -> str:
    """Return a self-contained page: one sentence, the picture with its table, the reports and what to try next."""
    template = environment().get_template("generations.html")
    panels = [
        (lineage, svg.picture(f"panel-{at}", WIDTH, HEIGHT, lineage.name, _told(story, lineage), panel(story, lineage.name)))
        for at, lineage in enumerate(story.lineages)
    ]
    legend = [(charts.swatch(series.look), series.label) for series in story.series if series.look > NOT_DRAWN]
    heads = ["Lineage", "generation", *(series.label for series in story.series)]
    rows = [[row.lineage, str(row.generation), *(_cell(row.series.get(each.name)) for each in story.series)] for row in story.kept]
    return template.render(story=story, panels=panels, legend=legend, margin=f"{story.margin:.0%}", heads=heads, rows=rows, words=words)


def panel(story: Story, lineage: str) -> Markup:
    """Return the drawing of one lineage, on the axes that all lineages share."""
    last = max((row.generation for row in story.kept), default=2)
    plot = curves.Plot(svg.Scale(1, max(last, 2), LEFT + 10, RIGHT - 6), svg.Scale(0, _ceiling(story), BOTTOM, TOP))
    rows = sorted((row for row in story.kept if row.lineage == lineage), key=lambda row: row.generation)
    lines = [_line(rows, series, plot) for series in story.series if series.look > NOT_DRAWN]
    margin = svg.line(LEFT, plot.up(story.margin), RIGHT, plot.up(story.margin), "margin")
    return Markup("").join([*curves.axes(plot, LEFT, RIGHT), margin, *lines])


def _line(rows: Sequence[Kept], series: Series, plot: curves.Plot) -> Markup:
    """Return a line with its last value; every lineage begins at 100%."""
    points = [curves.START, *(curves.Point(row.generation, *row.series[series.name]) for row in rows if series.name in row.series)]
    last = points[-1]
    x, y = plot.across(last.generation), plot.up(last.value)
    value = svg.text(x + 9, y + (13 if series.look else -5), f"{last.value:.0%}", "value")
    return curves.curve(points, series.look, plot) + value


def _ceiling(story: Story) -> float:
    drawn = [series.name for series in story.series if series.look > NOT_DRAWN]
    return curves.ceiling(row.series[name][2] for row in story.kept for name in drawn if name in row.series)


def _placed(story: Story, lineage: Lineage, x: float) -> Markup:
    heading = [svg.text(0, 0, lineage.name, "title"), svg.text(0, 19, lineage.subtitle, "tick")]
    drawn = svg.tag("g", panel(story, lineage.name), transform="translate(0 32)")
    return svg.tag("g", *heading, drawn, transform=f"translate({x:.0f} 96)")


def _legend(drawn: Sequence[Series], margin: float, y: float) -> list[Markup]:
    pieces, x = [], GUTTER
    for series in drawn:
        pieces += [svg.line(x, y, x + 34, y, f"line s{series.look}"), svg.marker(series.look, x + 17, y, f"s{series.look}", size=4.2)]
        pieces.append(svg.text(x + 42, y + 4, series.label))
        x += 42 + 6.6 * len(series.label) + 26
    return [*pieces, svg.line(x, y, x + 34, y, "margin"), svg.text(x + 42, y + 4, f"margin: {margin:.0%}")]


def _told(story: Story, lineage: Lineage) -> str:
    """Return the numbers of a panel in words, for readers who hear it."""
    last = max((row for row in story.kept if row.lineage == lineage.name), key=lambda row: row.generation, default=None)
    if last is None:
        return "nothing was compared."
    known = [f"{series.label} {_cell(last.series.get(series.name))}" for series in story.series if series.look > NOT_DRAWN]
    return f"kept from generation 1 in generation {last.generation}: {'; '.join(known)}."


def _cell(bounds: Range | None) -> str:
    return "–" if bounds is None else f"{bounds[0]:.0%} [{bounds[1]:.0%}, {bounds[2]:.0%}]"


def _style() -> str:
    parts = (environment().get_template(name).render() for name in ("colours.css", "generations.css"))
    return "\n" + "\n".join(parts).replace(".generations .chart ", ".chart ").replace(".generations ", "") + "\n"
