"""Tables that say how a code point takes part in a word, and its folded form.

Built once per process from `unicodedata` (about 0.1 s). The Unicode version is part of a view's settings,
because a newer table may split a text differently.
"""

import unicodedata
from functools import lru_cache

import numpy as np
import numpy.typing as npt

SEPARATOR, WORD, ALONE, EXTEND, JOINER = 0, 1, 2, 3, 4
UNICODE_VERSION = unicodedata.unidata_version

_SIZE = 0x110000
_JOINERS = (0x27, 0x2019)
_ALONE_RANGES = (
    (0x0E00, 0x0EFF),  # Thai, Lao: written without spaces between words
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x309F),  # Han radicals, Hiragana
    (0x3400, 0x4DBF),  # Han extension A
    (0x4E00, 0x9FFF),  # Han
    (0xF900, 0xFAFF),  # Han compatibility
    (0x20000, 0x323AF),  # Han extensions
)
_ASSIGNED = ((0, 0x32400), (0xE0100, 0xE01F0))


@lru_cache(maxsize=1)
def tables() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint32]]:
    """Return the class of every code point and its folded code point, each of shape (0x110000,)."""
    classes = np.zeros(_SIZE, dtype=np.uint8)
    folded = np.arange(_SIZE, dtype=np.uint32)
    for start, stop in _ASSIGNED:
        for point in range(start, stop):
            classes[point] = _class_of(point)
            if classes[point] == WORD:
                folded[point] = _fold(point)
    folded[0x2019] = 0x27
    return classes, folded


@lru_cache(maxsize=1)
def composing() -> npt.NDArray[np.uint8]:
    """Return 1 for every code point that NFC may change or join to its neighbour, shape (0x110000,)."""
    flags = np.zeros(_SIZE, dtype=np.uint8)
    for start, stop in _ASSIGNED:
        for point in range(start, stop):
            character = chr(point)
            flags[point] = unicodedata.category(character)[0] == "M" or not unicodedata.is_normalized("NFC", character)
    flags[0x1161:0x1176] = flags[0x11A8:0x11C3] = 1  # Hangul vowels and finals join to the syllable before
    return flags


def _class_of(point: int) -> int:
    if point in _JOINERS:
        return JOINER
    category = unicodedata.category(chr(point))
    if category[0] == "M":
        return EXTEND
    if category[0] in "LN" or category == "Pc":
        return ALONE if any(start <= point <= stop for start, stop in _ALONE_RANGES) else WORD
    return ALONE if category == "So" and point >= 0x1F000 else SEPARATOR


def _fold(point: int) -> int:
    character = chr(point)
    for form in (character.casefold(), character.lower()):
        if len(form) == 1:
            return ord(form)
    return point
