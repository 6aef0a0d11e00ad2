"""How well a scorer parts a reference, at the threshold that parts it best."""

from collections.abc import Mapping, Sequence

import numpy as np

from longtail.origin.operating import exact
from longtail.origin.quantifiers.rates import smallest_share
from longtail.origin.reference import Floats, Ints
from longtail.origin.result import Rates


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


def _rates(scores: Floats, labels: Ints, kind: int, name: str, level: float) -> Rates:
    human, machine = np.sort(scores[labels == 0]), np.sort(scores[labels == kind])
    cuts = np.unique(np.concatenate([human, machine]))
    above_machine = len(machine) - np.searchsorted(machine, cuts, "right")
    above_human = len(human) - np.searchsorted(human, cuts, "right")
    best = int(np.argmax(above_machine / len(machine) - above_human / len(human)))
    hits, alarms = int(above_machine[best]), int(above_human[best])
    tpr, fpr = exact(hits, len(machine), level), exact(alarms, len(human), level)
    return Rates(
        origin=name,
        threshold=float(cuts[best]),
        tpr=hits / len(machine),
        tpr_low=tpr[0],
        tpr_high=tpr[1],
        fpr=alarms / len(human),
        fpr_low=fpr[0],
        fpr_high=fpr[1],
    )
