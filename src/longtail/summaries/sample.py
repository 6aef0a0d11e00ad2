"""A sample of documents that does not depend on the order or the sharding of the data."""

from typing import Any, NamedTuple, Self

import numpy as np

from longtail.errors import IncompatibleSummaries
from longtail.views.batch import Texts
from longtail.views.keys import BIN_BITS

SAMPLE_SIZE = 2048
TEXT_LIMIT = 4000

_AROUND = "".join(map(chr, range(33)))  # what the content hash leaves out, so that equal hashes have one text


class Entry(NamedTuple):
    """One document of a sample: its id, its text (cut to `TEXT_LIMIT` characters), how many copies there are, and its cell.

    Copies that answer different prompts have different cells; the least is kept.
    """

    id: str
    text: str
    copies: int
    cell: int


class DocumentSample:
    """The `size` distinct documents with the smallest hashes (bottom-k), each with its id and its number of copies.

    The id is the stated one, else 16 hex digits of the content's hash; of several copies the smallest.

    Args:
        seed: Seed of the hash.
        size: Number of distinct documents kept.
    """

    def __init__(self, seed: int, size: int = SAMPLE_SIZE) -> None:
        self.seed, self.size = seed, size
        self._kept: dict[int, Entry] = {}
        self._bound = 1 << 64

    @property
    def key(self) -> tuple[object, ...]:
        """Seed and size."""
        return (self.seed, self.size)

    def __len__(self) -> int:
        """Return the number of distinct documents kept."""
        return len(self.documents())

    def documents(self) -> list[tuple[str, int]]:
        """Return (text, copies) in the order of their hashes; texts are cut to `TEXT_LIMIT` characters."""
        return [(entry.text, entry.copies) for entry in self.entries()]

    def entries(self, half: int | None = None) -> list[Entry]:
        """Return the documents with their ids, in the order of their hashes: all, or those of one half of the split."""
        kept = [self._kept[rank] for rank in sorted(self._kept)[: self.size]]
        return kept if half is None else [entry for entry in kept if entry.cell >> BIN_BITS == half]

    def add(self, batch: Texts) -> None:
        """Take in one batch of documents."""
        ranks = batch.ranks(self.seed, "sample")
        taken = np.flatnonzero(ranks <= np.uint64(self._bound - 1))
        distinct = np.unique(ranks[taken])
        if len(distinct) > self.size:
            self._bound = int(distinct[self.size])
            taken = taken[ranks[taken] < distinct[self.size]]
        for index, rank, cell in zip(taken.tolist(), ranks[taken].tolist(), batch.cells[taken].tolist(), strict=True):
            held = self._kept.get(rank)
            text = held.text if held else batch.text(index).strip(_AROUND)[:TEXT_LIMIT]
            self._kept[rank] = _joined(Entry(batch.id(index), text, 1, cell), held)
        if len(self._kept) > self.size:
            self._cut()

    def merge(self, other: Self) -> None:
        """Take in the sample of `other`.

        Raises:
            IncompatibleSummaries: Seed or size differ.
        """
        if self.key != other.key:
            raise IncompatibleSummaries(
                "document samples", {"seed": self.seed, "size": self.size}, {"seed": other.seed, "size": other.size}
            )
        for rank, entry in other._kept.items():
            self._kept[rank] = _joined(entry, self._kept.get(rank))
        self._bound = min(self._bound, other._bound)
        self._cut()

    def to_dict(self) -> dict[str, Any]:
        """Return settings and the kept documents: `ranks`, `ids`, `texts`, `copies`, `cells`, ascending by rank."""
        self._cut()
        ranks = sorted(self._kept)
        return {
            "seed": self.seed,
            "size": self.size,
            "bound": self._bound,
            "ranks": ranks,
            "ids": [self._kept[rank].id for rank in ranks],
            "texts": [self._kept[rank].text for rank in ranks],
            "copies": [self._kept[rank].copies for rank in ranks],
            "cells": [self._kept[rank].cell for rank in ranks],
        }

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the sample whose `to_dict` gave `state`."""
        sample = cls(state["seed"], state["size"])
        sample._bound = state["bound"]
        entries = map(Entry, state["ids"], state["texts"], state["copies"], state["cells"])
        sample._kept = dict(zip(state["ranks"], entries, strict=True))
        return sample

    def _cut(self) -> None:
        """Keep the documents below the (size + 1)-th smallest hash seen; the bound never grows, so copies stay exact."""
        ranks = np.fromiter(self._kept, np.uint64, len(self._kept))
        ranks = np.sort(ranks[ranks <= np.uint64(self._bound - 1)])
        if len(ranks) > self.size:
            self._bound = int(ranks[self.size])
        self._kept = {rank: self._kept[rank] for rank in ranks[: self.size].tolist()}


def _joined(entry: Entry, held: Entry | None) -> Entry:
    return entry if held is None else Entry(min(entry.id, held.id), entry.text, entry.copies + held.copies, min(entry.cell, held.cell))
