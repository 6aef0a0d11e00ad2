"""What documents state of themselves, column by column and crossed with their origin."""

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from longtail.records import Origin

UNTAGGED = "untagged"

_ORIGINS = frozenset(Origin)


def stated_in(batch: pa.RecordBatch, name: str) -> pa.Array | None:
    """Return a column of a batch as strings, or None where no document states it."""
    if name not in batch.schema.names:
        return None
    column = batch.column(name)
    return None if column.null_count == len(column) else column.cast(pa.string())


def origins_in(batch: pa.RecordBatch) -> pa.Array:
    """Return the origin of each document: `untagged` where none is stated, `unknown` where it is no origin that we know."""
    column = stated_in(batch, "lt_origin")
    if column is None:
        return pa.array([UNTAGGED] * batch.num_rows, pa.string())
    coded = column.dictionary_encode()
    known = [name if name in _ORIGINS else Origin.UNKNOWN.value for name in coded.dictionary.to_pylist()]
    return pc.fill_null(pa.array(known, pa.string()).take(coded.indices), UNTAGGED)


def crossed(left: pa.Array, right: pa.Array) -> Iterator[tuple[str, str | None, int]]:
    """Yield each pair of values that occurs, and how many documents have it; the left one is not null."""
    one, other = left.dictionary_encode(), right.dictionary_encode()
    width = len(other.dictionary) + 1
    places = pc.fill_null(other.indices, width - 1).to_numpy(zero_copy_only=False).astype(np.int64)
    cells = one.indices.to_numpy(zero_copy_only=False).astype(np.int64) * width + places
    names, values = one.dictionary.to_pylist(), [*other.dictionary.to_pylist(), None]
    found, counts = np.unique(cells, return_counts=True)
    for cell, count in zip(found.tolist(), counts.tolist(), strict=True):
        yield names[cell // width], values[cell % width], count
