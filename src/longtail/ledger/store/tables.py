"""The tables of a ledger and what a row of each says.

Facts are narrow; what comes later or in numbers (parents, verdicts, nodes of the lineage graph, signatures) lies beside them,
so that no row is ever written again. The first column of each table is its key.
"""

import pyarrow as pa

from longtail.ledger.columns import SCHEMA

FORMAT = 1
"""Version of the layout. A ledger of a later one is refused."""

_PLAIN = [field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field for field in SCHEMA if field.name != "lt_parents"]
_MOMENT = pa.timestamp("us", tz="UTC")
BATCH = pa.field("batch", pa.string(), nullable=False)
"""The append that wrote a row."""

ROWS = pa.schema(
    [
        *_PLAIN,
        pa.field("dataset", pa.string()),
        pa.field("revision", pa.int32(), nullable=False),
        pa.field("note", pa.string()),
        BATCH,
    ]
)
"""What was stated of a document; `revision` is 0, or for a correction one more than those it supersedes, `note` says why."""

TABLES: dict[str, pa.Schema] = {
    "rows": ROWS,
    "parents": pa.schema([pa.field("lt_id", pa.string(), nullable=False), pa.field("parent", pa.string(), nullable=False), BATCH]),
    "verdicts": pa.schema(
        [
            pa.field("lt_id", pa.string(), nullable=False),
            pa.field("moment", pa.string()),
            pa.field("name", pa.string(), nullable=False),
            pa.field("version", pa.string()),
            pa.field("status", pa.string(), nullable=False),
            pa.field("score", pa.float64()),
            pa.field("reason", pa.string()),
            pa.field("matched_id", pa.string()),
            pa.field("time", _MOMENT),
            BATCH,
        ]
    ),
    "nodes": pa.schema([pa.field("node", pa.string(), nullable=False), pa.field("body", pa.string(), nullable=False), BATCH]),
    "signatures": pa.schema(
        [
            pa.field("lt_id", pa.string(), nullable=False),
            pa.field("text_hash", pa.int64()),
            pa.field("signature", pa.binary()),
            BATCH,
        ]
    ),
}
SIDES = tuple(name for name in TABLES if name != "rows")
CONFIGURATION = {
    "delta.logRetentionDuration": "interval 36500 days",
    "delta.deletedFileRetentionDuration": "interval 36500 days",
    "delta.dataSkippingNumIndexedCols": "1",
}
"""Old versions stay readable: nothing expires. The log holds least and greatest values of the key alone, which keeps it short."""


def key(table: str) -> str:
    """Return the column by which rows of a table are named."""
    return str(TABLES[table].field(0).name)


def conformed(schema: pa.Schema, rows: pa.Table) -> pa.Table:
    """Return rows with the columns and types of a schema, in its order; absent columns are null.

    Raises:
        pyarrow.ArrowInvalid: A value has no such type.
    """
    columns = [
        rows.column(field.name).cast(field.type) if field.name in rows.schema.names else pa.nulls(rows.num_rows, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)
