"""The hot loops from words to keys of n-grams: hashes of a stretch of texts at a time, then the keys of each text."""

from typing import NamedTuple

import numpy as np

from longtail._jit import njit
from longtail.views._ascii import STRETCH, Room, longest_stretch, room_for, split_long, split_stretch
from longtail.views._kernels import _GRAM, I32, I64, U8, U32, U64, mix
from longtail.views.keys import CELL_BITS, CELLS, TYPE_BITS

_0, _1 = np.uint64(0), np.uint64(1)
_SHIFT = np.uint64(CELL_BITS)
_STAMP = np.uint64(CELLS - 1)
_TYPE = ~_STAMP
_ALL = np.uint64(1 << TYPE_BITS)


@njit
def extend_grams(words: U64, order: int, grams: U64) -> None:
    """Turn hashes of (order - 1)-grams in `grams` into hashes of order-grams, in place; both begin at the same word."""
    last = words[order - 1 :]
    for i in range(last.shape[0]):
        grams[i] = mix(grams[i] * _GRAM + last[i] + np.uint64(order))


@njit
def sampled(grams: U64, limit: np.uint64, kept: U64, places: I64) -> int:
    """Write the grams below a limit, and their places, in their order; return how many there are, few of all."""
    count = 0
    for i in range(grams.shape[0]):
        if grams[i] < limit:
            kept[count], places[count] = grams[i], i
            count += 1
    return count


@njit
def emit(grams: U64, cell: np.uint64, table: U64, stamp: np.uint64, first: U64, again: U64, at: I64) -> None:
    """Append each gram's key to `first` where it is new in this document, else to `again`.

    Args:
        table: Set of the types seen, each with the stamp of its document below it; a slot with another stamp is free. A power of
            two, larger than the number of grams.
        stamp: Another one for each document, until the table is cleared; not 0.
        first: Receives new keys; has room for one more than there will be. `again` likewise.
        at: Fill of `first` and of `again`, shape (2,), advanced in place.
    """
    mask = np.uint64(table.shape[0] - 1)
    new, old = np.uint64(at[0]), np.uint64(at[1])
    for i in range(grams.shape[0]):
        kind = grams[i] & _TYPE
        slot = (kind >> _SHIFT) & mask
        held = table[slot]
        while held != kind | stamp and held & _STAMP == stamp:
            slot = (slot + _1) & mask
            held = table[slot]
        is_new = np.uint64(held != kind | stamp)
        table[slot] = kind | stamp
        first[new] = again[old] = kind | cell
        new += is_new
        old += _1 - is_new
    at[0], at[1] = new, old


@njit
def fresh(table: U64, stamp: np.uint64, needed: int) -> tuple[U64, np.uint64]:
    """Return a table and a stamp for the next document.

    Args:
        table: See `emit`; `stamp` likewise.
        needed: How many grams there will be; the table has three slots for each two of them.
    """
    size = table.shape[0]
    while 2 * size < 3 * needed:
        size *= 2
    if size > table.shape[0]:
        return np.zeros(size, np.uint64), _1
    stamp = (stamp + _1) & _STAMP
    if stamp == _0:
        table[:] = _0
        stamp = _1
    return table, stamp


@njit
def longest_text(offsets: I32) -> int:
    """Return the length in bytes of the longest text."""
    longest = 0
    for i in range(offsets.shape[0] - 1):
        longest = max(longest, offsets[i + 1] - offsets[i])
    return longest


@njit
def stretch_of_texts(offsets: I32, start: int) -> int:
    """Return the end of a run of texts that fit into one stretch, with a byte after each; one text at least."""
    stop = start + 1
    while stop < offsets.shape[0] - 1 and offsets[stop + 1] - offsets[start] + stop + 1 - start <= STRETCH:
        stop += 1
    return stop


class Scratch(NamedTuple):
    """Room for the grams of a stretch below a limit and for their places, and the table and the stamp of `emit`."""

    kept: U64
    places: I64
    table: U64
    stamp: np.uint64


@njit
def scratch_for(words: int) -> Scratch:
    """Return room for stretches of so many words."""
    return Scratch(np.empty(words + 1, np.uint64), np.empty(words + 1, np.int64), np.zeros(1024, np.uint64), _0)


@njit
def count_grams(bounds: I64, order: int, lengths: I64) -> None:
    """Write how many n-grams of an order each text has, shape (texts,)."""
    for i in range(lengths.shape[0]):
        lengths[i] = max(0, bounds[i + 1] - bounds[i] - order + 1)


@njit
def emit_all(grams: U64, order: int, bounds: I64, cells: U64, room: Scratch, first: U64, again: U64, fill: I64) -> Scratch:
    """Append the keys of the n-grams of one order of some texts; return the scratch, for the next call.

    Args:
        grams: Hashes of n-grams, by the word they begin at; those that reach into the next text are passed over.
        bounds: Where the words of each text begin, and the number of all, shape (texts + 1,).
    """
    kept, places, table, stamp = room
    for i in range(cells.shape[0]):
        begin, end = bounds[i], max(bounds[i], bounds[i + 1] - order + 1)
        table, stamp = fresh(table, stamp, end - begin)
        emit(grams[begin:end], cells[i], table, stamp, first, again, fill)
    return Scratch(kept, places, table, stamp)


