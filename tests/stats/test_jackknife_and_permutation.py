"""Jackknife, permutations and simultaneous quantiles against numpy by hand and exact enumeration."""

from itertools import chain, combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, norm
from scipy.stats import t as student

from longtail.stats.jackknife import Spread, combined, delete_a_group, in_order, quantile, ratio_of_sums
from longtail.stats.permutation import (
    adjusted,
    labels,
    max_t,
    p_lower,
    p_upper,
    relabelled,
    side_sums,
    side_sums_of_pairs,
    standard_error,
    step_down,
)


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


def drawn(endpoints, runs=60, seed=0, observed=None):
    """Correlated values by relabelling, the observed ones first; whole numbers where ties are wanted."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(endpoints, runs)) + rng.normal(size=runs)
    if observed is not None:
        values[:, 0] = observed
    return values


def closed(statistics):
    """Closed testing: an endpoint is rejected where every set that holds it is; a set's statistic is its least studentised value."""
    lost = -statistics / statistics.std(axis=1, ddof=1, keepdims=True)
    family = range(len(lost))
    sets = chain.from_iterable(combinations(family, size) for size in range(1, len(lost) + 1))
    of_set = {some: np.mean(lost[list(some)].max(axis=0) >= lost[list(some), 0].max()) for some in sets}
    return [max(p for some, p in of_set.items() if endpoint in some) for endpoint in family]


@pytest.mark.parametrize("endpoints", [1, 2, 3, 5])
@pytest.mark.parametrize("seed", range(6))
def test_step_down_p_values_are_those_of_closed_testing(endpoints, seed):
    statistics = drawn(endpoints, seed=seed, observed=np.random.default_rng(seed + 50).normal(-1.5, 1.5, endpoints))
    assert step_down(statistics) == pytest.approx(closed(statistics))
    assert step_down(np.round(statistics)) == pytest.approx(closed(np.round(statistics)))  # with ties


@given(st.integers(1, 6), st.integers(0, 500))
def test_step_down_p_values_are_not_below_the_raw_ones_and_keep_their_order(endpoints, seed):
    statistics = drawn(endpoints, seed=seed)
    raw, together = np.array([p_lower(row) for row in statistics]), step_down(statistics)
    assert (together >= raw - 1e-12).all()
    least_first = np.argsort(statistics[:, 0] / statistics.std(axis=1, ddof=1), kind="stable")
    assert (np.diff(together[least_first]) >= 0).all()
    assert together.max() <= 1


def test_one_endpoint_alone_keeps_its_p_value_and_copies_of_it_cost_nothing():
    statistics = drawn(1, seed=3, observed=-2.0)
    assert step_down(statistics).tolist() == [p_lower(statistics[0])]
    assert step_down(np.repeat(statistics, 4, axis=0)).tolist() == [p_lower(statistics[0])] * 4


def test_step_down_does_not_depend_on_the_scale_or_the_order_of_endpoints():
    statistics = drawn(4, seed=8, observed=[-3.0, 0.5, -1.0, -2.0])
    scaled = statistics * np.array([[1.0], [1000.0], [0.01], [7.0]])
    assert step_down(scaled) == pytest.approx(step_down(statistics))
    assert step_down(scaled[::-1])[::-1] == pytest.approx(step_down(statistics))


def test_an_endpoint_that_does_not_vary_is_not_called_lost():
    statistics = np.vstack([drawn(1, seed=2, observed=-3.0), np.zeros((1, 60))])
    assert step_down(statistics)[1] == 1.0


def test_step_down_holds_the_error_of_the_unchanged_where_another_endpoint_is_lost():
    """Strong control: one endpoint truly fell by far; how often is any of the two others called lost?"""
    rng, runs, units, false, power = np.random.default_rng(0), 400, 12, 0, 0
    for run in range(runs):
        values = rng.normal(size=(3, 2 * units)) + 0.7 * rng.normal(size=2 * units)
        values[0, :units] -= 2
        here = labels((units, units), 199, run) == 0
        p = step_down((values @ here - values @ ~here) / units)
        false += min(p[1:]) <= 0.05
        power += p[0] <= 0.05
    assert false <= binom.ppf(0.999, runs, 0.05)
    assert power > 0.8 * runs


