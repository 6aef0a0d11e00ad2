"""The share behind a count of flagged documents, when it is known how often a threshold is wrong."""

from dataclasses import dataclass

import numpy as np

from longtail.errors import UsageError
from longtail.records import NotMeasured

Counted = tuple[int, int]
"""Flagged documents, and all documents."""


@dataclass(frozen=True)
class Adjusted:
    """A share of machine-made documents, corrected for the errors of the threshold.

    Attributes:
        flagged: Share above the threshold: what a count alone would say.
        share: The corrected share, clipped to [0, 1].
        unclipped: Before clipping; outside [0, 1] by more than its interval, the rates are not those of this target.
        low: Lower end of the interval, in [0, 1].
        high: Upper end.
        floor: Smallest share that could be told from none with this many documents.
        level: Confidence level of the interval and of the floor.
    """

    flagged: float
    share: float
    unclipped: float
    low: float
    high: float
    floor: float
    level: float


def rogan_gladen(flagged: int, n: int, *, tpr: Counted, fpr: Counted, level: float = 0.95) -> Adjusted | NotMeasured:
    """Return the share of machine-made documents among n of which some were flagged.

    The interval counts that the target, the true and the false positive rate were all three measured on samples.

    Args:
        flagged: Documents of the target above the threshold.
        n: Documents of the target.
        tpr: Machine-made reference documents above the threshold, and all of them.
        fpr: Human reference documents above the threshold, and all of them.
        level: Confidence level.

    Raises:
        UsageError: A count is negative or above its total, or a total is zero.

    Source:
        Rogan & Gladen 1978; interval of Lang & Reiczigel 2014, who add pseudo-counts and shift the centre, which holds for rates
        of 0 and 1 too.
    """
    for name, (count, total) in {"the target": (flagged, n), "tpr": tpr, "fpr": fpr}.items():
        if not 0 <= count <= total or not total:
            raise UsageError(f"{name} has {count} flagged of {total} documents; give a count from 0 to a total of 1 or more")
    youden = tpr[0] / tpr[1] - fpr[0] / fpr[1]
    if _informedness(tpr, fpr) <= 0 or youden <= 0:
        return NotMeasured(
            reason=f"the threshold flags {fpr[0]} of {fpr[1]} human and {tpr[0]} of {tpr[1]} machine texts: it tells nothing apart",
            enable="a better scorer, or another threshold",
        )
    unclipped = (flagged / n - fpr[0] / fpr[1]) / youden
    centre, width = _interval(flagged, n, tpr, fpr, _quantile(level))
    share = min(max(unclipped, 0.0), 1.0)
    low, high = min(max(centre - width, 0.0), share), max(min(centre + width, 1.0), share)
    return Adjusted(flagged / n, share, unclipped, low, high, smallest_share(n, tpr=tpr, fpr=fpr, level=level), level)


def smallest_share(n: int, *, tpr: Counted, fpr: Counted, level: float = 0.95) -> float:
    """Return the smallest share that n documents could tell from none, above 1 where there is no such share.

    It is z sqrt(FPR (1 - FPR) (1/n + 1/n0)) / (TPR - FPR), with one pseudo-document on either side of each rate, so that no error
    among few documents is not taken for no error ever.

    Args:
        n: Documents of the target.
        tpr: Machine-made reference documents above the threshold, and all of them.
        fpr: Human reference documents above the threshold, and all of them.
        level: Confidence level, two-sided.
    """
    rate = (fpr[0] + 1) / (fpr[1] + 2)
    gap = _informedness(tpr, fpr)
    return float(_quantile(level) * np.sqrt(rate * (1 - rate) * (1 / n + 1 / fpr[1])) / gap) if gap > 0 else float("inf")


def _informedness(tpr: Counted, fpr: Counted) -> float:
    return (tpr[0] + 1) / (tpr[1] + 2) - (fpr[0] + 1) / (fpr[1] + 2)


def _interval(flagged: int, n: int, tpr: Counted, fpr: Counted, z: float) -> tuple[float, float]:
    """Return the centre and the half-width."""
    rate, hits, alarms = (flagged + z * z / 2) / (n + z * z), (tpr[0] + 1) / (tpr[1] + 2), (fpr[0] + 1) / (fpr[1] + 2)
    gap = hits - alarms
    share = (rate - alarms) / gap
    of_hits, of_alarms = hits * (1 - hits) / (tpr[1] + 2), alarms * (1 - alarms) / (fpr[1] + 2)
    spread = rate * (1 - rate) / (n + z * z) + share**2 * of_hits + (1 - share) ** 2 * of_alarms
    shift = 2 * z * z * (share * of_hits - (1 - share) * of_alarms)
    return share + shift, z * float(np.sqrt(spread)) / gap


def _quantile(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri((1 + level) / 2))
