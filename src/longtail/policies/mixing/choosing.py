"""From rows and a policy to the rows of a training set: pools, plan, floor, draw."""

from dataclasses import dataclass
from functools import partial

import numpy as np

from longtail.policies.mixing.asked import Asked, GapsMet, TailFirst
from longtail.policies.mixing.drawing import Quota, floored, quota, taken_by
from longtail.policies.mixing.feasible import check_floor, check_plan
from longtail.policies.mixing.gaps import Targets, holders, read_targets
from longtail.policies.mixing.gathering import Rows, Sources
from longtail.policies.mixing.picking import Richness, partly, picked
from longtail.policies.mixing.pools import NOWHERE, Pools, pooled
from longtail.policies.mixing.tails import Tail, human_tail, reference_tail
from longtail.policies.mixing.texts import Mask, passages, worded
from longtail.policies.plan import bound, compose


@dataclass(frozen=True)
class Choice:
    """The rows of a training set.

    Attributes:
        pools: Where they come from.
        quota: How many of each pool.
        taken: Which, shape (rows,).
        tails: How rich in rare words the human ones are, where they were drawn by that.
        gaps: What became of gaps, where rows were drawn by that.
    """

    pools: Pools
    quota: Quota
    taken: Mask
    tails: TailFirst | None = None
    gaps: GapsMet | None = None


def sized(asked: Asked, pools: Pools) -> int:
    """Return the rows to ask of the policy: those given, else those of the newest output, without one those of the real data."""
    return asked.size or (pools.held[-1] if pools.newest else max(1, pools.rows("human")))


def allotted(asked: Asked, rows: Rows) -> tuple[Pools, Quota]:
    """Return the pools and how many rows of each are taken: none where the original human rows are missing and may not be.

    Raises:
        ConfigError: A setting of the policy is out of range.
        UsageError: The pools cannot give what the policy or the floor asks for.
    """
    pools = pooled(rows, keeps_unknown=asked.unknown == "synthetic")
    if pools.original is None and not asked.allow_replace:
        nothing = (0,) * len(pools.held)
        return pools, Quota(nothing, nothing, (1.0,) * len(pools.held))
    planner, size = partial(compose, bound(asked.policy), pools.pools), sized(asked, pools)
    plan = planner(size)
    check_plan(plan, planner, pools, size)
    found = quota(plan, pools, rows.keys)
    if asked.min_real is not None:
        check_floor(plan, planner, pools, asked.min_real, size)
        found = floored(found, pools, rows.keys, asked.min_real)
    return pools, found


def chosen(asked: Asked, rows: Rows, pools: Pools, found: Quota, sources: Sources) -> Choice:
    """Return the rows that are drawn.

    Raises:
        ReadError: A reference or a file of gaps cannot be read.
    """
    some = partly(found, pools)
    human = np.isin(pools.place, [at for at in some if pools.pools[at].kind == "human"])
    richness = None
    if asked.human_for_tails and human.any():
        tail = reference_tail(asked.reference, sources.text_column) if asked.reference else human_tail(sources, _human(pools))
        richness = _richness(sources, human, tail)
    targets = None if asked.target_gaps is None else read_targets(asked.target_gaps)
    if targets is None:
        taken = picked(found, pools, rows.keys, richness)
        return Choice(pools, found, taken, _tails(richness, human, taken))
    held = holders(sources, np.isin(pools.place, np.flatnonzero(found.taken)), targets)
    wanted = targets.wanted(found.rows)
    taken = picked(found, pools, rows.keys, richness, (held, wanted))
    masks = [taken_by(found.taken, pools, rows.keys), taken]
    counts = [np.bincount(held.gaps[mask[held.rows]], minlength=len(wanted)) for mask in masks]
    before, after = (int((count >= wanted).sum()) for count in counts)
    return Choice(pools, found, taken, _tails(richness, human, taken), _met(targets, before, after))


def _met(targets: Targets, before: int, after: int) -> GapsMet:
    return GapsMet(gaps=len(targets.shares), made_up=after, before=before, unused=targets.unused)


def _human(pools: Pools) -> Mask:
    return np.isin(pools.place, pools.of("human"))


def _richness(sources: Sources, wanted: Mask, tail: Tail) -> Richness:
    words, rare = np.zeros(len(wanted), np.int32), np.zeros(len(wanted), np.int32)
    for passage in passages(sources, wanted, "looking for rare words"):
        found = worded(passage)
        size = len(found.rows)
        words[found.rows] = np.bincount(found.owners, minlength=size)
        rare[found.rows] = np.bincount(found.owners[tail.holds(found.types)], minlength=size)
    return Richness(words, rare)


def _tails(richness: Richness | None, human: Mask, taken: Mask) -> TailFirst | None:
    if richness is None:
        return None
    drawn, there = richness.share(human & taken), richness.share(human)
    return None if drawn is None or there is None else TailFirst(drawn=drawn, there=there)


def in_pools(pools: Pools) -> Mask:
    """Return which rows are in a pool, shape (rows,)."""
    return np.asarray(pools.place != NOWHERE)
