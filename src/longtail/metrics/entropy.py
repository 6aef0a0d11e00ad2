"""Entropy of words and n-grams: how much one of them tells, in nats."""

import math

import msgspec
import numpy as np

from longtail.metrics.catalogue import VALUES
from longtail.metrics.richness import hill_1
from longtail.metrics.single import absent, estimate_of, in_groups, owner_of
from longtail.records import NotMeasured, Outcome
from longtail.stats.hill import asymptotic, leave_one_group_out
from longtail.stats.jackknife import delete_a_group, quantile
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.rows import type_counts

_METHOD = "asymptotic estimator (Chao, Wang & Jost 2013); delete-a-group jackknife"


@VALUES.add(unit="nats", worse="lower", source="Chao, Wang & Jost 2013: log of the Hill number of order 1; test: iNEXT spider")
def entropy(frequencies: Frequencies, /) -> Outcome:
    """Entropy of the law of a view's types, unseen ones allowed for; the plain formula is low by about (types - 1) / 2 tokens.

    Formula: ln of `hill_1`, in nats.

    Minimum: 32 documents, exact counts, and a type that occurs twice.

    False positives: a narrower subject than the one compared with.

    Akin: LT303
    """
    found = hill_1(frequencies)
    if isinstance(found, NotMeasured):
        return msgspec.structs.replace(found, metric="entropy")
    value, low, high = (math.log(each) for each in (found.value, found.low, found.high))
    return estimate_of(frequencies, "entropy", "nats", (value, low, high), _METHOD)


@VALUES.add(unit="nats", worse="lower", source="chain rule (Shannon 1948) on Chao, Wang & Jost 2013; delete-a-group jackknife (Kott 2001)")
def conditional_entropy(longer: Frequencies, shorter: Frequencies, /) -> Outcome:
    """Entropy of a word given the words before it: that of n-grams less that of (n - 1)-grams of the same documents.

    Most n-grams of a small sample are new in it, so the difference is low there: compare equal numbers of documents.

    How measured: counted over all documents of a data set, in two views, such as words_2 and words_1

    Formula: entropy of runs of words - entropy of runs that are one word shorter, each estimated as `entropy` is.

    Minimum: 32 documents, exact counts, and an n-gram that occurs twice.

    False positives: unlike numbers of documents: in a small sample most n-grams are new and the difference is low.

    Akin: LT303

    Raises:
        IncompatibleSummaries: The two were counted with unlike seeds.
    """
    sides = (longer, shorter)
    if longer.seed != shorter.seed:
        longer.require_comparable(shorter)
    whole, without = [], []
    for side in sides:
        found = _replicates(side)
        if isinstance(found, NotMeasured):
            return msgspec.structs.replace(found, view=longer.view)
        whole.append(found[0])
        without.append(found[1])
    spread = delete_a_group(without[0] - without[1])
    value, half = whole[0] - whole[1], quantile(0.975, spread.freedom) * spread.error
    return estimate_of(
        longer, "conditional_entropy", "nats", (value, value - half, value + half), f"{_METHOD}; less that of {shorter.view}"
    )


def _replicates(frequencies: Frequencies) -> tuple[float, np.ndarray] | NotMeasured:
    """Return the entropy of a view and its value with each group of documents left out, shape (groups,)."""
    if not frequencies.is_exact:
        reason = f"{frequencies.view} needs exact counts: a sample of types carries rare types only"
        return absent(frequencies, "conditional_entropy", reason, "count again with --exact")
    _, tokens, _ = type_counts(frequencies, None, frequencies.theta)
    if not len(tokens) or tokens.max() < 2:
        return absent(frequencies, "conditional_entropy", f"nothing occurs twice in {frequencies.view}")
    rows = in_groups(frequencies)
    without = leave_one_group_out(owner_of(rows), rows.tokens.astype(np.int64), rows.unit.astype(np.int64), sum(rows.sizes), 1)
    if not np.isfinite(without).all() or without.min() <= 0:
        return absent(frequencies, "conditional_entropy", "too few documents for an interval", "at least 32 documents")
    return math.log(asymptotic(tokens, 1)), np.log(without)
