"""The matrix of abilities, beside scipy's paired t interval and cases told by hand."""

import numpy as np
import pytest
from scipy import stats

from longtail.errors import ConfigError
from longtail.metrics.rollouts.capabilities import FEWEST, capabilities


def scored(rate, problems=40, tries=8, seed=0):
    return (np.random.default_rng(seed).random((problems, tries)) < rate).astype(float)


def test_the_interval_is_the_paired_t_interval_of_scipy():
    before, after = scored(0.7), scored(0.5, seed=1)
    (row,) = capabilities({"sums": before}, {"sums": after})
    known = stats.ttest_rel(after.mean(axis=1), before.mean(axis=1)).confidence_interval(0.95)
    assert (row.low, row.high) == (pytest.approx(known.low), pytest.approx(known.high))
    assert row.change == pytest.approx(after.mean() - before.mean())


def test_the_error_rate_is_shared_by_the_abilities():
    before, after = {"a": scored(0.7), "b": scored(0.4)}, {"a": scored(0.5, seed=1), "b": scored(0.4, seed=2)}
    row = capabilities(before, after)[0]
    known = stats.ttest_rel(after["a"].mean(axis=1), before["a"].mean(axis=1)).confidence_interval(0.975)
    assert (row.low, row.high) == (pytest.approx(known.low), pytest.approx(known.high))


@pytest.mark.parametrize(
    ("after", "is_trained", "became"),
    [
        (0.2, False, "contaminated"),
        (0.2, True, "shift"),
        (0.95, False, "gain"),
        (0.95, True, "gain"),
        (None, False, "no sure change"),
    ],
)
def test_what_surely_falls_is_contaminated_if_nobody_trained_it_and_a_shift_if_somebody_did(after, is_trained, became):
    before = scored(0.6)
    later = before[::1] if after is None else scored(after, seed=1)
    (row,) = capabilities({"sums": before}, {"sums": later}, ["sums"] if is_trained else [])
    assert (row.became, row.is_trained) == (became, is_trained)


def test_an_ability_that_does_not_change_is_called_contaminated_about_as_seldom_as_the_level_says():
    rates = np.random.default_rng(5).uniform(0.2, 0.8, (40, 1))
    found = [
        capabilities({"a": draws.random((40, 8)) < rates}, {"a": draws.random((40, 8)) < rates})[0].became
        for draws in (np.random.default_rng([6, at]) for at in range(400))
    ]
    assert stats.binomtest(found.count("contaminated"), 400, 0.025).pvalue > 0.001


def test_few_problems_and_problems_without_a_score_say_nothing():
    short = np.ones(FEWEST - 1)
    (row,) = capabilities({"a": short}, {"a": 0 * short})
    assert (row.became, row.n) == ("not measured", FEWEST - 1)
    gaps = np.concatenate([np.full(5, np.nan), scored(0.5)[:, 0]])
    assert capabilities({"a": gaps}, {"a": gaps})[0].n == 40


def test_sides_that_do_not_match_are_refused():
    with pytest.raises(ConfigError, match="'b' is not on both sides"):
        capabilities({"a": [1.0]}, {"b": [1.0], "a": [1.0]})
    with pytest.raises(ConfigError, match="'c' is not on both sides"):
        capabilities({"a": [1.0]}, {"a": [1.0]}, ["c"])
    with pytest.raises(ConfigError, match="2 problems before and 1 after"):
        capabilities({"a": [1.0, 0.0]}, {"a": [1.0]})
