"""Compiled loops that measure one line of a document."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit

U8 = npt.NDArray[np.uint8]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
U64 = npt.NDArray[np.uint64]

# Columns of the measurements; the first ten are also what pairs of bytes are counted as.
(NOTHING, CALL, OPERATOR, ASSIGN, TAG, COMMAND, SCRIPT, CLOSER, PIPE, COMMA) = range(10)
(TAB, EQUALS, QUOTE, MARKS) = range(10, 14)
(SIZE, LINES, LISTED, PIPED, CODE, COMMENT, MATHS, SPEECH, ROLE, REPEATED) = range(14, 24)
(KEYED, QUOTED, FENCES, FENCED, LETTERS, FIRST, LAST, JSON, EVEN_TABS, EVEN_COMMAS) = range(24, 34)
COLUMNS = 34

_PER_POINT = 30
_KEY_BYTES, _KEY_SPACES = 40, 3
_OFFSET, _PRIME = np.uint64(0xCBF29CE484222325), np.uint64(0x100000001B3)

# What a byte is: 1 letter, 2 digit, 4 white space, 8 may stand in a key, 16 ends a sentence, 32 ends a line of code.
LETTER, DIGIT, SPACE, KEY, STOP, ENDS = 1, 2, 4, 8, 16, 32


def _kinds() -> U8:
    kinds = np.zeros(256, np.uint8)
    kinds[128:] = LETTER | KEY
    for byte in range(128):
        sign = chr(byte)
        kinds[byte] |= LETTER * sign.isalpha() | DIGIT * sign.isdigit() | SPACE * (byte <= 32) | KEY * (sign.isalnum() or sign in "_-. *'")
    for sign in ".!?":
        kinds[ord(sign)] |= STOP
    for sign in ";{}":
        kinds[ord(sign)] |= ENDS
    return kinds


KINDS = _kinds()


@njit
def marks(data: U8, begin: int, last: int, pairs: U8, counts: I64) -> int:
    """Count the pairs of bytes of one line by what they are; return how many letters it has."""
    before = data[begin]
    letters, equals, quotes, pipes = int(KINDS[before] & LETTER), 0, int(before == 0x22), int(before == 0x7C)
    for at in range(begin + 1, last):
        byte = data[at]
        letters += int(KINDS[byte] & LETTER)
        kind = pairs[before, byte]
        if kind:
            counts[kind] += 1
        equals += byte == 0x3D
        quotes += byte == 0x22
        pipes += byte == 0x7C
        before = byte
    counts[EQUALS] += equals
    counts[QUOTE] += quotes
    counts[PIPE] += pipes
    return letters


@njit
def word_at(data: U8, at: int, last: int, lower: bool) -> np.uint64:
    """Return the hash of the word of letters, # and _ that begins at a byte."""
    value = _OFFSET
    stop = min(last, at + 16)
    while at < stop and (KINDS[data[at]] & LETTER or data[at] == 0x23 or data[at] == 0x5F):
        byte = data[at] | 0x20 if lower else data[at]
        value = (value ^ np.uint64(byte)) * _PRIME
        at += 1
    return value


@njit
def looked_up(value: np.uint64, hashes: U64, weights: U8) -> int:
    """Return the weight of a word in a table of open addressing, 0 where it is not in it."""
    mask = np.uint64(hashes.shape[0] - 1)
    slot = value & mask
    while hashes[slot] != 0:
        if hashes[slot] == value:
            return int(weights[slot])
        slot = (slot + np.uint64(1)) & mask
    return 0


@njit
def is_bullet(data: U8, begin: int, last: int) -> bool:
    """Tell whether a line begins with -, * or + and a space, or with a round or square bullet."""
    if last - begin < 3:
        return False
    first, second = data[begin], data[begin + 1]
    if first == 0xE2:
        return bool(second == 0x80 and data[begin + 2] == 0xA2) or bool(second == 0x97 and data[begin + 2] >= 0xA6)
    return bool(first in (0x2D, 0x2A, 0x2B) and second == 0x20)


@njit
def is_number(data: U8, begin: int, last: int) -> bool:
    """Tell whether a line begins with a number of three digits at most, or one letter and a bracket, then a space."""
    start = begin + (data[begin] == 0x28)
    at, stop = start, min(start + 3, last - 1)
    while at < stop and KINDS[data[at]] & DIGIT:
        at += 1
    is_letter = at == start and KINDS[data[at]] & LETTER > 0
    at += is_letter
    if at == start or at + 1 >= last or data[at + 1] != 0x20:
        return False
    return bool(data[at] == 0x29 or (data[at] == 0x2E and not is_letter))


