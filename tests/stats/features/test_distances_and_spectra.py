"""Kernels, distances, spectra and Fréchet distance against brute force, closed forms and independent packages."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.errors import ConfigError, UsageError
from longtail.stats.features.distances import (
    energy_distance,
    energy_of,
    kernel_audio_distance,
    kernel_inception_distance,
    mean_kernel_of,
    mmd2,
    mmd2_of,
)
from longtail.stats.features.frechet import frechet, frechet_distance, frechet_limit, moments
from longtail.stats.features.kernels import cubic, distance, gaussian, gram, linear, median_distance, squared_kernel, unit_sums
from longtail.stats.features.spectra import (
    effective_rank,
    kernel_entropy,
    kernel_entropy_of,
    log_determinant,
    participation_ratio,
    spectrum,
    total_variance,
    vendi,
    vendi_of_kernel,
)
from longtail.stats.permutation import labels


def normal(n, d, seed, scale=1.0, offset=0.0):
    return np.random.default_rng(seed).normal(size=(n, d)) * scale + offset


def apart(one, other):
    return np.sqrt(((one[:, None] - other[None]) ** 2).sum(axis=2))


def unbiased(one, other, kernel):
    """The squared discrepancy from three whole matrices."""
    n, m = len(one), len(other)
    xx, yy, xy = kernel(one, one), kernel(other, other), kernel(one, other)
    return (xx.sum() - np.trace(xx)) / (n * (n - 1)) + (yy.sum() - np.trace(yy)) / (m * (m - 1)) - 2 * xy.mean()


def rbf(bandwidth):
    return lambda a, b: np.exp(-(apart(a, b) ** 2) / (2 * bandwidth**2))


ONE, OTHER = normal(50, 8, 0), normal(40, 8, 1, 1.3, 0.2)


def test_discrepancies_are_those_of_whole_matrices():
    assert mmd2(ONE, OTHER, gaussian(2.0)) == pytest.approx(unbiased(ONE, OTHER, rbf(2.0)), abs=1e-13)
    assert kernel_inception_distance(ONE, OTHER) == pytest.approx(unbiased(ONE, OTHER, lambda a, b: (a @ b.T / 8 + 1) ** 3), abs=1e-13)
    middle = float(np.median(apart(ONE, ONE)[np.triu_indices(50, 1)]))
    assert kernel_audio_distance(ONE, OTHER) == pytest.approx(100 * unbiased(ONE, OTHER, rbf(middle)), abs=1e-11)


def test_the_energy_distance_is_that_of_whole_matrices_and_scipy_s_squared():
    assert energy_distance(ONE, OTHER) == pytest.approx(2 * apart(ONE, OTHER).mean() - apart(ONE, ONE).mean() - apart(OTHER, OTHER).mean())
    from scipy.stats import energy_distance as scipy_s

    assert energy_distance(ONE[:, :1], OTHER[:, :1]) == pytest.approx(scipy_s(ONE[:, 0], OTHER[:, 0]) ** 2, abs=1e-12)


@pytest.mark.slow
def test_the_energy_distance_is_dcor_s():
    dcor = pytest.importorskip("dcor")  # it compiles for seconds when it is imported
    assert energy_distance(ONE, OTHER) == pytest.approx(float(dcor.energy_distance(ONE, OTHER)), abs=1e-12)


def test_equal_samples_are_at_distance_0_wherever_they_lie():
    far = normal(30, 4, 0, offset=1e6)
    assert energy_distance(far, far) == pytest.approx(0.0, abs=1e-12)
    assert frechet_distance(far, far) == pytest.approx(0.0, abs=1e-4)
    assert kernel_audio_distance(np.ones((5, 3)), np.ones((6, 3))) == pytest.approx(0.0, abs=1e-12)


def test_an_unbiased_discrepancy_is_0_on_average_and_a_biased_frechet_distance_is_not():
    drawn = [(normal(60, 3, seed), normal(60, 3, seed + 900)) for seed in range(150)]
    found = np.array([mmd2(one, other, gaussian(1.7)) for one, other in drawn])
    assert abs(found.mean()) < 4 * found.std() / math.sqrt(150)
    assert np.mean([frechet_distance(one, other) for one, other in drawn]) > 0.05


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


def test_blocks_of_pairs_add_up_to_the_whole():
    rows, unit = normal(1300, 2, 3), np.random.default_rng(1).integers(0, 7, 1300)
    sums = unit_sums(rows, unit, 7, [linear, squared_kernel(gaussian(1.0))])
    for found, whole in zip(sums, (rows @ rows.T, rbf(1.0)(rows, rows) ** 2), strict=True):
        by_hand = np.array([[whole[np.ix_(unit == a, unit == b)].sum() for b in range(7)] for a in range(7)])
        assert found.pairs == pytest.approx(by_hand, rel=1e-9)
        assert found.own == pytest.approx(np.bincount(unit, weights=np.diag(whole)))
        assert found.rows.tolist() == np.bincount(unit).tolist()


def test_the_median_distance_has_a_value_for_constant_and_lonely_rows():
    assert median_distance(np.array([[0.0], [3.0], [5.0]])) == 3.0
    assert median_distance(np.ones((5, 2))) == 1.0 == median_distance(np.ones((1, 2)))
    assert median_distance(np.array([[0.0]] * 9 + [[9.0]])) == pytest.approx(9.0 * 9 / 45)


@pytest.mark.filterwarnings("ignore:Please import:DeprecationWarning")
def test_the_frozen_vendi_scores_and_the_package_s():
    rows = np.random.default_rng(0).normal(size=(50, 8))
    assert vendi(rows) == pytest.approx(7.397530734332, abs=1e-11)
    assert vendi(rows, 2) == pytest.approx(6.908695000884, abs=1e-11)
    package = pytest.importorskip("vendi_score.vendi")  # it imports scipy by a name that scipy deprecates
    for order in (0.5, 1, 2, 7.5):
        assert vendi(rows, order) == pytest.approx(package.score_dual(rows, q=order), abs=1e-9)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    assert vendi(rows, math.inf) == pytest.approx(package.score_K(unit @ unit.T, q="inf"), abs=1e-9)
    assert vendi(rows[:5]) == pytest.approx(package.score_X(rows[:5]), abs=1e-9)


def test_both_forms_of_the_vendi_score_agree_and_its_orders_descend():
    rows = normal(20, 30, 1)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    orders = [0, 0.3, 1, 1.0001, 2, 50, math.inf]
    found = [vendi(rows, order) for order in orders]
    assert found == pytest.approx([vendi_of_kernel(unit @ unit.T, order) for order in orders], rel=1e-9)
    assert found == sorted(found, reverse=True) and found[0] == 20
    assert vendi(rows * 3, is_normalised=False) == pytest.approx(vendi(rows, is_normalised=False))


def test_a_kernel_of_m_unlike_rows_scores_m_whatever_the_order():
    for order in (0, 0.5, 1, 2, math.inf):
        assert vendi_of_kernel(np.eye(4), order) == pytest.approx(4.0)
        assert vendi_of_kernel(np.ones((4, 4)), order) == pytest.approx(1.0)
    assert kernel_entropy_of(np.eye(6), is_unbiased=False) == pytest.approx(6.0)
    assert kernel_entropy_of(np.eye(6)) == math.inf
    assert kernel_entropy_of(np.ones((6, 6))) == pytest.approx(1.0)


def test_a_truncated_score_shares_out_what_it_cuts_and_is_no_greater_than_what_it_keeps():
    kernel = np.diag([4.0, 2.0, 1.0, 1.0])
    kept = np.array([4.0, 2.0]) / 8 + (2.0 / 8) / 2
    assert vendi_of_kernel(kernel * 4 / 8, keep=2) == pytest.approx(math.exp(-(kept * np.log(kept)).sum()))
    assert vendi(normal(50, 8, 0), keep=8) == pytest.approx(vendi(normal(50, 8, 0)))
    assert vendi(normal(50, 8, 0), keep=3) <= 3


def test_the_unbiased_kernel_entropy_holds_at_small_samples_where_the_plug_in_is_low():
    d, bandwidth = 3, 1.5
    truth = (1 + 4 / bandwidth**2) ** (d / 2)  # E exp(-|x-y|^2 / bandwidth^2) of standard normal rows
    found = {n: np.mean([1 / kernel_entropy(normal(n, d, seed), bandwidth) for seed in range(200)]) for n in (20, 200)}
    assert [1 / mean for mean in found.values()] == pytest.approx([truth] * 2, rel=0.05)
    assert kernel_entropy(normal(20, d, 0), bandwidth, is_unbiased=False) < truth * 0.75


def test_numbers_of_the_spectrum_are_numpy_s():
    rows = normal(60, 5, 2) @ np.diag([5.0, 2.0, 1.0, 0.5, 0.1])
    values = np.linalg.eigvalsh(np.cov(rows.T))[::-1]
    shares = values / values.sum()
    assert spectrum(rows) == pytest.approx(values)
    assert effective_rank(values) == pytest.approx(math.exp(-(shares * np.log(shares)).sum()))
    assert participation_ratio(values) == pytest.approx(values.sum() ** 2 / (values**2).sum())
    assert total_variance(rows) == pytest.approx(np.trace(np.cov(rows.T)))
    assert log_determinant(values, 5) == pytest.approx(np.linalg.slogdet(np.cov(rows.T))[1])
    assert log_determinant(values, 2) == pytest.approx(np.log(values[:2]).sum())


def test_few_rows_of_many_columns_have_the_spectrum_of_their_products():
    rows = normal(10, 40, 1)
    assert spectrum(rows)[:9] == pytest.approx(np.sort(np.linalg.eigvalsh(np.cov(rows.T)))[::-1][:9])
    assert spectrum(rows)[9] == 0


def test_constant_rows_have_no_directions_and_no_variance():
    constant = np.ones((20, 3))
    assert total_variance(constant) == 0 == effective_rank(spectrum(constant)) == participation_ratio(spectrum(constant))
    assert log_determinant(spectrum(constant), 2) == -math.inf
    assert vendi(constant) == pytest.approx(1.0)
    assert vendi(np.zeros((20, 3))) == 0.0
    assert vendi(np.array([[2.0, 0.0]])) == pytest.approx(1.0)


def test_the_frechet_distance_of_diagonal_gaussians_is_the_closed_form():
    means, scales = np.array([[0.0, 1.0, 2.0], [1.0, 1.0, -1.0]]), np.array([[1.0, 2.0, 0.5], [2.0, 0.1, 0.5]])
    expected = ((means[0] - means[1]) ** 2).sum() + ((scales[0] - scales[1]) ** 2).sum()
    assert frechet(means[0], np.diag(scales[0] ** 2), means[1], np.diag(scales[1] ** 2)) == pytest.approx(expected, abs=1e-12)


def test_the_frechet_distance_is_that_of_the_matrix_root():
    from scipy.linalg import sqrtm

    (m, c), (n, d) = moments(ONE), moments(OTHER)
    assert frechet_distance(ONE, OTHER) == pytest.approx(((m - n) ** 2).sum() + np.trace(c + d - 2 * sqrtm(c @ d).real), abs=1e-9)
    assert frechet_distance(OTHER, ONE) == pytest.approx(frechet_distance(ONE, OTHER), abs=1e-9)
    assert frechet_distance(ONE[:4], OTHER[:5]) > 0  # singular covariances


def test_the_limit_of_the_frechet_distance_takes_most_of_the_bias_away():
    whole, truth = normal(20_000, 8, 0), 8 * 0.2**2
    others = normal(2000, 8, 1, 1.2)
    found = frechet_limit(whole, others, seed=0, fewest=100)
    assert abs(found.value - truth) < 0.05 and found.slope > 0 and 0.5 < found.r2 < 1
    assert frechet_distance(whole, others[:100]) - truth > 0.2
    assert frechet_limit(whole, others, seed=0, fewest=100) == found


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: vendi(ONE, -1), ConfigError, "order -1"),
        (lambda: vendi(ONE, math.nan), ConfigError, "order nan"),
        (lambda: vendi(ONE, keep=0), ConfigError, "0 eigenvalues"),
        (lambda: vendi(np.zeros((0, 3))), UsageError, "at least one row"),
        (lambda: mmd2(ONE[:1], OTHER, linear), UsageError, "two rows"),
        (lambda: energy_distance(ONE, OTHER[:, :3]), UsageError, "one width"),
        (lambda: frechet_distance(ONE[:1], OTHER), UsageError, "at least 2 rows"),
        (lambda: frechet_distance(ONE, OTHER[:, :3]), UsageError, "width 8 and 3"),
        (lambda: frechet_limit(ONE, OTHER, 0), UsageError, "more than 500 rows"),
    ],
)
def test_what_does_not_exist_is_refused_in_words(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_the_gram_matrix_and_the_mean_over_a_side_are_those_of_whole_matrices():
    assert gram(ONE, gaussian(2.0)) == pytest.approx(rbf(2.0)(ONE, ONE))
    unit = np.arange(50) % 5
    side = np.array([[1.0], [0.0], [1.0], [1.0], [0.0]])
    taken = ONE[side[unit, 0] == 1]
    whole = rbf(2.0)(taken, taken)
    found = mean_kernel_of(unit_sums(ONE, unit, 5, [gaussian(2.0)])[0], side)[0]
    assert found == pytest.approx((whole.sum() - np.trace(whole)) / (30 * 29))
