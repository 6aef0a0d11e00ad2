"""Tables that say how a code point takes part in a word, and its folded form.

Built once per process from `unicodedata` (about 0.2 s). The Unicode version is part of a view's settings,
because a newer table may split a text differently. `views.words` says what each class does.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

SEPARATOR, WORD, ALONE, EXTEND, JOINER, IGNORED, KATAKANA, PICTURE, LINK, FLAG, TAG = range(11)
UNICODE_VERSION = unicodedata.unidata_version

_SIZE = 0x110000
_ASSIGNED = ((0, 0x32400), (0xE0000, 0xE01F0))
_OF_MAJOR = {"L": WORD, "N": WORD, "M": EXTEND}
_OF_CATEGORY = {"Pc": WORD, "Cf": IGNORED}

_ALONE_RANGES = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x1950, 0x19DF),  # Tai Le, New Tai Lue
    (0x1A20, 0x1AAF),  # Tai Tham
    (0x1B00, 0x1B7F),  # Balinese
    (0x2E80, 0x309F),  # Han radicals, Hiragana
    (0x3400, 0x4DBF),  # Han extension A
    (0x4E00, 0x9FFF),  # Han
    (0xA980, 0xA9FF),  # Javanese, Myanmar extended B
    (0xAA60, 0xAADF),  # Myanmar extended A, Tai Viet
    (0xF900, 0xFAFF),  # Han compatibility
    (0x11700, 0x1174F),  # Ahom
    (0x16FE0, 0x191DF),  # Tangut, Khitan and their marks
    (0x1B001, 0x1B2FF),  # Hiragana supplement, Nushu
    (0x20000, 0x323AF),  # Han extensions
)
_KATAKANA_RANGES = (
    (0x3031, 0x3035),
    (0x30A0, 0x30FF),
    (0x31F0, 0x31FF),
    (0xFF66, 0xFF9F),
    (0x1AFF0, 0x1AFFF),
    (0x1B000, 0x1B000),
    (0x1B120, 0x1B12F),
    (0x1B155, 0x1B155),
    (0x1B164, 0x1B168),
)
_PICTURE_RANGES = (
    (0x231A, 0x231B),
    (0x2328, 0x2328),
    (0x23CF, 0x23CF),
    (0x23E9, 0x23F3),
    (0x23F8, 0x23FA),
    (0x2600, 0x27BF),  # miscellaneous symbols, dingbats
    (0x2B1B, 0x2B1C),
    (0x2B50, 0x2B50),
    (0x2B55, 0x2B55),
    (0x1F000, 0x1FFFF),
)
_FIXED = {
    JOINER: ((0x27, 0x27), (0x2019, 0x2019), (0xB7, 0xB7), (0x5F3, 0x5F4)),
    IGNORED: (  # invisible although no format character: fillers, variation selectors, the grapheme joiner
        *((0x34F, 0x34F), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x3164, 0x3164)),
        *((0xFE00, 0xFE0F), (0xFFA0, 0xFFA0), (0xE0100, 0xE01EF)),
    ),
    SEPARATOR: ((0x200B, 0x200B),),  # the space without width
    LINK: ((0x200D, 0x200D),),
    FLAG: ((0x1F1E6, 0x1F1FF),),
    EXTEND: ((0x1F3FB, 0x1F3FF),),  # skin tones
    TAG: ((0xE0020, 0xE007F),),
}


@lru_cache(maxsize=1)
def tables() -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint32]]:
    """Return the class of every code point and its folded code point, each of shape (0x110000,)."""
    categories = _categories()
    names, kinds = np.unique(categories, return_inverse=True)
    classes = np.array([_OF_CATEGORY.get(name, _OF_MAJOR.get(name[0], SEPARATOR)) for name in names.tolist()], dtype=np.uint8)[kinds]
    is_letter = (classes == WORD) & (categories != "Nd")
    classes[_within(_ALONE_RANGES) & is_letter] = ALONE
    classes[_within(_KATAKANA_RANGES) & is_letter] = KATAKANA
    classes[_within(_PICTURE_RANGES) & (categories == "So")] = PICTURE
    for kind, ranges in _FIXED.items():
        classes[_within(ranges)] = kind
    folded = np.arange(_SIZE, dtype=np.uint32)
    for point in np.flatnonzero(classes == WORD).tolist():
        folded[point] = _fold(point)
    folded[classes == JOINER] = 0x27
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


def _categories() -> npt.NDArray[np.str_]:
    """Return the general category of every code point; "Cn" for those after the planes in use."""
    found = np.full(_SIZE, "Cn")
    for start, stop in _ASSIGNED:
        found[start:stop] = [unicodedata.category(chr(point)) for point in range(start, stop)]
    return found


def _within(ranges: Iterable[tuple[int, int]]) -> npt.NDArray[np.bool_]:
    """Return whether a code point lies in one of some ranges, both ends included, shape (0x110000,)."""
    found = np.zeros(_SIZE, dtype=np.bool_)
    for start, stop in ranges:
        found[start : stop + 1] = True
    return found


def _fold(point: int) -> int:
    character = chr(point)
    for form in (character.casefold(), character.lower()):
        if len(form) == 1:
            return ord(form)
    return point
