"""Sorted keys that are not yet counted: one number for each occurrence, merged by sorting them again, range by range.

A vectorised sort of 64-bit keys moves several keys in the time of one unforeseen branch of a merge, so that two sorts cost
less than the levels of a merge tree, however many blocks there are. Where types repeat, each is kept once, with the cells of
its keys behind it: a quarter of the room.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from longtail.summaries import _kernels
from longtail.views.keys import CELL_BITS, Cells, Keys

_BOUND_BITS = 10
MOST_RANGES = 1 << _BOUND_BITS
_BOUNDS = np.arange(MOST_RANGES, dtype=np.uint64) << np.uint64(64 - _BOUND_BITS)
_DENSE = 0.5  # packed keys that take more of the room of the keys are left as they are

Starts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Stored:
    """An array in memory, or in a file.

    Attributes:
        array: The array; None where it is in a file.
        size: Its length.
        path: The file.
        offset: Bytes before the array in the file.
        dtype: Of what it is an array.
    """

    array: npt.NDArray[Any] | None
    size: int
    dtype: np.dtype[Any]
    path: Path | None = None
    offset: int = 0

    @property
    def bytes(self) -> int:
        """How much room it takes."""
        return self.size * self.dtype.itemsize

    def between(self, start: int, stop: int) -> npt.NDArray[Any]:
        """Return the elements from one place up to another."""
        if self.array is not None:
            return self.array[start:stop]
        return np.fromfile(str(self.path), self.dtype, stop - start, offset=self.offset + self.dtype.itemsize * start)

    def moved(self, file: BinaryIO, path: Path) -> "Stored":
        """Write the array to the end of a file, and return it as it lies there."""
        offset = file.tell()
        self.between(0, self.size).tofile(file)
        return Stored(None, self.size, self.dtype, path, offset)


@dataclass(frozen=True)
class Sorted:
    """Ascending keys.

    Attributes:
        keys: The keys.
        starts: Where each of the `MOST_RANGES` equal ranges of the space of keys begins, and the number of keys, shape (1025,).
    """

    keys: Stored
    starts: Starts

    @property
    def bytes(self) -> int:
        """How much room the keys take."""
        return self.keys.bytes

    def between(self, low: int, high: int) -> Keys:
        """Return the keys from one of the equal ranges up to another; the latter is left out."""
        return self.keys.between(int(self.starts[low]), int(self.starts[high]))

    def moved(self, file: BinaryIO, path: Path) -> "Sorted":
        """Write the keys to the end of a file, and return them as they lie there."""
        return Sorted(self.keys.moved(file, path), self.starts)

    def __len__(self) -> int:
        """Return the number of keys."""
        return int(self.starts[-1])


@dataclass(frozen=True)
class Packed:
    """Ascending keys, each type once.

    Attributes:
        types: The types, in the upper bits of a key, each once.
        counts: How many keys each has.
        cells: The lower bits of all keys.
        starts: Where each of the `MOST_RANGES` equal ranges begins among the keys, and the number of keys, shape (1025,).
        firsts: Where it begins among the types, and the number of types, shape (1025,).
    """

    types: Stored
    counts: Stored
    cells: Stored
    starts: Starts
    firsts: Starts

    @property
    def bytes(self) -> int:
        """How much room they take."""
        return self.types.bytes + self.counts.bytes + self.cells.bytes

    def between(self, low: int, high: int) -> Keys:
        """Return the keys from one of the equal ranges up to another; the latter is left out."""
        first, end = int(self.firsts[low]), int(self.firsts[high])
        keys: Keys = np.repeat(self.types.between(first, end), self.counts.between(first, end))
        keys |= self.cells.between(int(self.starts[low]), int(self.starts[high]))
        return keys

    def moved(self, file: BinaryIO, path: Path) -> "Packed":
        """Write them to the end of a file, and return them as they lie there."""
        types, counts, cells = (part.moved(file, path) for part in (self.types, self.counts, self.cells))
        return Packed(types, counts, cells, self.starts, self.firsts)

    def __len__(self) -> int:
        """Return the number of keys."""
        return int(self.starts[-1])


@dataclass(frozen=True)
class Block:
    """Occurrences of keys: those new in their document, and those repeated in it, each of which also stands among the former."""

    first: Sorted | Packed
    again: Sorted | Packed

    @property
    def bytes(self) -> int:
        """How much room they take."""
        return self.first.bytes + self.again.bytes


def sorted_keys(keys: Keys) -> Sorted:
    """Return ascending keys, which are kept as they are."""
    return Sorted(_stored(keys), _starts(keys))


def packed_keys(keys: Keys) -> Packed | None:
    """Return ascending keys with each type once, nothing of the array kept; None where that takes not much less room."""
    size = _kernels.distinct_types(keys, CELL_BITS)
    types, counts = np.empty(size, np.uint64), np.empty(size, np.uint32)
    cells: Cells = np.empty(len(keys), np.uint16)
    if types.nbytes + counts.nbytes + cells.nbytes > _DENSE * keys.nbytes:
        return None
    _kernels.pack(keys, CELL_BITS, types, counts, cells)
    return Packed(_stored(types), _stored(counts), _stored(cells), _starts(keys), _starts(types))


def spilled(blocks: Sequence[Block], path: Path) -> list[Block]:
    """Write blocks into one file, and return them as they lie there."""
    with path.open("wb") as file:
        return [Block(block.first.moved(file, path), block.again.moved(file, path)) for block in blocks]


def gathered(blocks: Sequence[Block], low: int, high: int) -> tuple[Keys, Keys]:
    """Return the keys of a range, both kinds each end to end: ascending inside each block, not across them."""
    parts = [(block.first.between(low, high), block.again.between(low, high)) for block in blocks]
    none = np.zeros(0, np.uint64)
    return np.concatenate([none, *(first for first, _ in parts)]), np.concatenate([none, *(again for _, again in parts)])


def _stored(array: npt.NDArray[Any]) -> Stored:
    return Stored(array, len(array), array.dtype)


def _starts(keys: Keys) -> Starts:
    return np.append(np.searchsorted(keys, _BOUNDS), len(keys))
