"""A sample of feature vectors that does not depend on the order or the sharding of the data."""

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from longtail.errors import IncompatibleSummaries, UsageError
from longtail.views.batch import Texts
from longtail.views.keys import Cells, Keys, bin_of, half_of

Single = npt.NDArray[np.float32]

VECTORS_KEPT = 2048
PURPOSE = "vector"

_WHOLE = 1 << 64


@dataclass(frozen=True)
class Vectors:
    """Feature vectors of distinct documents, in the order of their ranks.

    Attributes:
        values: Shape (n, d).
        cells: Cell of each document, shape (n,).
        ids: Id of each document.
        ranks: Rank of each document, ascending, shape (n,).
        bound: Every document with a rank below it, and a vector, is here; the same share of all documents at the same bound.
    """

    values: Single
    cells: Cells
    ids: tuple[str, ...]
    ranks: Keys
    bound: int = _WHOLE

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.values)

    @property
    def bins(self) -> npt.NDArray[np.int64]:
        """Return the bin of each document, shape (n,)."""
        return bin_of(self.cells).astype(np.int64)

    def only(self, taken: npt.NDArray[np.bool_]) -> "Vectors":
        """Return the rows marked in `taken`, shape (n,)."""
        ids = tuple(self.ids[index] for index in np.flatnonzero(taken))
        return replace(self, values=self.values[taken], cells=self.cells[taken], ids=ids, ranks=self.ranks[taken])

    def below(self, bound: int) -> "Vectors":
        """Return the rows of rank below a bound, so that samples of unlike data sets hold the same share of their documents."""
        kept = self.only(self.ranks <= np.uint64(bound - 1)) if bound < _WHOLE else self
        return replace(kept, bound=min(bound, self.bound))


def finite_rows(values: npt.NDArray[np.floating], texts: Texts, column: str, width: int) -> tuple[npt.NDArray[np.bool_], int, int]:
    """Return which documents have a vector, shape (documents,), how many have none, and of whose vector some part is not finite.

    Raises:
        UsageError: The vectors are of another width, or not one for each document.
    """
    if values.shape != (len(texts), width):
        raise UsageError(f"vectors of shape {values.shape} for {len(texts)} documents in column {column!r}; expected width {width}")
    finite = np.isfinite(values)
    fit, some = finite.all(axis=1), finite.any(axis=1)
    return fit, int((~some).sum()), int((some & ~fit).sum())


