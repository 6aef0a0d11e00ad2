"""The compiled loops of the heuristics: a text to words, lines and paragraphs, and these to what the rules ask for."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit
from longtail.gates.text.characters import DIGIT, LETTER, LONE, QUOTE, SPACE, TERMINAL
from longtail.views._kernels import decode, mix

U8 = npt.NDArray[np.uint8]
U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]

_OFFSET, _PRIME, _GRAM = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3), np.uint64(0x9E3779B97F4A7C15)
_ONE = np.uint64(1)
_HASH, _DOT, _NEWLINE, _BRACE, _BULLET, _ELLIPSIS = 0x23, 0x2E, 0x0A, 0x7B, 0x2022, 0x2026

START, STOP, CHARACTERS, CORE, HAS_LETTER, HAS_ALNUM = 0, 1, 2, 3, 4, 5
"""Columns of a word: its bytes, its characters, those without the punctuation around it, whether it holds a letter, and the number
of the character that is its first letter or digit, from 1 on, or 0."""


@njit
def split(data: U8, start: int, stop: int, kinds: U8, words: I64, hashes: U64, cores: U64) -> int:
    """Write what stands between white space; return how many words there are.

    Args:
        words: Receives the columns above, shape (at least half of stop - start and one, 6).
        hashes: Receives the hash of each word as it is written.
        cores: Receives that of its letters and digits, folded in ASCII.
    """
    count, at, is_open = 0, start, False
    while at < stop:
        point, width = decode(data, at)
        kind = kinds[point]
        if kind & SPACE or (is_open and kind & LONE):
            count += is_open
            is_open = False
        if not kind & SPACE:
            if not is_open:
                words[count] = 0
                words[count, START] = at
                hashes[count] = cores[count] = _OFFSET
                is_open = True
            _grow(words[count], hashes, cores, count, point, kind, at + width)
            if kind & LONE:
                count += 1
                is_open = False
        at += width
    return count + is_open


@njit
def _grow(word: I64, hashes: U64, cores: U64, at: int, point: int, kind: int, stop: int) -> None:
    """Add a character to a word; `CORE` counts from the first to the last letter or digit."""
    word[STOP] = stop
    word[CHARACTERS] += 1
    hashes[at] = (hashes[at] ^ np.uint64(point)) * _PRIME
    if kind & (LETTER | DIGIT):
        folded = point + 32 if 65 <= point <= 90 else point
        cores[at] = (cores[at] ^ np.uint64(folded)) * _PRIME
        word[HAS_ALNUM] = word[CHARACTERS] if word[CORE] == 0 else word[HAS_ALNUM]
        word[CORE] = word[CHARACTERS] - word[HAS_ALNUM] + 1
        word[HAS_LETTER] |= kind & LETTER


@njit
def count_of(data: U8, start: int, stop: int, sought: U8) -> int:
    """Return how often some bytes stand in a text, ASCII letters compared without case (`sought` in small letters)."""
    found, last = 0, stop - sought.shape[0]
    at = start
    while at <= last:
        k = 0
        while k < sought.shape[0] and (data[at + k] | (0x20 if 65 <= data[at + k] <= 90 else 0)) == sought[k]:
            k += 1
        if k == sought.shape[0]:
            found += 1
            at += k
        else:
            at += 1
    return found


@njit
def slot_of(table: U64, key: np.uint64) -> np.int64:
    """Return where a key stands in a table of open addressing, or the free place where it would; zero is free."""
    mask = np.uint64(table.shape[0] - 1)
    slot = mix(key) & mask
    while table[slot] != 0 and table[slot] != key:
        slot = (slot + _ONE) & mask
    return np.int64(slot)


@njit
def room(count: int) -> int:
    """Return a power of two at least twice a count."""
    size = 8
    while size < 2 * count:
        size *= 2
    return size


@njit
def grams(hashes: U64, count: int, order: int, out: U64) -> int:
    """Write the hash of each run of `order` words, never 0; return how many there are."""
    length = count - order + 1
    for i in range(length):
        value = np.uint64(order)
        for k in range(order):
            value = value * _GRAM + hashes[i + k]
        out[i] = mix(value) | _ONE
    return max(length, 0)


@njit
def top_share(words: I64, runs: U64, length: int, order: int, characters: int) -> float:
    """Return the share of the characters that the commonest n-gram holds, 0 where none occurs twice."""
    table = np.zeros(room(length), np.uint64)
    counts, firsts = np.zeros(table.shape[0], np.int64), np.zeros(table.shape[0], np.int64)
    best = np.int64(-1)
    for i in range(length):
        slot = slot_of(table, runs[i])
        if table[slot] == 0:
            table[slot] = runs[i]
            firsts[slot] = i
        counts[slot] += 1
        if counts[slot] > 1 and (best < 0 or counts[slot] > counts[best]):
            best = slot
    if best < 0:
        return 0.0
    first = firsts[best]
    inside = order - 1
    for k in range(order):
        inside += words[first + k, CHARACTERS]
    return float(min(inside * counts[best] / characters, 1.0))


@njit
def repeated_share(words: I64, runs: U64, length: int, order: int, characters: int) -> float:
    """Return the share of the characters inside n-grams that occurred before, none counted twice."""
    table = np.zeros(room(length), np.uint64)
    covered, held = 0, 0
    for i in range(length):
        slot = slot_of(table, runs[i])
        if table[slot] == 0:
            table[slot] = runs[i]
            continue
        for k in range(max(i, covered), i + order):
            held += words[k, CHARACTERS] + (k > i or 0 < covered == i)
        covered = i + order
    return min(held / characters, 1.0)


@njit
def duplicates(hashes: U64, sizes: I64, count: int, characters: int, out: F64, at: int) -> None:
    """Write the share of pieces that occurred before, and the share of the characters in them, to two places of `out`."""
    table = np.zeros(room(count), np.uint64)
    again, inside = 0, 0
    for i in range(count):
        slot = slot_of(table, hashes[i] | _ONE)
        if table[slot] == 0:
            table[slot] = hashes[i] | _ONE
        else:
            again += 1
            inside += sizes[i]
    out[at] = again / max(count, 1)
    out[at + 1] = inside / max(characters, 1)


@njit
def code_points(data: U8, start: int, stop: int) -> int:
    """Return how many characters some bytes hold."""
    found = 0
    for i in range(start, stop):
        found += (data[i] & 0xC0) != 0x80
    return found


@njit
def hash_of(data: U8, start: int, stop: int) -> np.uint64:
    """Return a hash of some bytes."""
    value = _OFFSET
    for i in range(start, stop):
        value = (value ^ np.uint64(data[i])) * _PRIME
    return value


@njit
def trimmed(data: U8, start: int, stop: int) -> tuple[int, int]:
    """Return bounds without the ASCII white space around."""
    while start < stop and data[start] <= 32:
        start += 1
    while stop > start and data[stop - 1] <= 32:
        stop -= 1
    return start, stop


@njit
def last_point(data: U8, start: int, stop: int) -> int:
    """Return the last code point of some bytes, or 0 where there are none."""
    at = stop - 1
    while at > start and (data[at] & 0xC0) == 0x80:
        at -= 1
    return decode(data, at)[0] if at >= start else 0


@njit
def ends_in_dots(data: U8, start: int, stop: int) -> bool:
    """Tell whether some bytes end with an ellipsis."""
    dots = stop - start >= 3 and data[stop - 1] == _DOT and data[stop - 2] == _DOT and data[stop - 3] == _DOT
    return dots or last_point(data, start, stop) == _ELLIPSIS


@njit
def begins_with_bullet(data: U8, start: int, stop: int) -> bool:
    """Tell whether some bytes begin with a bullet or a hyphen."""
    return start < stop and (data[start] == 0x2D or decode(data, start)[0] == _BULLET)


@njit
def sentences(data: U8, start: int, stop: int, kinds: U8) -> int:
    """Return how many sentences end in some bytes: a terminal sign, quotation marks aside, before white space or the end."""
    found, at, is_ending = 0, start, False
    while at < stop:
        point, width = decode(data, at)
        kind = kinds[point]
        if kind & SPACE:
            found += is_ending
            is_ending = False
        elif kind & TERMINAL:
            is_ending = True
        elif not kind & QUOTE:
            is_ending = False
        at += width
    return found + is_ending
