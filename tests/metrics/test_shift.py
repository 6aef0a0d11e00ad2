"""A shift between two samples against counting by hand, null splits and a swapped vocabulary."""

from collections import Counter

import numpy as np
import pytest
from scipy.stats import binom

from longtail.metrics.shift import Shift, shift_of
from longtail.records import NotMeasured
from longtail.summaries.strata import BEYOND

from .corpora import clustered, compared, profiled

SPLITS = 60


@pytest.fixture(scope="module")
def nulls():
    pool, found = clustered(3000, 17), []
    for split in range(SPLITS):
        shuffled = np.random.default_rng(split).permutation(pool)
        sides = [profiled(part, seed=split) for part in (shuffled[:500], shuffled[500:])]
        found.append(shift_of(compared(*sides, permutations=99, seed=split)))
    return found


def test_p_values_are_uniform_where_nothing_changed(nulls):
    p = np.array([found.p for found in nulls])
    for level in (0.05, 0.25, 0.5, 0.75):
        assert binom.ppf(0.0005, SPLITS, level) <= (p <= level + 1e-9).sum() <= binom.ppf(0.9995, SPLITS, level)


def test_the_variation_expected_by_chance_is_that_of_null_splits(nulls):
    values, expected = (np.array([getattr(found, name) for found in nulls]) for name in ("total_variation", "expected"))
    assert values.mean() == pytest.approx(expected.mean(), rel=0.03)


@pytest.mark.parametrize("documents", [2200, 900])
def test_a_swapped_vocabulary_is_found(documents):
    """As many types, as evenly used: nothing is lost, and much is different."""
    swapped = [" ".join(f"{'new' if number % 5 == 0 else 'w'}{number}" for number in document) for document in clustered(600, 5)]
    found = shift_of(compared(profiled(swapped), clustered(documents, 2)))
    assert isinstance(found, Shift)
    assert found.p == pytest.approx(1 / 200)
    assert found.total_variation > 0.15 > found.expected


def test_samples_without_a_word_in_common_differ_by_all_but_what_the_other_half_lacked_too():
    foreign = [" ".join(f"mot{number}" for number in document) for document in clustered(600, 5)]
    comparison = compared(profiled(foreign), clustered(2200, 2))
    fold = comparison.folds[0]
    first = fold.rows.sizes[0]
    unseen = fold.rows.per_unit(fold.codes == BEYOND)[first:].sum() / fold.rows.unit_tokens[first:].sum()
    assert 0 < unseen < 0.2
    assert shift_of(comparison).total_variation == pytest.approx(1 - unseen)


def test_the_variation_of_a_small_vocabulary_is_half_the_sum_of_differences_of_shares():
    """Fewer words than buckets of their own: each word is its own bucket."""
    comparison = compared(clustered(600, 5, temperature=0.7) % 100, clustered(2200, 2) % 100)
    rows = comparison.folds[0].rows
    sides = [Counter(), Counter()]
    for at, kind in enumerate(rows.types.tolist()):
        for row in range(rows.starts[at], rows.starts[at + 1]):
            sides[int(rows.unit[row] >= rows.sizes[0])][kind] += int(rows.tokens[row])
    shares = [{kind: count / sum(side.values()) for kind, count in side.items()} for side in sides]
    by_hand = sum(abs(shares[0].get(kind, 0) - shares[1].get(kind, 0)) for kind in rows.types.tolist()) / 2
    assert shift_of(comparison).total_variation == pytest.approx(by_hand)


def test_a_shift_takes_exact_counts_and_enough_documents():
    sampled = shift_of(compared(profiled(clustered(600, 5), capacity=500), profiled(clustered(2200, 2), capacity=500)))
    assert isinstance(sampled, NotMeasured) and sampled.reason == "needs exact counts"
    few = shift_of(compared(clustered(20, 5), clustered(2200, 2)))
    assert isinstance(few, NotMeasured) and "documents" in few.reason
