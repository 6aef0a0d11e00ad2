"""Precision, recall, density and coverage against brute force, closed forms and prdc."""

import contextlib
import io
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.errors import UsageError
from longtail.stats.features import neighbours as found_by
from longtail.stats.features.neighbours import (
    authenticity,
    corrected_coverage,
    coverage,
    expected_coverage,
    far_out,
    fidelity,
    inside,
    neighbours,
    tail_coverage,
)


def squared(one, other):
    """Squared distances of all pairs, by subtraction."""
    return ((one[:, None, :].astype(float) - other[None, :, :].astype(float)) ** 2).sum(axis=2)


def by_hand(real, other, k):
    """Precision, recall, density and coverage from whole matrices, borders inside."""
    radii = [np.sort(squared(some, some), axis=1)[:, k] for some in (real, other)]
    apart = squared(real, other)
    in_real, in_other = apart <= radii[0][:, None], apart <= radii[1][None, :]
    return in_real.any(axis=0).mean(), in_other.any(axis=1).mean(), in_real.sum() / (k * len(other)), in_real.any(axis=1).mean()


def normal(n, d, seed, scale=1.0):
    return np.random.default_rng(seed).normal(size=(n, d)) * scale


def f6():
    rng = np.random.default_rng(0)
    return rng.normal(size=(200, 4)), rng.normal(size=(200, 4))


def test_the_frozen_numbers_of_two_samples_of_one_law_and_of_a_halved_one():
    real, other = f6()
    assert fidelity(real, other) == pytest.approx((0.96, 0.965, 0.969, 0.98, 5, 200, 200), abs=1e-12)
    assert fidelity(real, other / 2) == pytest.approx((1.0, 0.505, 1.287, 0.745, 5, 200, 200), abs=1e-12)


def test_prdc_gives_the_same_where_no_distance_is_a_tie():
    prdc = pytest.importorskip("prdc")
    for seed in range(4):
        real, other = normal(300, 6, seed), normal(200, 6, seed + 50, 1.2)
        with contextlib.redirect_stdout(io.StringIO()):
            theirs = prdc.compute_prdc(real, other, 3)
        ours = fidelity(real, other, 3)
        assert [getattr(ours, name) for name in theirs] == pytest.approx([float(value) for value in theirs.values()], abs=1e-12)


DTYPES, DIGITS = st.sampled_from([np.float32, np.float64]), st.sampled_from([0, 1, None])


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10**6), st.integers(1, 4), st.sampled_from([np.float32, np.float64]), st.sampled_from([0, 1, None]), st.floats(0, 1e4)
)
def test_every_number_is_that_of_whole_matrices_with_ties_and_far_from_the_origin(seed, k, dtype, digits, offset):
    rng = np.random.default_rng(seed)
    real, other = ((rng.normal(size=(rng.integers(k + 1, 30), 3)) + offset) for _ in range(2))
    if digits is not None:
        real, other = np.round(real, digits), np.round(other, digits)
    real, other = real.astype(dtype), other.astype(dtype)
    assert fidelity(real, other, k)[:4] == pytest.approx(by_hand(real, other, k), abs=1e-12)


def test_blocks_change_nothing(monkeypatch):
    real, other = np.round(normal(90, 5, 1), 1), np.round(normal(70, 5, 2), 1)
    whole = fidelity(real, other)
    monkeypatch.setattr(found_by, "_BLOCK_BYTES", 4 * 90 * 7)
    assert fidelity(real, other) == whole


def test_identical_constant_data_cover_one_another():
    for value in (0.0, 1.0, 1e-30, 3e7):
        constant = np.full((40, 3), value, np.float32)
        ours = fidelity(constant, constant)
        assert (ours.precision, ours.recall, ours.coverage) == (1.0, 1.0, 1.0)


def test_rounded_data_without_a_change_are_covered_as_expected():
    one, other = np.round(normal(400, 2, 1), 1), np.round(normal(400, 2, 2), 1)
    assert coverage(one, other) == pytest.approx(by_hand(one, other, 5)[3])
    assert corrected_coverage(one, other) > 0.98


def test_neighbours_are_the_nearest_others_in_order():
    rows, points = normal(40, 3, 1), normal(30, 3, 2)
    ours = neighbours(rows, points, 4)
    order = np.argsort(squared(rows, points), axis=1)[:, :4]
    assert np.array_equal(ours.index, order)
    assert ours.squared == pytest.approx(np.take_along_axis(squared(rows, points), order, axis=1), rel=1e-12)
    own = neighbours(rows, k=4)
    assert np.array_equal(own.index, np.argsort(squared(rows, rows), axis=1)[:, 1:5])


