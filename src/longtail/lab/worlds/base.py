"""The policy that every world begins with: taught sums in a mix of formats until it is right so and so often.

The checkpoint is chosen by its accuracy and by nothing else: teaching ends at the first of the checks, one every 50 steps, at which the
share of right answers to problems held out reaches what was asked for. The problems of these checks are not those that runs are noted on.
"""

import functools
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from longtail.lab.kept import Values, part
from longtail.lab.learners.torch.door import Device, device_of, torch
from longtail.lab.worlds.arithmetic import Sums, scores, split
from longtail.lab.worlds.policy import Policy, completions_of, fresh, pretrained, shape_of, written

MIX = (0.4, 0.3, 0.3)
ACCURACY = 0.26
"""Share of right answers at which the first teaching ends."""
CAP, EVERY = 1500, 50
"""Most steps of it, along whose half cosine the rate falls; steps from one check to the next."""
HELD_OUT, SHOWN = 500, 64
"""Problems that nothing is trained on, and the first ones of them, which runs are noted on; the others are for the checks."""


class Base(NamedTuple):
    """A policy that was taught a mix of formats.

    Attributes:
        policy: As it then is.
        train: Problems that it may be trained on.
        held_out: Problems that it never sees; the first `SHOWN` are those that runs are noted on.
        steps: Taken; `CAP` where the accuracy was not reached.
    """

    policy: Policy
    train: Sums
    held_out: Sums
    steps: int


class Trained(NamedTuple):
    """A policy and numbers that were noted of it, by name."""

    policy: Policy
    noted: dict[str, float]


@functools.lru_cache(maxsize=8)
def base(seed: int, width: int, *, accuracy: float = ACCURACY, cap: int = CAP, device: Device = "auto") -> Base:
    """Return the base of a seed; one that was kept is read.

    Args:
        seed: Of all chance.
        width: Of the network, a multiple of 16.
        accuracy: Share of right answers at which the teaching ends.
        cap: Most steps.
        device: "auto" takes a GPU where there is one.
    """
    rng = np.random.default_rng([seed, 0])
    train, held_out = split(HELD_OUT, rng)
    checked = held_out.take(np.arange(SHOWN, HELD_OUT))

    def compute() -> tuple[Policy, dict[str, float]]:
        reached = 0

        def until(step: int, policy: Policy) -> bool:
            nonlocal reached
            reached = step
            return step % EVERY == 0 and _right(policy, checked, np.random.default_rng([seed, 3, step])) >= accuracy

        policy = pretrained(fresh(width, rng, device_of(device)), train, MIX, cap, rng, until=until)
        return policy, {"steps": float(reached)}

    policy, noted = remembered(["base", seed, width, accuracy, cap, device], width, device, compute)
    return Base(policy, train, held_out, int(noted["steps"]))


def remembered(told: Sequence[Any], width: int, device: Device, compute: Callable[[], tuple[Policy, dict[str, float]]]) -> Trained:
    """Return a policy and what was noted of it: read where a run that keeps its parts has left them, else trained.

    Args:
        told: All that the policy depends on.
        width: Of its network.
        device: Where it is put.
        compute: Trains it.
    """

    def values() -> Values:
        policy, noted = compute()
        weights = {f"weights_{at}": [each.double().cpu().numpy()] for at, each in enumerate(policy.weights)}
        return weights | {name: [np.array(value)] for name, value in noted.items()}

    found = part(["policy", *told], values)
    weights = [name for name in found if name.startswith("weights_")]
    there = device_of(device)
    policy = Policy(shape_of(width), tuple(torch.from_numpy(found[name][0]).float().to(there) for name in weights))
    return Trained(policy, {name: float(values[0]) for name, values in found.items() if name not in weights})


def _right(policy: Policy, sums: Sums, rng: np.random.Generator) -> float:
    """Return the share of problems that a policy answers right at the first try."""
    return float(scores(sums, completions_of(written(policy, sums, rng))).mean())
