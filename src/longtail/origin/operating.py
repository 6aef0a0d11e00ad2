"""Operating points: what a threshold on scores finds and whom it wrongs, in numbers with exact bounds.

A threshold turns evidence into accusation, so nothing here decides on a document: it says what a threshold would do to the
reference, group by group, and to a corpus, row by row lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from longtail.errors import UsageError
from longtail.origin.calibration import Bools
from longtail.origin.reference import Floats, Ints

TOLERATED = 0.01
"""Share of human documents above a threshold that the upper bound of no group may exceed."""
_MOST = 200


@dataclass(frozen=True)
class Rate:
    """Documents above a threshold among documents of one kind.

    Attributes:
        flagged: Documents at or above the threshold.
        documents: All of them; 1 or more.
        low: Lower bound of the rate (Clopper and Pearson 1934).
        high: Upper bound.
    """

    flagged: int
    documents: int
    low: float
    high: float

    @classmethod
    def of(cls, flagged: int, documents: int, level: float) -> "Rate":
        """Return the rate of so many among so many."""
        return cls(flagged, documents, *exact(flagged, documents, level))

    @property
    def share(self) -> float:
        """Flagged documents per document."""
        return self.flagged / self.documents


@dataclass(frozen=True)
class OperatingPoint:
    """What one threshold does to a reference.

    Attributes:
        threshold: Documents with this score or a higher one are above it; documents without a score are not.
        tpr: Of the machine-made documents.
        fpr: Of the human documents.
        groups: The rate of the human documents of each group.
    """

    threshold: float
    tpr: Rate
    fpr: Rate
    groups: dict[str, Rate]

    def refusals(self, tolerated: float = TOLERATED) -> tuple[str, ...]:
        """Return for each group that may be wronged too often a sentence that says so; empty where the threshold may be used."""
        rates = {"all human documents": self.fpr, **self.groups}
        return tuple(
            f"{name}: up to {rate.high:.1%} of human documents lie above {self.threshold:.4g} ({rate.flagged} of {rate.documents} do), "
            f"more than {tolerated:.0%}; do not filter by this threshold"
            for name, rate in rates.items()
            if rate.high > tolerated
        )


def operating_points(
    scores: Floats,
    labels: Ints,
    by: Sequence[object] | None = None,
    thresholds: Sequence[float] | None = None,
    level: float = 0.95,
) -> tuple[OperatingPoint, ...]:
    """Return what thresholds do to a reference, from the lowest to the highest.

    Args:
        scores: By models that did not see the texts, shape (documents,); higher = more like a machine's.
        labels: 0 for human, above 0 for machine, shape (documents,).
        by: Group of each document (its language, source, length), None where it has none.
        thresholds: Which; left out, the distinct scores, or 200 of them at even ranks.
        level: Of the bounds, each for itself.

    Raises:
        UsageError: The arrays are of unlike length, a class is empty, or no document has a score.
    """
    _check(scores, labels, by)
    human, machine = np.sort(_scored(scores, labels == 0)), np.sort(_scored(scores, labels > 0))
    names = np.array(["" if each is None else str(each) for each in by]) if by is not None else np.full(len(scores), "")
    groups = {str(name): np.sort(_scored(scores, (labels == 0) & (names == name))) for name in np.unique(names[labels == 0]) if name}
    chosen = _thresholds(scores) if thresholds is None else np.sort(np.asarray(thresholds, dtype=np.float64))
    return tuple(
        OperatingPoint(
            float(each),
            _rate(machine, each, level),
            _rate(human, each, level),
            {name: _rate(part, each, level) for name, part in groups.items()},
        )
        for each in chosen
    )


def _check(scores: Floats, labels: Ints, by: Sequence[object] | None) -> None:
    sizes = {len(scores), len(labels), len(scores if by is None else by)}
    if len(sizes) > 1 or scores.ndim != 1:
        raise UsageError(f"scores {scores.shape}, labels {labels.shape} and groups do not fit; give one of each for every document")
    if not (labels == 0).any() or not (labels > 0).any():
        raise UsageError("a threshold is judged by human and by machine texts; the reference lacks one of them")
    if not np.isfinite(scores).any():
        raise UsageError("no document of the reference has a score; give longer texts or another scorer")


def _scored(scores: Floats, which: Bools) -> Floats:
    """Return the scores of some documents, those without a score below every threshold."""
    return np.where(np.isnan(scores), -np.inf, scores)[which]


def _thresholds(scores: Floats) -> Floats:
    distinct = np.unique(scores[np.isfinite(scores)])
    return distinct if len(distinct) <= _MOST else distinct[np.linspace(0, len(distinct) - 1, _MOST).round().astype(np.int64)]


def _rate(ascending: Floats, threshold: float, level: float) -> Rate:
    return Rate.of(len(ascending) - int(np.searchsorted(ascending, threshold)), len(ascending), level)


def exact(count: int, total: int, level: float) -> tuple[float, float]:
    """Return the exact interval of a rate (Clopper and Pearson 1934)."""
    from scipy.special import betaincinv

    tail = (1 - level) / 2
    low = float(betaincinv(count, total - count + 1, tail)) if count else 0.0
    high = float(betaincinv(count + 1, total - count, 1 - tail)) if count < total else 1.0
    return low, high
