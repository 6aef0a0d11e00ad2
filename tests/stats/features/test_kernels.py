"""Kernels of pairs of rows and their sums by unit against whole matrices and numbers by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import pdist

from longtail.stats.features.kernels import cubic, distance, gaussian, gram, linear, median_distance, squared_kernel, unit_sums

from .rows import ONE, normal, rbf


def test_gram_matrices_are_those_of_scikit_learn():
    pairwise = pytest.importorskip("sklearn.metrics.pairwise")
    assert gram(ONE, linear) == pytest.approx(pairwise.linear_kernel(ONE))
    assert gram(ONE, cubic) == pytest.approx(pairwise.polynomial_kernel(ONE, degree=3, gamma=1 / 8, coef0=1))
    assert gram(ONE, distance) == pytest.approx(pairwise.euclidean_distances(ONE), abs=1e-7)
    assert gram(ONE, gaussian(2.0)) == pytest.approx(pairwise.rbf_kernel(ONE, gamma=1 / 8)) == rbf(2.0)(ONE, ONE)
    assert gram(ONE, squared_kernel(gaussian(2.0))) == pytest.approx(pairwise.rbf_kernel(ONE, gamma=1 / 4))


def test_kernels_of_two_points_are_those_by_hand():
    rows = np.array([[1.0, 2.0], [4.0, 6.0]])
    assert gram(rows, linear).tolist() == [[5.0, 16.0], [16.0, 52.0]]
    assert gram(rows, cubic).tolist() == [[3.5**3, 9.0**3], [9.0**3, 27.0**3]]
    assert gram(rows, distance).tolist() == [[0.0, 5.0], [5.0, 0.0]]
    assert gram(rows, gaussian(5.0))[0, 1] == pytest.approx(np.exp(-0.5))


def test_equal_rows_far_from_the_origin_are_at_distance_0():
    rows = np.repeat(normal(4, 3, 0, offset=1e5), 2, axis=0)
    apart = gram(rows, distance)
    assert (apart[np.arange(8), np.arange(8) ^ 1] == 0).all() and (apart >= 0).all()
    assert (gram(rows, gaussian(0.1))[np.arange(8), np.arange(8) ^ 1] == 1).all()


def test_blocks_of_pairs_add_up_to_the_whole():
    rows, unit = normal(1300, 2, 3), np.random.default_rng(1).integers(0, 7, 1300)
    sums = unit_sums(rows, unit, 7, [linear, squared_kernel(gaussian(1.0))])
    for found, whole in zip(sums, (rows @ rows.T, rbf(1.0)(rows, rows) ** 2), strict=True):
        by_hand = np.array([[whole[np.ix_(unit == a, unit == b)].sum() for b in range(7)] for a in range(7)])
        assert found.pairs == pytest.approx(by_hand, rel=1e-9)
        assert found.own == pytest.approx(np.bincount(unit, weights=np.diag(whole)))
        assert found.rows.tolist() == np.bincount(unit).tolist()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 4), max_size=9), st.integers(0, 10**6))
def test_sums_of_few_rows_and_empty_units_are_those_of_a_loop_over_pairs(units, seed):
    rows, unit = normal(len(units), 2, seed), np.array(units, np.int64)
    found = unit_sums(rows, unit, 6, [distance])[0]
    by_hand = np.zeros((6, 6))
    for one, here in zip(rows, units, strict=True):
        for other, there in zip(rows, units, strict=True):
            by_hand[here, there] += np.sqrt(((one - other) ** 2).sum())
    assert found.pairs == pytest.approx(by_hand, abs=1e-7)
    assert found.own.tolist() == [0.0] * 6 and found.rows.tolist() == [units.count(at) for at in range(6)]


def test_the_median_distance_has_a_value_for_constant_and_lonely_rows():
    assert median_distance(np.array([[0.0], [3.0], [5.0]])) == 3.0
    assert median_distance(np.ones((5, 2))) == 1.0 == median_distance(np.ones((1, 2)))
    assert median_distance(np.array([[0.0]] * 9 + [[9.0]])) == pytest.approx(9.0 * 9 / 45)


def test_the_median_distance_is_of_the_first_thousand_rows_wherever_they_lie():
    rows = normal(1100, 2, 4)
    first = pdist(rows[:1000])
    assert median_distance(rows) == pytest.approx(np.median(first), rel=1e-9)
    assert median_distance(rows + 1e7) == pytest.approx(np.median(first), rel=1e-6)
    assert median_distance(rows[:0]) == 1.0
