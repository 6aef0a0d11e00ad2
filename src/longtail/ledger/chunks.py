"""Documents as data sets store them, with all their columns: chunks of a text format, or of Arrow batches."""

import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any, TypeAlias

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from longtail.readers.columns import kind
from longtail.readers.intake import Row
from longtail.readers.quarantine import Unfit

Record: TypeAlias = dict[str, Any]


class Records:
    """Documents of a text format.

    Args:
        path: Their file.
        rows: Line and line as it is written, or line and decoded value, of each document.
    """

    def __init__(self, path: str, rows: Sequence[Row]) -> None:
        """Take the documents; nothing is decoded yet."""
        self.path = path
        self.rows = rows

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.rows)

    @cached_property
    def records(self) -> list[Record | Unfit]:
        """Return the documents as records; in place of one that is none, the reason."""
        return [_record(row[1]) for row in self.rows]

    def places(self) -> list[int | None]:
        """Return the line of each document."""
        return [line for line, _ in self.rows]

    def line(self, at: int) -> bytes | None:
        """Return a document as it is written, None where it does not stand on a line of its own."""
        written = self.rows[at][1]
        return written if isinstance(written, bytes) else None

    def take(self, chosen: Sequence[int]) -> "Records":
        """Return some of the documents."""
        return Records(self.path, [self.rows[at] for at in chosen])


class Table:
    """Documents of an Arrow batch.

    Args:
        path: Their file.
        batch: The columns that were read.
        first: Row of the first document, from 1.
    """

    def __init__(self, path: str, batch: pa.RecordBatch, first: int) -> None:
        """Take the documents."""
        self.path, self.batch, self.first = path, batch, first

    def __len__(self) -> int:
        """Return the number of documents."""
        return int(self.batch.num_rows)

    @cached_property
    def records(self) -> list[Record | Unfit]:
        """Return the documents as records; in place of one that has no such form, the reason."""
        coarse = pa.RecordBatch.from_arrays([_coarse(column) for column in self.batch.columns], self.batch.schema.names)
        try:
            found: list[Record | Unfit] = coarse.to_pylist()
        except (ValueError, OverflowError):
            return [_alone(coarse.slice(at, 1)) for at in range(len(self))]
        return found

    def places(self) -> list[int | None]:
        """Return the row of each document."""
        return list(range(self.first, self.first + len(self)))

    def only(self, names: Sequence[str]) -> "Table":
        """Return the same documents with some of their columns."""
        return Table(self.path, self.batch.select([name for name in names if name in self.batch.schema.names]), self.first)

    def take(self, chosen: Sequence[int]) -> "Table":
        """Return some of the documents."""
        return Table(self.path, self.batch.take(pa.array(chosen, pa.int64())), self.first)


Chunk: TypeAlias = Records | Table


def _record(written: object) -> Record | Unfit:
    """Decode a line, also what Python writes and JSON does not allow: NaN, Infinity."""
    value = written
    if isinstance(written, bytes):
        try:
            value = msgspec.json.decode(written)
        except (ValueError, RecursionError) as error:
            try:
                value = json.loads(written)
            except (ValueError, RecursionError):
                return Unfit(f"malformed JSON: {str(error).removeprefix('JSON is malformed: ')}")
    return value if isinstance(value, dict) else Unfit(f"expected an object with columns, found {kind(value)}")


def _coarse(column: pa.Array) -> pa.Array:
    """Return times in microseconds, which Python can hold; anything else as it is."""
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        return pc.cast(column, pa.timestamp("us", column.type.tz), safe=False)
    return column


def _alone(row: pa.RecordBatch) -> Record | Unfit:
    try:
        record: Record = row.to_pylist()[0]
    except (ValueError, OverflowError) as error:
        return Unfit(f"a value that cannot be read: {str(error).splitlines()[0][:200]}")
    return record
