"""Interpolated n-grams: what an n-gram model makes of text that it has not seen.

A maximum-likelihood model gives 0 to most new text. Here each context keeps half of the
weight and hands half to the context one word shorter, down to a uniform law over a fixed vocabulary (Jelinek and Mercer
1980, with equal weights); a context that was never seen hands on all of it. Weights that do not depend on counts make a
training set and ten copies of it the same model, so that policies that pool generations can be compared with those that
do not. (With weights from counts, as Witten and Bell set them, pooling alone raises the loss.)
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy
from numpy.typing import NDArray

Ids = NDArray[numpy.int64]
UNKNOWN, START, END = 0, 1, 2
FIRST_WORD = 3
KEPT = 0.5


class Table(NamedTuple):
    """n-grams of one length and their contexts: codes in order, and how often each was seen."""

    grams: Ids
    counts: Ids
    contexts: Ids
    seen: Ids


class Interpolated(NamedTuple):
    """Tables for contexts of 0 words and up, and the number of words that the uniform law is over."""

    tables: tuple[Table, ...]
    base: int

    @classmethod
    def learnt(cls, documents: Sequence[str], order: int, vocabulary: Mapping[str, int]) -> "Interpolated":
        """Return the counts of documents.

        Args:
            documents: Whitespace words.
            order: Longest n-gram.
            vocabulary: Word to number, from `numbered`.
        """
        base = len(vocabulary) + FIRST_WORD
        codes = _codes(documents, order, vocabulary)
        return cls(tuple(_table(codes[length], base) for length in range(1, order + 1)), base)

    def nll(self, documents: Sequence[str], vocabulary: Mapping[str, int]) -> float:
        """Return the mean negative log-likelihood of documents in nats for each word, ends of documents included."""
        return float(-self.log_law(documents, vocabulary).mean())

    def log_law(self, documents: Sequence[str], vocabulary: Mapping[str, int]) -> NDArray[numpy.float64]:
        """Return the log-likelihood of each word and of each document's end in nats, one document after the other."""
        codes = _codes(documents, len(self.tables), vocabulary)
        law = numpy.full(len(codes[0]), 1 / (self.base - 1))
        for length, table in enumerate(self.tables, 1):
            gram = _found(table.grams, table.counts, codes[length])
            seen = _found(table.contexts, table.seen, codes[length] // self.base)
            law = numpy.where(seen > 0, KEPT * gram / numpy.maximum(seen, 1) + (1 - KEPT) * law, law)
        return numpy.asarray(numpy.log(law))


def numbered(documents: Sequence[str]) -> dict[str, int]:
    """Return a number for each word of some documents."""
    words = sorted({word for document in documents for word in document.split()})
    return {word: at for at, word in enumerate(words, FIRST_WORD)}


def _codes(documents: Sequence[str], order: int, vocabulary: Mapping[str, int]) -> list[Ids]:
    """Return for n-grams of 0 to `order` words one code for each place: context words, then the word, in mixed radix."""
    base = len(vocabulary) + FIRST_WORD
    lead = [START] * (order - 1)
    rows = [number for document in documents for number in (*lead, *(vocabulary.get(word, UNKNOWN) for word in document.split()), END)]
    tokens = numpy.array(rows, dtype=numpy.int64)
    places = numpy.flatnonzero(tokens != START)
    codes = [numpy.zeros(len(places), dtype=numpy.int64), tokens[places]]
    context = numpy.zeros(len(places), dtype=numpy.int64)
    for lag in range(1, order):
        context = context + tokens[places - lag] * base ** (lag - 1)
        codes.append(context * base + tokens[places])
    return codes


def _table(codes: Ids, base: int) -> Table:
    grams, counts = numpy.unique(codes, return_counts=True)
    contexts, seen = numpy.unique(codes // base, return_counts=True)
    return Table(grams, counts, contexts, seen)


def _found(keys: Ids, values: Ids, asked: Ids) -> Ids:
    """Return the value of each key that is asked for, 0 where there is none."""
    at = numpy.minimum(numpy.searchsorted(keys, asked), len(keys) - 1)
    return numpy.where(keys[at] == asked, values[at], 0)
