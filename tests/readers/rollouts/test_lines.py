"""Rollouts in JSON Lines: what is read, what is set aside, and where that stood."""

import json

from longtail.readers.quarantine import Quarantine, Unfit
from longtail.readers.rollouts.lines import read_lines
from longtail.readers.rollouts.records import Rollout


def rollout(text):
    return Rollout(run="r", step=None, prompt_id="p", prompt="p", completion=text, group="g")


def words(row):
    for word in row["said"].split():
        if word == "odd":
            raise Unfit("an odd word")
        yield rollout(word)


def test_every_record_is_read_or_set_aside_with_its_line_and_its_reason(tmp_path):
    path = tmp_path / "r.jsonl"
    rows = ['{"said": "one two", "by": 1}', "[1]", "{broken", '{"said": "three odd four", "by": 1}', '{"said": "five"}', ""]
    path.write_text("\n".join([*rows, json.dumps({"said": "", "by": 2})]))
    quarantine = Quarantine()
    found = list(read_lines(path, quarantine, ("said", "by"), "a line", words))
    assert [row.completion for row in found] == ["one", "two", "three"]
    assert [one.line for one in quarantine.kept] == [2, 3, 4, 5]
    told = {one.line: one.reason for one in quarantine.kept}
    assert told[2] == told[5] == "a line has `said` and `by`"
    assert told[4] == "an odd word"
