"""The output of a run: documents that were kept, are to be reviewed and were rejected, as they are stored."""

import hashlib
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from longtail.atomic import replaced
from longtail.errors import ConfigError
from longtail.gates.running.documents import Documents, is_lines
from longtail.gates.running.result import Output
from longtail.gates.verdicts import KEEP, REJECT, REVIEW
from longtail.ledger.chunks import Chunk, Records, Table
from longtail.ledger.tagging.json_rows import encoded, spliced
from longtail.ledger.tagging.sinks import GROUP_ROWS, open_sink, row_groups, writing
from longtail.readers.quarantine import Unfit

Format: TypeAlias = Literal["jsonl", "parquet"]
FILES = ("kept", "review", "rejected")
MARK = "lt_review"
SAID = ("lt_gate", "lt_reason", "lt_score", "lt_matched_id")
_TYPES = {"lt_score": pa.float64()}


class Said(NamedTuple):
    """What decides about each document, each (documents,).

    Attributes:
        decisions: Gravest decision.
        present: Whether the document has content; the others stand in no file.
        rows: Of those not plainly kept: stage, reason, score and matched id.
        holds: Whether documents to be reviewed wait for that.
    """

    decisions: npt.NDArray[np.uint8]
    present: npt.NDArray[np.bool_]
    rows: Mapping[int, tuple[str, str, float | None, str | None]]
    holds: bool

    def where(self, file: str) -> npt.NDArray[np.bool_]:
        """Return which documents a file holds, shape (documents,)."""
        bounds = {"rejected": (REJECT, REJECT), "review": (REVIEW, REVIEW), "kept": (KEEP, KEEP if self.holds else REVIEW)}
        low, high = bounds[file]
        inside: npt.NDArray[np.bool_] = self.present & (self.decisions >= low) & (self.decisions <= high)
        return inside

    def columns(self, file: str, document: int) -> dict[str, Any]:
        """Return what is added to a document in a file: what was said of it, and in `kept` only a mark for review."""
        said = self.rows.get(document)
        if said is None:
            return {}
        stage, reason, score, matched = said
        if file == "kept":
            return {MARK: f"{stage}: {reason}"}
        return {name: value for name, value in zip(SAID, (stage, reason, score, matched), strict=True) if value is not None}


class Sink(Protocol):
    """Where documents of one file go."""

    def write(self, chunk: Chunk, added: list[dict[str, Any]]) -> None:
        """Write documents, with what is added to each."""
        ...


def format_of(documents: Documents, asked: Format | None) -> Format:
    """Return the format that is written: that asked for, else Parquet where all input is Arrow columns, else JSON Lines.

    Raises:
        ConfigError: Parquet was asked for and some input is lines of text.
    """
    if asked == "parquet" and is_lines(documents):
        raise ConfigError("format is 'parquet', and some input holds lines of text, whose columns may differ; take jsonl")
    return asked or ("jsonl" if is_lines(documents) else "parquet")


def write(folder: Path, documents: Documents, said: Said, form: Format) -> tuple[Output, ...]:
    """Write the three files, all or none; an empty one is written too.

    Raises:
        UsageError: One cannot be written.
        ConfigError: The input's columns cannot stand in one Parquet file.
    """
    paths = {file: folder / f"{file}.{form}" for file in FILES}
    masks = {file: said.where(file) for file in FILES}
    with ExitStack() as stack:
        drafts = {}
        for file, path in paths.items():
            stack.enter_context(writing(str(path)))
            drafts[file] = stack.enter_context(replaced(path))
        with ExitStack() as sinks:
            opened = {file: _sink(form, drafts[file], file, documents, sinks) for file in FILES}
            for start, chunk in documents.chunks():
                for file, sink in opened.items():
                    at = np.flatnonzero(masks[file][start : start + len(chunk)])
                    if len(at):
                        sink.write(chunk.take(at.tolist()), [said.columns(file, start + place) for place in at.tolist()])
        return tuple(output_of(drafts[file], paths[file].name, int(masks[file].sum())) for file in FILES)


def output_of(draft: Path, name: str, documents: int) -> Output:
    """Return the record of a file that was written."""
    with open(draft, "rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Output(name=name, documents=documents, bytes=draft.stat().st_size, sha256=digest)


def _sink(form: Format, draft: Path, file: str, documents: Documents, stack: ExitStack) -> Sink:
    if form == "jsonl":
        return _Lines(draft, stack)
    return _Columns(draft, _schema(documents, file), stack)


class _Lines:
    """JSON Lines: a line that is written as it was read, with what is added before its end."""

    def __init__(self, draft: Path, stack: ExitStack) -> None:
        self._sink = stack.enter_context(open_sink(draft, "documents.jsonl"))

    def write(self, chunk: Chunk, added: list[dict[str, Any]]) -> None:
        """Write documents, with what is added to each."""
        for at, (record, more) in enumerate(zip(chunk.records, added, strict=True)):
            line = chunk.line(at) if isinstance(chunk, Records) else None
            if line is not None and isinstance(record, dict):
                self._sink.write(spliced(line, record, more))
            elif not isinstance(record, Unfit):
                self._sink.write(encoded(record | more) + b"\n")


class _Columns:
    """Parquet: the columns as they are, with those that are added."""

    def __init__(self, draft: Path, schema: pa.Schema, stack: ExitStack) -> None:
        self._schema = schema
        self._writer = stack.enter_context(pq.ParquetWriter(draft, schema, compression="zstd"))
        self._waiting: list[pa.RecordBatch] = []
        self._rows = 0
        stack.callback(self._flush)

    def write(self, chunk: Chunk, added: list[dict[str, Any]]) -> None:
        """Write documents, with what is added to each."""
        assert isinstance(chunk, Table)
        columns = [self._column(field, chunk.batch, added) for field in self._schema]
        self._waiting.append(pa.RecordBatch.from_arrays(columns, schema=self._schema))
        self._rows += len(chunk)
        if self._rows >= GROUP_ROWS:
            self._flush()

    def _column(self, field: pa.Field, batch: pa.RecordBatch, added: list[dict[str, Any]]) -> pa.Array:
        if field.name in (MARK, *SAID) and any(field.name in more for more in added):
            return pa.array([more.get(field.name) for more in added], field.type)
        if field.name in batch.schema.names:
            return batch.column(field.name).cast(field.type)
        return pa.nulls(batch.num_rows, field.type)

    def _flush(self) -> None:
        for group in row_groups(self._waiting):
            self._writer.write_table(pa.Table.from_batches(group, self._schema))
        self._waiting, self._rows = [], 0


def _schema(documents: Documents, file: str) -> pa.Schema:
    """Return the columns of a file: those of all inputs, and those added that are not there yet.

    Raises:
        ConfigError: The inputs have a column of unlike types.
    """
    schemas = list(documents.stored.schemas().values())
    try:
        schema = pa.unify_schemas(schemas, promote_options="permissive")
    except pa.ArrowException as error:
        raise ConfigError(f"the inputs cannot stand in one Parquet file: {str(error).splitlines()[0]}; write JSON Lines instead") from None
    for name in (MARK,) if file == "kept" else SAID:
        at = schema.get_field_index(name)
        field = pa.field(name, _TYPES.get(name, pa.string()))
        schema = schema.append(field) if at < 0 else schema.set(at, field)
    return schema.remove_metadata()
