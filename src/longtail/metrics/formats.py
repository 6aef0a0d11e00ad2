"""Formats: which share of the documents each has, and how many there are in effect, alone and against a baseline."""

import math
from collections.abc import Sequence
from dataclasses import replace

import msgspec
import numpy as np

from longtail.metrics.catalogue import RATIOS, VALUES
from longtail.metrics.comparison import Comparison
from longtail.metrics.endpoint import Endpoint
from longtail.metrics.richness import smooth_endpoint
from longtail.metrics.single import absent, estimate_of, in_groups
from longtail.metrics.slices import Slice, chooser_of, slice_endpoint
from longtail.records import Estimate, NotMeasured, Outcome
from longtail.stats.jackknife import NORMAL_95, delete_a_group, quantile
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.rows import type_counts
from longtail.views.formats import FORMATS

VIEW = "formats"
_NONE = "no documents"
_SHARE_METHOD = "exact count; the wider of Wilson's interval and a delete-a-group jackknife"


@VALUES.add(unit="share", worse="none", source="own definition (docs/views.md); Wilson 1927")
def format_share(frequencies: Frequencies, name: str, /) -> Outcome:
    """Share of documents in one format, such as "code".

    Formula: share = documents of the format / documents.

    Minimum: one document; LT306 asks for 30.

    False positives: documents of several formats, which count under the first that fits.
    """
    if not frequencies.documents.sum():
        return _about(absent(frequencies, "format_share", _NONE), name)
    return _about(share_of(frequencies, FORMATS.index(name), "format_share"), name)


def share_of(frequencies: Frequencies, kind: int, metric: str) -> Estimate:
    """Return the share of documents of one type, in a view with one token for each document; there must be documents."""
    rows, total = in_groups(frequencies), int(frequencies.documents.sum())
    of_kind = rows.per_unit(rows.types == kind).astype(np.float64)
    value = float(of_kind.sum() / total)
    low, high = _wilson(value, total)
    half = _jackknife(of_kind, rows.unit_documents.astype(np.float64))
    bounds = (value, max(0.0, min(low, value - half)), min(1.0, max(high, value + half)))
    return estimate_of(frequencies, metric, "share", bounds, _SHARE_METHOD)


def format_shares(frequencies: Frequencies) -> tuple[Outcome, ...]:
    """Return the share of each format that occurs, the commonest first; one absence where there are no documents."""
    types, documents, _ = type_counts(frequencies, None, frequencies.theta)
    if not len(types):
        return (absent(frequencies, "format_share", _NONE),)
    order = np.lexsort((types, -documents))
    return tuple(format_share(frequencies, FORMATS[int(types[at])]) for at in order)


@VALUES.add(unit="formats", worse="lower", source="Hill 1973, q = 1, of the shares as counted; test: closed form")
def effective_formats(frequencies: Frequencies, /) -> Outcome:
    """Effective number of formats: the exponential of the entropy of their shares.

    Formula: N = exp(-sum of s ln s), where s is the share of a format.

    Minimum: 32 documents.

    False positives: a sample that was asked for one format; formats are told by rules of thumb.
    """
    rows = in_groups(frequencies)
    if not len(rows.types):
        return absent(frequencies, "effective_formats", _NONE)
    by_unit = np.zeros((len(rows.types), len(rows.unit_documents)))
    np.add.at(by_unit, (np.repeat(np.arange(len(rows.types)), np.diff(rows.starts)), rows.unit), rows.documents)
    counts, most = by_unit.sum(axis=1), float(len(FORMATS))
    value = hill_1(counts)
    here = by_unit.sum(axis=0) > 0
    if here.sum() < 2:
        return absent(frequencies, "effective_formats", "too few documents for an interval", "at least 32 documents")
    spread = delete_a_group(np.log([hill_1(counts - by_unit[:, unit]) for unit in np.flatnonzero(here)]))
    half = quantile(0.975, spread.freedom) * spread.error
    bounds = (value, max(1.0, value * math.exp(-half)), min(most, value * math.exp(half)))
    return estimate_of(frequencies, "effective_formats", "formats", bounds, "shares as counted; delete-a-group jackknife")


def hill_1(counts: Sequence[float] | np.ndarray) -> float:
    """Return the exponential of the entropy of counts, those of nought left out; at least one must be above it."""
    found = np.asarray(counts, np.float64)
    shares = found[found > 0] / found.sum()
    return float(np.exp(-(shares * np.log(shares)).sum()))


@RATIOS.add(
    name="effective_formats",
    unit="ratio",
    worse="lower",
    source="Chao & Jost 2015, q = 1, of formats; delete-a-group jackknife (Kott 2001)",
)
def effective_formats_ratio(comparison: Comparison, /) -> Outcome:
    """Effective number of formats relative to the baseline.

    Formula: ratio = N of the candidate / N of the baseline, where N is estimated as `hill_1` is.

    Minimum: 96 documents on each side.
    """
    found = formats_endpoint(comparison)
    return found if isinstance(found, NotMeasured) else found.estimate(NORMAL_95, NORMAL_95, 0.95)


def formats_endpoint(comparison: Comparison) -> Endpoint | NotMeasured:
    """Return the log ratio of the effective number of formats with its relabellings, of a comparison of the view `formats`."""
    found = smooth_endpoint(comparison, 1)
    if isinstance(found, NotMeasured):
        return NotMeasured(reason=found.reason, enable=found.enable, metric="effective_formats", view=comparison.view)
    return replace(found, metric="effective_formats")


@RATIOS.add(
    name="format_share", unit="ratio", worse="none", source="own definition; ratio estimator with delete-a-group jackknife (Kott 2001)"
)
def format_share_ratio(comparison: Comparison, name: str, /) -> Outcome:
    """Share of documents in one format relative to the baseline.

    Formula: ratio = share of the format in the candidate / its share in the baseline.

    Minimum: 96 documents on each side.
    """
    kind = FORMATS.index(name)
    chooser = chooser_of(comparison)
    types, documents, _ = type_counts(chooser.profile.frequencies[comparison.view], chooser.half, comparison.theta)
    share = float(documents[types == kind].sum() / max(1, documents.sum()))
    found = slice_endpoint(comparison, Slice(name, np.array([kind], np.uint64), share, share * comparison.documents, 0))
    if isinstance(found, NotMeasured):
        return NotMeasured(reason=found.reason, enable=found.enable, metric="format_share", view=comparison.view, slice=name)
    return replace(found, metric="format_share").estimate(NORMAL_95, NORMAL_95, 0.95)


def _about(outcome: Outcome, name: str) -> Outcome:
    """Return an outcome that is about one format."""
    return msgspec.structs.replace(outcome, slice=name)


def _wilson(share: float, n: int) -> tuple[float, float]:
    z = NORMAL_95**2 / n
    middle, half = (share + z / 2) / (1 + z), NORMAL_95 * math.sqrt(share * (1 - share) / n + z / (4 * n)) / (1 + z)
    return middle - half, middle + half


def _jackknife(top: np.ndarray, bottom: np.ndarray) -> float:
    """Return the half-width of a share's interval from groups of documents; 0 where there is one group."""
    here = bottom > 0
    top, bottom = top[here], bottom[here]
    if len(top) < 2:
        return 0.0
    spread = delete_a_group((top.sum() - top) / (bottom.sum() - bottom))
    return quantile(0.975, spread.freedom) * spread.error
