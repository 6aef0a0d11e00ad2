"""Data sets that are read several times, chunk by chunk.

Every pass yields the same documents in the same order, so that a document is known by its number in the pass.
"""

import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeAlias

import pyarrow as pa
import pyarrow.parquet as pq

from longtail.errors import ReadError, UsageError
from longtail.ledger.chunks import Chunk, Records, Table
from longtail.readers.arrow_files import check_end
from longtail.readers.columns import Choice, named
from longtail.readers.compression import open_bytes
from longtail.readers.files import guarded
from longtail.readers.formats import Part, formats
from longtail.readers.intake import MOST_BYTES, MOST_DOCUMENTS, Intake, Row
from longtail.readers.lines import numbered
from longtail.readers.parquet import rows_at_once
from longtail.readers.quarantine import Quarantine
from longtail.readers.sources import locate

READ = "JSON, CSV, TSV, Parquet, Arrow files, and folders that Hugging Face `save_to_disk` wrote"

Columns: TypeAlias = Callable[[str, pa.Schema], Sequence[str]]
"""Which columns to read of an Arrow or Parquet file, by its path and schema; the others are always read whole."""


class Stored:
    """Files that are one data set and are read several times; they may not change in between.

    Args:
        names: Files, folders, globs.

    Raises:
        ReadError: A name stands for nothing that can be read.
        UsageError: A file is of a format that has no columns.
    """

    def __init__(self, names: Sequence[str]) -> None:
        """Find the files."""
        for name in names:
            if not name or "\0" in name or name == "-":
                raise UsageError(f"{name!r} is not a file; what is read more than once is a file, a folder or a glob")
        found = locate(names, None)
        self.parts, self.notes = found.parts, found.notes
        for part in self.parts:
            if part.format not in _READERS:
                raise UsageError(f"{part.path!r} is of the format {part.format!r}, without room for provenance columns; read are {READ}")
        self._states = {part.path: _state(part.path) for part in self.parts}

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the files."""
        return tuple(part.path for part in self.parts)

    def schemas(self) -> dict[str, pa.Schema]:
        """Return the schema of each Arrow or Parquet file."""
        return {part.path: schema_of(part) for part in self.parts if part.format in ("arrow", "parquet")}

    def chunks(self, columns: Columns | None = None, quarantine: Quarantine | None = None, only: str | None = None) -> Iterator[Chunk]:
        """Yield all documents.

        Args:
            columns: Which columns to read where a format lets one choose; None reads all.
            quarantine: Takes what is no row at all.
            only: The one file to read.

        Raises:
            ReadError: A file cannot be read to its end, or has changed.
        """
        for part in [part for part in self.parts if only in (None, part.path)]:
            with guarded(part.path):
                yield from _READERS[part.format](part, columns, quarantine if quarantine is not None else Quarantine())
            if _state(part.path) != self._states[part.path]:
                raise ReadError(part.path, "changed while it was read", fix="start again once nothing writes to it")


def _state(path: str) -> tuple[int, int]:
    with guarded(path):
        state = os.stat(path)
        return state.st_size, state.st_mtime_ns


class _Whole(Intake):
    """An intake that keeps records whole."""

    def __init__(self, quarantine: Quarantine) -> None:
        super().__init__()
        self.quarantine = quarantine

    def choose(self, path: str, records: list[Any]) -> Choice:
        """Choose nothing: every column is kept."""
        return named("text")

    def rows(self, path: str, rows: Iterable[Row], form: Choice | str) -> Iterator[Any]:
        """Yield chunks of records."""
        yield from _gathered(path, ((line, record, _weight(record)) for line, record in rows))


def _weight(record: object) -> int:
    values = record.values() if isinstance(record, dict) else ()
    return sum(len(value) for value in values if isinstance(value, str))


def _gathered(path: str, rows: Iterable[tuple[int | None, object, int]]) -> Iterator[Records]:
    """Yield documents, each with its bytes, in chunks that are bounded by number and by bytes."""
    held: list[Row] = []
    size = 0
    for line, record, weight in rows:
        if held and (len(held) >= MOST_DOCUMENTS or size + weight > MOST_BYTES):
            yield Records(path, held)
            held, size = [], 0
        held.append((line, record))
        size += weight
    if held:
        yield Records(path, held)


def _json(part: Part, columns: Columns | None, quarantine: Quarantine) -> Iterator[Chunk]:
    with open_bytes(part.path) as stream:
        start = stream.peek(1).lstrip()
        spread = start[:1] == b"[" or start.partition(b"\n")[0].strip() == b"{"
        if not spread:
            yield from _gathered(part.path, _lines(stream, part.path, quarantine))
    if spread:
        yield from _through_intake(part, columns, quarantine)


def _lines(stream: io.BufferedReader, path: str, quarantine: Quarantine) -> Iterator[tuple[int | None, object, int]]:
    return ((number, line, len(line)) for number, line in numbered(stream, path, quarantine) if not line.isspace())


def _through_intake(part: Part, columns: Columns | None, quarantine: Quarantine) -> Iterator[Any]:
    yield from formats[part.format].member(part, _Whole(quarantine))


def _parquet(part: Part, columns: Columns | None, quarantine: Quarantine) -> Iterator[Chunk]:
    with pq.ParquetFile(part.path, pre_buffer=False) as file:
        names = _chosen(part, file.schema_arrow, columns)
        yield from _tables(part.path, file.iter_batches(rows_at_once(file.metadata, names), columns=names, use_threads=False))


def _arrow(part: Part, columns: Columns | None, quarantine: Quarantine) -> Iterator[Chunk]:
    with pa.OSFile(part.path) as source:
        schema = schema_of(part)
        names = _chosen(part, schema, columns)
        options = pa.ipc.IpcReadOptions(included_fields=sorted(map(schema.get_field_index, names)), use_threads=False)
        if source.read(6) == b"ARROW1":
            source.seek(0)
            file = pa.ipc.open_file(source, options=options)
            yield from _tables(part.path, (file.get_batch(index) for index in range(file.num_record_batches)))
        else:
            check_end(part.path, source)
            source.seek(0)
            yield from _tables(part.path, pa.ipc.open_stream(source, options=options))


def schema_of(part: Part) -> pa.Schema:
    """Return the schema of an Arrow or Parquet file.

    Raises:
        ReadError: It cannot be read, or two columns have one name.
    """
    with guarded(part.path):
        if part.format == "parquet":
            schema = pq.read_schema(part.path)
        else:
            with pa.OSFile(part.path) as source:
                is_file = source.read(6) == b"ARROW1"
                source.seek(0)
                schema = (pa.ipc.open_file(source) if is_file else pa.ipc.open_stream(source)).schema
    twice = [name for name in schema.names if schema.names.count(name) > 1]
    if twice:
        raise ReadError(part.path, f"{len(twice)} columns are named {twice[0]!r}", fix="rename all but one")
    return schema


def _chosen(part: Part, schema: pa.Schema, columns: Columns | None) -> list[str]:
    return list(schema.names if columns is None else columns(part.path, schema))


def _tables(path: str, batches: Iterable[pa.RecordBatch]) -> Iterator[Table]:
    first = 1
    for whole in batches:
        for start in range(0, whole.num_rows, MOST_DOCUMENTS):
            batch = whole.slice(start, MOST_DOCUMENTS)
            yield Table(path, batch, first)
            first += batch.num_rows


_READERS: dict[str, Callable[[Part, Columns | None, Quarantine], Iterator[Any]]] = {
    "json": _json,
    "csv": _through_intake,
    "parquet": _parquet,
    "arrow": _arrow,
}
