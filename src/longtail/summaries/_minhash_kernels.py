"""Compiled loops of MinHash: words to shingles, shingles to minima, and the search of a banded index."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit
from longtail.views._kernels import mix, split_words

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
Bool = npt.NDArray[np.bool_]

_GRAM = np.uint64(0x9E3779B97F4A7C15)
_TOP = np.uint64(0xFFFFFFFFFFFFFFFF)
_BYTE = np.uint64(0xFF)
_ROW = np.uint64(0xFFFFFFFF)
_S32 = np.uint64(32)


@njit
def shingles(words: U64, count: int, order: int) -> int:
    """Turn word hashes into hashes of runs of `order` words, in place; return how many there are.

    Fewer words than `order` are one run.
    """
    size = min(order, count)
    runs = count - size + 1
    for i in range(runs):
        value = np.uint64(size)
        for k in range(size):
            value = value * _GRAM + words[i + k]
        words[i] = mix(value)
    return runs


@njit
def lower(minima: U64, hashes: U64, count: int, multipliers: U64, increments: U64) -> None:
    """Lower each minimum to the least value that its function (multiply, add) takes on the hashes; four of them a turn."""
    at = 0
    while at + 4 <= count:
        a, b, c, d = hashes[at], hashes[at + 1], hashes[at + 2], hashes[at + 3]
        for j in range(minima.shape[0]):
            by, plus = multipliers[j], increments[j]
            least = min(min(a * by + plus, b * by + plus), min(c * by + plus, d * by + plus))
            minima[j] = min(minima[j], least)
        at += 4
    while at < count:
        a = hashes[at]
        for j in range(minima.shape[0]):
            minima[j] = min(minima[j], a * multipliers[j] + increments[j])
        at += 1


@njit
def sign(
    data: U8,
    offsets: I32,
    order: int,
    classes: U8,
    folded: U32,
    key: np.uint64,
    multipliers: U64,
    increments: U64,
    values: U8,
    given: Bool,
) -> None:
    """Write the signature of every document.

    Args:
        data: UTF-8 bytes, NFC, shape (bytes,).
        offsets: Bounds of the documents in `data`, shape (documents + 1,).
        order: Words of a shingle.
        classes: Class of every code point.
        folded: Folded form of every code point.
        key: Key of the word hash.
        multipliers: Odd factor of each function, shape (functions,).
        increments: Addend of each function, shape (functions,).
        values: Receives eight bits of each minimum, shape (documents, functions), zero on entry.
        given: Receives whether a document has any word, shape (documents,).
    """
    longest = 0
    for i in range(given.shape[0]):
        longest = max(longest, offsets[i + 1] - offsets[i])
    room = longest // 2 + 1  # words of one byte have a byte between them; a character that is a word alone takes three
    words, spans = np.empty(room, dtype=np.uint64), np.empty((room, 2), dtype=np.int64)
    minima = np.empty(values.shape[1], dtype=np.uint64)
    for i in range(given.shape[0]):
        count = split_words(data, offsets[i], offsets[i + 1], classes, folded, key, words, spans)
        given[i] = count > 0
        if count == 0:
            continue
        minima[:] = _TOP
        lower(minima, words, shingles(words, count, order), multipliers, increments)
        for j in range(minima.shape[0]):
            values[i, j] = mix(minima[j]) & _BYTE


@njit
def agreeing(left: U8, right: U8) -> int:
    """Return in how many places two signatures agree."""
    count = 0
    for j in range(left.shape[0]):
        count += left[j] == right[j]
    return count


@njit
def nearest(values: U8, packed: U64, queries: U8, keys: U32, least: int, rows: I64, matches: I64) -> None:
    """Write, for each query, the row that agrees with it in most places among those that share a band with it.

    Args:
        values: Signatures of the index, shape (n, functions).
        packed: For each band the keys (upper 32 bits) with their rows (lower), ascending, shape (bands, n).
        queries: Signatures that are looked up, shape (q, functions).
        keys: Their keys, shape (q, bands).
        least: Places that must agree, at least 1.
        rows: Receives the row, the lowest of equals, or -1, shape (q,).
        matches: Receives in how many places it agrees, shape (q,).
    """
    for i in range(queries.shape[0]):
        best, most = -1, least - 1
        for band in range(packed.shape[0]):
            column = packed[band]
            key = np.uint64(keys[i, band])
            at = np.searchsorted(column, key << _S32)
            while at < column.shape[0] and column[at] >> _S32 == key and most < queries.shape[1]:
                row = int(column[at] & _ROW)
                count = agreeing(values[row], queries[i])
                if count > most or (count == most and row < best):
                    best, most = row, count
                at += 1
        rows[i], matches[i] = best, most
