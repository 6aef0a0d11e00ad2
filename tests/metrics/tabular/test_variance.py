"""The spread of a column of numbers: its ratio by hand, its error, and columns that have none."""

import numpy as np
import pytest
from scipy.stats import binom

from longtail.metrics.tabular.columns import grouped
from longtail.metrics.tabular.variance import variance_endpoint
from longtail.records import NotMeasured

from .tables import number_case


def normal(count, seed, deviation=1.0, centre=0.0):
    return np.random.default_rng(seed).normal(centre, deviation, count)


def endpoint(candidate, reference, permutations=199):
    comparison, here, there, _ = number_case(candidate, reference, permutations)
    return variance_endpoint(comparison, here, there)


@pytest.mark.parametrize("centre", [0.0, 1e6])
def test_the_ratio_is_that_of_the_variances_of_the_numbers_compared(centre):
    comparison, here, there, _ = number_case(normal(1500, 1, 0.8, centre), normal(3000, 2, 1.0, centre))
    found, values = variance_endpoint(comparison, here, there), grouped(comparison, here, there)
    is_candidate = values.unit < values.sizes[0]
    expected = [values.values[side].var(ddof=1) for side in (is_candidate, ~is_candidate)]
    assert np.exp(found.observed) == pytest.approx(expected[0] / expected[1], rel=1e-6)
    assert found.baseline_value == pytest.approx(expected[1], rel=1e-6)
    assert (found.metric, found.unit, found.n) == ("total_variance", "ratio", 1500)


def test_every_relabelling_is_that_of_the_numbers_on_its_sides():
    comparison, here, there, _ = number_case(normal(700, 1), normal(2500, 2), permutations=20)
    found, values = variance_endpoint(comparison, here, there), grouped(comparison, here, there)
    for at in range(21):
        side = values.labels[values.unit, at]
        expected = np.log(values.values[side == 0].var(ddof=1) / values.values[side != 0].var(ddof=1))
        assert found.statistics[at] == pytest.approx(expected)


def test_a_variance_of_six_tenths_is_reported_so():
    found = [endpoint(normal(4000, seed, 0.6**0.5), normal(8000, 100 + seed), 99) for seed in range(5)]
    assert np.mean([np.exp(each.observed) for each in found]) == pytest.approx(0.6, abs=0.05)
    assert all(each.p <= 0.05 for each in found)
    assert all(np.exp(each.observed + 1.96 * each.error) < 0.75 for each in found)


def test_where_nothing_changed_p_is_small_and_intervals_miss_as_often_as_they_may():
    found = [endpoint(normal(300, seed), normal(2200, 1000 + seed), 99) for seed in range(60)]
    assert sum(each.p <= 0.05 for each in found) <= binom.ppf(0.999, 60, 0.06)
    assert sum(abs(each.observed) <= 1.96 * each.error for each in found) >= binom.ppf(0.001, 60, 0.93)


@pytest.mark.parametrize(
    ("candidate", "reference"), [(np.ones(500), normal(3000, 2)), (normal(500, 1), np.ones(3000)), (np.ones(500), np.ones(3000))]
)
def test_a_constant_column_has_no_ratio(candidate, reference):
    found = endpoint(candidate, reference)
    assert isinstance(found, NotMeasured)
    assert "'size' is constant on a side" in found.reason


def test_numbers_as_large_as_they_come_do_not_overflow():
    found = endpoint(normal(500, 1, 1e307), normal(3000, 2, 1e307))
    assert np.isfinite(found.statistics).all()
    assert found.baseline_value is None
    assert abs(found.observed) < 0.5


def test_too_few_numbers_are_not_measured():
    few = np.full(500, np.nan)
    few[:10] = normal(10, 1)
    found = endpoint(few, normal(3000, 2))
    assert isinstance(found, NotMeasured)
    assert "fewer than 16 finite numbers" in found.reason
    one = endpoint(normal(1, 1), normal(3000, 2))
    assert "1 distinct documents" in one.reason
