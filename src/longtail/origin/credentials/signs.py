"""Which characters of a text are hidden, and which of those have a use there: one byte of class a character."""

from functools import cache

import numpy as np
import numpy.typing as npt

Codes = npt.NDArray[np.uint32]
Flags = npt.NDArray[np.bool_]

_HIDDEN = {
    1: ((0x200B, 0x200B), (0x2060, 0x2064), (0xFEFF, 0xFEFF)),
    2: ((0x200C, 0x200D),),
    3: ((0x200E, 0x200F),),
    4: ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF)),
    5: ((0xE0000, 0xE007F),),
    6: ((0xA0, 0xA0), (0x202F, 0x202F)),
}
ZERO, JOINER, DIRECTION, VARIATION, TAG, SPACE, LOOKALIKE = range(1, 8)
"""Classes of hidden characters; the last are letters of one script that look like another's."""

_EMOJI = (
    (0xA9, 0xA9), (0xAE, 0xAE), (0x203C, 0x203C), (0x2049, 0x2049), (0x2122, 0x2122), (0x2139, 0x2139), (0x2190, 0x21FF),
    (0x2300, 0x23FF), (0x24C2, 0x24C2), (0x25A0, 0x27BF), (0x2934, 0x2935), (0x2B00, 0x2BFF), (0x3030, 0x3030), (0x303D, 0x303D),
    (0x3297, 0x3297), (0x3299, 0x3299), (0x1F000, 0x1FAFF),
)  # fmt: skip
_JOINING = (  # scripts whose letters change shape beside a joiner: Arabic and its kin, Mongolian, those of India and around it
    (0x600, 0x8FF), (0x900, 0xDFF), (0x1000, 0x109F), (0x1780, 0x18AF), (0x1A20, 0x1AAF), (0x1B00, 0x1C4F), (0xA840, 0xA9FF),
    (0xAA60, 0xAADF), (0xABC0, 0xABFF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFC), (0x10A00, 0x10AFF), (0x11000, 0x11FFF), (0x1E900, 0x1E95F),
)  # fmt: skip
_UNSPACED = ((0xE00, 0xFFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x1980, 0x19DF), (0x1A20, 0x1AAF), (0xA9E0, 0xA9FF), (0xAA60, 0xAADF))
_RIGHT_TO_LEFT = ((0x590, 0x8FF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFC), (0x10800, 0x10FFF), (0x1E800, 0x1EFFF))
_IDEOGRAPHS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFD))
_VARIED = ((0x2200, 0x22FF), (0x2A00, 0x2AFF), (0x3001, 0x3002), (0xFF01, 0xFF1F), (0x1000, 0x109F), (0xA840, 0xA87F), (0x13000, 0x143FF))
_LATIN = ((0x41, 0x5A), (0x61, 0x7A))
_LIKE_LATIN = "асеорхуіјѕһԁԛԝАВЕКМНОРСТУХІЈЅ" + "οΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"  # Cyrillic, then Greek
_LETTERS_LIKE_IT = ((0x370, 0x52F),)

EMOJI, JOINING, UNSPACED, RIGHT_TO_LEFT, IDEOGRAPH, VARIED, LATIN, KIN = (1 << bit for bit in range(8))
_CONTEXT = {
    EMOJI: _EMOJI, JOINING: _JOINING, UNSPACED: _UNSPACED, RIGHT_TO_LEFT: _RIGHT_TO_LEFT, IDEOGRAPH: _IDEOGRAPHS, VARIED: _VARIED,
    LATIN: _LATIN, KIN: _LETTERS_LIKE_IT,
}  # fmt: skip


@cache
def hidden_table() -> npt.NDArray[np.uint8]:
    """Return the kind of hidden character of each code point, 0 for none."""
    table = np.zeros(0x110000, dtype=np.uint8)
    for kind, ranges in _HIDDEN.items():
        for first, last in ranges:
            table[first : last + 1] = kind
    table[[ord(letter) for letter in _LIKE_LATIN]] = LOOKALIKE
    return table


@cache
def context_table() -> npt.NDArray[np.uint8]:
    """Return the bits of what each code point lends a use to."""
    table = np.zeros(0x110000, dtype=np.uint8)
    for bit, ranges in _CONTEXT.items():
        for first, last in ranges:
            table[first : last + 1] |= bit
    return table
