"""What kind of character a code point is, and texts as the bytes that compiled loops read."""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]

LETTER, SPACE, DIGIT, LONE, TERMINAL, QUOTE = 1, 2, 4, 8, 16, 32
"""Bits of a kind: a letter or mark, white space, a digit, a letter that is a word by itself, the end of a sentence, a quotation mark."""

_SIZE, _ASSIGNED = 0x110000, 0x32400
_LONE = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x2E80, 0x309F), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x323AF))
_ENDS = ".!?…‼⁇⁈⁉。．！？｡؟۔।॥։።፧၊။។៕"
_QUOTES = "\"'”’»)]」』"


class Buffers(NamedTuple):
    """Texts as UTF-8 bytes and the bounds of each, shape (documents + 1,); a null is empty."""

    data: Bytes
    offsets: Offsets


def buffers(texts: pa.Array) -> Buffers:
    """Return the bytes of a column of texts."""
    filled = texts.cast(pa.large_string()).fill_null("")
    _, bounds, data = filled.buffers()
    offsets = np.frombuffer(bounds, np.int64)[filled.offset : filled.offset + len(filled) + 1] if len(filled) else np.zeros(1, np.int64)
    raw = np.frombuffer(b"" if data is None else data, np.uint8)
    raw.flags.writeable = False  # whatever the buffer is: loops are compiled for each kind
    return Buffers(raw, offsets.copy())


@lru_cache(maxsize=1)
def kinds() -> Bytes:
    """Return the kind of every code point, shape (0x110000,); letters of scripts written without spaces are `LONE`."""
    found = np.zeros(_SIZE, np.uint8)
    for point in range(_ASSIGNED):
        found[point] = _kind(chr(point))
    for start, stop in _LONE:
        lone = found[start : stop + 1]
        lone[lone & LETTER > 0] |= LONE
    for signs, bit in ((_ENDS, TERMINAL), (_QUOTES, QUOTE)):
        for sign in signs:
            found[ord(sign)] |= bit
    return found


def _kind(character: str) -> int:
    if character.isspace():
        return SPACE
    category = unicodedata.category(character)
    return LETTER if category[0] in "LM" else DIGIT if category[0] == "N" else 0
