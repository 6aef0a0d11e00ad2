"""The documents that recognisers look over: raw texts, each with what it states of itself and the id by which it is named."""

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from longtail.ledger.chunks import Chunk
from longtail.ledger.columns import CONTENT, content_of, identity
from longtail.ledger.stored import Stored
from longtail.readers import read
from longtail.readers.beside import encodable, written
from longtail.readers.beside import identity as stated_id
from longtail.readers.columns import text_in
from longtail.readers.quarantine import Quarantine, Unfit
from longtail.readers.sources import are_texts, locate

_STORED = frozenset({"json", "csv", "parquet", "arrow"})
_SAID = ("lt_id", "lt_origin")


class Document(NamedTuple):
    """One document.

    Attributes:
        text: Its text, as it is written.
        lt_id: The id that it states.
        said: The origin that it states.
        content: Its content columns, of which its id is made where it states none.
    """

    text: str
    lt_id: str | None
    said: str | None
    content: Mapping[str, object]

    @property
    def name(self) -> str:
        """Return its id, stated or made from its content."""
        return self.lt_id or identity(self.content)


def documents(data: Any, text_column: str | None, quarantine: Quarantine, table: str | None = None) -> Iterator[list[Document]]:
    """Yield the documents of a data set, some at a time.

    Args:
        data: A path, glob, folder or `-`; several paths; an Arrow table; or an iterable of strings or records.
        text_column: The content column, where it is none of those recognised.
        quarantine: Takes what has no text, or cannot be read.
        table: The table of an SQLite file.

    Raises:
        ReadError: The input cannot be read to its end, or holds nothing that can be read.
        UsageError: The data are of another type.
    """
    names = _stored(data)
    if names is None:
        yield from _read(data, text_column, quarantine, table)
        return
    wanted = {*_SAID, *CONTENT, *(() if text_column is None else (text_column, text_column.split(".")[0]))}
    for chunk in Stored(names).chunks(lambda path, schema: [name for name in schema.names if name in wanted], quarantine):
        if found := list(_of(chunk, text_column, quarantine)):
            yield found


def _stored(data: Any) -> list[str] | None:
    """Return the paths of data that lie in files of records, None for any other."""
    names = [data] if isinstance(data, str | os.PathLike) else data
    if not isinstance(names, list | tuple):
        return None
    paths = [os.fspath(name) for name in names if isinstance(name, str | os.PathLike)]
    if not paths or len(paths) < len(names) or {"-", ""}.intersection(paths) or are_texts(paths):
        return None
    return paths if {part.format for part in locate(paths, None).parts} <= _STORED else None


def _of(chunk: Chunk, text_column: str | None, quarantine: Quarantine) -> Iterator[Document]:
    for record, place in zip(chunk.records, chunk.places(), strict=True):
        try:
            yield _document(record, text_column)
        except Unfit as unfit:
            quarantine.add(chunk.path, place, str(unfit))


def _document(record: dict[str, Any] | Unfit, text_column: str | None) -> Document:
    """Return a record as a document.

    Raises:
        Unfit: It is none, or has no text.
    """
    if isinstance(record, Unfit):
        raise record
    text = text_in(record, text_column)
    if text is None or not text.strip():
        raise Unfit("empty document" if text is not None else "no text")
    if not encodable(text):
        raise Unfit("not valid Unicode")
    return Document(text, stated_id(record.get("lt_id")), written(record.get("lt_origin")), content_of(record, text_column))


def _read(data: Any, text_column: str | None, quarantine: Quarantine, table: str | None) -> Iterator[list[Document]]:
    reading = read(data, text_column, table, texts_only=True)
    for batch in reading.batches():
        columns = [_column(batch, name) for name in ("text", *_SAID)]
        yield [Document(text, own, said, {"text": text}) for text, own, said in zip(*columns, strict=True)]
    for one in reading.quarantine:
        quarantine.add(one.path, one.line, one.reason)
    quarantine.count += reading.quarantined - len(reading.quarantine)


def _column(batch: pa.RecordBatch, name: str) -> Sequence[Any]:
    found: list[Any] = batch.column(name).to_pylist() if name in batch.schema.names else [None] * batch.num_rows
    return found
