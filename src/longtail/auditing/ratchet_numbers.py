"""Numbers that were accepted, and how today's stand to them."""

import hashlib
import math
from collections.abc import Sequence
from datetime import date
from typing import Literal

from longtail.records import Decision, Estimate, Record, Report
from longtail.rules.waiving import RATCHETED

HIGHER_IS_WORSE = frozenset({"human_nll_change", "own_nll_change"})
FEWEST_SHARE = 0.5
"""Share of the documents that a number was accepted on, below which today's is too coarse to stand beside it; a convention."""

_ROLES = {"reference": "reference", "generation_1": "baseline", "previous": "against", "control": "control"}

Relation = Literal["worse", "like", "better", "too_few"]


class Number(Record, frozen=True):
    """A number with its interval, what it rests on and the audit that found it.

    Args:
        value: The estimate.
        low: Lower bound of its interval.
        high: Upper bound.
        n: Resampling units of the candidate.
        time: When the audit was made, as ISO 8601.
        key: Of the audit, as in a history.
    """

    value: float
    low: float
    high: float
    n: int
    time: str
    key: str

    def __post_init__(self) -> None:
        """Refuse what is no number with its interval."""
        if not all(map(math.isfinite, (self.value, self.low, self.high))) or not self.low <= self.value <= self.high or self.n < 1:
            raise ValueError(f"{self.value!r} in [{self.low!r}, {self.high!r}] on {self.n!r} is no number with its interval")


class Allowance(Number, frozen=True):
    """A worse number that is accepted for a while.

    Args:
        reason: Why.
        owner: Who answers for it.
        expires: The last day on which it is accepted.
    """

    reason: str
    owner: str | None
    expires: date


class Accepted(Number, frozen=True):
    """The best value of an endpoint that was seen when numbers were accepted.

    Args:
        metric: What was measured.
        view: In which view.
        slice: Of which class of documents; None where of all.
        measured_by: Hex digits that stand for baseline, reference and tau: numbers measured otherwise do not compare.
        allowance: A worse number that stands in its place for a while.
    """

    metric: str
    view: str
    slice: str | None
    measured_by: str
    allowance: Allowance | None = None

    @property
    def place(self) -> tuple[str, str, str]:
        """Return what tells one endpoint from another."""
        return (self.metric, self.view, self.slice or "")

    @property
    def name(self) -> str:
        """Return the place as it is written: `metric@view[slice]`."""
        return f"{self.metric}@{self.view}" + (f"[{self.slice}]" if self.slice else "")

    def in_force(self, today: date) -> Number:
        """Return the number that today's is held against."""
        return self if self.allowance is None or today > self.allowance.expires else self.allowance


def found_in(
    report: Report, key: str, *, metrics: Sequence[str] | None = None, decisions: Sequence[Decision] = ("ok", "watch", "shrunk")
) -> tuple[Accepted, ...]:
    """Return the decided endpoints of a report's judged generation, in the order of the report.

    Args:
        report: Of an audit.
        key: Of that audit.
        metrics: Those to return; all that a rule of `RATCHETED` rests on where None.
        decisions: Those to return; what is inconclusive is no number to accept.
    """
    wanted = {each for of_rule in RATCHETED.values() for each in of_rule} if metrics is None else set(metrics)
    newest = max((each.generation for each in report.estimates if each.generation is not None), default=None)
    return tuple(
        _accepted(each, report, key)
        for each in report.estimates
        if each.metric in wanted and each.decision in decisions and each.generation in (newest, None)
    )


def _accepted(each: Estimate, report: Report, key: str) -> Accepted:
    return Accepted(
        value=each.value,
        low=each.low,
        high=each.high,
        n=max(each.n, 1),
        time=report.created_at,
        key=key,
        metric=each.metric,
        view=each.view,
        slice=each.slice,
        measured_by=_measured_by(each, report),
    )


def _measured_by(each: Estimate, report: Report) -> str:
    """Return hex digits that stand for what an estimate was measured by: baseline and reference, and tau as asked for and as realised."""
    roles = {_ROLES.get(each.baseline or "", ""), "reference"}
    files = sorted(f"{one.role} {one.documents} {one.sha256 or ''}" for one in report.inputs if one.role in roles)
    told = [*files, str(each.baseline), str(each.tau), str(report.settings.get("tau"))]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def relation(before: Number, now: Accepted) -> Relation:
    """Return how today's number stands to an accepted one.

    It is worse where it lies beyond the bound of the accepted interval: a loss is there in any case, so that what is accepted is
    the favour and what is in doubt stands. It is better where the interval of the difference is above 0; that is made of both
    intervals, the distances of each estimate to its bound on the side in question added as squares, so that a lucky draw does
    not tighten what the next one cannot keep.

    Source: of the second, Zou & Donner 2008 (method of variance estimates recovery); the first is a convention.
    """
    if now.n < FEWEST_SHARE * before.n:
        return "too_few"
    is_mirrored = now.metric in HIGHER_IS_WORSE
    change = before.value - now.value if is_mirrored else now.value - before.value
    if change < -_reach(before, up=is_mirrored):
        return "worse"
    return "better" if change > math.hypot(_reach(now, up=is_mirrored), _reach(before, up=not is_mirrored)) else "like"


def _reach(number: Number, *, up: bool) -> float:
    return number.high - number.value if up else number.value - number.low


def short(number: Number) -> str:
    """Return a number with its interval, three digits each."""
    return f"{number.value:.3g} [{number.low:.3g}, {number.high:.3g}]"


def named(count: int) -> str:
    """Return the noun of a number of documents."""
    return "document" if count == 1 else "documents"
