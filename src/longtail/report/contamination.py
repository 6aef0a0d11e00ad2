"""An estimate of the machine-made share in words: the first screen, slices and dates as interval bars, what filtering costs."""

from collections.abc import Sequence
from typing import NamedTuple

import longtail.report.words as words
from longtail.origin.estimating.answering import Estimation
from longtail.origin.estimating.costs import Filtered, Removal, Rows
from longtail.origin.result import Contamination, Measured
from longtail.records import Status
from longtail.report.drawing import shares
from longtail.report.words import Panel

MOST = 40
_STATUSES: dict[str, Status] = {"ok": "pass", "weak": "warn", "refused": "not_measured"}


class Verdict(NamedTuple):
    """What the first line says, how far it can be relied on, and why."""

    status: Status
    headline: str
    explanation: str
    reasons: tuple[str, ...]


def verdict(found: Estimation) -> Verdict:
    """Return the first screen: a share with its interval, a lower bound, or that none can be told."""
    if found.estimate is not None:
        return _of_estimate(found.estimate)
    if found.bounds is None or found.bounds.at_least is None:
        said = "No number is given where none can be relied on. That is no sign that people wrote all of it."
        return Verdict("not_measured", "How much a model wrote cannot be told", said, _bound_reasons(found))
    least = words.percent(found.bounds.at_least)
    said = "Without machine text to compare with there is a lower bound alone; the share may be anything above it."
    return Verdict("warn", f"At least {least} of the documents look machine-made", said, _bound_reasons(found))


def _bound_reasons(found: Estimation) -> tuple[str, ...]:
    parts = [part for part in (found.bounds.unlike, found.bounds.vocabulary) if part is not None] if found.bounds else []
    return tuple(dict.fromkeys(reason for part in parts for reason in part.reasons))


def _of_estimate(told: Contamination) -> Verdict:
    whole = told.whole
    if whole.machine.share is None or whole.machine.low is None or whole.machine.high is None:
        said = "The texts given to compare with do not explain these documents well enough, so no number is given."
        return Verdict("not_measured", "How much a model wrote cannot be told", said, whole.reasons)
    share, low, high = (words.percent(each) for each in (whole.machine.share, whole.machine.low, whole.machine.high))
    said = f"Between {low} and {high} is in keeping with the texts. A share is of documents together; it accuses none of them."
    return Verdict(_STATUSES[whole.status], f"About {share} of the documents are machine-made", said, whole.reasons)


def slices(found: Estimation) -> list[Panel]:
    """Return a picture and a table for each column of slices; periods in the order of time, others by their shares."""
    if found.estimate is None:
        return _periods(found)
    dated = found.dates.column if found.dates else None
    columns = dict.fromkeys(each.column for each in found.estimate.slices)
    return [_slice(column, [each for each in found.estimate.slices if each.column == column], column == dated) for column in columns]


def _slice(column: str, measured: Sequence[Measured], is_date: bool) -> Panel:
    ordered = sorted(measured, key=lambda each: (0.0, each.value) if is_date else (-(each.machine.low or -1.0), each.value))
    shown = ordered[-MOST:] if is_date else ordered[:MOST]
    hidden = len(ordered) - len(shown)
    return _panel(f"By {words.one_line(column, 60)}", [_share(each) for each in shown], [_row(each) for each in shown], hidden)


def _panel(title: str, bars: list[shares.Share], rows: list[list[str]], hidden: int) -> Panel:
    return {"title": title, "bars": bars, "rows": rows, "hidden": hidden}


def _share(each: Measured) -> shares.Share:
    label = words.one_line(each.value, 34) or "(empty)"
    return shares.Share(label, each.machine.share, each.machine.low, each.machine.high, "weak" if each.status == "weak" else "")


def _row(each: Measured) -> list[str]:
    machine = each.machine
    told = [words.percent(machine.share), "–" if machine.low is None else f"{words.percent(machine.low)} to {words.percent(machine.high)}"]
    return [words.one_line(each.value, 80) or "(empty)", words.count(each.documents), *told, each.status]


def _periods(found: Estimation) -> list[Panel]:
    vocabulary = found.bounds.vocabulary if found.bounds else None
    if vocabulary is None or not vocabulary.periods:
        return []
    shown = vocabulary.periods[-MOST:]
    bars = [shares.Share(each.period, each.low, None, None, "weak" if each.status == "weak" else "", is_bound=True) for each in shown]
    rows = [[each.period, words.count(each.documents), words.percent(each.low), "lower bound alone", each.status] for each in shown]
    return [_panel(f"By {vocabulary.unit}", bars, rows, len(vocabulary.periods) - len(shown))]


def filtering(found: Filtered | None) -> Panel | None:
    """Return what filtering by the scores would cost: the points of the curve, the chosen one, a sentence and a table."""
    if found is None or not found.curve or not found.human.value:
        return None
    machine = max(found.documents - found.human.value, 1e-9)
    points = [_point(each, found.human.value, machine) for each in found.curve]
    return {
        "points": points,
        "chosen": None if found.chosen is None else _point(found.chosen, found.human.value, machine),
        "sentence": _filtered(found),
        "rows": [_cost(each) for each in found.curve[:MOST]],
    }


def _point(each: Removal, human: float, machine: float) -> tuple[float, float]:
    return min(1.0, each.human_lost.value / human), min(1.0, each.machine_removed.value / machine)


def _filtered(found: Filtered) -> str:
    if found.chosen is None:
        return (
            f"At no threshold do the texts given show that {words.percent(found.keep)} of the human documents would stay; "
            "weigh documents in place of filtering them (--weights)."
        )
    lost, gone = _rows(found.chosen.human_lost), _rows(found.chosen.machine_removed)
    return f"At the chosen threshold about {gone} machine-made documents would go, and with them about {lost} human ones."


def _rows(each: Rows) -> str:
    return f"{each.value:,.0f} ({each.low:,.0f} to {each.high:,.0f})"


def _cost(each: Removal) -> list[str]:
    return [f"at {each.fpr:.1%} of human text", _rows(each.machine_removed), _rows(each.human_lost)]
