"""Sorted runs of counted keys: exact counts of any number of types in bounded memory.

Keys are collected and sorted. Where many repeat they are counted into runs, and runs of like size are merged, as in a
log-structured merge tree (O'Neil et al. 1996); else they stay uncounted in blocks. What grows past a budget in memory is
written to a temporary directory, and all is merged range by range when it is read. What is read does not depend on how the
keys were split.
"""

import shutil
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from longtail.summaries import _kernels
from longtail.summaries.blocks import MOST_RANGES, Block, Grouped, Packed, gathered, grouped_keys, is_packed_well, packed_keys, spilled
from longtail.summaries.buffers import Buffer, scratch
from longtail.summaries.sorting import sort
from longtail.views.keys import CELL_BITS, Keys, types_of

Counts = npt.NDArray[np.uint32]

ROW_BYTES = 16
_PACKED_BYTES = 2  # of a cell; what its type takes is shared
_PACKED_SHARE = 1 / 2  # of the budget, for packed blocks, which take a quarter of the room
MEMORY_ROWS = 1 << 21
_DENSE = 0.75  # a run that fills less of its arrays is copied, so that the rest is freed
CHUNK_ROWS = 1 << 21
_RANGE = (1 << 64) // MOST_RANGES
_SOME = 16
_ERRORS = 4  # standard errors of the number of types, from those of one in `_SOME`


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

    def columns(self) -> list[npt.NDArray[Any]]:
        """Return keys, tokens and documents."""
        return [self.keys, self.tokens, self.documents]

    def head(self, size: int) -> "Run":
        """Return the first rows, copied where they are few, so that the rest is freed."""
        return _trimmed(self.rows(0, size), len(self))


def empty_run() -> Run:
    """Return a run without rows."""
    return Run(np.zeros(0, np.uint64), np.zeros(0, np.uint32), np.zeros(0, np.uint32))


def counted(first: Keys, again: Keys) -> Run:
    """Count keys, sorting both arrays in place; every key of `again` must also stand in `first`."""
    sort(first)
    sort(again)
    return _counted(first, again, _kernels.distinct_keys(first))


def _counted(first: Keys, again: Keys, rows: int) -> Run:
    keys = np.empty(rows, np.uint64)
    tokens, documents = np.empty(rows, np.uint32), np.empty(rows, np.uint32)
    _kernels.count_sorted(first, again, keys, tokens, documents)
    return Run(keys, tokens, documents)


def merged(left: Run, right: Run) -> Run:
    """Return one run with the counts of both added."""
    if not len(left) or not len(right):
        return left if len(left) else right
    return merged_into(left.columns(), right)


def merged_into(columns: list[npt.NDArray[Any]], right: Run) -> Run:
    """Return one run with the counts of both added.

    Args:
        columns: Keys, tokens and documents of the one, taken out of the list as they are copied: where nothing else holds them, what is
            held at once is little more than the result.
        right: The other.
    """
    size = len(columns[0])
    keys, tokens, documents = (_lengthened(columns.pop(0), size + len(right)) for _ in range(3))
    start = _kernels.merge_behind(keys, tokens, documents, size, right.keys, right.tokens, right.documents)
    return _trimmed(Run(keys[start:], tokens[start:], documents[start:]), len(keys))


def _lengthened(column: npt.NDArray[Any], size: int) -> npt.NDArray[Any]:
    longer = np.empty(size, column.dtype)
    longer[: len(column)] = column
    return longer


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


def _trimmed(run: Run, room: int) -> Run:
    return run if len(run) >= _DENSE * room else Run(run.keys.copy(), run.tokens.copy(), run.documents.copy())


