"""What the stages of a run have said so far, in files that are whole: a run that was killed goes on from there."""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from longtail.atomic import replaced
from longtail.gates.verdicts import SCHEMA, Verdicts
from longtail.records import Record

ROWS = pa.schema([("document", pa.int64()), ("stage", pa.int16()), *SCHEMA])
PATIENCE = 5.0
"""Seconds of judging that a kill can cost."""

_DONE = "done.json"


class Told(Record, frozen=True):
    """What a stage tells beside its verdicts: numbers by name, and sentences for a person."""

    facts: dict[str, int | float] = {}
    says: tuple[str, ...] = ()


class Journal:
    """The verdicts of one leg: stages that are gone through in one pass.

    A document that is kept without a score has no row.

    Args:
        folder: Its place.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._parts = _contiguous(folder)
        self._waiting: list[pa.RecordBatch] = []
        self._since = time.monotonic()

    @property
    def end(self) -> int:
        """Return the number of the first document that is not judged yet."""
        return self._parts[-1][1] if self._parts else 0

    @property
    def is_done(self) -> bool:
        """Tell whether all documents are judged."""
        return (self._folder / _DONE).is_file()

    def add(self, stage: int, positions: Any, verdicts: Verdicts) -> None:
        """Take in what a stage said."""
        told = verdicts.to_arrow()
        says = np.flatnonzero((verdicts.decisions > 0) | ~np.isnan(verdicts.scores))
        if len(says):
            columns = [pa.array(positions, pa.int64()), pa.array(np.full(len(verdicts), stage, np.int16)), *told.columns]
            self._waiting.append(pa.RecordBatch.from_arrays(columns, schema=ROWS).take(pa.array(says)))

    def reached(self, end: int) -> None:
        """Note that all documents before a number are judged; write it down from time to time."""
        if time.monotonic() - self._since >= PATIENCE:
            self.write(end)

    def write(self, end: int) -> None:
        """Write down what was taken in."""
        start = self.end
        if end > start:
            path = self._folder / f"{start:012d}-{end:012d}.parquet"
            with replaced(path) as draft:
                pq.write_table(_whole(self._waiting), draft, compression="zstd")
            self._parts.append((start, end, path))
        self._waiting, self._since = [], time.monotonic()

    def finish(self, end: int, told: Sequence[Told]) -> None:
        """Write down the rest, that it is all, and what each stage tells beside its verdicts."""
        self.write(end)
        with replaced(self._folder / _DONE) as draft:
            draft.write_bytes(msgspec.json.encode(told))

    def told(self) -> list[Told]:
        """Return what each stage told beside its verdicts."""
        return msgspec.json.decode((self._folder / _DONE).read_bytes(), type=list[Told])

    def tables(self) -> Iterator[pa.Table]:
        """Yield what was written down, in the order of documents."""
        for _, _, path in self._parts:
            yield pq.read_table(path, schema=ROWS)


def _whole(batches: list[pa.RecordBatch]) -> pa.Table:
    """Return batches as a table whose reasons share one dictionary."""
    table = pa.Table.from_batches(batches, ROWS)
    return table.unify_dictionaries() if batches else table


def _contiguous(folder: Path) -> list[tuple[int, int, Path]]:
    """Return the parts from document 0 on, without a hole."""
    found: list[tuple[int, int, Path]] = []
    for path in sorted(folder.glob("*-*.parquet")):
        start, end = (int(number) for number in path.stem.split("-"))
        if start == (found[-1][1] if found else 0):
            found.append((start, end, path))
    return found


def decisive(rows: pa.Table) -> pa.Table:
    """Return the verdict that decides about each document that is not plainly kept: the gravest, of equals the first.

    Args:
        rows: Columns of `ROWS`, of all stages.

    Returns:
        One row for each document, in the order of documents.
    """
    found = rows.filter(pc.greater(rows.column("decision"), 0))
    documents = found.column("document").to_numpy()
    order = np.lexsort((found.column("stage").to_numpy(), -found.column("decision").to_numpy().astype(np.int64), documents))
    first = np.ones(len(order), np.bool_)
    first[1:] = documents[order][1:] != documents[order][:-1]
    return found.take(pa.array(order[first]))
