"""Compiled loops that cut source code into tokens, and tokens into keys of n-grams."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit
from longtail.views._code_tokens import BLANK, KINDS, LINE, QUOTE, token_end
from longtail.views._grams import emit_orders, longest_text, scratch_for
from longtail.views._kernels import mix

U8 = npt.NDArray[np.uint8]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
U64 = npt.NDArray[np.uint64]

_OFFSET, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)
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
def scan(
    data: U8, offsets: I32, cells: U64, orders: I64, thetas: U64, classes: U8, key: np.uint64, first: U64, again: U64
) -> tuple[I64, I64]:
    """Write the keys of the n-grams of tokens of every document; arguments and outcome are those of `_grams.scan`."""
    documents, longest = offsets.shape[0] - 1, longest_text(offsets) + 1
    words, grams, bounds = np.empty(longest, np.uint64), np.empty(longest, np.uint64), np.zeros(2, np.int64)
    spans = np.empty((longest, 2), np.int64)
    room = scratch_for(longest)
    fill, lengths = np.zeros((orders.shape[0], 2), np.int64), np.zeros((orders.shape[0], documents), np.int64)
    for i in range(documents):
        bounds[1] = split(data, offsets[i], offsets[i + 1], classes, key, words, spans)
        told, tokens = lengths[:, i : i + 1], words[: bounds[1]]
        room = emit_orders(tokens, grams, bounds, cells[i : i + 1], orders, thetas, room, first, again, fill, told)
    return fill, lengths
