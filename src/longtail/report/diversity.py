"""Variety on three axes: of words, of meanings and of forms, each measure beside the baseline and beside what is usual."""

from typing import NamedTuple

import longtail.report.drawing.dots as dots
import longtail.report.names as names
import longtail.report.words as words
from longtail.records import Estimate, Report
from longtail.report.panels import finite, ranged
from longtail.report.words import Panel

AXES = {
    "Words": ("distinct_n", "mattr", "hdd", "mtld", "compression_ratio", "self_bleu"),
    "Meanings": ("rke", "effective_rank", "total_variance", "coverage_corrected", "tail_coverage"),
    "Forms": ("openings", "effective_formats", "template_share", "self_repetition"),
}
TURNED = frozenset({"compression_ratio", "self_bleu"})
"""Measures that rise where variety falls; their ratios are turned over, so that left always means less."""


class Row(NamedTuple):
    """One measure: its estimate, and the range of the reference's halves against each other, where there is one."""

    axis: str
    estimate: Estimate
    usual: tuple[float, float] | None


def diversity(report: Report) -> Panel | None:
    """Return the dots and their table, or None where no measure of variety has a baseline."""
    rows = _rows(report)
    drawn = [row for row in rows if row.estimate.kind == "ratio"]
    if not drawn:
        return None
    against = words.baseline(rows[0].estimate.baseline)
    groups = [(axis, [_dot(row) for row in drawn if row.axis == axis]) for axis in AXES]
    return {
        "against": against,
        "has_usual": any(row.usual for row in drawn),
        "chart": dots.dots("diversity-axes", f"Variety against {against}", [(axis, found) for axis, found in groups if found]),
        "told": _told(drawn, against),
        "missing": [axis.lower() for axis, found in groups if not found],
        "table": [_listed(row) for row in rows],
    }


def _rows(report: Report) -> list[Row]:
    """Return the measures of the newest generation beside what the verdict holds it against, in the order of the axes."""
    baseline = report.lineage.baseline if report.lineage else (words.panel(report, "strata") or {}).get("baseline")
    newest = max((each.generation or 0 for each in report.estimates), default=0)
    usual = {(row.get("metric"), row.get("view")): _bounds(row) for row in words.listed(report, "usual")}
    found = []
    for axis, metrics in AXES.items():
        listed = [each for each in report.estimates if each.metric in metrics and _counts(each, baseline, newest)]
        listed.sort(key=lambda each: (metrics.index(each.metric), each.view))
        found += [Row(axis, each, usual.get((each.metric, each.view))) for each in listed]
    return found


def _counts(each: Estimate, baseline: object, newest: int) -> bool:
    return each.baseline is not None and each.baseline == baseline and each.slice is None and (each.generation or 0) == newest


def _bounds(row: Panel) -> tuple[float, float] | None:
    low, high = finite(row.get("low")), finite(row.get("high"))
    return None if low is None or high is None else (low, high)


def _dot(row: Row) -> dots.Dot:
    each = row.estimate
    value, low, high = _turned(each.metric, each.value, each.low, each.high)
    usual = None if row.usual is None else _turned(each.metric, 1.0, *row.usual)[1:]
    return dots.Dot(_name(each), value, low, high, usual)


def _turned(metric: str, value: float, low: float, high: float) -> tuple[float, float, float]:
    return (1 / value, 1 / high, 1 / low) if metric in TURNED and min(value, low) > 0 else (value, low, high)


def _name(each: Estimate) -> str:
    view = f", {names.view(each.view)}" if each.metric == "distinct_n" else ""
    return f"{LABELS.get(each.metric, names.METRICS.get(each.metric, each.metric))}{view}"


LABELS = {
    "distinct_n": "different phrases",
    "mattr": "word variety in a document (MATTR)",
    "hdd": "word variety in a document (HD-D)",
    "mtld": "word variety in a document (MTLD)",
    "compression_ratio": "resists compression",
    "self_bleu": "unlike each other (self-BLEU)",
    "rke": "distinct kinds (RKE)",
    "effective_rank": "directions of variation",
    "total_variance": "overall spread",
    "coverage_corrected": "regions reached",
    "tail_coverage": "rare regions reached",
    "openings": "different openings",
    "effective_formats": "formats in use",
}


def _told(drawn: list[Row], against: str) -> str:
    """Return the sentence under the picture: the measures whose whole range lies on one side."""
    dotted = [(row, _dot(row)) for row in drawn]
    lower = [dot.label for row, dot in dotted if dot.high < 1 and (row.usual is None or dot.high < (dot.usual or (1.0, 1.0))[0])]
    higher = sum(dot.low > 1 for _, dot in dotted)
    if not lower:
        return f"No measure lies clearly below {against}" + (f"; {higher} of {len(drawn)} lie above it." if higher else ".")
    told = f"Less variety than {against} by {len(lower)} of {len(drawn)} measures: {'; '.join(lower)}."
    return told + (f" By {higher} there is more." if higher else "")


def _listed(row: Row) -> list[str]:
    each = row.estimate
    scale = words.scale_of(each)
    plain = words.named(each.metric, each.view if each.metric == "distinct_n" else "")
    what = plain if each.kind == "ratio" else f"{plain}, change"
    usual = "–" if row.usual is None else ranged(*row.usual) if each.kind == "ratio" else "{:.3g} to {:.3g}".format(*row.usual)
    return [row.axis.lower(), what, words.number(each.value, scale), words.interval(each), usual]
