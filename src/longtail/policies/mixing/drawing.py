"""How many rows of each pool a plan takes, and a floor of human rows under that; which rows these are is `picking`'s matter."""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from longtail.errors import UsageError
from longtail.policies.mixing.feasible import floor_of, lacking
from longtail.policies.mixing.pools import Pools
from longtail.policies.plan import Plan
from longtail.views.keys import Keys

Indices = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Quota:
    """Rows to take of each pool.

    Attributes:
        planned: As the policy has it, shape (pools,).
        taken: With the floor of human rows, shape (pools,).
        weights: Weight of each row of the pool in training, before any discount, shape (pools,).
    """

    planned: tuple[int, ...]
    taken: tuple[int, ...]
    weights: tuple[float, ...]

    @property
    def rows(self) -> int:
        """Return the rows of the training set."""
        return sum(self.taken)

    def human(self, pools: Pools) -> int:
        """Return its human rows."""
        return sum(self.taken[at] for at in pools.of("human"))


def smallest(keys: Keys, ties: npt.NDArray[np.int16], rows: int) -> Indices:
    """Return the positions of the `rows` smallest keys; of equal ones those of smallest `ties`, then those that come first."""
    if rows >= len(keys):
        return np.arange(len(keys))
    if rows <= 0:
        return np.arange(0)
    limit = np.partition(keys, rows - 1)[rows - 1]
    below, level = np.flatnonzero(keys < limit), np.flatnonzero(keys == limit)
    return np.concatenate([below, level[np.argsort(ties[level], kind="stable")][: rows - len(below)]])


def quota(plan: Plan, pools: Pools, keys: Keys) -> Quota:
    """Return how many rows of each pool a plan takes. Of a draw from several pools these are the smallest keys of their union.

    Raises:
        UsageError: Some pools hold less than is drawn from them, a pool is drawn from twice, or the plan rewrites rows.
    """
    if plan.edits:
        raise UsageError(
            f"the policy lets the newest model rewrite {plan.edits:,} rows, and mix has no model; rewrite them, then tag and mix"
        )
    planned, weights = np.zeros(len(pools.held), np.int64), [1.0] * len(pools.held)
    drawn: set[int] = set()
    for draw in plan.draws:
        if drawn.intersection(draw.pools):
            raise UsageError("the policy draws from one pool twice, and a row has one weight; let it draw once from each")
        drawn.update(draw.pools)
        if lack := lacking(plan, pools):
            raise UsageError(lack)
        planned += _shares(draw.pools, draw.rows, pools, keys)
        for at in draw.pools:
            weights[at] = draw.weight
    counts = tuple(planned.tolist())
    return Quota(counts, counts, tuple(weights))


def _shares(chosen: tuple[int, ...], rows: int, pools: Pools, keys: Keys) -> npt.NDArray[np.int64]:
    """Return the rows that a draw takes of each pool, shape (pools,)."""
    counts = np.zeros(len(pools.held), np.int64)
    if rows == sum(pools.held[at] for at in chosen):
        counts[list(chosen)] = [pools.held[at] for at in chosen]
    elif len(chosen) == 1:
        counts[chosen[0]] = rows
    else:
        members = np.flatnonzero(np.isin(pools.place, chosen))
        counts += _counted(pools, members[smallest(keys[members], pools.place[members], rows)])
    return counts


def _counted(pools: Pools, rows: Indices) -> npt.NDArray[np.int64]:
    return np.bincount(pools.place[rows], minlength=len(pools.held)).astype(np.int64)


def taken_by(counts: tuple[int, ...], pools: Pools, keys: Keys) -> npt.NDArray[np.bool_]:
    """Return which rows are drawn where those of smallest keys are, so many of each pool, shape (rows,)."""
    taken = np.zeros(len(keys), np.bool_)
    for at, count in enumerate(counts):
        if count == pools.held[at]:
            taken |= pools.place == at
        elif count:
            members = np.flatnonzero(pools.place == at)
            taken[members[smallest(keys[members], pools.place[members], count)]] = True
    return taken


def floored(found: Quota, pools: Pools, keys: Keys, share: Fraction) -> Quota:
    """Return the quota with at least a share of human rows.

    Of human rows left out those of smallest keys come in, and as many rows of model output go, those of greatest keys.

    Args:
        found: What the policy has.
        pools: The pools, with enough human rows for the floor.
        keys: Keys of the rows.
        share: Least share of human rows.
    """
    needed = floor_of(share, found.rows)
    short = needed - found.human(pools)
    if short <= 0:
        return found
    taken = taken_by(found.planned, pools, keys)
    human = np.isin(pools.place, pools.of("human"))
    spare = np.flatnonzero(human & ~taken)
    added = spare[smallest(keys[spare], pools.place[spare], short)]
    there = np.flatnonzero(taken & ~human)
    removed = there[smallest(~keys[there], pools.place[there], short)]
    counts = np.array(found.planned) + _counted(pools, added) - _counted(pools, removed)
    return replace(found, taken=tuple(counts.tolist()))