def test_labels_change_places_only_inside_their_stratum():
    observed = np.array([0, 0, 1, 1, 1, 0, 9, 9], np.uint8)
    strata = np.array([5, 5, 5, 5, 2, 2, 2, 7])
    table = relabelled(observed, 500, 1, strata)
    assert table[:, 0].tolist() == observed.tolist()
    for stratum in (2, 5, 7):
        inside = strata == stratum
        assert (np.sort(table[inside], axis=0) == np.sort(observed[inside])[:, None]).all()
    assert len(np.unique(table[strata == 5], axis=1).T) == 6
    assert len(np.unique(table[strata == 2], axis=1).T) == 6


def test_pairs_swap_with_even_chance_and_each_for_itself():
    """Eight units of two sides whose prompts are the same: 16 equally likely ways, as in a sign-flip test."""
    table = relabelled(np.array([0, 0, 0, 0, 1, 1, 1, 1], np.uint8), 16_000, 2, np.array([0, 1, 2, 3, 0, 1, 2, 3]))[:, 1:]
    assert (table[:4] + table[4:] == 1).all()
    ways, counts = np.unique(table[:4], axis=1, return_counts=True)
    assert ways.shape[1] == 16
    assert abs(counts - 1000).max() < 4 * np.sqrt(1000)


def test_the_p_value_for_a_large_value_is_that_of_a_small_one_turned_round():
    assert p_upper(np.array([9.0, *range(99)])) == pytest.approx(91 / 100)
    assert p_upper(np.array([99.0, *range(99)])) == 0.01


def test_sums_over_pairs_are_those_of_two_loops():
    table = np.minimum(labels((3, 2, 2), 9, 0), 2)
    weights = np.random.default_rng(1).integers(0, 9, (7, 7)).astype(float)
    for side in (0, 1):
        expected = [sum(weights[u, v] for u in range(7) for v in range(7) if column[u] == column[v] == side) for column in table.T]
        assert side_sums_of_pairs(table, weights, side).tolist() == expected


def test_sums_of_many_relabellings_are_those_of_each():
    """More relabellings than are taken at once."""
    table, values = labels((3, 3), 20_000, 0), np.array([1, 10, 100, 1000, 10_000, 100_000])
    here = side_sums(table, values, 0)
    assert len(here) == 20_001
    assert (here + side_sums(table, values, 1) == 111_111).all()
    at = [0, 8191, 8192, 16_384, 20_000]
    assert here[at].tolist() == [int(values[table[:, b] == 0].sum()) for b in at]
    pairs = side_sums_of_pairs(table, np.outer(values, values).astype(float), 0)
    assert pairs.tolist() == (here.astype(float) ** 2).tolist()


def chained(rng, runs, groups, kept):
    """Normal values, each of which keeps a part of the one before."""
    values = rng.standard_normal((runs, groups))
    for at in range(1, groups):
        values[:, at] = kept * values[:, at - 1] + np.sqrt(1 - kept**2) * values[:, at]
    return values


@pytest.mark.parametrize(("kept", "most"), [(0.0, 0.025), (0.5, 0.025), (0.7, 0.03)])
def test_bounds_over_groups_in_order_err_no_more_than_they_say_where_neighbours_are_alike(kept, most):
    rng = np.random.default_rng(4)
    wrong = independent = 0
    for first, second in zip(chained(rng, 600, 32, kept), chained(rng, 600, 32, kept), strict=True):
        parts = [(each.sum() - each) / 31 for each in (first, second)]
        apart = second.mean() - first.mean()
        spread, plain = in_order(parts), combined([delete_a_group(part) for part in parts])
        wrong += apart > quantile(0.975, spread.freedom) * spread.error
        independent += apart > quantile(0.975, plain.freedom) * plain.error
    assert wrong / 600 <= most + 3 * (most / 600) ** 0.5
    assert independent / 600 > 0.08 or kept < 0.5  # what it is for


def test_groups_that_do_not_vary_have_no_error_and_the_order_of_independent_ones_hardly_matters():
    assert in_order([np.ones(8), np.ones(8)]).error == 0.0
    parts = [np.random.default_rng(6).standard_normal(200) for _ in range(2)]
    assert in_order(parts).error == pytest.approx(combined([delete_a_group(part) for part in parts]).error, rel=0.2)
