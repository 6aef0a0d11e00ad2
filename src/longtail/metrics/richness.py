"""How many types there are and how evenly they are used: coverage and Hill numbers, of one sample and as ratios."""

import math

import msgspec
import numpy as np
import numpy.typing as npt

from longtail.metrics.catalogue import RATIOS, VALUES
from longtail.metrics.comparison import Comparison
from longtail.metrics.endpoint import Endpoint, undecidable
from longtail.metrics.moments import Hill, Richness
from longtail.metrics.single import absent, estimate_of, in_groups, owner_of, within
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
    """Share of the law's words that belong to types this sample holds, estimated from documents."""
    if not frequencies.is_exact:
        return absent(frequencies, "sample_coverage", _NEEDS_EXACT, _EXACT)
    rows, size = in_groups(frequencies), int(frequencies.documents.sum())
    if size < len(rows.unit_documents) or not len(rows.types):
        return absent(frequencies, "sample_coverage", f"only {size} documents", "at least 32 documents")
    whole, owner, without = rows.of_sample(0, rows.documents), owner_of(rows), []
    for group, documents in enumerate(rows.unit_documents.tolist()):
        here = rows.unit == group
        left = whole - np.bincount(owner[here], weights=rows.documents[here], minlength=len(whole)).astype(np.int64)
        without.append(chao_jost_incidence(left, size - documents))
    spread = delete_a_group(without)
    bounds = within(chao_jost_incidence(whole, size), quantile(0.975, spread.freedom) * spread.error)
    return estimate_of(frequencies, "sample_coverage", "share", bounds, "incidence form; delete-a-group jackknife (wide: safe)")


@VALUES.add(unit="types", worse="lower", source="Chao 1987 (Chao2), log-normal interval as in iNEXT; test: iNEXT ant")
def hill_0(frequencies: Frequencies, /) -> Outcome:
    """Lower bound of the number of types of the law, seen and unseen, from documents."""
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
    """Effective number of types of the law, each weighted by its share."""
    return _hill(frequencies, 1)


@VALUES.add(unit="types", worse="lower", source="Chao & Jost 2015, q = 2; test: iNEXT spider")
def hill_2(frequencies: Frequencies, /) -> Outcome:
    """Effective number of common types of the law: one over the chance that two words are equal."""
    return _hill(frequencies, 2)


@RATIOS.add(name="hill_1", unit="ratio", worse="lower", source="Chao & Jost 2015, q = 1; delete-a-group jackknife (Kott 2001)")
def hill_1_ratio(comparison: Comparison, /) -> Outcome:
    """Effective number of types relative to the baseline."""
    return _smooth_ratio(comparison, 1)


@RATIOS.add(name="hill_2", unit="ratio", worse="lower", source="Chao & Jost 2015, q = 2; delete-a-group jackknife (Kott 2001)")
def hill_2_ratio(comparison: Comparison, /) -> Outcome:
    """Effective number of common types relative to the baseline."""
    return _smooth_ratio(comparison, 2)


@RATIOS.add(name="hill_0", unit="ratio", worse="lower", source="Chao 1987 at a common size; permutation standard error, decision 0003")
def hill_0_ratio(comparison: Comparison, /) -> Outcome:
    """Estimated number of types relative to the baseline, at equal size."""
    return _singleton_ratio(comparison, "hill_0")


@RATIOS.add(
    name="sample_coverage",
    unit="ratio",
    worse="lower",
    source="Chao & Jost 2012 at a common size; permutation standard error, decision 0003",
)
def sample_coverage_ratio(comparison: Comparison, /) -> Outcome:
    """Sample coverage relative to the baseline, at equal size; above 1 where types have gone."""
    return _singleton_ratio(comparison, "sample_coverage")


@RATIOS.add(unit="nats", worse="lower", source="own definition; permutation standard error, decision 0003")
def tail_first_contrast(comparison: Comparison, /) -> Outcome:
    """Log ratio of the number of types less log ratio of the effective number of common ones.

    Below 0 the rare go first; above 0 the common ones concentrate, as under a low temperature; near 0 neither, or mere drift.
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
