"""Which sign came first: signals in rows, generations in columns, the first alarm of each marked, and what that is in days."""

from typing import NamedTuple

import longtail.report.words as words
from longtail.records import Estimate, LeadTime, LineageRecord, Report, Status
from longtail.report.drawing.charts import spread
from longtail.report.panels import ROWS, finite
from longtail.report.words import Panel

COLUMNS = 12
_SAYS = {"ok": "no loss", "watch": "a loss", "shrunk": "a loss past the margin", "inconclusive": "too little data"}


class Cell(NamedTuple):
    """What a signal said at one generation; `is_first` at its first alarm."""

    says: str
    status: Status | None
    is_first: bool


def grid(report: Report) -> Panel | None:
    """Return the table of signals by generation, the earliest alarm first; None without signals."""
    lineage = report.lineage
    if lineage is None or not lineage.lead_times:
        return None
    numbers = [row.generation for row in lineage.generations if row.generation > 1]
    shown = [numbers[at] for at in spread(len(numbers), COLUMNS)]
    said = {(_signal(each), each.generation): each for each in report.estimates if each.baseline == lineage.baseline}
    days = finite((words.panel(report, "cadence") or {}).get("days"))
    ordered = alarms(lineage)
    return {
        "generations": shown,
        "rows": [_row(row, shown, said, days) for row in ordered[:ROWS]],
        "hidden": max(0, len(ordered) - ROWS),
        "apart": apart(ordered, days),
        "cut": len(numbers) - len(shown),
    }


def alarms(lineage: LineageRecord) -> list[LeadTime]:
    """Return the signals, the earliest alarm first and those without one last."""
    return sorted(lineage.lead_times, key=lambda row: (row.first_alarm is None, row.first_alarm or 0))


def _signal(each: Estimate) -> str:
    name = f"{each.metric}@{each.view}" if each.view else each.metric
    return f"{name}[{each.slice}]" if each.slice else name


def _row(row: LeadTime, shown: list[int], said: dict[tuple[str, int | None], Estimate], days: float | None) -> Panel:
    cells = [_cell(said.get((row.signal, generation)), row.first_alarm == generation) for generation in shown]
    return {"name": words.named(row.signal), "cells": cells, "ahead": ahead(row) + in_days(row.generations_before_last, days)}


def _cell(found: Estimate | None, is_first: bool) -> Cell:
    if found is None or found.decision is None:
        return Cell("a loss" if is_first else "–", "warn" if is_first else None, is_first)
    return Cell(_SAYS[found.decision], words.DECISIONS[found.decision], is_first)


def ahead(row: LeadTime) -> str:
    """Return how long before the last generation a signal reported a loss."""
    if row.generations_before_last is None:
        return "–"
    return "the last one" if row.generations_before_last == 0 else f"{words.counted(row.generations_before_last, 'generation')} earlier"


def in_days(generations: int | None, days: float | None) -> str:
    """Return a number of generations in days, where it is known how far they lie apart; empty where it is not."""
    return f", about {generations * days:,.3g} days" if generations and days else ""


def apart(ordered: list[LeadTime], days: float | None) -> str:
    """Return by how many generations the first sign was before the next one, and before the last generation; empty without an alarm."""
    known = sorted({row.first_alarm for row in ordered if row.first_alarm is not None})
    if not known:
        return ""
    told = []
    if len(known) > 1:
        later = next(row for row in ordered if row.first_alarm == known[1])
        gap = known[1] - known[0]
        told.append(f"The next, {words.named(later.signal)}, came {words.counted(gap, 'generation')} later{in_days(gap, days)}.")
    if days:
        told.append(f"Days: at one generation every {days:,.3g}, the median by the dates of the manifests.")
    return " ".join(told)
