"""Shares with intervals and their change over a log."""

import numpy as np
import pytest
from scipy import stats

from longtail.metrics.rag.shares import FEWEST_OF_A_HALF, change, mean_share, numbered
from longtail.records import Estimate, NotMeasured


def share(values, clusters=None):
    values = np.asarray(values, float)
    return mean_share("pool_contamination", values, np.arange(len(values)) if clusters is None else clusters, "document", "things", "more")


@pytest.mark.parametrize(("hits", "of"), [(0, 20), (20, 20), (1, 1)])
def test_where_all_or_none_counts_the_interval_is_that_of_clopper_and_pearson(hits, of):
    found = share([1.0] * hits + [0.0] * (of - hits))
    exact = stats.binomtest(hits, of).proportion_ci(0.95, "exact")
    assert (found.value, found.low, found.high) == pytest.approx((hits / of, exact.low, exact.high))


def test_the_interval_holds_the_share_about_as_often_as_it_says():
    rng = np.random.default_rng(0)
    held = 0
    for _ in range(300):
        found = share(rng.random(150) < 0.3)
        held += found.low <= 0.3 <= found.high
    assert stats.binomtest(held, 300, 0.95).pvalue > 1e-3


def test_units_that_go_together_widen_it():
    values = np.repeat(np.random.default_rng(1).random(20) < 0.5, 10).astype(float)
    apart, together = share(values), share(values, np.repeat(np.arange(20), 10))
    assert apart.value == together.value and together.high - together.low > 2 * (apart.high - apart.low)


def test_without_units_nothing_is_measured():
    found = share([])
    assert isinstance(found, NotMeasured) and "no document tells things" in found.reason and found.enable == "more"


def test_a_change_is_told_between_halves_of_a_log_that_is_long_enough():
    rng = np.random.default_rng(2)
    values = np.concatenate([rng.random(200) < 0.2, rng.random(200) < 0.5]).astype(float)
    found = change("exposure_change", values, np.arange(400), "things")
    assert isinstance(found, Estimate) and found.low < 0.3 < found.high and found.low > 0
    assert found.value == pytest.approx(values[200:].mean() - values[:200].mean())
    short = change("exposure_change", values[: 2 * FEWEST_OF_A_HALF - 1], np.arange(2 * FEWEST_OF_A_HALF - 1), "things")
    assert isinstance(short, NotMeasured) and "60 are needed" in short.reason


def test_where_nothing_changes_a_change_is_told_about_as_rarely_as_said():
    rng = np.random.default_rng(3)
    told = 0
    for _ in range(300):
        found = change("exposure_change", rng.random(120), np.arange(120), "things")
        told += not found.low <= 0 <= found.high
    assert stats.binomtest(told, 300, 0.05).pvalue > 1e-3


def test_keys_are_numbered_in_the_order_of_first_sight():
    assert numbered(["b", "a", "b"]).tolist() == [0, 1, 0]


def test_a_log_in_which_nothing_varies_does_not_show_that_nothing_could():
    found = change("accuracy_change", np.ones(100), np.arange(100), "things")
    assert found.value == 0.0 and found.high == -found.low == pytest.approx(stats.binomtest(0, 50).proportion_ci(0.95, "exact").high)
