"""What stands beside the text: prompts, settings, ids and labels, by the same rules from every kind of input."""

import json
import sqlite3

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.errors import ReadError, UsageError
from longtail.readers import arrow, read

from .readers_help import set_aside, texts

TURNS = [{"role": "user", "content": "ask"}, {"role": "assistant", "content": "said"}, {"role": "user", "content": "again"}]


def columns(reading, *names):
    """The columns of all batches, null where a batch has none of that name."""
    batches = list(reading.batches())
    return {
        name: [value for batch in batches for value in (batch[name].to_pylist() if name in batch.schema.names else [None] * batch.num_rows)]
        for name in names
    }


def as_parquet(write, rows, name="a.parquet"):
    pq.write_table(pa.Table.from_pylist(rows), write(name, ""))
    return name


def as_lines(write, rows, name="a.jsonl"):
    return write(name, rows)


FORMS = pytest.mark.parametrize("stored", [as_lines, as_parquet])


@FORMS
@pytest.mark.parametrize(
    ("record", "prompt"),
    [
        ({"text": "a", "prompt": "ask"}, "ask"),
        ({"prompt": "ask", "completion": "a"}, "ask"),
        ({"prompt": "ask", "chosen": "a", "rejected": "b"}, "ask"),
        ({"instruction": "do", "output": "a"}, "do"),
        ({"instruction": "do", "output": "a", "prompt": "ask"}, "ask"),
        ({"instruction": "do", "output": "a", "prompt": None}, "do"),
        ({"instruction": "do", "output": "a", "prompt": " "}, "do"),
        ({"prompt": TURNS, "completion": "a"}, "ask\nsaid\nagain"),
        ({"messages": TURNS, "prompt": "ask"}, "ask"),
        ({"text": "a", "instruction": "do"}, None),
        ({"text": "a", "prompt": ""}, None),
        ({"text": "a", "prompt": 3}, None),
        ({"text": "a"}, None),
    ],
)
def test_the_prompt_is_found(write, stored, record, prompt):
    assert columns(read(stored(write, [record])), "prompt") == {"prompt": [prompt]}


@FORMS
def test_a_text_is_not_its_own_prompt(write, stored):
    path = stored(write, [{"prompt": "p", "instruction": "i", "output": "o"}])
    assert columns(read(path, text_column="prompt"), "text", "prompt") == {"text": ["p"], "prompt": [None]}
    assert columns(read(path, text_column="instruction"), "text", "prompt") == {"text": ["i"], "prompt": ["p"]}


@FORMS
def test_settings_and_ids_are_text_as_it_is_objects_as_json_and_whole_numbers_as_digits(write, stored):
    rows = [{"text": "a", "lt_id": "x1", "lt_decoding": '{"top_p": 1}'}, {"text": "b", "lt_id": None, "lt_decoding": None}]
    assert columns(read(stored(write, rows)), "lt_id", "lt_decoding") == {"lt_id": ["x1", None], "lt_decoding": ['{"top_p": 1}', None]}
    rows = [{"text": "a", "lt_id": 7, "lt_decoding": {"top_p": 0.5, "seed": 1}}]
    assert columns(read(stored(write, rows, name="b." + path_suffix(stored))), "lt_id", "lt_decoding") == {
        "lt_id": ["7"],
        "lt_decoding": ['{"seed":1,"top_p":0.5}'],
    }


def path_suffix(stored):
    return "jsonl" if stored is as_lines else "parquet"


@FORMS
@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["a", "Á b", " x ", None], ["a", "Á b", " x ", None]),
        (["a", "", " \t"], ["a", None, None]),
        ([1, -20, 2**53 + 1, None], ["1", "-20", "9007199254740993", None]),
        ([True, False, None], ["True", "False", None]),
        ([None, None], [None, None]),
    ],
)
def test_labels_are_strings_as_they_are_and_whole_numbers_and_booleans_as_written(write, stored, values, expected):
    rows = [{"text": f"d{at}", "topic": value} for at, value in enumerate(values)]
    reading = read(stored(write, rows), by=["topic"])
    assert columns(reading, "by:topic") == {"by:topic": expected}
    assert reading.quarantined == 0


@FORMS
@pytest.mark.parametrize(
    ("value", "found"), [(0.5, r"the fraction 0\.5"), (2.0, r"the fraction 2\.0"), ([1], "list"), (["a"], "list"), ({"a": 1}, "object")]
)
def test_a_document_whose_value_is_no_label_is_set_aside(write, stored, value, found):
    reading = read(stored(write, [{"text": "a", "topic": value}, {"text": "b", "topic": None}]), by=["topic"])
    assert columns(reading, "text", "by:topic") == {"text": ["b"], "by:topic": [None]}
    ((line, reason),) = set_aside(reading)
    assert line == 1
    assert reason.startswith("expected a label in column 'topic' (text, a whole number or a boolean), found ")
    with pytest.raises(ReadError, match=f"no documents: all 1 were set aside .*found {found}"):
        texts(read(stored(write, [{"text": "a", "topic": value}], name="b." + path_suffix(stored)), by=["topic"]))


