"""The documents of a run: read once into a spool of ids, texts and origins, and walked from there as often as gates ask."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.atomic import replaced
from longtail.errors import ReadError
from longtail.gates.batch import Batch
from longtail.ledger.chunks import Chunk, Table
from longtail.ledger.statements import Current, Statements, corrected, values_of
from longtail.ledger.stored import Stored
from longtail.readers.beside import ASKED, whole_in
from longtail.readers.columns import text_in
from longtail.readers.quarantine import Quarantine, Unfit
from longtail.records import OnProgress, Progress, Quarantined

_SPOOLED = ("lt_id", "text", "whole", "lt_origin")
SPOOLED = pa.schema([("document", pa.int64()), *((name, pa.string()) for name in _SPOOLED)])
"""What is spooled of each document; `whole` is its text with what it answers, null where that is the text alone."""


class Documents:
    """A data set whose documents have a number each; those without content have a number and are left out.

    Args:
        data: Files, folders and globs.
        text_column: The content column, where it is none of those recognised.
        spool: File that holds ids, texts and origins; made if it is not there yet.
        on_progress: Called as documents are read.
        current: What is known by now of documents, by id.

    Raises:
        ReadError: A file cannot be read, or there is no document.
        UsageError: A file is of a format that has no columns.
    """

    def __init__(
        self,
        data: Sequence[str],
        text_column: str | None,
        spool: Path,
        on_progress: OnProgress | None = None,
        current: Current | None = None,
    ) -> None:
        self.stored = Stored(data)
        self.text_column, self._current = text_column, current
        self._spool, self._note = spool, spool.with_suffix(".json")
        if not self._note.is_file():
            self._write(on_progress)
        note = json.loads(self._note.read_text())
        self.count: int = note["count"]
        self.quarantined: int = note["quarantined"]
        self.quarantine = tuple(Quarantined(**each) for each in note["quarantine"])
        self.not_origins: dict[str, int] = note["not_origins"]

    def batches(self, start: int = 0) -> Iterator[Batch]:
        """Yield the documents from a number on, in their order."""
        chunks = _Following(self.stored)
        with pa.memory_map(str(self._spool)) as source:
            reader = pa.ipc.open_file(source)
            for number in range(reader.num_record_batches):
                spooled = reader.get_batch(number)
                positions = spooled.column("document").to_numpy()
                if len(positions) and positions[-1] >= start:
                    batch = self._batch(spooled, number, positions, chunks)
                    yield batch if positions[0] >= start else batch.take(np.flatnonzero(positions >= start))

    def origins(self) -> npt.NDArray[np.object_]:
        """Return the origin of each document, None for those that were set aside, shape (count,)."""
        found = np.full(self.count, None, dtype=object)
        for batch in self.batches():
            found[batch.positions] = np.array(batch.values("lt_origin"), dtype=object)
        return found

    def chunks(self) -> Iterator[tuple[int, Chunk]]:
        """Yield the documents as they are stored, each chunk with the number of its first."""
        start = 0
        for chunk in self.stored.chunks():
            yield start, chunk
            start += len(chunk)

    def _batch(self, spooled: pa.RecordBatch, number: int, positions: npt.NDArray[np.int64], chunks: "_Following") -> Batch:
        origins = spooled.column("lt_origin")

        def values(name: str) -> list[Any]:
            if name == "lt_origin":
                return list(origins.to_pylist())
            first, chunk = chunks.at(number)
            return values_of(chunk.take((positions - first).tolist()), name)

        return Batch(spooled.column("lt_id"), spooled.column("text"), values, positions, wholes=spooled.column("whole"))

    def _spooled(self, reader: Statements, chunk: Chunk, start: int) -> pa.RecordBatch:
        said, sound = reader.of(chunk)
        said = said if self._current is None or not said.num_rows else corrected(said, self._current)
        at = np.flatnonzero(sound)
        texts, wholes = _texts(chunk, at, self.text_column)
        columns = [pa.array(at + start), said.column("lt_id"), texts, wholes, said.column("lt_origin").cast(pa.string())]
        return pa.RecordBatch.from_arrays(columns, schema=SPOOLED)

    def _write(self, on_progress: OnProgress | None) -> None:
        quarantine = Quarantine()
        reader = Statements(("lt_id", "lt_origin"), text_column=self.text_column, quarantine=quarantine)
        count = 0
        with replaced(self._spool) as draft, pa.OSFile(str(draft), "wb") as sink, pa.ipc.new_file(sink, SPOOLED) as writer:
            for chunk in self.stored.chunks(quarantine=quarantine):
                writer.write_batch(self._spooled(reader, chunk, count))
                count += len(chunk)
                if on_progress is not None:
                    on_progress(Progress(stage="reading", done=count))
        if not reader.tally.documents:
            reasons = f": all {quarantine.count} were set aside ({quarantine.reasons()})" if quarantine.count else ""
            raise ReadError(", ".join(self.stored.paths), f"no documents{reasons}", fix="check the files, or choose --text-column NAME")
        note = {
            "count": count,
            "quarantined": quarantine.count,
            "quarantine": [{"path": each.path, "line": each.line, "reason": each.reason} for each in quarantine.kept],
            "not_origins": dict(reader.tally.not_origins),
        }
        with replaced(self._note) as draft:
            draft.write_text(json.dumps(note))


class _Following:
    """Chunks of a data set in step with the batches of a spool; a chunk is read when a column of it is asked for."""

    def __init__(self, stored: Stored) -> None:
        self._chunks = stored.chunks()
        self._number, self._first = -1, 0
        self._chunk: Chunk | None = None

    def at(self, number: int) -> tuple[int, Chunk]:
        """Return the number of the first document of a chunk, and the chunk; chunks are asked for in their order."""
        while self._number < number:
            self._first += 0 if self._chunk is None else len(self._chunk)
            self._chunk = next(self._chunks)
            self._number += 1
        assert self._chunk is not None
        return self._first, self._chunk


def _texts(chunk: Chunk, at: npt.NDArray[np.int64], text_column: str | None) -> tuple[pa.Array, pa.Array]:
    """Return the texts of some documents, and the same with what they answer, null where that is nothing."""
    plain = _plain(chunk, text_column or "text") if isinstance(chunk, Table) else None
    if plain is not None:
        return plain.take(pa.array(at)).cast(pa.string()), pa.nulls(len(at), pa.string())
    found = [_text(record, text_column) for record in chunk.take(at.tolist()).records]
    return pa.array([text for text, _ in found], pa.string()), pa.array([whole for _, whole in found], pa.string())


def _plain(chunk: Table, name: str) -> pa.Array | None:
    """Return a column of texts that answer nothing, None where it has gaps, is none, or a prompt may stand beside it."""
    names = chunk.batch.schema.names
    if name not in names or _ASKING.intersection(names):
        return None
    column = chunk.batch.column(name)
    is_text = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    return column if is_text and not column.null_count else None


def _text(record: dict[str, Any] | Unfit, text_column: str | None) -> tuple[str | None, str | None]:
    if isinstance(record, Unfit):
        return None, None
    text, whole = text_in(record, text_column), whole_in(record, text_column)
    return text, whole if whole != text else None


_ASKING = {"messages", "conversations", *(name for names in ASKED.values() for name in names)}


def is_lines(documents: Documents) -> bool:
    """Tell whether any file holds lines or records of text, rather than Arrow columns."""
    return any(part.format not in ("parquet", "arrow") for part in documents.stored.parts)
