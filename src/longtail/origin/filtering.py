"""The cost of filtering: human rows lost for machine rows removed, over all thresholds."""

from dataclasses import dataclass

from longtail.errors import UsageError
from longtail.origin.operating import OperatingPoint, operating_points
from longtail.origin.reference import Floats, Ints


@dataclass(frozen=True)
class Expected:
    """An expected number of documents, with bounds."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Cost:
    """What filtering a corpus at one threshold would do to it.

    Attributes:
        point: The threshold and its rates on the reference.
        lost: Human documents that would be removed with the others.
        removed: Machine-made documents that would be removed.
        human: Human documents in the corpus before filtering.
    """

    point: OperatingPoint
    lost: Expected
    removed: Expected
    human: Expected


@dataclass(frozen=True)
class Filtering:
    """The cost over all thresholds.

    Attributes:
        curve: From the lowest threshold to the highest.
        chosen: The lowest threshold that keeps the human mass that was asked for, None where none does.
        keep: Share of the human documents that was asked for.
    """

    curve: tuple[Cost, ...]
    chosen: Cost | None
    keep: float


def cost_of_filtering(
    scores: Floats, labels: Ints, share: float, low: float, high: float, documents: int, *, keep: float = 0.99, level: float = 0.95
) -> Filtering:
    """Return what filtering a corpus of so many documents would lose and remove.

    The bounds take the ends of the share's interval together with the ends of the rates', so they hold at least as often as
    both do. No threshold is chosen whose bound on human documents lost exceeds 1 - `keep` of them.

    Args:
        scores: Of the reference by models that did not see it, shape (reference documents,).
        labels: 0 for human, above 0 for machine, shape (reference documents,).
        share: Share of machine-made documents in the corpus.
        low: Lower end of its interval.
        high: Upper end.
        documents: Documents in the corpus.
        keep: Share of the human documents that has to stay.
        level: Of the rates' bounds.

    Raises:
        UsageError: The share and its interval are not 0 <= low <= share <= high <= 1, or `operating_points` refuses.
    """
    if not 0 <= low <= share <= high <= 1:
        raise UsageError(f"the share is {share:g} in [{low:g}, {high:g}]; give 0 <= low <= share <= high <= 1")
    if not 0 < keep <= 1:
        raise UsageError(f"keep is {keep:g}; give the share of human documents that has to stay, above 0 and at most 1")
    human = Expected(documents * (1 - share), documents * (1 - high), documents * (1 - low))
    machine = Expected(documents * share, documents * low, documents * high)
    curve = tuple(_cost(point, human, machine) for point in operating_points(scores, labels, level=level))
    good = [cost for cost in curve if cost.point.fpr.high <= 1 - keep]
    return Filtering(curve, good[0] if good else None, keep)


def _cost(point: OperatingPoint, human: Expected, machine: Expected) -> Cost:
    fpr, tpr = point.fpr, point.tpr
    lost = Expected(human.value * fpr.share, human.low * fpr.low, human.high * fpr.high)
    removed = Expected(machine.value * tpr.share, machine.low * tpr.low, machine.high * tpr.high)
    return Cost(point, lost, removed, human)
