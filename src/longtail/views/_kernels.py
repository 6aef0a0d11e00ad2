"""The hot loops over Arrow's string buffers: text to words, words to keys.

Everything here is compiled; `views.words` and `views.documents` are the callers. All hashes are ours and stable:
FNV-1a over folded code points, then the finaliser of splitmix64 (Steele, Lea & Flood 2014) with a key per purpose.
"""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit
from longtail.views._steps import END, GROW, JOIN, SPAN, START, STATE_BITS, STEPS
from longtail.views._unicode import JOINER
from longtail.views.keys import BIN_BITS

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
U64 = npt.NDArray[np.uint64]

_OFFSET = np.uint64(0xCBF29CE484222325)
_PRIME = np.uint64(0x100000001B3)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)
_GRAM = np.uint64(0x9E3779B97F4A7C15)
_ONE, _S27, _S30, _S31, _S32 = np.uint64(1), np.uint64(27), np.uint64(30), np.uint64(31), np.uint64(32)
_BIN_SHIFT = np.uint64(64 - BIN_BITS)
_HALF_SHIFT = np.uint64(BIN_BITS)


_APOSTROPHE = np.uint64(0x27)

# Folded form of the bytes that are a letter, digit or underscore of ASCII; 0 for all others. The inner loop runs on it.
_PLAIN = np.array([ord(chr(b).lower()) if chr(b).isascii() and (chr(b).isalnum() or b == 0x5F) else 0 for b in range(256)], dtype=np.uint8)


@njit
def mix(value: np.uint64) -> np.uint64:
    """Return the splitmix64 finaliser of a 64-bit value."""
    value = (value ^ (value >> _S30)) * _MIX_1
    value = (value ^ (value >> _S27)) * _MIX_2
    return value ^ (value >> _S31)


@njit
def decode(data: U8, at: int) -> tuple[int, int]:
    """Return the code point at a byte of valid UTF-8 and its length in bytes."""
    lead = data[at]
    if lead < 0x80:
        return int(lead), 1
    if lead < 0xE0:
        return (int(lead) & 0x1F) << 6 | (int(data[at + 1]) & 0x3F), 2
    if lead < 0xF0:
        return (int(lead) & 0x0F) << 12 | (int(data[at + 1]) & 0x3F) << 6 | (int(data[at + 2]) & 0x3F), 3
    high = (int(lead) & 0x07) << 18 | (int(data[at + 1]) & 0x3F) << 12
    return high | (int(data[at + 2]) & 0x3F) << 6 | (int(data[at + 3]) & 0x3F), 4


@njit
def has_composing(data: U8, start: int, stop: int, flags: U8) -> bool:
    """Tell whether the bytes hold a code point that is flagged; ASCII is passed over, 64 bytes at a time where it fills them."""
    at = start
    while at < stop:
        high, edge = np.uint8(0), min(at + 64, stop)
        if edge == at + 64:
            for i in range(64):
                high |= data[np.uint64(at) + np.uint64(i)]
        if edge == at + 64 and high < 0x80:
            at = edge
        while at < edge:
            point, width = decode(data, at)
            if width > 1 and flags[point]:
                return True
            at += width
    return False


@njit
def plain_run(data: U8, at: int, stop: int, value: np.uint64) -> tuple[int, np.uint64]:
    """Hash on to the end of a run of ASCII letters, digits and underscores; return where it ends and the hash."""
    while at < stop and _PLAIN[data[at]]:
        value = (value ^ np.uint64(_PLAIN[data[at]])) * _PRIME
        at += 1
    return at, value


@njit
def plain_words(data: U8, at: int, stop: int, classes: U8, key: np.uint64, words: U64, spans: I64, count: int) -> tuple[int, int]:
    """Write words of ASCII letters, digits and underscores, as far as nothing but ASCII separators stands between them.

    Returns:
        Where the first word or character begins that needs more care (or `stop`), and the new count.
    """
    while at < stop:
        begin = at
        at, value = plain_run(data, at, stop, _OFFSET)
        if at < stop and (data[at] >= 0x80 or classes[data[at]] == JOINER):
            return begin, count
        if at > begin:
            words[count] = mix(value ^ key)
            spans[count, 0] = begin
            spans[count, 1] = at
            count += 1
        at += 1
    return stop, count


