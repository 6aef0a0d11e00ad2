"""Tokenised documents as one array of token numbers, and their n-grams, numbered exactly."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count

import numpy as np
import numpy.typing as npt

from longtail.stats.surface import _kernels

I64 = npt.NDArray[np.int64]
Tokens = Sequence[Hashable] | npt.NDArray[np.integer]


class _Documents:
    """Documents one after another in one array; `starts` says where each begins, and where the last ends."""

    starts: I64

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.starts) - 1

    @property
    def lengths(self) -> I64:
        """Return how many tokens or n-grams each document has, shape (documents,)."""
        return np.diff(self.starts)


@dataclass(frozen=True, eq=False)
class Grams(_Documents):
    """The n-grams of one order, documents one after another; they do not cross documents.

    Attributes:
        order: Tokens of an n-gram.
        ids: Number of each n-gram, below `types`, shape (n-grams,).
        starts: Where each document's n-grams begin, shape (documents + 1,).
        types: Different n-grams.
    """

    order: int
    ids: I64
    starts: I64
    types: int

    @property
    def documents(self) -> I64:
        """Return the document of each n-gram, shape (n-grams,)."""
        return np.repeat(np.arange(len(self)), self.lengths)


@dataclass(frozen=True, eq=False)
class Corpus(_Documents):
    """Tokenised documents.

    Attributes:
        tokens: Number of each token, below `types`, documents one after another, shape (tokens,).
        starts: Where each document begins, shape (documents + 1,).
        types: Different tokens.
    """

    tokens: I64
    starts: I64
    types: int

    def grams(self, order: int) -> Grams:
        """Return the n-grams of one order, at least 1; linear in the tokens."""
        for grams in self.up_to(order):
            found = grams
        return found

    def up_to(self, order: int) -> Iterator[Grams]:
        """Yield the n-grams of the orders 1 to `order`; each is numbered by the pair of its first n - 1 tokens and its last."""
        left = np.repeat(self.starts[1:], self.lengths) - np.arange(len(self.tokens))
        ids, types = self.tokens, self.types
        yield Grams(1, ids, self.starts, types)
        for size in range(2, order + 1):
            fits = left >= size
            longer = np.full(len(ids), -1, np.int64)
            longer[fits], types = numbered(ids[fits] << np.int64(32) | self.tokens[np.flatnonzero(fits) + size - 1])
            ids = longer
            yield Grams(size, ids[fits], _starts(np.maximum(self.lengths - size + 1, 0)), types)

    def take(self, documents: I64) -> "Corpus":
        """Return some of the documents, in the order given; tokens keep their numbers."""
        lengths = self.lengths[documents]
        starts = _starts(lengths)
        at = np.arange(starts[-1]) + np.repeat(self.starts[documents] - starts[:-1], lengths)
        return Corpus(self.tokens[at], starts, self.types)


def corpus_of(documents: Sequence[Tokens]) -> Corpus:
    """Return documents that are tokenised already, as lists of any tokens or as arrays of whole numbers."""
    starts = _starts(np.array([len(document) for document in documents], np.int64))
    if len(documents) and all(isinstance(document, np.ndarray) for document in documents):
        return corpus_from(np.concatenate([np.asarray(document) for document in documents]), starts)
    ids: defaultdict[Hashable, int] = defaultdict(count().__next__)
    tokens = np.fromiter(map(ids.__getitem__, chain.from_iterable(documents)), np.int64, starts[-1])
    return Corpus(tokens, starts, len(ids))


def corpus_from(tokens: npt.NDArray[np.integer], starts: I64) -> Corpus:
    """Return documents whose tokens are whole numbers, such as hashes, of shape (tokens,), with the bounds of the documents."""
    ids, types = numbered(tokens)
    return Corpus(ids, starts, types)


def numbered(keys: npt.NDArray[np.integer]) -> tuple[I64, int]:
    """Return the number of each key in the order of first sight, shape (keys,), and how many there are; linear in the keys."""
    ids = np.empty(len(keys), np.int64)
    return ids, _kernels.number(np.ascontiguousarray(keys).astype(np.uint64), ids)


def _starts(lengths: I64) -> I64:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths, dtype=np.int64)))
