"""A plan for recovery, and the check after it, in words and bars for a page."""

from typing import NamedTuple

import longtail.report.names as names
import longtail.report.words as words
from longtail.diagnosis.recovery.records import Bounded, Ceiling, Cost, Gone, Option, Plan, Wanted
from longtail.diagnosis.restoring.records import Check, Regained
from longtail.records import Estimate, NotMeasured, Status
from longtail.report.drawing import shares
from longtail.report.panels import ROWS

_POLICIES = {"drop": "bad generations out of the pool", "keep": "bad generations in the pool", "replace": "newest outputs only"}
_STEPS: dict[str, Status] = {"to do": "fail", "already so": "pass", "not known": "not_measured"}
_CHECKS: dict[str, tuple[Status, str]] = {
    "pass": ("pass", "Rare things came back"),
    "not_shown": ("not_measured", "It is not shown that rare things came back"),
    "worse": ("fail", "More rare things were lost"),
    "not_measured": ("not_measured", "Recovery was not measured"),
}


class Card(NamedTuple):
    """One way to recover: its place, what it restores, what it takes, how likely it is to show, and what to run."""

    order: int
    title: str
    is_possible: bool
    because: str
    bars: list[shares.Share]
    told: list[str]
    needs: list[str]
    cost: str
    command: str


def headline(plan: Plan) -> tuple[Status, str, str]:
    """Return how grave it is, the first line and the sentence under it."""
    possible = [option for option in plan.options if option.best is not None]
    said = f"The current version shows {bounded(plan.now)} of the rare items that {words.one_line(plan.baseline, 120)} does."
    if not possible:
        return "fail", "No way back is possible with what is at hand", said
    best = next((option for option in possible if option.order == min(each.order for each in possible)), possible[0])
    assert best.best is not None
    reach = f"Try first: {best.title}. It is expected to bring that to {bounded(best.best.types)}."
    return "warn", "What can be brought back, and in what order", f"{said} {reach}"


def step(plan: Plan) -> Status:
    """Return how far step 0 is done."""
    return _STEPS[plan.stop.status]


def bounded(found: Bounded) -> str:
    """Return a share with its interval."""
    return f"{words.percent(found.value)} ({words.percent(found.low)} to {words.percent(found.high)})"


def cards(plan: Plan) -> list[Card]:
    """Return a card for each option in the order in which to try them."""
    return [_card(option) for option in sorted(plan.options, key=lambda each: each.order)]


def _card(option: Option) -> Card:
    return Card(
        option.order,
        words.one_line(option.title, 160),
        option.best is not None,
        words.one_line(option.because, 600),
        [] if option.best is None else _bars(option, option.best),
        [] if option.best is None else _told(option, option.best),
        [words.one_line(need, 300) for need in option.needs],
        cost(option.cost),
        words.one_line(option.command, 600) if option.best is not None else "",
    )


def _bars(option: Option, best: Ceiling) -> list[shares.Share]:
    """Return what is reached soon, and in the long run, which is the ceiling: shares of one whole, what the baseline shows.

    How much of the reference stands in what it draws on is a share of another whole, and is told in words.
    """
    bars = [_bar(f"after {words.counted(best.generation or 0, 'generation')}", best.types)]
    return bars + [_bar("in the long run: the ceiling", each.types) for each in option.courses if _is_long(each, best)]


def _bar(label: str, found: Bounded) -> shares.Share:
    return shares.Share(label, found.value, found.low, found.high)


def _is_long(each: Ceiling, best: Ceiling) -> bool:
    return each.generation is None and (each.share, each.policy) == (best.share, best.policy)


def _told(option: Option, best: Ceiling) -> list[str]:
    rows = "real rows alone" if best.share == 1 else f"{words.percent(best.share)} real rows, {_POLICIES[best.policy]}"
    told = [f"With {rows}: {bounded(best.types)} of rare items (n = {best.types.n:,} documents)."]
    told += [f"Of their use: {bounded(best.mass)}."] if best.mass is not None else []
    if option.at_best is not None:
        held = f"{bounded(option.at_best)} of {option.at_best.n:,} rare items of the reference stand in what it draws on"
        told.append(f"{held}; the others cannot come back by it.")
    return [*told, f"Odds that {best.types.n:,} documents then show the aim: {words.percent(best.odds)}."]


def cost(found: Cost) -> str:
    """Return the formula with its numbers; what is not stated stays open."""
    formula = words.one_line(found.formula, 300)
    if found.total is None:
        return f"{formula}; not stated: {words.one_line(', '.join(found.missing), 200)}"
    told = f"{formula} = {words.one_line(found.stated, 300)} = {found.total:,.6g}"
    most = max(found.sensitivity, key=lambda each: abs(each.more - each.less), default=None)
    return told if most is None else f"{told}; {most.less:,.6g} to {most.more:,.6g} with {words.one_line(most.name, 60)} at 50% to 150%"


def gone(found: Gone) -> list[str]:
    """Return the cells of an item that is gone for good."""
    return [words.one_line(found.type, 80), words.count(found.reference_documents), words.one_line(found.example_id, 40)]


def wanted(found: Wanted) -> list[str]:
    """Return the cells of something to look for."""
    lacks = "none" if found.is_missing else f"{found.reservoir_documents:,}, too few"
    return [words.one_line(found.name, 80), words.count(found.rows), f"{found.low:,} to {found.high:,}", lacks]


def outcome(found: Check) -> tuple[Status, str]:
    """Return how a check ended and its first line."""
    return _CHECKS[found.status]


def before_after(found: Check) -> list[shares.Share]:
    """Return what stood of generation 1 before and after, each with its interval."""
    at = {0: "before", 1: "after"}
    return [
        shares.Share(f"{_name(each)}: {at.get(each.generation or 0, 'after')}", each.value, each.low, each.high)
        for each in sorted(found.standing, key=lambda one: (one.metric, one.view, one.generation or 0))[:12]
    ]


def _name(each: Estimate) -> str:
    return {"tail_types_retained": "rare items left", "tail_mass_retained": "use of rare items"}.get(each.metric, words.named(each.metric))


def checked(each: Estimate) -> list[str]:
    """Return the cells of after over before."""
    said = {"shrunk": "worse", "watch": "a little worse", "ok": "kept", "inconclusive": "too little data"}.get(each.decision or "", "–")
    return [words.named(each.metric, each.view), words.number(each.value, words.scale_of(each)), words.interval(each), said]


def regained(each: Regained | NotMeasured) -> str:
    """Return how much of a loss came back, or why that is not known."""
    name = names.METRICS.get(each.metric, each.metric or "the tail")
    if isinstance(each, NotMeasured):
        return f"{name}: {words.one_line(each.reason, 300)}"
    return f"{name}: of the loss, {words.percent(each.value)} came back ({words.percent(each.low)} to {words.percent(each.high)})"


def listed(rows: list[list[str]]) -> dict[str, object]:
    """Return the rows that a page shows, and how many more there are."""
    return {"rows": rows[:ROWS], "hidden": max(0, len(rows) - ROWS)}
