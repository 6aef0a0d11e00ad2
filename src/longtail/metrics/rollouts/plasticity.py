"""Whether a policy can still learn: how fast it takes up a next task, beside the base that it came from.

A probe is a short, fixed training on a task held out. What counts is the area under its curve; effective ranks and the like are
proxies, and see little of a policy that no longer tries what the next task pays.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.records import Status
from longtail.stats.jackknife import delete_a_group, quantile

Floats = npt.NDArray[np.float64]

KEPT, LOST = 0.9, 0.7
"""Share of the base's area below which plasticity is told to fall, and to be lost; conventions."""


class Plasticity(NamedTuple):
    """The area under the curve of a next task beside the base's.

    Attributes:
        ratio, low, high: Of the mean areas; the interval over probes holds at `level`.
        level: Of the interval.
        n: Probes, each of the policy and of the base with the same seed.
        status: "fail" where the ratio is surely below `LOST`, "warn" below `KEPT`.
    """

    ratio: float
    low: float
    high: float
    level: float
    n: int
    status: Status


def area(steps: npt.ArrayLike, values: npt.ArrayLike) -> Floats:
    """Return the mean height of curves over the steps at which they were noted, by trapezia.

    Args:
        steps: Rising, shape (points,), two or more.
        values: Of the curves, shape (…, points).

    Raises:
        ConfigError: There are fewer than two points, or the steps do not rise, or are not as many as the values.
    """
    at, found = np.asarray(steps, np.float64), np.asarray(values, np.float64)
    if len(at) < 2 or (np.diff(at) <= 0).any() or found.shape[-1] != len(at):
        raise ConfigError(f"{len(at)} steps and {found.shape[-1]} values; give two points or more at rising steps")
    return np.asarray(np.trapezoid(found, at, axis=-1) / (at[-1] - at[0]))


def plasticity(steps: npt.ArrayLike, policy: npt.ArrayLike, base: npt.ArrayLike, level: float = 0.95) -> Plasticity | None:
    """Return how much of the base's ability to learn a policy has kept; None below two probes, or where a side learns nothing.

    Args:
        steps: At which the probes were noted, shape (points,).
        policy, base: Curves of the next task, shape (probes, points), in pairs.
        level: Of the two-sided interval.
    """
    sides = [np.atleast_1d(area(steps, each)) for each in (policy, base)]
    if len(sides[0]) < 2 or min(float(each.sum()) for each in sides) <= 0:
        return None
    top, bottom = sides
    value = float(top.sum() / bottom.sum())
    spread = delete_a_group((top.sum() - top) / (bottom.sum() - bottom))
    half = quantile((1 + level) / 2, spread.freedom) * spread.error
    status: Status = "fail" if value + half < LOST else "warn" if value + half < KEPT else "pass"
    return Plasticity(value, value - half, value + half, level, len(top), status)
