"""Whether two samples differ at all, in whichever words: a distribution shift, which need not be a loss."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.metrics.comparison import Comparison, Fold
from longtail.records import Estimate, NotMeasured, Outcome
from longtail.stats.jackknife import NORMAL_95
from longtail.stats.permutation import adjusted, p_upper
from longtail.summaries.rows import type_counts
from longtail.summaries.strata import BEYOND

Values = npt.NDArray[np.float64]

BUCKETS = 1024
_OWN = 512
_AT_ONCE = 4096


class Shift(NamedTuple):
    """A shift between candidate and baseline.

    `total_variation` is half the sum of differences of bucket shares, in [0, 1]; `expected` is its mean where nothing changed, and
    `spread` its standard deviation there.
    """

    total_variation: float
    expected: float
    p: float
    buckets: int
    spread: float = 0.0


def shift_of(comparison: Comparison) -> Shift | NotMeasured:
    """Return the total variation over buckets of types that the reference fixed, with the p-value of the group permutation.

    The commonest types of the choosing sample have a bucket each, its other types share buckets by hash, and types that
    it never saw share one. With small references, half A chooses and half B measures.
    """
    if comparison.refusal is not None:
        return comparison.refusal
    if not comparison.frequencies.is_exact:
        return NotMeasured(reason="needs exact counts", enable="count again with --exact", metric="total_variation", view=comparison.view)
    fold = comparison.folds[0]
    values, noise = _by_relabelling(_in_buckets(comparison, fold), fold)
    return Shift(float(values[0]), float(values[1:].mean()), p_upper(adjusted(values, noise)), BUCKETS, float(values[1:].std()))


def shift_estimate(comparison: Comparison, found: Shift | NotMeasured) -> Outcome:
    """Return a shift as an estimate, beside what it comes to where nothing changed; its interval is that of equal laws, moved to it."""
    if isinstance(found, NotMeasured):
        return found
    half, value = NORMAL_95 * found.spread, min(1.0, found.total_variation)
    return Estimate(
        metric="total_variation",
        view=comparison.view,
        value=value,
        low=max(0.0, value - half),
        high=min(1.0, value + half),
        n=comparison.documents,
        unit="share",
        resampling_unit="document",
        method=f"half the sum of differences of shares of {found.buckets} buckets; expected, spread and p over relabellings",
        baseline=comparison.name,
        p=found.p,
        expected=found.expected,
    )


def _in_buckets(comparison: Comparison, fold: Fold) -> Values:
    """Return the tokens of each bucket and unit, shape (BUCKETS, units)."""
    bucket = _bucket_of(comparison, fold)
    owner = np.repeat(bucket, np.diff(fold.rows.starts))
    units = sum(fold.rows.sizes)
    counts = np.bincount(owner * units + fold.rows.unit, weights=fold.rows.tokens, minlength=BUCKETS * units)
    return np.asarray(counts.reshape(BUCKETS, units))


def _bucket_of(comparison: Comparison, fold: Fold) -> npt.NDArray[np.int64]:
    """Return the bucket of each type of the fold, shape (types,)."""
    chooser = comparison.pairing.roles[0][0]
    types, tokens, _ = type_counts(chooser.profile.frequencies[comparison.view], chooser.half, comparison.theta)
    common = types[np.lexsort((types, -tokens))[:_OWN]]
    shared = BUCKETS - _OWN - 1
    bucket = np.where(fold.codes == BEYOND, BUCKETS - 1, _OWN + (fold.rows.types % np.uint64(shared)).astype(np.int64))
    order = np.argsort(common)
    at = np.minimum(np.searchsorted(common[order], fold.rows.types), max(0, len(common) - 1))
    is_own = common[order][at] == fold.rows.types if len(common) else np.zeros(len(bucket), bool)
    return np.where(is_own, order[at] if len(common) else 0, bucket)


def _by_relabelling(counts: Values, fold: Fold) -> tuple[Values, Values]:
    """Return the total variation between the sides by relabelling, and how much of it unequal numbers of tokens explain.

    Relabelled groups of documents vary in length, and fewer tokens on a side make a greater variation by chance; the second
    array, the root of the sum of both reciprocal numbers of tokens, is what that is in proportion to. Both of shape (B + 1,).
    """
    whole, found, noise = counts.sum(axis=1, keepdims=True), [], []
    for first in range(0, fold.labels.shape[1], _AT_ONCE):
        there = counts @ (fold.labels[:, first : first + _AT_ONCE] != 0).astype(float)
        here = whole - there
        totals = np.maximum(here.sum(axis=0), 1), np.maximum(there.sum(axis=0), 1)
        found.append(np.abs(here / totals[0] - there / totals[1]).sum(axis=0) / 2)
        noise.append(np.sqrt(1 / totals[0] + 1 / totals[1]))
    return np.concatenate(found), np.concatenate(noise)
