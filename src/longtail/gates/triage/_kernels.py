"""The compiled loops of triage: counts of letters and of neighbouring words, and how far a text does better than chance."""

import numpy as np
import numpy.typing as npt

from longtail._jit import njit
from longtail.gates.text._kernels import CHARACTERS, CORE, HAS_ALNUM, START, STOP, split
from longtail.gates.text.characters import LETTER, LONE
from longtail.views._kernels import decode, mix

U8 = npt.NDArray[np.uint8]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]

ONE_BITS, TWO_BITS, THREE_BITS = 12, 16, 20
"""Bits of the tables of single letters, of pairs and of runs of three; unlike ones may share a place, seldom."""
_GRAM = np.uint64(0x9E3779B97F4A7C15)
_ONES, _TWOS, _THREES = np.uint64((1 << ONE_BITS) - 1), np.uint64((1 << TWO_BITS) - 1), np.uint64((1 << THREE_BITS) - 1)
ENDINGS = 256
"""Classes of words that are not among the commonest: by a hash of their last two characters."""


SHORTEST = 3
"""Letters of a word from which their order is counted: those of signs and units say nothing."""


@njit
def letters_of(data: U8, start: int, stop: int, kinds: U8, folded: U32, out: U64) -> tuple[int, int]:
    """Write the letters of the longer words of a text in small form, 0 around each.

    Returns:
        How many places were written, and how many letters of scripts without spaces were passed over.
    """
    out[0] = 0
    count, begin, lone, at = 1, 1, 0, start
    while at < stop:
        point, width = decode(data, at)
        kind = kinds[point]
        lone += kind & LONE > 0
        if kind & LETTER and not kind & LONE:
            out[count] = folded[point]
            count += 1
        elif count > begin:
            count, begin = closed(count, begin, out)
        at += width
    if count > begin:
        count, begin = closed(count, begin, out)
    return count, lone


@njit
def closed(count: int, begin: int, out: U64) -> tuple[int, int]:
    """End a word that began at `begin`, or take it back where it is short; return where the next one begins, twice."""
    if count - begin < SHORTEST:
        return begin, begin
    out[count] = 0
    return count + 1, count + 1


@njit
def place(a: np.uint64, b: np.uint64, c: np.uint64) -> np.uint64:
    """Return the hash of a run of three; shorter ones have zeros before."""
    return mix((a * _GRAM + b) * _GRAM + c + np.uint64(1))


@njit
def count_letters(data: U8, offsets: I64, kinds: U8, folded: U32, ones: F64, twos: F64, threes: F64) -> None:
    """Add the letters of all documents to the tables; pairs and runs are counted by what they end with."""
    for i in range(offsets.shape[0] - 1):
        letters = np.empty(offsets[i + 1] - offsets[i] + 2, np.uint64)
        count, _ = letters_of(data, offsets[i], offsets[i + 1], kinds, folded, letters)
        for k in range(1, count):
            a = letters[k - 2] if k > 1 else np.uint64(0)
            ones[place(np.uint64(0), np.uint64(0), letters[k]) & _ONES] += 1
            twos[place(np.uint64(0), letters[k - 1], letters[k]) & _TWOS] += 1
            threes[place(a, letters[k - 1], letters[k]) & _THREES] += 1


@njit
def gain(joint: float, before: float, share: float, weight: float) -> float:
    """Return the logarithm of a conditional share over the share alone, the former drawn to the latter by `weight` counts."""
    return float(np.log((joint + weight * share) / ((before + weight) * share)))


