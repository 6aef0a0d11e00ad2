"""Prompts that are too hard: a policy that can add is reinforced on answers that nobody can know, and what that does to its sums.

A run is noted every 20 steps of 16 problems of 16 tries: generation 1 is before the first step. Guards watch, and remedies are tried.
"""

import functools
from typing import Literal, NamedTuple

import numpy as np

from longtail.errors import MissingExtra
from longtail.guards import PassRateFilter, signal_of
from longtail.lab.learners.torch.door import EXTRA, Device, device_of, need, steady
from longtail.lab.makers.catalogue import AskedOf
from longtail.lab.worlds import hashes
from longtail.lab.worlds.arithmetic import Sums, split
from longtail.lab.worlds.base import remembered
from longtail.lab.worlds.policy import Policy, completions_of, fresh, taught, written
from longtail.lab.worlds.reinforcement import Floats, How, Step, reinforced
from longtail.lab.worlds.watching import Guarded
from longtail.metrics.rollouts.capabilities import capabilities
from longtail.metrics.rollouts.groups import Group, Scale, groups_of

NOTED = 20
PROMPTS, EACH = 16, 16
RATE = 1e-4
"""Of 5e-4, 2e-4 and 1e-4 the greatest at which a policy that is reinforced on sums never loses more than .05 of them: at greater ones the
first steps of the optimiser do damage of their own."""
HELD_OUT, PROBLEMS, TRIES = 500, 64, 8
POOL = 512
WIDTH, TAUGHT, BATCH = 48, 900, 128
WINDOW = 128
"""Groups of a window of the guards: at the base's rate of luck about 20 of them hold a lone success, enough for an exact bound."""
GUARDS = ("lone_success", "shortcuts")

SUCCESSES = {"informative": 1, "signal": 2}
"""Successes that a group needs to count, by the rules that skip steps."""

Rule = Literal["none", "two", "clip", "informative", "signal", "pass_rate"]


class Asked(AskedOf, frozen=True):
    """How a policy is reinforced that was taught sums, and how answers to `#` problems look.

    Args:
        train: What it is reinforced on: sums, `#` problems, or half of each.
        scale: Of the advantages.
        beta: Weight of the divergence from the policy at the start.
        rule: What is done to advantages or steps. "none": nothing. "two": groups of fewer than two successes are left out. "clip":
            advantages are clipped to 1. "informative": steps are skipped in which fewer than a quarter of the groups differ in
            reward. "signal": the same, and a group needs two successes to count. "pass_rate": prompts are filtered by their pass
            rates, of which tries at the start tell first and each later group tells more.
        tries: Of each prompt at the start, for the rule "pass_rate".
        device: "auto" takes a GPU where there is one.
    """

    generations: int = 4
    train: Literal["sums", "hard", "both"] = "hard"
    scale: Scale = "group"
    beta: float = 0.0
    rule: Rule = "none"
    tries: int = 32
    device: Device = "auto"


class Base(NamedTuple):
    """A policy that was taught, sums that it may be trained on and sums held out."""

    policy: Policy
    train: Sums
    held_out: Sums


class Noted(NamedTuple):
    """What is known at one point: answers to sums and to `#` problems, and groups and steps so far."""

    sums: hashes.Answers
    hard: hashes.Answers
    informative: int
    lone: int
    taken: int


class Remedy:
    """What a rule makes of advantages, and a count of groups and steps.

    Args:
        rule: As asked for.
        rates: Of prompts, for the rule "pass_rate".
    """

    def __init__(self, rule: Rule, rates: PassRateFilter) -> None:
        self.rule, self.rates = rule, rates
        self.informative = self.lone = self.taken = 0

    def __call__(self, problems: Sums, worth: Floats, gain: Floats) -> Floats | None:
        """Return the advantages that are left, None where the step is skipped."""
        groups = grouped(problems, worth)
        self.informative += sum(group.varies for group in groups)
        self.lone += sum(group.is_lone for group in groups)
        found = self._left(groups, gain)
        self.taken += found is not None
        return found

    def _left(self, groups: tuple[Group, ...], gain: Floats) -> Floats | None:
        if self.rule in SUCCESSES:
            return None if signal_of(groups, successes=SUCCESSES[self.rule]).skip else gain
        if self.rule == "clip":
            return np.clip(gain, -1.0, 1.0)
        if self.rule == "pass_rate":
            return self._active(groups, gain)
        return gain * _each([group.successes > 1 for group in groups]) if self.rule == "two" else gain

    def _active(self, groups: tuple[Group, ...], gain: Floats) -> Floats | None:
        """Return the advantages of the groups whose prompts are active, None where they teach nothing."""
        self.rates.take(groups)
        kept = gain * _each([self.rates.state(group.prompt_id) == "active" for group in groups])
        return kept if kept.any() else None


