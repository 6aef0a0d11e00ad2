"""A training run on the page: what was read, and how the formats of its completions moved from window to window."""

from typing import Any

import longtail.report.drawing.sparks as sparks
import longtail.report.words as words
from longtail.records import Report
from longtail.report.panels import finite
from longtail.report.words import Panel

HEADS = ["Format", "over the run", "first window", "last window"]


def page(report: Report) -> Panel | None:
    """Return what the section of the page reads; None where no run was named, or it has no window."""
    found = words.panel(report, "rollouts")
    windows = [row for row in words.rows(found, "mix") if isinstance(row.get("shares"), dict) and row["shares"]]
    if found is None or not windows:
        return None
    return {"sentence": _sentence(found, windows), "heads": HEADS, "rows": _rows([row["shares"] for row in windows])}


def _sentence(found: Panel, windows: list[Panel]) -> str:
    """Return in plain words what was read and which windows are compared."""
    ends = [f"steps {words.count(finite(row.get('first')))} to {words.count(finite(row.get('last')))}" for row in (windows[0], windows[-1])]
    told = f"{words.count(finite(found.get('rollouts')))} completions in {words.count(finite(found.get('windows')))} windows"
    compared = (
        f"; the last ({ends[1]}) is held against the first ({ends[0]})" if len(windows) > 1 else f" ({ends[0]}), so nothing is compared"
    )
    budget = finite(found.get("budget"))
    said = f"{told}{compared}." + (f" Budget of drift: {words.number(budget)} nats per token." if budget is not None else "")
    assumed = words.one_line(str(found.get("assumed") or ""), 300)
    weighed = _weighed(found.get("weights"))
    return said + (f" Assumed: {assumed}." if assumed else "") + (f" Rewards weighed: {weighed}." if weighed else "")


def _weighed(weights: Any) -> str:
    return (
        ", ".join(f"{words.one_line(name, 60)} {words.number(finite(each))}" for name, each in weights.items())
        if isinstance(weights, dict)
        else ""
    )


def _rows(windows: list[dict[str, Any]]) -> list[list[Any]]:
    """Return a row for each format, the commonest of the last window first."""
    names = dict.fromkeys(name for shares in windows for name in shares)
    courses = {name: [finite(shares.get(name)) or 0.0 for shares in windows] for name in names}
    ordered = sorted(courses.items(), key=lambda each: (-each[1][-1], -each[1][0], each[0]))
    return [
        [words.one_line(str(name), 40), sparks.spark(course), words.percent(course[0]), words.percent(course[-1])]
        for name, course in ordered
    ]
