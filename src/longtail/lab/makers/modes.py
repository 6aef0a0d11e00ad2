"""How much of the rarer formats is left at equal success: ways to reinforce that are held against each other, and nothing is claimed.

A run is noted every 16 steps of 16 problems of 8 tries: generation 1 is before the first step.
"""

from typing import Literal

import numpy as np
import numpy.typing as npt

from longtail.errors import MissingExtra
from longtail.lab.learners.torch.door import EXTRA, Device, need, steady
from longtail.lab.makers.catalogue import AskedOf
from longtail.lab.worlds.arithmetic import FORMATS, Sums, format_of, scores
from longtail.lab.worlds.base import base
from longtail.lab.worlds.policy import Policy
from longtail.lab.worlds.reinforcement import Floats, How, Step, reinforced
from longtail.lab.worlds.watching import Noted, noted

NOTED = 16


class Asked(AskedOf, frozen=True):
    """How a policy is reinforced.

    Args:
        arm: "plain": rewards are held against the mean of the group. "annealed": the same, with a divergence from the base whose weight
            falls from `beta` to 0. "threshold": the policy is taught its own answers that score 1, and no other. "steered": the same
            as plain, and an answer in the format that is commonest in the step loses `penalty`.
        beta: Weight of the divergence at the begin.
        penalty: Taken off a reward.
        level: Share of right answers at which runs are compared.
        width: Of the network, a multiple of 16.
        device: "auto" takes a GPU where there is one.
    """

    generations: int = 5
    arm: Literal["plain", "annealed", "threshold", "steered"] = "plain"
    beta: float = 0.2
    penalty: float = 0.5
    level: float = 0.4
    width: int = 48
    device: Device = "auto"


@steady()
def values(asked: Asked, replicate: int) -> dict[str, list[float]]:
    """Return the series of one seed, a number for each 16 steps: success, format entropy, and the shares of the formats.

    `rarest` is the share of the format of which there is least then. `rarest_at_level` and `entropy_at_level`, the same at each point,
    are what is left where success first reaches the level, by straight lines; NaN where it never does.
    """
    seed = asked.seed + replicate
    begin = base(seed, asked.width, device=asked.device)
    seen = [noted(begin.policy, begin.held_out, np.random.default_rng([seed, 2, 0]))]

    def watch(step: Step, policy: Policy) -> None:
        if (step.number + 1) % NOTED == 0:
            seen.append(noted(policy, begin.held_out, np.random.default_rng([seed, 2, step.number + 1])))

    def reward(sums: Sums, completions: list[str]) -> Floats:
        found = scores(sums, completions)
        return found - asked.penalty * commonest(completions) if asked.arm == "steered" else found

    annealed = asked.arm == "annealed"
    shape = _taught if asked.arm == "threshold" else None
    how = How(prompts=16, beta=asked.beta if annealed else 0.0, annealed=annealed, shape=shape, tells_likelihoods=False)
    reinforced(begin.policy, begin.train, reward, NOTED * (asked.generations - 1), np.random.default_rng([seed, 1]), how, watch)
    return _series(seen, asked.level)


def lacks(asked: Asked) -> str | None:
    """Return the optional part that the world takes and this machine has not."""
    try:
        need("this world")
    except MissingExtra:
        return EXTRA
    return None


def commonest(completions: list[str]) -> Floats:
    """Return 1 for each completion in the format that most are in, 0 for the others."""
    kinds = np.array([format_of(text) for text in completions])
    return np.asarray(kinds == np.bincount(kinds).argmax(), np.float64)


def at_level(success: npt.ArrayLike, kept: npt.ArrayLike, level: float) -> float:
    """Return what was kept where success first reaches a level, by straight lines between points; NaN where it never does."""
    right, left = np.asarray(success, np.float64), np.asarray(kept, np.float64)
    reached = np.flatnonzero(right >= level)
    if not len(reached):
        return float("nan")
    at = int(reached[0])
    if at == 0:
        return float(left[0])
    weight = (level - right[at - 1]) / (right[at] - right[at - 1])
    return float((1 - weight) * left[at - 1] + weight * left[at])


def _taught(problems: Sums, worth: Floats, gain: Floats) -> Floats:
    """Return the scores themselves in place of advantages: an answer that scores 1 is taught, any other is left out."""
    return worth


def _series(seen: list[Noted], level: float) -> dict[str, list[float]]:
    found = {
        "pass_1": [each.pass_1 for each in seen],
        "pass_16": [each.pass_16 for each in seen],
        "format_entropy": [each.format_entropy for each in seen],
        "rarest": [float(each.shares[: len(FORMATS)].min()) for each in seen],
        "top_share": [float(each.shares.max()) for each in seen],
    }
    for name, source in (("rarest", "rarest"), ("entropy", "format_entropy")):
        found[f"{name}_at_level"] = [at_level(found["pass_1"], found[source], level)] * len(seen)
    return found
