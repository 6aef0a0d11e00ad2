"""A model that adapts itself: it reads passages on entries that are new to it, writes edits of them, and is taught what it wrote.

Generation 1 is before the first round. From the second round on it reads what it wrote itself in the round before.
"""

import functools
from typing import Literal, NamedTuple

import numpy as np

from longtail.errors import ConfigError, MissingExtra
from longtail.gates.gain import Settings
from longtail.gates.updating import GainGate
from longtail.lab.learners.torch.door import EXTRA, Device, need, steady
from longtail.lab.makers.catalogue import AskedOf
from longtail.lab.worlds.adapting import How, adapted, edits_of, educated, known
from longtail.lab.worlds.alphabet import Ids
from longtail.lab.worlds.encyclopaedia import ASKED, TOLD, Entries, Floats, drawn, every, is_true, passages, rewritten, taught_by
from longtail.lab.worlds.policy import Policy

OLD, NEW = 100, 60
CHOOSING, DECIDING = 60, 90
"""Questions on new entries by which the best of several updates is chosen, and by which it is decided; the rest are for the report."""


class Asked(AskedOf, frozen=True):
    """How the model adapts itself.

    Args:
        arm: What it is taught: the passages as they are, its own edits, or those of them that the real answers bear out.
        gated: Whether the update gate decides of each round, over the best of `candidates`.
        candidates: Updates of a round, each from edits of its own.
        margin: Retention that the gate lets go, in one round and in all.
        replay: Share of each batch that is questions on old entries.
        round_steps: Steps of the optimiser in a round.
        rate: Of the optimiser.
        width: Of the network, a multiple of 16.
        steps: Of the first teaching.
        device: "auto" takes a GPU where there is one.
    """

    generations: int = 5
    arm: Literal["passages", "edits", "verified"] = "edits"
    gated: bool = False
    candidates: int = 1
    margin: float = 0.05
    replay: float = 0.0
    round_steps: int = 160
    rate: float = 1e-3
    width: int = 48
    steps: int = 1500
    device: Device = "auto"

    def __post_init__(self) -> None:
        """Refuse a width that no head fits, and a choice that nothing decides."""
        if self.width < 16 or self.width % 16:
            raise ConfigError(f"width is {self.width!r}; take a multiple of 16")
        if self.candidates < 1 or (self.candidates > 1 and not self.gated):
            raise ConfigError(f"candidates is {self.candidates!r}; take 1, or more with gated = true, which chooses among them")
        if not 0 <= self.replay < 1:
            raise ConfigError(f"replay is {self.replay!r}; take a share from 0 up, below 1")


class Start(NamedTuple):
    """What all runs of a seed begin with: a policy, the entries that it knows, and those that are new to it."""

    policy: Policy
    old: Entries
    new: Entries


class Made(NamedTuple):
    """A policy, and what it reads in the next round."""

    policy: Policy
    reads: Entries


class Probes:
    """Questions that a policy is scored on; none of those that decide are those that are told.

    Args:
        start: What the run begins with.
        rng: Of their order.
    """

    def __init__(self, start: Start, rng: np.random.Generator) -> None:
        new, old = every(start.new), every(start.old)
        self._of = {"new": new, "old": old}
        order, halves = rng.permutation(len(new[1])), rng.permutation(len(old[1]))
        self.choosing, self.deciding, self.told = np.split(order, [CHOOSING, CHOOSING + DECIDING])
        self.kept, self.kept_told = np.split(halves, 2)

    def scores(self, made: Made, of: Literal["new", "old"], places: Ids) -> Floats:
        """Return how likely a policy answers some of the questions right."""
        entries, attributes = self._of[of]
        return known(made.policy, entries.take(places), attributes[places])


@steady()
def values(asked: Asked, replicate: int) -> dict[str, list[float]]:
    """Return the series of one seed, a number for each round.

    `new_right` and `old_right` are how likely questions on new and old entries are answered right; `edits_true` is the share of its
    edits that say what is so, `readable` that of those that are written as edits are; `accepted` counts the rounds that the gate has
    accepted, all where there is none.
    """
    seed = asked.seed + replicate
    start = _start(seed, asked.width, asked.steps, asked.device)
    rng = np.random.default_rng([seed, 1])
    probes = Probes(start, np.random.default_rng([seed, 2]))
    made = Made(start.policy, start.new)
    gate = _gate(asked, probes, made)
    found: dict[str, list[float]] = {name: [] for name in ("new_right", "old_right", "edits_true", "readable", "accepted")}
    accepted, edits = 0, list[str]()
    for generation in range(asked.generations):
        if generation:
            edits = []
            updates = [functools.partial(_update, asked=asked, start=start, rng=rng, edits=edits)] * asked.candidates
            before = made
            made = gate.try_(made, *updates)[0] if asked.gated else updates[0](made)
            accepted += made is not before
        found["new_right"].append(float(probes.scores(made, "new", probes.told).mean()))
        found["old_right"].append(float(probes.scores(made, "old", probes.kept_told).mean()))
        found["edits_true"].append(_share([is_true(edit, start.new) for edit in edits]))
        found["readable"].append(_share([bool(len(taught_by([edit]))) for edit in edits]))
        found["accepted"].append(float(accepted))
    return found


def lacks(asked: Asked) -> str | None:
    """Return the optional part that the world takes and this machine has not."""
    try:
        need("this world")
    except MissingExtra:
        return EXTRA
    return None


@functools.lru_cache(maxsize=2)
def _start(seed: int, width: int, steps: int, device: Device) -> Start:
    rng = np.random.default_rng([seed, 0])
    old, new = drawn((OLD, NEW), rng)
    return Start(educated(width, old, steps, rng, device), old, new)


def _gate(asked: Asked, probes: Probes, base: Made) -> GainGate[Made]:
    return GainGate(
        lambda made: probes.scores(made, "new", probes.deciding),
        lambda made: probes.scores(made, "old", probes.kept),
        Settings(margin=asked.margin, total=asked.margin),
        base=base,
        eval_choose=lambda made: probes.scores(made, "new", probes.choosing),
    )


def _update(made: Made, *, asked: Asked, start: Start, rng: np.random.Generator, edits: list[str]) -> Made:
    """Return the policy after a round, and what it reads in the next; the edits that it wrote are added to a list."""
    how = How(asked.round_steps, asked.rate, replay=asked.replay)
    if asked.arm == "passages":
        return Made(adapted(made.policy, passages(made.reads), TOLD, start.old, how, rng), made.reads)
    wrote = edits_of(made.policy, made.reads, rng)
    edits += wrote
    kept = [edit for edit in wrote if is_true(edit, start.new)] if asked.arm == "verified" else wrote
    return Made(adapted(made.policy, taught_by(kept), ASKED, start.old, how, rng), rewritten(made.reads, kept))


def _share(found: list[bool]) -> float:
    return float(np.mean(found)) if found else float("nan")
