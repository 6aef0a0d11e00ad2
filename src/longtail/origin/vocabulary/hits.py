"""Which documents hold a word of a set: the second pass over dated documents."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from xxhash import xxh3_64_intdigest

from longtail.errors import IncompatibleSummaries
from longtail.origin.dates.dating import Unit, periods_of
from longtail.origin.vocabulary.batches import Dated, Words, words_of
from longtail.origin.vocabulary.choosing import ERRORS, NEVER, Levels
from longtail.origin.vocabulary.counting import placed
from longtail.views.keys import BIN_BITS, BINS, Keys

Ints = npt.NDArray[np.int64]

GROUP_BITS = 7
GROUPS = 1 << GROUP_BITS
"""Bins of documents that are resampled: clusters and copies stay together."""


@dataclass(frozen=True)
class Sets:
    """Words chosen for each contrast, once by each half of the documents.

    Attributes:
        unit: Length of a period.
        periods: Numbers of the periods, ascending.
        roles: Role of each period in each contrast, shape (contrasts, periods).
        types: Hash of each word that is in some set, in its upper 52 bits, ascending, shape (words,).
        levels: Level of each word in each set, shape (words, contrasts, 2 choosing halves, strictnesses).
    """

    unit: Unit
    periods: tuple[int, ...]
    roles: Ints
    types: Keys
    levels: Levels

    @property
    def key(self) -> tuple[object, ...]:
        """Everything."""
        arrays = (self.roles, self.types, self.levels)
        return (self.unit, self.periods, *(array.tobytes() for array in arrays), *(array.shape for array in arrays))


class Hits:
    """Documents by contrast, half, strictness, role of the period, bin, and the least level of their words that the other half chose.

    Args:
        sets: The chosen words.
        seed: Seed of all hashes.

    Attributes:
        counts: Shape (contrasts, 2 halves, strictnesses, 3 roles, GROUPS, NEVER + 1).
        spelled: The chosen words that were met, by their place in `sets.types`.
    """

    def __init__(self, sets: Sets, seed: int = 0) -> None:
        self.sets, self.seed = sets, seed
        self.counts = np.zeros((len(sets.roles), 2, len(ERRORS), 3, GROUPS, NEVER + 1), np.uint32)
        self.spelled: dict[int, str] = {}

    @property
    def key(self) -> tuple[object, ...]:
        """The sets and the seed."""
        return (self.seed, *self.sets.key)

    def add(self, batch: Dated) -> None:
        """Count one batch of documents."""
        for part in batch.slices():
            self._add(part)

    def _add(self, batch: Dated) -> None:
        from longtail.origin.vocabulary import _kernels

        found = words_of(batch, self.seed)
        rows, where = self._chosen(found)
        shape = self.sets.levels.shape
        flat = np.ascontiguousarray(self.sets.levels).reshape(shape[0], int(np.prod(shape[1:])))
        levels = np.full((len(batch), flat.shape[1]), NEVER, np.uint8)
        _kernels.lower_levels(found.documents[where], rows, flat, levels)
        levels = levels.reshape(len(batch), *shape[1:])
        places = placed(periods_of(batch.days, self.sets.unit), self.sets.periods)
        counted = places >= 0
        bins = (found.texts.cells & np.uint64(BINS - 1)).astype(np.int64) >> (BIN_BITS - GROUP_BITS)
        _kernels.tally(levels[counted], self.sets.roles, places[counted], found.halves[counted], bins[counted], self.counts)

    def _chosen(self, found: Words) -> tuple[Ints, Ints]:
        """Return rows of the chosen words that occur, and where they stand among all; note how they are spelled."""
        if not len(self.sets.types):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        at = np.minimum(np.searchsorted(self.sets.types, found.types), len(self.sets.types) - 1)
        where = np.flatnonzero(self.sets.types[at] == found.types)
        rows = at[where].astype(np.int64)
        unique, first = np.unique(rows, return_index=True)
        for row, index in zip(unique.tolist(), where[first].tolist(), strict=True):
            self._spell(row, found.spelled(index))
        return rows, where

    def _spell(self, row: int, word: str) -> None:
        self.spelled[row] = min(word, self.spelled.get(row, word))

    def merge(self, other: Self) -> None:
        """Add the counts of `other`.

        Raises:
            IncompatibleSummaries: The sets or the seed differ.
        """
        if self.key != other.key:
            shown = (
                {
                    "words": len(each.sets.types),
                    "seed": each.seed,
                    "sets": f"{xxh3_64_intdigest(repr(each.to_dict()['sets']).encode()):016x}",
                }
                for each in (self, other)
            )
            raise IncompatibleSummaries("hits of chosen words", *shown, fix="count both with the same chosen words and seed")
        self.counts += other.counts
        for row, word in other.spelled.items():
            self._spell(row, word)

    def to_dict(self) -> dict[str, Any]:
        """Return the sets, the counts, and the words by their place."""
        sets = self.sets
        return {
            "sets": {
                "unit": sets.unit,
                "periods": sets.periods,
                "roles": sets.roles,
                "types": sets.types,
                "levels": sets.levels,
            },
            "seed": self.seed,
            "counts": self.counts.copy(),
            "spelled": dict(sorted(self.spelled.items())),
        }

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the summary whose `to_dict` gave `state`."""
        made = cls(Sets(**state["sets"]), state["seed"])
        made.counts = np.array(state["counts"], np.uint32)
        made.spelled = dict(state["spelled"])
        return made
