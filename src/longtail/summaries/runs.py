"""Sorted runs of counted keys: exact counts of any number of types in bounded memory.

Keys are collected, sorted and counted into runs; runs of like size are merged, as in a log-structured merge tree
(O'Neil et al. 1996); when those in memory grow past a budget they are written to a temporary directory and merged
again range by range when they are read. What is read does not depend on how the keys were split into runs.
"""

import shutil
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from longtail.summaries import _kernels
from longtail.views.keys import Keys

Counts = npt.NDArray[np.uint32]

ROW_BYTES = 16
MEMORY_ROWS = 1 << 23
_DENSE = 0.75  # a run that fills less of its arrays is copied, so that the rest is freed
CHUNK_ROWS = 1 << 21


@dataclass(frozen=True)
class Run:
    """Counted keys, ascending and without repeats; all of shape (rows,)."""

    keys: Keys
    tokens: Counts
    documents: Counts

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.keys)

    def between(self, low: int, high: int) -> "Run":
        """Return the rows with low <= key < high; `high` may be 2**64."""
        start = int(np.searchsorted(self.keys, np.uint64(low)))
        stop = len(self) if high >= 1 << 64 else int(np.searchsorted(self.keys, np.uint64(high)))
        return self.rows(start, stop)

    def rows(self, start: int, stop: int) -> "Run":
        """Return a slice of the rows."""
        return Run(self.keys[start:stop], self.tokens[start:stop], self.documents[start:stop])


def empty_run() -> Run:
    """Return a run without rows."""
    return Run(np.zeros(0, np.uint64), np.zeros(0, np.uint32), np.zeros(0, np.uint32))


def counted(first: Keys, again: Keys) -> Run:
    """Count keys, sorting both arrays in place; every key of `again` must also stand in `first`."""
    first.sort()
    again.sort()
    keys = np.empty(len(first), np.uint64)
    tokens, documents = np.empty(len(first), np.uint32), np.empty(len(first), np.uint32)
    size = _kernels.count_sorted(first, again, keys, tokens, documents)
    return _trimmed(keys, tokens, documents, size)


def merged(left: Run, right: Run) -> Run:
    """Return one run with the counts of both added."""
    if not len(left) or not len(right):
        return left if len(left) else right
    rows = len(left) + len(right)
    keys, tokens, documents = np.empty(rows, np.uint64), np.empty(rows, np.uint32), np.empty(rows, np.uint32)
    size = _kernels.merge_sorted(left.keys, left.tokens, left.documents, right.keys, right.tokens, right.documents, keys, tokens, documents)
    return _trimmed(keys, tokens, documents, size)


def merged_all(runs: list[Run]) -> Run:
    """Return one run with the counts of all added, merging the smallest first."""
    queue = sorted(runs, key=len)
    while len(queue) > 1:
        queue = sorted([merged(queue[0], queue[1]), *queue[2:]], key=len)
    return queue[0] if queue else empty_run()


def joined(runs: list[Run]) -> Run:
    """Return runs that follow one another as one."""
    if len(runs) <= 1:
        return runs[0] if runs else empty_run()
    keys, tokens, documents = ([run.keys for run in runs], [run.tokens for run in runs], [run.documents for run in runs])
    return Run(np.concatenate(keys), np.concatenate(tokens), np.concatenate(documents))


def _trimmed(keys: Keys, tokens: Counts, documents: Counts, size: int) -> Run:
    run = Run(keys[:size], tokens[:size], documents[:size])
    return run if size >= _DENSE * len(keys) else Run(run.keys.copy(), run.tokens.copy(), run.documents.copy())


class Spool:
    """A growing set of runs, in memory up to a budget and in a temporary directory beyond it.

    Args:
        memory_rows: Rows kept in memory, 16 bytes each; a merge needs as much again.
        directory: Where to spill; the system's temporary directory by default.
    """

    def __init__(self, memory_rows: int = MEMORY_ROWS, directory: Path | None = None) -> None:
        self._memory_rows = memory_rows
        self._parent = directory
        self._runs: list[Run] = []
        self._spilled: list[Run] = []
        self._directory: Path | None = None
        self.spilled_bytes = 0

    def push(self, run: Run) -> None:
        """Add a run; merge it with those of like size; spill when over the budget."""
        if not len(run):
            return
        while self._runs and len(self._runs[-1]) <= 2 * len(run):
            run = merged(self._runs.pop(), run)
        self._runs.append(run)
        if sum(map(len, self._runs)) > self._memory_rows:
            self._spill()

    def replace(self, run: Run) -> None:
        """Forget all runs and keep `run` alone."""
        self._runs, self._spilled = [run] if len(run) else [], []
        self._clear()

    def chunks(self) -> Iterator[Run]:
        """Yield all counted keys in ascending order, in runs of about `CHUNK_ROWS` rows."""
        everything = self._spilled + self._runs
        if len(everything) <= 1 and not self._spilled:
            yield from everything
            return
        for low, high in _ranges(sum(map(len, everything))):
            part = merged_all([run.between(low, high) for run in everything])
            if len(part):
                yield part

    def whole(self) -> Run:
        """Return all counted keys as one run in memory."""
        return joined(list(self.chunks()))

    def _spill(self) -> None:
        run = merged_all(self._runs)
        self._runs = []
        if self._directory is None:
            self._directory = Path(tempfile.mkdtemp(prefix="longtail-runs-", dir=self._parent))
            self._finalizer = weakref.finalize(self, shutil.rmtree, self._directory, ignore_errors=True)
        stem = self._directory / str(len(self._spilled))
        arrays: dict[str, np.ndarray] = {"keys": run.keys, "tokens": run.tokens, "documents": run.documents}
        for name, array in arrays.items():
            np.save(f"{stem}-{name}.npy", array)
        self.spilled_bytes += len(run) * ROW_BYTES
        loaded = {name: np.load(f"{stem}-{name}.npy", mmap_mode="r") for name in arrays}
        self._spilled.append(Run(**loaded))

    def _clear(self) -> None:
        if self._directory is not None:
            self._finalizer()
            self._directory = None


def _ranges(rows: int) -> Iterator[tuple[int, int]]:
    """Cut the space of keys into equal ranges that hold about `CHUNK_ROWS` rows each, keys being hashes."""
    parts = max(1, -(-rows // CHUNK_ROWS))
    bounds = [(part << 64) // parts for part in range(parts + 1)]
    yield from zip(bounds[:-1], bounds[1:], strict=True)
