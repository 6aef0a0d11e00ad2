"""How many types there are and how evenly they are used: coverage and Hill numbers, of one sample and as ratios."""

import math

import msgspec
import numpy as np
import numpy.typing as npt

from longtail.metrics.catalogue import RATIOS, VALUES
from longtail.metrics.comparison import Comparison
from longtail.metrics.endpoint import Endpoint, undecidable
from longtail.metrics.moments import Hill, Richness
from longtail.metrics.single import absent, estimate_of, in_groups, owner_of, within, without_each
from longtail.records import Estimate, NotMeasured, Outcome
from longtail.stats.coverage import chao_jost_incidence
from longtail.stats.hill import asymptotic, leave_one_group_out
from longtail.stats.jackknife import NORMAL_95, combined, delete_a_group, quantile
from longtail.stats.permutation import p_lower, standard_error
from longtail.stats.richness import chao_error, chao_interval, richness_from
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.rows import type_counts

Values = npt.NDArray[np.float64]

_NEEDS_EXACT = "needs exact counts: a sample of types carries rare types only"
_EXACT = "count again with --exact"
_SMOOTH = "asymptotic estimator (Chao & Jost 2015); delete-a-group jackknife"
_COMMON = "at a common number of document groups and equal tokens; permutation standard error"


@VALUES.add(unit="share", worse="lower", source="Chao et al. 2014, incidence form of Chao & Jost 2012; test: iNEXT ant")
def sample_coverage(frequencies: Frequencies, /) -> Outcome:
    """Share of the law's words that belong to types this sample holds, estimated from documents.

    Formula: C = 1 - Q1 / U * (D - 1) Q1 / ((D - 1) Q1 + 2 Q2), where U is the sum over types of the documents that hold them, D the number
    of documents, and Q1 and Q2 the types in one and in two documents.

    Minimum: 32 documents and exact counts.

    False positives: it may rise where types have gone, as fewer are left to be missed; read it beside `hill_0`.

    Akin: LT301
    """
    if not frequencies.is_exact:
        return absent(frequencies, "sample_coverage", _NEEDS_EXACT, _EXACT)
    rows, size = in_groups(frequencies), int(frequencies.documents.sum())
    if size < len(rows.unit_documents) or not len(rows.types):
        return absent(frequencies, "sample_coverage", f"only {size} documents", "at least 32 documents")
    kept = zip(without_each(rows, rows.documents), (size - rows.unit_documents).tolist(), strict=True)
    spread = delete_a_group([chao_jost_incidence(left, documents) for left, documents in kept])
    value = chao_jost_incidence(rows.of_sample(0, rows.documents), size)
    bounds = within(value, quantile(0.975, spread.freedom) * spread.error)
    return estimate_of(frequencies, "sample_coverage", "share", bounds, "incidence form; delete-a-group jackknife (wide: safe)")


@VALUES.add(unit="types", worse="lower", source="Chao 1987 (Chao2), log-normal interval as in iNEXT; test: iNEXT ant")
def hill_0(frequencies: Frequencies, /) -> Outcome:
    """Lower bound of the number of types of the law, seen and unseen, from documents.

    Formula: S + (D - 1) / D * Q1^2 / (2 Q2), where S is the number of types seen, D that of documents, and Q1 and Q2 the types in one and
    in two documents; where Q2 is 0, Q1 (Q1 - 1) / 2 stands for the fraction.

    Minimum: two documents with words.

    False positives: unlike sizes: it is a lower bound that grows with the sample, so that only the ratio at a common size compares.

    See it: `longtail lab run categorical --policy replace --series support`: the number of types in a loop, beside its closed form.

    Akin: LT301
    """
    _, _, documents = type_counts(frequencies, None, frequencies.theta)
    size, share = int(frequencies.documents.sum()), frequencies.sampling_share
    if size < 2 or not len(documents):
        return absent(frequencies, "hill_0", "fewer than two documents with words")
    seen, once, twice = len(documents), int((documents == 1).sum()), int((documents == 2).sum())
    value = richness_from(seen, once, twice, size=size)
    low, high = chao_interval(value, chao_error(seen, once, twice, size=size), seen)
    bounds = (value / share, low / share, high / share)
    return estimate_of(frequencies, "hill_0", "types", bounds, "Chao2 lower bound; log-normal interval")


