"""Digests of rows: what makes an altered or a missing row show.

A row's digest is the SHA-256 of its values as text, whatever the file that holds it, so that it outlives compaction. The root
of an append is the SHA-256 of its digests in order: it depends on which rows there are, not on how they lie.
"""

import hashlib
import io
from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from longtail.ledger.store.tables import TABLES, key

_SHORT = 16
"""Hexadecimal digits of a digest that are kept beside the key, to name a row by; roots rest on all 64."""


class Root(NamedTuple):
    """The rows of one append: how many, and the root of their digests."""

    batch: str
    rows: int
    root: str


def digested(table: str, relation: str) -> str:
    """Return the query for key, append and digest of the rows of a relation, in order of append and digest."""
    schema = TABLES[table]
    texts = ", ".join(map(_text, schema))
    return (
        f"SELECT {key(table)} AS key, batch, sha256(to_json([{texts}])::VARCHAR) AS digest "
        f"FROM {relation} ORDER BY batch, digest"
    )  # fmt: skip


def _text(field: pa.Field) -> str:
    """Return the exact value of a column as text: times as microseconds, numbers with a fraction in base 16."""
    if pa.types.is_timestamp(field.type):
        return f"epoch_us({field.name})::VARCHAR"
    if pa.types.is_floating(field.type):
        return f"format('{{:a}}', {field.name}::DOUBLE)"
    return f"hex({field.name})" if pa.types.is_binary(field.type) else f"{field.name}::VARCHAR"


def roots(connection: duckdb.DuckDBPyConnection, table: str, relation: str) -> Iterator[Root]:
    """Yield the root of each append whose rows a relation holds."""
    reader = connection.sql(f"SELECT batch, digest FROM ({digested(table, relation)})").to_arrow_reader()
    pairs = ((batch, digest) for found in reader for batch, digest in zip(*(column.to_pylist() for column in found.columns), strict=True))
    for batch, group in groupby(pairs, lambda pair: pair[0]):
        rows, root = root_of(digest for _, digest in group)
        yield Root(batch, rows, root)


def root_of(digests: Iterator[str]) -> tuple[int, str]:
    """Return how many digests there are, and their root."""
    rows, found = 0, hashlib.sha256()
    for digest in digests:
        found.update(digest.encode())
        rows += 1
    return rows, found.hexdigest()


def sealed(connection: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> tuple[str, bytes]:
    """Return the root of the rows of an append, and their keys and shortened digests as a Parquet file."""
    connection.register("appended", rows)
    try:
        found = connection.sql(
            f"SELECT key, digest, unhex(substr(digest, 1, {_SHORT})) AS short FROM ({digested(table, 'appended')})"
        ).to_arrow_table()
    finally:
        connection.unregister("appended")
    sink = io.BytesIO()
    pq.write_table(pa.table({"key": found["key"], "digest": found["short"]}), sink, compression="zstd", use_dictionary=False)
    return root_of(iter(found["digest"].to_pylist()))[1], sink.getvalue()


def unlike(
    connection: duckdb.DuckDBPyConnection, table: str, relation: str, batch: str, leaves: bytes
) -> tuple[list[str], list[str], list[str]]:
    """Return the keys of the rows of an append that are altered, missing and surplus.

    Raises:
        pyarrow.ArrowException: The leaves cannot be read.
    """
    connection.register("leaves", pq.read_table(io.BytesIO(leaves)))
    quoted = batch.replace("'", "''")
    here = f"(SELECT key, unhex(substr(digest, 1, {_SHORT})) AS digest FROM ({digested(table, relation)}) WHERE batch = '{quoted}')"
    try:
        found = connection.sql(f"(SELECT key, 1 AS side FROM (FROM leaves EXCEPT ALL FROM {here})) UNION ALL "
                               f"(SELECT key, 0 AS side FROM (FROM {here} EXCEPT ALL FROM leaves))").fetchall()  # fmt: skip
    finally:
        connection.unregister("leaves")
    was, now = ({key for key, side in found if side == wanted} for wanted in (1, 0))
    return sorted(was & now), sorted(was - now), sorted(now - was)
