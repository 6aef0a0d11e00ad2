"""A smoothed bigram model on whole numbers, as arrays: what each pair of words of some samples has for a probability."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Totals = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]


class Sample(NamedTuple):
    """The words of some documents, in order.

    Attributes:
        words: Hashes of the words of all documents, one document after another, shape (words,).
        document: Document of each word, ascending, shape (words,).
    """

    words: npt.NDArray[np.uint64]
    document: Totals

    def first(self, size: int) -> "Sample":
        """Return the first words."""
        return Sample(self.words[:size], self.document[:size])


class Index(NamedTuple):
    """All distinct bigrams of several samples; the context of a document's first word is its beginning.

    Attributes:
        context: Number of the context of each bigram, shape (bigrams,).
        word: Number of its word, shape (bigrams,).
        vocabulary: Distinct words.
        at: For each sample the bigram of each word, shape (words,).
    """

    context: Totals
    word: Totals
    vocabulary: int
    at: tuple[Totals, ...]

    def counts(self, sample: int) -> Totals:
        """Return how often each bigram occurs in a sample, shape (bigrams,)."""
        return np.bincount(self.at[sample], minlength=len(self.word))


def index_of(samples: Sequence[Sample]) -> Index:
    """Return the bigrams of several samples under joint numbers."""
    words = np.concatenate([sample.words for sample in samples])
    distinct, number = np.unique(words, return_inverse=True)
    bounds = np.cumsum([0, *(len(sample.words) for sample in samples)])
    before = np.zeros(len(words), np.int64)  # 0 is the beginning of a document
    for sample, start, stop in zip(samples, bounds[:-1], bounds[1:], strict=True):
        goes_on = np.concatenate([[False], sample.document[1:] == sample.document[:-1]])[: stop - start]
        before[start:stop][goes_on] = number[start:stop][np.flatnonzero(goes_on) - 1] + 1
    pairs, at = np.unique(before * len(distinct) + number, return_inverse=True)
    context, word = np.divmod(pairs, max(len(distinct), 1))
    return Index(context, word, len(distinct), tuple(at[start:stop] for start, stop in zip(bounds[:-1], bounds[1:], strict=True)))


def witten_bell(counts: Totals, index: Index) -> Values:
    """Return the probability of each bigram's word given its context, shape (bigrams,).

    Interpolated Witten-Bell smoothing, which has no setting: with c the count of what is seen and t the number of distinct words that
    follow, p(w | v) = (c(v, w) + t(v) p(w)) / (c(v) + t(v)); p(w) is smoothed in the same way towards one over the vocabulary; after a
    context that was never seen, p(w).

    Args:
        counts: Occurrences of each bigram in the training sample, shape (bigrams,), not all 0.
        index: The bigrams; its vocabulary is that of all samples, so that models of two samples share it.

    Source:
        Witten & Bell 1991, method C; interpolation as in Chen & Goodman 1999.
    """
    by_word = np.bincount(index.word, counts, index.vocabulary)
    kinds = np.count_nonzero(by_word)
    alone = (by_word + kinds / index.vocabulary) / (by_word.sum() + kinds)
    contexts = int(index.context.max()) + 1
    seen, followers = (np.bincount(index.context, each, contexts)[index.context] for each in (counts, counts > 0))
    lower = alone[index.word]
    mixed = (counts + followers * lower) / np.maximum(seen + followers, 1)
    return np.asarray(np.where(seen > 0, mixed, lower))
