"""Compiled loops over words of at least four letters."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit
from longtail.views._kernels import split_words
from longtail.views.keys import CELL_BITS

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
U64 = npt.NDArray[np.uint64]

LETTERS = 4
_SHIFT = np.uint64(CELL_BITS)


@njit
def is_long(data: U8, start: int, stop: int) -> bool:
    """Tell whether the bytes of a word are at least `LETTERS` characters, no ASCII digit, underscore or apostrophe (’ or ') among them."""
    letters = 0
    for at in range(start, stop):
        byte = data[at]
        if byte < 0x80:
            letter = byte | 0x20
            if letter < 0x61 or letter > 0x7A:
                return False
        elif byte == 0xE2 and data[at + 1] == 0x80:
            return False
        if byte & 0xC0 != 0x80:
            letters += 1
    return letters >= LETTERS


@njit
def long_words(
    data: U8, offsets: I32, classes: U8, folded: U32, key: np.uint64, words: U64, spans: I64, keys: U64, starts: I64, stops: I64
) -> int:
    """Write the long words of every document, with repeats; return how many there are.

    Args:
        data: UTF-8 bytes.
        offsets: Bounds of the documents, shape (documents + 1,), at most 2^12 documents.
        words: Scratch as long as the longest document.
        spans: Scratch, shape (as long as the longest document, 2).
        keys: Receives the word's hash in the upper 52 bits and the number of the document in the lower 12.
        starts: Receives the first byte of each word.
        stops: Receives the byte after each word.
    """
    size = 0
    for document in range(offsets.shape[0] - 1):
        count = split_words(data, offsets[document], offsets[document + 1], classes, folded, key, words, spans)
        for i in range(count):
            if is_long(data, spans[i, 0], spans[i, 1]):
                keys[size] = words[i] >> _SHIFT << _SHIFT | np.uint64(document)
                starts[size] = spans[i, 0]
                stops[size] = spans[i, 1]
                size += 1
    return size


@njit
def lower_levels(documents: I64, rows: I64, levels: U8, out: U8) -> None:
    """Lower each document's level to the least level of its words.

    Args:
        documents: Document of each word found, shape (found,).
        rows: Row of each word in `levels`, shape (found,).
        levels: Level of each word in each set, shape (words, sets).
        out: Level of each document in each set, shape (documents, sets); changed in place.
    """
    for i in range(rows.shape[0]):
        for column in range(levels.shape[1]):
            level = levels[rows[i], column]
            if level < out[documents[i], column]:
                out[documents[i], column] = level


@njit
def tally(levels: U8, roles: I64, periods: I64, halves: I64, bins: I64, counts: U32) -> None:
    """Count documents by contrast, half, strictness, role, bin and level, the latter in the sets that the other half chose.

    Args:
        levels: Level of each document in each set, shape (documents, contrasts, 2 choosing halves, strictnesses).
        roles: Role of each period in each contrast, -1 for none, shape (contrasts, periods).
        periods: Place of each document's period, shape (documents,).
        halves: Half of each document, shape (documents,).
        bins: Bin of each document, shape (documents,).
        counts: Shape (contrasts, 2 halves, strictnesses, roles, bins, levels); added to in place.
    """
    for i in range(periods.shape[0]):
        half = halves[i]
        for contrast in range(roles.shape[0]):
            role = roles[contrast, periods[i]]
            if role >= 0:
                for strict in range(counts.shape[2]):
                    counts[contrast, half, strict, role, bins[i], levels[i, contrast, 1 - half, strict]] += np.uint32(1)
