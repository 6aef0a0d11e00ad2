"""Reinforcement on sums: what each completion is credited with, by numpy alone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.lab.worlds.reinforcement import How, credit

REWARDS = st.lists(st.sampled_from([0.0, 0.5, 1.0]), min_size=8, max_size=8)
KINDS = st.lists(st.sampled_from("DRS"), min_size=8, max_size=8)


@given(REWARDS)
def test_within_groups_credit_is_the_reward_less_the_mean_over_the_deviation(rewards):
    groups = np.array(rewards).reshape(2, 4)
    spread = groups.std(axis=1, ddof=1, keepdims=True)
    expected = np.divide(groups - groups.mean(axis=1, keepdims=True), spread, out=np.zeros_like(groups), where=spread > 1e-12)
    found = credit(np.array(rewards), ["D"] * 8, How(each=4))
    assert found == pytest.approx(expected.ravel())


@given(REWARDS, KINDS)
def test_against_the_own_format_the_formats_of_a_group_are_credited_as_if_each_were_alone(rewards, kinds):
    worth, said = np.array(rewards), [f"{kind}{at}" for at, kind in enumerate(kinds)]
    found = credit(worth, said, How(each=4, against="format", scale="none"))
    for begin in (0, 4):
        for kind in set(kinds[begin : begin + 4]):
            inside = [at for at in range(begin, begin + 4) if kinds[at] == kind]
            assert found[inside] == pytest.approx(worth[inside] - worth[inside].mean())


@given(REWARDS, KINDS, st.sampled_from(["group", "format"]))
def test_credit_within_a_group_sums_to_nought(rewards, kinds, against):
    found = credit(np.array(rewards), kinds, How(each=4, against=against, scale="none"))
    assert found.reshape(2, 4).sum(axis=1) == pytest.approx([0, 0])


def test_a_completion_that_is_alone_in_its_format_teaches_nothing():
    assert credit(np.array([1.0, 0, 0, 0]), ["S", "D", "D", "D"], How(each=4, against="format")).tolist() == [0, 0, 0, 0]
