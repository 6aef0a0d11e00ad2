"""Compiled loops that measure documents line by line; `formats` decides what the measurements come to."""

import numpy as np

from longtail._jit import njit
from longtail.views._formats_lines import (
    COLUMNS,
    COMMAND,
    FENCED,
    FENCES,
    FIRST,
    I32,
    I64,
    JSON,
    KINDS,
    LAST,
    LETTER,
    LETTERS,
    LINES,
    LISTED,
    SIZE,
    SPACE,
    TAG,
    U8,
    U64,
    is_bullet,
    is_number,
    looked_up,
    marks,
    take_code,
    take_speech,
    take_table,
    word_at,
)

MOST_BYTES = 1 << 16
_KEYS = 16


@njit
def is_json(data: U8, start: int, stop: int, is_cut: bool) -> bool:
    """Tell whether the bytes could be JSON: brackets that close, and outside strings no letters but those of its words."""
    depth, quoted, at = 0, False, start
    while at < stop:
        byte = data[at]
        if byte == 0x22:
            quoted = not quoted
        elif quoted:
            at += byte == 0x5C
        elif byte in (0x7B, 0x5B):
            depth += 1
        elif byte in (0x7D, 0x5D):
            depth -= 1
        elif KINDS[byte] & LETTER and byte not in (0x74, 0x72, 0x75, 0x65, 0x66, 0x61, 0x6C, 0x73, 0x6E, 0x45):
            return False
        at += 1
    return is_cut or (depth == 0 and not quoted)


@njit
def take_line(
    data: U8, begin: int, last: int, pairs: U8, words: U64, weights: U8, roles: U64, role_weights: U8, counts: I64, keys: U64, row: I64
) -> None:
    """Measure one line without the white space around it."""
    counts[:] = 0
    letters = marks(data, begin, last, pairs, counts)
    row[LETTERS] += letters
    row[TAG] += counts[TAG]
    row[COMMAND] += counts[COMMAND]
    row[LISTED] += is_bullet(data, begin, last) or is_number(data, begin, last)
    take_code(data, begin, last, letters, looked_up(word_at(data, begin, last, False), words, weights), counts, row)
    take_speech(data, begin, last, roles, role_weights, keys, row)
    take_table(data, begin, counts, row)


@njit
def is_fence(data: U8, begin: int, last: int) -> bool:
    """Tell whether a line opens or closes a block of code in Markdown."""
    return last - begin > 2 and data[begin] == data[begin + 1] == data[begin + 2] and (data[begin] == 0x60 or data[begin] == 0x7E)


@njit
def trimmed(data: U8, start: int, stop: int) -> tuple[int, int]:
    """Return bounds of bytes without the white space around them."""
    while start < stop and KINDS[data[start]] & SPACE:
        start += 1
    while stop > start and KINDS[data[stop - 1]] & SPACE:
        stop -= 1
    return start, stop


@njit
def take_lines(
    data: U8, at: int, stop: int, pairs: U8, words: U64, weights: U8, roles: U64, role_weights: U8, counts: I64, keys: U64, row: I64
) -> None:
    """Measure all lines that are not blank; those in a fenced block are only counted."""
    fenced = False
    while at < stop:
        end = at
        while end < stop and data[end] != 0x0A:
            end += 1
        begin, last = trimmed(data, at, end)
        at = end + 1
        if begin == last:
            continue
        row[LINES] += 1
        if is_fence(data, begin, last):
            row[FENCES] += 1
            fenced = not fenced
        elif fenced:
            row[FENCED] += 1
        else:
            take_line(data, begin, last, pairs, words, weights, roles, role_weights, counts, keys, row)


@njit
def measure(data: U8, offsets: I32, pairs: U8, words: U64, weights: U8, roles: U64, role_weights: U8, out: I64) -> None:
    """Measure the first `MOST_BYTES` of every document.

    Args:
        data: UTF-8 bytes, shape (bytes,).
        offsets: Bounds of the documents, shape (documents + 1,).
        pairs: What a pair of bytes is counted as, shape (256, 256).
        words: Hashes of the words that begin lines of code, by open addressing.
        weights: How much each says.
        roles: The same of the names of speakers.
        role_weights: 1 for each.
        out: Receives the measurements, shape (documents, COLUMNS), zero on entry.
    """
    counts, keys = np.zeros(COLUMNS, np.int64), np.zeros(_KEYS, np.uint64)
    for i in range(out.shape[0]):
        row = out[i]
        start, whole = trimmed(data, offsets[i], offsets[i + 1])
        stop = min(whole, start + MOST_BYTES)
        if start < stop:
            row[SIZE], row[FIRST], row[LAST] = stop - start, data[start], data[whole - 1]
            row[JSON] = data[start] in (0x7B, 0x5B) and is_json(data, start, stop, stop < whole)
            keys[:] = 0
            take_lines(data, start, stop, pairs, words, weights, roles, role_weights, counts, keys, row)
