"""Distances between two samples of one column that monitors report: PSI, total variation, Jensen-Shannon, KS, Wasserstein-1.

None of them says what was lost, and all grow with the noise of small samples: a number means something only beside what it
comes to where nothing changed. Those of counts take an axis of relabellings after that of the bins.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
HALF = 0.5
LOG_2 = float(np.log(2))


class Gaps(NamedTuple):
    """What lies between the distribution functions of two samples: the greatest gap and its area, in units of the values."""

    ks: float
    wasserstein_1: float


def psi(one: npt.ArrayLike, other: npt.ArrayLike, added: float = HALF) -> Values:
    """Return the population stability index, the sum of (p - q) log(p / q), in nats.

    Args:
        one: Counts by bin, shape (bins, …).
        other: Counts of the same bins, same shape.
        added: What is added to every count of both sides, so that an empty bin has a logarithm: half a document, the
            same whatever the other bins hold. With 0 it is the plain formula, for counts without a zero.

    Source:
        Kullback & Leibler 1951, divergence J; half a count: Krichevsky & Trofimov 1981.
    """
    p, q = _shares(one, added), _shares(other, added)
    return np.asarray(((p - q) * np.log(p / q)).sum(axis=0))


def total_variation(one: npt.ArrayLike, other: npt.ArrayLike) -> Values:
    """Return half the sum of differences of shares, in [0, 1], of counts of shape (bins, …)."""
    return np.asarray(np.abs(_shares(one) - _shares(other)).sum(axis=0) / 2)


def jensen_shannon_distance(one: npt.ArrayLike, other: npt.ArrayLike) -> Values:
    """Return the root of the Jensen-Shannon divergence in nats, from 0 to sqrt(log 2) = 0.833, of counts of shape (bins, …).

    Nats are what scipy and the monitors that call it report; over sqrt(log 2) it is the distance in bits.

    Source:
        Endres & Schindelin 2003.
    """
    p, q = _shares(one), _shares(other)
    middle = np.where(p + q > 0, (p + q) / 2, 1.0)
    divergence = (_entropic(p, middle) + _entropic(q, middle)).sum(axis=0) / 2
    return np.asarray(np.sqrt(np.clip(divergence, 0.0, LOG_2)))


def gaps(one: Values, other: Values) -> Gaps:
    """Return the Kolmogorov-Smirnov distance and the Wasserstein distance of order 1 of two samples of finite numbers.

    Both samples are sorted and gone through once, so that the two cost little more than their sorting.

    Args:
        one: Values, shape (n,), at least one.
        other: Values, shape (m,), at least one.
    """
    from longtail.stats import _drift_kernels

    return Gaps(*_drift_kernels.merged_gaps(np.sort(one), np.sort(other)))


def _shares(counts: npt.ArrayLike, added: float = 0.0) -> Values:
    raised = np.asarray(counts, np.float64) + added
    return np.asarray(raised / raised.sum(axis=0))


def _entropic(shares: Values, middle: Values) -> Values:
    """Return share times log(share / middle), 0 where the share is."""
    there = shares > 0
    return np.asarray(np.where(there, shares * np.log(np.where(there, shares, 1.0) / middle), 0.0))