@njit
def split_words(data: U8, start: int, stop: int, classes: U8, folded: U32, key: np.uint64, words: U64, spans: I64) -> int:
    """Write the hash and the byte span of every word of `data[start:stop]`; return how many there are.

    Args:
        words: Receives the hashes; at least stop - start long.
        spans: Receives start and end, shape (at least stop - start, 2).
    """
    count, at = 0, start
    while at < stop:
        at, count = plain_words(data, at, stop, classes, key, words, spans, count)
        at, count = careful_words(data, at, stop, classes, folded, key, words, spans, count)
    return count


@njit
def begins_plain(data: U8, at: int, stop: int) -> bool:
    """Tell whether an ASCII letter, digit or underscore stands here."""
    return bool(at < stop and _PLAIN[data[at]] > 0)


@njit
def careful_words(
    data: U8, at: int, stop: int, classes: U8, folded: U32, key: np.uint64, words: U64, spans: I64, count: int
) -> tuple[int, int]:
    """Write words from `at`, where none is begun, as the word machine finds them, up to where a word begins in plain ASCII.

    Returns:
        Where it stopped, at most `stop`, and the new count.
    """
    state, value = 0, _OFFSET
    while at < stop:
        point, width = decode(data, at)
        step = STEPS[state, classes[point]]
        state = step >> STATE_BITS
        if step & END:
            words[count] = mix(value ^ key)
            count += 1
        if step & START:
            value = _OFFSET
            spans[count, 0] = at
        if step & JOIN:
            value = (value ^ _APOSTROPHE) * _PRIME
        if step & GROW:
            value = (value ^ np.uint64(folded[point])) * _PRIME
        if step & (GROW | SPAN):
            spans[count, 1] = at + width
        at += width
        if state == 0 and begins_plain(data, at, stop):
            break
    if state != 0:
        words[count] = mix(value ^ key)
        count += 1
    return at, count


@njit
def eight(data: U8, at: np.uint64) -> np.uint64:
    """Return eight bytes as a number, the first lowest."""
    value = np.uint64(data[at])
    for i in range(1, 8):
        value |= np.uint64(data[at + np.uint64(i)]) << np.uint64(8 * i)
    return value


@njit
def hash_text(data: U8, start: int, stop: int) -> np.uint64:
    """Return a 64-bit hash of the bytes without the ASCII white space around them."""
    while start < stop and data[start] <= 32:
        start += 1
    while stop > start and data[stop - 1] <= 32:
        stop -= 1
    value = _OFFSET ^ np.uint64(stop - start)
    at = start
    while at + 8 <= stop:
        value = (value ^ eight(data, np.uint64(at))) * _GRAM
        value ^= value >> _S32
        at += 8
    while at < stop:
        value = (value ^ np.uint64(data[at])) * _PRIME
        at += 1
    return mix(value)


@njit
def hash_documents(data: U8, offsets: I32, out: U64) -> None:
    """Write the content hash of each document into `out`, shape (documents,)."""
    for i in range(out.shape[0]):
        out[i] = hash_text(data, offsets[i], offsets[i + 1])


@njit
def cells_of_documents(content: U64, half_key: np.uint64, unit_key: np.uint64, out: U64) -> None:
    """Write the cell of each document, from its content hash and the keys of the two purposes."""
    for i in range(content.shape[0]):
        half = mix(content[i] ^ half_key) & _ONE
        out[i] = half << _HALF_SHIFT | mix(content[i] ^ unit_key) >> _BIN_SHIFT


@njit
def add_totals(cells: U64, lengths: I64, documents: I64, tokens: I64) -> None:
    """Add each document, and the tokens of each, to the sums of its cell."""
    for i in range(cells.shape[0]):
        documents[cells[i]] += 1
        tokens[cells[i]] += lengths[i]


@njit
def rekey(content: U64, key: np.uint64, out: U64) -> None:
    """Write the hash of each content hash under the key of one purpose."""
    for i in range(content.shape[0]):
        out[i] = mix(content[i] ^ key)
