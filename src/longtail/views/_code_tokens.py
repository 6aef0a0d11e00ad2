"""Where a token of source code ends, whatever the language; `code` says what the tokens are."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit
from longtail.views._kernels import decode
from longtail.views._unicode import JOINER, PICTURE, SEPARATOR

U8 = npt.NDArray[np.uint8]

# What begins with a byte: nothing, a name, a number, a line, a string, an operator or a comment, what is not ASCII.
BLANK, NAME, NUMBER, LINE, QUOTE, SIGN, HIGH = range(7)


PAIRED = "== != <= >= => -> <- :: := ++ -- += -= *= /= %= &= |= ^= && || << >> ** ?? ?. .. |> ~= =~ <> </ />"
"""Operators of two signs."""
ENDING = "== <= >> *= .. .< ->"
"""The last two signs of operators of three, where the first two are a pair: ===, <<=, ..."""


def _kinds() -> U8:
    kinds = np.full(256, SIGN, np.uint8)
    kinds[:33], kinds[127], kinds[128:] = BLANK, BLANK, HIGH
    for byte in range(128):
        sign = chr(byte)
        if sign.isalpha() or sign in "_$@":
            kinds[byte] = NAME
        elif sign.isdigit():
            kinds[byte] = NUMBER
    kinds[0x0A] = LINE
    kinds[[ord(sign) for sign in "\"'`"]] = QUOTE
    return kinds


def _operators() -> tuple[U8, U8]:
    pairs, triples = np.zeros((128, 128), np.uint8), np.zeros((128, 128), np.uint8)
    for pair in PAIRED.split():
        pairs[ord(pair[0]), ord(pair[1])] = 1
    for pair in ENDING.split():
        triples[ord(pair[0]), ord(pair[1])] = 1
    return pairs, triples


KINDS = _kinds()
PAIRS, TRIPLES = _operators()


@njit
def high_width(data: U8, at: int, classes: U8) -> int:
    """Return the bytes of a character that is not ASCII where it may stand in a name, else 0."""
    point, width = decode(data, at)
    kind = classes[point]
    return 0 if kind in (SEPARATOR, JOINER, PICTURE) else width


@njit
def name_end(data: U8, at: int, stop: int, classes: U8) -> int:
    """Return where a name ends: letters, digits, _, $ and @, and letters of any script."""
    while at < stop:
        kind = KINDS[data[at]]
        if kind in (NAME, NUMBER):
            at += 1
        elif kind == HIGH:
            width = high_width(data, at, classes)
            if width == 0:
                return at
            at += width
        else:
            return at
    return at


@njit
def is_joint(data: U8, at: int, stop: int, is_decimal: bool) -> bool:
    """Tell whether a byte joins two parts of a number: a point, or a sign after the e of an exponent, before a digit."""
    if at + 1 >= stop or KINDS[data[at + 1]] != NUMBER:
        return False
    return bool(data[at] == 0x2E) or bool(is_decimal and data[at] in (0x2B, 0x2D) and data[at - 1] | 0x20 == 0x65)


@njit
def number_end(data: U8, start: int, stop: int) -> int:
    """Return where a number ends: digits, letters and _, a point before a digit, a sign after an exponent."""
    at = start + 1
    is_decimal = bool(at >= stop or data[at] | 0x20 != 0x78)
    while at < stop and (KINDS[data[at]] in (NAME, NUMBER) or is_joint(data, at, stop, is_decimal)):
        at += 1
    return at


@njit
def is_quote(data: U8, at: int, start: int, name: int) -> bool:
    """Tell whether a quotation mark may open a string; `name` is where the name right before it begins."""
    if data[at] != 0x27 or at == start:
        return True
    before = data[at - 1]
    if before == 0x3C or before == 0x26:
        return False
    kind = KINDS[before]
    return (kind != NAME and kind != NUMBER) or at - name <= 2


@njit
def is_triple(data: U8, at: int, stop: int) -> bool:
    """Tell whether three equal bytes stand here."""
    return bool(at + 2 < stop) and bool(data[at] == data[at + 1]) and bool(data[at] == data[at + 2])


@njit
def triple_end(data: U8, at: int, stop: int) -> int:
    """Return where a string ends that three quotation marks opened; at `stop` where nothing closes it."""
    quote, end = data[at], at + 3
    while end < stop and not (data[end] == quote and is_triple(data, end, stop)):
        end += 1 + (data[end] == 0x5C)
    return min(end + 3, stop)


@njit
def string_end(data: U8, at: int, stop: int) -> tuple[int, int]:
    """Return where a string ends and the bytes that open it; 0 and 0 where its line ends first."""
    quote = data[at]
    if quote != 0x60 and is_triple(data, at, stop):
        return triple_end(data, at, stop), 3
    end = at + 1
    while end < stop and data[end] != quote:
        if data[end] == 0x0A and quote != 0x60:
            return 0, 0
        end += 1 + (data[end] == 0x5C)
    return (end + 1, 1) if end < stop else (0, 0)


@njit
def found(data: U8, at: int, stop: int, first: int, second: int) -> int:
    """Return where the first pair of two bytes ends, or `stop`."""
    while at + 1 < stop:
        if data[at] == first and data[at + 1] == second:
            return at + 2
        at += 1
    return stop


@njit
def byte_at(data: U8, at: int, start: int, stop: int) -> int:
    """Return a byte, or that of a line end outside the text."""
    return int(data[at]) if start <= at < stop else 0x0A


@njit
def opening_after_space(sign: int, second: int, third: int) -> int:
    """Return the bytes that open a comment after white space: # before white space, ! or #, and -- before white space; or 0."""
    if sign == 0x23:
        return 1 if second <= 0x21 or second == 0x23 else 0
    return 2 if sign == 0x2D and second == 0x2D and third <= 0x20 else 0


