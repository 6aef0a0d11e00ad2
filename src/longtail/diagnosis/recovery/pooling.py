"""Whether bad generations must leave the pool, what share keeps and what share rescues, and what an early recovery would have cost."""

from dataclasses import replace
from typing import Literal

import numpy as np

from longtail.diagnosis.recovery.course import Policy
from longtail.diagnosis.recovery.holdings import Held
from longtail.diagnosis.recovery.judging import with_share
from longtail.diagnosis.recovery.missing import rows_to_source
from longtail.diagnosis.recovery.records import Asymmetry, Late, PoolAdvice, TwoShares
from longtail.diagnosis.recovery.ways import Ground
from longtail.lab.planner import plan as lab_plan
from longtail.lab.planner_records import Ask
from longtail.lab.theory.recovery import accumulate_recovery, accumulate_recovery_pool

LARGEST = 10**7
MOST_RUNS = 50
_POLICIES: tuple[Policy, Policy] = ("keep", "drop")


def advice(ground: Ground, share: float, target: float) -> PoolAdvice | None:
    """Return whether the bad generations must leave the pool, with what is reached either way.

    Args:
        ground: What is at hand.
        share: Real share of new training sets.
        target: Retained share that the lower bound is to reach.
    """
    bad, measure = len(ground.course.bad), ground.measure
    if not bad or not share:
        return None
    keep, drop = (measure.ceilings(with_share(ground.course, share, policy), target)[-1] for policy in _POLICIES)
    left = float(accumulate_recovery([bad + measure.generations], collapsed=bad, share=share)[0])
    growth = float(accumulate_recovery_pool(share=share))
    verdict: Literal["drop", "keep", "no difference"]
    verdict = "drop" if drop.types.low > keep.types.high else "keep" if keep.types.low > drop.types.high else "no difference"
    numbers = (
        f"{drop.types.value:.0%} of the tail types without them and {keep.types.value:.0%} with them, {measure.generations} generations on"
    )
    told = {
        "drop": f"take the {bad} bad generations out of the pool: {numbers}",
        "keep": f"leave the {bad} bad generations in the pool, they still hold types that the current outputs lack: {numbers}",
        "no difference": f"the {bad} bad generations may stay or leave, the intervals overlap: {numbers}",
    }[verdict]
    slow = f"; kept, half of the loss is gone once the pool has grown {growth:,.0f}-fold" if growth < 1e15 else ""
    return PoolAdvice(
        verdict=verdict, collapsed=bad, share=share, keep=keep, drop=drop, left=left, growth=growth, statement=told + slow
    )  # fmt: skip


def two_shares(held: Held, size: int, generations: int) -> TwoShares | None:
    """Return the real share that keeps a type as rare as the lost ones, and the one that brings it back within the generations.

    Args:
        held: What is at hand.
        size: Rows of a training set.
        generations: The horizon.
    """
    lost = (held.reference.held > 0) & (held.current.held == 0)
    if not lost.any() or size > LARGEST:
        return None
    share = float(np.median(held.reference.held[lost])) / held.reference.documents
    found = lab_plan(Ask(policy="fresh", tail_share=min(share, 0.5), budget=size, horizon=generations))
    keep, rescue = found.keep, found.rescue
    return TwoShares(
        tail_share=share, keep=keep.share, rescue=rescue.share, keep_because=keep.reason or keep.event,
        rescue_because=rescue.reason or rescue.event,
    )  # fmt: skip


def asymmetry(ground: Ground, held: Held, names: tuple[str, ...], clean: int | None, target: float) -> Asymmetry:
    """Return what recovery from the first bad version would have cost, beside what it costs from the current one.

    Both by one formula and the same inputs: training runs until the expected tail types reach the target at the greatest share that
    the reservoir has rows for, and rows for the tail types that neither the reservoir nor that version's outputs hold.

    Args:
        ground: What is at hand.
        held: The same, counted.
        names: Of the versions, in order.
        clean: Place of the last clean one, or None.
        target: Retained share to reach.
    """
    first = clean or 0
    if len(names) - first < 2:
        reason = (
            "there are outputs of one bad version only; give those of all versions with --outputs to see what it would have cost earlier"
        )
        return Asymmetry(early=None, late=None, because=reason)
    early, late = (_late(ground, held, names[at], at, first, target) for at in (first, len(names) - 1))
    if early.cost.total is None or late.cost.total is None:
        needed = ", ".join(early.cost.missing) or "a course that reaches the target"
        return Asymmetry(early=early, late=late, because=f"no cost: {needed} not stated; the formula is {early.cost.formula}")
    word = "less" if early.cost.total < late.cost.total else "as much" if early.cost.total == late.cost.total else "more"
    told = f"by {early.cost.formula}: {early.cost.total:,.6g} from {early.version} on, {late.cost.total:,.6g} from {late.version} on"
    return Asymmetry(early=early, late=late, because=f"early costs {word}: {told}")


def _late(ground: Ground, held: Held, name: str, at: int, first: int, target: float) -> Late:
    source, measure = held.outputs[at], ground.measure
    share = max(ground.shares, default=0.0)
    bad = held.outputs[first : at + 1]
    course = replace(ground.course, share=share, policy="drop", start=source, bad=bad)
    runs = measure.until(course, target, MOST_RUNS) if share else None
    lacking = held.tail[(held.reservoir.held == 0) & (source.held == 0)]
    rows = rows_to_source(held.profiles.reference, held.view, lacking, course.size)
    return Late(
        version=name, generations=runs, rows_to_source=rows, cost=ground.cost("recovery", MOST_RUNS if runs is None else runs, rows)
    )