@njit
def emit_below(
    grams: U64, order: int, bounds: I64, cells: U64, limit: np.uint64, room: Scratch, first: U64, again: U64, fill: I64
) -> Scratch:
    """Do as `emit_all` with the n-grams below a limit."""
    kept, places, table, stamp = room
    size = sampled(grams, limit, kept, places)
    text, at = 0, 0
    while at < size:
        while bounds[text + 1] <= places[at]:
            text += 1
        end = at
        while end < size and places[end] + order <= bounds[text + 1]:
            end += 1
        table, stamp = fresh(table, stamp, end - at)
        emit(kept[at:end], cells[text], table, stamp, first, again, fill)
        at = end
        while at < size and places[at] < bounds[text + 1]:
            at += 1
    return Scratch(kept, places, table, stamp)


@njit
def emit_orders(
    words: U64,
    grams: U64,
    bounds: I64,
    cells: U64,
    orders: I64,
    thetas: U64,
    room: Scratch,
    first: U64,
    again: U64,
    fill: I64,
    lengths: I64,
) -> Scratch:
    """Append the keys of the n-grams of every order of some texts; return the scratch, for the next call.

    Args:
        words: Hashes of the tokens of the texts, one text after another.
        grams: Room for as many n-grams.
        bounds: Where the tokens of each text begin, and the number of all, shape (texts + 1,).
        cells: Cell of each text, shape (texts,).
        orders: Ascending n-gram orders, shape (k,).
        thetas: Type-hash threshold of each order, shape (k,).
        first: Receives keys new in their document, shape (k, capacity); `again` those repeated in it.
        fill: Fill of both, shape (k, 2), advanced in place.
        lengths: Receives the number of n-grams of each text, shape (k, texts).
    """
    for i in range(words.shape[0]):
        grams[i] = words[i]
    row = 0
    for order in range(1, orders[-1] + 1):
        if order > 1:
            extend_grams(words, order, grams)
        if order == orders[row]:
            begun = grams[: max(0, words.shape[0] - order + 1)]
            count_grams(bounds, order, lengths[row])
            if thetas[row] >= _ALL:
                room = emit_all(begun, order, bounds, cells, room, first[row], again[row], fill[row])
            else:
                room = emit_below(begun, order, bounds, cells, thetas[row] << _SHIFT, room, first[row], again[row], fill[row])
            row += 1
    return room


def scan(
    data: U8, offsets: I32, cells: U64, orders: I64, thetas: U64, classes: U8, folded: U32, key: np.uint64, first: U64, again: U64
) -> tuple[I64, I64]:
    """Write the keys of the n-grams of every document.

    Args:
        data: UTF-8 bytes, shape (bytes,).
        offsets: Document bounds in `data`, shape (documents + 1,).
        cells: Cell of each document, shape (documents,).
        orders: Ascending n-gram orders, shape (k,).
        thetas: Type-hash threshold of each order, shape (k,).
        key: Key of the word hash.
        first: Receives keys new in their document, shape (k, capacity).
        again: Receives keys repeated in their document, shape (k, capacity).

    Returns:
        The fill of `first` and `again`, shape (k, 2), and the number of grams per document, shape (k, documents).
    """
    room = room_for(max(longest_stretch(data, offsets), STRETCH) + 1)
    return _scan(data, offsets, cells, orders, thetas, classes, folded, key, first, again, room)


@njit
def _scan(
    data: U8,
    offsets: I32,
    cells: U64,
    orders: I64,
    thetas: U64,
    classes: U8,
    folded: U32,
    key: np.uint64,
    first: U64,
    again: U64,
    text_room: Room,
) -> tuple[I64, I64]:
    documents = offsets.shape[0] - 1
    most = max(longest_text(offsets), STRETCH) // 2 + 16
    words, grams, bounds = np.empty(most, np.uint64), np.empty(most, np.uint64), np.zeros(documents + 1, np.int64)
    scratch = scratch_for(most)
    fill = np.zeros((orders.shape[0], 2), dtype=np.int64)
    lengths = np.zeros((orders.shape[0], documents), dtype=np.int64)
    start = 0
    while start < documents:
        stop = stretch_of_texts(offsets, start)
        if stop == start + 1:
            count = split_long(data, offsets[start], offsets[stop], classes, folded, key, words, text_room)
            bounds[0], bounds[1] = 0, count
        else:
            count = split_stretch(data, offsets[start : stop + 1], classes, folded, key, words, bounds, text_room)
        told = lengths[:, start:stop]
        scratch = emit_orders(words[:count], grams, bounds, cells[start:stop], orders, thetas, scratch, first, again, fill, told)
        start = stop
    return fill, lengths
