"""A run that is read while it is written."""

import json

import pytest

from longtail.errors import ReadError
from longtail.readers.rollouts import Follower, read_rollouts

from .test_rollouts import write_lines, write_trl


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


def test_a_run_of_two_kinds_is_refused_at_the_first_look(tmp_path):
    write_trl(tmp_path, 1, [("p", "c", {}, 0.0)])
    write_lines(tmp_path / "7.jsonl", [{"input": "p", "output": "c", "score": 1}])
    with pytest.raises(ReadError, match="several kinds"):
        Follower(tmp_path).look()


def test_a_run_that_is_gone_or_was_never_there_is_no_run_without_rollouts(tmp_path):
    with pytest.raises(ReadError, match="no such file or folder"):
        Follower(tmp_path / "none").look()
    follower, path = Follower(tmp_path), write_trl(tmp_path, 1, [("p", "c", {}, 0.0)])
    assert len(follower.look()) == 1
    path.unlink()
    with pytest.raises(ReadError, match="no rollouts here"):
        follower.look()
