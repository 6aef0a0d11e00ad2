"""Expectations against enumeration and exact fractions, entropy across its branches."""

from collections import Counter
from decimal import Decimal, localcontext
from fractions import Fraction
from itertools import combinations
from math import comb, exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import digamma

from longtail.stats import hill
from longtail.stats.coverage import chao_jost, coverage_at, histogram
from longtail.stats.hill import asymptotic, asymptotic_from, leave_one_group_out, order_1, plugin
from longtail.stats.rarefaction import absence, expected_types, expected_types_by_documents

SMALL = st.lists(st.integers(1, 4), min_size=1, max_size=5)
COUNTS = st.lists(st.integers(0, 30), min_size=2, max_size=25).filter(lambda counts: sum(counts) > 1)


@given(SMALL, st.data())
@settings(max_examples=40)
def test_rarefied_types_are_the_mean_over_all_subsamples(counts, data):
    tokens = [kind for kind, count in enumerate(counts) for _ in range(count)][:10]
    size = data.draw(st.integers(0, len(tokens)))
    drawn = [len(set(some)) for some in combinations(tokens, size)]
    assert expected_types(list(Counter(tokens).values()), size) == pytest.approx(np.mean(drawn))


@given(st.lists(st.sets(st.integers(0, 6), max_size=4), min_size=1, max_size=8), st.data())
@settings(max_examples=40)
def test_types_in_whole_documents_are_the_mean_over_all_sets_of_documents(documents, data):
    drawn = data.draw(st.integers(0, len(documents)))
    held = Counter(kind for document in documents for kind in document)
    mean = np.mean([len(set().union(*some)) for some in combinations(documents, drawn)])
    assert expected_types_by_documents(list(held.values()), len(documents), drawn) == pytest.approx(mean)


@given(SMALL.filter(lambda counts: sum(counts) > 2), st.data())
@settings(max_examples=40)
def test_rarefied_coverage_is_unbiased_for_the_coverage_of_a_subsample_one_smaller(counts, data):
    """Equation 4b: among m + 1 tokens drawn, the chance that the last one is of a type not among the first m."""
    tokens = [kind for kind, count in enumerate(counts) for _ in range(count)][:9]
    size = data.draw(st.integers(1, len(tokens) - 1))
    new = seen = 0
    for some in combinations(range(len(tokens)), size + 1):
        for last in some:
            seen += 1
            new += tokens[last] not in {tokens[other] for other in some if other != last}
    assert coverage_at(list(Counter(tokens).values()), size) == pytest.approx(1 - new / seen)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=30), st.floats(0, 1))
@settings(max_examples=80)
def test_large_samples_agree_with_exact_fractions(counts, share):
    total = sum(counts)
    size = int(share * total)
    types = sum(1 - Fraction(comb(total - x, size), comb(total, size)) for x in counts)
    assert expected_types(counts, size) == pytest.approx(float(types), rel=1e-9)
    if size < total and total > 1:
        coverage = 1 - sum(Fraction(x, total) * Fraction(comb(total - x, size), comb(total - 1, size)) for x in counts)
        assert coverage_at(counts, size) == pytest.approx(float(coverage), rel=1e-9, abs=1e-12)


def test_a_sample_rarefied_to_itself_is_itself():
    counts = [7, 3, 1, 1, 0]
    assert expected_types(counts, 12) == 4
    assert coverage_at(counts, 12) == chao_jost(counts)
    assert expected_types(counts, 1) == pytest.approx(1)
    assert expected_types(counts, 0) == 0


def test_absence_is_certain_for_no_units_and_impossible_where_too_many_are_marked():
    assert absence(np.array([0, 1, 5, 6, 10]), 10, 5).tolist() == pytest.approx([1, 0.5, 1 / 252, 0, 0])


def entropy_sum(counts):
    """Chao & Jost 2015, as printed: the sum over types of x/n times the harmonic numbers between, and the correction, in 200 digits."""
    with localcontext() as context:
        context.prec = 200
        total, held = sum(counts), Counter(counts)
        harmonic = [Decimal(0)]
        for k in range(1, total):
            harmonic.append(harmonic[-1] + Decimal(1) / k)
        seen = sum(Decimal(x) / total * (harmonic[total - 1] - harmonic[x - 1]) for x in counts if x)
        once, twice = held[1], held[2]
        if once == 0 or (twice == 0 and once == 1):
            return float(seen)
        a = Decimal(2 * twice) / ((total - 1) * once + 2 * twice) if twice else Decimal(2) / ((total - 1) * (once - 1) + 2)
        rest = -a.ln() - sum((1 - a) ** r / r for r in range(1, total))
        return float(seen + Decimal(once) / total * (1 - a) ** (1 - total) * rest)


