"""How much of a period must have been written otherwise, given which documents hold words in excess.

With a share alpha of model-edited documents, of which a share pi holds a word of the set, and Q of the others, the share of all that
does is P = (1 - alpha) Q + alpha pi, so alpha = (P - Q) / (pi - Q) >= (P - Q) / (1 - Q), whatever pi is. Q is taken from the trend
before: no less than the last baseline period, no less than the line through both. Of the two bounds that these give, the smaller one
holds; a lower limit of the smaller is the smaller of their lower limits, so neither needs a correction. Each half of the documents is
measured with the words that the other half chose, and the two are averaged. Several sets of words are measured at once, and one
critical value holds for all of them, so that the best may be taken.

Source:
    The bound: our own reading of Kobak et al. 2024 (arXiv 2406.07016). The smaller of two limits: Berger 1982, intersection-union
    tests. The errors: delete-a-group jackknife (Kott 2001), no less than those of independent documents. The critical value of the
    greatest of several: Gaussian multipliers (Chernozhukov, Chetverikov & Kato 2013).
    Drift: a random effect by moments (as DerSimonian & Laird 1986).
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.origin.vocabulary.choosing import NEVER
from longtail.origin.vocabulary.contrasts import BASE, BEFORE, LEAST_CONTROLS, TARGET

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

LEVEL = 0.95
_DRAWS = 2000
_MOST = 1 - 1e-9
_WORSE = 3.0


class Bound(NamedTuple):
    """A lower bound of the share of model-edited documents, before and after sampling error.

    Attributes:
        value: The bound as measured with the set of the highest limit; below 0 where its words became rarer.
        low: Its one-sided 95 % limit, good for all sets at once.
        error: Its standard error; 0 where no document holds a word in excess.
        best: Strictness and level of that set; None where no document holds a word in excess.
    """

    value: float
    low: float
    error: float
    best: tuple[int, int] | None


class Measured(NamedTuple):
    """Bounds of several sets against a flat and a rising counterfactual, averaged over the halves.

    Attributes:
        values: Shape (2, strictnesses, levels).
        errors: Their standard errors, of the same shape.
        scores: What each bin adds to the error, shape (2, strictnesses, levels, bins of both halves).
    """

    values: Floats
    errors: Floats
    scores: Floats


def measured(counts: Ints, reach: float) -> Measured:
    """Return the bounds that each set of words gives.

    Args:
        counts: Documents by half, strictness, role, bin and least level, shape (2, strictnesses, 3, bins, levels + 1).
        reach: From the second baseline period to the target, in steps between the two.
    """
    hits = np.moveaxis(np.cumsum(counts, axis=-1)[..., :NEVER], (2, 4), (0, 3)).astype(np.float64)
    documents = np.moveaxis(counts.sum(axis=-1), 2, 0)[..., None, :].astype(np.float64)
    groups = hits.shape[-1]
    all_hits, everyone = hits.sum(axis=-1, keepdims=True), documents.sum(axis=-1, keepdims=True)
    values = _bounds((all_hits + 1) / (everyone + 1), reach)
    without = _bounds((all_hits - hits + 1) / (everyone - documents + 1), reach)
    scores = (without.mean(axis=-1, keepdims=True) - without) * np.sqrt((groups - 1) / groups)
    spread = (scores**2).sum(axis=-1)
    least = _binomial(all_hits[..., 0], everyone[..., 0], reach)
    met = all_hits[TARGET, ..., 0] > 0
    values, variance = np.where(met, values[..., 0], 0.0), np.where(met, np.maximum(spread, least), 0.0)
    flat = np.concatenate([scores[:, 0], scores[:, 1]], axis=-1) / 2
    return Measured(values.mean(axis=1), np.sqrt(variance.sum(axis=1)) / 2, flat)


def _bounds(p: Floats, reach: float) -> Floats:
    """Return the bounds from shares by role, shape (2, …) from (3, …)."""
    q = np.clip(np.stack([p[BASE], p[BASE] + reach * (p[BASE] - p[BEFORE])]), 0.0, _MOST)
    return np.asarray((p[TARGET] - q) / (1 - q))


def _binomial(hits: Floats, documents: Floats, reach: float) -> Floats:
    """Return the variances of the bounds if documents were independent, by the delta method, shape (2, …) from (3, …)."""
    p = (hits + 1) / (documents + 1)
    variance = p * (1 - p) / (documents + 1)
    out = []
    for back, ahead in ((0.0, 1.0), (reach, 1 + reach)):
        q = np.clip(ahead * p[BASE] - back * p[BEFORE], 0.0, _MOST)
        steep = (1 - p[TARGET]) / (1 - q) ** 2
        out.append(variance[TARGET] / (1 - q) ** 2 + steep**2 * (back**2 * variance[BEFORE] + ahead**2 * variance[BASE]))
    return np.stack(out)


def limited(found: Measured, seed: int = 0) -> Bound:
    """Return the highest lower limit over all sets, and the bound that it belongs to."""
    used = (found.errors > 0).all(axis=0)
    if not used.any():
        return Bound(0.0, 0.0, 0.0, None)
    values, errors, scores = found.values[:, used], found.errors[:, used], found.scores[:, used]
    limits = (values - critical(scores, seed) * errors).min(axis=0)
    at = int(limits.argmax())
    strict, level = (int(place[at]) for place in np.nonzero(used))
    lesser = int(values[:, at].argmin())
    return Bound(float(values[lesser, at]), float(limits[at]), float(errors[lesser, at]), (strict, level))


def critical(scores: Floats, seed: int) -> float:
    """Return how many standard errors the greatest of several correlated errors stays below with probability `LEVEL`.

    Args:
        scores: What each bin adds to each error, shape (2, sets, bins).
        seed: Seed of the multipliers.
    """
    each = scores.reshape(-1, scores.shape[-1])
    size = np.sqrt((each**2).sum(axis=1))
    each = each[size > 0] / size[size > 0, None]
    draws = np.random.default_rng(seed).standard_normal((_DRAWS, each.shape[1]))
    greatest = (draws @ each.T).max(axis=1) if len(each) else draws[:, 0]
    return max(float(np.quantile(greatest, LEVEL)), _NORMAL)


_NORMAL = 1.6448536269514722  # quantile of the normal law at LEVEL


def usable(bound: Bound, controls: list[Bound]) -> list[Bound]:
    """Return the controls that are measured about as well as the bound they stand beside; a bound without words takes all."""
    return [each for each in controls if each.error <= _WORSE * bound.error or bound.error == 0]


def drift(controls: list[Bound]) -> float | None:
    """Return how high drift alone may bring the bound, at `LEVEL`; None without controls.

    Drift is taken for a random effect around zero: its second moment is what the controls vary beyond their sampling errors, and its
    limit is that of Student's t with as many degrees of freedom as there are controls. They are not weighted, since sets of fewer
    words have both smaller errors and less drift. Of fewer than `LEAST_CONTROLS` nothing is put down to sampling.
    """
    if not controls:
        return None
    from scipy.stats import t as student

    values, errors = np.array([each.value for each in controls]), np.array([each.error for each in controls])
    known = errors**2 if len(controls) >= LEAST_CONTROLS else 0.0
    beyond = float(np.mean(values**2 - known))
    return float(student.ppf(LEVEL, len(values)) * np.sqrt(max(beyond, 0.0)))


def lowered(bound: Bound, drifted: float | None) -> float:
    """Return the limit of a bound with sampling error and drift taken off together."""
    return bound.value - float(np.hypot(bound.value - bound.low, drifted or 0.0))
