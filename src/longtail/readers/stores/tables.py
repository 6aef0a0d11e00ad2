"""Stores that are files of records: SQLite, Parquet and JSON."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq

from longtail.errors import ReadError
from longtail.readers.compression import open_bytes
from longtail.readers.json_array import scan
from longtail.readers.json_files import records
from longtail.readers.quarantine import Quarantine
from longtail.readers.stores.columns import Named, flat

Rows = Iterator[tuple[int | None, Any]]
Wanted = Iterable[str]

_TABLES = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
_WAL = 2
ORIGIN = "lt_origin"


def read_sqlite(path: Path, named: Named, wanted: Wanted, quarantine: Quarantine) -> Rows:
    """Yield the rows of one table, in the order the database gives them.

    It is the table named, else the only one with such a column, or the only one of those that has origins.

    Raises:
        ReadError: No table, or several, could be meant.
    """
    with closing(connect(path)) as connection:
        table = _table(connection, path, named, wanted)
        found = connection.execute(f"SELECT * FROM {_quoted(table)}")
        names = [each[0] for each in found.description]
        for number, row in enumerate(found, 1):
            yield number, flat(dict(zip(names, row, strict=True)))


def connect(path: Path) -> sqlite3.Connection:
    """Open a database so that nothing is written, not even the side files of its log where that log is empty.

    Raises:
        ReadError: It is no SQLite database.
    """
    log = path.with_name(f"{path.name}-wal")
    try:
        with path.open("rb") as stream:
            keeps_log = stream.read(20)[18:19] == bytes([_WAL])
        still = keeps_log and not (log.exists() and log.stat().st_size)
        address = f"file:{quote(os.path.abspath(path))}?mode=ro{'&immutable=1' if still else ''}"
        connection = sqlite3.connect(address, uri=True)
        connection.text_factory = _text
        connection.execute("SELECT name FROM sqlite_master LIMIT 1").fetchall()
    except (OSError, sqlite3.DatabaseError) as error:
        raise ReadError(str(path), f"cannot be read as SQLite: {error}", fix="check the file, or copy it again") from error
    return connection


def tables_of(connection: sqlite3.Connection) -> list[str]:
    """Return the names of tables and views, those of search indexes left out."""
    return [name for (name,) in connection.execute(_TABLES)]


def _table(connection: sqlite3.Connection, path: Path, named: Named, wanted: Wanted) -> str:
    tables = tables_of(connection)
    listed = ", ".join(tables) or "none"
    if named.table is not None:
        if named.table not in tables:
            raise ReadError(str(path), f"no table {named.table!r}; tables: {listed}", fix="choose one with --table NAME")
        return named.table
    known = frozenset([named.text] if named.text else wanted)
    fitting = _fitting(connection, tables, known)
    if len(fitting) != 1:
        what = f"{len(fitting)} tables have one of the columns {', '.join(sorted(known))}"
        raise ReadError(str(path), f"{what}; tables: {listed}", fix="choose one with --table NAME, and its text with --text-column NAME")
    return fitting[0]


def _fitting(connection: sqlite3.Connection, tables: list[str], known: frozenset[str]) -> list[str]:
    """Return the tables with such a column; of several those with origins, since a log beside a store has none."""
    columns = {table: {row[1] for row in connection.execute(f"PRAGMA table_info({_quoted(table)})")} for table in tables}
    fitting = [table for table in tables if known & columns[table]]
    return [table for table in fitting if ORIGIN in columns[table]] or fitting


def read_parquet(path: Path, named: Named, wanted: Wanted, quarantine: Quarantine) -> Rows:
    """Yield the rows of a Parquet file.

    Raises:
        ReadError: It cannot be read.
    """
    try:
        file = pq.ParquetFile(path)
        yield from of_batches(file.iter_batches())
    except (pa.ArrowException, OSError) as error:
        raise ReadError(str(path), f"cannot be read as Parquet: {error}", fix="check the file, or copy it again") from error


def of_batches(batches: Iterable[pa.RecordBatch]) -> Rows:
    """Yield the rows of Arrow batches with their numbers, from 1."""
    number = 0
    for batch in batches:
        for row in batch.to_pylist():
            number += 1
            yield number, flat(row)


def read_json(path: Path, named: Named, wanted: Wanted, quarantine: Quarantine) -> Rows:
    """Yield the records of JSON Lines or of a JSON array; what is no object is set aside."""
    with open_bytes(str(path)) as stream:
        found = scan(stream, str(path)) if stream.peek(1).lstrip()[:1] == b"[" else records(stream, str(path), quarantine)
        for number, row in found:
            if isinstance(row, dict):
                yield number, flat(row)
            else:
                quarantine.add(str(path), number, "no object")


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
