"""Intervals of a share from its bootstrap replicates, which hold near 0 and 1 and for few clusters too."""

from dataclasses import dataclass

import numpy as np

from longtail.origin.reference import Floats, Ints

_ANSWERS = 0.9


@dataclass(frozen=True)
class Interval:
    """An interval of a share.

    Attributes:
        low: Lower end, in [0, 1].
        high: Upper end.
        level: Confidence level.
        silent: Replicates that had no answer.
    """

    low: float
    high: float
    level: float
    silent: int


def interval(share: float, replicates: Floats, *, clusters: float, groups: int, level: float = 0.95) -> Interval | None:
    """Return the interval of a share, or None where more than a tenth of the replicates have no answer.

    Percentiles of the replicates, expanded for the number of clusters (Hesterberg 2015), say what scores and reference leave open.
    Near 0 and 1 they are skewed away from the end, and err towards it: the shorter arm is brought up to the mean of both.
    Replicates cannot show what a small sample happens not to hold: where no cluster is machine-made, none is in any of them.
    So what Wilson's interval of a plain count is wider than the normal one is added on each side, in squares, as independent
    errors add (Zou & Donner 2008); far from 0 and 1 this is next to nothing.

    Args:
        share: The estimate, in [0, 1].
        replicates: Shares of the bootstrap, NaN where a replicate had no answer, shape (B,).
        clusters: Effective number of independent target documents, see `effective`.
        groups: Independent groups of the reference.
        level: Confidence level.
    """
    answers = replicates[np.isfinite(replicates)]
    if len(answers) < _ANSWERS * max(len(replicates), 1):
        return None
    tail = _tail(min(clusters, groups), level)
    low, high = (float(end) for end in np.quantile(answers, [tail, 1 - tail]))
    left, right = max(share - low, 0.0), max(high - share, 0.0)
    mean = (left + right) / 2
    below, above = _beyond(share, clusters, level)
    return Interval(
        low=max(share - float(np.hypot(max(left, mean), below)), 0.0),
        high=min(share + float(np.hypot(max(right, mean), above)), 1.0),
        level=level,
        silent=len(replicates) - len(answers),
    )


def effective(clusters: Ints, weights: Floats | None = None) -> float:
    """Return the effective number of independent documents, (sum m)^2 / sum m^2 over sizes m of clusters. Source: Kish 1965.

    Args:
        clusters: Number of the cluster of each document, shape (n,).
        weights: Of the documents, such as 0 for one without a score, shape (n,).
    """
    sizes = np.bincount(np.unique(clusters, return_inverse=True)[1], weights=weights)
    squares = float((sizes**2).sum())
    return float(sizes.sum()) ** 2 / squares if squares else 0.0


def _tail(units: float, level: float) -> float:
    """Return the share of replicates to leave out on each side: Student's instead of the normal one, and n - 1 for n."""
    from scipy.special import ndtr, stdtrit

    freedom = max(units - 1, 1.0)
    return float(ndtr(stdtrit(freedom, (1 - level) / 2) * np.sqrt((freedom + 1) / freedom)))


def _beyond(share: float, units: float, level: float) -> tuple[float, float]:
    """Return how far Wilson's interval of a count reaches beyond the normal one, below and above: root of the gap in squares."""
    from scipy.special import ndtri

    z, n = float(ndtri((1 + level) / 2)), max(units, 1.0)
    centre = (share + z * z / 2 / n) / (1 + z * z / n)
    half = z / (1 + z * z / n) * np.sqrt(share * (1 - share) / n + (z / 2 / n) ** 2)
    plain = z * z * share * (1 - share) / n
    below, above = (share - centre + half) ** 2 - plain, (centre + half - share) ** 2 - plain
    return float(np.sqrt(max(below, 0.0))), float(np.sqrt(max(above, 0.0)))
