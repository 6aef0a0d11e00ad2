"""What each rule makes of the advantages of a step, by hand."""

import numpy as np
import pytest

from longtail.guards import PassRateFilter
from longtail.lab.makers.hard import EACH, PROMPTS, Remedy, grouped
from longtail.lab.worlds.arithmetic import all_sums
from longtail.lab.worlds.hashes import hard
from longtail.lab.worlds.reinforcement import How, credit
from longtail.metrics.rollouts.groups import lone_success

PROBLEMS = hard(all_sums()).take(np.repeat(np.arange(PROMPTS), EACH))


def worth(*successes):
    """Return rewards of a step whose first groups have so many successes."""
    found = np.zeros((PROMPTS, EACH))
    for row, count in zip(found, successes, strict=False):
        row[:count] = 1.0
    return found.ravel()


def left(rule, *successes, rates=None):
    rewards = worth(*successes)
    remedy = Remedy(rule, rates or PassRateFilter())
    gain = credit(rewards, [""] * len(rewards), How(PROMPTS, EACH))
    found = remedy(PROBLEMS, rewards, gain)
    return None if found is None else found.reshape(PROMPTS, EACH), remedy


def test_groups_and_steps_are_counted():
    _, remedy = left("none", 1, 1, 2, 16)
    assert (remedy.informative, remedy.lone, remedy.taken) == (3, 2, 1)
    assert [group.successes for group in grouped(PROBLEMS, worth(1, 0, 3))][:4] == [1, 0, 3, 0]


def test_groups_of_fewer_than_two_successes_are_left_out():
    found, _ = left("two", 1, 2)
    assert not found[0].any()
    assert found[1][0] > 0


def test_a_lone_success_is_clipped_to_one():
    plain, clipped = left("none", 1)[0], left("clip", 1)[0]
    assert plain.max() == pytest.approx(lone_success(EACH))
    assert clipped.max() == 1.0
    assert clipped.min() == plain.min() == pytest.approx(-0.25)


@pytest.mark.parametrize(
    ("rule", "successes", "is_skipped"),
    [
        ("informative", (1, 1, 1), True),
        ("informative", (1, 1, 1, 1), False),
        ("signal", (1, 1, 1, 1), True),
        ("signal", (2, 2, 2, 2), False),
        ("pass_rate", (0,), True),
    ],
)
def test_a_step_is_skipped_where_too_few_groups_teach(rule, successes, is_skipped):
    found, remedy = left(rule, *successes)
    assert (found is None) == is_skipped
    assert remedy.taken == (not is_skipped)


def test_prompts_that_were_hardly_ever_solved_are_left_out_although_they_succeed_once():
    rates = PassRateFilter()
    rates.take(grouped(PROBLEMS, worth(0, 8)))
    found, _ = left("pass_rate", 1, 8, rates=rates)
    assert not found[0].any()
    assert found[1].any()