@FORMS
def test_flaws_of_text_come_before_those_of_labels_and_leave_the_rest_in_place(write, stored):
    rows = [
        {"text": "", "topic": [1], "lt_origin": "human"},
        {"text": "a", "topic": None, "lt_origin": "mixed"},
        {"text": "b", "topic": [2], "lt_origin": "human"},
        {"text": None, "topic": None, "lt_origin": "human"},
        {"text": "c", "topic": None, "lt_origin": "synthetic"},
    ]
    reading = read(stored(write, rows), by=["topic"])
    assert columns(reading, "text", "lt_origin") == {"text": ["a", "c"], "lt_origin": ["mixed", "synthetic"]}
    assert [reason.split(" in ")[0] for _, reason in set_aside(reading)] == [
        "empty document",
        "expected a label",
        "expected text, found null",
    ]


@FORMS
def test_labels_may_be_named_by_a_dotted_path_or_be_what_is_read_anyway(write, stored):
    rows = [{"text": "a", "meta": {"lang": "en"}, "lt_origin": "human"}, {"text": "b", "meta": None, "lt_origin": None}]
    reading = read(stored(write, rows), by=["meta.lang", "lt_origin", "text", "meta.lang"])
    assert columns(reading, "by:meta.lang", "by:lt_origin", "by:text", "lt_origin") == {
        "by:meta.lang": ["en", None],
        "by:lt_origin": ["human", None],
        "by:text": ["a", "b"],
        "lt_origin": ["human", None],
    }


def test_all_labels_that_were_asked_for_are_in_every_batch(write):
    write("d/a.jsonl", [{"text": "a"}])
    write("d/b.jsonl", [{"text": "b", "topic": "x"}])
    as_parquet(write, [{"text": "c"}], "d/c.parquet")
    write("d/d.csv", "text,topic\nd,y\ne,\n")
    write("d/f.txt", "f")
    reading = read("d", by=["topic"])
    assert all("by:topic" in batch.schema.names for batch in reading.batches())
    assert columns(reading, "text", "by:topic") == {"text": [*"abcdef"], "by:topic": [None, "x", None, "y", None, None]}


@pytest.mark.parametrize("kind", ["jsonl", "parquet", "csv", "db", "memory"])
def test_a_column_that_no_document_has_is_an_error_with_those_that_exist_and_the_nearest(write, kind):
    rows = [{"text": "a", "topic": "x"}, {"text": "b", "topic": "y"}]
    write("a.jsonl", rows)
    as_parquet(write, rows)
    write("a.csv", "text,topic\na,x\nb,y\n")
    in_database(write, rows)
    with pytest.raises(ReadError, match=r"no column 'topci'; columns: text, topic; did you mean 'topic'\?"):
        texts(read(rows if kind == "memory" else f"a.{kind}", by=["text", "topci"]))


def in_database(write, rows):
    with sqlite3.connect(write("a.db", "")) as connection:
        connection.execute(f"CREATE TABLE t ({', '.join(rows[0])})")
        connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(rows[0]))})", [tuple(row.values()) for row in rows])


def test_plain_texts_have_no_columns():
    with pytest.raises(ReadError, match=r"no column 'topic'; columns: none; name one of them with --by NAME"):
        texts(read(["one text", "another text"], by=["topic"]))


def test_a_column_that_is_always_null_exists(write):
    assert columns(read(write("a.jsonl", [{"text": "a", "topic": None}]), by=["topic"]), "by:topic") == {"by:topic": [None]}


def test_a_table_of_a_database_gives_what_stands_beside_the_text(write):
    in_database(
        write,
        [
            {"id": 1, "text": "a", "prompt": "ask", "lt_id": 5, "topic": 3},
            {"id": 2, "text": "b", "prompt": None, "lt_id": "x", "topic": 0.5},
        ],
    )
    reading = read("a.db", by=["topic"])
    assert columns(reading, "text", "prompt", "lt_id", "by:topic") == {"text": ["a"], "prompt": ["ask"], "lt_id": ["5"], "by:topic": ["3"]}
    assert set_aside(reading) == [(2, "expected a label in column 'topic' (text, a whole number or a boolean), found the fraction 0.5")]


