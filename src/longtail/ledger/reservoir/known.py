"""Which ids a reservoir holds, and the index of one file: ids with the hash of their provenance."""

import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import xxhash

from longtail.errors import ReadError
from longtail.ledger.columns import NAMES
from longtail.readers.files import guarded

WIDTH = 32
_MERGE = 2**20
_BESIDE = tuple(name for name in NAMES if name != "lt_id")

Ids = npt.NDArray[np.bytes_]


def seals(batch: pa.RecordBatch) -> list[bytes]:
    """Return a hash of each document's provenance, its id aside: XXH3-128 of its columns as a JSON list, 16 bytes."""
    columns = [batch.column(name) for name in _BESIDE]
    plain = [column.cast(pa.int64()) if pa.types.is_timestamp(column.type) else column for column in columns]
    rows = zip(*(column.to_pylist() for column in plain), strict=True)
    return [xxhash.xxh3_128_digest(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode()) for row in rows]


def index_of(entries: bytes) -> bytes:
    """Return entries of 32 bytes, an id and a seal each, in ascending order."""
    table = np.frombuffer(entries, np.uint8).reshape(-1, WIDTH)
    order = np.argsort(table.view(f"S{WIDTH}").ravel(), kind="stable")
    return table[order].tobytes()


def read_index(path: Path) -> bytes:
    """Return the entries of an index.

    Raises:
        ReadError: It cannot be read, or is not what its name says.
    """
    with guarded(str(path)):
        entries = path.read_bytes()
    if sha256(entries).hexdigest() != path.stem:
        raise ReadError(str(path), "was altered: its name is not its SHA-256", fix="restore the file from a copy")
    return entries


def ids_in(entries: bytes) -> Ids:
    """Return the ids of an index, 16 bytes each, ascending."""
    return np.frombuffer(entries, np.uint8).reshape(-1, WIDTH)[:, :16].copy().view("S16").ravel()


class Known:
    """The ids that are in the reservoir, and those taken in since.

    Args:
        ids: Ids of each file, 16 bytes each.
    """

    def __init__(self, ids: list[Ids]) -> None:
        """Sort them into one array."""
        self._sorted: Ids = np.unique(np.concatenate(ids)) if ids else np.zeros(0, "S16")
        self._recent: set[bytes] = set()

    def is_new(self, identity: bytes) -> bool:
        """Tell whether an id was not known until now; now it is."""
        if identity in self._recent or self._holds(identity):
            return False
        self._recent.add(identity)
        if len(self._recent) >= _MERGE:
            recent = np.frombuffer(b"".join(self._recent), "S16")
            self._sorted, self._recent = np.unique(np.concatenate([self._sorted, recent])), set()
        return True

    def _holds(self, identity: bytes) -> bool:
        wanted = np.frombuffer(identity, "S16")
        at = int(np.searchsorted(self._sorted, wanted)[0])
        return at < len(self._sorted) and bool(self._sorted[at] == wanted[0])