class Spool:
    """A growing set of runs and blocks, in memory up to a budget and in a temporary directory beyond it.

    Args:
        memory_rows: Rows kept in memory, 16 bytes each; a merge needs as much again.
        directory: Where to spill; the system's temporary directory by default.
    """

    def __init__(self, memory_rows: int = MEMORY_ROWS, directory: Path | None = None) -> None:
        self._memory_rows = memory_rows
        self._parent = directory
        self._runs: list[Run] = []
        self._blocks: list[Block] = []
        self._block_bytes = 0
        self._spilled: list[Run] = []
        self._spilled_blocks: list[Block] = []
        self._directory: Path | None = None
        self._files: list[FileIO] = []
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

    def collect(self, first: Buffer, again: Buffer) -> None:
        """Take occurrences of keys out of buffers; counted, or packed, where that takes much less room.

        Args:
            first: Keys new in their document.
            again: Keys repeated in their document; each must also stand in `first`.
        """
        if not len(first):
            return
        form = _form_of(_some_of(first.keys))
        if form.is_counted:
            self.push(counted(first.keys, again.keys))
        else:
            self._add_block(Block(form.stored(first.keys), form.stored(again.keys)))
        first.clear()
        again.clear()

    def _add_block(self, block: Block) -> None:
        self._blocks.append(block)
        self._block_bytes += block.bytes
        share = _PACKED_SHARE if isinstance(block.first, Packed) else 1
        if self._block_bytes > share * self._memory_rows * ROW_BYTES:
            self._spill_blocks()

    def replace(self, run: Run) -> None:
        """Forget all runs and keep `run` alone."""
        self._runs, self._spilled = [run] if len(run) else [], []
        self._blocks, self._block_bytes, self._spilled_blocks = [], 0, []
        self._clear()

    def take(self) -> Run:
        """Return all counted keys as one run, and forget them."""
        run = self.whole()
        self.replace(empty_run())
        return run

    def chunks(self) -> Iterator[Run]:
        """Yield all counted keys in ascending order, in runs of about `CHUNK_ROWS` rows."""
        runs, blocks = self._spilled + self._runs, self._spilled_blocks + self._blocks
        if len(runs) <= 1 and not blocks:
            yield from runs
            return
        for low, high in _ranges(sum(map(len, runs)) + sum(len(block.first) for block in blocks)):
            part = [run.between(low * _RANGE, high * _RANGE) for run in runs]
            first, again = gathered(blocks, low, high)
            whole = merged_all([*part, _counted(first, again, _kernels.distinct_keys(first))])
            if len(whole):
                yield whole

    def types(self) -> Keys:
        """Return the types of all keys, each once, ascending; where all are packed or counted, nothing is counted for that."""
        blocks, runs = [block.first for block in self._spilled_blocks + self._blocks], self._spilled + self._runs
        packed = [block for block in blocks if isinstance(block, Packed)]
        if len(packed) < len(blocks):
            return _end_to_end([distinct(run.keys) for run in self.chunks()])
        found = []
        for low, high in _ranges(sum(map(len, runs)) + sum(block.types.size for block in packed)):
            counted_here = [distinct(run.between(low * _RANGE, high * _RANGE).keys) for run in runs]
            found.append(_union([*counted_here, *(types_of(block.types_between(low, high)) for block in packed)]))
        return _end_to_end(found)

    def whole(self) -> Run:
        """Return all counted keys as one run, and keep that in place of what it was made of: the next time there is nothing to do."""
        is_in_memory = not (self._blocks or self._spilled_blocks or self._spilled)
        run = merged_all(self._runs) if is_in_memory else joined(list(self.chunks()))
        if len(self._runs) + len(self._spilled) > 1 or self._blocks or self._spilled_blocks:
            self.replace(run)
            if len(run) > self._memory_rows:
                self._spill()
        return run

    def _spill(self) -> None:
        run = merged_all(self._runs)
        self._runs = []
        stem = self._folder() / str(len(self._spilled))
        arrays: dict[str, np.ndarray] = {"keys": run.keys, "tokens": run.tokens, "documents": run.documents}
        for name, array in arrays.items():
            np.save(f"{stem}-{name}.npy", array)
        self.spilled_bytes += len(run) * ROW_BYTES
        loaded = {name: np.load(f"{stem}-{name}.npy", mmap_mode="r") for name in arrays}
        self._spilled.append(Run(**loaded))

    def _spill_blocks(self) -> None:
        blocks, self._blocks = self._blocks, []
        self.spilled_bytes += self._block_bytes
        self._block_bytes = 0
        folder = self._folder()
        self._files.append(FileIO(folder / f"blocks-{len(self._files)}", "w+"))
        self._spilled_blocks += spilled(blocks, self._files[-1])

    def _folder(self) -> Path:
        if self._directory is None:
            self._directory = Path(tempfile.mkdtemp(prefix="longtail-runs-", dir=self._parent))
            self._files = []
            self._finalizer = weakref.finalize(self, _forget, self._directory, self._files)
        return self._directory

    def _clear(self) -> None:
        if self._directory is not None:
            self._finalizer()
            self._directory = None


def distinct(keys: Keys) -> Keys:
    """Return the type hashes of sorted keys, each once, ascending."""
    return _once(keys, CELL_BITS)


def _union(parts: list[Keys]) -> Keys:
    """Return what is in any of several arrays, each once, ascending."""
    found = _end_to_end(parts)
    sort(found)
    return _once(found, 0)


def _once(keys: Keys, shift: int) -> Keys:
    found = np.empty(_kernels.distinct_types(keys, shift), np.uint64)
    _kernels.write_types(keys, shift, found)
    return found


def _end_to_end(parts: list[Keys]) -> Keys:
    return np.concatenate([np.zeros(0, np.uint64), *parts])


def _forget(directory: Path, files: list[FileIO]) -> None:
    for file in files:
        file.close()
    shutil.rmtree(directory, ignore_errors=True)


@dataclass(frozen=True)
class _Form:
    """How keys take least room.

    Attributes:
        is_counted: Whether as counts.
        types: About how many types they have at most where they are packed; 0 where they are kept as they are.
    """

    is_counted: bool
    types: int = 0

    def stored(self, keys: Keys) -> Grouped | Packed:
        """Return keys packed, or as they are."""
        packed = packed_keys(keys, self.types) if self.types else None
        return packed or grouped_keys(keys)


def _some_of(keys: Keys) -> Keys:
    """Return the keys of the types of smallest hash, one type in `_SOME`, sorted."""
    some = scratch("some", len(keys))
    some = some[: _kernels.below(keys, np.uint64((1 << 64) // _SOME), some)].copy()
    sort(some)
    return some


def _form_of(some: Keys) -> _Form:
    """Return what takes least room, from the sorted keys of some types; where there are none, types are few."""
    if not len(some):
        return _Form(is_counted=True)
    rows, types = _kernels.distinct_keys(some), _kernels.distinct_types(some, CELL_BITS)
    counted_bytes = rows * ROW_BYTES / _DENSE
    if is_packed_well(types, len(some)):
        is_counted = counted_bytes < _PACKED_BYTES * len(some)
        return _Form(is_counted, 0 if is_counted else int(_SOME * (types + _ERRORS * types**0.5)))
    return _Form(counted_bytes < some.nbytes)


def _ranges(rows: int) -> Iterator[tuple[int, int]]:
    """Cut the space of keys into equal ranges that hold about `CHUNK_ROWS` rows each, keys being hashes; by number of range."""
    parts = 1
    while parts < MOST_RANGES and parts * CHUNK_ROWS < rows:
        parts *= 2
    step = MOST_RANGES // parts
    yield from ((low, low + step) for low in range(0, MOST_RANGES, step))
