"""Fieller's interval: against the equation it solves, and against draws."""

import numpy as np
import pytest

from longtail.diagnosis.restoring.regaining import fieller


@pytest.mark.parametrize(("a", "b", "variances"), [(0.2, 0.5, (0.01, 0.004, 0.001)), (-0.1, 0.4, (0.02, 0.003, -0.002))])
def test_its_ends_are_where_a_less_b_times_the_ratio_is_just_significant(a, b, variances):
    of_a, of_b, both = variances
    for end in fieller((a, b), variances, 1.96):
        assert (a - end * b) ** 2 == pytest.approx(1.96**2 * (of_a + end**2 * of_b - 2 * end * both))


def test_it_covers_a_known_ratio_and_is_none_where_the_loss_is_not_apart_from_zero():
    rng, covariance = np.random.default_rng(1), np.array([[0.004, 0.001], [0.001, 0.006]])
    bounds = [fieller(pair, (0.004, 0.006, 0.001), 1.959964) for pair in rng.multivariate_normal([0.2, 0.5], covariance, 4000)]
    held = np.mean([low <= 0.4 <= high for low, high in filter(None, bounds)])
    assert held == pytest.approx(0.95, abs=0.012)
    assert fieller((0.2, 0.1), (0.01, 0.01, 0.0), 1.96) is None
