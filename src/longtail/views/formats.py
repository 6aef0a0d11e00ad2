"""The format of a document as one label: prose, list, table, code, mathematics, JSON, markup, YAML, dialogue, other.

The label is decided by fixed rules over the lines of the first 65,536 bytes, the first rule that holds in this order:

- `empty`: nothing but white space.
- `json`: begins with a bracket, its brackets and strings close, and outside strings stand no letters but those of JSON's words.
- `markup`: begins with a tag and ends with ">", with at least two tags: XML, HTML.
- `table`: three lines of five, and at least two, are rows with two "|" or more.
- `code`: at least half of the lines in a fenced block; or two of five lines that are no comments look like code, by
  first words, calls, assignments, operators of programming languages and what ends the line, for their length.
- `maths`: LaTeX commands, scripts and closing dollars, at least one for 60 bytes; or begins with a command and has another; or at
  least half of the lines are sums: an equals sign, at most a quarter letters.
- `dialogue`: two lines, and a fifth, that begin with a speaker's role ("User:", "Q:"); or three lines, and half, that begin with
  names of which a third come again; or two lines, and half, that begin with a dash or an opening quotation mark.
- `yaml`: at least half of the lines, and two, are "key: value", nearly all others items of lists.
- `table` again: all lines, at least two, with equally many tabs; or with equally many commas that no space follows.
- `list`: two of five lines, and at least two, are items: a bullet, a number, a letter in brackets.
- `other`: fewer letters than other signs, white space aside, such as a number alone.
- `prose`: everything else.

These are heuristics. A text that is two things is told as the first of them, and a language that they do not know as prose.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from longtail.views import _formats_lines as k
from longtail.views._formats_kernels import measure
from longtail.views._formats_words import MAYBE, OPERATORS, ROLES, SURE
from longtail.views.batch import Strings, Texts, TypeBatch, one_each

VERSION = "formats-1"
FORMATS = ("empty", "prose", "list", "table", "code", "maths", "json", "markup", "yaml", "dialogue", "other")
"""Names of the formats; the type of one is its place here."""

Measured = npt.NDArray[np.int64]

_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = "0123456789"
_SIGNS = "".join(map(chr, range(33, 127)))


def formats(texts: Texts) -> TypeBatch:
    """Return the format of each document as one token; the type is the place of its name in `FORMATS`."""
    return one_each(formats_of(texts).astype(np.uint64), texts)


def formats_of(texts: Strings) -> npt.NDArray[np.int64]:
    """Return the place in `FORMATS` of each text's format, shape (documents,)."""
    return _decided(measured(texts.data, texts.offsets))


def measured(data: npt.NDArray[np.uint8], offsets: npt.NDArray[np.int32]) -> Measured:
    """Return what was counted in each text, shape (documents, columns)."""
    out = np.zeros((len(offsets) - 1, k.COLUMNS), np.int64)
    measure(data, offsets, _PAIRS, *_CODE_WORDS, *_ROLE_WORDS, out)
    return out


