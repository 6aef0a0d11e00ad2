"""Rollouts as plain JSON Lines."""

import math

from longtail.readers.rollouts import read_rollouts

from .test_rollouts import write_lines


def test_the_plain_record_needs_a_prompt_and_a_completion_only(tmp_path):
    full = {"run": "r", "step": 2, "prompt": "p", "completion": "c", "group": "g", "reward": 1, "parts": {"a": None, "b": 2}, "n_tokens": 7}
    full |= {"mean_logp": -0.5, "origin": {"model": "m", "gen": 2, "parents": ["x"]}, "prompt_id": 9}
    write_lines(tmp_path / "rollouts.jsonl", [full, {"prompt": "p", "completion": ""}])
    first, second = read_rollouts(tmp_path / "rollouts.jsonl").rows
    assert (first.group, first.prompt_id, first.parts, first.n_tokens) == ("g", "9", {"a": None, "b": 2.0}, 7)
    assert (first.origin.model, first.origin.generation, first.origin.parents) == ("m", 2, ("x",))
    assert (second.step, second.reward, second.run) == (None, None, tmp_path.name)


def test_numbers_that_are_none_are_absent_and_what_is_no_number_is_set_aside(tmp_path):
    rows = [
        {"prompt": "p", "completion": "c", "mean_logp": math.nan, "reward": math.inf},
        {"prompt": "p", "completion": "c", "reward": "high"},
        {"prompt": "p", "completion": "c", "step": -1},
        {"prompt": "p"},
        ["p", "c"],
    ]
    found = read_rollouts(write_lines(tmp_path / "a.jsonl", rows))
    assert [(row.mean_logp, row.reward) for row in found.rows] == [(None, None)]
    assert found.quarantined == 4
    assert [one.line for one in found.quarantine] == [2, 3, 4, 5]
    assert "'high'" in found.quarantine[0].reason
