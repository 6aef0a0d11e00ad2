"""Compiled loops that sort keys by their bits: a cut into pieces that fit a cache, then three passes over each piece."""

import numpy as np

from longtail._jit import njit
from longtail.summaries._kernels import U32, U64, distinct_types
from longtail.views.keys import CELL_BITS

GROUP_BITS = 10
_DIGIT = 11
_DIGITS = 6  # of 64 bits; even, so that keys end where they began
_PIECE = 1 << 16  # keys; a piece, its copy and the counts of its digits lie in a second-level cache
_MOVES = 4  # for each key, after which all is left to a sort by every digit
_CELL = np.uint64((1 << CELL_BITS) - 1)
_PART = np.uint64((1 << _DIGIT) - 1)
_ZERO = np.uint64(0)
_ONE = np.uint32(1)


@njit
def top_bit(keys: U64) -> int:
    """Return one more than the place of the highest bit in which some keys differ."""
    bits, first, top = _ZERO, keys[0], 0
    for i in range(keys.shape[0]):
        bits |= keys[i] ^ first
    while bits != _ZERO:
        bits >>= np.uint64(1)
        top += 1
    return top


@njit
def turned_into_starts(counts: U32) -> None:
    """Put the sum of all counts before it in place of each count."""
    total = np.uint32(0)
    for i in range(counts.shape[0]):
        count = counts[i]
        counts[i] = total
        total += count


@njit
def scatter(keys: U64, shift: np.uint64, mask: np.uint64, places: U32, out: U64) -> None:
    """Write each key at the place of its digit, which then moves on by one."""
    for i in range(keys.shape[0]):
        key = keys[i]
        digit = key >> shift & mask
        out[places[digit]] = key
        places[digit] += _ONE


@njit
def cut(keys: U64, shift: np.uint64, starts: U32, out: U64) -> None:
    """Write keys grouped by the `GROUP_BITS` bits from `shift` on, ascending.

    Args:
        keys: The keys, in any order.
        starts: Receives where each group begins, and the number of keys, shape (2**GROUP_BITS + 1,), zero on entry.
        out: Receives the keys, same shape.
    """
    mask = np.uint64((1 << GROUP_BITS) - 1)
    for i in range(keys.shape[0]):
        starts[keys[i] >> shift & mask] += _ONE
    turned_into_starts(starts)
    scatter(keys, shift, mask, starts[:-1].copy(), out)


@njit
def place(keys: U64, starts: U32, places: U32, out: U64) -> None:
    """Write each group of some keys at its place, which then moves on by as many.

    Args:
        keys: The keys, grouped.
        starts: Where each group begins, and the number of keys, shape (groups + 1,).
        places: Where the next keys of each group go, shape (groups,).
    """
    for group in range(places.shape[0]):
        part = keys[starts[group] : starts[group + 1]]
        target = out[places[group] :]
        for i in range(part.shape[0]):
            target[i] = part[i]
        places[group] += np.uint32(part.shape[0])


@njit
def mended(keys: U64) -> bool:
    """Sort keys that are nearly in order; give up, and say so, where too many of them have to move."""
    left = _MOVES * keys.shape[0]
    for i in range(1, keys.shape[0]):
        key, at = keys[i], i
        while at > 0 and keys[at - 1] > key:
            keys[at] = keys[at - 1]
            at -= 1
        keys[at] = key
        left -= i - at
        if left < 0:
            return False
    return True


@njit
def sort_piece(keys: U64, cells: U32, lower: U32, upper: U32, out: U64) -> bool:
    """Sort keys by their cells and by the highest bits in which they differ, then mend what those leave; False where it gave up.

    Args:
        keys: The keys, overwritten.
        cells: Scratch of 2**CELL_BITS counts; `lower` and `upper` of 2**_DIGIT.
        out: Receives the keys, same shape.
    """
    top = top_bit(keys)
    high = np.uint64(max(CELL_BITS, top - _DIGIT))
    low = np.uint64(max(CELL_BITS, top - 2 * _DIGIT))
    cells[:], lower[:], upper[:] = 0, 0, 0
    for i in range(keys.shape[0]):
        cells[keys[i] & _CELL] += _ONE
        lower[keys[i] >> low & _PART] += _ONE
        upper[keys[i] >> high & _PART] += _ONE
    turned_into_starts(cells)
    turned_into_starts(lower)
    turned_into_starts(upper)
    scatter(keys, _ZERO, _CELL, cells, out)
    scatter(out, low, _PART, lower, keys)
    scatter(keys, high, _PART, upper, out)
    return mended(out)


@njit
def sort_digits(keys: U64, counts: U32, spare: U64) -> None:
    """Sort keys by all of their bits, a digit at a time from the lowest on; `spare` is as long as they are.

    In place of a sort that compares: numba takes ten times as long to compile one.
    """
    source, target = keys, spare
    for turn in range(_DIGITS):
        shift = np.uint64(turn * _DIGIT)
        counts[:] = 0
        for i in range(source.shape[0]):
            counts[source[i] >> shift & _PART] += _ONE
        turned_into_starts(counts)
        scatter(source, shift, _PART, counts, target)
        source, target = target, source


@njit
def sort_pieces(keys: U64, starts: U32, most: int, out: U64) -> int:
    """Sort keys that are grouped, ascending, a few groups at a time, until those sorted have more types than wanted.

    Args:
        keys: The keys, overwritten; no type in two groups.
        starts: Where each group begins, and the number of keys.
        most: Types wanted.
        out: Receives the keys, same shape; what follows those sorted is left as it is.

    Returns:
        How many keys were sorted.
    """
    cells, lower, upper = np.empty(1 << CELL_BITS, np.uint32), np.empty(1 << _DIGIT, np.uint32), np.empty(1 << _DIGIT, np.uint32)
    group, types = 0, 0
    while group < starts.shape[0] - 1 and types <= most:
        begin, last = starts[group], group + 1
        while last < starts.shape[0] - 1 and starts[last + 1] - begin <= _PIECE:
            last += 1
        end = starts[last]
        if end > begin:
            if not sort_piece(keys[begin:end], cells, lower, upper, out[begin:end]):
                sort_digits(out[begin:end], lower, keys[begin:end])
            types += distinct_types(out[begin:end], CELL_BITS)
        group = last
    return int(starts[group])
