"""A sample of the numbers in one column that does not depend on the order or the sharding of the data."""

from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt

from longtail.errors import IncompatibleSummaries
from longtail.views import _kernels
from longtail.views.keys import Cells, Keys, half_of, purpose_key
from longtail.views.numbers import Numbers

VALUES_KEPT = 4096
ALL = 1 << 64

Values = npt.NDArray[np.float64]
Totals = npt.NDArray[np.int64]


class Drawn(NamedTuple):
    """Numbers of a sample: each with the cell of its document and how many documents are copies of that, all of shape (n,)."""

    values: Values
    cells: Cells
    copies: Totals


class ValueSample:
    """The `size` finite numbers with the smallest hashes (bottom-k), the hash being that of the document and the number together.

    Numbers of equal documents are told apart where they differ, so that a column of numbers beside few texts is sampled too.

    Args:
        column: Name of the column.
        seed: Seed of the hash.
        size: Distinct pairs of document and number kept.

    Attributes:
        stated: Documents that state a value.
        not_finite: How many of these are NaN, an infinity or no number; they are in no sample.
    """

    def __init__(self, column: str, seed: int, size: int = VALUES_KEPT) -> None:
        self.column, self.seed, self.size = column, seed, size
        self.stated = 0
        self.not_finite = 0
        self._bound = ALL
        self._ranks: Keys = np.zeros(0, np.uint64)
        self._held = Drawn(np.zeros(0), np.zeros(0, np.uint16), np.zeros(0, np.int64))
        self._pending: list[tuple[Keys, Drawn]] = []

    @property
    def key(self) -> tuple[object, ...]:
        """Column, seed and size."""
        return (self.column, self.seed, self.size)

    def _named(self) -> dict[str, object]:
        return dict(zip(("column", "seed", "size"), self.key, strict=True))

    @property
    def theta(self) -> int:
        """Return the threshold below which all hashes are kept, `ALL` where nothing was left out."""
        self._cut()
        return self._bound

    def values(self, half: int | None = None, theta: int = ALL) -> Drawn:
        """Return the numbers kept, in the order of their hashes.

        Args:
            half: Half of the split whose documents are asked for; both by default.
            theta: Threshold that hashes must be below: at the smaller of two samples' thresholds both hold the same share
                of their documents.
        """
        self._cut()
        taken = np.ones(len(self._ranks), bool) if theta >= ALL else self._ranks < np.uint64(theta)
        if half is not None:
            taken &= half_of(self._held.cells) == half
        return Drawn(self._held.values[taken], self._held.cells[taken], self._held.copies[taken])

    def add(self, batch: Numbers) -> None:
        """Take in the column of one batch of documents."""
        self.stated += int(batch.given.sum())
        finite = np.isfinite(batch.values)
        self.not_finite += int((batch.given & ~finite).sum())
        ranks = self._ranked(batch)
        taken = finite if self._bound == ALL else finite & (ranks < np.uint64(self._bound))
        cells = batch.texts.cells[taken].astype(np.uint16)
        self._pending.append((ranks[taken], Drawn(batch.values[taken], cells, np.ones(len(cells), np.int64))))
        if sum(len(pending) for pending, _ in self._pending) > 4 * self.size:
            self._cut()

    def merge(self, other: Self) -> None:
        """Take in the sample of `other`.

        Raises:
            IncompatibleSummaries: Column, seed or size differ.
        """
        if self.key != other.key:
            names = ("column", "seed", "size")
            raise IncompatibleSummaries(
                "samples of values", dict(zip(names, self.key, strict=True)), dict(zip(names, other.key, strict=True))
            )
        other._cut()
        self.stated += other.stated
        self.not_finite += other.not_finite
        self._bound = min(self._bound, other._bound)
        self._pending.append((other._ranks, other._held))
        self._cut()

    def to_dict(self) -> dict[str, Any]:
        """Return settings, totals and the kept numbers: `ranks`, `values`, `cells`, `copies`, ascending by rank."""
        self._cut()
        return {
            "column": self.column,
            "seed": self.seed,
            "size": self.size,
            "stated": self.stated,
            "not_finite": self.not_finite,
            "bound": self._bound,
            "ranks": self._ranks.tolist(),
            "values": self._held.values.tolist(),
            "cells": self._held.cells.tolist(),
            "copies": self._held.copies.tolist(),
        }

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the sample whose `to_dict` gave `state`."""
        sample = cls(state["column"], state["seed"], state["size"])
        sample.stated, sample.not_finite, sample._bound = state["stated"], state["not_finite"], state["bound"]
        sample._ranks = np.array(state["ranks"], np.uint64)
        held = (np.array(state["values"], np.float64), np.array(state["cells"], np.uint16), np.array(state["copies"], np.int64))
        sample._held = Drawn(*held)
        return sample

    def _ranked(self, batch: Numbers) -> Keys:
        """Return the hash of each document and its number together, shape (documents,)."""
        bits = np.ascontiguousarray(batch.values).view(np.uint64)
        mixed, out = np.empty_like(bits), np.empty_like(bits)
        _kernels.rekey(bits, np.uint64(purpose_key(self.seed, "number")), mixed)
        _kernels.rekey(mixed ^ batch.texts.content, np.uint64(purpose_key(self.seed, "value")), out)
        return out

    def _cut(self) -> None:
        """Keep what is below the (size + 1)-th smallest hash seen; the bound never grows, so copies stay exact."""
        if not self._pending:
            return
        ranks = np.concatenate([self._ranks, *(part for part, _ in self._pending)])
        columns = [np.concatenate(parts) for parts in zip(self._held, *(held for _, held in self._pending), strict=True)]
        self._pending = []
        if self._bound < ALL:
            taken = ranks < np.uint64(self._bound)
            ranks, columns = ranks[taken], [part[taken] for part in columns]
        kept, first, owner = np.unique(ranks, return_index=True, return_inverse=True)
        cells = np.full(len(kept), np.iinfo(np.uint16).max, np.uint16)
        np.minimum.at(cells, owner, columns[1])
        copies = np.bincount(owner, weights=columns[2], minlength=len(kept)).astype(np.int64)
        if len(kept) > self.size:
            self._bound = int(kept[self.size])
        self._ranks = kept[: self.size]
        self._held = Drawn(columns[0][first][: self.size], cells[: self.size], copies[: self.size])
