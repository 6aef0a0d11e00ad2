"""Sample coverage: the share of the law's mass that belongs to types already seen."""

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

Histogram = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]


def histogram(counts: npt.ArrayLike) -> Histogram:
    """Return the distinct positive counts, ascending, and how many types have each, both of shape (k,)."""
    values = np.asarray(counts, dtype=np.int64)
    found, types = np.unique(values[values > 0], return_counts=True)
    return found, types.astype(np.int64)


def singletons(counts: npt.ArrayLike) -> tuple[int, int]:
    """Return how many types were counted exactly once and exactly twice."""
    values = np.asarray(counts)
    return int((values == 1).sum()), int((values == 2).sum())


def good_turing(counts: npt.ArrayLike) -> float:
    """Return 1 - f1/n, the coverage of an abundance sample, in [0, 1]. Source: Good 1953."""
    values = np.asarray(counts)
    total = int(values.sum())
    return 1.0 - singletons(values)[0] / total if total else 0.0


def chao_jost(counts: npt.ArrayLike) -> float:
    """Return the coverage of an abundance sample, in [0, 1].

    Args:
        counts: Tokens by type, shape (types,), non-negative integers.

    Source:
        Chao & Jost 2012, equation 4a; where no type was seen twice, with f2 replaced by its bias-corrected stand-in.
    """
    values = np.asarray(counts)
    total = int(values.sum())
    once, twice = singletons(values)
    return coverage_from(once, twice, total, total)


def chao_jost_incidence(documents: npt.ArrayLike, size: int) -> float:
    """Return the coverage of an incidence sample, in [0, 1].

    Args:
        documents: Documents in which each type occurs, shape (types,).
        size: Number of documents.

    Source:
        Chao et al. 2014, incidence form of Chao & Jost 2012.
    """
    values = np.asarray(documents)
    once, twice = singletons(values)
    return coverage_from(once, twice, int(values.sum()), size)


def coverage_from(once: int, twice: int, total: int, size: int) -> float:
    """Return the coverage from its ingredients: singletons, doubletons, total count and sample size (units)."""
    if total == 0:
        return 0.0
    if once == 0:
        return 1.0
    if size < 2:
        return 1.0 - once / total
    doubled = 2 * twice if twice else max(once - 1, 0)
    share = (size - 1) * once / ((size - 1) * once + doubled) if doubled else 1.0
    return 1.0 - once / total * share


def coverage_at(counts: npt.ArrayLike, size: int) -> float:
    """Return the expected coverage of a subsample of `size` tokens, size below the total, in [0, 1].

    Source:
        Chao & Jost 2012, equation 4b: 1 - sum x/n * C(n-x, m) / C(n-1, m).
    """
    values, types = histogram(counts)
    total = int((values * types).sum())
    if size >= total:
        return chao_jost(counts)
    usable = total - values >= size
    x = values[usable].astype(float)
    absent = gammaln(total - x + 1) - gammaln(total - x - size + 1) - gammaln(total) + gammaln(total - size)
    return float(1.0 - (types[usable] * x / total * np.exp(absent)).sum())


def coverage_interval(counts: npt.ArrayLike, z: float = 1.959963984540054) -> tuple[float, float]:
    """Return the normal interval of the missing mass of an independent sample (may leave [0, 1]).

    Source:
        Esty 1983, as `esty_ci` in scikit-bio: f1/n +- z * sqrt((f1 (n - f1) + 2 n f2) / n^3).
    """
    values = np.asarray(counts)
    total = int(values.sum())
    once, twice = singletons(values)
    middle = once / total
    half = z * float(np.sqrt((once * (total - once) + 2 * total * twice) / total**3))
    return middle - half, middle + half
