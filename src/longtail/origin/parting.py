"""How well a scorer parts a reference, at the threshold that parts it best."""

from collections.abc import Mapping, Sequence

from longtail.origin.operating import operating_points
from longtail.origin.quantifiers.rates import smallest_share
from longtail.origin.reference import Floats, Ints
from longtail.origin.result import Flagged, Rates


def rates_of(log_ratios: Floats, labels: Ints, origins: Sequence[str], level: float) -> tuple[Rates, ...]:
    """Return the rates of each machine origin against human text at its best threshold.

    Args:
        log_ratios: Out of fold, shape (documents, K).
        labels: Shape (documents,).
        origins: Names of the machine origins.
        level: Of the Clopper-Pearson intervals.
    """
    return tuple(_rates(log_ratios[:, at], labels, at + 1, name, level) for at, name in enumerate(origins))


def floor_of(rates: Sequence[Rates], documents: int, reference: Mapping[str, int], level: float) -> float | None:
    """Return the least share that as many documents could tell from none, None where there is none."""
    worst = min(rates, key=lambda each: each.tpr - each.fpr)
    hits, alarms = reference[worst.origin], reference["human"]
    floor = smallest_share(documents, tpr=(round(worst.tpr * hits), hits), fpr=(round(worst.fpr * alarms), alarms), level=level)
    return floor if floor < 1 else None


def groups_of(log_ratios: Floats, labels: Ints, by: Sequence[str | None], rates: Sequence[Rates], level: float) -> tuple[Flagged, ...]:
    """Return how often human text of each group is flagged at the thresholds of `rates`: whom a threshold would wrong.

    Args:
        log_ratios: Out of fold, shape (documents, K).
        labels: Shape (documents,).
        by: Group of each document, None where it has none, shape (documents,).
        rates: Of the K machine origins, in their order.
        level: Of the Clopper-Pearson intervals.
    """
    found = []
    for at, each in enumerate(rates):
        (point,) = operating_points(log_ratios[:, at], labels, by, [each.threshold], level)
        found += [
            Flagged(origin=each.origin, group=name, documents=rate.documents, fpr=rate.share, low=rate.low, high=rate.high)
            for name, rate in point.groups.items()
        ]
    return tuple(found)


def _rates(scores: Floats, labels: Ints, kind: int, name: str, level: float) -> Rates:
    chosen = (labels == 0) | (labels == kind)
    points = operating_points(scores[chosen], labels[chosen], level=level)
    best = max(points, key=lambda point: point.tpr.share - point.fpr.share)
    return Rates(
        origin=name,
        threshold=best.threshold,
        tpr=best.tpr.share,
        tpr_low=best.tpr.low,
        tpr_high=best.tpr.high,
        fpr=best.fpr.share,
        fpr_low=best.fpr.low,
        fpr_high=best.fpr.high,
    )
