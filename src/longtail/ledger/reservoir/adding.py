"""Adding to a reservoir: documents are written to drafts, and one commit makes them part of it, all or none."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from longtail.ledger.columns import CONTENT, NAMES, SCHEMA
from longtail.ledger.reservoir.admission import Admission
from longtail.ledger.reservoir.known import index_of, seals
from longtail.ledger.reservoir.places import ADDITIONS, DOCUMENTS, INDEX, additions, put, sealed, settled
from longtail.ledger.reservoir.records import Addition, Stored
from longtail.ledger.reservoir.rows import Rows

_GROUP_ROWS, _GROUP_BYTES = 2**17, 2**26
_FILE_BYTES = 2**30


class Session:
    """One addition in the making.

    Args:
        root: The reservoir.
        admission: Decides on each document.
    """

    def __init__(self, root: Path, admission: Admission) -> None:
        """Take a name that no other process has."""
        self._root, self._admission = root, admission
        self._name = uuid.uuid4().hex
        self._draft: _Draft | None = None
        self._done: list[tuple[Stored, str]] = []
        self.rows = 0

    @contextmanager
    def open(self) -> Iterator[None]:
        """Hold the mark of a living process; take away what was not committed at the end, and what dead processes left."""
        swept(self._root)
        mark = self._root / DOCUMENTS / f".{self._name}.lock"
        try:
            with FileLock(mark):
                yield
        finally:
            if self._draft is not None:
                self._draft.abandon()
            _cleared(self._root, self._name)
            mark.unlink(missing_ok=True)

    def add(self, rows: Rows) -> None:
        """Write those rows that are let in."""
        batch = self._admitted(rows)
        if not batch.num_rows:
            return
        schema = _joint(self._draft.schema if self._draft else None, batch.schema)
        if self._draft is not None and (schema != self._draft.schema or self._draft.bytes > _FILE_BYTES):
            self._close()
        if self._draft is None:
            name = f".{self._name}.{len(self._done)}.draft"
            self._draft = _Draft(self._root / DOCUMENTS / name, schema)
        self._draft.add(_conformed(batch, schema))
        self.rows += batch.num_rows

    def _admitted(self, rows: Rows) -> pa.RecordBatch:
        """Return the rows that are let in: their own columns as they are, and the provenance columns."""
        told = records_of(rows.batch, self._admission.text_column)
        kept, provenance = [], []
        for at, (record, line) in enumerate(zip(told, rows.lines, strict=True)):
            if (values := self._admission.passed(record, rows.path, line)) is not None:
                kept.append(at)
                provenance.append(values)
        own = [name for name in rows.batch.schema.names if name not in NAMES]
        sound = rows.batch.select(own) if len(kept) == rows.batch.num_rows else rows.batch.select(own).take(pa.array(kept, pa.int64()))
        added = [pa.array([values[field.name] for values in provenance], field.type) for field in SCHEMA]
        schema = pa.schema([*(pa.field(field.name, field.type) for field in sound.schema), *SCHEMA])
        return pa.RecordBatch.from_arrays([*sound.columns, *added], schema=schema)

    def _close(self) -> None:
        """Finish the file in hand."""
        assert self._draft is not None
        draft, self._draft = self._draft, None
        draft.close()
        digest, index = sealed(draft.path), index_of(bytes(draft.entries))
        name = sha256(index).hexdigest()
        put(self._root / INDEX / f"{name}.index", index, self._root / INDEX / f".{self._name}.draft")
        stored = Stored(
            file=f"{digest}.parquet", sha256=digest, rows=len(draft.entries) // 32, index=name, text_column=self._admission.text_column
        )
        self._done.append((stored, draft.path.name))

    def commit(self, published_by: str | None) -> Addition | None:
        """Make what was written part of the reservoir, on disk when this returns; None where there is nothing."""
        if self._draft is not None:
            self._close()
        if not self._done:
            return None
        made = Addition(
            files=tuple(stored for stored, _ in self._done),
            drafts=tuple(draft for _, draft in self._done),
            created_at=datetime.now(UTC).isoformat(timespec="seconds"),
            published_by=published_by,
        )
        data = msgspec.json.format(msgspec.json.encode(made), indent=1)
        place = self._root / ADDITIONS
        put(place / f"{sha256(data).hexdigest()}.json", data, place / f".{self._name}.draft")
        settled(self._root, made)
        return made


class _Draft:
    """A Parquet file in the making, and the entries of its index."""

    def __init__(self, path: Path, schema: pa.Schema) -> None:
        self.path, self.schema = path, schema
        self.entries = bytearray()
        self.bytes = 0
        self._group: list[pa.RecordBatch] = []
        repeated = [field.name for field in schema if field.name not in CONTENT]
        self._writer = pq.ParquetWriter(path, schema, compression="zstd", use_dictionary=repeated)

    def add(self, batch: pa.RecordBatch) -> None:
        ids = batch.column("lt_id").to_pylist()
        for identifier, seal in zip(ids, seals(batch), strict=True):
            self.entries += bytes.fromhex(identifier) + seal
        self._group.append(batch)
        self.bytes += batch.nbytes
        if sum(each.num_rows for each in self._group) >= _GROUP_ROWS or sum(each.nbytes for each in self._group) >= _GROUP_BYTES:
            self._flush()

    def _flush(self) -> None:
        if self._group:
            self._writer.write_table(pa.Table.from_batches(self._group, self.schema), row_group_size=_GROUP_ROWS)
            self._group = []

    def close(self) -> None:
        self._flush()
        self._writer.close()

    def abandon(self) -> None:
        with suppress(OSError, pa.ArrowException):
            self._writer.close()


def records_of(batch: pa.RecordBatch, text_column: str | None) -> list[dict[str, object]]:
    """Return content and provenance of the rows."""
    wanted = [name for name in batch.schema.names if name in NAMES or name in CONTENT or name == (text_column or "").split(".")[0]]
    plain = [_readable(batch.column(name)) for name in wanted]
    rows = zip(*(column.to_pylist() for column in plain), strict=True) if wanted else iter([()] * batch.num_rows)
    return [dict(zip(wanted, row, strict=True)) for row in rows]


def _readable(column: pa.Array) -> pa.Array:
    """Return times in microseconds, which Python can hold, and text that is not UTF-8 as bytes."""
    if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
        return column.cast(pa.timestamp("us", column.type.tz), safe=False)
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        try:
            column.validate(full=True)
        except pa.ArrowInvalid:
            return column.cast(pa.large_binary())
    return column


def _joint(held: pa.Schema | None, new: pa.Schema) -> pa.Schema:
    """Return a schema for both: the one held where the new columns fit into it."""
    if held is None:
        return new
    try:
        return pa.unify_schemas([held, new])
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return new


def _conformed(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    columns = []
    for field in schema:
        at = batch.schema.get_field_index(field.name)
        columns.append(pa.nulls(batch.num_rows, field.type) if at < 0 else batch.column(at).cast(field.type))
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def swept(root: Path) -> None:
    """Take away the drafts of processes that are no more; a commit that one of them made is finished first."""
    for path in (root / DOCUMENTS).glob(".*.lock"):
        lock = FileLock(path)
        with suppress(Timeout):
            with lock.acquire(timeout=0):
                _cleared(root, path.name[1:].removesuffix(".lock"))
            path.unlink(missing_ok=True)


def leftovers(root: Path) -> int:
    """Return how many drafts there are of additions that are not finished."""
    return sum(1 for _ in (root / DOCUMENTS).glob(".*.draft"))


def _cleared(root: Path, name: str) -> None:
    """Take away the drafts of one addition; those that a commit names get their names first."""
    for found in additions(root):
        settled(root, found)
    for folder in (DOCUMENTS, INDEX, ADDITIONS):
        for draft in (root / folder).glob(f".{name}*.draft"):
            with suppress(FileNotFoundError):
                os.unlink(draft)