def test_points_in_balls_are_counted_by_group():
    centres, points = normal(20, 2, 1), normal(30, 2, 2)
    radii, groups = np.full(20, 0.7), (np.arange(20) % 3, np.arange(30) % 4)
    within = squared(centres, points) <= radii[:, None]
    ours = inside(centres, radii, points, groups)
    assert np.array_equal(ours.by_centre, np.stack([within[:, groups[1] == g].sum(axis=1) for g in range(4)], axis=1))
    assert np.array_equal(ours.by_point, np.stack([within[groups[0] == g].sum(axis=0) for g in range(3)], axis=1))


@pytest.mark.parametrize(("N", "M", "expected"), [(200, 200, 0.9699), (200, 50, 0.6773)])
def test_coverage_under_no_change_is_the_closed_form(N, M, expected):
    assert expected_coverage(N, M, 5) == pytest.approx(expected, abs=5e-5)
    rng = np.random.default_rng(3)
    drawn = [coverage(rng.normal(size=(N, 4)), rng.normal(size=(M, 4))) for _ in range(120)]
    assert np.mean(drawn) == pytest.approx(expected, abs=4 * np.std(drawn) / np.sqrt(120))


def test_coverage_of_all_neighbours_is_certain():
    assert expected_coverage(5, 10, 5) == 1.0
    assert expected_coverage(100, 10**9, 1) == pytest.approx(1.0, abs=1e-6)


def heavy(rng, n):
    return rng.standard_t(4, size=(n, 4))


def test_tail_coverage_keeps_to_its_expectation_under_no_change_and_sees_a_tail_that_is_gone():
    rng = np.random.default_rng(7)
    null, cut, whole = [], [], []
    for _ in range(60):
        chooser, real, other = heavy(rng, 300), heavy(rng, 300), heavy(rng, 100)
        null.append(tail_coverage(real, other, chooser).value)
        inner = heavy(rng, 400)
        inner = inner[np.argsort((inner**2).sum(axis=1))][:300][rng.permutation(300)[:100]]
        cut.append(tail_coverage(real, inner, chooser).value)
        whole.append(coverage(real, inner))
    error = np.std(null) / np.sqrt(60)
    assert tail_coverage(real, other, chooser).expected == pytest.approx(0.7657, abs=1e-4)
    assert np.mean(null) == pytest.approx(0.7657, abs=4 * error)
    assert np.mean(cut) < 0.68 and np.mean(whole) > 0.74


def test_rows_far_out_are_those_whose_neighbours_in_the_chooser_are_farthest():
    chooser, rows = normal(100, 2, 1), np.vstack([normal(8, 2, 2), np.full((2, 2), 30.0)])
    assert far_out(rows, chooser).tolist() == [False] * 8 + [True] * 2
    assert far_out(np.zeros((10, 2)), chooser).all()


REFUSED = r"5 nearest neighbours were asked of 4 points|shape \(5, 2\) and \(9, 3\)"


@pytest.mark.parametrize(
    "call", [lambda: coverage(normal(5, 2, 0), normal(9, 2, 1)), lambda: neighbours(normal(5, 2, 0), normal(9, 3, 1), 2)]
)
def test_too_few_rows_and_unlike_widths_are_refused(call):
    with pytest.raises(UsageError, match=REFUSED):
        call()


def test_coverage_needs_little_memory():
    real, other = normal(3000, 64, 0).astype(np.float32), normal(3000, 64, 1).astype(np.float32)
    coverage(real[:50], other[:50])
    tracemalloc.start()
    coverage(real, other)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 36e6 + 4 * 2 * 3000 * 64 * 4


def test_two_of_ten_classes_of_digits_dropped_lowers_coverage_by_about_a_fifth():
    datasets = pytest.importorskip("sklearn.datasets")
    rows, classes = datasets.load_digits(return_X_y=True)
    order = np.random.default_rng(0).permutation(len(rows))
    rows, classes = rows[order], classes[order]
    real, other, kept = rows[:900], rows[900:], classes[900:] < 8
    assert coverage(real, other[kept]) / coverage(real, other) == pytest.approx(0.8, abs=0.05)
    assert corrected_coverage(real, other) == pytest.approx(1.0, abs=0.03)
    assert 0.8 < corrected_coverage(real, other[kept]) < 0.9  # the eight classes that are left lie closer together


def test_authenticity_is_that_of_a_loop_over_the_other_rows_and_copies_have_none():
    real, other = normal(60, 3, 1), normal(40, 3, 2)
    apart, own = squared(other, real), np.sort(squared(real, real), axis=1)[:, 1]
    assert authenticity(real, other) == np.mean([row.min() > own[row.argmin()] for row in apart])
    assert authenticity(real, real[:20]) == 0.0 and authenticity(real, normal(20, 3, 3) + 50) == 1.0
