"""Compiled loops that add counted keys up by type, and by type and unit."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit, trailing_zeros
from longtail.summaries._kernels import U32, U64
from longtail.views.keys import BIN_BITS, CELL_BITS, CELLS

I16 = npt.NDArray[np.int16]
I64 = npt.NDArray[np.int64]
U16 = npt.NDArray[np.uint16]
F64 = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Columns = tuple[U64, I64, U16, U32, U32]
"""Types, where the rows of each begin, and unit, tokens and documents of each row."""

_TYPE = np.uint64(CELL_BITS)
_HALF = np.uint64(BIN_BITS)
_CELL = np.uint64(CELLS - 1)
_ONE = np.uint64(1)
_WORD = 64  # bits


@njit
def sum_by_type(keys: U64, tokens: U32, documents: U32, half: int, types: U64, type_tokens: I64, type_documents: I64) -> int:
    """Add the counts of each type up, of one half (0 or 1) or of both (-1); return how many types there are.

    Args:
        keys, tokens, documents: A run.
        types, type_tokens, type_documents: Receive the types and their counts; as long as the run has types.
    """
    size, last = 0, np.uint64(0)
    for row in range(keys.shape[0]):
        key = keys[row]
        if half >= 0 and key >> _HALF & _ONE != np.uint64(half):
            continue
        kind = key >> _TYPE
        if size == 0 or kind != last:
            types[size], type_tokens[size], type_documents[size] = kind, 0, 0
            size += 1
            last = kind
        type_tokens[size - 1] += tokens[row]
        type_documents[size - 1] += documents[row]
    return size


@njit
def join_side(left: Columns, keys: U64, tokens: U32, documents: U32, unit_of: I16, sums: U32, out: Columns) -> tuple[int, int]:
    """Write the rows of the samples before and of one more, by type; return the number of types and of rows.

    Args:
        left: Rows of the samples before, all of their units below those of this one.
        keys, tokens, documents: The sample's run.
        unit_of: Unit of each cell, -1 where it takes no part, shape (CELLS,).
        sums: Room for the sums of one type, zero, shape (2, units), all samples' units taken together.
        out: Receives the rows.
    """
    types, starts, units, row_tokens, row_documents = out
    found = np.zeros(sums.shape[1] // _WORD + 1, np.uint64)
    kinds, rows, at, row = 0, 0, 0, 0
    while at < left[0].shape[0] or row < keys.shape[0]:
        is_left = at < left[0].shape[0] and (row == keys.shape[0] or left[0][at] <= keys[row] >> _TYPE)
        kind, first = left[0][at] if is_left else keys[row] >> _TYPE, rows
        if is_left:
            for i in range(left[1][at], left[1][at + 1]):
                units[rows], row_tokens[rows], row_documents[rows] = left[2][i], left[3][i], left[4][i]
                rows += 1
            at += 1
        row = _added(keys, tokens, documents, row, kind, unit_of, sums, found)
        rows += _taken(sums, found, units[rows:], row_tokens[rows:], row_documents[rows:])
        if rows > first:
            types[kinds], starts[kinds] = kind, first
            kinds += 1
    starts[kinds] = rows
    return kinds, rows


@njit
def _added(keys: U64, tokens: U32, documents: U32, first: int, kind: np.uint64, unit_of: I16, sums: U32, found: U64) -> int:
    """Add the rows of a type, from one on, to the sums of their units, each of which is marked; return the first row of the next type."""
    row = first
    while row < keys.shape[0] and keys[row] >> _TYPE == kind:
        unit = unit_of[keys[row] & _CELL]
        if unit >= 0:
            sums[0, unit] += tokens[row]
            sums[1, unit] += documents[row]
            found[unit // _WORD] |= _ONE << np.uint64(unit % _WORD)
        row += 1
    return row


@njit
def _taken(sums: U32, found: U64, units: U16, tokens: U32, documents: U32) -> int:
    """Write the sums of the marked units, ascending, and set them back to zero; return how many there are."""
    rows = 0
    for word in range(found.shape[0]):
        left = found[word]
        found[word] = np.uint64(0)
        while left:
            unit = word * _WORD + int(trailing_zeros(left))
            left &= left - _ONE
            units[rows], tokens[rows], documents[rows] = unit, sums[0, unit], sums[1, unit]
            sums[0, unit] = sums[1, unit] = np.uint32(0)
            rows += 1
    return rows


@njit
def keep_types(rows: Columns, kept: Flags, out: Columns) -> None:
    """Write the rows of the types that are marked; `out` is as long as they are."""
    types, starts, units, tokens, documents = out
    kinds, size = 0, 0
    for i in range(kept.shape[0]):
        if kept[i]:
            types[kinds], starts[kinds] = rows[0][i], size
            kinds += 1
            for row in range(rows[1][i], rows[1][i + 1]):
                units[size], tokens[size], documents[size] = rows[2][row], rows[3][row], rows[4][row]
                size += 1
    starts[kinds] = size


@njit
def sum_by_unit(starts: I64, unit: U16, weights: U32, chosen: Flags, sums: I64) -> None:
    """Add the weights of the rows of chosen types to the sums of their units."""
    for i in range(chosen.shape[0]):
        if chosen[i]:
            for row in range(starts[i], starts[i + 1]):
                sums[unit[row]] += weights[row]


@njit
def sum_of_units(starts: I64, unit: U16, weights: U32, first: int, stop: int, sums: I64) -> None:
    """Write, for each type, the sum of the weights of its rows in the units from `first` up to `stop`."""
    for i in range(sums.shape[0]):
        total = np.int64(0)
        for row in range(starts[i], starts[i + 1]):
            total += np.int64(weights[row]) * (first <= unit[row] < stop)
        sums[i] = total


@njit
def products_of_units(starts: I64, unit: U16, tokens: U32, products: F64) -> None:
    """Add to each pair of units the sum over types of the product of their tokens, shape (units, units)."""
    for i in range(starts.shape[0] - 1):
        for row in range(starts[i], starts[i + 1]):
            t, line = float(tokens[row]), products[unit[row]]
            for other in range(starts[i], starts[i + 1]):
                line[unit[other]] += t * float(tokens[other])