@njit
def opening(data: U8, at: int, start: int, stop: int) -> int:
    """Return the bytes that open a comment here, or 0: # and -- after white space or at the start, //, /* and <!--."""
    sign, second, third = data[at], byte_at(data, at + 1, start, stop), byte_at(data, at + 2, start, stop)
    before = byte_at(data, at - 1, start, stop)
    if sign == 0x2F:
        return 2 if second == 0x2A or (second == 0x2F and before != 0x3A) else 0
    if sign == 0x3C:
        return 4 if second == 0x21 and third == 0x2D and byte_at(data, at + 3, start, stop) == 0x2D else 0
    return opening_after_space(sign, second, third) if before <= 0x20 else 0


@njit
def comment_end(data: U8, at: int, stop: int, length: int) -> int:
    """Return where a comment ends that opens with so many bytes; a block that is not closed goes on to the end."""
    if length == 4:
        end = found(data, at + 4, stop, 0x2D, 0x2D)
        while end < stop and data[end] != 0x3E:
            end = found(data, end - 1, stop, 0x2D, 0x2D)
        return min(end + 1, stop)
    if length == 2 and data[at + 1] == 0x2A:
        return found(data, at + 2, stop, 0x2A, 0x2F)
    while at < stop and data[at] != 0x0A:
        at += 1
    return at


@njit
def operator_end(data: U8, at: int, stop: int) -> int:
    """Return where an operator ends: three signs, two or one."""
    if at + 1 >= stop or data[at] >= 128 or data[at + 1] >= 128 or not PAIRS[data[at], data[at + 1]]:
        return at + 1
    return at + 3 if at + 2 < stop and data[at + 2] < 128 and TRIPLES[data[at + 1], data[at + 2]] else at + 2


@njit
def token_end(data: U8, at: int, start: int, stop: int, name: int, classes: U8) -> tuple[int, int]:
    """Return where the token at a byte ends, and the bytes that open it where it is a string or a comment, else 0."""
    kind = KINDS[data[at]]
    if kind == NAME:
        return name_end(data, at, stop, classes), 0
    if kind == NUMBER:
        return number_end(data, at, stop), 0
    if kind == HIGH:
        end = name_end(data, at, stop, classes)
        return (end if end > at else at + decode(data, at)[1]), 0
    if kind == QUOTE:
        end, opens = string_end(data, at, stop) if is_quote(data, at, start, name) else (0, 0)
        return (end, opens) if end else (at + 1, 0)
    length = opening(data, at, start, stop)
    return (comment_end(data, at, stop, length), length) if length else (operator_end(data, at, stop), 0)
