"""Compiled loops that cut source code into tokens, and tokens into keys of n-grams."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit
from longtail.views._code_tokens import BLANK, KINDS, LINE, QUOTE, token_end
from longtail.views._kernels import mix
from longtail.views.keys import CELL_BITS

U8 = npt.NDArray[np.uint8]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
U64 = npt.NDArray[np.uint64]

_OFFSET, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
_GRAM, _SHIFT = np.uint64(0x9E3779B97F4A7C15), np.uint64(CELL_BITS)
_DEEPER, _SHALLOWER, _OPENING = np.uint64(1), np.uint64(2), np.uint64(3)
_TAB = 8


@njit
def next_line(data: U8, at: int, stop: int) -> tuple[int, int]:
    """Return the first byte after white space from a line's beginning, and how far its line is indented; -1 where none begins."""
    width = 0
    while at < stop:
        byte = data[at]
        if byte == 0x0A:
            width = 0
        elif byte == 0x20:
            width += 1
        elif byte == 0x09:
            width += _TAB - width % _TAB
        elif byte > 0x20 and byte != 0x7F:
            return at, width
        at += 1
    return at, -1


@njit
def hash_of(data: U8, at: int, end: int, opens: int) -> np.uint64:
    """Return the hash of a token, of no more than the bytes that open it where there are such."""
    value = _OFFSET if opens == 0 else _OPENING
    for i in range(at, at + opens if opens else end):
        value = (value ^ np.uint64(data[i])) * _PRIME
    return value


@njit
def split(data: U8, start: int, stop: int, classes: U8, key: np.uint64, words: U64, spans: I64) -> int:
    """Write the hash and the byte span of every token of `data[start:stop]`; return how many there are.

    Args:
        words: Receives the hashes; at least stop - start long.
        spans: Receives start and end, shape (at least stop - start, 2); a change of indentation has none: both are alike.
    """
    count, name = 0, start
    at, depth = next_line(data, start, stop)
    while at < stop:
        kind = KINDS[data[at]]
        if kind == BLANK:
            at += 1
            continue
        if kind == LINE:
            at, width = next_line(data, at, stop)
            if width >= 0 and width != depth:
                words[count] = mix((_DEEPER if width > depth else _SHALLOWER) ^ key)
                spans[count, :] = at
                count, depth = count + 1, width
            continue
        name = at if kind != QUOTE else name
        end, opens = token_end(data, at, start, stop, name, classes)
        words[count] = mix(hash_of(data, at, end, opens) ^ key)
        spans[count, 0], spans[count, 1] = at, end
        count, at = count + 1, end
    return count


@njit
def keys_of(grams: U64, cell: np.uint64, theta: np.uint64, table: U64, first: U64, again: U64, at: I64) -> None:
    """Append each gram's key to `first` where it is new in this document, else to `again`.

    Args:
        theta: Grams whose type is not below it are passed over.
        table: Set of the grams seen, a power of two that at least half stays free of; cleared here.
        at: Fill of `first` and of `again`, shape (2,), advanced in place.
    """
    mask = np.uint64(table.shape[0] - 1)
    table[:] = 0
    for gram in grams:
        kind = gram >> _SHIFT
        if kind >= theta:
            continue
        slot, mark = kind & mask, kind + np.uint64(1)
        while table[slot] != 0 and table[slot] != mark:
            slot = (slot + np.uint64(1)) & mask
        is_new = table[slot] == 0
        table[slot] = mark
        key = kind << _SHIFT | cell
        if is_new:
            first[at[0]] = key
        else:
            again[at[1]] = key
        at[1 - is_new] += 1


@njit
def scan(
    data: U8, offsets: I32, cells: U64, orders: I64, thetas: U64, classes: U8, key: np.uint64, first: U64, again: U64
) -> tuple[I64, I64]:
    """Write the keys of the n-grams of tokens of every document.

    Args:
        data: UTF-8 bytes, shape (bytes,).
        offsets: Document bounds in `data`, shape (documents + 1,).
        cells: Cell of each document, shape (documents,).
        orders: Ascending n-gram orders, shape (k,).
        thetas: Type-hash threshold of each order, shape (k,).
        classes: Class of every code point.
        key: Key of the token hash.
        first: Receives keys new in their document, shape (k, capacity).
        again: Receives keys repeated in their document, shape (k, capacity).

    Returns:
        The fill of `first` and `again`, shape (k, 2), and the number of grams per document, shape (k, documents).
    """
    documents = offsets.shape[0] - 1
    longest = 1
    for i in range(documents):
        longest = max(longest, offsets[i + 1] - offsets[i])
    words, grams = np.empty(longest, np.uint64), np.empty(longest, np.uint64)
    spans = np.empty((longest, 2), np.int64)
    table = np.zeros(1 << int(np.ceil(np.log2(2 * longest + 1))), np.uint64)
    fill, lengths = np.zeros((orders.shape[0], 2), np.int64), np.zeros((orders.shape[0], documents), np.int64)
    for i in range(documents):
        count = split(data, offsets[i], offsets[i + 1], classes, key, words, spans)
        size = 64
        while size < 2 * count:
            size *= 2
        grams[:count] = words[:count]
        row = 0
        for order in range(1, orders[-1] + 1):
            length = max(count - order + 1, 0)
            for j in range(length if order > 1 else 0):
                grams[j] = mix(grams[j] * _GRAM + words[j + order - 1] + np.uint64(order))
            if order == orders[row]:
                lengths[row, i] = length
                keys_of(grams[:length], cells[i], thetas[row], table[:size], first[row], again[row], fill[row])
                row += 1
    return fill, lengths
