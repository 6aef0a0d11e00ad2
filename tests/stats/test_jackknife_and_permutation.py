"""Jackknife, permutations and simultaneous quantiles against numpy by hand and exact enumeration."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm
from scipy.stats import t as student

from longtail.stats.jackknife import Spread, combined, delete_a_group, quantile, ratio_of_sums
from longtail.stats.permutation import adjusted, labels, max_t, p_lower, side_sums, standard_error


def test_the_jackknife_of_a_mean_is_its_textbook_error():
    values = np.random.default_rng(0).normal(size=40)
    spread = delete_a_group([np.delete(values, at).mean() for at in range(40)])
    assert spread.error == pytest.approx(values.std(ddof=1) / np.sqrt(40))
    assert spread.freedom == 39


def test_a_ratio_of_sums_leaves_each_group_out():
    top, bottom = np.array([3.0, 1.0, 4.0]), np.array([5.0, 9.0, 2.0])
    value, without = ratio_of_sums(top, bottom)
    assert value == pytest.approx(np.log(8 / 16))
    assert without == pytest.approx([np.log(5 / 11), np.log(7 / 7), np.log(4 / 14)])


def test_the_error_of_a_ratio_is_that_of_many_samples():
    rng = np.random.default_rng(1)
    found, errors = [], []
    for _ in range(400):
        sizes = rng.uniform(50, 150, 32)
        value, without = ratio_of_sums(rng.poisson(0.1 * sizes).astype(float), sizes)
        found.append(value)
        errors.append(delete_a_group(without).error)
    assert np.mean(errors) == pytest.approx(np.std(found), rel=0.12)


def test_errors_of_independent_parts_add_in_squares_with_welch_freedom():
    spread = combined([Spread(3.0, 10), Spread(4.0, 20)])
    assert spread.error == pytest.approx(5.0)
    assert spread.freedom == pytest.approx(25**2 / (81 / 10 + 256 / 20))
    assert combined([Spread(0.0, 3), Spread(0.0, 4)]) == Spread(0.0, 7.0)
    assert combined([Spread(2.0, 9)]) == pytest.approx(Spread(2.0, 9.0))


def test_quantiles_are_those_of_student_and_at_infinite_freedom_of_the_normal():
    assert quantile(0.975, 31) == student.ppf(0.975, 31)
    assert quantile(0.975, np.inf) == pytest.approx(norm.ppf(0.975))


@given(st.lists(st.integers(1, 6), min_size=1, max_size=4).map(tuple), st.integers(0, 30), st.integers(0, 5))
def test_labels_keep_the_sizes_and_begin_with_the_observed_ones(sizes, permutations, seed):
    table = labels(sizes, permutations, seed)
    assert table.shape == (sum(sizes), permutations + 1)
    assert table[:, 0].tolist() == [side for side, size in enumerate(sizes) for _ in range(size)]
    for side, size in enumerate(sizes):
        assert ((table == side).sum(axis=0) == size).all()
    assert (table == labels(sizes, permutations, seed)).all()


def test_relabellings_are_uniform_over_all_ways():
    table = labels((2, 2), 12_000, 3)[:, 1:]
    ways, counts = np.unique(table, axis=1, return_counts=True)
    assert ways.shape[1] == 6
    assert abs(counts - 2000).max() < 4 * np.sqrt(2000)
    assert (labels((2, 2), 50, 1) != labels((2, 2), 50, 2)).any()


@pytest.mark.parametrize("values", [[0.0, 1, 2, 10, 20, 30], [5.0, 1, 9, 4, 4, 2], [7.0, 8, 9, 1, 2, 3]])
def test_the_p_value_is_that_of_all_relabellings(values):
    values = np.array(values)
    observed = values[:3].mean() - values[3:].mean()
    all_ways = [values[list(some)].mean() - np.delete(values, some).mean() for some in combinations(range(6), 3)]
    exact = np.mean([way <= observed + 1e-12 for way in all_ways])
    table = labels((3, 3), 20_000, 0)
    sums = np.einsum("u,ub->b", values, table == 0) / 3 - np.einsum("u,ub->b", values, table == 1) / 3
    assert p_lower(np.round(sums, 9)) == pytest.approx(exact, abs=0.012)


def test_the_least_p_value_is_one_in_all_relabellings():
    assert p_lower(np.array([-9.0, *range(99)])) == 0.01
    assert p_lower(np.zeros(100)) == 1.0


def test_the_standard_error_leaves_the_observed_value_out():
    assert standard_error(np.array([1e9, 1.0, 2.0, 4.0])) == pytest.approx(np.std([1, 2, 4], ddof=1))


@pytest.mark.parametrize("family", [1, 2, 6])
def test_the_quantile_of_independent_endpoints_is_that_of_sidak(family):
    studentised = np.random.default_rng(family).normal(size=(family, 100_000))
    sidak, bonferroni = norm.ppf(0.95 ** (1 / family)), norm.ppf(1 - 0.05 / family)
    found = max_t(studentised, 0.05)
    assert found.upper == pytest.approx(sidak, abs=0.03)
    assert found.lower == pytest.approx(sidak, abs=0.03)
    assert found.upper < bonferroni + 0.03


def test_endpoints_that_are_one_cost_nothing():
    one = np.random.default_rng(0).normal(size=20_000)
    assert max_t(np.stack([one] * 5), 0.05) == pytest.approx(max_t(one[None], 0.05))


def test_lower_and_upper_quantiles_look_at_their_own_side():
    skewed = np.random.default_rng(0).exponential(size=(1, 50_000))
    found = max_t(skewed, 0.05)
    assert found.lower == pytest.approx(np.quantile(skewed, 0.95) - skewed.mean(), abs=0.01)
    assert found.upper == pytest.approx(skewed.mean() - np.quantile(skewed, 0.05), abs=0.01)


@given(st.integers(0, 19), st.integers(0, 100))
def test_adjusting_does_not_know_which_relabelling_was_observed(swapped, seed):
    rng = np.random.default_rng(seed)
    statistics, covariate = rng.normal(size=20), rng.normal(size=20)
    order = np.arange(20)
    order[[0, swapped]] = order[[swapped, 0]]
    assert adjusted(statistics[order], covariate[order]) == pytest.approx(adjusted(statistics, covariate)[order])


def test_adjusting_takes_out_what_the_covariate_explains_and_no_more():
    rng = np.random.default_rng(2)
    covariate, noise = rng.normal(size=5000), rng.normal(size=5000)
    left = adjusted(3 * covariate + noise, covariate)
    assert np.corrcoef(left, covariate)[0, 1] == pytest.approx(0, abs=1e-9)
    assert left == pytest.approx(noise, abs=0.2)
    assert adjusted(noise, np.full(5000, 2.0)) is noise


def test_side_sums_are_exact_for_whole_numbers():
    table = labels((3, 4), 9, 0)
    values = np.array([1 << 53, 1, 1, 1, 5, 7, 1 << 60])
    for side in (0, 1):
        expected = [sum(int(v) for v, label in zip(values, column, strict=True) if label == side) for column in table.T]
        assert side_sums(table, values, side).tolist() == expected
