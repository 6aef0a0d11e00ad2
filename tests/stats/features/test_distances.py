"""Distances of two samples against whole matrices, numbers by hand and independent packages."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.errors import UsageError
from longtail.stats.features.distances import (
    energy_distance,
    energy_of,
    kernel_audio_distance,
    kernel_inception_distance,
    mean_kernel_of,
    mmd2,
    mmd2_of,
)
from longtail.stats.features.kernels import cubic, distance, gaussian, linear, unit_sums
from longtail.stats.permutation import labels

from .rows import ONE, OTHER, apart, normal, rbf, unbiased


def test_discrepancies_are_those_of_whole_matrices():
    assert mmd2(ONE, OTHER, gaussian(2.0)) == pytest.approx(unbiased(ONE, OTHER, rbf(2.0)), abs=1e-13)
    assert kernel_inception_distance(ONE, OTHER) == pytest.approx(unbiased(ONE, OTHER, lambda a, b: (a @ b.T / 8 + 1) ** 3), abs=1e-13)
    middle = float(np.median(apart(ONE, ONE)[np.triu_indices(50, 1)]))
    assert kernel_audio_distance(ONE, OTHER) == pytest.approx(100 * unbiased(ONE, OTHER, rbf(middle)), abs=1e-11)


def test_distances_of_points_on_a_line_are_those_by_hand():
    here, there = np.array([[0.0], [2.0]]), np.array([[1.0], [5.0]])
    assert mmd2(here, there, linear) == pytest.approx(0 * 2 + 1 * 5 - 2 * (0 + 0 + 2 + 10) / 4)
    assert energy_distance(here, there) == pytest.approx(2 * (1 + 5 + 1 + 3) / 4 - 2 / 2 - 4 / 2)


def test_the_energy_distance_is_that_of_whole_matrices_and_scipy_s_squared():
    assert energy_distance(ONE, OTHER) == pytest.approx(2 * apart(ONE, OTHER).mean() - apart(ONE, ONE).mean() - apart(OTHER, OTHER).mean())
    from scipy.stats import energy_distance as scipy_s

    assert energy_distance(ONE[:, :1], OTHER[:, :1]) == pytest.approx(scipy_s(ONE[:, 0], OTHER[:, 0]) ** 2, abs=1e-12)


@pytest.mark.slow
def test_the_energy_distance_is_dcor_s():
    dcor = pytest.importorskip("dcor")  # it compiles for seconds when it is imported
    assert energy_distance(ONE, OTHER) == pytest.approx(float(dcor.energy_distance(ONE, OTHER)), abs=1e-12)


def test_a_given_bandwidth_is_the_one_used_and_the_reference_s_rows_give_the_default():
    given = kernel_audio_distance(ONE, OTHER, 3.0)
    assert given == pytest.approx(100 * unbiased(ONE, OTHER, rbf(3.0)), abs=1e-11)
    assert kernel_audio_distance(ONE, OTHER) != pytest.approx(kernel_audio_distance(OTHER, ONE), rel=1e-6)


def test_equal_samples_are_at_distance_0_wherever_they_lie():
    far = normal(30, 4, 0, offset=1e6)
    assert energy_distance(far, far) == pytest.approx(0.0, abs=1e-12)
    assert kernel_audio_distance(np.ones((5, 3)), np.ones((6, 3))) == pytest.approx(0.0, abs=1e-12)


def test_an_unbiased_discrepancy_is_0_on_average():
    found = np.array([mmd2(normal(60, 3, seed), normal(60, 3, seed + 900), gaussian(1.7)) for seed in range(150)])
    assert abs(found.mean()) < 4 * found.std() / math.sqrt(150)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 6))
def test_every_relabelling_is_the_distance_of_the_rows_it_puts_on_either_side(seed, units):
    rng = np.random.default_rng(seed)
    unit = np.concatenate([np.repeat(np.arange(2 * units), 2), rng.integers(0, 2 * units, 15)])
    rows, table = rng.normal(size=(len(unit), 3)), labels((units, units), 5, seed)
    sides = (table == 0).astype(float), (table == 1).astype(float)
    of_gaussian, of_distance, of_cubic = unit_sums(rows, unit, 2 * units, [gaussian(1.5), distance, cubic])
    for at, column in enumerate(table.T):
        here, there = rows[column[unit] == 0], rows[column[unit] == 1]
        assert mmd2_of(of_gaussian, sides)[at] == pytest.approx(mmd2(here, there, gaussian(1.5)), abs=1e-12)
        assert energy_of(of_distance, sides)[at] == pytest.approx(energy_distance(here, there), abs=1e-12)
        assert mmd2_of(of_cubic, sides)[at] == pytest.approx(kernel_inception_distance(here, there), abs=1e-10)


def test_the_mean_kernel_of_a_side_is_that_of_pairs_of_different_rows():
    unit, side = np.arange(50) % 5, np.array([[1.0], [0.0], [1.0], [1.0], [0.0]])
    taken = ONE[side[unit, 0] == 1]
    whole = rbf(2.0)(taken, taken)
    found = mean_kernel_of(unit_sums(ONE, unit, 5, [gaussian(2.0)])[0], side)[0]
    assert found == pytest.approx((whole.sum() - np.trace(whole)) / (30 * 29))


def test_a_side_of_a_single_row_has_no_pairs_and_counts_as_nought():
    sums = unit_sums(np.array([[0.0], [3.0], [5.0]]), np.arange(3), 3, [distance])[0]
    assert mean_kernel_of(sums, np.array([[1.0, 1.0], [0.0, 1.0], [0.0, 1.0]])) == pytest.approx([0.0, (3 + 5 + 2) / 3])


@pytest.mark.parametrize("measure", [lambda *rows: mmd2(*rows, linear), energy_distance, kernel_audio_distance, kernel_inception_distance])
def test_lonely_rows_and_unlike_widths_are_refused_with_their_shapes(measure):
    with pytest.raises(UsageError, match=r"two rows of one width on each side, got shapes \(1, 8\) and \(40, 8\)"):
        measure(ONE[:1], OTHER)
    with pytest.raises(UsageError, match=r"got shapes \(50, 8\) and \(40, 3\)"):
        measure(ONE, OTHER[:, :3])
