import csv
import json
import sqlite3
from contextlib import closing
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.errors import ReadError, UsageError
from longtail.readers import TableColumns, read, table_columns

RNG = np.random.default_rng(0)
COUNT = 200


def record(index):
    return {
        "row": index,
        "name": f"person {index}",
        "kind": ["a", "b", "c"][index % 3],
        "grade": index % 5,
        "age": (index * 37) % 90,
        "price": (index * 7919 % 1000) / 8,
        "half": (index % 4) / 2,
        "ok": index % 2 == 0,
        "day": f"2020-01-{index % 28 + 1:02}",
        "lt_origin": "human",
        "nothing": None,
        "code": f"0{index % 7}",
        "few": "x" if index % 10 == 0 else None,
        "one": "same",
    }


ROWS = [record(index) for index in range(COUNT)]
EXPECTED = TableColumns(("code", "few", "grade", "half", "kind", "ok", "one"), ("age", "price"), ())


def as_lines(write, rows):
    return write("a.jsonl", rows)


def as_array(write, rows):
    return write("a.json", json.dumps(rows, indent=1))


def as_parquet(write, rows):
    pq.write_table(pa.Table.from_pylist(rows), write("a.parquet", ""), row_group_size=30)
    return "a.parquet"


def as_arrow(write, rows):
    table = pa.Table.from_pylist(rows)
    with pa.ipc.new_file(write("a.arrow", ""), table.schema) as sink:
        sink.write_table(table)
    return "a.arrow"


def as_stream(write, rows):
    table = pa.Table.from_pylist(rows)
    with pa.ipc.new_stream(write("a.arrow", ""), table.schema) as sink:
        sink.write_table(table, max_chunksize=30)
    return "a.arrow"


def as_csv(write, rows):
    with open(write("a.csv", ""), "w", newline="", encoding="utf-8") as stream:
        sink = csv.DictWriter(stream, rows[0])
        sink.writeheader()
        sink.writerows(rows)
    return "a.csv"


def as_sqlite(write, rows):
    with closing(sqlite3.connect("a.db")) as connection:
        connection.execute("DROP TABLE IF EXISTS t")
        connection.execute(f"CREATE TABLE t ({', '.join(f'[{name}]' for name in rows[0])})")
        connection.executemany(f"INSERT INTO t VALUES ({', '.join('?' * len(rows[0]))})", [tuple(row.values()) for row in rows])
        connection.commit()
    return "a.db"


def as_memory(write, rows):
    return rows


def as_table(write, rows):
    return pa.Table.from_pylist(rows)


STORED = [as_lines, as_array, as_parquet, as_arrow, as_stream, as_csv, as_sqlite, as_memory, as_table]
FORMS = pytest.mark.parametrize("stored", STORED)


@FORMS
def test_columns_are_told_apart_alike_in_every_form(write, stored):
    assert table_columns(stored(write, ROWS)) == EXPECTED


@FORMS
def test_all_columns_found_can_be_read(write, stored):
    from longtail.readers import BY, Named

    data = stored(write, ROWS)
    found = table_columns(data)
    reading = read(data, by=[Named(name) for name in (*found.categories, *found.numbers)], rows=True)
    batches = list(reading.batches())
    assert sum(batch.num_rows for batch in batches) == COUNT
    assert [value for batch in batches for value in batch[BY + "age"].to_pylist()] == [str(row["age"]) for row in ROWS]


@pytest.mark.parametrize("stored", [as_lines, as_parquet, as_stream, as_memory, as_table])
def test_lists_of_numbers_are_vectors_and_other_lists_and_dates_nothing(write, stored):
    rows = [
        {"emb": [0.5, float(i)], "tags": ["a"], "kind": "x", "meta": {"lang": "en", "score": i * i % 83, "emb": [1.0]}} for i in range(100)
    ]
    expected = TableColumns(("kind", "meta.lang"), ("meta.score",), ("emb", "meta.emb"))
    assert table_columns(stored(write, rows)) == expected


def test_dates_of_arrow_are_none_of_them():
    table = pa.table({"day": [date(2020, 1, 1)] * 9, "time": pa.array([1] * 9, pa.timestamp("ns")), "kind": ["x"] * 9})
    assert table_columns(table) == TableColumns(("kind",), (), ())


