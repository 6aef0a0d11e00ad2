"""One format wins: a tiny transformer that learnt sums in three formats is reinforced for right answers, a guard beside it.

A run is noted every half epoch, an epoch being 32 steps of 32 problems: generation 1 is before the first step, 3 after one epoch.
"""

from typing import Literal

import numpy as np

from longtail.errors import ConfigError, MissingExtra
from longtail.lab.learners.torch.door import EXTRA, Device, need, steady
from longtail.lab.makers.catalogue import AskedOf
from longtail.lab.worlds.arithmetic import Sums, lessons, scores
from longtail.lab.worlds.base import ACCURACY, CAP, MIX, base
from longtail.lab.worlds.policy import Policy, completions_of, likelihoods, taught, written
from longtail.lab.worlds.reinforcement import Against, How, Step, Watch, reinforced
from longtail.lab.worlds.watching import Guarded, Noted, by_format, noted

EPOCH, NOTED = 32, 16
GUARD = "format_mix"


class Asked(AskedOf, frozen=True):
    """How a policy is trained after it was taught.

    Args:
        arm: Reinforced for right answers, or taught right answers in the same mix on and on.
        width: Of the network, a multiple of 16.
        accuracy: Share of right answers at which the first teaching ends.
        cap: Most steps of it.
        beta: Weight of the divergence from the policy at the start.
        against: What rewards are held against: those of the group, or those of its format.
        device: "auto" takes a GPU where there is one.
    """

    generations: int = 9
    arm: Literal["reinforced", "taught"] = "reinforced"
    width: int = 48
    accuracy: float = ACCURACY
    cap: int = CAP
    beta: float = 0.0
    against: Against = "group"
    device: Device = "auto"

    def __post_init__(self) -> None:
        """Refuse a width that no head fits."""
        if self.width < 16 or self.width % 16:
            raise ConfigError(f"width is {self.width!r}; take a multiple of 16")


@steady()
def values(asked: Asked, replicate: int) -> dict[str, list[float]]:
    """Return the series of one seed, a number for each half epoch: shares, entropies, success, and the guard.

    `top_share` is that of the commonest format then, `winner_share` that of the format that is commonest at the end, `taught` the
    steps of the first teaching, `warned_at` and `failed_at` the epoch by which the guard first warned of the run or failed it.
    """
    seed = asked.seed + replicate
    policy, train, held_out, taught_for = base(seed, asked.width, accuracy=asked.accuracy, cap=asked.cap, device=asked.device)
    rng = np.random.default_rng([seed, 1])
    steps = NOTED * (asked.generations - 1)
    guards = Guarded((GUARD,), max(1, steps - 1))
    seen = [noted(policy, held_out, np.random.default_rng([seed, 2, 0]))]

    def watch(step: Step, now: Policy) -> None:
        guards.watch(step)
        if (step.number + 1) % NOTED == 0:
            seen.append(noted(now, held_out, np.random.default_rng([seed, 2, step.number + 1])))

    if asked.arm == "reinforced":
        reinforced(policy, train, scores, steps, rng, How(beta=asked.beta, against=asked.against), watch)
    else:
        _taught_on(policy, train, steps, rng, watch)
    once = {
        "warned_at": _epoch(guards.first(GUARD, "warn", "fail")),
        "failed_at": _epoch(guards.first(GUARD, "fail")),
        "taught": float(taught_for),
    }
    return _series(seen) | {name: [value] * len(seen) for name, value in once.items()}


def lacks(asked: Asked) -> str | None:
    """Return the optional part that the world takes and this machine has not."""
    try:
        need("this world")
    except MissingExtra:
        return EXTRA
    return None


def _taught_on(policy: Policy, train: Sums, steps: int, rng: np.random.Generator, watch: Watch) -> None:
    """Teach on in the mix that was taught first, and show each step what the policy then writes."""
    how = How()
    for number in range(steps):
        drawn = train.take(np.repeat(rng.integers(len(train.left), size=how.prompts), how.each))
        rows = written(policy, drawn, rng)
        said, found = completions_of(rows), likelihoods(policy, rows)
        tokens = found.inside.sum(dim=1)
        means = [np.asarray((each.detach().sum(dim=1) / tokens).cpu().numpy(), np.float64) for each in (found.entropy, found.logp)]
        policy = taught(policy, iter([lessons(drawn, MIX, rng)]), 1, rate=how.rate)
        watch(Step(number, drawn.prompts, said, scores(drawn, said), means[0], means[1], means[1], tokens.cpu().numpy()), policy)


def _series(seen: list[Noted]) -> dict[str, list[float]]:
    winner = int(seen[-1].shares.argmax())
    plain = {
        "top_share": [float(each.shares.max()) for each in seen],
        "winner_share": [float(each.shares[winner]) for each in seen],
        "format_entropy": [each.format_entropy for each in seen],
        "token_entropy": [each.token_entropy for each in seen],
        "pass_1": [each.pass_1 for each in seen],
        "pass_16": [each.pass_16 for each in seen],
        "winner": [float(winner)] * len(seen),
    }
    return plain | by_format(seen)


def _epoch(step: float) -> float:
    """Return the epochs that are over after a step; NaN where there is none."""
    return (step + 1) / EPOCH
