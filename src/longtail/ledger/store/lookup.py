"""The whole current view in memory, narrow: for passes over data so large that asking for a few ids at a time would take hours."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import xxhash

from longtail.ledger.store.ledger import Ledger

Keys = npt.NDArray[np.uint64]


class Lookup:
    """What a ledger holds of documents by id; about 20 bytes of memory a document, more where texts differ from row to row.

    Ids are kept as hashes of 64 bits: of ten million, two agree by chance with probability 3e-6.

    Args:
        ledger: The ledger, of now or of a past state.
        columns: Provenance columns wanted beside `lt_id`.

    Raises:
        LedgerError: A file cannot be read.
    """

    def __init__(self, ledger: Ledger, columns: Sequence[str]) -> None:
        """Read the view once."""
        keys: list[Keys] = []
        parts: list[pa.RecordBatch] = []
        for batch in ledger.current(None, ("lt_id", *columns)):
            keys.append(_hashes(batch.column("lt_id").to_pylist()))
            parts.append(pa.RecordBatch.from_pydict({name: _narrow(batch.column(name)) for name in columns}))
        joined = np.concatenate([np.zeros(0, np.uint64), *keys])
        order = np.argsort(joined, kind="stable")
        self._keys = joined[order]
        self._columns = _ordered(parts, order) if parts else None

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self._keys)

    def __call__(self, ids: Sequence[str]) -> Iterator[pa.RecordBatch]:
        """Yield what is held of those of the ids that the ledger knows, with `lt_id`."""
        if self._columns is None or not ids:
            return
        wanted = _hashes(ids)
        at = np.minimum(np.searchsorted(self._keys, wanted), len(self._keys) - 1)
        found = np.flatnonzero(self._keys[at] == wanted)
        rows = self._columns.take(pa.array(at[found]))
        named = rows.append_column("lt_id", pa.array([ids[each] for each in found.tolist()], pa.string()))
        yield from named.combine_chunks().to_batches()


def _ordered(parts: list[pa.RecordBatch], order: npt.NDArray[np.int64]) -> pa.Table:
    """Return the rows of all batches in an order, column by column, so that no more than one is held twice."""
    table, at = pa.Table.from_batches(parts).unify_dictionaries(), pa.array(order)
    parts.clear()
    made = {}
    for name in table.schema.names:
        column = table.column(name).combine_chunks()
        table = table.drop_columns([name])
        if pa.types.is_dictionary(column.type) and len(column.dictionary) < 2**15:
            column = pa.DictionaryArray.from_arrays(column.indices.cast(pa.int16()), column.dictionary)
        made[name] = column.take(at)
    return pa.table(made)


def _hashes(ids: Sequence[str]) -> Keys:
    digest = xxhash.xxh3_64_intdigest
    return np.fromiter((digest(one.encode()) for one in ids), np.uint64, len(ids))


def _narrow(column: pa.Array) -> pa.Array:
    return column.dictionary_encode() if pa.types.is_string(column.type) else column
