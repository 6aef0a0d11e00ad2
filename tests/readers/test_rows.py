import json
import math
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.errors import ReadError
from longtail.readers import BY, Named, Vector, read, vectors_of
from longtail.readers.quarantine import Unfit
from longtail.readers.rows import names_of, text_of_row, texts_of_rows, with_vectors

from .readers_help import set_aside, texts

ROWS = [
    {"kind": "b", "age": 3, "price": 1.5, "sold": True, "lt_origin": "human"},
    {"kind": None, "age": -1, "price": 1e20, "sold": False, "lt_origin": None},
    {"kind": 'say "ü"', "age": None, "price": None, "sold": None, "lt_origin": None},
]
TEXTS = ['{"age":3,"kind":"b","price":1.5,"sold":true}', '{"age":-1,"price":1e20,"sold":false}', '{"kind":"say \\"ü\\""}']


def as_lines(write, rows):
    return write("a.jsonl", rows)


def as_parquet(write, rows):
    pq.write_table(pa.Table.from_pylist(rows), write("a.parquet", ""))
    return "a.parquet"


def as_memory(write, rows):
    return rows


def as_table(write, rows):
    return pa.Table.from_pylist(rows)


FORMS = pytest.mark.parametrize("stored", [as_lines, as_parquet, as_memory, as_table])


@FORMS
def test_a_row_is_its_columns_as_json_by_name_without_nulls_and_provenance(write, stored):
    reading = read(stored(write, ROWS), rows=True)
    assert texts(reading) == TEXTS
    assert reading.kind == "row"
    assert reading.content == "rows of a table: kind, age, price, sold"
    (batch,) = read(stored(write, ROWS), by=(Named("age"), "kind"), rows=True).batches()
    assert batch[BY + "age"].to_pylist() == ["3", "-1", None]
    assert batch["lt_origin"].to_pylist() == ["human", None, None]


@FORMS
def test_a_row_is_the_document_only_where_no_text_is_recognised(write, stored):
    reading = read(stored(write, [{"text": "one", "age": 3}]), rows=True)
    assert texts(reading) == ["one"]
    assert reading.kind == "text"
    with pytest.raises(ReadError, match="no column 'body'"):
        texts(read(stored(write, ROWS), "body", rows=True))


@FORMS
def test_without_the_option_a_table_without_text_is_an_error_that_names_it(write, stored):
    with pytest.raises(ReadError, match="no column with text was recognised.*--text-column NAME.*--view table"):
        texts(read(stored(write, ROWS)))


@FORMS
def test_a_row_without_any_value_is_set_aside(write, stored):
    reading = read(stored(write, [{"a": 1, "b": ""}, {"a": None, "b": " "}, {"a": 2, "b": "x"}]), rows=True)
    assert texts(reading) == ['{"a":1}', '{"a":2,"b":"x"}']
    assert set_aside(reading) == [(2, "empty row: no column has a value")]


@FORMS
def test_vectors_that_were_asked_for_follow_other_columns_as_the_name_of_an_array(write, stored):
    rows = [{"a": 1, "emb": [1.0, 2.0], "other": [1, 2]}, {"a": None, "emb": [1.0, 3.0], "other": []}]
    (batch,) = read(stored(write, rows), by=(Vector("emb"),), rows=True).batches()
    first, second = texts(read(np.array([[1.0, 2.0], [1.0, 3.0]])))
    assert batch["text"].to_pylist() == ['{"a":1} ' + first, second]
    assert texts(read(stored(write, rows[:1]), rows=True)) == ['{"a":1}']
    assert vectors_of(batch["vector:emb"]).tolist() == [[1, 2], [1, 3]]


@FORMS
def test_rows_of_nothing_but_a_vector_are_named_as_the_rows_of_an_array_are(write, stored):
    array = np.random.default_rng(0).standard_normal((30, 4)).astype(np.float32)
    array[3] = array[4] = 0
    array[4, 0] = -0.0
    rows = [{"emb": [float(part) for part in row]} for row in array]
    rows.insert(5, {"emb": None})
    reading = read(stored(write, rows), by=(Vector("emb"),), rows=True)
    found = texts(reading)
    assert found == texts(read(array))
    assert found[3] == found[4]
    assert set_aside(reading) == [(6, "empty row: no column has a value")]


@FORMS
def test_rows_with_a_vector_of_another_length_are_set_aside(write, stored):
    rows = [{"a": 1, "emb": [1.0]}, {"a": 1, "emb": [1.0, 2.0]}, {"a": None, "emb": [1.0, 2.0]}]
    reading = read(stored(write, rows), by=(Vector("emb"),), rows=True)
    assert [text.split()[0] for text in texts(reading)] == ['{"a":1}']
    assert [reason for _, reason in set_aside(reading)] == ["expected 1 numbers in vector column 'emb', as in the first, found 2"] * 2


