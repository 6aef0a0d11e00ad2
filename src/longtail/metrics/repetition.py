"""Repetition: exact duplicates, distinct n-grams at a fixed number, and documents shared by two data sets."""

import math

import numpy as np

from longtail.metrics.catalogue import RATIOS, VALUES
from longtail.metrics.single import absent, estimate_of, in_groups, within, without_each
from longtail.records import Outcome
from longtail.stats.jackknife import NORMAL_95, delete_a_group, quantile
from longtail.stats.rarefaction import expected_types
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.rows import Rows, type_counts

FIXED_TOKENS = (10_000, 1_000, 100)


@VALUES.add(unit="share", worse="higher", source="own definition; exact count")
def exact_duplicate_share(frequencies: Frequencies, /) -> Outcome:
    """Share of documents that repeat an earlier one, white space around them aside.

    Counted over the `documents` view. Identical documents fall into one group, so leaving a group out leaves all copies out.

    Formula: share = 1 - different documents / documents.

    Minimum: one document.

    False positives: short stock phrases that are meant to repeat.
    """
    total = int(frequencies.documents.sum())
    if total == 0:
        return absent(frequencies, "exact_duplicate_share", "no documents")
    rows = in_groups(frequencies)
    kept = rows.unit_documents > 0
    distinct = np.bincount(rows.unit, minlength=len(kept))[kept]
    without = 1 - (len(rows.types) - distinct) / np.maximum(total - rows.unit_documents[kept], 1)
    bounds = within(1 - len(rows.types) / total, _half(without))
    return estimate_of(frequencies, "exact_duplicate_share", "share", bounds, "exact count; delete-a-group jackknife")


@VALUES.add(unit="types per token", worse="lower", source="Hurlbert 1971 rarefaction of distinct-n; test: brute force")
def distinct_n(frequencies: Frequencies, /) -> Outcome:
    """Expected number of distinct n-grams among a fixed number of them, per n-gram; the number is in the method.

    Formula: expected different n-grams among m drawn without replacement / m, where m is 10,000, 1,000 or 100, the greatest that the sample
    allows.

    Minimum: 100 n-grams.

    False positives: a narrower subject; numbers at another m, or at none, do not compare, for the share falls as texts grow.
    """
    rows, share = in_groups(frequencies), frequencies.sampling_share
    total = int(frequencies.tokens.sum())
    if total < FIXED_TOKENS[-1]:
        return absent(frequencies, "distinct_n", f"only {total} n-grams, fewer than {FIXED_TOKENS[-1]}")
    enough = total - int(rows.unit_tokens.max())
    size = next((fixed for fixed in FIXED_TOKENS if fixed <= enough), FIXED_TOKENS[-1])
    value = _distinct(rows.of_sample(0, rows.tokens), total, size, share)
    if size > enough:
        return estimate_of(
            frequencies, "distinct_n", "types per token", (value, 0.0, 1.0), f"rarefied to {size} n-grams; too few documents"
        )
    bounds = within(value, _half(_distinct_without(rows, size, share)))
    return estimate_of(frequencies, "distinct_n", "types per token", bounds, f"rarefied to {size} n-grams; delete-a-group jackknife")


@RATIOS.add(unit="share", worse="higher", source="own definition; exact count of shared document hashes")
def shared_document_share(frequencies: Frequencies, other: Frequencies, /) -> Outcome:
    """Share of documents of the first data set that also stand, word for word, in the second.

    How measured: over the hashes of all documents of both data sets

    Formula: share = documents of the first data set that stand in the second / documents of the first.

    Minimum: one document.

    False positives: short stock documents that any two corpora share.

    Raises:
        IncompatibleSummaries: The two were profiled with unlike settings.
    """
    total = int(frequencies.documents.sum())
    if total == 0:
        return absent(frequencies, "shared_document_share", "no documents")
    frequencies.require_comparable(other)
    types, tokens, _ = type_counts(frequencies, None, frequencies.theta)
    others, _, _ = type_counts(other, None, other.theta)
    value = int(tokens[np.isin(types, others, assume_unique=True)].sum()) / total
    bounds = within(value, NORMAL_95 * math.sqrt(value * (1 - value) / total))
    return estimate_of(frequencies, "shared_document_share", "share", bounds, "exact count; normal interval")


def _half(without: np.ndarray) -> float:
    """Return the half-width of a 95 % interval from leave-one-group-out values; 0 where there is one group."""
    return quantile(0.975, len(without) - 1) * delete_a_group(without).error if len(without) > 1 else 0.0


def _distinct_without(rows: Rows, size: int, share: float) -> np.ndarray:
    """Return distinct n-grams per n-gram with each group left out, shape (groups,)."""
    totals = (rows.unit_tokens.sum() - rows.unit_tokens).tolist()
    return np.array([_distinct(left, total, size, share) for left, total in zip(without_each(rows, rows.tokens), totals, strict=True)])


def _distinct(counts: np.ndarray, total: int, size: int, share: float) -> float:
    """Return expected distinct n-grams per n-gram; with a sample of types the sum is scaled by its share."""
    if share == 1:
        return expected_types(counts, size) / size
    present = counts[counts > 0]
    missing = np.exp(size * np.log1p(-present / total))
    return min(1.0, float((1 - missing).sum()) / share / size)
