"""What texts of a reference are like: their words, their letters and the order of both, as counts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.gates.text.characters import buffers, kinds

Floats = npt.NDArray[np.float64]
Hashes = npt.NDArray[np.uint64]

COMMON = 256
"""Words that are classes of their own: the commonest of the reference."""
SEEN = 20
"""Times that what stands before a letter must have been seen for the letter to be judged."""
WEIGHT = 5.0
"""Counts by which a conditional share is drawn to the share alone (Dirichlet prior)."""


@dataclass(frozen=True)
class Likeness:
    """Counts of a reference.

    Attributes:
        words: Hashes of its words, sorted.
        counts: How often each occurs.
        common: Hashes of the commonest words, sorted; `ranks` is the class of each.
        letters: Tables of letters, pairs and runs of three.
        pairs: Tables of words, words before another, and pairs, by class.
    """

    words: Hashes
    counts: Floats
    common: Hashes
    ranks: npt.NDArray[np.int64]
    letters: tuple[Floats, Floats, Floats]
    pairs: tuple[Floats, Floats, Floats]

    @property
    def tokens(self) -> float:
        """Return how many words the reference has."""
        return float(self.counts.sum())


@dataclass(frozen=True)
class Order:
    """How far the order of a text does better than chance, each of shape (documents,).

    A gain is the mean of log p(this | what stands before) - log p(this), in nats: 0 for letters or words in random order.

    Attributes:
        letters: Letters that could be judged.
        letter_gain: Their mean gain; `letter_error` is its standard error.
        letter_places: Letters of words of three or more, and one place after each word; letters of scripts without spaces.
        pairs: Neighbouring words that could be judged, one of them common.
        pair_gain: Their mean gain; `pair_error` is its standard error.
        familiar: Share of the words that are among the commonest of the reference.
    """

    letters: Floats
    letter_gain: Floats
    letter_error: Floats
    letter_places: Floats
    pairs: Floats
    pair_gain: Floats
    pair_error: Floats
    familiar: Floats


def learn(columns: Callable[[], Iterable[pa.Array]]) -> Likeness:
    """Count the texts of a reference.

    Args:
        columns: Returns them, the same each time; they are read twice.
    """
    from longtail.gates.triage import _kernels as kernels
    from longtail.views._unicode import tables

    letters = tuple(np.zeros(1 << bits) for bits in (kernels.ONE_BITS, kernels.TWO_BITS, kernels.THREE_BITS))
    words, counts = np.zeros(0, np.uint64), np.zeros(0)
    for column in columns():
        data, offsets = buffers(column)
        kernels.count_letters(data, offsets, kinds(), tables()[1], *letters)
        found, times = np.unique(hashes_of(column)[0], return_counts=True)
        words, counts = _added(words, counts, found, times.astype(np.float64))
    top = np.argsort(-counts, kind="stable")[:COMMON]
    order = np.argsort(words[top])
    common, ranks = words[top][order], np.arange(len(top))[order]
    classes = len(common) + kernels.ENDINGS
    singles, pairs = np.zeros(classes), np.zeros((classes, classes))
    for column in columns():
        data, offsets = buffers(column)
        kernels.count_pairs(data, offsets, kinds(), common, ranks, singles, pairs)
    return Likeness(words, counts, common, ranks, (letters[0], letters[1], letters[2]), (singles, pairs.sum(axis=1), pairs))


def order_of(texts: pa.Array, likeness: Likeness, own: npt.NDArray[np.bool_]) -> Order:
    """Measure the order of letters and words against a reference.

    Args:
        texts: The documents.
        likeness: The reference.
        own: Whether each document is part of it, shape (documents,): what stands once in the reference is then nothing seen.
    """
    from longtail.gates.triage import _kernels as kernels
    from longtail.views._unicode import tables

    data, offsets = buffers(texts)
    taken = own.astype(np.float64)
    letters, pairs = np.zeros((len(texts), 4)), np.zeros((len(texts), 4))
    kernels.score_letters(data, offsets, kinds(), tables()[1], likeness.letters, SEEN, WEIGHT, taken, letters)
    kernels.score_pairs(data, offsets, kinds(), likeness.common, likeness.ranks, likeness.pairs, WEIGHT, taken, pairs)
    return Order(*letters.T, *pairs.T)


def hashes_of(texts: pa.Array) -> tuple[Hashes, npt.NDArray[np.int64]]:
    """Return the hashes of all words, one document after another, punctuation and ASCII case aside, and how many each document has."""
    from longtail.gates.triage import _kernels as kernels

    data, offsets = buffers(texts)
    lengths = np.zeros(len(texts), np.int64)
    out = np.empty(int(offsets[-1] - offsets[0]) // 2 + 2 * len(texts), np.uint64)
    total = kernels.words_of_all(data, offsets, kinds(), out, lengths)
    return out[:total], lengths


def _added(words: Hashes, counts: Floats, more: Hashes, times: Floats) -> tuple[Hashes, Floats]:
    both, at = np.unique(np.concatenate([words, more]), return_inverse=True)
    summed = np.bincount(at, np.concatenate([counts, times]), minlength=len(both))
    return both.astype(np.uint64), summed.astype(np.float64)
