"""The compiled loop over documents: every number that a heuristic rule asks for, in one pass."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit
from longtail.gates.text import _kernels as kernels
from longtail.gates.text.characters import QUOTE, TERMINAL

U8 = npt.NDArray[np.uint8]
U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]

MEASURES = (
    "words",
    "mean_word_length",
    "hashes_per_word",
    "ellipses_per_word",
    "bullet_lines",
    "ellipsis_lines",
    "alphabetic_words",
    "stop_words",
    "duplicate_lines",
    "duplicate_line_characters",
    "duplicate_paragraphs",
    "duplicate_paragraph_characters",
    "top_2_gram",
    "top_3_gram",
    "top_4_gram",
    "repeated_5_grams",
    "repeated_6_grams",
    "repeated_7_grams",
    "repeated_8_grams",
    "repeated_9_grams",
    "repeated_10_grams",
    "punctuated_lines",
    "short_lines",
    "lines_per_word",
    "curly_brackets",
    "lorem_ipsum",
    "kept_sentences",
)
"""What is measured of each document, in the order of the columns."""
(_WORDS, _LENGTH, _HASHES, _DOTS, _BULLETS, _DOTTED, _ALPHABETIC, _STOPS, _LINES) = range(9)
_PARAGRAPHS, _TOP, _REPEATED, _PUNCTUATED, _SHORT, _PER_WORD, _BRACES, _LOREM, _SENTENCES = 10, 12, 15, 21, 22, 23, 24, 25, 26


def _bytes(text: str) -> U8:
    return np.frombuffer(text.encode(), np.uint8)


_DOTS_3, _DOTS_1, _HASH, _BRACE, _LOREM_IPSUM = _bytes("..."), _bytes("…"), _bytes("#"), _bytes("{"), _bytes("lorem ipsum")
_JAVASCRIPT = _bytes("javascript")
_P1, _P2, _P3 = _bytes("terms of use"), _bytes("privacy policy"), _bytes("cookie policy")
_P4, _P5, _P6 = _bytes("uses cookies"), _bytes("use of cookies"), _bytes("use cookies")
POLICIES = (_P1, _P2, _P3, _P4, _P5, _P6)


@njit
def measure(data: U8, offsets: I64, kinds: U8, stops: U64, bounds: I64, out: F64) -> None:
    """Write the measures of every document, shape (documents, measures).

    Args:
        data: UTF-8 bytes.
        offsets: Bounds of the documents, shape (documents + 1,).
        kinds: Kind of every code point.
        stops: Hashes of the stop words.
        bounds: Characters of a short line, words and longest word of a line that C4 keeps.
        out: Receives the measures.
    """
    for i in range(out.shape[0]):
        start, stop = offsets[i], offsets[i + 1]
        size = (stop - start) // 2 + 2
        words, hashes, cores = np.empty((size, 6), np.int64), np.empty(size, np.uint64), np.empty(size, np.uint64)
        count = kernels.split(data, start, stop, kinds, words, hashes, cores)
        characters = max(kernels.code_points(data, start, stop), 1)
        of_words(words, cores, count, stops, out[i])
        of_runs(words, hashes, count, characters, out[i])
        of_signs(data, start, stop, count, out[i])
        of_lines(data, start, stop, kinds, bounds, characters, out[i])
        of_paragraphs(data, start, stop, characters, out[i])


@njit
def of_words(words: I64, cores: U64, count: int, stops: U64, out: F64) -> None:
    """Write what is measured of words; one without a letter or digit is no word but still one of the pieces."""
    named, length, lettered = 0, 0, 0
    seen = np.zeros(stops.shape[0], np.int64)
    for i in range(count):
        if words[i, kernels.HAS_ALNUM]:
            named += 1
            length += words[i, kernels.CORE]
        lettered += words[i, kernels.HAS_LETTER] > 0
        for k in range(stops.shape[0]):
            seen[k] |= cores[i] == stops[k]
    out[_WORDS] = named
    out[_LENGTH] = length / max(named, 1)
    out[_ALPHABETIC] = lettered / max(count, 1)
    out[_STOPS] = seen.sum()


@njit
def of_runs(words: I64, hashes: U64, count: int, characters: int, out: F64) -> None:
    """Write what is measured of runs of words."""
    runs = np.empty(count + 1, np.uint64)
    for order in range(2, 5):
        length = kernels.grams(hashes, count, order, runs)
        out[_TOP + order - 2] = kernels.top_share(words, runs, length, order, characters)
    for order in range(5, 11):
        length = kernels.grams(hashes, count, order, runs)
        out[_REPEATED + order - 5] = kernels.repeated_share(words, runs, length, order, characters)


@njit
def of_signs(data: U8, start: int, stop: int, count: int, out: F64) -> None:
    """Write what is measured of single signs and phrases."""
    pieces = max(count, 1)
    out[_HASHES] = kernels.count_of(data, start, stop, _HASH) / pieces
    out[_DOTS] = (kernels.count_of(data, start, stop, _DOTS_3) + kernels.count_of(data, start, stop, _DOTS_1)) / pieces
    out[_PER_WORD] = (data[start:stop] == 0x0A).sum() / pieces
    out[_BRACES] = kernels.count_of(data, start, stop, _BRACE)
    out[_LOREM] = kernels.count_of(data, start, stop, _LOREM_IPSUM)


@njit
def of_lines(data: U8, start: int, stop: int, kinds: U8, bounds: I64, characters: int, out: F64) -> None:
    """Write what is measured of lines that are not blank."""
    lines = (data[start:stop] == 0x0A).sum() + 1
    hashes, sizes = np.empty(lines, np.uint64), np.empty(lines, np.int64)
    count, at = 0, start
    while at < stop:
        end = at
        while end < stop and data[end] != 0x0A:
            end += 1
        first, last = kernels.trimmed(data, at, end)
        if first < last:
            hashes[count] = kernels.hash_of(data, first, last)
            sizes[count] = kernels.code_points(data, first, last)
            of_line(data, first, last, sizes[count], kinds, bounds, out)
            count += 1
        at = end + 1
    kernels.duplicates(hashes, sizes, count, characters, out, _LINES)
    for place in (_BULLETS, _DOTTED, _PUNCTUATED, _SHORT):
        out[place] /= max(count, 1)


@njit
def of_line(data: U8, first: int, last: int, size: int, kinds: U8, bounds: I64, out: F64) -> None:
    """Add one line to the counts."""
    ending = kinds[kernels.last_point(data, first, last)]
    dotted = kernels.ends_in_dots(data, first, last)
    out[_BULLETS] += kernels.begins_with_bullet(data, first, last)
    out[_DOTTED] += dotted
    out[_PUNCTUATED] += ending & TERMINAL > 0
    out[_SHORT] += size <= bounds[0]
    if ending & (TERMINAL | QUOTE) and not dotted and is_kept(data, first, last, bounds):
        out[_SENTENCES] += max(kernels.sentences(data, first, last, kinds), 1)


@njit
def is_kept(data: U8, first: int, last: int, bounds: I64) -> bool:
    """Tell whether C4 keeps a line that ends as a sentence does."""
    words, longest, run = 0, 0, 0
    for i in range(first, last + 1):
        if i == last or data[i] <= 32:
            words += run > 0
            longest = max(longest, run)
            run = 0
        else:
            run += (data[i] & 0xC0) != 0x80
    if words < bounds[1] or longest > bounds[2] or kernels.count_of(data, first, last, _JAVASCRIPT):
        return False
    found = 0
    for phrase in POLICIES:
        found += kernels.count_of(data, first, last, phrase)
    return found == 0


@njit
def of_paragraphs(data: U8, start: int, stop: int, characters: int, out: F64) -> None:
    """Write what is measured of paragraphs: what stands between two or more line ends."""
    start, stop = kernels.trimmed(data, start, stop)
    most = (data[start:stop] == 0x0A).sum() // 2 + 1
    hashes, sizes = np.empty(most, np.uint64), np.empty(most, np.int64)
    count, at = 0, start
    while at < stop:
        end = at
        while end < stop and not (data[end] == 0x0A and data[end + 1] == 0x0A):
            end += 1
        hashes[count] = kernels.hash_of(data, at, end)
        sizes[count] = kernels.code_points(data, at, end)
        count += 1
        while end < stop and data[end] == 0x0A:
            end += 1
        at = end
    kernels.duplicates(hashes, sizes, count, characters, out, _PARAGRAPHS)