@FORMS
def test_rows_of_several_vectors_are_told_apart_by_all(write, stored):
    rows = [{"a": [1.0], "b": [2.0]}, {"a": [1.0], "b": [3.0]}, {"a": [1.0], "b": None}, {"a": [1.0], "b": [2.0]}]
    found = texts(read(stored(write, rows), by=(Vector("a"), Vector("b")), rows=True))
    assert len(set(found)) == 3
    assert found[0] == found[3]


def test_numbers_that_are_none_or_infinite_are_told_apart_from_nulls():
    table = pa.table({"a": [1.0] * 4, "b": pa.array([float("nan"), float("inf"), -float("inf"), None])})
    assert [json.loads(text).get("b") for text in texts(read(table, rows=True))] == ["nan", "inf", "-inf", None]


def test_csv_and_sqlite_rows_are_read(write):
    path = write("a.csv", "b,a,c\nx,1,\n,,\ny,nan,inf\n")
    reading = read(path, rows=True, by=(Named("a"),))
    assert texts(reading) == ['{"a":"1","b":"x"}', '{"a":"nan","b":"y","c":"inf"}']
    assert set_aside(reading) == [(3, "empty row: no column has a value")]
    with closing(sqlite3.connect("a.db")) as connection:
        connection.execute("CREATE TABLE t (b TEXT, a INTEGER, c REAL, d BLOB)")
        connection.execute("INSERT INTO t VALUES ('x', 1, 2.5, x'ff')")
        connection.commit()
    assert texts(read("a.db", rows=True)) == ['{"a":1,"b":"x","c":2.5,"d":"\\\\xff"}']


def test_arrow_values_of_any_kind_are_written():
    table = pa.table({
        "day": [date(2020, 1, 2)],
        "time": pa.array([datetime(2020, 1, 2, 3, tzinfo=UTC)], pa.timestamp("ns", "UTC")),
        "span": pa.array([7], pa.duration("ns")),
        "tags": [["a", "b"]],
        "meta": [{"z": 1, "y": None}],
        "coded": pa.array(["k"]).dictionary_encode(),
        "amount": pa.array(["1.50"]).cast(pa.decimal128(5, 2)),
    })  # fmt: skip
    (text,) = texts(read(table, rows=True))
    assert json.loads(text) == {
        "amount": "1.50",
        "coded": "k",
        "day": "2020-01-02",
        "meta": {"y": None, "z": 1},
        "span": 7,
        "tags": ["a", "b"],
        "time": "2020-01-02 03:00:00.000000000Z",
    }


@pytest.mark.parametrize("value", ["\ud800", {1: {2: 3}, (1, 2): 4}])
def test_a_row_that_json_cannot_hold_is_set_aside(value):
    reading = read([{"a": value}, {"a": 1}], rows=True)
    assert texts(reading) == ['{"a":1}']
    assert set_aside(reading)[0][1].startswith("the row ")


def test_a_table_whose_columns_are_repeated_is_refused():
    with pytest.raises(ReadError, match="2 columns are named 'a'"):
        texts(read(pa.table([[1], [2]], names=["a", "a"]), rows=True))


def test_a_row_is_its_columns_in_order_without_what_it_lacks():
    row = {"b": 2, "a": "x", "none": None, "blank": " ", "lt_id": "1", "vector": [1.0, 2.0], "odd": math.inf}
    assert text_of_row(row) == '{"a":"x","b":2,"odd":"inf"}'
    table = pa.record_batch({"b": [2], "a": ["x"], "none": pa.nulls(1), "vector": [[1.0, 2.0]]})
    assert texts_of_rows(table)[0].to_pylist() == ['{"a":"x","b":2}']


def test_rows_alike_are_told_apart_by_the_vectors_that_were_asked_for():
    one, other = (np.array(values, "<f4").tobytes() for values in ([1, 2], [1, 3]))
    assert with_vectors("{}", [one]) != with_vectors("{}", [other]) == with_vectors("{}", [other, None])
    assert with_vectors("{}", []) == "{}"
    with pytest.raises(Unfit, match="empty row"):
        with_vectors("", [None])


def test_rows_of_equal_numbers_have_one_name():
    names = names_of(np.array([[0.0, np.nan], [-0.0, np.nan], [1.0, 2.0]], np.float32))
    assert names[0] == names[1] != names[2] and all(name.startswith("row ") for name in names)
