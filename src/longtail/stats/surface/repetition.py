"""What documents have in common: repeated n-grams, openings, templates and common subsequences."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.errors import UsageError
from longtail.stats.surface import _kernels
from longtail.stats.surface.bleu import drawn
from longtail.stats.surface.corpus import Corpus, Grams

I64 = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


class Holders(NamedTuple):
    """Which documents hold which n-grams: a row for each pair, by document.

    Attributes:
        kind: Number of the n-gram, below `types`, shape (rows,).
        document: The document, ascending, shape (rows,).
        place: Where in the document's n-grams it stands first, shape (rows,).
        types: Different n-grams.
    """

    kind: I64
    document: I64
    place: I64
    types: int

    @property
    def counts(self) -> I64:
        """Return how many documents hold each n-gram, shape (types,)."""
        return np.bincount(self.kind, minlength=self.types)


def holders_of(grams: Grams, least: int = 1) -> Holders:
    """Return the holders of the n-grams that at least so many documents hold."""
    document = grams.documents
    pairs = grams.ids * np.int64(max(1, len(grams))) + document
    first = np.zeros(len(pairs), bool)
    first[np.unique(pairs, return_index=True)[1]] = True
    kind, document, place = grams.ids[first], document[first], np.flatnonzero(first) - grams.starts[document[first]]
    held = np.bincount(kind, minlength=grams.types)
    kept = held[kind] >= least
    renumbered = np.cumsum(held >= least) - 1
    return Holders(renumbered[kind[kept]], document[kept], place[kept], int((held >= least).sum()))


def self_repetition(corpus: Corpus, order: int = 4) -> Values:
    """Return log(1 + how often the n-grams of a document stand in others) by document, shape (documents,); linear in the tokens.

    For each different n-gram of the document, the other documents that hold it are counted.

    Source:
        Salkar et al. 2022.
    """
    grams = corpus.grams(order)
    return np.asarray(np.log1p(_kernels.elsewhere(grams.ids, grams.starts, grams.types)))


def openings(corpus: Corpus, words: int = 3) -> I64:
    """Return a number for the first tokens of each document, equal where they are, -1 where it has fewer, shape (documents,)."""
    grams = corpus.grams(words)
    has_one = grams.lengths > 0
    out = np.full(len(corpus), -1, np.int64)
    out[has_one] = grams.ids[grams.starts[:-1][has_one]]
    return out


def in_template(corpus: Corpus, least: int, order: int = 6) -> Mask:
    """Tell which documents hold an n-gram that at least `least` documents hold, shape (documents,)."""
    out = np.zeros(len(corpus), bool)
    out[holders_of(corpus.grams(order), least).document] = True
    return out


def circle_pairs(documents: int, each: int, seed: int) -> I64:
    """Return random pairs of different documents, shape (pairs, 2): each document with the `each` that follow it in a random circle."""
    each = min(each, max(1, (documents - 1) // 2))
    others = drawn(documents, each, seed)
    return np.stack((np.repeat(np.arange(documents), each), others.ravel()), axis=1)


def rouge_l(corpus: Corpus, pairs: I64) -> Values:
    """Return the F-measure of ROUGE-L of each pair of documents, given as numbers with shape (pairs, 2); 0 where both are empty.

    Source:
        Lin 2004; the longest common subsequence by the bit vectors of Hyyrö 2004.
    """
    common = _kernels.common_subsequences(corpus.tokens, corpus.starts, corpus.types, np.ascontiguousarray(pairs))
    sizes = corpus.lengths[pairs].sum(axis=1)
    return np.asarray(2 * common / np.maximum(sizes, 1))


class PairMean(NamedTuple):
    """A mean over random pairs of documents, with its standard error."""

    value: float
    error: float
    pairs: int


def mean_over_pairs(values: Values, pairs: I64, documents: int) -> PairMean:
    """Return the mean of a symmetric kernel over pairs of a circle, with the error of its Hoeffding projection.

    The projection of each document is the mean over its own pairs; the error is twice that of their mean. With few pairs for each
    document it errs on the wide side.

    Source:
        Hoeffding 1948; Lee 1990, incomplete U-statistics.
    """
    sums = np.bincount(pairs.ravel(), weights=np.repeat(values, 2), minlength=documents)
    own = sums / np.maximum(np.bincount(pairs.ravel(), minlength=documents), 1)
    return PairMean(float(values.mean()), 2 * float(own.std(ddof=1)) / documents**0.5, len(pairs))


def homogenisation(corpus: Corpus, each: int = 5, seed: int = 0) -> PairMean:
    """Return the mean ROUGE-L over random pairs of documents.

    Args:
        corpus: The documents, at least three.
        each: Partners drawn for each document.
        seed: Seed of the draw.

    Raises:
        UsageError: There are fewer than three documents.
    """
    if len(corpus) < 3:
        raise UsageError(f"homogenisation compares documents in pairs; got {len(corpus)}; give at least three")
    pairs = circle_pairs(len(corpus), each, seed)
    return mean_over_pairs(rouge_l(corpus, pairs), pairs, len(corpus))


def commonest(holders: Holders, least: int) -> Iterator[tuple[int, int]]:
    """Yield (number, documents) of the n-grams that at least `least` documents hold, the commonest first, ties as first seen."""
    counts = holders.counts
    for kind in np.argsort(-counts, kind="stable"):
        if counts[kind] < least:
            return
        yield int(kind), int(counts[kind])
