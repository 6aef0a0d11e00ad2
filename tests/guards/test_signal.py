"""Steps with too little signal and prompts out of reach: by counting, by enumeration and by the closed form of luck."""

from itertools import product

import numpy as np
import pytest
from scipy import stats

from longtail.errors import ConfigError
from longtail.guards import PassRateFilter, signal_of
from longtail.metrics.rollouts.groups import Group


def group(successes, n=16, name="q"):
    return Group(name, 0, n, successes, 0 < successes < n)


def test_groups_are_counted_for_every_step_of_three_groups():
    for counts in product(range(4), repeat=3):
        found = signal_of([group(each, n=3) for each in counts], least=0.5)
        teaching = sum(each == 2 for each in counts)
        assert found == (3, teaching, sum(each == 1 for each in counts), teaching < 1.5)


def test_a_lone_success_counts_only_where_it_is_asked_for():
    step = [group(1)] * 4 + [group(0)] * 12
    assert signal_of(step).skip
    assert not signal_of(step, successes=1).skip
    assert signal_of(step[1:], successes=1).skip


def test_a_step_without_groups_is_left_out():
    assert signal_of([]).skip
    assert signal_of([group(1, n=1)] * 4) == (0, 0, 0, True)


@pytest.mark.parametrize("bad", [{"least": 0.0}, {"least": 1.5}, {"successes": 0}])
def test_conventions_that_cannot_be_are_refused(bad):
    with pytest.raises(ConfigError, match="a share above 0, and 1 or more"):
        signal_of([], **bad)


def test_a_hopeless_prompt_is_put_off_and_a_lucky_pilot_passes_as_seldom_as_luck_says():
    """At a chance of 1 %, a pilot of 16 passes with two successes or more: 1.1 % of prompts."""
    found, chance = PassRateFilter(), np.random.default_rng(0)
    drawn = chance.binomial(16, 0.01, size=4000)
    found.take(group(int(each), name=str(at)) for at, each in enumerate(drawn))
    states = found.states()
    assert sum(states.values()) == 4000
    assert states["active"] == np.sum(drawn >= 2)
    assert stats.binomtest(states["active"], 4000, float(stats.binom.sf(1, 16, 0.01))).pvalue > 0.001
    assert states["review"] == np.sum(drawn == 1)


def test_a_prompt_that_was_put_off_comes_back_and_one_that_was_lucky_goes():
    found = PassRateFilter()
    assert found.state("new") == "active"
    found.take([group(0, name="late"), group(2, name="lucky")])
    assert (found.state("late"), found.state("lucky")) == ("deferred", "active")
    found.take([group(12, name="late"), group(0, name="lucky")])
    assert (found.state("late"), found.state("lucky")) == ("active", "review")
    found.take([group(16, name="easy")] * 4)
    assert found.state("easy") == "retired"
