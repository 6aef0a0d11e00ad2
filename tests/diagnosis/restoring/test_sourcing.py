"""A shopping list from a plan: every item, most rows first; what is no plan is refused."""

import json

import pytest

from longtail.diagnosis.recovery.records import Wanted
from longtail.diagnosis.restoring.sourcing import read_plan, write_shopping
from longtail.errors import ReadError, UsageError

WANTED = tuple(
    Wanted(view="words_1", name=name, is_missing=True, reference_documents=3, reservoir_documents=0, share=0.01, rows=rows, low=1, high=9)
    for name, rows in (("rarest", 7), ("rare", 4))
)


def test_items_are_written_one_a_line_in_order(tmp_path):
    out = tmp_path / "wanted.jsonl"
    assert write_shopping(WANTED, str(out), []) == 2
    assert [(row["name"], row["rows"]) for row in map(json.loads, out.read_text().splitlines())] == [("rarest", 7), ("rare", 4)]


def test_an_empty_list_an_input_and_another_suffix_are_refused(tmp_path):
    out = tmp_path / "wanted.jsonl"
    for wanted, place, inputs, said in (
        ((), out, [], "nothing to look for"),
        (WANTED, out, [str(out)], "one of the inputs"),
        (WANTED, tmp_path / "wanted.csv", [], ".jsonl"),
        (WANTED, tmp_path / "no" / "wanted.jsonl", [], "folder that exists"),
    ):
        with pytest.raises(UsageError, match=said):
            write_shopping(wanted, str(place), inputs)


def test_what_is_no_plan_is_refused_with_what_to_do(tmp_path, write_rows):
    for path in (tmp_path / "none.json", write_rows("other.json", [{"generation": 1}])):
        with pytest.raises(ReadError, match="longtail recover plan"):
            read_plan(path)
