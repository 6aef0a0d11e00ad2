"""Keys that are not yet counted: one number for each occurrence, grouped by range, and sorted once all of a range are gathered.

A sort of hashes by their bits takes as long as a few levels of a merge tree, however many blocks there are. Where types repeat,
each is kept once, with the cells of its keys behind it: a quarter of the room.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import FileIO
from typing import Any

import numpy as np
import numpy.typing as npt

from longtail.summaries import _packing_kernels as packing
from longtail.summaries import _sorting_kernels as kernels
from longtail.summaries.buffers import scratch
from longtail.summaries.sorting import BITS, GROUPS, Starts, group, sort, sort_groups
from longtail.views.keys import Cells, Keys

MOST_RANGES = GROUPS
_BOUNDS = np.arange(MOST_RANGES, dtype=np.uint64) << np.uint64(64 - BITS)
_KEY_BYTES, _TYPE_BYTES, _CELL_BYTES = 8, 12, 2  # of a key, of a type and its count, of a cell
_ROOMY = 1.5  # slots of a table for each type that it is to hold, at least
_DENSE = 0.5  # packed keys that take more of the room of the keys are left as they are


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
        if self.file is None:
            assert self.array is not None
            return self.array[start:stop]
        out = np.empty(stop - start, self.dtype)
        self.file.seek(self.offset + self.dtype.itemsize * start)
        self.file.readinto(out.data)
        return out

    def moved(self, file: FileIO) -> "Stored":
        """Write the array to the end of a file, and return it as it lies there."""
        offset = file.tell()
        file.write(self.between(0, self.size).data)
        return Stored(None, self.size, self.dtype, file, offset)


@dataclass(frozen=True)
class Grouped:
    """Keys by range: those of one before those of the next, in any order inside it.

    Attributes:
        keys: The keys.
        starts: Where each of the `MOST_RANGES` equal ranges of the space of keys begins, and the number of keys, shape (1025,).
    """

    keys: Stored
    starts: Starts

    def sort_into(self, out: Keys) -> None:
        """Write the keys of an array in memory sorted; the array is overwritten."""
        sort_groups(self.keys.between(0, len(self)), self.starts, out)

    def sorted(self) -> Keys:
        """Return the keys of an array in memory sorted; the array is overwritten."""
        out: Keys = np.empty(len(self), np.uint64)
        self.sort_into(out)
        return out

    @property
    def bytes(self) -> int:
        """How much room the keys take."""
        return self.keys.bytes

    def between(self, low: int, high: int) -> Keys:
        """Return the keys from one of the equal ranges up to another."""
        return self.keys.between(int(self.starts[low]), int(self.starts[high]))

    def moved(self, file: FileIO) -> "Grouped":
        """Write the keys to the end of a file, and return them as they lie there."""
        return Grouped(self.keys.moved(file), self.starts)

    def __len__(self) -> int:
        """Return the number of keys."""
        return int(self.starts[-1])


@dataclass(frozen=True)
class Packed:
    """Keys by type, each type once.

    Attributes:
        types: The types, in the upper bits of a key, each once, ascending.
        counts: How many keys each has.
        cells: The lower bits of all keys, those of one type before those of the next, in any order inside it.
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
        """Return the keys from one of the equal ranges up to another."""
        first, end = int(self.firsts[low]), int(self.firsts[high])
        cells = self.cells.between(int(self.starts[low]), int(self.starts[high]))
        keys: Keys = np.empty(len(cells), np.uint64)
        packing.unpack(self.types_between(low, high), self.counts.between(first, end), cells, keys)
        return keys

    def types_between(self, low: int, high: int) -> Keys:
        """Return the types, in the upper bits of a key, from one of the equal ranges up to another."""
        return self.types.between(int(self.firsts[low]), int(self.firsts[high]))

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

    first: Grouped | Packed
    again: Grouped | Packed

    @property
    def bytes(self) -> int:
        """How much room they take."""
        return self.first.bytes + self.again.bytes


def grouped_keys(keys: Keys) -> Grouped:
    """Return keys by range, nothing of the array kept."""
    out = np.empty_like(keys)
    return Grouped(_stored(out), group(keys, out))


def packed_keys(keys: Keys, most: int) -> Packed | None:
    """Return keys by type, nothing of the array kept; None where that takes not much less room, or there are more types.

    Args:
        keys: The keys, in any order.
        most: How many types they have at most, about.
    """
    room = 1 << int(_ROOMY * most).bit_length()
    table, counts, slots = np.empty(room, np.uint64), np.zeros(room, np.uint32), scratch("slots", len(keys)).view(np.uint32)[: len(keys)]
    size = packing.tally(keys, table, counts, slots)
    if size < 0 or not is_packed_well(size, len(keys)):
        return None
    types, sizes = np.empty(size, np.uint64), np.empty(size, np.uint32)
    packing.taken(table, counts, types)
    sort(types)
    packing.turned_into_places(table, counts, types, sizes)
    cells: Cells = np.empty(len(keys), np.uint16)
    packing.place_cells(keys, slots, counts, cells)
    firsts = np.append(np.searchsorted(types, _BOUNDS), size).astype(np.uint32)
    starts = np.append(0, np.cumsum(sizes)).astype(np.uint32)[firsts]
    return Packed(_stored(types), _stored(sizes), _stored(cells), starts, firsts)


def is_packed_well(types: int, keys: int) -> bool:
    """Tell whether so many keys of so many types take much less room packed."""
    return _TYPE_BYTES * types + _CELL_BYTES * keys <= _DENSE * _KEY_BYTES * keys


def spilled(blocks: Sequence[Block], file: FileIO) -> list[Block]:
    """Write blocks to the end of a file, which is read for as long as it stays open, and return them as they lie there.

    Those that are not packed become one, so that a range of them is read at once.
    """
    grouped = [block for block in blocks if isinstance(block.first, Grouped)]
    parts = [block for block in blocks if isinstance(block.first, Packed)]
    if grouped:
        parts.append(Block(_joined([block.first for block in grouped]), _joined([block.again for block in grouped])))
    return [Block(block.first.moved(file), block.again.moved(file)) for block in parts]


def gathered(blocks: Sequence[Block], low: int, high: int) -> tuple[Keys, Keys]:
    """Return the keys of a range, both kinds sorted."""
    first, again = _joined([block.first for block in blocks], low, high), _joined([block.again for block in blocks], low, high)
    return first.sorted(), again.sorted()


def _joined(parts: Sequence[Grouped | Packed], low: int = 0, high: int = MOST_RANGES) -> Grouped:
    """Return the keys of a range of several parts as one, with where each of the equal ranges in it begins."""
    begins = [part.starts[low : high + 1] - part.starts[low] for part in parts]
    starts: Starts = np.sum(begins, axis=0, dtype=np.uint32) if parts else np.zeros(high - low + 1, np.uint32)
    keys: Keys = np.empty(int(starts[-1]), np.uint64)
    places = starts[:-1].copy()
    for part, begin in zip(parts, begins, strict=True):
        if begin[-1]:
            kernels.place(part.between(low, high), begin, places, keys)
    return Grouped(_stored(keys), starts)


def _stored(array: npt.NDArray[Any]) -> Stored:
    return Stored(array, len(array), array.dtype)
