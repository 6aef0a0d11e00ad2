"""Repetition: exact duplicates, distinct n-grams at a fixed number, and documents shared by two data sets."""

import math

import numpy as np

from longtail.metrics.catalogue import RATIOS, VALUES
from longtail.records import Estimate, NotMeasured, Outcome
from longtail.stats.jackknife import delete_a_group, quantile
from longtail.stats.rarefaction import expected_types
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.rows import Side, join, type_counts
from longtail.summaries.units import MOST_UNITS, even

FIXED_TOKENS = (10_000, 1_000, 100)


@VALUES.add(unit="share", worse="higher", source="own definition X12; exact count")
def exact_duplicate_share(frequencies: Frequencies, /) -> Outcome:
    """Share of documents that repeat an earlier one, white space around them aside. Counted over the `documents` view."""
    total = int(frequencies.documents.sum())
    if total == 0:
        return NotMeasured(reason="no documents", metric="exact_duplicate_share", view=frequencies.view)
    rows = join([Side(frequencies, None, even(MOST_UNITS))])
    value = 1 - len(rows.types) / total
    distinct = np.bincount(rows.unit, minlength=MOST_UNITS)
    kept = rows.unit_documents > 0
    without = 1 - (len(rows.types) - distinct[kept]) / np.maximum(total - rows.unit_documents[kept], 1)
    half = quantile(0.975, len(without) - 1) * delete_a_group(without).error if len(without) > 1 else 0.0
    return Estimate(
        metric="exact_duplicate_share", view=frequencies.view, value=value, low=max(0.0, value - half), high=min(1.0, value + half), n=total,
        unit="share", resampling_unit="document", method="exact count; identical documents share a group; delete-a-group jackknife",
    )  # fmt: skip


@VALUES.add(unit="types per token", worse="lower", source="Hurlbert 1971 rarefaction of distinct-n; test: brute force")
def distinct_n(frequencies: Frequencies, /) -> Outcome:
    """Expected number of distinct n-grams among a fixed number of them, per n-gram; the number is in the method."""
    total = int(frequencies.tokens.sum())
    size = next((fixed for fixed in FIXED_TOKENS if fixed <= total), None)
    if size is None:
        return NotMeasured(reason=f"only {total} n-grams, fewer than {FIXED_TOKENS[-1]}", enable="a larger sample", metric="distinct_n", view=frequencies.view)
    rows = join([Side(frequencies, None, even(MOST_UNITS))])
    counts, share = rows.of_sample(0, rows.tokens), frequencies.sampling_share
    value = _distinct(counts, total, size, share)
    owner = np.repeat(np.arange(len(rows.types)), np.diff(rows.starts))
    without = []
    for group in range(MOST_UNITS):
        here = rows.unit == group
        left = counts - np.bincount(owner[here], weights=rows.tokens[here], minlength=len(counts)).astype(np.int64)
        remaining = total - int(rows.unit_tokens[group])
        if remaining >= size and rows.unit_tokens[group]:
            without.append(_distinct(left, remaining, size, share))
    half = quantile(0.975, len(without) - 1) * delete_a_group(without).error if len(without) > 1 else value
    return Estimate(
        metric="distinct_n", view=frequencies.view, value=value, low=max(0.0, value - half), high=min(1.0, value + half),
        n=int(frequencies.documents.sum()), unit="types per token", resampling_unit="document",
        method=f"rarefied to {size} n-grams; delete-a-group jackknife",
    )  # fmt: skip


@RATIOS.add(unit="share", worse="higher", source="own definition; exact count of shared document hashes")
def shared_document_share(frequencies: Frequencies, other: Frequencies, /) -> Outcome:
    """Share of documents of the first data set that also stand, word for word, in the second."""
    total = int(frequencies.documents.sum())
    if total == 0:
        return NotMeasured(reason="no documents", metric="shared_document_share", view=frequencies.view)
    types, tokens, _ = type_counts(frequencies, None, frequencies.theta)
    others, _, _ = type_counts(other, None, other.theta)
    shared = int(tokens[np.isin(types, others, assume_unique=True)].sum())
    value = shared / total
    half = 1.959963984540054 * math.sqrt(value * (1 - value) / total)
    return Estimate(
        metric="shared_document_share", view=frequencies.view, value=value, low=max(0.0, value - half), high=min(1.0, value + half), n=total,
        unit="share", resampling_unit="document", method="exact count; normal interval",
    )  # fmt: skip


def _distinct(counts: np.ndarray, total: int, size: int, share: float) -> float:
    """Return expected distinct n-grams per n-gram; with a sample of types the sum is scaled by its share."""
    if share == 1:
        return expected_types(counts, size) / size
    present = counts[counts > 0]
    absent = np.exp(size * np.log1p(-present / total))
    return min(1.0, float((1 - absent).sum()) / share / size)
