"""Words of ASCII text, eight bytes at a time: where words begin and end is found in bit masks, not byte by byte.

Gives what the word machine of `_kernels` gives; it hands every stretch that is not plain ASCII back to it.
"""

from typing import NamedTuple

import numpy as np

from longtail._jit import njit, trailing_zeros
from longtail.views._kernels import _OFFSET, _PRIME, I32, I64, U8, U32, U64, careful_words, eight, mix

STRETCH = 1 << 15
_BLOCK = 64  # bytes whose bits fill one mask
_SPACE = 32

_ONES = 0x0101010101010101


def _each(byte: int) -> np.uint64:
    return np.uint64(_ONES * byte)


_0, _1, _2, _7, _8, _56 = (np.uint64(number) for number in (0, 1, 2, 7, 8, 56))
_BYTE = np.uint64(0xFF)
_HIGH, _LOW, _CASE = _each(0x80), _each(0x7F), _each(0x20)
_FROM_A, _PAST_Z = _each(0x80 - ord("a")), _each(0x80 - ord("z") - 1)
_FROM_0, _PAST_9 = _each(0x80 - ord("0")), _each(0x80 - ord("9") - 1)
_UNDERSCORE, _APOSTROPHE = _each(ord("_")), _each(ord("'"))
_GATHER = np.uint64(0x0102040810204080)  # brings the lowest bit of each byte into the highest byte
_63 = np.uint64(63)
_AT_ONCE = 8  # places of bits that are written before it is asked whether there are more
_TWOS, _FOURS, _EIGHTS = _each(0x55), _each(0x33), _each(0x0F)
_4 = np.uint64(4)
_WIDEST = np.uint64(16)
_HEAD = np.array([(1 << 8 * min(width, 8)) - 1 for width in range(17)], np.uint64)
_REST = np.array([(1 << 8 * max(width - 8, 0)) - 1 for width in range(17)], np.uint64)


@njit
def classify(text: U64, folded: U64, inside: U8, beyond: U8, joins: U8) -> None:
    """Write, for each eight bytes, their folded form, which are of words, which are beyond ASCII, and which are apostrophes.

    Args:
        text: Bytes, eight in each number, the first lowest, shape (eighths,).
        folded: Receives the bytes, letters in lower case, shape (eighths,).
        inside: Receives a bit for each byte that is a letter, a digit or an underscore, shape (eighths,).
        beyond: Receives a bit for each byte of 0x80 or above, shape (eighths,).
        joins: Receives a bit for each apostrophe, shape (eighths,).
    """
    for i in range(text.shape[0]):
        low = text[i] & _LOW
        lower = low | _CASE
        letter = (lower + _FROM_A) & ~(lower + _PAST_Z) & ~text[i] & _HIGH
        digit = (low + _FROM_0) & ~(low + _PAST_9)
        other = ~((low ^ _UNDERSCORE) + _LOW)
        apostrophe = ~((low ^ _APOSTROPHE) + _LOW) & ~text[i] & _HIGH
        word = letter | (digit | other) & ~text[i] & _HIGH
        folded[i] = text[i] | letter >> _2
        inside[i] = (word >> _7) * _GATHER >> _56
        beyond[i] = ((text[i] & _HIGH) >> _7) * _GATHER >> _56
        joins[i] = (apostrophe >> _7) * _GATHER >> _56


@njit
def join(inside: U64, beyond: U64, joins: U64) -> None:
    """Put every apostrophe between two bytes of words among these, and each that touches a byte beyond ASCII among those.

    Args:
        inside: A bit for each byte of a word, sixty-four in each number, shape (blocks,).
        beyond: A bit for each byte beyond ASCII, same shape.
        joins: A bit for each apostrophe, same shape. None follows one between bytes of words, so that blocks may be done in turn.
    """
    last = joins.shape[0] - 1
    for i in range(joins.shape[0]):
        if joins[i] == _0:
            continue
        before, after = (inside[i - 1], beyond[i - 1]) if i > 0 else (_0, _0), (inside[i + 1], beyond[i + 1]) if i < last else (_0, _0)
        left, right = inside[i] << _1 | before[0] >> _63, inside[i] >> _1 | after[0] << _63
        near = beyond[i] << _1 | before[1] >> _63 | beyond[i] >> _1 | after[1] << _63
        inside[i] |= joins[i] & left & right
        beyond[i] |= joins[i] & near