@njit
def score_letters(
    data: U8, offsets: I64, kinds: U8, folded: U32, tables: tuple[F64, F64, F64], seen: float, weight: float, owns: F64, out: F64
) -> None:
    """Write how many letters could be judged, their mean gain in nats, its standard error, and how many there are, shape (documents, 4).

    Args:
        tables: The counts: of letters, of pairs and of runs of three.
        seen: Times that what stands before a letter must have been seen for the letter to be judged.
        weight: Counts by which a conditional share is drawn to the share alone.
        owns: What is taken from each count: 1 where the document is among what was counted, else 0, shape (documents,).
    """
    ones, twos, threes = tables
    total = ones.sum()
    for i in range(out.shape[0]):
        letters = np.empty(offsets[i + 1] - offsets[i] + 2, np.uint64)
        count, lone = letters_of(data, offsets[i], offsets[i + 1], kinds, folded, letters)
        judged, summed, squares, own = 0, 0.0, 0.0, owns[i]
        for k in range(1, count):
            a, b, c = letters[k - 2] if k > 1 else np.uint64(0), letters[k - 1], letters[k]
            alone = ones[place(np.uint64(0), np.uint64(0), c) & _ONES] - own
            before = ones[place(np.uint64(0), np.uint64(0), b) & _ONES] - own
            if before < seen or alone <= 0:
                continue
            share = alone / total
            pair = twos[place(np.uint64(0), b, c) & _TWOS] - own
            found = gain(max(pair, 0.0), before, share, weight)
            context = twos[place(np.uint64(0), a, b) & _TWOS] - own
            if k > 1 and context >= seen:
                backed = np.exp(found) * share
                run = max(threes[place(a, b, c) & _THREES] - own, 0.0)
                found = np.log((run + weight * backed) / ((context + weight) * share))
            judged += 1
            summed += found
            squares += found * found
        _write(out[i], judged, summed, squares)
        out[i, 3] = count - 1 + lone


@njit
def _write(out: F64, judged: int, summed: float, squares: float) -> None:
    mean = summed / max(judged, 1)
    spread = max(squares / max(judged, 1) - mean * mean, 0.0)
    out[0], out[1], out[2] = judged, mean, np.sqrt(spread / max(judged, 1))


@njit
def words_of(data: U8, start: int, stop: int, kinds: U8, cores: U64, breaks: U8, endings: U64) -> int:
    """Write the hashes of the words of a text, whether a sign follows each, and a hash of its last two bytes; return how many."""
    size = (stop - start) // 2 + 2
    words, hashes, bare = np.empty((size, 6), np.int64), np.empty(size, np.uint64), np.empty(size, np.uint64)
    count = split(data, start, stop, kinds, words, hashes, bare)
    made = 0
    for i in range(count):
        if not words[i, HAS_ALNUM]:
            if made:
                breaks[made - 1] = 1
            continue
        cores[made] = bare[i]
        if made and words[i, HAS_ALNUM] > 1:
            breaks[made - 1] = 1
        breaks[made] = words[i, HAS_ALNUM] + words[i, CORE] - 1 < words[i, CHARACTERS]
        last = words[i, STOP] - (words[i, CHARACTERS] - words[i, HAS_ALNUM] - words[i, CORE] + 1)
        first = max(words[i, START], last - 2)
        endings[made] = mix(np.uint64(data[first] | 0x20) * _GRAM + np.uint64(data[max(last - 1, first)] | 0x20))
        made += 1
    return made


@njit
def words_of_all(data: U8, offsets: I64, kinds: U8, out: U64, lengths: I64) -> int:
    """Write the hashes of the words of all documents one after another and how many each has; return how many there are."""
    total = 0
    for i in range(lengths.shape[0]):
        size = (offsets[i + 1] - offsets[i]) // 2 + 2
        cores, breaks, endings = np.empty(size, np.uint64), np.empty(size, np.uint8), np.empty(size, np.uint64)
        count = words_of(data, offsets[i], offsets[i + 1], kinds, cores, breaks, endings)
        for k in range(count):
            out[total + k] = cores[k]
        lengths[i] = count
        total += count
    return total


