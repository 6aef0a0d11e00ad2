"""Fréchet distance against closed forms and the matrix root, and its limit against the truth."""

import numpy as np
import pytest

from longtail.errors import UsageError
from longtail.stats.features.frechet import Limit, frechet, frechet_distance, frechet_limit, moments, root_of

from .rows import ONE, OTHER, normal


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


def test_a_root_that_is_known_gives_the_same_distance_to_the_last_bit():
    here, there = moments(ONE), moments(OTHER)
    root = root_of(here[1])
    assert root @ root == pytest.approx(here[1])
    assert frechet(*here, *there, root) == frechet(*here, *there)


def test_the_distance_on_a_line_is_that_of_means_and_deviations():
    here, there = np.array([[0.0], [2.0]]), np.array([[5.0], [13.0]])
    assert frechet_distance(here, there) == pytest.approx((9 - 1) ** 2 + (np.sqrt(32) - np.sqrt(2)) ** 2)
    assert frechet_distance(np.ones((3, 2)), np.zeros((3, 2))) == pytest.approx(2.0)


def test_moments_are_numpy_s_also_of_single_precision():
    mean, covariance = moments(ONE)
    assert mean == pytest.approx(ONE.mean(axis=0)) and covariance == pytest.approx(np.cov(ONE.T))
    single = np.full((2000, 1), 4096.1, np.float32)
    assert moments(single)[0].dtype == np.float64 and moments(single)[0][0] == np.float64(np.float32(4096.1))


def test_equal_samples_are_at_distance_0_and_samples_of_one_law_are_not():
    far = normal(30, 4, 0, offset=1e6)
    assert frechet_distance(far, far) == pytest.approx(0.0, abs=1e-4)
    assert frechet_distance(far, far) >= 0
    assert np.mean([frechet_distance(normal(60, 3, seed), normal(60, 3, seed + 900)) for seed in range(150)]) > 0.05


def test_the_limit_of_the_frechet_distance_takes_most_of_the_bias_away():
    whole, truth = normal(20_000, 8, 0), 8 * 0.2**2
    others = normal(2000, 8, 1, 1.2)
    found = frechet_limit(whole, others, seed=0, fewest=100)
    assert abs(found.value - truth) < 0.05 and found.slope > 0 and 0.5 < found.r2 < 1
    assert frechet_distance(whole, others[:100]) - truth > 0.2
    assert frechet_limit(whole, others, seed=0, fewest=100) == found


def test_the_limit_of_a_constant_sample_is_its_distance_without_slope():
    found = frechet_limit(ONE, np.zeros((40, 8)), seed=0, sizes=3, fewest=10)
    mean, covariance = moments(ONE)
    assert found == pytest.approx(Limit(float(mean @ mean + np.trace(covariance)), 0.0, found.r2), abs=1e-9)
    other = frechet_limit(ONE, normal(300, 8, 3), seed=1, fewest=100)
    assert other != frechet_limit(ONE, normal(300, 8, 3), seed=2, fewest=100)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: frechet_distance(ONE[:1], OTHER), "at least 2 rows, got 1"),
        (lambda: frechet_distance(ONE, OTHER[:, :3]), "width 8 and 3"),
        (lambda: frechet(np.zeros(3), np.eye(2), np.zeros(3), np.eye(2)), "cannot be compared"),
        (lambda: frechet_limit(ONE, OTHER, 0), "more than 500 rows and two sizes, got 40 rows"),
        (lambda: frechet_limit(ONE, OTHER, 0, fewest=40), "more than 40 rows"),
        (lambda: frechet_limit(ONE, OTHER, 0, sizes=1, fewest=10), "got 40 rows and 1"),
    ],
)
def test_what_has_no_distance_is_refused_in_words(call, says):
    with pytest.raises(UsageError, match=says):
        call()
