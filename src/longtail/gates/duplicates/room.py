"""Room for arrays: in memory up to a bound, in temporary files beyond it."""

import os
import tempfile
from types import TracebackType
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Array = npt.NDArray[Any]


class Room:
    """A place for large arrays, which goes away with what it holds.

    Args:
        limit: Bytes that one array may take in memory; a larger one lies in a temporary file, mapped into memory.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._files = 0

    def __enter__(self) -> Self:
        """Open the room."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Remove the files."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def path(self) -> str:
        """Return the path of a new file."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="longtail-duplicates-")
        self._files += 1
        return os.path.join(self._folder.name, str(self._files))

    def empty(self, shape: tuple[int, ...], dtype: Any) -> Array:
        """Return an array whose values are not set."""
        if np.prod(shape, dtype=np.int64) * np.dtype(dtype).itemsize <= self.limit:
            return np.empty(shape, dtype)
        return np.memmap(self.path(), dtype, "w+", shape=shape)


class Rows:
    """Rows of equal width, gathered in memory and, beyond the bound, in a file.

    Args:
        room: Where they lie.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._held: list[Array] = []
        self._bytes = 0
        self._path: str | None = None
        self._shape: tuple[int, ...] = ()
        self._type: Any = np.uint8
        self.count = 0

    def add(self, rows: Array) -> None:
        """Take in rows, shape (rows, width)."""
        self._shape, self._type = rows.shape[1:], rows.dtype
        self._held.append(rows)
        self._bytes += rows.nbytes
        self.count += len(rows)
        if self._bytes > self._room.limit:
            self._flush()

    def _flush(self) -> None:
        self._path = self._path or self._room.path()
        with open(self._path, "ab") as file:
            for rows in self._held:
                file.write(np.ascontiguousarray(rows).data)
        self._held, self._bytes = [], 0

    def array(self) -> Array:
        """Return all rows, shape (rows, width)."""
        if self._path is None:
            return np.concatenate(self._held) if self._held else np.zeros((0, 0), self._type)
        self._flush()
        return np.memmap(self._path, self._type, "r", shape=(self.count, *self._shape))


class Names:
    """Ids, gathered like rows.

    Args:
        room: Where they lie.
    """

    def __init__(self, room: Room) -> None:
        self._room = room
        self._held: list[pa.Array] = []
        self._parts: list[str] = []
        self._bytes = 0

    def add(self, ids: pa.Array) -> None:
        """Take in ids."""
        self._held.append(ids.cast(pa.large_string()))
        self._bytes += ids.nbytes
        if self._bytes > self._room.limit:
            self._flush()

    def _flush(self) -> None:
        self._parts.append(self._room.path())
        table = pa.table({"id": pa.chunked_array(self._held, pa.large_string())})
        with pa.OSFile(self._parts[-1], "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
            writer.write_table(table)
        self._held, self._bytes = [], 0

    def take(self, at: npt.NDArray[np.int64]) -> pa.Array:
        """Return some of the ids, shape (at,)."""
        stored = [chunk for path in self._parts for chunk in pa.ipc.open_file(pa.memory_map(path)).read_all().column("id").chunks]
        every = pa.chunked_array([*stored, *self._held], pa.large_string())
        return pa.concat_arrays(every.take(pa.array(at)).chunks) if len(at) else pa.array([], pa.large_string())
