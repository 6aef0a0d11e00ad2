"""Slices: whether each class of documents still has its share, and which classes are too rare to say."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from longtail.metrics.catalogue import RATIOS
from longtail.metrics.comparison import Comparison, Fold
from longtail.metrics.endpoint import Endpoint, undecidable
from longtail.records import NotMeasured, Outcome
from longtail.stats.jackknife import NORMAL_95, combined, delete_a_group, ratio_of_sums
from longtail.stats.permutation import standard_error
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Choosing
from longtail.summaries.rows import type_counts
from longtail.views.names import LENGTHS

FEWEST_EXPECTED = 3.0
MOST_CLASSES = 200
_EXTREME = 0.1
_FEW = 30
_METHOD = "log ratio of document shares; delete-a-group jackknife, permutation standard error where classes are small"


@dataclass(frozen=True)
class Slice:
    """A class of documents: a label, or an end of the distribution of lengths.

    Attributes:
        name: How it is written.
        types: Types of the view that belong to it, ascending, shape (k,).
        share: Its share of the documents that chose it.
        expected: Documents of it expected in the candidate if nothing had changed.
        seen: Documents of it in the candidate.
    """

    name: str
    types: npt.NDArray[np.uint64]
    share: float
    expected: float
    seen: int

    def is_auditable(self, alpha: float, classes: int) -> bool:
        """Tell whether its disappearance could be noticed among so many classes at this level."""
        return self.expected >= max(FEWEST_EXPECTED, -math.log(alpha / max(classes, 1)))


@RATIOS.add(unit="ratio", worse="lower", source="own definition; ratio estimator with delete-a-group jackknife (Kott 2001)")
def class_share(comparison: Comparison, of: Slice, /) -> Outcome:
    """Share of documents in one class, relative to the baseline.

    Formula: ratio = share of documents in the class in the candidate / its share in the baseline.

    Minimum: 3 documents of the class expected in the candidate, or ln(classes / alpha) where that is more; at most 200 classes.
    """
    found = slice_endpoint(comparison, of)
    return found if isinstance(found, NotMeasured) else found.estimate(NORMAL_95, NORMAL_95, 0.95)


def slice_endpoint(comparison: Comparison, of: Slice) -> Endpoint | NotMeasured:
    """Return the log ratio of a class's share with its relabellings.

    Classes are chosen by the half that chooses the tail, and measured on the other; no halves are crossed.
    """
    if comparison.refusal is not None:
        return comparison.refusal
    fold = comparison.folds[0]
    documents = fold.rows.per_unit(np.isin(fold.rows.types, of.types))
    statistics = fold.log_share(documents)
    found = Endpoint(
        metric="class_share",
        view=comparison.view,
        baseline=comparison.name,
        statistics=statistics,
        error=_error(fold, documents, statistics),
        method=_METHOD,
        n=comparison.documents,
        baseline_value=float(documents[fold.rows.sizes[0] :].sum() / max(1, fold.rows.unit_tokens[fold.rows.sizes[0] :].sum())),
        slice=of.name,
    )
    return undecidable(found) or found


def _error(fold: Fold, documents: npt.NDArray[np.int64], statistics: npt.NDArray[np.float64]) -> float:
    """Return the error of the log ratio: the jackknife's, and where a side has few documents at least that of the relabellings."""
    size, totals = fold.rows.sizes[0], fold.rows.unit_tokens.astype(float)
    sides = [(documents[units].astype(float), totals[units]) for units in (slice(None, size), slice(size, None))]
    with np.errstate(divide="ignore", invalid="ignore"):
        jackknife = combined([delete_a_group(ratio_of_sums(top, bottom)[1]) for top, bottom in sides]).error
    if min(top.sum() for top, _ in sides) >= _FEW:
        return jackknife
    permuted = standard_error(statistics)
    return max(jackknife, permuted) if math.isfinite(jackknife) else permuted


def labelled_slices(comparison: Comparison) -> list[Slice] | NotMeasured:
    """Return the classes of a column, the commonest first, as the choosing sample has them, or why there are none.

    A class without a written name is called by its type, in hex digits.
    """
    column = comparison.view.partition(":")[2]
    chooser = chooser_of(comparison)
    if not chooser.profile.frequencies[comparison.view].documents.sum():
        reason = f"no document of the {'reference' if chooser.half is not None else 'baseline'} has a value in the column {column!r}"
        return NotMeasured(reason=reason, enable=f"add the column {column} to it", metric="class_share", view=comparison.view)
    types, documents, _ = type_counts(chooser.profile.frequencies[comparison.view], chooser.half, comparison.theta)
    if len(types) > MOST_CLASSES or comparison.sampling_share < 1:
        many = f"{len(types):,}" if comparison.sampling_share == 1 else f"{len(types):,} and more"
        reason = f"the column {column!r} has {many} classes, more than the {MOST_CLASSES} that are tested one by one"
        enable = f"group its values into fewer classes, or count all of them together with --view category:{column}"
        return NotMeasured(reason=reason, enable=enable, metric="class_share", view=comparison.view)
    names = chooser.profile.labels[comparison.view].names if comparison.view in chooser.profile.labels else {}
    here, counts, _ = type_counts(comparison.frequencies, None, comparison.theta)
    seen, total = dict(zip(here.tolist(), counts.tolist(), strict=True)), int(documents.sum())
    expected = comparison.documents / total
    found = [
        Slice(names.get(kind, f"{kind:013x}"), np.array([kind], np.uint64), of / total, expected * of, seen.get(kind, 0))
        for kind, of in zip(types.tolist(), documents.tolist(), strict=True)
    ]
    return sorted(found, key=lambda each: (-each.share, each.name))


def length_slices(comparison: Comparison) -> list[Slice]:
    """Return the shortest and the longest tenth of documents, as the choosing sample has them: slices without a column."""
    chooser = chooser_of(comparison)
    types, documents, _ = type_counts(chooser.profile.frequencies[LENGTHS], chooser.half, comparison.theta)
    share = np.cumsum(documents) / max(1, documents.sum())
    short, long = types[share <= max(_EXTREME, share[0])], types[share > 1 - _EXTREME]
    names = {"shortest documents": short, "longest documents": long}
    return [
        _slice(comparison, name, kinds.tolist(), float(documents[np.isin(types, kinds)].sum() / documents.sum()))
        for name, kinds in names.items()
        if len(kinds)
    ]


def chooser_of(comparison: Comparison) -> Choosing:
    """Return who chooses the classes: the half of the reference that chooses the tail; the baseline where no reference has any."""
    chooser, measured = comparison.pairing.roles[0]
    if chooser.profile.frequencies[comparison.view].documents.sum() or not isinstance(measured, Profile):
        return chooser
    return Choosing(measured, None)


def _slice(comparison: Comparison, name: str, kinds: Sequence[int], share: float) -> Slice:
    wanted = np.array(sorted(kinds), np.uint64)
    types, documents, _ = type_counts(comparison.frequencies, None, comparison.theta)
    seen = int(documents[np.isin(types, wanted)].sum())
    return Slice(name, wanted, share, share * comparison.documents, seen)
