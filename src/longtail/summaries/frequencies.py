"""Counts of types by cells of documents: the state that every tail statistic is computed from.

For each type and each cell (half of the split × bin of documents) the summary keeps how many tokens of the type
occurred and in how many documents. Cells are the finest permutation units; coarser ones are runs of bins. With a
capacity it keeps only the types with the smallest hashes (Cohen & Kaplan 2007, bottom-k), with exact counts, and
says so: a type sample carries statistics of rare types, not head shares or Hill numbers of order 1 and 2.
"""

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from longtail.errors import IncompatibleSummaries
from longtail.summaries import _kernels
from longtail.summaries.buffers import Buffer, copied
from longtail.summaries.room import give_back
from longtail.summaries.runs import MEMORY_ROWS, Run, Spool, counted, merged_into
from longtail.summaries.sorting import sort_smallest
from longtail.views.batch import TypeBatch
from longtail.views.keys import CELL_BITS, CELLS, TYPE_BITS, Keys, types_of

ALL_TYPES = 1 << TYPE_BITS
_BUFFER_KEYS = 1 << 19
_SAMPLE_KEYS = 3 << 18
_SAMPLE_TIMES = 4

Totals = npt.NDArray[np.int64]


class Frequencies:
    """Counts of the types of one view.

    Args:
        view: Name of the view, such as "words_1".
        version: Version of the view's rules; part of the key.
        seed: Seed of all hashes; part of the key.
        capacity: Number of types kept; None keeps all, exactly.
        memory_rows: Rows kept in memory before they spill; what is counted does not depend on it.
    """

    def __init__(self, view: str, version: str, seed: int, capacity: int | None = None, memory_rows: int = MEMORY_ROWS) -> None:
        self.view, self.version, self.seed, self.capacity = view, version, seed, capacity
        self.documents: Totals = np.zeros(CELLS, np.int64)
        self.tokens: Totals = np.zeros(CELLS, np.int64)
        self.running_theta = ALL_TYPES
        self._spool = Spool(memory_rows)
        self._first, self._again = Buffer(), Buffer()
        self._waiting = 0  # keys of a type sample that were kept when it was last thinned, sorted

    @property
    def key(self) -> tuple[object, ...]:
        """View, version, seed and capacity: what must be equal to merge."""
        return (self.view, self.version, self.seed, self.capacity)

    @property
    def comparable(self) -> tuple[object, ...]:
        """View, version and seed: what must be equal to compare; the capacities may differ."""
        return self.key[:3]

    def require_comparable(self, other: "Frequencies") -> None:
        """Refuse counts of another view, version or seed.

        Raises:
            IncompatibleSummaries: They differ.
        """
        if self.comparable != other.comparable:
            raise IncompatibleSummaries("frequencies", self._named(), other._named())

    def _named(self) -> dict[str, object]:
        return dict(zip(("view", "version", "seed", "capacity"), self.key, strict=True))

    @property
    def theta(self) -> int:
        """Return the threshold below which type hashes are kept, everything added so far taken in.

        During a pass `running_theta` is enough: it is never below this one.
        """
        self.settle()
        return self.running_theta

    @property
    def is_exact(self) -> bool:
        """Whether every type is kept."""
        return self.theta == ALL_TYPES

    @property
    def sampling_share(self) -> float:
        """Return the expected share of types kept, in (0, 1]."""
        return self.theta / ALL_TYPES

    @property
    def spilled_bytes(self) -> int:
        """Return the bytes written to the temporary directory so far."""
        return self._spool.spilled_bytes

    def add(self, batch: TypeBatch) -> None:
        """Count one batch of a view."""
        batch.add_totals(self.documents, self.tokens)
        if len(self._first) + len(batch.first) > self._most_pending():
            self._flush()
        self._first.extend(batch.first)
        self._again.extend(batch.again)

    def _most_pending(self) -> int:
        """Return how many keys may wait."""
        if self.capacity is None:
            return _BUFFER_KEYS
        return max(self._most_sampled(), self._waiting + self._most_sampled() // 2)

    def _most_sampled(self) -> int:
        return min(_SAMPLE_KEYS, _SAMPLE_TIMES * (self.capacity or 0))

    def merge(self, other: Self) -> None:
        """Add the counts of `other`.

        Raises:
            IncompatibleSummaries: View, version, seed or capacity differ.
        """
        if self.key != other.key:
            raise IncompatibleSummaries("frequencies", self._named(), other._named())
        self.settle()
        other.settle()
        self.documents += other.documents
        self.tokens += other.tokens
        self.running_theta = min(self.running_theta, other.running_theta)
        if self.capacity is not None:
            self._take(other.run(), self.capacity)
            return
        for chunk in list(other._spool.chunks()):
            self._spool.push(chunk)

    def run(self) -> Run:
        """Return all counted keys as one run in memory, ascending."""
        self.settle()
        return self._spool.whole()

    def settle(self) -> None:
        """Count what is still in buffers, keep no more types than the capacity, and give the room of the buffers back."""
        self._flush()
        if self.capacity is not None and len(self._first):
            self._count_sample(self.capacity)
        self._first, self._again = Buffer(), Buffer()

    def types(self) -> Keys:
        """Return the hashes of all types kept, each once, ascending; that takes much less than counting them."""
        self.settle()
        return self._spool.types()

    def chunks(self) -> Iterator[Run]:
        """Yield all counted keys in ascending order, a few million at a time."""
        self.settle()
        yield from self._spool.chunks()

    def settings(self) -> dict[str, Any]:
        """Return settings and totals: the state without its counts."""
        return {
            "view": self.view,
            "version": self.version,
            "seed": self.seed,
            "capacity": self.capacity,
            "theta": self.theta,
            "documents": self.documents,
            "tokens": self.tokens,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return settings, totals and counts; the arrays `keys`, `counts_tokens`, `counts_documents` have one row per key."""
        run = self.run()
        return self.settings() | {"keys": run.keys, "counts_tokens": run.tokens, "counts_documents": run.documents}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the summary whose `to_dict` gave `state`."""
        summary = cls(state["view"], state["version"], state["seed"], state["capacity"])
        summary.documents = np.array(state["documents"], np.int64)
        summary.tokens = np.array(state["tokens"], np.int64)
        summary.running_theta = state["theta"]
        summary._spool.replace(Run(state["keys"], state["counts_tokens"], state["counts_documents"]))
        return summary

    def _flush(self) -> None:
        if not len(self._first):
            return
        if self.capacity is None:
            self._spool.collect(self._first, self._again)
            return
        self._thin(self.capacity)
        if self._waiting > self._most_sampled():
            self._count_sample(self.capacity)

    def _thin(self, capacity: int) -> None:
        """Keep the types of smallest hash among what waits, uncounted: no threshold of a part is below that of the whole."""
        limit = _limit(self.running_theta)
        new = self._first.keys[self._waiting :]  # what lies before them is sorted
        new = new[: _kernels.below(new, limit, new)]
        size = self._waiting + sort_smallest(new, capacity)
        keys = self._first.keep(size)
        _kernels.merge_keys(keys, self._waiting, copied("merging", keys[self._waiting :]))
        stop = _kernels.nth_type(keys, CELL_BITS, capacity)
        if stop < len(keys):
            self.running_theta = int(types_of(keys[stop : stop + 1])[0])
            self._first.keep(stop)
        self._again.keep(_kernels.below(self._again.keys, _limit(self.running_theta), self._again.keys))
        self._waiting = len(self._first)

    def _count_sample(self, capacity: int) -> None:
        give_back()  # the merge takes the most memory of all
        run = counted(self._first.keys, self._again.keys)
        self._first, self._again = Buffer(), Buffer()  # what they held is free for the merge
        self._waiting = 0
        self._take(run, capacity)

    def _take(self, run: Run, capacity: int) -> None:
        """Add counted keys and keep the types of smallest hash: the threshold is the next hash of the union, however it was sharded."""
        held = self._spool.take()
        theta = int(_kernels.type_of_union(held.keys, run.keys, CELL_BITS, capacity))
        self.running_theta = min(self.running_theta, theta)
        kept, added = _below(held, self.running_theta), _below(run, self.running_theta)
        columns = kept.columns()
        del held, kept, run  # so that the merge frees what it has copied
        self._spool.replace(merged_into(columns, added))


def _limit(theta: int) -> np.uint64:
    """Return the key below which all keys of a threshold lie."""
    return np.uint64(min(theta << CELL_BITS, (1 << 64) - 1))


def _below(run: Run, theta: int) -> Run:
    return run if theta == ALL_TYPES else run.head(int(np.searchsorted(run.keys, _limit(theta))))


def number_of_types(keys: Keys) -> int:
    """Return the number of distinct types of sorted keys."""
    return int(_kernels.distinct_types(keys, CELL_BITS))
