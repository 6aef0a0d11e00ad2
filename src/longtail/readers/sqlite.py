"""SQLite: the rows of one table or view, opened read-only, in the order the database gives them."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from difflib import get_close_matches
from urllib.parse import quote

import pyarrow as pa

from longtail.errors import ReadError
from longtail.readers.formats import Part, formats
from longtail.readers.intake import Intake, Row

_TABLES = "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY name"


@formats.add("sqlite", suffixes=".db .sqlite .sqlite3", holds="records")
def read_sqlite(part: Part, intake: Intake) -> Iterator[pa.RecordBatch]:
    """Read the text column of one table and what stands beside it; text and blobs are taken as UTF-8."""
    address = f"file:{quote(os.path.abspath(part.path))}?mode=ro"
    with closing(sqlite3.connect(address, uri=True)) as connection:
        connection.text_factory = bytes
        table = _table(connection, part)
        names = [row[1].decode() for row in connection.execute(f"PRAGMA table_info({_quoted(table)})")]
        choice = intake.choose(part.path, [dict.fromkeys(names, "")])
        wanted = {choice.key, *(key for field in intake.fields(choice) for key in field.keys)}
        columns = names if choice.row else [name for name in names if name in wanted]
        yield from intake.rows(part.path, _rows(connection, table, columns), choice)


def _rows(connection: sqlite3.Connection, table: str, columns: list[str]) -> Iterator[Row]:
    query = f"SELECT {', '.join(map(_quoted, columns))} FROM {_quoted(table)}"
    for number, row in enumerate(connection.execute(query), 1):
        yield number, dict(zip(columns, row, strict=True))


def _table(connection: sqlite3.Connection, part: Part) -> str:
    try:
        tables: list[str] = [name.decode() for (name,) in connection.execute(_TABLES)]
    except sqlite3.DatabaseError as error:
        raise ReadError(part.path, f"is not an SQLite database: {error}", fix="check the file, or copy it again") from error
    listed = ", ".join(tables) or "none"
    if part.table is None:
        if len(tables) == 1:
            return tables[0]
        fix = "choose one with --table NAME" if tables else "name a database that holds documents"
        raise ReadError(part.path, f"has {len(tables)} tables: {listed}", fix=fix)
    if part.table not in tables:
        near = get_close_matches(part.table, tables, n=1, cutoff=0.6)
        hint = f"did you mean {near[0]!r}?" if near else "choose one with --table NAME"
        raise ReadError(part.path, f"no table {part.table!r}; tables: {listed}", fix=hint)
    return part.table


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
