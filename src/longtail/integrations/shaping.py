"""A reward that lets formats compete less: completions are held against those of their own format, as far as a dial says."""

from collections.abc import Callable, Sequence
from functools import partial
from inspect import iscoroutinefunction
from typing import Any

import numpy as np

from longtail.errors import ConfigError
from longtail.integrations.scoring import Floats
from longtail.metrics.rollouts.mix import Classifier, classified
from longtail.readers.rollouts.records import said

Reward = Callable[..., Sequence[float | None]]


def within_format_baseline(
    reward: Reward, *, dial: float, formats: Classifier | None = None, success: float = 0.5, least: float = 0.3
) -> "WithinFormat":
    """Return a reward function whose group baseline lies between that of the group and that of a completion's own format in it.

    A trainer that subtracts the mean of a group then takes (1 - dial) of the group's mean and dial of the format's. At 1 formats do not
    compete, so none can push out another, and what would be won by changing to a better one is not won. At 0 it is the reward itself. A
    format that succeeds too seldom keeps the plain baseline, since there every lucky success would count; in a group with such a format
    the trainer's own centring moves all baselines by one number. The mean reward of a group stays what it was.

    Args:
        reward: A reward function of TRL, not async.
        dial: From 0 to 1.
        formats: Formats by name and predicate; those of the view `formats` where None.
        success: Reward from which a completion is a success.
        least: Share of successes in the batch from which a format has a baseline of its own.

    Raises:
        ConfigError: A setting is out of range, or the reward is async.
    """
    for name, value in (("dial", dial), ("least", least)):
        if not 0 <= value <= 1:
            raise ConfigError(f"{name} is {value!r}; it must lie from 0 to 1")
    return WithinFormat(plain(reward), dial, formats, success, least)


class WithinFormat:
    """A reward function around another; `within_format_baseline` makes it."""

    def __init__(self, reward: Reward, dial: float, formats: Classifier | None, success: float, least: float) -> None:
        self.__name__ = name_of(reward)
        self._reward, self._dial, self._formats, self._success, self._least = reward, dial, formats, success, least

    def __call__(self, prompts: Sequence[Any], completions: Sequence[Any], **given: Any) -> list[float | None]:
        """Return the rewards of completions; None where the reward has none."""
        rewards = list(self._reward(prompts=prompts, completions=completions, **given))
        if self._dial == 0 or not rewards:
            return rewards
        found = np.array([np.nan if value is None else value for value in rewards], np.float64)
        kinds = classified([said(text, "completion") for text in completions], self._formats)[1]
        groups = np.unique([said(prompt, "prompt") for prompt in prompts], return_inverse=True)[1]
        apart = self._dial * self._apart(found, kinds, groups)
        return [None if value is None else float(value - less) for value, less in zip(rewards, apart, strict=True)]

    def _apart(self, rewards: Floats, kinds: Any, groups: Any) -> Floats:
        """Return by how much the mean of a completion's own format lies above that of its group, centred; 0 if it succeeds too seldom."""
        found = np.zeros(len(rewards))
        scored = np.isfinite(rewards)
        held = [kind for kind in np.unique(kinds[scored]) if (rewards[scored & (kinds == kind)] >= self._success).mean() >= self._least]
        for group in np.unique(groups[scored]):
            here = scored & (groups == group)
            for kind in held:
                own = here & (kinds == kind)
                if own.any():
                    found[own] = rewards[own].mean() - rewards[here].mean()
            found[here] -= found[here].mean()
        return found


def plain(reward: Reward | str) -> Reward:
    """Return a reward function that can be wrapped.

    Raises:
        ConfigError: It is a model or the name of one, or async, so that its rewards come too late.
    """
    if isinstance(reward, str) or hasattr(reward, "forward"):
        raise ConfigError(f"the reward {reward!r:.60} is no function; only a function can be wrapped, so pass it beside this one")
    inner = reward
    while isinstance(inner, partial):
        inner = inner.func
    if iscoroutinefunction(inner) or iscoroutinefunction(type(inner).__call__):
        raise ConfigError(f"the reward {name_of(reward)!r} is async, and only a plain function can be wrapped; pass it beside this one")
    return reward


def name_of(reward: Any) -> str:
    """Return the name under which TRL logs a reward function."""
    while isinstance(reward, partial):
        reward = reward.func
    return str(getattr(reward, "__name__", type(reward).__name__))