class VectorSample:
    """The vectors of the `size` distinct documents with the smallest hashes (bottom-k), among those that have one.

    Copies of a document count once; where their vectors differ, the least is kept. A row with a part that is not finite is
    not sampled: without any finite part the document has no vector, else it is unfit, and both are counted.

    Args:
        column: Name of the column of vectors.
        width: Numbers of each vector.
        seed: Seed of the hash.
        size: Number of documents kept.
    """

    def __init__(self, column: str, width: int, seed: int, size: int = VECTORS_KEPT) -> None:
        self.column, self.width, self.seed, self.size = column, width, seed, size
        self.given = self.absent = self.unfit = 0
        self.bound = _WHOLE
        self._ranks: Keys = np.zeros(0, np.uint64)
        self._values: Single = np.zeros((0, width), np.float32)
        self._cells: Cells = np.zeros(0, np.uint16)
        self._ids: list[str] = []

    @property
    def key(self) -> tuple[object, ...]:
        """Column, width, seed and size: what must be equal to merge."""
        return (self.column, self.width, self.seed, self.size)

    @property
    def comparable(self) -> tuple[object, ...]:
        """Column, width and seed: what must be equal to compare."""
        return self.key[:3]

    def require_comparable(self, other: "VectorSample") -> None:
        """Refuse vectors of another column, width or seed.

        Raises:
            IncompatibleSummaries: They differ.
        """
        if self.comparable != other.comparable:
            raise IncompatibleSummaries("vector samples", self._named(), other._named())

    def __len__(self) -> int:
        """Return the number of documents kept."""
        return len(self._ranks)

    def add(self, values: npt.NDArray[np.floating], texts: Texts) -> None:
        """Take in the vectors of one batch of documents.

        Args:
            values: Shape (documents, width); NaN throughout for a document without a vector.
            texts: The documents.

        Raises:
            UsageError: The vectors are of another width, or not one for each document.
        """
        with np.errstate(over="ignore"):
            single = values.astype(np.float32) + np.float32(0)
        fit, absent, unfit = finite_rows(single, texts, self.column, self.width)
        self.given += int(fit.sum())
        self.absent += absent
        self.unfit += unfit
        ranks = texts.ranks(self.seed, PURPOSE)
        taken = np.flatnonzero(fit & (ranks <= np.uint64(self.bound - 1)))
        taken = taken[np.argsort(ranks[taken], kind="stable")]
        ids = [texts.id(int(index)) for index in self._smallest(ranks, taken)]
        kept = taken[: len(ids)]
        self._bound_by(ranks[taken])
        self._join(ranks[kept], single[kept], texts.cells[kept].astype(np.uint16), ids)

    def merge(self, other: Self) -> None:
        """Take in the sample of `other`.

        Raises:
            IncompatibleSummaries: Column, width, seed or size differ.
        """
        if self.key != other.key:
            raise IncompatibleSummaries("vector samples", self._named(), other._named())
        self.given += other.given
        self.absent += other.absent
        self.unfit += other.unfit
        self.bound = min(self.bound, other.bound)
        self._join(other._ranks, other._values, other._cells, other._ids)

    def rows(self, half: int | None = None) -> Vectors:
        """Return the vectors in the order of their ranks: all, or those of one half of the split."""
        whole = Vectors(self._values, self._cells, tuple(self._ids), self._ranks, self.bound)
        return whole if half is None else whole.only(half_of(self._cells) == half)

    def to_dict(self) -> dict[str, Any]:
        """Return settings, counts, and the kept documents as arrays: `ranks`, `values`, `cells`, and `ids`, ascending by rank."""
        return self._named() | {
            "given": self.given,
            "absent": self.absent,
            "unfit": self.unfit,
            "bound": self.bound,
            "ranks": self._ranks.copy(),
            "values": self._values.copy(),
            "cells": self._cells.copy(),
            "ids": list(self._ids),
        }

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the sample whose `to_dict` gave `state`."""
        sample = cls(state["column"], state["width"], state["seed"], state["size"])
        sample.given, sample.absent, sample.unfit, sample.bound = (state[name] for name in ("given", "absent", "unfit", "bound"))
        sample._ranks, sample._values, sample._cells = (np.array(state[name]) for name in ("ranks", "values", "cells"))
        sample._ids = list(state["ids"])
        return sample

    def _named(self) -> dict[str, Any]:
        return dict(zip(("column", "width", "seed", "size"), self.key, strict=True))

    def _smallest(self, ranks: Keys, taken: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return those of `taken`, ascending by rank, that hold one of the `size` smallest distinct ranks."""
        distinct = np.flatnonzero(np.diff(ranks[taken])) + 1
        return taken[: distinct[self.size - 1]] if len(distinct) >= self.size else taken

    def _bound_by(self, ranks: Keys) -> None:
        """Lower the bound to the (size + 1)-th smallest distinct of ascending ranks, where there are so many."""
        starts = np.flatnonzero(np.diff(ranks)) + 1
        if len(starts) >= self.size:
            self.bound = min(self.bound, int(ranks[starts[self.size - 1]]))

    def _join(self, ranks: Keys, values: Single, cells: Cells, ids: list[str]) -> None:
        """Take in some rows, keep one row of each rank, and of those the `size` smallest below the bound."""
        every, names = np.concatenate([self._ranks, ranks]), self._ids + ids
        vectors, places = np.concatenate([self._values, values]), np.concatenate([self._cells, cells])
        order = np.argsort(every, kind="stable")
        order = order[every[order] <= np.uint64(self.bound - 1)]
        starts = np.flatnonzero(np.r_[True, np.diff(every[order]) > 0]) if len(order) else np.zeros(0, np.int64)
        self._bound_by(every[order])
        firsts, ends = starts[: self.size], np.r_[starts, len(order)][1:][: self.size]
        chosen = order[firsts]
        self._ranks, self._values, self._cells = every[chosen], vectors[chosen], places[chosen]
        self._ids = [names[index] for index in chosen]
        for row in np.flatnonzero(ends - firsts > 1):
            copies = order[firsts[row] : ends[row]]
            self._values[row] = min((vectors[index] for index in copies), key=tuple)
            self._cells[row] = places[copies].min()
            self._ids[row] = min(names[index] for index in copies)
