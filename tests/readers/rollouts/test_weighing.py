"""Weights of the parts of a reward, where a run's files hold no total."""

import numpy as np
import pytest

from longtail.errors import ConfigError
from longtail.readers.rollouts import Follower, read_rollouts

from .test_rollouts import write_lines, write_trl

SCORES = [(1.0, 0.5), (0.0, 0.25), (1.0, -2.0)]


@pytest.fixture
def run(tmp_path):
    rows = [("p", f"c{at}", {"accuracy": right, "length": short}, 0.0) for at, (right, short) in enumerate(SCORES)]
    write_trl(tmp_path / "run", 1, rows)
    return tmp_path / "run"


def test_the_reward_is_the_product_with_the_weights_as_trl_has_it_and_a_part_that_is_not_named_has_weight_one(run):
    for weights, row in (({"accuracy": 2.0, "length": 0.1}, (2.0, 0.1)), ({"length": 0.0}, (1.0, 0.0)), ({}, (1.0, 1.0))):
        found, followed = read_rollouts(run, weights), Follower(run, weights).look()
        assert [each.reward for each in found.rows] == pytest.approx(list(np.array(SCORES) @ np.array(row)))
        assert followed == found.rows


def test_what_is_assumed_of_the_weights_is_told_until_they_are_given(run):
    follower = Follower(run)
    follower.look()
    assert "the sum of accuracy, length, each with weight 1" in read_rollouts(run).assumed
    assert follower.assumed == read_rollouts(run).assumed
    assert read_rollouts(run, {"length": 0.1}).assumed == ""


def test_one_reward_and_a_total_in_the_file_leave_nothing_to_assume(tmp_path):
    write_trl(tmp_path / "one", 1, [("p", "c", {"accuracy": 1.0}, 0.0)], rewards=("accuracy",))
    write_lines(tmp_path / "plain" / "r.jsonl", [{"prompt": "p", "completion": "c", "reward": 1, "parts": {"a": 1, "b": 0}}])
    assert read_rollouts(tmp_path / "one").assumed == read_rollouts(tmp_path / "plain").assumed == ""


def test_parts_that_were_not_scored_are_left_out_of_the_sum_and_a_reward_of_none_is_absent(tmp_path):
    write_trl(tmp_path, 1, [("p", "c", {"accuracy": 1.0}, 0.0), ("p", "d", {}, 0.0)])
    assert [row.reward for row in read_rollouts(tmp_path, {"accuracy": 3.0}).rows] == [3.0, None]
    assert [row.reward for row in read_rollouts(tmp_path).rows] == [1.0, None]


def test_weights_of_no_reward_of_the_run_and_weights_that_are_no_number_are_refused(run, tmp_path):
    with pytest.raises(ConfigError, match="'lenght': the run has no reward of that name; it has accuracy, length"):
        read_rollouts(run, {"lenght": 0.1})
    with pytest.raises(ConfigError, match="'length' is nan; give a number"):
        read_rollouts(run, {"length": float("nan")})
    write_lines(tmp_path / "7.jsonl", [{"input": "p", "output": "c", "score": 1}])
    with pytest.raises(ConfigError, match="a run of verl: its files hold the reward in all"):
        read_rollouts(tmp_path / "7.jsonl", {"score": 1.0})
