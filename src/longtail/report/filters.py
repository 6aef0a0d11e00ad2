"""What filters took, for the page of an audit and for that of a run of gates: stages, sentences, tables."""

from collections.abc import Sequence

import longtail.report.words as words
from longtail.gates.running.result import Gated, StageCount
from longtail.records import Report
from longtail.report.drawing import funnel
from longtail.report.panels import finite, ranged
from longtail.report.words import Panel

TIMES = 2.0
"""A stage is marked where it takes rare words at least so many times as often as common ones, and beyond its interval."""
HEADS = ["Stage", "in", "kept", "to review", "dropped", "rare words taken", "common words taken", "marked"]


def of_audit(report: Report) -> Panel | None:
    """Return what the section of an audit's page reads; None where no filter was named."""
    found = words.panel(report, "filter")
    if found is None:
        return None
    rare, common, removed = (finite(found.get(name)) for name in ("rare_loss", "common_loss", "removed"))
    ratio = found.get("ratio")
    stated = ratio if isinstance(ratio, dict) else {}
    high, after = finite(stated.get("high")), sum(each.documents for each in words.of_role(report, "candidate"))
    before = after if removed is None or removed >= 1 else round(after / (1 - removed))
    stage = funnel.Stage("the filter", before, after, 0, before - after, rare, common, _is_marked(rare, common, high))
    bounds = f"{words.percent(finite(stated.get('value')))} ({ranged(stated.get('low'), stated.get('high'))})"
    lost = {"shrunk": "a loss past the margin", "watch": "a loss inside the margin"}.get(str(stated.get("decision")), "")
    said = f"It takes more of the rare words than of the common ones: {lost}. " if lost else ""
    return _panel([stage], "filter-funnel") | {
        "sentence": said + sentence([stage]),
        "ratio": bounds if finite(stated.get("value")) is not None else "",
        "reason": words.one_line(str(stated.get("reason", "")), 300),
    }


def of_gates(made: Gated) -> Panel:
    """Return what the page of a run of gates reads."""
    stages = [_stage(each) for each in made.stages]
    return _panel(stages, "gate-funnel") | {"ratio": "", "reason": ""}


def _stage(found: StageCount) -> funnel.Stage:
    rare, common = found.rare_kept, found.common_kept
    lost = [None if each is None else 1 - each.value for each in (rare, common)]
    apart = rare is not None and common is not None and rare.high < common.value
    marked = _is_marked(lost[0], lost[1], 0.0 if apart else 1.0)
    return funnel.Stage(words.one_line(found.name, 40), found.seen, found.kept, found.review, found.rejected, lost[0], lost[1], marked)


def _is_marked(rare: float | None, common: float | None, high: float | None) -> bool:
    """Return whether rare words go at least twice as often; `high`, the upper bound of their kept share over the other's, is below 1."""
    return rare is not None and common is not None and rare > 0 and rare >= TIMES * common and high is not None and high < 1


def _panel(stages: Sequence[funnel.Stage], name: str) -> Panel:
    return {
        "chart": funnel.funnel(name, "What each stage let through", stages),
        "legend": [(funnel.key(style), told) for style, told in (("kept", "kept"), ("review", "to review"), ("dropped", "dropped"))],
        "sentence": sentence(stages),
        "heads": HEADS,
        "rows": [_row(stage) for stage in stages],
    }


def sentence(stages: Sequence[funnel.Stage]) -> str:
    """Return in plain words whether a stage takes rare words more than common ones."""
    marked = [stage for stage in stages if stage.marked]
    if marked:
        worst = max(marked, key=lambda stage: stage.rare or 0.0)
        return f"{worst.name[:1].upper()}{worst.name[1:]} {funnel.words(worst).removeprefix('▲ ')}: it takes the rare part first."
    if any(stage.rare is None for stage in stages):
        return "Not every stage was measured for what it takes of rare words."
    return "No stage takes rare words at least twice as often as common ones, beyond chance."


def _row(stage: funnel.Stage) -> list[str]:
    counts = [words.count(each) for each in (stage.seen, stage.kept, stage.review, stage.dropped)]
    return [stage.name, *counts, words.percent(stage.rare), words.percent(stage.common), "yes" if stage.marked else "no"]