def _decided(m: Measured) -> npt.NDArray[np.int64]:
    lines, marks = m[:, k.LINES], m[:, k.MARKS]
    plain = lines - m[:, k.FENCES]
    said = lines - m[:, k.COMMENT] - m[:, k.FENCES]
    rules = [
        ("empty", lines == 0),
        ("json", m[:, k.JSON] > 0),
        ("markup", (m[:, k.FIRST] == ord("<")) & (m[:, k.LAST] == ord(">")) & (m[:, k.TAG] >= 2)),
        ("table", (m[:, k.PIPED] >= 2) & (5 * m[:, k.PIPED] >= 3 * lines)),
        ("code", (m[:, k.FENCED] > 0) & (2 * m[:, k.FENCED] >= plain)),
        ("code", (m[:, k.CODE] > 0) & (5 * m[:, k.CODE] >= 2 * said)),
        ("maths", ((marks >= 2) & (60 * marks >= m[:, k.SIZE])) | ((m[:, k.FIRST] == ord("\\")) & (m[:, k.COMMAND] >= 2))),
        ("maths", (m[:, k.MATHS] > 0) & (2 * m[:, k.MATHS] >= lines)),
        ("dialogue", _is_dialogue(m)),
        ("yaml", _is_yaml(m)),
        ("table", (lines >= 2) & ((m[:, k.EVEN_TABS] == lines) | (m[:, k.EVEN_COMMAS] == lines))),
        ("list", (m[:, k.LISTED] >= 2) & (5 * m[:, k.LISTED] >= 2 * lines)),
        ("other", 2 * m[:, k.LETTERS] < m[:, k.SIZE] - m[:, k.LETTERS]),
    ]
    names, conditions = zip(*rules, strict=True)
    return np.select(conditions, [FORMATS.index(name) for name in names], FORMATS.index("prose")).astype(np.int64)


def _is_dialogue(m: Measured) -> npt.NDArray[np.bool_]:
    lines, speech = m[:, k.LINES], m[:, k.SPEECH]
    by_role = (m[:, k.ROLE] >= 2) & (5 * m[:, k.ROLE] >= lines)
    by_name = (speech >= 3) & (2 * speech >= lines) & (3 * m[:, k.REPEATED] >= speech)
    by_dash = (m[:, k.QUOTED] >= 2) & (2 * m[:, k.QUOTED] >= lines)
    return np.asarray(by_role | by_name | by_dash)


def _is_yaml(m: Measured) -> npt.NDArray[np.bool_]:
    lines, keyed = m[:, k.LINES] - m[:, k.COMMENT], m[:, k.KEYED] - m[:, k.SPEECH]
    return np.asarray((keyed >= 2) & (2 * keyed >= lines) & (5 * (keyed + m[:, k.LISTED]) >= 4 * lines))


def _pairs() -> npt.NDArray[np.uint8]:
    """Return what each pair of bytes is counted as, shape (256, 256)."""
    found = np.zeros((256, 256), np.uint8)
    _mark(found, k.CALL, _LETTERS + _DIGITS + "_", "(")
    _mark(found, k.ASSIGN, " ", "=")
    _mark(found, k.TAG, "<", _LETTERS + "/!?")
    _mark(found, k.COMMAND, "\\", _LETTERS + "[]()\\{}")
    _mark(found, k.SCRIPT, "^_", "{\\")
    _mark(found, k.CLOSER, _LETTERS + _DIGITS + "})'", "$")
    _mark(found, k.COMMA, ",", _SIGNS)
    _mark(found, k.TAB, _SIGNS, "\t")
    for pair in OPERATORS.split():
        _mark(found, k.OPERATOR, pair[0], pair[1])
    return found


def _mark(found: npt.NDArray[np.uint8], kind: int, firsts: str, seconds: str) -> None:
    found[np.ix_([ord(sign) for sign in firsts], [ord(sign) for sign in seconds])] = kind


def _slots(weights: Mapping[str, int], size: int = 512) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint8]]:
    """Return the hashes of words by open addressing, with their weights beside them."""
    hashes, beside = np.zeros(size, np.uint64), np.zeros(size, np.uint8)
    for word, weight in weights.items():
        hashed = _fnv(word)
        slot = hashed % size
        while hashes[slot]:
            slot = (slot + 1) % size
        hashes[slot], beside[slot] = hashed, weight
    return hashes, beside


def _fnv(word: str) -> int:
    state = 0xCBF29CE484222325
    for byte in word.encode():
        state = ((state ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return state


_PAIRS = _pairs()
_CODE_WORDS = _slots(dict.fromkeys(MAYBE.split(), 1) | dict.fromkeys(SURE.split(), 2))
_ROLE_WORDS = _slots(dict.fromkeys(ROLES.split(), 1))
