"""Distances between two samples of a column, against scipy, closed forms and sums by hand."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from scipy.stats import ks_2samp, wasserstein_distance

from longtail.stats.drift import gaps, jensen_shannon_distance, psi, total_variation

FINITE = st.one_of(st.integers(-4, 4).map(float), st.floats(-1e6, 1e6))
SAMPLE = st.lists(FINITE, min_size=1, max_size=40).map(np.array)
COUNTS = st.integers(1, 8).flatmap(
    lambda bins: st.tuples(*[st.lists(st.integers(0, 50), min_size=bins, max_size=bins).filter(any) for _ in range(2)])
)


@given(SAMPLE, SAMPLE)
def test_gaps_are_those_of_scipy(one, other):
    found = gaps(one, other)
    with warnings.catch_warnings():  # of its p-value, which is not looked at
        warnings.simplefilter("ignore", RuntimeWarning)
        theirs = ks_2samp(one, other, method="asymp").statistic
    assert found.ks == pytest.approx(theirs, abs=1e-12)
    assert found.wasserstein_1 == pytest.approx(wasserstein_distance(one, other), rel=1e-9, abs=1e-9)


@given(SAMPLE, SAMPLE)
def test_gaps_are_those_of_distribution_functions_counted_out(one, other):
    points = np.unique(np.concatenate([one, other]))
    gap = np.abs([(one <= point).mean() - (other <= point).mean() for point in points])
    assert gaps(one, other) == pytest.approx((gap.max(), float(gap[:-1] @ np.diff(points))), rel=1e-9, abs=1e-9)


def test_gaps_have_closed_forms():
    one = np.arange(128) / 128
    assert gaps(one, one + 0.25) == pytest.approx((0.25, 0.25))
    assert gaps(np.zeros(3), np.full(5, 7.0)) == (1.0, 7.0)
    assert gaps(one, one[::-1]) == (0.0, 0.0)
    assert gaps(np.array([2.0]), np.array([2.0])) == (0.0, 0.0)


@given(COUNTS)
def test_shares_are_held_against_scipy_and_a_sum_by_hand(counts):
    one, other = counts
    p, q = np.array(one) / sum(one), np.array(other) / sum(other)
    assert float(jensen_shannon_distance(one, other)) == pytest.approx(jensenshannon(p, q), abs=1e-7)
    assert float(total_variation(one, other)) == pytest.approx(sum(abs(a - b) for a, b in zip(p, q, strict=True)) / 2)


@given(COUNTS)
def test_psi_is_its_formula_with_half_a_document_in_every_bin(counts):
    one, other = ([count + 0.5 for count in side] for side in counts)
    expected = sum((a / sum(one) - b / sum(other)) * math.log(a / sum(one) / (b / sum(other))) for a, b in zip(one, other, strict=True))
    assert float(psi(*counts)) == pytest.approx(expected, abs=1e-12)
    if all(counts[0]) and all(counts[1]):
        p, q = (np.array(side) / sum(side) for side in counts)
        assert float(psi(*counts, added=0)) == pytest.approx(((p - q) * np.log(p / q)).sum(), abs=1e-12)


def test_an_empty_bin_counts_for_less_where_fewer_documents_were_seen():
    """A fixed 1e-4 says the same of a bin that is empty among ten documents and among ten million."""
    few, many = float(psi([5, 5], [10, 0])), float(psi([5 * 10**6, 5 * 10**6], [10**7, 0]))
    assert few == pytest.approx((10.5 / 11 - 0.5) * math.log(21 / 11) + (0.5 - 0.5 / 11) * math.log(11))
    assert 1.0 < few < 1.5 < 7 < many
    assert float(psi([1, 0], [0, 1])) == pytest.approx(math.log(3))


def test_known_values_of_fifty_categories_without_their_twenty_rarest():
    before = np.array([98 / 3] * 30 + [1.0] * 20) * 1e6
    after = np.where(np.arange(50) < 30, before, 0)
    assert float(jensen_shannon_distance(before, after)) == pytest.approx(0.0836, abs=1e-4)
    assert float(total_variation(before, after)) == pytest.approx(0.02)
    assert float(jensen_shannon_distance([1, 0], [0, 1])) == pytest.approx(math.sqrt(math.log(2)))


def test_relabellings_are_a_second_axis():
    rng = np.random.default_rng(0)
    one, other = rng.integers(0, 20, (6, 9)), rng.integers(0, 20, (6, 9))
    for distance in (psi, total_variation, jensen_shannon_distance):
        found = distance(one, other)
        assert found.shape == (9,)
        assert found.tolist() == pytest.approx([float(distance(one[:, at], other[:, at])) for at in range(9)])


def test_packages_say_the_same_where_no_bin_is_empty():
    sdmetrics, pandas = pytest.importorskip("sdmetrics.single_column"), pytest.importorskip("pandas")
    rng = np.random.default_rng(1)
    counts = rng.integers(1, 60, 12), rng.integers(1, 60, 12)
    columns = [pandas.Series(np.repeat([f"k{at}" for at in range(12)], side)) for side in counts]
    assert float(total_variation(*counts)) == pytest.approx(1 - sdmetrics.TVComplement.compute(*columns), abs=1e-12)
    one, other = rng.normal(size=500), rng.standard_t(3, 700)
    assert gaps(one, other).ks == pytest.approx(1 - sdmetrics.KSComplement.compute(pandas.Series(one), pandas.Series(other)), abs=1e-12)


def test_psi_is_that_of_evidently_where_no_bin_is_empty():
    """Its number is that of release 0.7.23 on these counts, `psi_stat_test` of categories."""
    rng = np.random.default_rng(1)
    counts = rng.integers(1, 60, 12), rng.integers(1, 60, 12)
    assert float(psi(*counts, added=0)) == pytest.approx(1.3988846915582862, abs=1e-12)
