"""Read-outs of a column: the distances that monitors report, each beside what it comes to where nothing changed.

They say that a column moved, not that something was lost, and carry no verdict: deleting twenty of the rarest categories
moves them less than the noise of a small sample does.
"""

import numpy as np

from longtail.metrics.catalogue import RATIOS
from longtail.metrics.comparison import PICTURED, Comparison
from longtail.metrics.single import within
from longtail.metrics.tabular.bins import Distance, binned
from longtail.metrics.tabular.columns import FEWEST_VALUES, Read, absent, column_of, grouped, without_values
from longtail.metrics.tabular.gaps import Measure, area, greatest, sampled
from longtail.records import Estimate, Outcome
from longtail.stats import drift
from longtail.stats.jackknife import NORMAL_95
from longtail.stats.permutation import p_lower, p_upper
from longtail.summaries.values import ValueSample
from longtail.views.numbers import Edges

_METHOD = (
    "read-out, no part of the verdict: {}; expected and p over {} relabellings of groups of documents, p for any change; "
    "delete-a-group jackknife"
)
_ADDED = ", half a document added to each on both sides"
READOUTS = ("psi", "tvd", "js", "ks", "wasserstein_1")


@RATIOS.add(unit="nats", worse="none", source="Kullback & Leibler 1951, divergence J; bins of half A")
def psi(comparison: Comparison, /) -> Outcome:
    """Population stability index of a column: a read-out, with its value where nothing changed.

    Formula: sum over bins of (p - q) ln(p / q), where p and q are the shares of both sides with half a document added to each bin.

    Minimum: 96 documents on each side, and exact counts.

    False positives: few documents in many bins: without any change, 500 documents in 50 classes passed .1 in 65 of 100 samples; read it
    beside `expected`.

    Akin: LT307
    """
    return _binned(comparison, "psi", drift.psi, "nats", _ADDED)


@RATIOS.add(unit="share", worse="none", source="total variation distance; bins of half A")
def tvd(comparison: Comparison, /) -> Outcome:
    """Half the sum of differences of shares: a read-out, with its value where nothing changed.

    Formula: half the sum over bins of |p - q|, where p and q are the shares of both sides.

    Minimum: 96 documents on each side, and exact counts.

    False positives: few documents in many bins: it is then above 0 where nothing changed, see `expected`.

    Akin: LT307
    """
    return _binned(comparison, "tvd", drift.total_variation, "share")


@RATIOS.add(unit="distance", worse="none", source="Endres & Schindelin 2003; bins of half A")
def js(comparison: Comparison, /) -> Outcome:
    """Jensen-Shannon distance in nats: a read-out, with its value where nothing changed.

    Formula: root of (KL(P | M) + KL(Q | M)) / 2, where P and Q are the shares of both sides in bins, M their mean, and KL the divergence in
    nats.

    Minimum: 96 documents on each side, and exact counts.

    False positives: few documents in many bins: the distance is then above any rule of thumb where nothing changed; deleted rare classes
    move it little.

    Akin: LT307
    """
    return _binned(comparison, "js", drift.jensen_shannon_distance, "distance")


@RATIOS.add(unit="share", worse="none", source="Kolmogorov 1933, Smirnov 1939; p by relabelling")
def ks(comparison: Comparison, here: ValueSample, there: ValueSample, /) -> Outcome:
    """Greatest gap between both distribution functions of a column: a read-out, with its value where nothing changed.

    A greatest of many is biased upward: its interval held the true gap in 88 of 100 samples of 1,200 against 1,500 numbers.

    Formula: greatest difference between the shares of both sides at or below x, where x runs over all numbers of the column.

    Minimum: 16 finite numbers on each side, of 96 documents.

    False positives: large samples, in which a small shift is found; cut tails move it little.

    Akin: LT307
    """
    return _sampled(comparison, (here, there), "ks", "share", greatest, 1.0)


@RATIOS.add(unit="standard deviations", worse="none", source="Kantorovich 1942; scaled by the deviation of half A")
def wasserstein_1(comparison: Comparison, here: ValueSample, there: ValueSample, edges: Edges, /) -> Outcome:
    """Area between both distribution functions, in standard deviations of half A: a read-out, with its value under no change.

    Formula: area between the distribution functions of both sides / standard deviation of half A of the reference.

    Minimum: 16 finite numbers on each side, of 96 documents.

    False positives: a few far outliers, which carry much of the area; cut tails move it little.

    Akin: LT307
    """
    if edges.deviation <= 0:
        reason = f"the column {column_of(comparison)!r} is constant in half A of the reference, so there is no scale"
        return absent(comparison, "wasserstein_1", reason, "count the column as category:COLUMN")
    return _sampled(comparison, (here, there), "wasserstein_1", "standard deviations", area, edges.deviation)


def column_readouts(
    comparison: Comparison, here: ValueSample | None = None, there: ValueSample | None = None, edges: Edges | None = None
) -> tuple[Outcome, ...]:
    """Return all read-outs of a column: psi, tvd and js of its bins, and ks and wasserstein_1 of its numbers where it has any.

    Args:
        comparison: A view `category:COLUMN`, `pairs` or `number:COLUMN`.
        here: Sample of the candidate's numbers.
        there: Sample of the numbers of what it is measured against, both halves.
        edges: The bins that the view counts by.
    """
    made = [psi(comparison), tvd(comparison), js(comparison)]
    if here is not None and there is not None and edges is not None:
        made += [ks(comparison, here, there), wasserstein_1(comparison, here, there, edges)]
    return tuple(made)


def _binned(comparison: Comparison, metric: str, distance: Distance, unit: str, added: str = "") -> Outcome:
    missing = without_values(comparison, metric)
    if missing is not None:
        return missing
    if comparison.sampling_share < 1:
        return absent(comparison, metric, "needs exact counts", "count again with --exact")
    return told(comparison, metric, unit, binned(comparison, distance), added)


def _sampled(
    comparison: Comparison, pair: tuple[ValueSample, ValueSample], metric: str, unit: str, measure: Measure, scale: float
) -> Outcome:
    missing = without_values(comparison, metric)
    if missing is not None:
        return missing
    found = grouped(comparison, *pair)
    if found is None:
        return absent(comparison, metric, f"fewer than {FEWEST_VALUES} finite numbers on a side", "more documents with a value")
    return told(comparison, metric, unit, sampled(found, measure, PICTURED, scale))


def told(comparison: Comparison, metric: str, unit: str, read: Read, added: str = "", *, is_likeness: bool = False) -> Outcome:
    """Return a read-out as an estimate; a likeness falls where something changed, a distance rises."""
    if not np.isfinite(read.error) or not np.isfinite(read.statistics).all():
        return absent(
            comparison, metric, "the numbers of the column are too large, or too few groups hold one", "more documents with a value"
        )
    ceiling = np.inf if unit in ("nats", "standard deviations") else 1.0
    value, low, high = within(float(read.statistics[0]), NORMAL_95 * read.error, 0.0, ceiling)
    return Estimate(
        metric=metric,
        view=comparison.view,
        value=value,
        low=low,
        high=max(high, value),
        n=comparison.documents,
        unit=unit,
        resampling_unit="document",
        method=_METHOD.format(read.how + added, len(read.statistics) - 1),
        baseline=comparison.name,
        p=p_lower(read.statistics) if is_likeness else p_upper(read.statistics),
        expected=float(read.statistics[1:].mean()),
    )


def is_readout(outcome: Outcome) -> bool:
    """Tell whether an outcome is one of these read-outs."""
    return outcome.metric in READOUTS
