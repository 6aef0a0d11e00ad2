"""Weights of the parts of a reward, where a run's files hold the parts and neither the total nor the weights."""

import math
from collections.abc import Iterable, Mapping

import msgspec

from longtail.errors import ConfigError
from longtail.readers.rollouts.records import Rollout, total

UNWEIGHED = ("trl",)
"""Kinds of runs whose files hold no total."""


def weighed(rows: Iterable[Rollout], kind: str, weights: Mapping[str, float] | None) -> tuple[Rollout, ...]:
    """Return rollouts with the reward that the weights make of its parts; a part that is not named has weight 1.

    Args:
        rows: As they were read.
        kind: Of run.
        weights: By name of the part; none leaves all as it is.

    Raises:
        ConfigError: The files of this kind of run hold the total, or no rollout has a part of that name.
    """
    found = tuple(rows)
    if not weights or not found:
        return found
    if kind not in UNWEIGHED:
        raise ConfigError(f"reward weights for a run of {kind}: its files hold the reward in all; leave the weights out")
    names = _names(found)
    for name, weight in weights.items():
        if not math.isfinite(weight):
            raise ConfigError(f"reward weight of {name!r} is {weight}; give a number")
        if name not in names:
            raise ConfigError(f"reward weight of {name!r}: the run has no reward of that name; it has {', '.join(names) or 'none'}")
    return tuple(msgspec.structs.replace(row, reward=total(row.parts, weights)) for row in found)


def assumed(rows: Iterable[Rollout], kind: str, weights: Mapping[str, float] | None) -> str:
    """Return what was assumed of the reward of a run, in words; empty where its files or the weights tell it."""
    names = _names(rows) if kind in UNWEIGHED and not weights else ()
    if len(names) < 2:
        return ""
    return f"the reward is taken as the sum of {', '.join(names)}, each with weight 1: the files of the run do not hold its weights"


def _names(rows: Iterable[Rollout]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for row in rows for name in row.parts))
