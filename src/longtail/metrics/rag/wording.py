"""Texts as sets of words, each with a weight: a word that few texts hold tells more of where a text is from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from longtail.metrics.surface.excerpts import Excerpts
from longtail.stats.surface.corpus import Grams

I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Wording:
    """The different words of texts, in one numbering.

    Attributes:
        words: Words of each text, ascending, texts one after another, shape (words,).
        starts: Where each text begins, shape (texts + 1,).
        weights: Of each word, log((1 + texts) / texts that hold it), so that a mould which all share tells
            next to nothing, shape (types,).
        pairs: Neighbouring words, laid out in the same way; texts that share one are compared.
    """

    words: I64
    starts: I64
    weights: F64
    pairs: "Wording | None" = None

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.starts) - 1

    @property
    def sizes(self) -> I64:
        """Return how many different words each text has, shape (texts,)."""
        return np.diff(self.starts)

    def shared(self, child: int, parent: int) -> float:
        """Return the share of a text's wording, by weight, that another one holds; 0 where it has no words."""
        of, by = (self.words[self.starts[at] : self.starts[at + 1]] for at in (child, parent))
        whole = float(self.weights[of].sum())
        return float(self.weights[np.intersect1d(of, by, assume_unique=True)].sum()) / whole if whole else 0.0


def wording_of(texts: Sequence[str]) -> Wording:
    """Return the wording of texts; words are those of the word views, each counted once in a text."""
    if not texts:
        return Wording(np.zeros(0, np.int64), np.zeros(1, np.int64), np.zeros(0))
    corpus = Excerpts(tuple(texts), np.zeros(len(texts), np.uint16)).corpus
    single, pairs = corpus.up_to(2)
    return replace(_laid(single), pairs=_laid(pairs))


def _laid(grams: Grams) -> Wording:
    """Return the different n-grams of each document with their weights."""
    many = len(grams)
    both = np.unique(grams.documents << np.int64(32) | grams.ids)
    ids, holders = both & np.int64(0xFFFFFFFF), both >> np.int64(32)
    starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(np.bincount(holders, minlength=many), dtype=np.int64)))
    return Wording(ids, starts, np.log((1 + many) / np.maximum(np.bincount(ids, minlength=grams.types), 1)))
