"""Sorted keys that are not yet counted: one number for each occurrence, merged by sorting them again, range by range.

A vectorised sort of 64-bit keys moves several keys in the time of one unforeseen branch of a merge, so that two sorts cost
less than the levels of a merge tree, however many blocks there are. Where types repeat, each is kept once, with the cells of
its keys behind it: a quarter of the room.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import FileIO
from typing import Any

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
        dtype: Of what it is an array.
        file: The file, unbuffered.
        offset: Bytes before the array in the file.
    """

    array: npt.NDArray[Any] | None
    size: int
    dtype: np.dtype[Any]
    file: FileIO | None = None
    offset: int = 0

    @property
    def bytes(self) -> int:
        """How much room it takes."""
        return self.size * self.dtype.itemsize

    def between(self, start: int, stop: int) -> npt.NDArray[Any]:
        """Return the elements from one place up to another."""
        if self.array is not None:
            return self.array[start:stop]
        out = np.empty(stop - start, self.dtype)
        self.copy(start, out)
        return out

    def copy(self, start: int, out: npt.NDArray[Any]) -> None:
        """Copy elements from one place on, as many as there is room for."""
        if self.file is None:
            assert self.array is not None
            out[:] = self.array[start : start + len(out)]
            return
        self.file.seek(self.offset + self.dtype.itemsize * start)
        self.file.readinto(out.data)

    def moved(self, file: FileIO) -> "Stored":
        """Write the array to the end of a file, and return it as it lies there."""
        offset = file.tell()
        file.write(self.between(0, self.size).data)
        return Stored(None, self.size, self.dtype, file, offset)


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

    def copy(self, low: int, out: Keys) -> None:
        """Copy the keys from one of the equal ranges on, as many as there is room for."""
        self.keys.copy(int(self.starts[low]), out)

    def moved(self, file: FileIO) -> "Sorted":
        """Write the keys to the end of a file, and return them as they lie there."""
        return Sorted(self.keys.moved(file), self.starts)

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

    def copy(self, low: int, out: Keys) -> None:
        """Copy the keys from one of the equal ranges on, as many whole ranges as there is room for."""
        start = int(self.starts[low])
        first, end = int(self.firsts[low]), int(self.firsts[np.searchsorted(self.starts, start + len(out), side="right") - 1])
        cells = self.cells.between(start, start + len(out))
        _kernels.unpack(self.types.between(first, end), self.counts.between(first, end), cells, out)

    def moved(self, file: FileIO) -> "Packed":
        """Write them to the end of a file, and return them as they lie there."""
        types, counts, cells = (part.moved(file) for part in (self.types, self.counts, self.cells))
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


def spilled(blocks: Sequence[Block], file: FileIO) -> list[Block]:
    """Write blocks to the end of a file, which is read for as long as it stays open, and return them as they lie there."""
    return [Block(block.first.moved(file), block.again.moved(file)) for block in blocks]


def gathered(blocks: Sequence[Block], low: int, high: int) -> tuple[Keys, Keys]:
    """Return the keys of a range, both kinds each end to end: ascending inside each block, not across them."""
    return _gathered([block.first for block in blocks], low, high), _gathered([block.again for block in blocks], low, high)


def _gathered(parts: Sequence[Sorted | Packed], low: int, high: int) -> Keys:
    ends = np.cumsum([0, *(part.starts[high] - part.starts[low] for part in parts)])
    keys: Keys = np.empty(int(ends[-1]), np.uint64)
    for part, begin, end in zip(parts, ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        if begin < end:
            part.copy(low, keys[begin:end])
    return keys


def _stored(array: npt.NDArray[Any]) -> Stored:
    return Stored(array, len(array), array.dtype)


def _starts(keys: Keys) -> Starts:
    return np.append(np.searchsorted(keys, _BOUNDS), len(keys))
