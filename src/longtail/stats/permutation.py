"""Permutation of equal-sized units between samples: labels, p-values, standard errors and the max-T quantile."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_AT_ONCE = 8192

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
    return relabelled(np.repeat(np.arange(len(sizes), dtype=np.uint8), sizes), permutations, seed)


def relabelled(observed: Labels, permutations: int, seed: int, strata: npt.NDArray[np.int64] | None = None) -> Labels:
    """Return random relabellings of units that are labelled in any way; column 0 is the observed one.

    Args:
        observed: Label of each unit, shape (units,).
        permutations: Number of random relabellings.
        seed: Seed of the stream.
        strata: Stratum of each unit, shape (units,): labels change places only inside a stratum, as where both
            samples answer the same prompts. None is one stratum.
    """
    table = np.tile(observed, (permutations + 1, 1))
    rng = np.random.default_rng(seed)
    if strata is None:
        table[1:] = rng.permuted(table[1:], axis=1)
    else:
        for stratum in np.unique(strata):
            inside = np.flatnonzero(strata == stratum)
            table[1:, inside] = rng.permuted(table[1:, inside], axis=1)
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


def p_upper(statistics: Values) -> float:
    """Return the one-sided p-value for a large observed value; see `p_lower`."""
    return p_lower(-statistics)


def step_down(statistics: Values) -> Values:
    """Return p-values for small observed values, adjusted for all endpoints of a family, shape (endpoints,).

    The least plausible endpoint is held against the greatest statistic of all, the next against the greatest of those that
    are left, and so on: strong control of the family's error under exchangeability, whatever the dependence.

    Args:
        statistics: Values by relabelling, shape (endpoints, B + 1), column 0 observed; studentised here, symmetrically.

    Source:
        Westfall & Young 1993, step-down max-T.
    """
    spread = statistics.std(axis=1, ddof=1, keepdims=True)
    lost = -statistics / np.where(spread > 0, spread, 1.0)
    order = np.argsort(-lost[:, 0], kind="stable")
    greatest = np.maximum.accumulate(lost[order[::-1]], axis=0)[::-1]
    raw = (greatest >= lost[order, :1]).mean(axis=1)
    adjusted_p = np.empty(len(lost))
    adjusted_p[order] = np.maximum.accumulate(raw)
    return adjusted_p


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
    parts = [np.einsum("u,ub->b", values, (part == side).astype(np.int64)) for part in _in_parts(labels_)]
    return np.concatenate(parts)


def side_sums_of_pairs(labels_: Labels, weights: Values, side: int) -> Values:
    """Return the sum of weights over all ordered pairs of units of one side, by relabelling, shape (B + 1,).

    Args:
        labels_: Side of each unit by relabelling, shape (units, B + 1).
        weights: Whole numbers for pairs of units, shape (units, units); exact up to 2**53.
        side: The side.
    """
    parts = []
    for part in _in_parts(labels_):
        chosen = (part == side).astype(float)
        parts.append(((weights @ chosen) * chosen).sum(axis=0))
    return np.concatenate(parts)


def _in_parts(labels_: Labels) -> list[Labels]:
    return [labels_[:, first : first + _AT_ONCE] for first in range(0, labels_.shape[1], _AT_ONCE)]
