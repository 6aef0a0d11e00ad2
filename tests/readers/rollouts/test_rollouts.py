"""Rollouts of training runs: each kind of file becomes the same record."""

import json
import math

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.errors import ReadError
from longtail.readers.rollouts import Follower, find, read_rollouts
from longtail.readers.rollouts.reading import settle
from longtail.readers.rollouts.records import Rollout


def write_trl(run, step, rows, rewards=("accuracy", "length")):
    """As TRL 1.16 writes them: step, prompt, completion, a column for each reward function, extras, advantage."""
    folder = run / "completions"
    folder.mkdir(parents=True, exist_ok=True)
    table = {"step": [step] * len(rows), "prompt": [row[0] for row in rows], "completion": [row[1] for row in rows]}
    table |= {name: pa.array([row[2].get(name) for row in rows], pa.float64()) for name in rewards}
    table |= {"note": [f"n{at}" for at in range(len(rows))], "advantage": [row[3] for row in rows]}
    path = folder / f"completions_{step:05d}.parquet"
    pq.write_table(pa.table(table), path)
    return path


def write_lines(path, rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_run_of_trl_is_read_in_the_order_of_its_steps(tmp_path):
    write_trl(tmp_path / "run", 20, [("2+2", "5", {"accuracy": 0.0, "length": 0.1}, -1.0)])
    write_trl(tmp_path / "run", 5, [("2+2", "4", {"accuracy": 1.0, "length": 0.5}, 1.0), ("1+1", "3", {}, 0.0)])
    found = read_rollouts(tmp_path / "run")
    assert (found.kind, found.files, found.steps) == ("trl", 2, (5, 20))
    first, unscored, last = found.rows
    assert (first.run, first.step, first.completion, first.advantage) == ("run", 5, "4", 1.0)
    assert first.parts == {"accuracy": 1.0, "length": 0.5}
    assert first.reward == 1.5
    assert unscored.reward is None
    assert first.prompt_id == last.prompt_id != unscored.prompt_id
    assert first.group != last.group


def test_messages_of_trl_become_text(tmp_path):
    asked, answered = [{"role": "user", "content": "2+2"}], [{"role": "assistant", "content": "4"}]
    write_trl(tmp_path, 1, [(asked, answered, {"accuracy": 1.0}, 0.0)], rewards=("accuracy",))
    (row,) = read_rollouts(tmp_path).rows
    assert (row.prompt, row.completion) == ("2+2", "4")


def test_a_run_of_verl_takes_the_step_from_its_lines_and_its_extras_as_parts(tmp_path):
    rows = [{"input": "2+2", "output": "4", "gts": "4", "score": 1.0, "step": 10, "acc": True, "pred": "4", "request_id": "r"}]
    write_lines(tmp_path / "dump" / "10.jsonl", rows)
    write_lines(tmp_path / "dump" / "9.jsonl", [{"input": "2+2", "output": "", "gts": "4", "score": 0.0, "step": 9}])
    found = read_rollouts(tmp_path)
    assert (found.kind, [row.step for row in found.rows]) == ("verl", [9, 10])
    assert found.rows[0].completion == ""
    assert found.rows[1].parts == {"acc": 1.0}
    assert found.rows[1].reward == 1.0


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


def row(step, text="c"):
    return Rollout(run="r", step=step, prompt_id="p", prompt="p", completion=text, group="g")


def test_a_resumed_run_replaces_the_steps_that_it_wrote_again(tmp_path):
    before = [row(step, "old") for step in (1, 2, 3, 4, 5)]
    again = [row(step, "new") for step in (3, 4)]
    assert [(each.step, each.completion) for each in settle([[*before, *again]])] == [(1, "old"), (2, "old"), (3, "new"), (4, "new")]


def test_workers_a_step_apart_replace_nothing():
    rows = [row(1), row(2), row(1), row(2), row(3), row(2)]
    assert settle([rows]) == tuple(rows)


@pytest.mark.parametrize("first", [1, 3, 4, 5])
def test_of_a_step_in_two_files_the_later_file_counts_even_one_step_back_or_none(tmp_path, first):
    rows = [{"prompt": "p", "completion": "old", "step": step} for step in (1, 2, 3, 4, 5)]
    write_lines(tmp_path / "part-1.jsonl", rows)
    write_lines(tmp_path / "part-2.jsonl", [{"prompt": "p", "completion": "new", "step": step} for step in range(first, 8)])
    found, followed = read_rollouts(tmp_path), Follower(tmp_path).look()
    assert [(each.step, each.completion) for each in found.rows] == [(step, "old" if step < first else "new") for step in range(1, 8)]
    assert found.replaced == 6 - first
    assert followed == found.rows


def test_a_file_that_goes_on_after_the_last_step_replaces_nothing(tmp_path):
    for part, steps in enumerate([(1, 2, 3), (4, 5)], 1):
        write_lines(tmp_path / f"part-{part}.jsonl", [{"prompt": "p", "completion": "c", "step": step} for step in steps])
    assert (read_rollouts(tmp_path).replaced, len(read_rollouts(tmp_path).rows)) == (0, 5)


def test_rollouts_without_steps_are_all_kept_whatever_file_they_are_in(tmp_path):
    for part in (1, 2):
        write_lines(tmp_path / f"part-{part}.jsonl", [{"prompt": "p", "completion": f"c{part}"}] * 2)
    assert [each.completion for each in read_rollouts(tmp_path).rows] == ["c1", "c1", "c2", "c2"]


@pytest.mark.parametrize("name", ["nothing", "empty"])
def test_a_folder_without_rollouts_says_what_was_looked_for(tmp_path, name):
    folder = tmp_path / name
    if name == "empty":
        folder.mkdir()
    with pytest.raises(ReadError, match="there is no such file or folder|no rollouts here; looked for"):
        find(folder)


def test_rollouts_of_two_kinds_in_one_folder_are_refused(tmp_path):
    write_trl(tmp_path, 1, [("p", "c", {}, 0.0)])
    write_lines(tmp_path / "7.jsonl", [{"input": "p", "output": "c", "score": 1}])
    with pytest.raises(ReadError, match="several kinds: trl: .*; verl: "):
        find(tmp_path)


def test_a_file_of_something_else_is_refused_by_its_fields(tmp_path):
    with pytest.raises(ReadError, match="the first record has text, id: no rollout"):
        find(write_lines(tmp_path / "docs.jsonl", [{"text": "a", "id": 1}]))


def test_a_parquet_file_without_completions_is_refused(tmp_path):
    path = tmp_path / "completions" / "completions_00001.parquet"
    path.parent.mkdir()
    pq.write_table(pa.table({"step": [1], "prompt": ["p"]}), path)
    with pytest.raises(ReadError, match="no column 'completion'; it has step, prompt"):
        read_rollouts(tmp_path)


def test_a_live_run_is_followed_and_a_file_not_yet_whole_is_left_for_later(tmp_path):
    follower = Follower(tmp_path)
    assert follower.look() == ()
    whole = write_trl(tmp_path, 1, [("p", "c1", {}, 0.0)])
    assert [each.completion for each in follower.look()] == ["c1"]
    torn = tmp_path / "completions" / "completions_00002.parquet"
    torn.write_bytes(whole.read_bytes()[:100])
    assert [each.completion for each in follower.look()] == ["c1"]
    assert follower.waiting == (torn,)
    write_trl(tmp_path, 2, [("p", "c2", {}, 0.0)])
    assert [each.completion for each in follower.look()] == ["c1", "c2"]
    assert follower.waiting == ()


def test_following_line_by_line_gives_what_reading_at_once_gives(tmp_path):
    path = tmp_path / "r.jsonl"
    lines = [json.dumps({"prompt": f"p{at % 3}", "completion": f"c{at}", "step": at}) + "\n" for at in range(9)]
    follower = Follower(path)
    path.write_text(lines[0])
    for line in lines[1:]:
        follower.look()
        with path.open("a") as stream:
            stream.write(line)
    assert follower.look() == read_rollouts(path).rows