@njit
def class_of(core: np.uint64, ending: np.uint64, common: U64, ranks: I64) -> int:
    """Return the class of a word: its number among the commonest, else one by its ending."""
    at = np.searchsorted(common, core)
    if at < common.shape[0] and common[at] == core:
        return int(ranks[at])
    return int(common.shape[0] + np.int64(ending & np.uint64(ENDINGS - 1)))


@njit
def count_pairs(data: U8, offsets: I64, kinds: U8, common: U64, ranks: I64, singles: F64, pairs: F64) -> None:
    """Add the words of all documents, and neighbours with no sign between them, to counts by class."""
    for i in range(offsets.shape[0] - 1):
        size = (offsets[i + 1] - offsets[i]) // 2 + 2
        cores, breaks, endings = np.empty(size, np.uint64), np.empty(size, np.uint8), np.empty(size, np.uint64)
        count = words_of(data, offsets[i], offsets[i + 1], kinds, cores, breaks, endings)
        last = -1
        for k in range(count):
            found = class_of(cores[k], endings[k], common, ranks)
            singles[found] += 1
            if last >= 0:
                pairs[last, found] += 1
            last = -1 if breaks[k] else found


@njit
def score_pairs(
    data: U8, offsets: I64, kinds: U8, common: U64, ranks: I64, tables: tuple[F64, F64, F64], weight: float, owns: F64, out: F64
) -> None:
    """Write how many pairs were judged, their mean gain, its standard error, and the share of common words, shape (documents, 4).

    Args:
        tables: Counts of words by class, of the classes that have a neighbour after them, and of pairs.
    """
    singles, before, pairs = tables
    total = singles.sum()
    for i in range(out.shape[0]):
        size = (offsets[i + 1] - offsets[i]) // 2 + 2
        cores, breaks, endings = np.empty(size, np.uint64), np.empty(size, np.uint8), np.empty(size, np.uint64)
        count = words_of(data, offsets[i], offsets[i + 1], kinds, cores, breaks, endings)
        last, judged, familiar, summed, squares, own = -1, 0, 0, 0.0, 0.0, owns[i]
        for k in range(count):
            found = class_of(cores[k], endings[k], common, ranks)
            familiar += found < common.shape[0]
            if last >= 0 and (last < common.shape[0] or found < common.shape[0]):
                share = max(singles[found] - own, 0.5) / total
                one = gain(max(pairs[last, found] - own, 0.0), max(before[last] - own, 0.0), share, weight)
                judged += 1
                summed += one
                squares += one * one
            last = -1 if breaks[k] else found
        _write(out[i], judged, summed, squares)
        out[i, 3] = familiar / max(count, 1)


@njit
def alternation(data: U8, offsets: I64, kinds: U8, vowels: U8, out: F64) -> None:
    """Write the pairs of letters inside words, how many are a vowel and a consonant, how many would be, and the variance of that.

    What would be is the mean over all orders of the letters of each word: 2 v c / n pairs of a word of n letters, v of them
    vowels and c consonants.

    Args:
        vowels: 1 for a vowel, 2 for a consonant, 0 for what is neither or not known.
        out: Shape (documents, 4).
    """
    for i in range(out.shape[0]):
        at, last, turned, one, two = offsets[i], 0, 0, 0, 0
        while at <= offsets[i + 1]:
            kind, width = 0, 1
            if at < offsets[i + 1]:
                point, width = decode(data, at)
                kind = vowels[point] if point < vowels.shape[0] else 0
            if kind == 0 and last:
                _close(out[i], turned, one, two)
                turned, one, two = 0, 0, 0
            turned += kind > 0 and last > 0 and kind != last
            one += kind == 1
            two += kind == 2
            last = kind
            at += width


@njit
def _close(out: F64, turned: int, one: int, two: int) -> None:
    size = one + two
    if size < SHORTEST:
        return
    chance = 2 * one * two / (size * (size - 1))
    out[0] += size - 1
    out[1] += turned
    out[2] += (size - 1) * chance
    out[3] += (size - 1) * chance * (1 - chance)
