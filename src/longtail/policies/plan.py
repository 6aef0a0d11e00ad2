"""What a policy reads and returns: sizes of pools in, rows to draw from each out. No rows, no arrays."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Literal, TypeAlias

from longtail.catalogue import Catalogue
from longtail.errors import UsageError
from longtail.records import Record

Kind: TypeAlias = Literal["human", "synthetic"]


class Pool(Record, frozen=True):
    """Rows of one origin and one generation.

    Args:
        kind: "human" for real data, "synthetic" for what a model wrote.
        generation: 0 for the original real data; of later real data the generation it was collected for; of model
            output the generation of the model.
        rows: How many there are; None where as many as are asked for can still be written or collected.
    """

    kind: Kind
    generation: int
    rows: int | None = None


class Draw(Record, frozen=True):
    """`rows` rows, without replacement, from the union of some pools, each with `weight` in training.

    `pools` are positions in the sequence of pools that the policy was handed.
    """

    pools: tuple[int, ...]
    rows: int
    weight: float = 1.0


class Plan(Record, frozen=True):
    """The next training set: what must be written and collected for it, then what is drawn.

    Args:
        writes: Rows that the newest model is asked to write.
        collects: Rows of new real data.
        draws: What the training set is made of.
        edits: Rows of the last training set that the newest model rewrites in place; then `draws` is empty.
        real_share: What part of the rows was to be new real data, before rounding; None where a policy sets no such part.
    """

    writes: int = 0
    collects: int = 0
    draws: tuple[Draw, ...] = ()
    edits: int = 0
    real_share: float | None = None

    @property
    def rows(self) -> int:
        """Return the rows drawn in all, whatever their weights."""
        return sum(draw.rows for draw in self.draws)


Policy: TypeAlias = Callable[[Sequence[Pool], int], Plan]
"""A policy with its settings bound: (pools, rows asked for) to plan. The last two pools are always the new real data
that could be collected and what the newest model could write."""

POLICIES: Catalogue[Callable[..., Plan]] = Catalogue("policy", "keeps", "source")


def compose(policy: Policy, pools: Sequence[Pool], rows: int) -> Plan:
    """Return the plan of the next training set of `rows` rows.

    The first model is trained on the original real data, whatever the policy: before there is model output, nothing
    is to be decided.

    Args:
        policy: A member of `POLICIES` with its settings bound.
        pools: All that exists, the oldest first. Where there is model output, the last two are the new real data that
            can be collected and the output of the newest model.
        rows: Size asked for.

    Raises:
        ConfigError: A setting of the policy is out of range.
        UsageError: `rows` is below 1, or the pools cannot give what the policy asks for.
    """
    if rows < 1:
        raise UsageError(f"a training set of {rows} rows was asked for; ask for 1 or more")
    if all(pool.kind == "human" for pool in pools):
        return Plan(draws=tuple(Draw((at,), pool.rows) for at, pool in enumerate(pools) if pool.rows))
    plan = policy(pools, rows)
    if not plan.edits and plan.rows < 1:
        raise UsageError("the policy leaves no rows to train on; ask for more rows or for another share")
    return plan


def bound(spec: str) -> partial[Plan]:
    """Return the policy of a text such as "fresh:0.1": its name and, after the colon, its settings in order.

    Raises:
        UnknownName: No policy of that name.
        ConfigError: Too many settings, one is missing, or one is no number.
    """
    return POLICIES.bind(spec)


def original(pools: Sequence[Pool]) -> int:
    """Return the position of the original real data.

    Raises:
        UsageError: They are not among the pools.
    """
    for at, pool in enumerate(pools):
        if pool.kind == "human" and pool.generation == 0:
            return at
    raise UsageError("the policy draws from the original real data, which are not among the pools; keep them, or choose replace")


def held(pools: Sequence[Pool], at: int) -> int:
    """Return the rows of a pool that is complete."""
    rows = pools[at].rows
    if rows is None:
        raise UsageError(f"pool {at} has no rows yet; a policy may draw the rows that were there before, and those it asks for")
    return rows


def newest(pools: Sequence[Pool]) -> int:
    """Return the position of the newest model's output."""
    return len(pools) - 1


def collected(pools: Sequence[Pool]) -> int:
    """Return the position of the new real data."""
    return len(pools) - 2


def stored(pools: Sequence[Pool]) -> range:
    """Return the positions of everything that was there before this generation."""
    return range(len(pools) - 2)


def whole(pools: Sequence[Pool], positions: Any) -> tuple[Draw, ...]:
    """Return draws of all rows of the pools at some positions; empty ones are left out."""
    return tuple(Draw((at,), held(pools, at)) for at in positions if pools[at].rows)


def parts(*draws: Draw) -> tuple[Draw, ...]:
    """Return those draws that draw something."""
    return tuple(draw for draw in draws if draw.rows)