@VALUES.add(unit="types", worse="lower", source="Chao & Jost 2015, q = 1; test: iNEXT spider")
def hill_1(frequencies: Frequencies, /) -> Outcome:
    """Effective number of types of the law, each weighted by its share.

    Why: it says how many types there would be if all were equally common: text that concentrates on a few words has fewer, whatever the
    size of its vocabulary.

    Formula: D1 = exp(H), where H is the entropy in nats, estimated by digamma sums with what types seen once and twice add for unseen ones.

    Minimum: 32 documents, exact counts, and a type that occurs twice.

    False positives: a narrower subject, or another length of documents.

    Silence: no rule reads it, so that it fails nothing by itself; it decides between phases, by --margin tail=… and late=….

    Akin: LT302
    """
    return _hill(frequencies, 1)


@VALUES.add(unit="types", worse="lower", source="Chao & Jost 2015, q = 2; test: iNEXT spider")
def hill_2(frequencies: Frequencies, /) -> Outcome:
    """Effective number of common types of the law: one over the chance that two words are equal.

    Why: it looks at common types alone: where it falls the head has taken over, as under a low temperature; where the tail goes and it
    stays, the rare went first.

    Formula: D2 = n (n - 1) / sum of x (x - 1), where n is the number of tokens and x that of each type.

    Minimum: 32 documents, exact counts, and a type that occurs twice.

    False positives: a style that uses function words more often.

    Silence: no rule reads it, so that it fails nothing by itself; it decides between phases, by --margin tail=….

    Akin: LT302
    """
    return _hill(frequencies, 2)


@RATIOS.add(name="hill_1", unit="ratio", worse="lower", source="Chao & Jost 2015, q = 1; delete-a-group jackknife (Kott 2001)")
def hill_1_ratio(comparison: Comparison, /) -> Outcome:
    """Effective number of types relative to the baseline.

    Formula: ratio = D1 of the candidate / D1 of the baseline, both cut to equally many groups of documents.

    Minimum: 96 documents on each side, and exact counts.
    """
    return _smooth_ratio(comparison, 1)


@RATIOS.add(name="hill_2", unit="ratio", worse="lower", source="Chao & Jost 2015, q = 2; delete-a-group jackknife (Kott 2001)")
def hill_2_ratio(comparison: Comparison, /) -> Outcome:
    """Effective number of common types relative to the baseline.

    Formula: ratio = D2 of the candidate / D2 of the baseline, both cut to equally many groups of documents.

    Minimum: 96 documents on each side, and exact counts.
    """
    return _smooth_ratio(comparison, 2)


@RATIOS.add(name="hill_0", unit="ratio", worse="lower", source="Chao 1987 at a common size; permutation standard error, decision 0003")
def hill_0_ratio(comparison: Comparison, /) -> Outcome:
    """Estimated number of types relative to the baseline, at equal size.

    Formula: ratio = estimate of the candidate / estimate of the baseline, at a common number of document groups and equal tokens.

    Minimum: 96 documents on each side, and exact counts.
    """
    return _singleton_ratio(comparison, "hill_0")


@RATIOS.add(
    name="sample_coverage",
    unit="ratio",
    worse="lower",
    source="Chao & Jost 2012 at a common size; permutation standard error, decision 0003",
)
def sample_coverage_ratio(comparison: Comparison, /) -> Outcome:
    """Sample coverage relative to the baseline, at equal size; above 1 where types have gone.

    Formula: ratio = C of the candidate / C of the baseline, at a common number of document groups and equal tokens.

    Minimum: 96 documents on each side, and exact counts.
    """
    return _singleton_ratio(comparison, "sample_coverage")