@FORMS
def test_the_text_of_documents_and_what_it_answers_are_none_of_them(write, stored):
    rows = [{"text": "same", "prompt": "ask", "kind": "x"} for _ in range(10)]
    assert table_columns(stored(write, rows)) == TableColumns(("kind",), (), ())
    rows = [{"body": "same", "kind": "x"} for _ in range(10)]
    assert table_columns(stored(write, rows), text_column="body") == TableColumns(("kind",), (), ())


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([str(i % 40) for i in range(200)], "number"),
        ([f"{i % 40}.5" for i in range(200)], "number"),
        (["nan", "inf", "-inf", "NA", "", *[str(i / 8) for i in range(30)]], "number"),
        (["1e3", "nan"] * 30, "category"),
        ([f"{i:05}" for i in range(40)] * 5, "category"),
        ([f"1_{i}" for i in range(40)] * 5, "category"),
        ([i % 21 for i in range(200)], "number"),
        ([i % 20 for i in range(200)], "category"),
        ([*range(100)], None),
        ([*range(100, 0, -2)], None),
        ([str(i) for i in range(100)], None),
        ([*range(50), *range(50)], "number"),
        ([i / 2 for i in range(100)], "number"),
        ([1.5] * 30, "category"),
        ([float("nan")] * 30, None),
        ([float("nan"), 1.0, 2.0] * 10, "category"),
        ([True], None),
        ([True, True, True], "category"),
        (["a", "b"], None),
        (["a", "b", "a", "b"], None),
        (["a", "b", "a", "b", "a"], "category"),
        (["a", 1, "a", 1, True] * 3, "category"),
        (["20" + f"{i:02}-05" for i in range(10)] * 9, None),
        (["Sat, 21 Nov 2026 10:00:00 +0000"] * 9, None),
        (["2019", "2020"] * 9, "category"),
        ([f"c{i}" for i in range(1000)] * 3, "category"),
        ([f"c{i}" for i in range(1001)] * 3, None),
        (["9" * 5000, *[str(i * 3 % 101) for i in range(60)]], "number"),
        ([None, ""], None),
        ([b"x", b"\xff", b"x", b"x", b"x"], "category"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_a_column_is_follows_from_its_values(values, expected):
    found = table_columns([{"column": value} for value in values])
    assert found == TableColumns(("column",) * (expected == "category"), ("column",) * (expected == "number"), ())


def test_no_more_than_ten_thousand_records_are_looked_at(write):
    rows = [{"kind": "a"}] * 10_000 + [{"kind": f"c{i}", "late": "x"} for i in range(20_000)]
    for stored in (as_lines, as_parquet, as_memory):
        assert table_columns(stored(write, rows)) == TableColumns(("kind",), (), ())


def test_several_files_are_looked_at_in_their_order(write):
    write("d/b.jsonl", [{"kind": "b"}] * 9)
    pq.write_table(pa.table({"age": np.arange(30) % 25}), write("d/a.parquet", ""))
    assert table_columns("d") == TableColumns(("kind",), ("age",), ())


def test_a_hundred_thousand_classes_are_no_category():
    table = pa.table({"c": [f"class {i}" for i in range(100_000)] * 2})
    assert table_columns(table) == TableColumns((), (), ())


def test_arrays_and_pictures_have_the_columns_that_they_are_read_with(write):
    np.save("a.npy", np.zeros((3, 2)))
    assert table_columns("a.npy") == table_columns(np.zeros((3, 2))) == TableColumns((), (), ("features",))
    assert table_columns(write("p/a.png", b"x")) == TableColumns(("label",), (), ())


def test_what_can_be_read_once_is_refused():
    for data in ("-", (row for row in ROWS), pa.table({"a": [1]}).to_reader()):
        with pytest.raises(UsageError, match="read once"):
            table_columns(data)


def test_what_is_not_there_is_an_error():
    with pytest.raises(ReadError, match="no such file"):
        table_columns("absent.csv")


def test_columns_of_a_table_are_categories_numbers_or_vectors():
    n = 200
    table = pa.table({
        "state": ["ab"[i % 2] for i in range(n)], "size": [i * 0.37 % 5 for i in range(n)], "emb": [[float(i), 1.0] for i in range(n)],
        "name": [f"row number {i}" for i in range(n)], "lt_origin": ["human"] * n,
    })  # fmt: skip
    assert table_columns(table) == (("state",), ("size",), ("emb",))