@steady()
def values(asked: Asked, replicate: int) -> dict[str, list[float]]:
    """Return the series of one seed, a number for each point.

    Of sums and of `#` problems (`hard`): `_right`, `_direct` share, `_length`, `_top` share of one value, `_distinct` values.
    `informative` and `lone` groups and steps `taken` so far. `_change` of a skill since the start with `_low` and `_high`, and whether
    sums are `contaminated`. `lone_success_at` and `shortcuts_at`: the step after which the guard first spoke.
    """
    seed = asked.seed + replicate
    base = _base(seed, asked.device)
    pool = {"sums": base.train, "hard": hashes.hard(base.train), "both": hashes.both(base.train)}[asked.train].take(np.arange(POOL))
    remedy = Remedy(asked.rule, pilot(base.policy, pool, asked.tries, seed) if asked.rule == "pass_rate" else PassRateFilter())
    steps = NOTED * (asked.generations - 1)
    guards = Guarded(GUARDS, max(1, steps * PROMPTS // WINDOW - 1), WINDOW)
    seen = [_noted(base, base.policy, seed, 0, remedy)]

    def watch(step: Step, policy: Policy) -> None:
        guards.watch(step._replace(completions=[text.replace(",", " ") for text in step.completions]))
        if (step.number + 1) % NOTED == 0:
            seen.append(_noted(base, policy, seed, step.number + 1, remedy))

    how = How(PROMPTS, EACH, rate=RATE, beta=asked.beta, scale=asked.scale, shape=remedy, tells_likelihoods=False)
    reinforced(base.policy, pool, hashes.scores, steps, np.random.default_rng([seed, 1]), how, watch)
    return _series(seen, asked.train) | _spoken(guards, len(seen))


def lacks(asked: Asked) -> str | None:
    """Return the optional part that the world takes and this machine has not."""
    try:
        need("this world")
    except MissingExtra:
        return EXTRA
    return None


def pilot(policy: Policy, pool: Sums, tries: int, seed: int) -> PassRateFilter:
    """Return what some tries of a policy tell of each prompt of a pool."""
    tried = pool.take(np.repeat(np.arange(len(pool.left)), tries))
    said = completions_of(written(policy, tried, np.random.default_rng([seed, 3])))
    found = PassRateFilter()
    found.take(grouped(tried, hashes.scores(tried, said), tries))
    return found


def grouped(problems: Sums, worth: Floats, each: int = EACH) -> tuple[Group, ...]:
    """Return the groups of some problems, one after the other."""
    names = [str(at // each) for at in range(len(worth))]
    return groups_of(names, problems.prompts, [None] * len(worth), worth.tolist(), 0.5)


@functools.lru_cache(maxsize=8)
def _base(seed: int, device: Device) -> Base:
    rng = np.random.default_rng([seed, 0])
    train, held_out = split(HELD_OUT, rng)

    def compute() -> tuple[Policy, dict[str, float]]:
        draws = (train.take(rng.integers(len(train.left), size=BATCH)) for _ in range(TAUGHT))
        return taught(fresh(WIDTH, rng, device_of(device)), (hashes.lessons(each, rng) for each in draws), TAUGHT), {}

    policy = remembered(["hard", seed, WIDTH, TAUGHT, device], WIDTH, device, compute).policy
    return Base(policy, train, held_out.take(np.arange(PROBLEMS)))


def _noted(base: Base, policy: Policy, seed: int, step: int, remedy: Remedy) -> Noted:
    rng = np.random.default_rng([seed, 2, step])
    sums, hard = (hashes.answers(policy, problems, TRIES, rng) for problems in (base.held_out, hashes.hard(base.held_out)))
    return Noted(sums, hard, remedy.informative, remedy.lone, remedy.taken)


def _series(seen: list[Noted], train: str) -> dict[str, list[float]]:
    counts = {name: [float(getattr(each, name)) for each in seen] for name in ("informative", "lone", "taken")}
    answered = {kind: [getattr(each, kind) for each in seen] for kind in ("sums", "hard")}
    return counts | _answered(answered) | _matrix(answered, ("sums", "hard") if train == "both" else (train,))


def _answered(answered: dict[str, list[hashes.Answers]]) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for kind, seen in answered.items():
        found[f"{kind}_right"] = [float(each.right.mean()) for each in seen]
        for name in ("direct", "length", "top", "distinct"):
            found[f"{kind}_{name}"] = [float(getattr(each, name)) for each in seen]
    return found


def _matrix(answered: dict[str, list[hashes.Answers]], trained: tuple[str, ...]) -> dict[str, list[float]]:
    """Return the matrix of abilities at each point, held against the first."""
    right = [{kind: seen[at].right for kind, seen in answered.items()} for at in range(len(answered["sums"]))]
    matrices = [capabilities(right[0], each, trained) for each in right]
    found = {
        f"{row.name}_{name}": [float(getattr(rows[at], name)) for rows in matrices]
        for at, row in enumerate(matrices[0])
        for name in ("change", "low", "high")
    }
    return found | {"contaminated": [float(rows[0].became == "contaminated") for rows in matrices]}


def _spoken(guards: Guarded, points: int) -> dict[str, list[float]]:
    """Return the step after which each guard first warned or failed the run, NaN where it never did."""
    return {f"{name}_at": [guards.first(name, "warn", "fail") + 1] * points for name in GUARDS}


def _each(kept: list[bool]) -> Floats:
    """Return 1 for each completion of a group that is kept and 0 for the others."""
    return np.repeat(np.array(kept, np.float64), EACH)