@RATIOS.add(unit="nats", worse="lower", source="own definition; permutation standard error, decision 0003")
def tail_first_contrast(comparison: Comparison, /) -> Outcome:
    """Log ratio of the number of types less log ratio of the effective number of common ones.

    Below 0 the rare go first; above 0 the common ones concentrate, as under a low temperature; near 0 neither, or mere drift.

    Why: it tells a lost tail from a sharpened head: recursion takes rare types first and leaves the common ones alone, a low temperature
    does the opposite.

    Formula: contrast = ln(`hill_0` of the candidate / of the baseline) - ln(`hill_2` of the candidate / of the baseline).

    Minimum: 96 documents on each side, and exact counts.

    False positives: a swapped vocabulary reads about 0, so that 0 is no sign of health by itself.

    Silence: no rule reads it, so that it fails nothing by itself; its sign separates the phases early and concentrating.

    Akin: LT301
    """
    found = _counted(comparison, "tail_first_contrast")
    if isinstance(found, NotMeasured):
        return found
    assert isinstance(found, Richness)
    contrast = found.contrast
    value, half = float(contrast[0]), NORMAL_95 * standard_error(contrast)
    return Estimate(
        metric="tail_first_contrast",
        view=comparison.view,
        baseline=comparison.name,
        value=value,
        low=value - half,
        high=value + half,
        n=comparison.documents,
        unit="nats",
        resampling_unit="document",
        method=_COMMON,
        p=p_lower(contrast),
    )


def _hill(frequencies: Frequencies, order: int) -> Outcome:
    metric = f"hill_{order}"
    if not frequencies.is_exact:
        return absent(frequencies, metric, _NEEDS_EXACT, _EXACT)
    _, tokens, _ = type_counts(frequencies, None, frequencies.theta)
    if not len(tokens) or tokens.max() < 2:
        return absent(frequencies, metric, "no word occurs twice")
    rows = in_groups(frequencies)
    without = leave_one_group_out(owner_of(rows), rows.tokens.astype(np.int64), rows.unit.astype(np.int64), sum(rows.sizes), order)
    if not np.isfinite(without).all() or without.min() <= 0:
        return absent(frequencies, metric, "too few documents for an interval", "at least 32 documents")
    spread = delete_a_group(np.log(without))
    value, half = asymptotic(tokens, order), quantile(0.975, spread.freedom) * spread.error
    return estimate_of(frequencies, metric, "types", (value, value * math.exp(-half), value * math.exp(half)), _SMOOTH)


def _smooth_ratio(comparison: Comparison, order: int) -> Outcome:
    found = smooth_endpoint(comparison, order)
    if isinstance(found, NotMeasured):
        return found
    return undecidable(found) or found.estimate(NORMAL_95, NORMAL_95, 0.95)


def smooth_endpoint(comparison: Comparison, order: int) -> Endpoint | NotMeasured:
    """Return the log ratio of a Hill number of order 1 or 2 with its relabellings and its jackknife error.

    Both sides are cut to equally many units.
    """
    found = _counted(comparison, f"hill_{order}")
    if isinstance(found, NotMeasured):
        return found
    rows, side = comparison.joint, comparison.pairing.cut[:, 0]
    spreads = []
    for units in (np.flatnonzero(side == 0), np.flatnonzero(side == 1)):
        at = np.full(len(side), -1)
        at[units] = np.arange(len(units))
        here = at[rows.unit] >= 0
        owner, tokens = owner_of(rows)[here], rows.tokens[here].astype(np.int64)
        without = leave_one_group_out(owner, tokens, at[rows.unit[here]], len(units), order)
        spreads.append(delete_a_group(np.log(without)))
    return _endpoint(comparison, f"hill_{order}", found, combined(spreads).error, _SMOOTH)


def _singleton_ratio(comparison: Comparison, metric: str) -> Outcome:
    found = _counted(comparison, metric)
    if isinstance(found, NotMeasured):
        return found
    endpoint = _endpoint(comparison, metric, found, standard_error(getattr(found, metric)), _COMMON)
    return undecidable(endpoint) or endpoint.estimate(NORMAL_95, NORMAL_95, 0.95)


def _endpoint(comparison: Comparison, metric: str, found: Hill | Richness, error: float, method: str) -> Endpoint:
    return Endpoint(
        metric=metric,
        view=comparison.view,
        baseline=comparison.name,
        statistics=getattr(found, metric),
        error=error,
        method=method,
        n=comparison.documents,
        baseline_value=found.baseline[metric],
    )


def _counted(comparison: Comparison, metric: str) -> Hill | Richness | NotMeasured:
    """Return the relabelled values that hold a metric, or why there are none."""
    if comparison.refusal is not None:
        return comparison.refusal
    if comparison.sampling_share < 1:
        return NotMeasured(reason=_NEEDS_EXACT, enable=_EXACT, metric=metric, view=comparison.view)
    found = comparison.hill if metric in ("hill_1", "hill_2") else comparison.richness
    return msgspec.structs.replace(found, metric=metric) if isinstance(found, NotMeasured) else found
