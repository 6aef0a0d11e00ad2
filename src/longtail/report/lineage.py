"""A lineage as the terminal and the page show it: phases and ratios by generation, and what is said about them all."""

import math
from itertools import pairwise
from pathlib import PurePath
from typing import NamedTuple

from markupsafe import Markup

import longtail.report.drawing.charts as charts
import longtail.report.drawing.curves as curves
import longtail.report.drawing.svg as svg
import longtail.report.leads as leads
import longtail.report.names as names
import longtail.report.words as words
from longtail.records import Estimate, GenerationRecord, LineageRecord, Neutral, Report, Status, Trend
from longtail.report.panels import ROWS, finite, margin_of
from longtail.report.words import Panel

VIEW = "words_1"
WATCHED = "tail_types_retained"
# What is followed over the generations, with its colour and mark.
LOOKS = {WATCHED: 1, "tail_mass_retained": 3, "hill_1": 0, "hill_2": 2}
MOST_CELLS = 40
CHANGES = {"kept": "kept", "thinned": "thinned", "replaced": "replaced", "renewed": "renewed"}

WIDTH, HEIGHT = 520.0, 306.0
LEFT, RIGHT, TOP, BOTTOM = 48.0, 442.0, 12.0, 258.0
LABEL_GAP = 19.0


class Cell(NamedTuple):
    """One generation in the strip: its number, what it is called there, how grave that is, and what decided it."""

    generation: int
    name: str
    status: Status | None
    labels: str
    decided_by: list[str]
    path: str
    documents: str


class Followed(NamedTuple):
    """One metric over the generations."""

    metric: str
    label: str
    look: int
    estimates: list[Estimate]


class Listed(NamedTuple):
    """The rows of a table that a page can show, and how many more there are."""

    rows: list[list[str]]
    hidden: int


def page(report: Report) -> Panel | None:
    """Return what the page shows of a lineage, or None where one data set was audited."""
    lineage = report.lineage
    if lineage is None:
        return None
    return _listing(lineage) | {"leads": leads.grid(report)} | _drawn(report, lineage, followed(report, lineage))


def _listing(lineage: LineageRecord) -> Panel:
    return {
        "onset": words.one_line(lineage.onset_statement, 600),
        "statement": words.one_line(lineage.trend_statement, 600),
        "baseline": words.baseline(lineage.baseline),
        "cells": strip(lineage),
        "hidden": max(0, len(lineage.generations) - MOST_CELLS),
        "trend": _listed([_trend(row) for row in lineage.trend]),
        "sampling": sampling(lineage),
        "neutral": _listed([_neutral(row) for row in lineage.neutral]),
        "signs": signs(lineage),
        "steps": _listed([_step(each) for each in lineage.steps]),
    }


def _drawn(report: Report, lineage: LineageRecord, lines: list[Followed]) -> Panel:
    shown = [each for line in lines for each in line.estimates]
    return {
        "chart": chart(report, lineage, lines),
        "legend": [(charts.swatch(line.look), line.label) for line in lines],
        "undecided": any(each.decision == "inconclusive" for each in shown),
        "margin": words.percent(margin_of(report)).replace(".0%", "%"),
        "kept": _listed([_kept(each) for each in shown]),
        "summed": summed(report, lineage),
    }


def _listed(rows: list[list[str]]) -> Listed:
    return Listed(rows[:ROWS], max(0, len(rows) - ROWS))


def strip(lineage: LineageRecord) -> list[Cell]:
    """Return a cell for each generation; of very many, an even choice with the first and the last."""
    chosen = charts.spread(len(lineage.generations), MOST_CELLS)
    return [_cell(lineage.generations[at], lineage) for at in chosen]


def _cell(row: GenerationRecord, lineage: LineageRecord) -> Cell:
    start = lineage.baseline == "generation_1" and row.generation == 1
    return Cell(
        row.generation,
        "start" if start else "not judged" if row.phase is None else row.phase.replace("_", " "),
        None if start or row.phase is None else words.PHASES[row.phase].status,
        words.labels(row.labels),
        [words.named(one) for one in row.decided_by],
        words.shortened("/".join(PurePath(row.path).parts[-2:]) or row.path, 60),
        words.counted(row.documents, "document"),
    )


def followed(report: Report, lineage: LineageRecord) -> list[Followed]:
    """Return what was measured of single words at each generation against the baseline of the lineage, oldest first."""
    lines = []
    for metric, look in LOOKS.items():
        found = [each for each in report.estimates if each.metric == metric and _follows(each, lineage)]
        found.sort(key=lambda each: each.generation or 0)
        if found:
            lines.append(Followed(metric, names.METRICS[metric], look, found))
    return lines


def _follows(each: Estimate, lineage: LineageRecord) -> bool:
    known = each.generation is not None and each.slice is None
    return known and each.kind == "ratio" and each.view == VIEW and each.baseline == lineage.baseline


def chart(report: Report, lineage: LineageRecord, lines: list[Followed]) -> Markup | None:
    """Return the lines over the generations with their intervals and the margin, or None where there is none to draw."""
    drawn = [(line, points(line, lineage)) for line in lines]
    everything = [point for _, found in drawn for point in found]
    if not everything:
        return None
    numbers = [point.generation for point in everything]
    plot = curves.Plot(
        svg.Scale(min(numbers), max(*numbers, min(numbers) + 1), LEFT + 12, RIGHT - 8),
        svg.Scale(0, curves.ceiling(point.high for point in everything), BOTTOM, TOP),
    )
    margin = plot.up(margin_of(report))
    return svg.picture(
        "over-generations",
        WIDTH,
        HEIGHT,
        f"What each generation kept, against {words.baseline(lineage.baseline)}",
        " ".join(_told(line) for line in lines),
        *curves.axes(plot, LEFT, RIGHT),
        svg.line(LEFT, margin, RIGHT, margin, "margin"),
        *_turns(report, plot),
        *(curves.curve(found, line.look, plot) for line, found in drawn),
        *_ends(drawn, plot),
    )