@pytest.mark.parametrize("kind", [pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string()), pa.binary()], ids=str)
def test_text_of_any_arrow_type_stands_beside_the_text(kind):
    values = pa.array(["x", None, "", "y"]).cast(kind)
    reading = read(pa.table({"text": ["a", "b", "c", "d"], "topic": values, "prompt": values}), by=["topic"])
    assert columns(reading, "by:topic", "prompt") == {"by:topic": ["x", None, None, "y"], "prompt": ["x", None, None, "y"]}


def test_text_beside_the_text_passes_without_a_loop_over_rows(monkeypatch):
    def refuse(*_):
        raise AssertionError("a Python loop over the rows")

    monkeypatch.setattr(arrow, "_one_by_one", refuse)
    table = pa.table({"text": ["a"], "prompt": ["p"], "topic": ["x"], "lt_id": ["i"], "lt_decoding": ["{}"]})
    assert columns(read(table, by=["topic"]), "prompt", "by:topic", "lt_id") == {"prompt": ["p"], "by:topic": ["x"], "lt_id": ["i"]}


def test_what_is_not_unicode_beside_the_text_is_not_said(write):
    rows = b'{"text": "a", "topic": "\\ud800", "prompt": "\\ud800"}\n{"text": "b", "topic": "x", "prompt": "p"}\n'
    assert columns(read(write("a.jsonl", rows), by=["topic"]), "by:topic", "prompt") == {"by:topic": [None, "x"], "prompt": [None, "p"]}
    table = pa.table({"text": ["a", "b"], "topic": pa.array([b"\xff", b"x"])})
    assert columns(read(table, by=["topic"]), "by:topic") == {"by:topic": [None, "x"]}


def test_two_columns_of_the_name_asked_for_are_an_error():
    table = pa.Table.from_arrays([pa.array(["a"]), pa.array(["b"]), pa.array(["c"])], ["text", "topic", "topic"])
    with pytest.raises(ReadError, match="2 columns are named 'topic'"):
        texts(read(table, by=["topic"]))


def test_a_single_name_in_place_of_a_list_is_refused():
    with pytest.raises(UsageError, match=r"by='topic' is text, not a list of columns; write by=\['topic'\]"):
        read([{"text": "a"}], by="topic")


def test_batches_cut_anywhere_say_the_same(write, monkeypatch):
    rows = [{"text": f"d{at}", "prompt": f"p{at % 3}" if at % 4 else None, "topic": at % 5 if at % 2 else None} for at in range(40)]
    names = ("text", "prompt", "by:topic")
    whole = columns(read(rows, by=["topic"]), *names)
    from longtail.readers import intake

    for most in (1, 7):
        monkeypatch.setattr(intake, "MOST_DOCUMENTS", most)
        monkeypatch.setattr(arrow, "MOST_DOCUMENTS", most)
        assert columns(read(rows, by=["topic"]), *names) == whole
        assert columns(read(pa.Table.from_pylist(rows), by=["topic"]), *names) == whole
    assert whole["by:topic"][1] == json.dumps(1)


def test_a_moment_is_the_same_in_rows_and_in_arrow_whatever_its_zone_and_unit():
    naive = pa.table({"text": ["a", "b"], "lt_time": pa.array([1_741_138_200_123, None], pa.timestamp("ms"))})
    zoned = pa.table({"text": ["a", "b"], "lt_time": pa.array([1_741_138_200_123_456_789, None], pa.timestamp("ns", tz="America/Lima"))})
    days = pa.table({"text": ["a", "b"], "lt_time": pa.array([20_152, None], pa.date32())})
    rows = [{"text": "a", "lt_time": "2025-03-04T20:30:00-05:00"}, {"text": "b", "lt_time": "03/04/2025"}]
    for data in (naive, zoned, days, rows):
        (batch,) = read(data).batches()
        first, second = batch.column("lt_time").to_pylist()
        assert first.startswith("2025-03-05T") and second is None
        assert first.endswith(("Z", "+00:00"))


@pytest.mark.parametrize(
    ("name", "written", "said"),
    [
        ("lt_depth", [0, "2", 3.0, -1, 1.5, True, "deep", [1]], ["0", "2", "3", None, None, None, None, None]),
        ("lt_weight", [0, "0.5", 1.25, -1, float("nan"), float("inf"), "heavy", {}], ["0.0", "0.5", "1.25", None, None, None, None, None]),
        ("lt_time", ["2022", 1_700_000_000, "soon", True], ["2022-01-01T00:00:00+00:00", "2023-11-14T22:13:20+00:00", None, None]),
    ],
)
def test_a_value_that_cannot_be_is_not_stated(name, written, said):
    (batch,) = read([{"text": "a", name: value} for value in written]).batches()
    assert batch.column(name).to_pylist() == said
