"""Data sets read with all their columns: batches of rows, each row with its place.

Formats that hold records go through the readers of their kind; what becomes of a record there is replaced by `_Whole`.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq

from longtail.errors import ReadError, UsageError
from longtail.ledger.columns import CONTENT
from longtail.readers.arrow_files import check_end
from longtail.readers.columns import Choice, kind
from longtail.readers.files import guarded
from longtail.readers.formats import Part, formats
from longtail.readers.intake import MOST_BYTES, MOST_DOCUMENTS, Intake, Row
from longtail.readers.parquet import rows_at_once
from longtail.readers.quarantine import Quarantine
from longtail.readers.sources import locate

_CHATS = frozenset({"messages", "conversations"})
_WORKS = ("json", "csv", "parquet", "arrow")


class Rows(NamedTuple):
    """Rows of one file: all their columns, and the line (or row) of each."""

    path: str
    batch: pa.RecordBatch
    lines: Sequence[int | None]


def rows_of(data: Sequence[str], text_column: str | None, quarantine: Quarantine) -> Iterator[Rows]:
    """Yield the rows of files, globs and folders, in batches of at most 8192 and about 32 MiB.

    Raises:
        ReadError: A file cannot be read to its end.
        UsageError: A file is of a format that has no room for provenance.
    """
    parts = locate(list(data), None).parts
    for part in parts:
        if part.format not in _WORKS:
            raise UsageError(
                f"{part.path!r} is of the format {part.format!r}, which has no room for provenance columns; save it as JSON Lines"
            )
    for part in parts:
        with guarded(part.path):
            yield from _rows(part, text_column, quarantine)


def _rows(part: Part, text_column: str | None, quarantine: Quarantine) -> Iterator[Rows]:
    if part.format in ("parquet", "arrow"):
        row = 1
        for batch in _parquet(part.path) if part.format == "parquet" else _arrow(part.path):
            _check_names(part.path, batch.schema)
            for start in range(0, batch.num_rows, MOST_DOCUMENTS):
                piece = batch.slice(start, MOST_DOCUMENTS)
                yield Rows(part.path, piece, range(row, row + piece.num_rows))
                row += piece.num_rows
        return
    intake = _Whole(text_column, quarantine)
    for batch in formats[part.format].member(part, intake):
        yield Rows(part.path, batch, intake.lines)


def _parquet(path: str) -> Iterator[pa.RecordBatch]:
    with pq.ParquetFile(path) as file:
        yield from file.iter_batches(rows_at_once(file.metadata, file.schema_arrow.names), use_threads=False)


def _arrow(path: str) -> Iterator[pa.RecordBatch]:
    with pa.OSFile(path) as source:
        is_file = source.read(6) == b"ARROW1"
        if not is_file:
            check_end(path, source)
        source.seek(0)
        if is_file:
            reader = pa.ipc.open_file(source)
            yield from (reader.get_batch(index) for index in range(reader.num_record_batches))
        else:
            yield from pa.ipc.open_stream(source)


def _check_names(path: str, schema: pa.Schema) -> None:
    for name in schema.names:
        if schema.names.count(name) > 1:
            raise ReadError(path, f"{schema.names.count(name)} columns are named {name!r}", fix="rename all but one")


class _Whole(Intake):
    """An intake whose batches have all the columns of their records, with the lines of the latest batch beside it."""

    def __init__(self, text_column: str | None, quarantine: Quarantine) -> None:
        super().__init__(text_column)
        self.quarantine = quarantine
        self.lines: list[int | None] = []
        self._texts_in = [text_column] if text_column else [name for name in CONTENT if name not in _CHATS]

    def rows(self, path: str, rows: Iterable[Row], form: Choice | str) -> Iterator[pa.RecordBatch]:
        """Yield whole records as batches."""
        records: list[dict[str, Any]] = []
        lines: list[int | None] = []
        held = 0
        for line, record in rows:
            size = self._size_of(record, path, line)
            if size is None:
                continue
            if records and (len(records) >= MOST_DOCUMENTS or held + size > MOST_BYTES):
                yield self._gathered(path, records, lines)
                records, lines, held = [], [], 0
            assert isinstance(record, dict)
            records.append(record)
            lines.append(line)
            held += size
        if records:
            yield self._gathered(path, records, lines)

    def _gathered(self, path: str, records: list[dict[str, Any]], lines: list[int | None]) -> pa.RecordBatch:
        """Return records as a batch, without those whose content shares no type with that of the others."""
        for name in self._texts_in:
            found = [record.get(name) for record in records]
            if _fits(found):
                continue
            odd = {at for at, value in enumerate(found) if not isinstance(value, str | None)}
            for at in sorted(odd):
                self.quarantine.add(path, lines[at], f"column {name!r} holds what no column can hold beside that of other documents")
            records = [record for at, record in enumerate(records) if at not in odd]
            lines = [line for at, line in enumerate(lines) if at not in odd]
        self.lines = lines
        return table_of(records)

    def _size_of(self, record: object, path: str, line: int | None) -> int | None:
        """Return the bytes a record takes, about; None for one that is none, which is set aside."""
        if not isinstance(record, dict):
            self.quarantine.add(path, line, f"expected an object with columns, found {kind(record)}")
            return None
        try:
            return len(msgspec.json.encode(record))
        except UnicodeEncodeError:
            self.quarantine.add(path, line, "not valid Unicode")
        except (OverflowError, ValueError, RecursionError):
            self.quarantine.add(path, line, "holds a number that no column can hold, or is nested too deeply")
        return None


def table_of(records: Sequence[Mapping[str, Any]]) -> pa.RecordBatch:
    """Return records as a batch; where the values of a column have no type together, those that are no text become JSON text."""
    names = list(dict.fromkeys(name for record in records for name in record))
    return pa.RecordBatch.from_arrays([_column([record.get(name) for record in records]) for name in names], names)


def _fits(values: list[Any]) -> bool:
    return all(isinstance(value, str | None) for value in values) or _typed(values) is not None


def _typed(values: list[Any]) -> pa.Array | None:
    """Return values as a column, None where they have no type together that Parquet can store."""
    try:
        column = pa.array(values)
    except (pa.ArrowException, OverflowError, TypeError, ValueError):
        return None
    return column if _storable(column.type) else None


def _column(values: list[Any]) -> pa.Array:
    if (column := _typed(values)) is not None:
        return column
    texts = [value if isinstance(value, str | None) else json.dumps(value, ensure_ascii=False) for value in values]
    return pa.array(texts, pa.string())


def _storable(found: pa.DataType) -> bool:
    """Tell whether Parquet has a form for a type: a struct has members."""
    if pa.types.is_struct(found):
        return found.num_fields > 0 and all(_storable(field.type) for field in found)
    return not pa.types.is_list(found) or _storable(found.value_type)
