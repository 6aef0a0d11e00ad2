"""Vowels and consonants in turn: a sign of language that needs no reference."""

import unicodedata
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.gates.text.characters import buffers, kinds

Floats = npt.NDArray[np.float64]

VOWELS = "aeiouyøœæıаеёиоуыэюяіїєαεηιουω"
SCRIPTS = ("LATIN", "CYRILLIC", "GREEK")
_SIZE = 0x2000


class Turns(NamedTuple):
    """How letters take turns, each of shape (documents,).

    Attributes:
        excess: Share of neighbouring letters that are a vowel and a consonant, less that of the same words with their letters in
            random order; NaN where there is no word of three letters.
        error: Its standard error.
    """

    excess: Floats
    error: Floats


def turns(texts: pa.Array) -> Turns:
    """Measure how vowels and consonants take turns inside words, in Latin, Cyrillic and Greek letters.

    In the languages of people they do so more often than in random order (Markov 1913, on Onegin); letters that were shuffled,
    or hit at random, do not.
    """
    from longtail.gates.triage._kernels import alternation

    data, offsets = buffers(texts)
    out = np.zeros((len(texts), 4))
    alternation(data, offsets, kinds(), table(), out)
    pairs, turned, chance, variance = out.T
    some = np.maximum(pairs, 1)
    return Turns(np.where(pairs > 0, (turned - chance) / some, np.nan), np.sqrt(np.maximum(variance, 0.25)) / some)


@lru_cache(maxsize=1)
def table() -> npt.NDArray[np.uint8]:
    """Return 1 for each vowel and 2 for each consonant of the scripts that are known."""
    found = np.zeros(_SIZE, np.uint8)
    for point in range(_SIZE):
        letter = chr(point)
        if letter.isalpha() and unicodedata.name(letter, "").startswith(SCRIPTS):
            base = unicodedata.normalize("NFD", letter)[0].lower()
            found[point] = 1 if base in VOWELS else 2
    return found
