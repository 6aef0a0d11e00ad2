"""Compiled loops that gather keys by their type: each type once, with the cells of its keys behind it."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit
from longtail.views.keys import CELL_BITS

U64 = npt.NDArray[np.uint64]
U32 = npt.NDArray[np.uint32]
U16 = npt.NDArray[np.uint16]

_CELL = np.uint64((1 << CELL_BITS) - 1)
_SHIFT = np.uint64(CELL_BITS)
_NEXT, _ONE, _NONE = np.uint64(1), np.uint32(1), np.uint32(0)
FULLEST = 7 / 8
"""Share of a table's slots above which it is given up: the walks to a free one grow long."""


@njit
def tally(keys: U64, table: U64, counts: U32, slots: U32) -> int:
    """Count the keys of each type in a table of types; return how many types there are, -1 where the table is too small.

    Args:
        keys: The keys, in any order.
        table: Receives each type in its slot, shape (power of two,).
        counts: Receives the keys of the type in each slot, 0 where there is none; zero on entry, shape of the table.
        slots: Receives the slot of each key's type, shape of the keys.
    """
    mask, types, most = np.uint64(table.shape[0] - 1), 0, int(FULLEST * table.shape[0])
    for i in range(keys.shape[0]):
        kind = keys[i] & ~_CELL
        slot = kind >> _SHIFT & mask
        while counts[slot] != _NONE and table[slot] != kind:
            slot = (slot + _NEXT) & mask
        types += int(counts[slot] == _NONE)
        if types > most:
            return -1
        table[slot] = kind
        counts[slot] += _ONE
        slots[i] = np.uint32(slot)
    return types


@njit
def taken(table: U64, counts: U32, types: U64) -> None:
    """Write the types of a table, in the order of their slots."""
    at = 0
    for slot in range(table.shape[0]):
        if counts[slot] != _NONE:
            types[at] = table[slot]
            at += 1


@njit
def turned_into_places(table: U64, counts: U32, types: U64, sizes: U32) -> None:
    """Write the count of each of some types, and put in its slot where its keys begin, those of one type before those of the next.

    Args:
        table: See `tally`; `counts` likewise.
        types: All types of the table, in the order wanted.
        sizes: Receives their counts, same shape.
    """
    mask, total = np.uint64(table.shape[0] - 1), _NONE
    for i in range(types.shape[0]):
        slot = types[i] >> _SHIFT & mask
        while table[slot] != types[i]:
            slot = (slot + _NEXT) & mask
        sizes[i] = counts[slot]
        counts[slot] = total
        total += sizes[i]


@njit
def place_cells(keys: U64, slots: U32, places: U32, cells: U16) -> None:
    """Write the cell of each key at the place of its type, which then moves on by one."""
    for i in range(keys.shape[0]):
        slot = slots[i]
        cells[places[slot]] = np.uint16(keys[i] & _CELL)
        places[slot] += _ONE


@njit
def unpack(types: U64, counts: U32, cells: U16, keys: U64) -> None:
    """Write the keys of types with their cells behind them; `keys` and `cells` have one element for each of them."""
    at = 0
    for i in range(types.shape[0]):
        for _ in range(counts[i]):
            keys[at] = types[i] | np.uint64(cells[at])
            at += 1
