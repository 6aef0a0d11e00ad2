"""Remedies beside a run: which steps have too little signal to be taken, and which prompts are to be trained on.

Scaling or clipping the advantage of a lone success does not help, since an optimiser that scales by past gradients scales what is
left. What helps is to leave such steps out, and prompts that the policy could hardly solve when the stage began.
"""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from longtail.errors import ConfigError
from longtail.metrics.rollouts.conventions import INFORMATIVE
from longtail.metrics.rollouts.groups import BAND, LEAST, Group, PassRate, State, pass_rate, state_of

SUCCESSES = 2


class Signal(NamedTuple):
    """What the groups of one step teach.

    Attributes:
        groups: Of two completions or more.
        teaching: Those whose rewards differ and that hold enough successes.
        lone: Those in which one success stands alone.
        skip: Whether to leave the step out.
    """

    groups: int
    teaching: int
    lone: int
    skip: bool


def signal_of(groups: Iterable[Group], least: float = INFORMATIVE, successes: int = SUCCESSES) -> Signal:
    """Return what the groups of a step teach, and whether too few do.

    Args:
        groups: Of the step.
        least: Share of groups that have to teach.
        successes: That a group needs to count as teaching; 1 counts lone ones, which may be luck.

    Raises:
        ConfigError: The share or the count is out of range.
    """
    if not 0 < least <= 1 or successes < 1:
        raise ConfigError(f"least is {least!r}, successes {successes!r}; take a share above 0, and 1 or more")
    whole = [group for group in groups if group.n > 1]
    teaching = sum(group.varies and group.successes >= successes for group in whole)
    return Signal(len(whole), teaching, sum(group.is_lone for group in whole), teaching < least * len(whole) or not whole)


class PassRateFilter:
    """Prompts by what their groups tell of their chance of success: a Beta posterior each, from a uniform prior.

    Feed it pilots of the policy that a stage begins with, and then every group. What is in reach moves within a few steps, so
    that a prompt is put off, never deleted: later groups may bring it back.

    Args:
        band: Chances of success between which a prompt teaches.
        least: Probability of lying in the band above which a prompt is active.
    """

    def __init__(self, band: tuple[float, float] = BAND, least: float = LEAST) -> None:
        self.band, self.least = band, least
        self._successes: Counter[str] = Counter()
        self._n: Counter[str] = Counter()

    def take(self, groups: Iterable[Group]) -> None:
        """Take groups of completions that were scored."""
        for group in groups:
            self._successes[group.prompt_id] += group.successes
            self._n[group.prompt_id] += group.n

    def rate(self, prompt_id: str) -> PassRate:
        """Return what is known of a prompt; of one never seen, the prior."""
        return _rate(self._successes[prompt_id], self._n[prompt_id], self.band)

    def state(self, prompt_id: str) -> State:
        """Return what to do with a prompt; one never seen is active."""
        return state_of(self.rate(prompt_id), self.least)

    def states(self) -> dict[State, int]:
        """Return how many prompts that were seen are in each state."""
        return dict(Counter(self.state(prompt_id) for prompt_id in sorted(self._n)))


@lru_cache(maxsize=4096)
def _rate(successes: int, n: int, band: tuple[float, float]) -> PassRate:
    return pass_rate(successes, n, band)