@given(COUNTS)
@settings(max_examples=60)
def test_the_entropy_estimate_is_the_printed_formula(counts):
    assert log(asymptotic(counts, 1)) == pytest.approx(entropy_sum(counts), rel=1e-10, abs=1e-12)


@pytest.mark.parametrize("total", [900, 998, 999, 1000, 1001, 1500])
@pytest.mark.parametrize(("once", "twice"), [(1, 0), (2, 0), (3, 1), (40, 20), (300, 80), (1, 200), (3, 300)])
def test_the_entropy_estimate_does_not_notice_where_the_branch_changes(total, once, twice):
    left = total - once - 2 * twice
    counts = [1] * once + [2] * twice + [left // 3, left - left // 3]
    assert log(asymptotic(counts, 1)) == pytest.approx(entropy_sum(counts), rel=1e-10)


def test_few_singletons_beside_many_doubletons_do_not_cancel():
    counts = [1] * 3 + [2] * 100 + [5] * 60
    assert asymptotic(counts, 1) == pytest.approx(exp(entropy_sum(counts)))
    assert asymptotic(counts, 1) < 400


@pytest.mark.parametrize("a", [0.499, 0.3, 0.0101, 0.0099, 1e-3, 1e-6])
@pytest.mark.parametrize("total", [2, 50, 199, 201, 999, 1000, 100_000])
def test_what_unseen_types_add_falls_smoothly_with_the_sample(a, total):
    step = hill._unseen(a, total) - (1 - a) * hill._unseen(a, total) - a * hill._unseen(a, total)
    assert step == pytest.approx(0, abs=1e-12)
    ahead = (hill._unseen(a, total) - (1 - a) / total) / (1 - a)
    assert hill._unseen(a, total + 1) == pytest.approx(ahead, rel=1e-7)


def test_equal_shares_have_as_many_effective_types_as_types():
    for order in (0, 1, 2, 0.5):
        assert plugin([7] * 12, order) == pytest.approx(12)
    assert asymptotic([1000] * 12, 1) == pytest.approx(12, rel=1e-3)
    assert asymptotic([1000] * 12, 2) == pytest.approx(12, rel=1e-3)


def test_order_two_is_unbiased_for_the_chance_that_two_tokens_are_equal():
    counts = [3, 2, 1]
    tokens = [0, 0, 0, 1, 1, 2]
    equal = np.mean([a == b for a, b in combinations(tokens, 2)])
    assert asymptotic(counts, 2) == pytest.approx(1 / equal)
    assert asymptotic_from(histogram(counts), 2) == asymptotic(counts, 2)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 5), st.integers(1, 6)), min_size=6, max_size=60), st.sampled_from([1, 2]))
@settings(max_examples=80)
def test_leaving_a_group_out_is_computing_anew_without_it(entries, order):
    cells = Counter()
    for kind, group, count in entries:
        cells[kind, group] += count
    rows = np.array([(kind, count, group) for (kind, group), count in sorted(cells.items())])
    left_out = leave_one_group_out(rows[:, 0], rows[:, 1], rows[:, 2], 6, order)
    for group in range(6):
        kept = rows[rows[:, 2] != group]
        counts = np.bincount(kept[:, 0], weights=kept[:, 1]).astype(np.int64) if len(kept) else np.zeros(1, np.int64)
        if counts.sum() > 1 and (order == 1 or counts.max() > 1):
            assert left_out[group] == pytest.approx(asymptotic(counts, order), rel=1e-9)


def sums_of(samples):
    """What `order_1` takes, from the counts of several samples."""
    held = [np.array([x for x in counts if x]) for counts in samples]
    columns = [(float((x * digamma(x)).sum()), (x == 1).sum(), (x == 2).sum(), x.sum()) for x in held]
    return [np.array(column) for column in zip(*columns, strict=True)]


@given(st.lists(COUNTS, min_size=1, max_size=8))
@settings(max_examples=60)
def test_order_one_of_many_samples_is_that_of_each(samples):
    assert order_1(*sums_of(samples)) == pytest.approx([asymptotic(counts, 1) for counts in samples], rel=1e-9)


def test_order_one_of_large_and_small_samples_at_once_is_the_printed_formula():
    """Samples on both sides of every branch: few and many tokens, no singleton, no doubleton, singletons only."""
    samples = [[1] * once + [2] * twice + [left] * 3 for once in (0, 1, 2, 90) for twice in (0, 1, 60) for left in (3, 150, 700)]
    assert order_1(*sums_of(samples)) == pytest.approx([exp(entropy_sum(counts)) for counts in samples], rel=1e-9)