def _turns(report: Report, plot: curves.Plot) -> list[Markup]:
    """Return a mark between two generations where what becomes of the real rows changed, by what the manifests say."""
    known = [(finite(row.get("generation")), str(row.get("name"))) for row in words.rows(words.panel(report, "mix"), "segments")]
    pieces: list[Markup] = []
    for (_, old), (at, new) in pairwise([(1.0, "kept"), *known]):
        if at is not None and new != old and new in CHANGES and plot.across.low < at <= plot.across.high:
            x = plot.across(at - 0.5)
            pieces += [
                svg.line(x, TOP, x, BOTTOM, "turn"),
                svg.text(x + 4, BOTTOM - 8 - 9 * (len(pieces) % 6), f"real rows {CHANGES[new]}", "tick"),
            ]
    return pieces


def points(line: Followed, lineage: LineageRecord) -> list[curves.Point]:
    """Return the points of a line; against generation 1 it begins there with 100%."""
    found = [
        curves.Point(each.generation or 0, each.value, each.low, each.high, each.decision == "inconclusive") for each in line.estimates
    ]
    begins = lineage.baseline == "generation_1" and found[0].generation > 1
    return [curves.START, *found] if begins else found


def _ends(drawn: list[tuple[Followed, list[curves.Point]]], plot: curves.Plot) -> list[Markup]:
    """Return mark and last value of each line beside its end, moved apart where they would touch."""
    last = [found[-1] for _, found in drawn]
    heights = curves.apart([plot.up(point.value) for point in last], LABEL_GAP, BOTTOM)
    x = RIGHT + 12
    return [
        svg.marker(line.look, x, height, f"s{line.look}", size=4.2) + svg.text(x + 10, height + 4.5, f"{point.value:.0%}", "value")
        for (line, _), point, height in zip(drawn, last, heights, strict=True)
    ]


def _told(line: Followed) -> str:
    told = ", ".join(f"generation {each.generation} {words.percent(each.value)}" for each in line.estimates[:MOST_CELLS])
    return f"{line.label[0].upper()}{line.label[1:]}: {told}."


def _kept(each: Estimate) -> list[str]:
    return [names.METRICS[each.metric], str(each.generation), words.percent(each.value), words.interval(each), each.decision or "–"]


def change(slope: float) -> str:
    """Return a log ratio per generation as a percentage of change per generation, with its sign."""
    share = math.expm1(slope)
    return f"{'+' if share > 0 else '−' if share < 0 else ''}{words.percent(abs(share))}"


def _trend(row: Trend) -> list[str]:
    direction = "loss" if row.direction == "loss" else "no loss shown"
    halved = "–" if row.half_life is None else f"{row.half_life:.3g} generations"
    return [words.named(row.metric, row.view), direction, change(row.slope), halved, words.chance(row.p), words.chance(row.p_adjusted)]


def sampling(lineage: LineageRecord) -> str:
    """Return one sentence that sets the loss of the last generation beside what sampling alone would lose."""
    if not lineage.neutral:
        return ""
    last = max(lineage.neutral, key=lambda row: row.generation)
    return (
        f"Of the rare items, {words.percent(last.observed_loss)} are gone by generation {last.generation}; drawing samples of samples, "
        f"with nothing else amiss, would lose {words.percent(last.expected_loss)}{_excess(last)}."
    )


def _excess(row: Neutral) -> str:
    if row.low is None or row.high is None:
        return ""
    if row.low > 1:
        return ". This is more than sampling alone explains"
    if row.high < 1:
        return ". This is less, so something held the loss back"
    return ". The loss is within what sampling alone would explain"


def _neutral(row: Neutral) -> list[str]:
    bounds = "–" if row.low is None or row.high is None else f"{row.low:.3g} to {row.high:.3g}"
    times = "–" if row.excess is None else f"{row.excess:.3g} times"
    return [str(row.generation), words.percent(row.expected_loss), words.percent(row.observed_loss), times, bounds]


def signs(lineage: LineageRecord) -> str:
    """Return one sentence on which signal reported a loss first."""
    if not lineage.lead_times:
        return ""
    alarmed = [row for row in leads.alarms(lineage) if row.first_alarm is not None]
    if not alarmed:
        return "No signal reported a loss in any generation."
    first = [words.named(row.signal) for row in alarmed if row.first_alarm == alarmed[0].first_alarm]
    return f"The first sign came in generation {alarmed[0].first_alarm}: {', '.join(first)}."


def summed(report: Report, lineage: LineageRecord) -> str:
    """Return the sentence that is due where no step looks like a failure and yet the lineage is one."""
    if not lineage.steps or any(each.decision == "shrunk" for each in lineage.steps):
        return ""
    lost = any(each.decision == "shrunk" for line in followed(report, lineage) for each in line.estimates)
    return "No single step counts as a failure; together they do. A look at the generation before alone misses this." if lost else ""


def _step(each: Estimate) -> list[str]:
    number = each.generation
    step = "–" if number is None else f"{number - 1} to {number}"
    name = words.named(each.metric, each.view)
    return [step, name, words.number(each.value, words.scale_of(each)), words.interval(each), each.decision or "–"]
