"""Arrow IPC files (`.arrow`), as Hugging Face data sets store them: the stream layout, or the file layout."""

import os
from collections.abc import Iterator

import pyarrow as pa

from longtail.errors import ReadError
from longtail.readers.arrow import documents, open_columns
from longtail.readers.formats import Part, formats
from longtail.readers.intake import Intake


@formats.add("arrow", suffixes=".arrow", holds="records")
def read_arrow(part: Part, intake: Intake) -> Iterator[pa.RecordBatch]:
    """Read an Arrow IPC stream or file batch by batch, only the columns that are needed."""
    with pa.OSFile(part.path) as source:
        if source.read(6) == b"ARROW1":
            yield from _file(part.path, source, intake)
        else:
            check_end(part.path, source)
            yield from _stream(part.path, source, intake)


def _file(path: str, source: pa.NativeFile, intake: Intake) -> Iterator[pa.RecordBatch]:
    source.seek(0)
    schema = pa.ipc.open_file(source).schema
    choice, columns = open_columns(path, schema, intake)
    source.seek(0)
    reader = pa.ipc.open_file(source, options=_only(schema, columns))
    batches = (reader.get_batch(index) for index in range(reader.num_record_batches))
    yield from documents(path, batches, choice, intake)


def _stream(path: str, source: pa.NativeFile, intake: Intake) -> Iterator[pa.RecordBatch]:
    source.seek(0)
    schema = pa.ipc.open_stream(source).schema
    choice, columns = open_columns(path, schema, intake)
    source.seek(0)
    yield from documents(path, pa.ipc.open_stream(source, options=_only(schema, columns)), choice, intake)


def _only(schema: pa.Schema, columns: list[str]) -> pa.ipc.IpcReadOptions:
    return pa.ipc.IpcReadOptions(included_fields=sorted(schema.get_field_index(column) for column in columns), use_threads=False)


def check_end(path: str, source: pa.NativeFile) -> None:
    """Refuse a stream that was cut off between two batches: it looks whole, and only its end mark tells.

    Raises:
        ReadError: The mark is not there.
    """
    size = os.path.getsize(path)
    source.seek(max(0, size - 8))
    if source.read(8) != b"\xff\xff\xff\xff\0\0\0\0":
        raise ReadError(path, "the Arrow stream has no end mark: it is cut off, or is no Arrow file", fix="save the data set again")
