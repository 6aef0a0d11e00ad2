"""Verification: every file is hashed again, and the id of every document is computed again from its content."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from longtail.errors import ReadError
from longtail.ledger.columns import NAMES, content_of, identity
from longtail.ledger.reservoir.adding import records_of
from longtail.ledger.reservoir.known import WIDTH, index_of, read_index, seals
from longtail.ledger.reservoir.places import DOCUMENTS, INDEX, digest
from longtail.ledger.reservoir.records import Fault, Stored
from longtail.readers.files import guarded
from longtail.readers.intake import MOST_DOCUMENTS
from longtail.readers.parquet import rows_at_once
from longtail.readers.quarantine import Unfit

_UNLISTED = "the list of ids is {0}, so that documents that are missing cannot be named"


class Row(NamedTuple):
    """One document as it is now: its place, the id it states, the id of its content (None where it has none), and its seal."""

    number: int
    stated: str
    content: str | None
    seal: bytes


def faults_of(root: Path, file: Stored, path: Path) -> Iterator[Fault]:
    """Yield what is not as it was in one file; nothing where all is well.

    Args:
        root: The reservoir.
        file: What was stored.
        path: Where its documents lie.
    """
    name = f"{DOCUMENTS}/{file.file}"
    if not path.exists():
        yield Fault(kind="missing", file=name, because=f"the file is gone, and {file.rows:,} documents with it")
        return
    listed = root / INDEX / f"{file.index}.index"
    unlisted = list(_index_faults(listed, file))
    yield from unlisted
    try:
        changed = digest(path) != file.sha256
        found = list(_changes(name, path, file.text_column, None if unlisted else read_index(listed)))
    except ReadError as error:
        yield Fault(kind="unreadable", file=name, because=str(error))
        return
    yield from found
    if changed and not found:
        because = "its SHA-256 is another, yet content and provenance of its documents are as they were: something beside them was altered"
        yield Fault(kind="altered", file=name, because=because)


def _index_faults(path: Path, file: Stored) -> Iterator[Fault]:
    name = f"{INDEX}/{path.name}"
    if not path.exists():
        yield Fault(kind="missing", file=name, because=_UNLISTED.format("gone"))
    elif digest(path) != file.index:
        yield Fault(kind="altered", file=name, because=_UNLISTED.format("not as it was"))


def _changes(name: str, path: Path, text_column: str | None, index: bytes | None) -> Iterator[Fault]:
    if index is not None and _entries(path, text_column) == index:
        return
    yield from _documents(name, _rows(path, text_column), index)


def _entries(path: Path, text_column: str | None) -> bytes | None:
    """Return the index that a file should have; None where the id of a document is not that of its content."""
    entries = bytearray()
    for row in _rows(path, text_column):
        if row.content != row.stated:
            return None
        entries += bytes.fromhex(row.stated) + row.seal
    return index_of(bytes(entries))


def _rows(path: Path, text_column: str | None) -> Iterator[Row]:
    with guarded(str(path)), pq.ParquetFile(path) as file:
        if absent := [each for each in NAMES if each not in file.schema_arrow.names]:
            raise ReadError(str(path), f"lacks the column {absent[0]!r}", fix="restore the file from a copy")
        first = 1
        for batch in file.iter_batches(rows_at_once(file.metadata, file.schema_arrow.names), use_threads=False):
            for start in range(0, batch.num_rows, MOST_DOCUMENTS):
                piece = batch.slice(start, MOST_DOCUMENTS)
                yield from _in_batch(piece, text_column, first)
                first += piece.num_rows


def _in_batch(batch: pa.RecordBatch, text_column: str | None, first: int) -> Iterator[Row]:
    told = zip(records_of(batch, text_column), seals(batch), strict=True)
    for number, (record, seal) in enumerate(told, first):
        try:
            own = identity(content_of(record, text_column))
        except Unfit:
            own = None
        yield Row(number, str(record["lt_id"]), own, seal)


def _documents(file: str, rows: Iterable[Row], index: bytes | None) -> Iterator[Fault]:
    """Yield the documents that were altered, that are missing, and that should not be there."""
    left = None if index is None else {index[at : at + 16].hex(): index[at + 16 : at + WIDTH] for at in range(0, len(index), WIDTH)}
    for row in rows:
        name, seal = _listed(row, left)
        if seal is None:
            yield Fault(kind="surplus", file=file, lt_id=name, row=row.number, because="no such document was added")
        elif because := _altered(row, seal):
            yield Fault(kind="altered", file=file, lt_id=name, row=row.number, because=because)
    for name in left or ():
        yield Fault(kind="missing", file=file, lt_id=name, because="the document is no longer in the file")


def _listed(row: Row, left: dict[str, bytes] | None) -> tuple[str, bytes | None]:
    """Return the id that a document was added under, and its seal, which is taken off the list; its own without a list."""
    if left is None:
        return row.stated, row.seal
    name = row.content if row.stated not in left and row.content in left else row.stated
    return name or row.stated, left.pop(name or row.stated, None)


def _altered(row: Row, seal: bytes) -> str:
    """Return in what a document differs from the one that was added with this seal, or nothing."""
    if row.content is None:
        return "its content was altered: it has none that can be read"
    if row.content != row.stated:
        return f"its content was altered, or its lt_id: the content has the id {row.content}, lt_id says {row.stated}"
    return "" if seal == row.seal else "its provenance was altered"
