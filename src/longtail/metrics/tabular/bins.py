"""The bins of a column's read-outs, and a distance between both sides over them in every relabelling."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from longtail.metrics.comparison import Comparison, Fold
from longtail.metrics.slices import chooser_of
from longtail.metrics.tabular.columns import Read, jackknifed, without_each
from longtail.stats.permutation import Labels
from longtail.summaries.rows import type_counts

MOST_BINS = 200
"""Bins of a read-out: the commonest types of half A; its other types share one more, and what it never saw another."""

_AT_ONCE = 256

Values = npt.NDArray[np.float64]
Distance = Callable[[npt.ArrayLike, npt.ArrayLike], Values]


def binned(comparison: Comparison, distance: Distance) -> Read:
    """Return a distance between the counts of both sides; ask whether anything is counted first.

    Args:
        comparison: A view of a column.
        distance: A function of two arrays of counts, shape (bins, …), such as `stats.drift.psi`.
    """
    fold = comparison.folds[0].pictured
    counts = bin_counts(comparison, fold)
    return read_of(counts, fold, distance, f"{len(counts)} bins fixed on half A")


def read_of(counts: Values, fold: Fold, distance: Distance, how: str) -> Read:
    """Return a distance between the counts of both sides, shape (bins, units), in every relabelling of a fold."""
    here, there = counts[:, : fold.rows.sizes[0]], counts[:, fold.rows.sizes[0] :]
    error = jackknifed(
        distance(without_each(here), np.broadcast_to(there.sum(axis=1, keepdims=True), here.shape)),
        distance(np.broadcast_to(here.sum(axis=1, keepdims=True), there.shape), without_each(there)),
    )
    return Read(_over_labels(counts, fold.labels, distance), error, how)


def bin_counts(comparison: Comparison, fold: Fold) -> Values:
    """Return the tokens of each bin and unit, shape (bins, units); bins that hold nothing anywhere are left out.

    The commonest types of half A have a bin each, its other types share one, and types that it never saw share one.
    """
    chooser = chooser_of(comparison)
    types, tokens, _ = type_counts(chooser.profile.frequencies[comparison.view], chooser.half, comparison.theta)
    place = np.empty(len(types), np.int64)
    place[np.lexsort((types, -tokens))] = np.minimum(np.arange(len(types)), MOST_BINS)
    bins = np.full(len(fold.rows.types), MOST_BINS + 1)
    if len(types):
        at = np.minimum(np.searchsorted(types, fold.rows.types), len(types) - 1)
        bins = np.where(types[at] == fold.rows.types, place[at], bins)
    units = sum(fold.rows.sizes)
    owner = np.repeat(bins, np.diff(fold.rows.starts))
    counts = np.bincount(owner * units + fold.rows.unit, weights=fold.rows.tokens, minlength=(MOST_BINS + 2) * units)
    counts = counts.reshape(MOST_BINS + 2, units)
    return np.asarray(counts[counts.any(axis=1)])


def _over_labels(counts: Values, labels: Labels, distance: Distance) -> Values:
    """Return the distance by relabelling, shape (B + 1,)."""
    whole, found = counts.sum(axis=1, keepdims=True), []
    for first in range(0, labels.shape[1], _AT_ONCE):
        there = counts @ (labels[:, first : first + _AT_ONCE] != 0).astype(np.float64)
        found.append(distance(whole - there, there))
    return np.concatenate(found)
