"""In how many documents of each period a word occurs: the first pass over dated documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.errors import ConfigError, IncompatibleSummaries
from longtail.origin.dates.dating import Calendar, Unit, periods_of
from longtail.origin.vocabulary.batches import Dated, words_of
from longtail.summaries.frequencies import Frequencies
from longtail.views.batch import TypeBatch
from longtail.views.keys import BINS, CELL_BITS, Keys, cells_of, types_of

VERSION = "long-words-1"

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Table:
    """Document frequencies of the words that are frequent enough in some period.

    Attributes:
        types: Hash of each word in its upper 52 bits, ascending, shape (words,).
        counts: Documents that hold it, shape (words, 2 halves, periods, sources).
        totals: Documents, shape (2 halves, periods, sources).
    """

    types: Keys
    counts: Ints
    totals: Ints


class DatedWords:
    """Document frequencies of words of four letters or more, by half, period and source; exact, mergeable, spilled to disk.

    Args:
        unit: Length of a period.
        periods: Numbers of the periods that are counted, ascending; documents of others are passed over.
        sources: Names of the sources that are told apart; all others are one more. Periods times sources is at most 2,048.
        seed: Seed of all hashes.

    Attributes:
        passed: Documents of no period that is counted.
    """

    def __init__(self, unit: Unit, periods: Sequence[int], sources: Sequence[str] = (), seed: int = 0) -> None:
        self.unit, self.periods, self.sources, self.seed = unit, tuple(periods), tuple(sources), seed
        if len(self.periods) * (len(self.sources) + 1) > BINS:
            raise ConfigError(
                f"{len(self.periods)} periods of {len(self.sources) + 1} sources are more than {BINS}; take longer periods or fewer sources"
            )
        self.passed = 0
        self._counts = Frequencies("dated_words", VERSION, seed)

    @classmethod
    def of(cls, calendar: Calendar, sources: Sequence[str] = (), seed: int = 0) -> Self:
        """Return an empty summary for the periods of a calendar."""
        return cls(calendar.unit, calendar.periods, sources, seed)

    @property
    def key(self) -> tuple[object, ...]:
        """Unit, periods, sources and seed."""
        return (self.unit, self.periods, self.sources, self.seed)

    def add(self, batch: Dated) -> None:
        """Count one batch of documents."""
        for part in batch.slices():
            self._add(part)

    def _add(self, batch: Dated) -> None:
        places = placed(periods_of(batch.days, self.unit), self.periods)
        counted = places >= 0
        self.passed += int((~counted).sum())
        found = words_of(batch, self.seed)
        strata = places * (len(self.sources) + 1) + sources_of(batch, self.sources)
        cells = found.halves * BINS + strata
        kept = counted[found.documents]
        keys = (found.types | cells[found.documents].astype(np.uint64))[kept]
        owners = cells[counted].astype(np.uint64)
        self._counts.add(TypeBatch(keys, np.zeros(0, np.uint64), owners, np.ones(len(owners), np.int64)))

    def merge(self, other: Self) -> None:
        """Add the counts of `other`.

        Raises:
            IncompatibleSummaries: Unit, periods, sources or seed differ.
        """
        if self.key != other.key:
            names = ("unit", "periods", "sources", "seed")
            raise IncompatibleSummaries(
                "counts of dated words", dict(zip(names, self.key, strict=True)), dict(zip(names, other.key, strict=True))
            )
        self.passed += other.passed
        self._counts.merge(other._counts)

    def to_dict(self) -> dict[str, Any]:
        """Return settings and counts; the latter as those of `Frequencies`, whose cells are halves and strata here."""
        settings = {"unit": self.unit, "periods": self.periods, "sources": self.sources, "seed": self.seed}
        return settings | {"passed": self.passed, "counts": self._counts.to_dict()}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the summary whose `to_dict` gave `state`."""
        made = cls(state["unit"], state["periods"], state["sources"], state["seed"])
        made.passed, made._counts = state["passed"], Frequencies.from_dict(state["counts"])
        return made

    def table(self, documents: int) -> Table:
        """Return the words that at least so many documents of one half of one period hold."""
        shape = (2, len(self.periods), len(self.sources) + 1)
        run = self._counts.run()
        types, where = np.unique(types_of(run.keys), return_inverse=True)
        cells = cells_of(run.keys).astype(np.int64)
        strata = len(self.sources) + 1
        half_period = cells // BINS * len(self.periods) + cells % BINS // strata
        frequent = np.zeros(len(types), np.bool_)
        for each in range(2 * len(self.periods)):
            chosen = half_period == each
            frequent |= np.bincount(where[chosen], run.documents[chosen], len(types)) >= documents
        rows = np.cumsum(frequent) - 1
        kept = frequent[where]
        counts = np.zeros((int(frequent.sum()), *shape), np.int64)
        flat = counts.reshape(len(counts), 2 * len(self.periods), strata)
        flat[rows[where[kept]], half_period[kept], (cells % BINS % strata)[kept]] = run.documents[kept]
        totals = self._counts.documents.reshape(2, BINS)[:, : len(self.periods) * strata].reshape(shape)
        return Table(types[frequent] << np.uint64(CELL_BITS), counts, totals)


def placed(numbers: Ints, periods: Sequence[int]) -> Ints:
    """Return the place of each number in `periods` (ascending), -1 where it is not there."""
    known = np.array(periods, np.int64)
    if not len(known):
        return np.full(len(numbers), -1)
    at = np.minimum(np.searchsorted(known, numbers), len(known) - 1)
    return np.where(known[at] == numbers, at, -1)


def sources_of(batch: Dated, sources: Sequence[str]) -> Ints:
    """Return the place of each document's source in `sources`, their number for all others, shape (documents,)."""
    if batch.sources is None or not sources:
        return np.full(len(batch), len(sources), np.int64)
    import pyarrow.compute as pc

    at = pc.index_in(batch.sources, pa.array(sources, pa.string()))
    return np.asarray(pc.fill_null(at, len(sources)).to_numpy(zero_copy_only=False)).astype(np.int64)
