"""The hot loops over Arrow's string buffers: text to words, words to keys.

Everything here is compiled; `views.words` and `views.documents` are the callers. All hashes are ours and stable:
FNV-1a over folded code points, then the finaliser of splitmix64 (Steele, Lea & Flood 2014) with a key per purpose.
"""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit
from longtail.views._unicode import ALONE, EXTEND, JOINER, WORD
from longtail.views.keys import BIN_BITS, CELL_BITS

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
_CELL_SHIFT = np.uint64(CELL_BITS)
_BIN_SHIFT = np.uint64(64 - BIN_BITS)
_HALF_SHIFT = np.uint64(BIN_BITS)


_APOSTROPHE = np.uint64(0x27)

# The word machine: state (none, in a word, in a lone character, after an apostrophe in a word) x class of the next
# character gives the next state and what to do. An apostrophe belongs to a word only if a letter follows.
_END, _START, _JOIN, _GROW = 1, 2, 4, 8
_NEW = _START | _GROW
_TO_WORD, _TO_ALONE, _TO_JOINED = 1 << 4, 2 << 4, 3 << 4
_STEPS = np.zeros((4, 5), dtype=np.int64)
_STEPS[0, [WORD, ALONE]] = _TO_WORD | _NEW, _TO_ALONE | _NEW
_STEPS[1:, :] = _END
_STEPS[1:, [WORD, ALONE]] = _TO_WORD | _END | _NEW, _TO_ALONE | _END | _NEW
_STEPS[1, [WORD, EXTEND, JOINER]] = _TO_WORD | _GROW, _TO_WORD | _GROW, _TO_JOINED
_STEPS[2, EXTEND] = _TO_ALONE | _GROW
_STEPS[3, WORD] = _TO_WORD | _JOIN | _GROW

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
        for i in range(at, edge):
            high |= data[i]
        if high < 0x80:
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
    count, state, at = 0, 0, start
    value = _OFFSET
    while at < stop:
        if state == 0:
            at, count = plain_words(data, at, stop, classes, key, words, spans, count)
            if at == stop:
                break
        point, width = decode(data, at)
        step = _STEPS[state, classes[point]]
        state = step >> 4
        if step & _END:
            words[count] = mix(value ^ key)
            count += 1
        if step & _START:
            value = _OFFSET
            spans[count, 0] = at
        if step & _JOIN:
            value = (value ^ _APOSTROPHE) * _PRIME
        if step & _GROW:
            value = (value ^ np.uint64(folded[point])) * _PRIME
            spans[count, 1] = at + width
        at += width
    if state != 0:
        words[count] = mix(value ^ key)
        count += 1
    return count


@njit
def extend_grams(words: U64, count: int, order: int, grams: U64) -> int:
    """Turn hashes of (order - 1)-grams in `grams` into hashes of order-grams, in place; return how many there are."""
    length = count - order + 1
    if order == 1:
        for i in range(count):
            grams[i] = words[i]
        return count
    for i in range(length):
        grams[i] = mix(grams[i] * _GRAM + words[i + order - 1] + np.uint64(order))
    return max(length, 0)


@njit
def emit(grams: U64, length: int, cell: np.uint64, theta: np.uint64, table: U64, first: U64, again: U64, at: I64) -> None:
    """Append each gram's key to `first` where it is new in this document, else to `again`.

    Args:
        theta: Grams whose type hash is not below it are passed over.
        table: Scratch for the set of keys seen, zero on entry and on exit; a power of two at least twice `length`.
        at: Fill of `first` and of `again`, shape (2,), advanced in place.
    """
    mask = np.uint64(table.shape[0] - 1)
    start = at[0]
    for i in range(length):
        kind = grams[i] >> _CELL_SHIFT
        if kind >= theta:
            continue
        key = kind << _CELL_SHIFT | cell
        mark = key | _ONE << np.uint64(63) if key == 0 else key
        slot = kind & mask
        while table[slot] != 0 and table[slot] != mark:
            slot = (slot + _ONE) & mask
        if table[slot] == 0:
            table[slot] = mark
            first[at[0]] = key
            at[0] += 1
        else:
            again[at[1]] = key
            at[1] += 1
    if at[0] - start > table.shape[0] // 8:
        table[:] = 0
        return
    for i in range(start, at[0]):
        slot = (first[i] >> _CELL_SHIFT) & mask
        while table[slot] != 0:
            table[slot] = 0
            slot = (slot + _ONE) & mask


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
        chunk = np.uint64(0)
        for i in range(8):
            chunk |= np.uint64(data[at + i]) << np.uint64(8 * i)
        value = (value ^ chunk) * _GRAM
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
def rekey(content: U64, key: np.uint64, out: U64) -> None:
    """Write the hash of each content hash under the key of one purpose."""
    for i in range(content.shape[0]):
        out[i] = mix(content[i] ^ key)


@njit
def _room(table: U64, needed: int) -> U64:
    """Return `table`, or a larger zeroed power of two that holds `needed` entries at most half full."""
    size = table.shape[0]
    if size >= 2 * needed:
        return table
    while size < 2 * needed:
        size *= 2
    return np.zeros(size, dtype=np.uint64)


@njit
def scan(
    data: U8, offsets: I32, cells: U64, orders: I64, thetas: U64, classes: U8, folded: U32, key: np.uint64, first: U64, again: U64
) -> tuple[I64, I64]:
    """Write the keys of the n-grams of every document.

    Args:
        data: UTF-8 bytes, shape (bytes,).
        offsets: Document bounds in `data`, shape (documents + 1,).
        cells: Cell of each document, shape (documents,).
        orders: Ascending n-gram orders, shape (k,).
        thetas: Type-hash threshold of each order, shape (k,).
        key: Key of the word hash.
        first: Receives keys new in their document, shape (k, capacity).
        again: Receives keys repeated in their document, shape (k, capacity).

    Returns:
        The fill of `first` and `again`, shape (k, 2), and the number of grams per document, shape (k, documents).
    """
    documents = offsets.shape[0] - 1
    longest = 1
    for i in range(documents):
        longest = max(longest, offsets[i + 1] - offsets[i])
    words, grams = np.empty(longest, dtype=np.uint64), np.empty(longest, dtype=np.uint64)
    spans = np.empty((longest, 2), dtype=np.int64)
    table = np.zeros(256, dtype=np.uint64)
    fill = np.zeros((orders.shape[0], 2), dtype=np.int64)
    lengths = np.zeros((orders.shape[0], documents), dtype=np.int64)
    for i in range(documents):
        count = split_words(data, offsets[i], offsets[i + 1], classes, folded, key, words, spans)
        table = _room(table, count)
        row = 0
        for order in range(1, orders[-1] + 1):
            length = extend_grams(words, count, order, grams)
            if order == orders[row]:
                lengths[row, i] = length
                emit(grams, length, cells[i], thetas[row], table, first[row], again[row], fill[row])
                row += 1
    return fill, lengths
