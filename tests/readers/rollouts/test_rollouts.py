"""Rollouts of training runs: each kind of file becomes the same record."""

import json

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
