"""Traces of verifiers."""

import pytest

from longtail.readers.rollouts import read_rollouts

from .test_rollouts import write_lines


def node(role, text, *, sampled=False, **more):
    return {"message": {"role": role, "content": text}, "sampled": sampled} | more


def test_a_run_of_verifiers_splits_prompt_from_what_was_sampled(tmp_path):
    trace = {
        "task": {"type": "Sum", "data": {}, "key": "sum-7"},
        "nodes": [
            node("system", "add"),
            node("user", "2+2"),
            node("assistant", "hm", sampled=True, logprobs=[-1.0, -2.0], entropies=[0.5, 0.7]),
            node("tool", "x"),
            node("assistant", "4", sampled=True, logprobs=[-3.0], entropies=[0.6], advantages=[0.2]),
        ],
        "rewards": {"right": {"score": 1.0, "weight": 2.0}, "short": None},
        "calls": [{"model": "m1", "finish_reason": "length"}],
    }
    run = {"type": "train", "id": "a", "name": "sums", "work": {"type": "train", "step": 3}}
    write_lines(tmp_path / "traces.jsonl", [{"task": trace["task"], "traces": [trace], "run": run, "ok": True}])
    (row,) = read_rollouts(tmp_path).rows
    assert (row.run, row.step, row.prompt_id, row.prompt, row.completion) == ("sums", 3, "sum-7", "add\n2+2", "hm\n4")
    assert (row.n_tokens, row.mean_logp, row.truncated, row.origin.model) == (3, -2.0, True, "m1")
    assert row.mean_entropy == pytest.approx(0.6)
    assert row.parts == {"right": 2.0, "short": None}
    assert row.reward is None
