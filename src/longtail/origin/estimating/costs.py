"""The cost of filtering a corpus by the scores of an estimate, as records."""

from collections.abc import Sequence

import numpy as np

from longtail.origin.filtering import Cost, Expected, cost_of_filtering
from longtail.origin.measuring import Estimated
from longtail.origin.reference import Floats
from longtail.records import Record

SHOWN = (0.10, 0.05, 0.01)
"""Shares of human text lost that are shown where not the whole curve is asked for."""


class Rows(Record, frozen=True):
    """An expected number of documents with its bounds."""

    value: float
    low: float
    high: float


class Removal(Record, frozen=True):
    """What one threshold would do.

    Attributes:
        threshold: Documents whose log ratio of machine against human, in nats, is no lower would be removed.
        tpr: Share of the reference's machine texts above it.
        fpr: Share of its human texts above it.
        fpr_high: Upper bound of that.
        human_lost: Human documents of the corpus that would be removed.
        machine_removed: Machine-made ones.
    """

    threshold: float
    tpr: float
    fpr: float
    fpr_high: float
    human_lost: Rows
    machine_removed: Rows


class Filtered(Record, frozen=True):
    """What filtering would cost.

    Attributes:
        documents: In the corpus.
        human: Human ones among them.
        keep: Share of the human ones that has to stay.
        chosen: The lowest threshold that keeps them for certain enough; None where the reference cannot show it of any.
        curve: From the lowest threshold to the highest; some of them where not all are asked for.
    """

    documents: int
    human: Rows
    keep: float
    chosen: Removal | None
    curve: tuple[Removal, ...]


def cost(found: Estimated, documents: int, *, whole_curve: bool = False) -> Filtered | None:
    """Return what filtering a corpus by the scores would cost, None where its share was refused.

    Args:
        found: What was measured.
        documents: In the corpus.
        whole_curve: Return all thresholds.
    """
    share = found.told.whole.machine
    if share.share is None or share.low is None or share.high is None:
        return None
    scores = machine_against_human(found.instrument.log_ratios)
    level = found.told.settings.level
    made = cost_of_filtering(scores, found.instrument.reference.labels, share.share, share.low, share.high, documents, level=level)
    human = made.curve[0].human
    curve = tuple(map(_removal, made.curve))
    return Filtered(
        documents=documents,
        human=_rows(human),
        keep=made.keep,
        chosen=None if made.chosen is None else _removal(made.chosen),
        curve=curve if whole_curve else shown(curve),
    )


def machine_against_human(log_ratios: Floats) -> Floats:
    """Return the log ratio of any machine origin, all alike, against human, shape (documents,) from (documents, K)."""
    return np.asarray(np.logaddexp.reduce(log_ratios, axis=1) - np.log(log_ratios.shape[1]))


def shown(curve: Sequence[Removal]) -> tuple[Removal, ...]:
    """Return the lowest threshold that loses no more than each of `SHOWN`, each once, of a curve or of what was shown of it."""
    found = [next((each for each in curve if each.fpr <= most), None) for most in SHOWN]
    return tuple(each for at, each in enumerate(found) if each is not None and each not in found[:at])


def _removal(each: Cost) -> Removal:
    return Removal(
        threshold=each.point.threshold,
        tpr=each.point.tpr.share,
        fpr=each.point.fpr.share,
        fpr_high=each.point.fpr.high,
        human_lost=_rows(each.lost),
        machine_removed=_rows(each.removed),
    )


def _rows(each: Expected) -> Rows:
    return Rows(value=each.value, low=each.low, high=each.high)
