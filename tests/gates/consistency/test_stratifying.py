"""The stratum of each document: a column's value, what a function says, or the format of the text; and mixes of them."""

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.errors import ConfigError
from longtail.gates.batch import Batch
from longtail.gates.consistency.stratifying import mix_of, strata_of, stratifier

TEXTS = ("It is long since anybody came by.", "```python\nx = 1\n```", "- one\n- two\n- three")


def batch(*rows):
    return Batch.of([{"text": "t", **row} for row in rows])


def written(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return str(path)


def test_what_tells_strata_is_a_column_a_function_or_nothing():
    assert stratifier("quota", None) is None
    assert stratifier("quota", str.upper) is str.upper
    assert stratifier("quota", "topic") == "topic"
    with pytest.raises(ConfigError, match="quota"):
        stratifier("quota", 3)


def test_of_a_column_numbers_are_names_and_what_is_empty_or_no_number_is_no_stratum():
    rows = batch({"by": "a"}, {"by": 3}, {"by": 0}, {"by": ""}, {"by": None}, {}, {"by": float("nan")}, {"by": 1.5})
    assert strata_of(rows, "by") == ["a", "3", "0", None, None, None, None, "1.5"]


def test_a_function_that_raises_or_returns_nothing_gives_no_stratum():
    told = strata_of(Batch.of([{"text": text} for text in ("abc", "x", "")]), lambda text: text[1] if text != "x" else "")
    assert told == ["b", None, None]


def test_without_a_column_the_stratum_is_the_format_as_the_view_tells_it():
    assert strata_of(Batch.of([{"text": text} for text in TEXTS]), None) == ["prose", "code", "list"]


@given(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=12))
def test_the_mix_is_the_share_of_each_stratum_over_all_files_together(tmp_path_factory, names):
    folder = tmp_path_factory.mktemp("mix")
    half = len(names) // 2
    parts = [[{"text": f"t{at}", "by": name} for at, name in enumerate(each)] for each in (names[:half], names[half:]) if each]
    files = [written(folder / f"{at}.jsonl", [*rows, {"text": "no stratum"}]) for at, rows in enumerate(parts)]
    found = mix_of("quota", files, "by")
    assert found == pytest.approx({name: count / len(names) for name, count in Counter(names).items()})


def test_a_mix_of_formats_needs_no_column(tmp_path):
    file = written(tmp_path / "m.jsonl", [{"text": text} for text in (*TEXTS, TEXTS[0])])
    assert mix_of("quota", [file], None) == {"prose": 0.5, "code": 0.25, "list": 0.25}


def test_data_in_which_nothing_has_a_stratum_give_no_mix(tmp_path):
    with pytest.raises(ConfigError, match="no document of .*m.jsonl has a stratum"):
        mix_of("quota", [written(tmp_path / "m.jsonl", [{"text": "t"}])], "by")
