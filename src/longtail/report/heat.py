"""Classes by generation: what became of each class of documents, the worst change first."""

from typing import NamedTuple

import longtail.report.drawing.charts as charts
import longtail.report.words as words
from longtail.records import Estimate, Report, Status
from longtail.report.words import Panel

MOST_CLASSES = 40
MOST_GENERATIONS = 10


class Cell(NamedTuple):
    """One class at one generation; `status` is None where it was not judged, and `says` is then why."""

    status: Status | None
    says: str
    interval: str


def heat(report: Report) -> list[Panel]:
    """Return one map of classes by generation for each column that classes come from; none where one data set was audited."""
    if report.lineage is None:
        return []
    found = [each for each in report.estimates if _is_class(each, report.lineage.baseline)]
    return [_column(view, [each for each in found if each.view == view]) for view in sorted({each.view for each in found})]


def _is_class(each: Estimate, baseline: str) -> bool:
    known = each.slice is not None and each.generation is not None and each.kind == "ratio"
    return known and each.metric == "class_share" and each.view.startswith("labels:") and each.baseline == baseline


def _column(view: str, found: list[Estimate]) -> Panel:
    numbers = sorted({each.generation or 0 for each in found})
    shown = [numbers[at] for at in charts.spread(len(numbers), MOST_GENERATIONS)]
    by_class: dict[str, dict[int, Estimate]] = {}
    for each in found:
        by_class.setdefault(each.slice or "", {})[each.generation or 0] = each
    ordered = sorted(by_class, key=lambda name: (_gravity(by_class[name], numbers[-1]), name))
    rows = [(words.one_line(name, 40), [_cell(by_class[name].get(number)) for number in shown]) for name in ordered[:MOST_CLASSES]]
    last = [by_class[name].get(numbers[-1]) for name in ordered]
    return {
        "name": words.one_line(view.partition(":")[2], 40),
        "against": words.baseline(found[0].baseline),
        "generations": shown,
        "left_out": len(numbers) - len(shown),
        "rows": rows,
        "hidden": len(ordered) - len(rows),
        "told": _told(ordered, last, numbers[-1]),
    }


def _gravity(found: dict[int, Estimate], newest: int) -> tuple[int, float]:
    """Return what sorts classes from the worst to the best at the newest generation; those that were not judged there come last."""
    each = found.get(newest)
    if each is None:
        return len(words.GRAVITY), 1.0
    status = words.DECISIONS.get(each.decision or "")
    return (words.GRAVITY.index(status) if status else len(words.GRAVITY) - 1, each.value)


def _cell(each: Estimate | None) -> Cell:
    if each is None:
        return Cell(None, "too rare", "")
    status = words.DECISIONS.get(each.decision or "")
    return Cell(status, f"{each.value:.0%}", words.interval(each).strip("[]").replace(", ", " to "))


def _told(ordered: list[str], last: list[Estimate | None], newest: int) -> str:
    shrunk = [words.one_line(name, 40) for name, each in zip(ordered, last, strict=True) if each is not None and each.decision == "shrunk"]
    if not shrunk:
        return f"At generation {newest} no class has clearly shrunk below the limit."
    more = f" and {len(shrunk) - 3} more" if len(shrunk) > 3 else ""
    gone = f"{len(shrunk)} of {words.counted(len(ordered), 'class', 'classes')}"
    return f"At generation {newest}, {gone} shrunk below the limit: {', '.join(shrunk[:3])}{more}."
