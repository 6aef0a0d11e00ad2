"""Groups of completions that were compared with one another: which carry a signal, and which carry the signal of one lucky success.

An advantage is the reward less the mean of its group, on a scale. A success that stands alone among failures gets the greatest
advantage that there is, and the rarer it is the greater: where it was luck, luck is what is taught.
"""

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.metrics.rollouts.windows import Window

Floats = npt.NDArray[np.float64]
Scale = Literal["group", "population", "none", "leave_one_out"]
State = Literal["active", "deferred", "retired", "review"]

SCALES: tuple[Scale, ...] = ("group", "population", "none", "leave_one_out")
"""By the group's sample deviation (TRL's default), by that of the population, not at all (Dr. GRPO); against the others' mean (RLOO)."""
BAND = (0.125, 0.9)
"""Pass rates between which a prompt teaches; a convention that lies inside most published bands."""
LEAST = 0.5
"""Probability of lying in the band above which a prompt is active."""


class Group(NamedTuple):
    """What came of the completions of one prompt at one step.

    Attributes:
        prompt_id: Of the prompt.
        step: At which they were written; None where nothing tells.
        n: Completions that were scored.
        successes: Those whose reward was a success.
        varies: Whether their rewards differ: where they do not, every advantage is 0 and nothing is learnt.
    """

    prompt_id: str
    step: int | None
    n: int
    successes: int
    varies: bool

    @property
    def is_lone(self) -> bool:
        """Whether one success stands alone among failures."""
        return self.successes == 1 and self.n > 1


class PassRate(NamedTuple):
    """What is known of the chance that a completion of a prompt succeeds: a Beta posterior from a uniform prior.

    Attributes:
        successes, n: What was seen.
        mean: Of the posterior.
        low, high: Of its central 95 % interval.
        in_band: Probability that the chance lies in the band.
        below, above: Probabilities that it lies below and above it.
    """

    successes: int
    n: int
    mean: float
    low: float
    high: float
    in_band: float
    below: float
    above: float


def advantages(rewards: npt.ArrayLike, scale: Scale = "group", eps: float = 0.0) -> Floats:
    """Return the advantage of each completion of a group.

    Args:
        rewards: Of the completions, shape (G,), G at least 2.
        scale: By what the differences from the mean are divided; see `SCALES`.
        eps: Added to a deviation, as trainers do lest they divide by 0.

    Raises:
        ConfigError: The scale is unknown, or there are fewer than two rewards.

    Source:
        Shao et al. 2024 (GRPO), Liu et al. 2025 (Dr. GRPO), Ahmadian et al. 2024 (RLOO).
    """
    found = np.asarray(rewards, np.float64)
    if scale not in SCALES:
        raise ConfigError(f"scale is {scale!r}; choose among {', '.join(SCALES)}")
    if len(found) < 2:
        raise ConfigError(f"a group of {len(found)} has no advantages; it takes two completions of a prompt")
    apart: Floats = found - found.mean()
    if scale == "none" or not apart.any():
        return apart
    if scale == "leave_one_out":
        apart *= len(found) / (len(found) - 1)
    else:
        apart /= float(found.std(ddof=1 if scale == "group" else 0)) + eps
    return apart


def lone_success(n: int, scale: Scale = "group") -> float:
    """Return the advantage of one success among n - 1 failures, in closed form.

    Raises:
        ConfigError: The scale is unknown, or n is below 2.
    """
    if n < 2:
        raise ConfigError(f"a group of {n} has no lone success; it takes two completions of a prompt")
    closed = {"group": (n - 1) / math.sqrt(n), "population": math.sqrt(n - 1), "none": (n - 1) / n, "leave_one_out": 1.0}
    if scale not in closed:
        raise ConfigError(f"scale is {scale!r}; choose among {', '.join(SCALES)}")
    return closed[scale]


def chance_of_luck(n: int, rate: float) -> float:
    """Return the chance that a group of n holds at least one success where each succeeds at this rate by luck."""
    return -math.expm1(n * math.log1p(-rate)) if rate < 1 else 1.0


def pass_rate(successes: int, n: int, band: tuple[float, float] = BAND) -> PassRate:
    """Return what successes among n completions tell of a prompt's chance of success.

    Raises:
        ConfigError: There are more successes than completions, or the band is none.
    """
    from scipy.stats import beta

    if not 0 <= successes <= n:
        raise ConfigError(f"{successes} successes of {n} completions")
    if not 0 <= band[0] < band[1] <= 1:
        raise ConfigError(f"band {band!r}; give two shares, the lower first")
    law = beta(1 + successes, 1 + n - successes)
    below, above = float(law.cdf(band[0])), float(law.sf(band[1]))
    low, high = (float(law.ppf(level)) for level in (0.025, 0.975))
    return PassRate(successes, n, float(law.mean()), low, high, max(0.0, 1 - below - above), below, above)


def state_of(rate: PassRate, least: float = LEAST) -> State:
    """Return what to do with a prompt: train on it, put it off, retire it, or have people look at it.

    A prompt is put off and never deleted: few completions say little, and what is out of reach today may not be tomorrow. One with a
    success although it is most likely below the band is for people: the success may be luck, or a fault of the verifier.
    """
    if rate.in_band > least:
        return "active"
    if rate.above > rate.below:
        return "retired"
    return "review" if rate.successes and rate.n > 1 else "deferred"


def scored_groups(window: Window, success: float) -> tuple[Group, ...]:
    """Return the groups of a window that have two completions with rewards, or more."""
    rows = window.rows
    columns = ([row.group for row in rows], [row.prompt_id for row in rows], [row.step for row in rows], [row.reward for row in rows])
    return tuple(group for group in groups_of(*columns, success) if group.n > 1)


def exact_bounds(successes: int, n: int, level: float) -> tuple[float, float]:
    """Return the bounds of a share, each of which errs with `level`; 0 and 1 where there is nothing.

    Source:
        Clopper & Pearson 1934.
    """
    from scipy.stats import beta

    low = float(beta.ppf(level, successes, n - successes + 1)) if successes else 0.0
    high = float(beta.ppf(1 - level, successes + 1, n - successes)) if successes < n else 1.0
    return low, high


def groups_of(
    groups: Sequence[str], prompts: Sequence[str], steps: Sequence[int | None], rewards: Sequence[float | None], success: float
) -> tuple[Group, ...]:
    """Return the groups of rollouts, in the order in which they begin; completions that were not scored are left out.

    Args:
        groups, prompts, steps, rewards: Of the rollouts, all of one length.
        success: Reward from which a completion is a success.
    """
    held: dict[str, list[int]] = {}
    for at, name in enumerate(groups):
        held.setdefault(name, []).append(at)
    return tuple(_group(places, prompts, steps, rewards, success) for places in held.values())


def _group(
    places: Sequence[int], prompts: Sequence[str], steps: Sequence[int | None], rewards: Sequence[float | None], success: float
) -> Group:
    scored = [reward for at in places if (reward := rewards[at]) is not None]
    varies = bool(scored) and max(scored) > min(scored)
    return Group(prompts[places[0]], steps[places[0]], len(scored), sum(reward >= success for reward in scored), varies)
