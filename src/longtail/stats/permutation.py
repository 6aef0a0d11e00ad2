"""Permutation of equal-sized units between samples: labels, p-values, standard errors and the max-T quantile."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Labels = npt.NDArray[np.uint8]
Values = npt.NDArray[np.float64]


class MaxT(NamedTuple):
    """Quantiles of the greatest studentised statistic of a family, for one-sided simultaneous bounds."""

    lower: float
    upper: float


def labels(sizes: tuple[int, ...], permutations: int, seed: int) -> Labels:
    """Return random labels of units; column 0 is the observed one.

    Args:
        sizes: Units of each sample, in the order of the units.
        permutations: Number of random relabellings.
        seed: Seed of the stream.

    Returns:
        Array of shape (units, permutations + 1) with the index of the sample that each unit is given to.
    """
    observed = np.repeat(np.arange(len(sizes), dtype=np.uint8), sizes)
    table = np.tile(observed, (permutations + 1, 1))
    table[1:] = np.random.default_rng(seed).permuted(table[1:], axis=1)
    return np.ascontiguousarray(table.T)


def p_lower(statistics: Values) -> float:
    """Return the one-sided p-value for a small observed value, (1 + count) / (B + 1), value 0 being the observed one.

    Source:
        Phipson & Smyth 2010.
    """
    return float((statistics <= statistics[0]).sum() / len(statistics))


def standard_error(statistics: Values) -> float:
    """Return the standard deviation of the permuted values, the observed one left out."""
    return float(np.std(statistics[1:], ddof=1))


def max_t(studentised: Values, alpha: float) -> MaxT:
    """Return the max-T quantiles of a family, for bounds that hold together with confidence 1 - alpha on each side.

    Args:
        studentised: Permuted statistics over their standard errors, shape (endpoints, permutations), observed left out.
        alpha: One-sided level of the family.

    Source:
        Westfall & Young 1993, single step.
    """
    centred = studentised - studentised.mean(axis=1, keepdims=True)
    level = 1 - alpha
    return MaxT(
        lower=float(np.quantile(centred.max(axis=0), level, method="higher")),
        upper=float(np.quantile((-centred).max(axis=0), level, method="higher")),
    )


def adjusted(statistics: Values, covariate: Values) -> Values:
    """Return the statistics with the part that a covariate explains taken out.

    The slope is fitted over all relabellings, the observed one included, so it is the same whichever of them was
    observed and the test stays exact (Freedman & Lane 1983 discuss the idea; the symmetric fit is ours).

    Args:
        statistics: Values by relabelling, shape (B + 1,).
        covariate: Values of the same shape, such as the log ratio of the tokens on both sides.
    """
    centred = covariate - covariate.mean()
    power = float(centred @ centred)
    if power == 0:
        return statistics
    return statistics - float(centred @ (statistics - statistics.mean())) / power * covariate


def side_sums(labels_: Labels, values: npt.NDArray[np.int64], side: int) -> npt.NDArray[np.int64]:
    """Return the sum of whole numbers over the units of one side, by relabelling, shape (B + 1,)."""
    sums: npt.NDArray[np.int64] = np.einsum("u,ub->b", values, (labels_ == side).astype(np.int64))
    return sums
