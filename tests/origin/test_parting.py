import numpy as np
import pytest
from scipy.stats import binom

from longtail.origin.parting import floor_of, groups_of, rates_of


def best_of(scores, labels, kind):
    """The largest difference of rates over all thresholds, counted one by one."""
    human, machine = scores[labels == 0], scores[labels == kind]
    return max((machine >= cut).mean() - (human >= cut).mean() for cut in scores)


def test_rates_are_those_of_the_best_threshold_of_each_origin():
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], [60, 40, 50])
    scores = rng.normal(size=(150, 2)) + np.eye(3)[labels][:, 1:] * [1.5, 0.5]
    for at, found in enumerate(rates_of(scores, labels, ("gpt", "llama"), 0.95)):
        column = scores[:, at]
        assert found.tpr - found.fpr == pytest.approx(best_of(column, labels, at + 1))
        assert found.tpr == (column[labels == at + 1] >= found.threshold).mean()
        assert found.fpr == (column[labels == 0] >= found.threshold).mean()
        assert found.origin == ("gpt", "llama")[at]


def test_intervals_are_exact():
    labels = np.repeat([0, 1], [50, 20])
    scores = np.concatenate([np.arange(50.0), np.arange(20.0) + 35.5])[:, None]
    found = rates_of(scores, labels, ("gpt",), 0.9)[0]
    for rate, low, high, size in ((found.tpr, found.tpr_low, found.tpr_high, 20), (found.fpr, found.fpr_low, found.fpr_high, 50)):
        count = round(rate * size)
        assert low == 0 if count == 0 else binom.sf(count - 1, size, low) == pytest.approx(0.05)
        assert high == 1 if count == size else binom.cdf(count, size, high) == pytest.approx(0.05)


def test_origins_that_are_parted_entirely_have_rates_of_one_and_none():
    found = rates_of(np.array([[0.0], [1.0], [2.0], [3.0]]), np.array([0, 0, 1, 1]), ("gpt",), 0.95)[0]
    assert (found.tpr, found.fpr, found.tpr_high, found.fpr_low) == (1.0, 0.0, 1.0, 0.0)


def test_the_floor_falls_with_documents_and_is_not_told_where_nothing_can_be_parted():
    labels = np.repeat([0, 1], [200, 200])
    scores = np.random.default_rng(0).normal(size=(400, 1)) + labels[:, None] * 2.0
    rates, sizes = rates_of(scores, labels, ("gpt",), 0.95), {"human": 200, "gpt": 200}
    floors = [floor_of(rates, documents, sizes, 0.95) for documents in (50, 200, 2000)]
    assert 1 > floors[0] > floors[1] > floors[2] > 0
    blind = rates_of(scores * 0.0, labels, ("gpt",), 0.95)
    assert floor_of(blind, 200, sizes, 0.95) is None


def test_whom_a_threshold_would_wrong_is_told_by_group_with_exact_bounds():
    labels = np.array([0] * 8 + [1] * 4)
    scores = np.array([0.0, 0, 0, 3, 3, 3, 0, 0, 2, 2, 3, 3])[:, None]
    by = ["first"] * 3 + ["second"] * 4 + [None] + [None] * 4
    rates = rates_of(scores, labels, ("gpt",), 0.95)
    found = {each.group: each for each in groups_of(scores, labels, by, rates, 0.95)}
    assert {name: (each.documents, each.fpr) for name, each in found.items()} == {"first": (3, 0.0), "second": (4, 0.75)}
    assert binom.cdf(0, 3, found["first"].high) == pytest.approx(0.025)
    assert binom.sf(2, 4, found["second"].low) == pytest.approx(0.025)
