"""Lower bounds of the number of types, seen and unseen."""

import math

import numpy as np
import numpy.typing as npt

from longtail.stats.coverage import singletons


def chao1(counts: npt.ArrayLike) -> float:
    """Return the Chao1 lower bound of richness: S + (n-1)/n * f1^2 / (2 f2), or the bias-corrected form where f2 = 0.

    Args:
        counts: Tokens by type, shape (types,).

    Source:
        Chao 1984, with the factor (n-1)/n as in Chao et al. 2014.
    """
    return richness_from(*_parts(counts), size=_total(counts))


def chao1_classic(counts: npt.ArrayLike) -> float:
    """Return S + f1^2 / (2 f2), without the factor (n-1)/n. Source: Chao 1984."""
    seen, once, twice = _parts(counts)
    return seen + (once**2 / (2 * twice) if twice else once * (once - 1) / 2)


def chao1_bias_corrected(counts: npt.ArrayLike) -> float:
    """Return S + f1 (f1 - 1) / (2 (f2 + 1)). Source: Chao 1987."""
    seen, once, twice = _parts(counts)
    return seen + once * (once - 1) / (2 * (twice + 1))


def chao2(documents: npt.ArrayLike, size: int) -> float:
    """Return the Chao2 lower bound of richness from incidences.

    Args:
        documents: Documents in which each type occurs, shape (types,).
        size: Number of documents.

    Source:
        Chao 1987.
    """
    return richness_from(*_parts(documents), size=size)


def richness_from(seen: int, once: int, twice: int, *, size: int) -> float:
    """Return the Chao lower bound from types seen, seen once, seen twice, and the sample size (tokens or documents)."""
    factor = (size - 1) / size if size else 0.0
    return seen + factor * (once**2 / (2 * twice) if twice else once * (once - 1) / 2)


def chao_error(seen: int, once: int, twice: int, *, size: int) -> float:
    """Return the standard error of the Chao lower bound. Source: Chao 1987, as in iNEXT."""
    factor = (size - 1) / size if size else 0.0
    if twice:
        ratio = once / twice
        variance = twice * (factor / 2 * ratio**2 + factor**2 * ratio**3 + factor**2 / 4 * ratio**4)
    else:
        estimate = richness_from(seen, once, twice, size=size)
        variance = factor * once * (once - 1) / 2 + factor**2 * once * (2 * once - 1) ** 2 / 4 - factor**2 * once**4 / (4 * estimate)
    return math.sqrt(max(variance, 0.0))


def chao_interval(estimate: float, error: float, seen: int, z: float = 1.959963984540054) -> tuple[float, float]:
    """Return the log-normal interval of a Chao lower bound. Source: Chao 1987.

    Args:
        estimate: The bound.
        error: Its standard error.
        seen: Types seen; the interval starts above them.
        z: Normal quantile of the level.
    """
    unseen = estimate - seen
    if unseen <= 0 or error <= 0:
        return estimate, estimate
    spread = math.exp(z * math.sqrt(math.log1p(error**2 / unseen**2)))
    return seen + unseen / spread, seen + unseen * spread


def _parts(counts: npt.ArrayLike) -> tuple[int, int, int]:
    once, twice = singletons(counts)
    return int((np.asarray(counts) > 0).sum()), once, twice


def _total(counts: npt.ArrayLike) -> int:
    return int(np.asarray(counts).sum())
