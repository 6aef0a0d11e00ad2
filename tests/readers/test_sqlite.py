import os
import sqlite3

import pytest

from longtail.errors import ReadError
from longtail.readers import read

from .readers_help import set_aside, texts


def database(name, **tables):
    with sqlite3.connect(name) as connection:
        for table, rows in tables.items():
            connection.execute(f'CREATE TABLE "{table}" (id INTEGER, text, lt_origin TEXT)')
            connection.executemany(f'INSERT INTO "{table}" VALUES (?, ?, ?)', [(i, row, "human") for i, row in enumerate(rows)])
    connection.close()
    return name


@pytest.mark.parametrize("suffix", [".db", ".sqlite", ".sqlite3", ".unknown"])
def test_the_one_table_of_a_database_is_read(write, suffix):
    reading = read(database(f"a{suffix}", posts=["one", None, b"blob \xc3\xa9", b"\xff", 5, "", "a\0b"]))
    (batch,) = reading.batches()
    assert batch.to_pydict() == {"text": ["one", "blob é", "a\0b"], "lt_origin": ["human"] * 3}
    assert [line for line, _ in set_aside(reading)] == [2, 4, 5, 6]
    assert [reason.split(":")[0] for _, reason in set_aside(reading)] == [
        "expected text, found null",
        "invalid UTF-8",
        "expected text, found number",
        "empty document",
    ]


def test_one_of_several_tables_has_to_be_chosen(write):
    name = database("a.db", posts=["one"], users=["two"])
    with pytest.raises(ReadError, match=r"a\.db: has 2 tables: posts, users; choose one with --table NAME"):
        texts(read(name))
    assert texts(read(name, table="users")) == ["two"]
    with pytest.raises(ReadError, match=r"no table 'pots'; tables: posts, users; did you mean 'posts'\?"):
        texts(read(name, table="pots"))


def test_a_database_without_the_column_names_those_it_has(write):
    with sqlite3.connect("a.db") as connection:
        connection.execute("CREATE TABLE t (id INTEGER, body TEXT)")
        connection.execute("INSERT INTO t VALUES (1, 'one')")
    connection.close()
    with pytest.raises(ReadError, match=r"a\.db: no column with text.*columns: id, body"):
        texts(read("a.db"))
    assert texts(read("a.db", text_column="body")) == ["one"]


@pytest.mark.parametrize(("data", "says"), [("not a database, but long" * 60, "is not an SQLite database"), ("", "0 tables")])
def test_what_is_no_database_is_an_error_that_names_it(write, data, says):
    with pytest.raises(ReadError, match=rf"a\.db: .*{says}"):
        texts(read(write("a.db", data)))


def test_a_damaged_database_is_an_error(write):
    name = database("a.db", posts=["text " * 100 + str(i) for i in range(500)])
    with open(name, "r+b") as stream:
        stream.seek(20_000)
        stream.write(b"\xaa" * 100_000)
    with pytest.raises(ReadError, match=r"a\.db: cannot be read to its end"):
        texts(read(name))


def test_a_database_is_not_changed_by_reading_it(write):
    name = database("a.db", posts=["one"])
    os.chmod(name, 0o444)
    before = read(name).sha256
    assert texts(read(name)) == ["one"]
    assert (read(name).sha256, os.listdir(".")) == (before, ["a.db"])


def test_names_of_tables_and_columns_are_quoted_and_a_view_is_a_table(write):
    with sqlite3.connect("a.db") as connection:
        connection.execute('CREATE TABLE "odd "" name" (id INTEGER, "text" TEXT, "by ""x""" TEXT)')
        connection.execute('INSERT INTO "odd "" name" VALUES (1, ?, ?)', ("one", "k"))
        connection.execute('CREATE VIEW seen AS SELECT upper("text") AS text FROM "odd "" name"')
    connection.close()
    (batch,) = read("a.db", table='odd " name', by=['by "x"']).batches()
    assert batch.to_pydict() == {"text": ["one"], 'by:by "x"': ["k"]}
    assert texts(read("a.db", table="seen")) == ["ONE"]


def test_an_unknown_table_without_a_likeness_and_a_path_with_odd_signs(write):
    name = database("a#b?c%20.db", posts=["one"])
    assert texts(read(name)) == ["one"]
    with pytest.raises(ReadError, match=r"no table 'zzz'; tables: posts; choose one with --table NAME"):
        texts(read(name, table="zzz"))


def test_rows_of_a_database_are_documents_with_all_columns_where_that_is_asked_for(write):
    with sqlite3.connect("a.db") as connection:
        connection.execute("CREATE TABLE t (kind TEXT, size REAL)")
        connection.executemany("INSERT INTO t VALUES (?, ?)", [("a", 0.5), (None, None), ("b", 2)])
    connection.close()
    reading = read("a.db", rows=True)
    assert texts(reading) == ['{"kind":"a","size":0.5}', '{"kind":"b","size":2.0}']
    assert (reading.kind, set_aside(reading)) == ("row", [(2, "empty row: no column has a value")])
