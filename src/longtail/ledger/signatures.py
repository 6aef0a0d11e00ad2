"""What is stored of texts so that they, and texts much like them, are recognised later."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from longtail.errors import IncompatibleSummaries, UsageError
from longtail.summaries.minhash import DEFAULT, SIZE, Settings, Signatures, signatures
from longtail.summaries.normal import text_hash

Strings: TypeAlias = Iterable[str | None] | pa.Array | pa.ChunkedArray

SETTINGS_KEY = b"longtail.minhash"

_HELD = pa.schema([("lt_id", pa.large_string()), ("text_hash", pa.int64()), ("signature", pa.binary(SIZE))])


def schema(settings: Settings = DEFAULT) -> pa.Schema:
    """Return the columns of stored signatures: `lt_id`, `text_hash` and `signature`, which carries the settings.

    The hash has the 64 bits of an unsigned number but is stored as a signed one, since Delta tables have no other.
    """
    return pa.schema(
        [
            pa.field("lt_id", pa.string(), nullable=False),
            pa.field("text_hash", pa.int64()),
            pa.field("signature", pa.binary(SIZE), metadata={SETTINGS_KEY: settings.to_json()}),
        ]
    )


SCHEMA = schema()


def signature_table(ids: Iterable[str] | pa.Array | pa.ChunkedArray, texts: Strings, settings: Settings = DEFAULT) -> pa.Table:
    """Return what is stored of texts, a row each.

    A blank text has neither hash nor signature, one without words has a hash alone.

    Raises:
        UsageError: There are more ids than texts or fewer, an id is null, or a text is not valid Unicode.
    """
    names, column = strings(ids, "id"), strings(texts, "text")
    if len(names) != len(column):
        raise UsageError(f"{len(names)} ids for {len(column)} texts; give one id for each text")
    if names.null_count:
        raise UsageError(f"{names.null_count} of {len(names)} ids are null; give one id for each text")
    hashes = pa.array((hash_bits(text.as_py()) for text in column), pa.int64(), size=len(column))
    return pa.table([names.cast(pa.string()), hashes, signatures(column, settings).to_arrow()], schema=schema(settings))


def hash_bits(text: str | None) -> int | None:
    """Return the hash of a text up to case and spacing as a signed 64-bit number, None where there is no text or a blank one."""
    found = None if text is None else text_hash(text)
    return None if found is None else found - (found >> 63 << 64)


def strings(values: Strings, what: str) -> pa.ChunkedArray:
    """Return texts as an Arrow column.

    Raises:
        UsageError: A value is no text, or not valid Unicode.
    """
    try:
        if isinstance(values, pa.Array | pa.ChunkedArray):
            column = values.cast(pa.large_string() if values.type == pa.large_string() else pa.string())
        else:
            column = pa.array(list(values), pa.string())
    except (pa.ArrowException, TypeError, UnicodeEncodeError) as error:
        raise UsageError(f"every {what} must be text in valid Unicode: {error}") from None
    return column if isinstance(column, pa.ChunkedArray) else pa.chunked_array([column])


@dataclass(frozen=True)
class Stored:
    """Stored texts in the order of their ids.

    Attributes:
        ids: Their ids.
        hashes: Hash of each text up to case and spacing, shape (documents,); 0 where there is none.
        hashed: Whether there is one, shape (documents,).
        signed: Their signatures.
    """

    ids: pa.LargeStringArray
    hashes: npt.NDArray[np.int64]
    hashed: npt.NDArray[np.bool_]
    signed: Signatures


def stacked(batches: Iterable[pa.RecordBatch | pa.Table], settings: Settings) -> Stored:
    """Return all batches together, in the order of their ids.

    Raises:
        IncompatibleSummaries: A batch says that its signatures were made with other settings.
        UsageError: A batch lacks a column, or holds something else in it.
    """
    parts = deque(_conformed(batch, settings) for batch in batches)
    ids = pa.chunked_array([chunk for part in parts for chunk in part.column("lt_id").chunks], pa.large_string())
    order = pc.sort_indices(ids)
    place = np.empty(len(ids), np.int64)
    place[order.to_numpy()] = np.arange(len(ids))
    hashes, hashed = np.zeros(len(ids), np.int64), np.zeros(len(ids), np.bool_)
    signed = Signatures(np.zeros((len(ids), SIZE), np.uint8), np.zeros(len(ids), np.bool_), settings)
    start = 0
    while parts:
        part = parts.popleft()  # from here on its memory may be freed
        rows = place[start : start + len(part)]
        column, signatures_here = part.column("text_hash"), Signatures.from_arrow(part.column("signature").combine_chunks())
        hashes[rows], hashed[rows] = column.fill_null(0).to_numpy(), column.is_valid().to_numpy()
        signed.values[rows], signed.given[rows] = signatures_here.values, signatures_here.given
        start += len(part)
    ids = ids.take(order).combine_chunks()
    pa.default_memory_pool().release_unused()
    return Stored(ids, hashes, hashed, signed)


def _conformed(batch: pa.RecordBatch | pa.Table, settings: Settings) -> pa.Table:
    table = pa.Table.from_batches([batch]) if isinstance(batch, pa.RecordBatch) else batch
    missing = [name for name in _HELD.names if name not in table.schema.names]
    if missing:
        raise UsageError(f"signatures lack the column {missing[0]!r}, they have {table.schema.names}; make them with signature_table")
    _refuse_unlike(table.schema.field("signature"), settings)
    found = table.select(_HELD.names)
    if found.column("text_hash").type == pa.uint64():
        chunks = [chunk.view(pa.int64()) for chunk in found.column("text_hash").chunks]
        found = found.set_column(1, "text_hash", pa.chunked_array(chunks, pa.int64()))
    try:
        made = found.cast(_HELD)
    except (pa.ArrowException, ValueError) as error:
        types = ", ".join(map(str, found.schema.types))
        raise UsageError(f"signatures must be text, whole numbers and {SIZE} bytes, found {types}: {error}") from None
    if made.column("lt_id").null_count:
        raise UsageError(f"{made.column('lt_id').null_count} of {len(made)} signatures have no lt_id; make them with signature_table")
    return made


def _refuse_unlike(field: pa.Field, settings: Settings) -> None:
    said = (field.metadata or {}).get(SETTINGS_KEY)
    if said is not None and said != settings.to_json().encode():
        fix = "name these settings, or sign the documents again"
        raise IncompatibleSummaries("signatures", said.decode(errors="replace"), settings.to_json(), fix=fix)
