"""Texts of known origin from data sets."""

import pytest

from longtail.errors import ReadError
from longtail.origin.estimating.corpus import How
from longtail.origin.estimating.sides import SYNTHETIC, columns, named_sides, paired_sides, sides


def test_data_without_a_name_are_of_one_origin_and_named_ones_keep_theirs():
    assert named_sides(None) == {}
    assert named_sides(["a"]) == {SYNTHETIC: ["a"]}
    assert named_sides({"one": ["a"], "two": ["b"]}) == {"one": ["a"], "two": ["b"]}


def test_only_columns_that_were_named_are_read():
    assert columns(None, None) == {}
    assert columns("prompt", "s") == {"group": "prompt", "score": "s"}
    assert columns("prompt", "s")["score"].option == "--score-column"


def test_human_text_alone_is_no_reference():
    found = sides(["one two", "three four"], {}, How())
    assert found.reference is None and found.scores is None
    assert sorted(found.human.texts) == ["one two", "three four"] and [each.role for each in found.inputs] == ["human"]


def test_texts_without_a_group_are_grouped_with_their_copies_alone():
    human = [{"text": "a b", "g": None}, {"text": "a b", "g": None}, {"text": "c d", "g": "1"}, {"text": "e f", "g": None}]
    found = sides(human, {"one": [{"text": "x y", "g": "1"}]}, How(), group="g").reference
    groups = dict(zip(found.texts, found.groups.tolist(), strict=True))
    assert len(set(found.groups.tolist())) == 3 and groups["c d"] == groups["x y"]


def test_pairs_of_one_group_are_one_group():
    rows = [{"human": f"person {at}", "model": f"machine {at}", "prompt": f"p{at // 2}"} for at in range(6)]
    found = paired_sides(rows, How(), group="prompt").reference
    assert len(set(found.groups.tolist())) == 3 and found.counts().tolist() == [6, 6]


def test_a_pair_column_that_is_not_there_is_named_with_its_option():
    with pytest.raises(ReadError, match="no column 'zzz'.*--synthetic-column"):
        paired_sides([{"human": "a b", "model": "c d"}], How(), synthetic=("zzz",))
