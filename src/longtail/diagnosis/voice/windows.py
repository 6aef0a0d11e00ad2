"""Equally many words of every document, so that no measure can differ because texts are longer or shorter."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from longtail.metrics.surface.excerpts import Excerpts
from longtail.stats.surface.corpus import Corpus
from longtail.stats.surface.repetition import Holders, holders_of

I64 = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

FEWEST, MOST = 12, 300
"""Words taken of a document, at least and at most."""
KEPT = 0.8
"""Share of the documents of each period that are to be long enough."""
OPENING = 3
RUN = 4


@dataclass(frozen=True, eq=False)
class Windows:
    """A run of equally many words of each document.

    Attributes:
        excerpts: The documents.
        words: Words of each window.
        starts: First word of each window, shape (documents,).
    """

    excerpts: Excerpts
    words: int
    starts: I64

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.excerpts)

    @cached_property
    def corpus(self) -> Corpus:
        """The words of the windows."""
        whole = self.excerpts.corpus
        places = (whole.starts[:-1] + self.starts)[:, None] + np.arange(self.words)
        bounds = np.arange(len(self) + 1, dtype=np.int64) * self.words
        return Corpus(whole.tokens[places.ravel()], bounds, whole.types)

    def holders(self, name: str) -> Holders:
        """Return which documents hold which types of a measure: words, runs of four words, or openings."""
        if name == "openings":
            return holders_of(self._openings.grams(OPENING))
        return holders_of(self.corpus.grams(RUN if name == "runs" else 1))

    @cached_property
    def _openings(self) -> Corpus:
        whole = self.excerpts.corpus
        places = whole.starts[:-1, None] + np.arange(OPENING)
        return Corpus(whole.tokens[places.ravel()], np.arange(len(self) + 1, dtype=np.int64) * OPENING, whole.types)

    def text(self, document: int) -> str:
        """Return the words of a window as they are written."""
        return self.excerpts.phrase(document, int(self.starts[document]), self.words)


def matched(excerpts: Excerpts, before: Mask, after: Mask) -> Corpus:
    """Return the first words of each document, cut so that both sides have the same distribution of lengths; none outside the sides.

    A document at a quantile of the lengths of its side is cut to the same quantile of the other side, where that is shorter.

    Args:
        excerpts: The documents.
        before: Documents of one side, shape (documents,).
        after: Those of the other.
    """
    whole = excerpts.corpus
    lengths = np.minimum(whole.lengths, MOST)
    cut = np.zeros(len(excerpts), np.int64)
    for side, other in ((before, after), (after, before)):
        own = np.flatnonzero(side)
        order = own[np.argsort(lengths[own], kind="stable")]
        places = (np.arange(len(own)) + 0.5) / max(len(own), 1)
        limits = np.quantile(lengths[other], places, method="hazen") if other.any() else lengths[order]
        cut[order] = np.minimum(lengths[order], np.floor(limits).astype(np.int64))
    bounds = np.concatenate((np.zeros(1, np.int64), np.cumsum(cut)))
    at = np.arange(bounds[-1]) + np.repeat(whole.starts[:-1] - bounds[:-1], cut)
    return Corpus(whole.tokens[at], bounds, whole.types)


def words_taken(lengths: I64, owner: I64, periods: int) -> int:
    """Return how many words to take of each document: as many as most documents of every period have.

    Args:
        lengths: Words of each document, shape (documents,).
        owner: Period of each, -1 for none.
        periods: Periods there are.
    """
    shortest = [float(np.quantile(lengths[owner == each], 1 - KEPT)) for each in range(periods) if (owner == each).any()]
    return int(np.clip(min(shortest, default=FEWEST), FEWEST, MOST))


def windows_of(excerpts: Excerpts, words: int, seed: int) -> Windows:
    """Return a window of each document, which has at least so many words, from a place that is drawn."""
    spare = excerpts.corpus.lengths - words
    drawn = np.random.default_rng([seed, words]).random(len(excerpts))
    return Windows(excerpts, words, np.floor(drawn * (spare + 1)).astype(np.int64))
