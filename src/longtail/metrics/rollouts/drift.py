"""How far a policy has moved from where it began: divergences per token, from log-probabilities of what one of the two wrote.

Samples of the policy show where it went (KL from policy to base); samples of the base show what it left behind (forward KL), and
lost modes show there alone. A low divergence is no proof of variety: a policy may stay near its base and keep one way of saying it.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.special import rel_entr

from longtail.errors import ConfigError
from longtail.metrics.rollouts.shortcuts import length
from longtail.readers.rollouts.records import Rollout
from longtail.stats.jackknife import delete_a_group, in_order, quantile

Floats = npt.NDArray[np.float64]


class Divergence(NamedTuple):
    """A divergence per token with its interval.

    Attributes:
        value, low, high: Nats per token; the interval holds at `level`.
        level: Of the interval.
        n: Prompts it rests on, the unit of the jackknife.
    """

    value: float
    low: float
    high: float
    level: float
    n: int


def exact_kl(p: npt.ArrayLike, q: npt.ArrayLike) -> float:
    """Return KL(p || q) of two laws over the same finite set, in nats; infinite where q lacks what p has.

    Raises:
        ConfigError: They are not two laws of one length.
    """
    first, second = (np.asarray(each, np.float64) for each in (p, q))
    if first.shape != second.shape or not all(np.isclose(each.sum(), 1) and (each >= 0).all() for each in (first, second)):
        raise ConfigError("two laws of one length are needed, each of shares from 0 that sum to 1")
    return float(rel_entr(first, second).sum())


def k1(writer: npt.ArrayLike, other: npt.ArrayLike) -> Floats:
    """Return log p - log q at each token that p wrote: unbiased for KL(p || q), and negative at times.

    Args:
        writer: Log-probabilities under p, which wrote the tokens, shape (n,).
        other: The same under q.

    Source:
        Schulman 2020, Approximating KL divergence.
    """
    return np.asarray(writer, np.float64) - np.asarray(other, np.float64)


def k3(writer: npt.ArrayLike, other: npt.ArrayLike) -> Floats:
    """Return (r - 1) - log r with r = q / p at each token that p wrote: unbiased for KL(p || q), and never negative.

    Its expectation is the divergence only where q puts no mass outside p's support; it has no finite variance where q / p is heavy.

    Args:
        writer: Log-probabilities under p, which wrote the tokens, shape (n,).
        other: The same under q.

    Source:
        Schulman 2020, Approximating KL divergence.
    """
    apart = -k1(writer, other)
    return np.expm1(apart) - apart


def divergence(
    sums: npt.ArrayLike, tokens: npt.ArrayLike, prompts: Sequence[str], level: float = 0.95, *, is_over_time: bool = True
) -> Divergence | None:
    """Return a divergence per token over rollouts, with an interval over prompts; None where fewer than two prompts have tokens.

    Args:
        sums: Of the terms (`k1` or `k3`) along each rollout, shape (n,).
        tokens: Of each rollout, shape (n,).
        prompts: Of each rollout: rollouts of one prompt stand or fall together.
        level: Of the interval.
        is_over_time: Whether rollouts stand in the order of time, where neighbours may be alike; those of a probe do not.
    """
    names = {name: place for place, name in enumerate(dict.fromkeys(prompts))}
    owner = [names[name] for name in prompts]
    top = np.bincount(owner, np.asarray(sums, np.float64), len(names))
    bottom = np.bincount(owner, np.asarray(tokens, np.float64), len(names))
    held = bottom > 0
    top, bottom = top[held], bottom[held]
    if len(top) < 2:
        return None
    value = float(top.sum() / bottom.sum())
    without = (top.sum() - top) / (bottom.sum() - bottom)
    spread = in_order([without]) if is_over_time else delete_a_group(without)
    half = quantile((1 + level) / 2, spread.freedom) * spread.error
    return Divergence(value, value - half, value + half, level, len(top))


def drifted(rows: Sequence[Rollout], level: float = 0.95) -> Divergence | None:
    """Return KL from the policy to its reference model along the policy's own completions, by k1; None where nothing tells it.

    Args:
        rows: Rollouts; those without log-probabilities under both models, and those without tokens, are left out.
        level: Of the two-sided interval.
    """
    held = [row for row in rows if row.mean_logp is not None and row.ref_mean_logp is not None and length(row)]
    sums = [length(row) * ((row.mean_logp or 0.0) - (row.ref_mean_logp or 0.0)) for row in held]
    return divergence(sums, [length(row) for row in held], [row.prompt_id for row in held], level) if held else None