@njit
def hash_plain(heads: U64, rests: U64, key: np.uint64, words: U64) -> None:
    """Write the hashes of words of up to sixteen bytes, given in two numbers; where the first is 0 the hash stays as it is."""
    for i in range(heads.shape[0]):
        head, rest, value = heads[i], rests[i], _OFFSET
        for _ in range(8):
            value = (value ^ head & _BYTE) * _PRIME if head != _0 else value
            head >>= _8
        for _ in range(8):
            value = (value ^ rest & _BYTE) * _PRIME if rest != _0 else value
            rest >>= _8
        words[i] = mix(value ^ key) if heads[i] != _0 else words[i]


class Room(NamedTuple):
    """Scratch for stretches of up to some number of bytes; what is named twice is the same memory, one byte at a time and eight."""

    text: U8
    shown: U8  # the text, read only
    text_by_eight: U64
    folded: U8
    folded_by_eight: U64
    inside: U8
    inside_by_eight: U64
    beyond: U8
    beyond_by_eight: U64
    joins: U8
    joins_by_eight: U64
    edges: I32
    cares: I32
    heads: U64
    rests: U64
    spans: I64


def room_for(size: int) -> Room:
    """Return scratch for stretches of up to `size` bytes."""
    padded = (size + 2 * _BLOCK) // _BLOCK * _BLOCK
    text, folded = np.zeros(padded, np.uint8), np.zeros(padded, np.uint8)
    inside, beyond, joins = np.zeros((3, padded // 8), np.uint8)
    shown = text.view()
    shown.flags.writeable = False
    return Room(
        text,
        shown,
        text.view(np.uint64),
        folded,
        folded.view(np.uint64),
        inside,
        inside.view(np.uint64),
        beyond,
        beyond.view(np.uint64),
        joins,
        joins.view(np.uint64),
        np.empty(padded + 2 + _AT_ONCE, np.int32),
        np.empty(padded + 2 + _AT_ONCE, np.int32),
        np.empty(padded, np.uint64),
        np.empty(padded, np.uint64),
        np.empty((padded, 2), np.int64),
    )


@njit
def stretch_end(data: U8, at: int, stop: int) -> int:
    """Return where a stretch that begins at `at` ends: at `stop`, or after white space, where no word is open."""
    if stop - at <= STRETCH:
        return stop
    end = at + STRETCH
    while end > at and data[end - 1] > _SPACE:
        end -= 1
    if end > at:
        return end
    end = at + STRETCH
    while end < stop and data[end - 1] > _SPACE:
        end += 1
    return end


@njit
def longest_stretch(data: U8, offsets: I32) -> int:
    """Return the length in bytes of the longest stretch of some documents."""
    longest = 0
    for i in range(offsets.shape[0] - 1):
        at = offsets[i]
        while at < offsets[i + 1]:
            end = stretch_end(data, at, offsets[i + 1])
            longest = max(longest, end - at)
            at = end
    return longest


@njit
def gather(data: U8, offsets: I32, text: U8) -> int:
    """Copy texts one after another, a zero after each and zeros to the end of the block; return how many bytes that is."""
    at = 0
    for i in range(offsets.shape[0] - 1):
        source = data[offsets[i] : offsets[i + 1]]
        target = text[at:]
        for k in range(source.shape[0]):
            target[k] = source[k]
        at += source.shape[0] + 1
        text[at - 1] = 0
    padded = (at + _BLOCK - 1) // _BLOCK * _BLOCK
    for k in range(at, padded):
        text[k] = 0
    return padded


@njit
def set_bits(mask: np.uint64) -> np.uint64:
    """Return how many bits of a number are set (Wilkes, Wheeler & Gill 1957), which compilers know as one instruction."""
    mask -= mask >> _1 & _TWOS
    mask = (mask & _FOURS) + (mask >> _2 & _FOURS)
    return ((mask + (mask >> _4)) & _EIGHTS) * np.uint64(_ONES) >> _56


@njit
def all_places(masks: U64, of_changes: bool, out: I32) -> int:
    """Write the places of the set bits of a long mask, or of those that differ from the bit before; return how many there are.

    Args:
        masks: Sixty-four bits in each number, shape (n,).
        of_changes: Whether changes are meant.
        out: Receives the places; `_AT_ONCE` longer than there may be.
    """
    count, before = _0, _0
    for i in range(masks.shape[0]):
        mask = masks[i]
        if of_changes:
            mask ^= mask << _1 | before
            before = masks[i] >> _63
        at, count = count, count + set_bits(mask)
        while at < count:
            for _ in range(_AT_ONCE):
                out[at] = _BLOCK * i + trailing_zeros(mask)
                mask &= mask - _1
                at += _1
    return int(count)


@njit
def plain_words(folded: U8, edges: I32, edge: int, limit: int, key: np.uint64, words: U64, heads: U64, rests: U64, count: int) -> int:
    """Take in words of ASCII from number `edge` of the edges on, as far as they end before `limit`; return the new count.

    Of words of up to sixteen bytes the letters are written, so that many are hashed together; of longer ones the hash.
    """
    at = np.uint64(count)
    for i in range(edge, edges.shape[0] - 1, 2):
        start, stop = np.uint64(edges[i]), np.uint64(edges[i + 1])
        if stop >= np.uint64(limit):
            break
        width = stop - start
        if width <= _WIDEST:
            heads[at] = eight(folded, start) & _HEAD[width]
            rests[at] = eight(folded, start + _8) & _REST[width]
        else:
            value = _OFFSET
            for k in range(start, stop):
                value = (value ^ np.uint64(folded[k])) * _PRIME
            words[at], heads[at] = mix(value ^ key), _0
        at += _1
    return int(at)


@njit
def passed(places: I32, index: int, step: int, at: int) -> int:
    """Return the index of the next place that is not before `at`."""
    while index < places.shape[0] and places[index] < at:
        index += step
    return index


@njit
def split_stretch(data: U8, offsets: I32, classes: U8, folded: U32, key: np.uint64, words: U64, bounds: I64, room: Room) -> int:
    """Write the hash of every word of some texts; return how many there are. No word may be open where a text begins or ends.

    Args:
        offsets: Bounds of the texts in `data`, shape (texts + 1,).
        words: Receives the hashes; half as many as there are bytes, and eight.
        bounds: Receives where the words of each text begin, and the number of all, shape (texts + 1,).
        room: Scratch for as many bytes as the texts have, and one for each of them.
    """
    text, heads, rests, spans = room.text, room.heads, room.rests, room.spans
    size = gather(data, offsets, text)
    eights, blocks = size // 8, size // _BLOCK
    classify(room.text_by_eight[:eights], room.folded_by_eight[:eights], room.inside, room.beyond, room.joins)
    inside, beyond = room.inside_by_eight[:blocks], room.beyond_by_eight[:blocks]
    join(inside, beyond, room.joins_by_eight[:blocks])
    edges = room.edges[: all_places(inside, True, room.edges)]
    cares = room.cares[: all_places(beyond, False, room.cares)]
    count, edge, care, stop = 0, 0, 0, -1
    for i in range(offsets.shape[0] - 1):
        bounds[i] = count
        stop += offsets[i + 1] - offsets[i] + 1
        while True:
            is_plain = care == cares.shape[0] or cares[care] > stop
            limit = stop + 1 if is_plain else cares[care]
            more = plain_words(room.folded, edges, edge, limit, key, words, heads, rests, count) - count
            count, edge = count + more, edge + 2 * more
            if is_plain:
                break
            begin = edges[edge] if edge < edges.shape[0] and edges[edge] < limit else limit
            at, more = careful_words(room.shown, begin, stop, classes, folded, key, words, spans, count)
            heads[count:more] = _0
            count = more
            edge, care = passed(edges, edge, 2, at), passed(cares, care, 1, at)
    bounds[offsets.shape[0] - 1] = count
    padded = (count + 7) // 8 * 8
    heads[count:padded] = _0
    hash_plain(heads[:padded], rests[:padded], key, words[:padded])
    return count


@njit
def split_long(data: U8, start: int, stop: int, classes: U8, folded: U32, key: np.uint64, words: U64, room: Room) -> int:
    """Write the hash of every word of one text, stretch by stretch; return how many there are."""
    count, at = 0, start
    offsets, bounds = np.zeros(2, np.int32), np.zeros(2, np.int64)
    while at < stop:
        offsets[0], offsets[1] = at, stretch_end(data, at, stop)
        count += split_stretch(data, offsets, classes, folded, key, words[count:], bounds, room)
        at = offsets[1]
    return count
