"""The policy that worlds begin with: taught right answers in three formats, and stopped early."""

import functools
from typing import NamedTuple

import numpy as np

from longtail.lab.learners.torch.door import Device, device_of
from longtail.lab.worlds.arithmetic import Sums, split
from longtail.lab.worlds.policy import Policy, fresh, pretrained

MIX = (0.4, 0.3, 0.3)
HELD_OUT = 500


class Begin(NamedTuple):
    """A policy that was taught, the problems that it may be taught more of, and those held out."""

    policy: Policy
    train: Sums
    held_out: Sums


@functools.lru_cache(maxsize=8)
def begun(seed: int, width: int, steps: int, device: Device) -> Begin:
    """Return the policy of a seed after so many steps of teaching; which formats it then writes well differs by seed."""
    rng = np.random.default_rng([seed, 0])
    train, held_out = split(HELD_OUT, rng)
    return Begin(pretrained(fresh(width, rng, device_of(device)), train, MIX, steps, rng), train, held_out)
