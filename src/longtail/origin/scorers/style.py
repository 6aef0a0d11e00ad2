"""Style: rates that do not depend on what a text is about.

How varied the words are, how long words and sentences, how often each punctuation mark, capital and digit occurs. Models that
sample from the middle of their distribution repeat words and shapes of sentence more evenly than people do (Holtzman et al.
2020; Muñoz-Ortiz et al. 2024).
"""

from collections import Counter
from collections.abc import Sequence
from math import log1p, sqrt
from statistics import pstdev

import numpy as np

from longtail.origin.reference import Floats

MARKS = (",", ".", ";", ":", "-", "(", ")", '"', "'", "?", "%", "!")
STYLE = (
    "log words",
    "mean letters of a word",
    "types per word",
    "types per long word",
    "types per word pair",
    "words used once",
    "log mean sentence",
    "log spread of sentences",
    "capitals",
    "digits",
    "short words",
    "long words",
    "words beyond ASCII",
    "line ends",
    *(f"mark {mark}" for mark in MARKS),
)
_LONG, _SHORT, _VERY_LONG = 5, 3, 9


def style(tokens: Sequence[str]) -> Floats:
    """Return what `STYLE` names of one tokenised text, cases kept, shape (len(STYLE),).

    Rates are shares of the words; rates of marks and line ends are square roots of marks per word, which evens out their spread.
    """
    words = words_in(tokens)
    marks = Counter(token[0] for token in tokens)
    size = max(len(words), 1)
    rates = [sqrt(marks[mark] / size) for mark in ("\n", *MARKS)]
    return np.array([log1p(len(words)), *_variety(words, size), *_sentences(tokens), *_shapes(words, size), *rates])


def words_in(tokens: Sequence[str]) -> list[str]:
    """Return the tokens that are words."""
    return [token for token in tokens if token[0].isalnum() or token[0] == "_"]


def _variety(words: Sequence[str], size: int) -> list[float]:
    folded = [word.casefold() for word in words]
    counts = Counter(folded)
    long = [word for word in folded if len(word) >= _LONG]
    pairs = list(zip(folded, folded[1:], strict=False))
    return [
        sum(map(len, words)) / size,
        len(counts) / size,
        len(set(long)) / max(len(long), 1),
        len(set(pairs)) / max(len(pairs), 1),
        sum(count == 1 for count in counts.values()) / size,
    ]


def _sentences(tokens: Sequence[str]) -> list[float]:
    lengths, length = [], 0
    for token in tokens:
        if token in ".!?" or token[0] == "\n":
            lengths.append(length)
            length = 0
        else:
            length += 1
    whole = [each for each in (*lengths, length) if each] or [0]
    return [log1p(sum(whole) / len(whole)), log1p(pstdev(whole))]


def _shapes(words: Sequence[str], size: int) -> list[float]:
    return [
        sum(word[0].isupper() for word in words) / size,
        sum(word[0].isdigit() for word in words) / size,
        sum(len(word) <= _SHORT for word in words) / size,
        sum(len(word) > _VERY_LONG for word in words) / size,
        sum(not word.isascii() for word in words) / size,
    ]
