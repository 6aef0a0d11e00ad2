"""Read-outs of a column: their values by hand, what they come to where nothing changed, and columns without any."""

import numpy as np
import pytest
from scipy.stats import binom, ks_2samp, wasserstein_distance

from longtail.metrics.tabular.bins import MOST_BINS, bin_counts
from longtail.metrics.tabular.columns import grouped
from longtail.metrics.tabular.readouts import READOUTS, column_readouts, is_readout, psi
from longtail.records import NotMeasured
from longtail.stats import drift

from .tables import CATEGORY, LAW, compared, kinds, number_case, with_kinds

CUT = np.where(np.arange(50) < 30, LAW, 0)


def of(outcomes):
    return {each.metric: each for each in outcomes}


def categories(count, reference, law=LAW, seed=1, permutations=199):
    return compared(
        with_kinds(kinds(count, seed, law), f"c{seed}"),
        with_kinds(kinds(reference, seed + 1000), f"r{seed}"),
        CATEGORY,
        permutations=permutations,
    )


def normal(count, seed):
    return np.random.default_rng(seed).normal(size=count)


def test_values_are_those_of_the_counts_of_both_sides():
    comparison = categories(900, 3000)
    fold = comparison.folds[0]
    counts = bin_counts(comparison, fold)
    assert counts.sum() == fold.rows.unit_tokens.sum()
    here, there = counts[:, : fold.rows.sizes[0]].sum(axis=1), counts[:, fold.rows.sizes[0] :].sum(axis=1)
    found = of(column_readouts(comparison))
    expected = {"psi": drift.psi, "tvd": drift.total_variation, "js": drift.jensen_shannon_distance}
    assert list(found) == list(expected)
    for name, distance in expected.items():
        assert found[name].value == pytest.approx(float(distance(here, there)))
        assert found[name].low <= found[name].value <= found[name].high
        assert found[name].decision is None
        assert found[name].method.startswith("read-out, no part of the verdict: ")


def test_distances_of_numbers_are_those_of_scipy_on_the_same_numbers():
    comparison, here, there, edges = number_case(normal(1500, 1) * 0.8, normal(3000, 2))
    values = grouped(comparison, here, there)
    sides = [values.values[(values.unit < values.sizes[0]) == side] for side in (True, False)]
    found = of(column_readouts(comparison, here, there, edges))
    assert tuple(found) == READOUTS
    assert found["ks"].value == pytest.approx(ks_2samp(*sides).statistic, abs=1e-12)
    assert found["wasserstein_1"].value == pytest.approx(wasserstein_distance(*sides) / edges.deviation)
    assert found["ks"].value == pytest.approx(drift.gaps(*sides).ks)
    assert all(is_readout(each) for each in found.values())


def test_a_relabelling_is_that_of_the_numbers_on_its_sides():
    comparison, here, there, edges = number_case(normal(700, 1), normal(2500, 2), permutations=30)
    values = grouped(comparison, here, there)
    side = values.labels[values.unit]
    found = of(column_readouts(comparison, here, there, edges))
    gaps = [drift.gaps(values.values[side[:, at] == 0], values.values[side[:, at] != 0]) for at in range(31)]
    assert found["ks"].expected == pytest.approx(np.mean([gap.ks for gap in gaps[1:]]))
    assert found["wasserstein_1"].expected == pytest.approx(np.mean([gap.wasserstein_1 for gap in gaps[1:]]) / edges.deviation)
    assert found["ks"].p == pytest.approx(np.mean([gap.ks >= gaps[0].ks - 1e-12 for gap in gaps]))


def test_small_tables_in_which_nothing_changed_alarm_a_threshold_and_not_p():
    """The rule of thumb cries wolf at 500 rows; the value under no change tells why."""
    found = [psi(categories(500, 1000, seed=seed)) for seed in range(1, 25)]
    assert sum(each.value >= 0.1 for each in found) >= 20
    assert np.mean([each.expected for each in found]) == pytest.approx(np.mean([each.value for each in found]), rel=0.15)
    assert sum(each.p <= 0.05 for each in found) <= binom.ppf(0.999, 24, 0.06)


def test_all_rare_categories_can_go_below_every_threshold():
    found = of(column_readouts(categories(5000, 10000, CUT)))
    assert found["psi"].value < 0.1 and found["js"].value < 0.1
    assert found["psi"].p <= 0.01 and found["js"].p <= 0.01


def test_more_types_than_bins_share_one_and_new_ones_another():
    comparison = categories(2000, 4000, np.append(np.full(400, 1.0), 0.0))
    counts = bin_counts(comparison, comparison.folds[0])
    assert len(counts) <= MOST_BINS + 2
    assert counts.sum() == comparison.folds[0].rows.unit_tokens.sum()
    new = compared(with_kinds(["new"] * 300 + ["kind 1"] * 300, "c"), with_kinds(["kind 1"] * 3000, "r"), CATEGORY)
    assert len(bin_counts(new, new.folds[0])) == 2
    assert of(column_readouts(new))["tvd"].value == pytest.approx(0.5, abs=0.05)


def test_identical_and_constant_columns_have_distance_nought():
    comparison = compared(with_kinds(["one"] * 500, "c"), with_kinds(["one"] * 3000, "r"), CATEGORY)
    for each in column_readouts(comparison):
        assert (each.value, each.expected, each.p) == (0.0, 0.0, 1.0)
    comparison, here, there, edges = number_case(np.full(500, 2.0), np.full(3000, 2.0))
    found = of(column_readouts(comparison, here, there, edges))
    assert (found["ks"].value, found["ks"].p) == (0.0, 1.0)
    assert isinstance(found["wasserstein_1"], NotMeasured)
    assert "constant in half A" in found["wasserstein_1"].reason


def test_one_document_and_no_values_are_not_measured():
    for values, reason in (
        (["kind 1"], "1 distinct documents"),
        ([None] * 500, "no document of the candidate has a value in the column 'kind'"),
    ):
        for each in column_readouts(compared(with_kinds(values, "c"), with_kinds(kinds(3000, 2), "r"), CATEGORY)):
            assert isinstance(each, NotMeasured)
            assert reason in each.reason and each.metric in READOUTS


def test_a_column_of_nothing_but_nan_has_bins_and_no_distribution():
    comparison, here, there, edges = number_case(np.full(500, np.nan), normal(3000, 2))
    found = of(column_readouts(comparison, here, there, edges))
    assert found["tvd"].value == pytest.approx(1.0)
    assert "fewer than 16 finite numbers" in found["ks"].reason


def test_numbers_as_large_as_they_come_have_no_area_that_overflows():
    comparison, here, there, edges = number_case(normal(500, 1) * 1e307, normal(3000, 2) * 1e307)
    plain = number_case(normal(500, 1), normal(3000, 2))
    for large, small in zip(column_readouts(comparison, here, there, edges), column_readouts(*plain), strict=True):
        assert large.value == pytest.approx(small.value, rel=0.2)
    assert edges.deviation == pytest.approx(1e307, rel=0.1)


def test_numbers_far_beyond_the_spread_of_the_reference_have_no_area():
    comparison, here, there, edges = number_case(np.resize([-1.7e308, 1.7e308], 500), normal(3000, 2) * 1e-9)
    found = of(column_readouts(comparison, here, there, edges))
    assert found["ks"].value == pytest.approx(0.5, abs=0.05)
    assert isinstance(found["wasserstein_1"], NotMeasured)
    assert "too large" in found["wasserstein_1"].reason
