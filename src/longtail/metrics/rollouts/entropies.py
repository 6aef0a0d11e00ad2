"""Entropy on text that a policy wrote itself beside text of others, and whether answers still depend on the prompt.

Entropy alone misses what keeps it high: a template that varies within each prompt and is the same across prompts. That shows in the
information between prompts and answers.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError
from longtail.stats.jackknife import delete_a_group, quantile

Floats = npt.NDArray[np.float64]


class Ratio(NamedTuple):
    """A ratio with its interval.

    Attributes:
        value, low, high: The interval holds at `level`.
        level: Of the interval.
        n: Prompts of the smaller side.
    """

    value: float
    low: float
    high: float
    level: float
    n: int


class Dependence(NamedTuple):
    """How far answers depend on their prompts.

    Attributes:
        information: Mutual information between prompt and answer in nats, at most log N.
        conditional: Mean of -log p of an answer under its own prompt, nats.
        retrieved: Share of answers that are likeliest under their own prompt, ties counted in parts; 1 / N by chance.
        prompts: N.
    """

    information: float
    conditional: float
    retrieved: float
    prompts: int


def entropy_ratio(own: npt.ArrayLike, foreign: npt.ArrayLike, level: float = 0.95) -> Ratio | None:
    """Return mean entropy on text of others over that on the policy's own, with an interval over prompts.

    About 1 in a model that was only pretrained; what matters is how it moves, not where it stands. Measure both at temperature 1 with
    nothing cut off, else the policy's own entropy is too low.

    Args:
        own: Mean entropy along its own completions, one for each prompt, shape (n,), nats.
        foreign: The same along completions of another writer to the same kind of prompts, shape (m,).
        level: Of the interval.

    Returns:
        The ratio; None where a side has fewer than two prompts or its mean is 0.
    """
    sides = [np.asarray(each, np.float64) for each in (foreign, own)]
    if min(map(len, sides)) < 2 or min(side.mean() for side in sides) <= 0:
        return None
    value = float(np.log(sides[0].mean() / sides[1].mean()))
    with np.errstate(divide="ignore"):
        spreads = [delete_a_group(np.log((side.sum() - side) / (len(side) - 1))) for side in sides]
    error = math.hypot(*(spread.error for spread in spreads))
    half = quantile((1 + level) / 2, min(spread.freedom for spread in spreads)) * error
    low, high = (float(np.exp(bound)) for bound in (value - half, value + half))
    return Ratio(float(np.exp(value)), low, high, level, min(map(len, sides)))


def dependence(matrix: npt.ArrayLike) -> Dependence:
    """Return how far answers depend on their prompts, from log p of every answer under every prompt.

    Args:
        matrix: Log-probability of answer i under prompt j, shape (N, N), nats; answer i was written to prompt i.

    Raises:
        ConfigError: The matrix is not square, has fewer than two prompts, or holds NaN.

    Source:
        Wang et al. 2026 (RAGEN-2, arXiv 2604.06268): mean of log p(z_i | x_i) less the log of its mean over prompts.
    """
    found = np.asarray(matrix, np.float64)
    if found.ndim != 2 or found.shape[0] != found.shape[1] or len(found) < 2 or np.isnan(found).any():
        raise ConfigError(f"a matrix of shape {found.shape}; needed is (N, N) without NaN, N at least 2")
    own = np.diagonal(found)
    mean = np.logaddexp.reduce(found, axis=1) - np.log(len(found))
    best = found == found.max(axis=1, keepdims=True)
    retrieved = np.where(np.diagonal(best), 1 / best.sum(axis=1), 0.0)
    return Dependence(float((own - mean).mean()), float(-own.mean()), float(retrieved.mean()), len(found))
