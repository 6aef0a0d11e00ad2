"""Whether reviewers say the same twice, and the same as each other, from blind repeats and from tasks that several decided."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from longtail.gates.intervals import exact_interval
from longtail.gates.review.item import DECIDING, Event, Task
from longtail.records import Estimate, NotMeasured, Outcome, Record

ROUNDS = 999
"""Resamples of items for the interval of alpha."""

Unit = tuple[str, ...]
"""What was said of one item, by each who said something."""


class Agreement(Record, frozen=True):
    """How often the same was said of the same document.

    Attributes:
        pairs: Documents of which two things were said.
        raw: Share of them of which the same was said.
        kappa: Cohen's, of the first against the second.
        alpha: Krippendorff's, nominal, over all that was said.
    """

    pairs: int
    raw: Outcome
    kappa: Outcome
    alpha: Outcome


class Doubles(NamedTuple):
    """What one reviewer said twice, in order of time; and what several reviewers said, each for the first time."""

    within: list[Unit]
    between: list[Unit]


def doubles(tasks: Iterable[Task], votes: Iterable[Event]) -> Doubles:
    """Return the documents of which more than one thing was said, blind; what settles an item is not blind.

    Args:
        tasks: All tasks.
        votes: What each reviewer says of each task now, in the order of time.
    """
    of = {task.key: task for task in tasks}
    said: dict[int, dict[str, list[str]]] = {}
    for vote in votes:
        task = of[vote.task]
        if vote.action in DECIDING and task.kind != "settle":
            said.setdefault(task.item, {}).setdefault(vote.reviewer, []).append(vote.action)
    within = [tuple(each[:2]) for by in said.values() for each in by.values() if len(each) > 1]
    between = [tuple(by[reviewer][0] for reviewer in sorted(by)) for by in said.values() if len(by) > 1]
    return Doubles(within, between)


def agreement(units: Sequence[Unit], who: str, level: float = 0.95, seed: int = 0) -> Agreement:
    """Return how often the same was said.

    Args:
        units: What was said of each document, two or more things of each.
        who: By whom, in words, such as "one reviewer".
        level: Of the intervals.
        seed: Of the resampling for alpha's.
    """
    pairs = [(unit[0], unit[1]) for unit in units]
    if not pairs:
        absent = [_absent(name, who) for name in ("raw_agreement", "cohen_kappa", "krippendorff_alpha")]
        return Agreement(pairs=0, raw=absent[0], kappa=absent[1], alpha=absent[2])
    same = sum(one == other for one, other in pairs)
    low, high = exact_interval(same, len(pairs), level)
    raw = _estimate("raw_agreement", same / len(pairs), low, high, len(pairs), "Clopper-Pearson", level)
    kappa = _resampled("cohen_kappa", pairs, level, seed)
    return Agreement(pairs=len(pairs), raw=raw, kappa=kappa, alpha=_resampled("krippendorff_alpha", units, level, seed))


def cohen_kappa(pairs: Sequence[Unit]) -> float | None:
    """Return Cohen's kappa, None where both said one and the same thing throughout (Cohen, 1960).

    Args:
        pairs: What the first and the second said of each document.
    """
    many = len(pairs)
    first, second = Counter(pair[0] for pair in pairs), Counter(pair[1] for pair in pairs)
    chance = sum(first[said] * second[said] for said in first) / many**2
    same = sum(pair[0] == pair[1] for pair in pairs) / many
    return None if chance == 1 else (same - chance) / (1 - chance)


def krippendorff_alpha(units: Sequence[Unit]) -> float | None:
    """Return Krippendorff's alpha for nominal values, None where one thing alone was said (Krippendorff, 2011).

    Args:
        units: What was said of each document by however many; one thing alone counts for nothing.
    """
    counts = [Counter(unit) for unit in units if len(unit) > 1]
    totals = sum(counts, Counter[str]())
    values = sum(totals.values())
    expected = values**2 - sum(count**2 for count in totals.values())
    if not expected:
        return None
    observed = sum((each.total() ** 2 - sum(count**2 for count in each.values())) / (each.total() - 1) for each in counts)
    return 1 - (values - 1) * observed / expected


def _resampled(metric: str, units: Sequence[Unit], level: float, seed: int) -> Outcome:
    """Return a coefficient with an interval from resampled documents; rounds in which it does not exist are left out."""
    coefficient = cohen_kappa if metric == "cohen_kappa" else krippendorff_alpha
    value = coefficient(units)
    if value is None:
        return NotMeasured(metric=metric, reason="all that was said is the same, so that chance alone explains it")
    rng = np.random.default_rng(seed)
    draws = rng.integers(0, len(units), (ROUNDS, len(units)))
    rounds = [coefficient([units[at] for at in draw]) for draw in draws.tolist()]
    found = [each for each in rounds if each is not None]
    low, high = np.quantile(found, [(1 - level) / 2, (1 + level) / 2]) if found else (value, value)
    return _estimate(metric, value, min(low, value), max(high, value), len(units), "bootstrap over documents, percentile", level)


def _estimate(metric: str, value: float, low: float, high: float, n: int, method: str, level: float) -> Estimate:
    return Estimate(
        metric=metric, view="", value=float(value), low=float(low), high=float(high), n=n, unit="share", resampling_unit="document",
        method=method, level=level,
    )  # fmt: skip


def _absent(metric: str, who: str) -> NotMeasured:
    return NotMeasured(metric=metric, reason=f"no document was decided on twice by {who}", enable="go on reviewing: repeats come later")
