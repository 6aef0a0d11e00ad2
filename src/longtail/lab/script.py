"""The script of a run: what is written, collected and drawn in each generation, all of it known before the first draw.

Policies see sizes alone, so a run can be laid out, checked and costed without simulating anything.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import chain

from longtail import policies
from longtail.errors import UsageError
from longtail.lab.recipes import carried, told
from longtail.lab.schedule import sizes
from longtail.lab.settings import Change, Settings
from longtail.policies import Plan, Pool
from longtail.records import Record

Key = tuple[str, int]
"""A pool by its kind and generation."""


class Taken(Record, frozen=True):
    """Rows drawn from the union of some pools; `whole` where these are all of their rows."""

    pools: tuple[Key, ...]
    rows: int
    weight: float
    whole: bool

    @property
    def plain(self) -> bool:
        """Tell whether every row is drawn, and counts once."""
        return self.whole and self.weight == 1


class Step(Record, frozen=True):
    """What one generation is trained on.

    Args:
        generation: From 1 up.
        writes: Rows that the model before writes.
        collects: Rows of new real data.
        taken: What the training set is made of.
        edits: Rows of the last training set that the model before rewrites; then `taken` is empty.
        gate: The gate that judges what is written; a recipe is written out.
        writer: Generation of the model that writes: the last one, unless it was reset.
        real_share: What part of the rows was to be new real data, before rounding; None where there is no such part.
        spent: Pools that no later generation draws from.
    """

    generation: int
    writes: int
    collects: int
    taken: tuple[Taken, ...]
    edits: int
    gate: str
    writer: int
    real_share: float | None = None
    spent: tuple[Key, ...] = ()

    @property
    def rows(self) -> int:
        """Return the rows of the training set that are drawn."""
        return sum(taken.rows for taken in self.taken)


def script(settings: Settings) -> tuple[Step, ...]:
    """Return the steps of a run.

    Raises:
        ConfigError: A setting is out of range.
        UnknownName: No policy of that name.
        UsageError: A policy asks for more than the pools hold.
        ReadError: A recipe of gates cannot be read.
    """
    settings = carried(settings)
    rows = sizes(settings.schedule, settings.samples, settings.generations)
    pools = [Pool(kind="human", generation=0, rows=settings.real or rows[0])]
    policy, gate, steps = policies.bound(settings.policy), settings.gate, []
    for generation, wanted in enumerate(rows, 1):
        changes = [change for change in settings.changes if change.generation == generation]
        policy, gate, pools = _changed(changes, policy, gate, pools)
        handed = pools if generation == 1 else [*pools, *_to_come(generation)]
        plan = policies.compose(policy, handed, wanted)
        steps.append(_step(generation, plan, handed, told(settings, gate), next((c.reset for c in changes if c.reset), generation - 1)))
        pools += [Pool(kind=kind, generation=of, rows=size) for kind, of, size in _entering(generation, plan) if size]
    return _spending(steps)


def strict(steps: Iterable[Step]) -> bool:
    """Tell whether rows are ever drawn from among others, so that the rows themselves must be simulated."""
    return any(step.edits or not all(taken.whole for taken in step.taken) for step in steps)


def _changed(changes: Sequence[Change], policy: partial[Plan], gate: str, pools: list[Pool]) -> tuple[partial[Plan], str, list[Pool]]:
    for change in changes:
        policy = policies.bound(change.policy) if change.policy else policy
        gate = change.gate or gate
        if change.drop:
            first, last = change.drop
            pools = [pool for pool in pools if pool.kind == "human" or not first <= pool.generation <= last]
    return policy, gate, pools


def _to_come(generation: int) -> tuple[Pool, Pool]:
    return Pool(kind="human", generation=generation), Pool(kind="synthetic", generation=generation - 1)


def _entering(generation: int, plan: Plan) -> tuple[tuple[policies.plan.Kind, int, int], ...]:
    return ("human", generation, plan.collects), ("synthetic", generation - 1, plan.writes)


def _step(generation: int, plan: Plan, pools: Sequence[Pool], gate: str, writer: int) -> Step:
    entering = {(kind, of): size for kind, of, size in _entering(generation, plan)}
    taken = []
    for draw in plan.draws:
        drawn = [pools[at] for at in draw.pools]
        keys = tuple((pool.kind, pool.generation) for pool in drawn)
        total = sum(entering[key] if pool.rows is None else pool.rows for key, pool in zip(keys, drawn, strict=True))
        if draw.rows > total:
            raise UsageError(f"generation {generation} asks for {draw.rows} rows of pools that hold {total}; lower the share or the size")
        taken.append(Taken(pools=keys, rows=draw.rows, weight=draw.weight, whole=draw.rows == total))
    return Step(
        generation=generation,
        writes=plan.writes,
        collects=plan.collects,
        taken=tuple(taken),
        edits=plan.edits,
        gate=gate,
        writer=writer,
        real_share=plan.real_share,
    )


def _spending(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Note in each step the pools that it is the last to draw from."""
    last: dict[Key, int] = {}
    for step in steps:
        born = (("human", step.generation),) * bool(step.collects) + (("synthetic", step.generation - 1),) * bool(step.writes)
        for key in chain(born, *(taken.pools for taken in step.taken)):
            last[key] = step.generation
    return tuple(
        Step(
            **{name: getattr(step, name) for name in step.__struct_fields__ if name != "spent"},
            spent=tuple(key for key, at in last.items() if at == step.generation),
        )
        for step in steps
    )