@njit
def value_of(data: U8, begin: int, last: int) -> int:
    """Return where the value of a line "key: value" begins, after the colon; 0 where the line is none."""
    stop, spaces = min(last, begin + _KEY_BYTES), 0
    for at in range(begin, stop):
        byte = data[at]
        if byte == 0x3A:
            follows = at + 1 == last or KINDS[data[at + 1]] & SPACE or data[at + 1] == 0x2A
            return at + 1 if at > begin and spaces <= _KEY_SPACES and follows else 0
        if not KINDS[byte] & KEY:
            return 0
        spaces += byte == 0x20
    return 0


@njit
def points(data: U8, begin: int, last: int, counts: I64, weight: int) -> int:
    """Return how much a line looks like code; `weight` is that of its first word."""
    end = KINDS[data[last - 1]]
    found = weight + 2 * counts[OPERATOR] + counts[CALL] + 2 * counts[ASSIGN]
    if end & STOP:
        return 0
    if end & ENDS:
        found += 2
    elif data[last - 1] == 0x3A and weight:
        found += 1
    return int(found)


@njit
def is_comment(data: U8, begin: int, last: int) -> bool:
    """Tell whether a line is a comment of code, a heading or a rule of dashes: // /* # and --."""
    if last - begin < 2:
        return False
    first, second = data[begin], data[begin + 1]
    if first == 0x2F:
        return bool(second in (0x2F, 0x2A))
    return bool(first == 0x23 and second in (0x20, 0x21)) or bool(first == 0x2D and second == 0x2D)


@njit
def latex_of(end: int, counts: I64) -> int:
    """Return how many marks of LaTeX a line has; none where it has quotation marks, or ends like code."""
    if counts[QUOTE] or end == 0x3B or end == 0x7B:
        return 0
    return int(counts[COMMAND] + counts[SCRIPT] + counts[CLOSER])


@njit
def take_code(data: U8, begin: int, last: int, letters: int, weight: int, counts: I64, row: I64) -> None:
    """Note whether a line is code, a comment or mathematics."""
    end = data[last - 1]
    latex = latex_of(end, counts)
    is_sum = counts[EQUALS] > 0 and 4 * letters <= last - begin and not KINDS[end] & ENDS
    is_said = is_comment(data, begin, last)
    row[COMMENT] += is_said
    row[MARKS] += latex
    row[MATHS] += latex > 0 or is_sum
    if not (latex > 0 or is_sum or is_said) and data[begin] != 0x3C:
        row[CODE] += points(data, begin, last, counts, weight) * _PER_POINT >= last - begin


@njit
def is_quoted(data: U8, begin: int, last: int) -> bool:
    """Tell whether a line begins with a dash or an opening quotation mark."""
    if last - begin < 4:
        return False
    if data[begin] == 0x22:
        return True
    return bool(data[begin] == 0xE2 and data[begin + 1] == 0x80 and data[begin + 2] in (0x94, 0x9C, 0x9E))


@njit
def seen(data: U8, begin: int, stop: int, keys: U64, place: int) -> bool:
    """Tell whether a key is among the last that were seen, and note it."""
    key, found = _OFFSET, False
    for i in range(begin, stop):
        key = (key ^ np.uint64(data[i])) * _PRIME
    for i in range(keys.shape[0]):
        found |= keys[i] == key
    keys[place % keys.shape[0]] = key
    return found


@njit
def take_speech(data: U8, begin: int, last: int, roles: U64, role_weights: U8, keys: U64, row: I64) -> None:
    """Note whether a line is somebody's words, or a key with a value; `keys` are the last keys that were seen."""
    first, end = data[begin], data[last - 1]
    row[QUOTED] += is_quoted(data, begin, last)
    at = value_of(data, begin, last)
    if at == 0:
        return
    is_role = looked_up(word_at(data, begin + 2 * (first == 0x2A), last, True), roles, role_weights) > 0
    is_spoken = first < 0x61 and last - at > 2 and (KINDS[end] & STOP > 0 or end == 0x22)
    row[REPEATED] += seen(data, begin, at, keys, row[KEYED])
    row[KEYED] += 1
    row[ROLE] += is_role
    row[SPEECH] += is_spoken or is_role


@njit
def take_table(data: U8, begin: int, counts: I64, row: I64) -> None:
    """Note whether a line is a row of a table, and whether it has as many tabs and commas as the first line."""
    row[PIPED] += counts[PIPE] >= 2 and (data[begin] == 0x7C or counts[OPERATOR] == 0)
    if row[LINES] == 1:
        row[TAB], row[COMMA] = counts[TAB], counts[COMMA]
    row[EVEN_TABS] += counts[TAB] > 0 and counts[TAB] == row[TAB]
    row[EVEN_COMMAS] += counts[COMMA] > 0 and counts[COMMA] == row[COMMA]
