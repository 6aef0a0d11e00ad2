"""What documents say of where they came from, read from any tagged data set as columns of one form."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from longtail.ledger.chunks import Chunk, Records, Table
from longtail.ledger.columns import CONTENT, NAMES, content_of, identity
from longtail.ledger.stored import Columns, Stored
from longtail.ledger.tagging.tagger import CLAIMS, stated
from longtail.ledger.values import QUICK, RULES, TYPES, label, text
from longtail.readers.arrow import outline
from longtail.readers.columns import MISSING, choose, find
from longtail.readers.quarantine import Quarantine, Unfit
from longtail.records import OnProgress, Origin, Progress

UNKNOWN = Origin.UNKNOWN.value

Current: TypeAlias = Callable[[Sequence[str]], Iterable[pa.RecordBatch]]
"""What is known by now of documents with these ids: batches with `lt_id` and any other provenance columns."""

Values: TypeAlias = list[Any] | pa.Array
Sound: TypeAlias = npt.NDArray[np.bool_]

_KINDS = 20


class Tally:
    """What was found in one pass.

    Attributes:
        documents: Documents read, those set aside left out.
        computed: Those whose id was computed from their content, because they state none.
        untold: Those that state no origin.
        not_origins: Values of `lt_origin` that are no origin, each with its documents; such a document is of unknown origin.
        not_understood: Documents by column whose value there is none that the contract knows; it is taken as absent.
    """

    def __init__(self) -> None:
        """Start with nothing found."""
        self.documents = self.computed = self.untold = 0
        self.not_origins: Counter[str] = Counter()
        self.not_understood: Counter[str] = Counter()

    def not_origin(self, value: object, documents: int = 1) -> None:
        """Note a value that is no origin."""
        shown = str(value)[:40]
        self.not_origins[shown if shown in self.not_origins or len(self.not_origins) < _KINDS else "…"] += documents


class Statements:
    """Reads the statements of chunks of documents.

    Args:
        names: Provenance columns wanted; `lt_id` and `lt_origin` always are.
        text_column: The content column, where it is none of those recognised.
        extra: Columns to carry along as text: text, whole numbers and truths; anything else is null.
        quarantine: Takes documents that have no id and no content to compute one from.
    """

    def __init__(
        self,
        names: Sequence[str] = NAMES,
        *,
        text_column: str | None = None,
        extra: Sequence[str] = (),
        quarantine: Quarantine | None = None,
    ) -> None:
        """Settle the columns."""
        wanted = {"lt_id", "lt_origin", *names}
        self.names = tuple(name for name in NAMES if name in wanted)
        self.text_column = text_column
        self.extra = tuple(extra)
        self.quarantine = quarantine if quarantine is not None else Quarantine()
        self.tally = Tally()
        self.schema = pa.schema([(name, TYPES[name]) for name in self.names] + [(name, pa.string()) for name in self.extra])

    def columns(self, stored: Stored) -> Columns:
        """Return which columns to read of files: those wanted, and the content where some document states no id."""

        @cache
        def lacking(path: str) -> bool:
            return any(not _all_stated(chunk) for chunk in stored.chunks(lambda _, schema: _narrow(schema, ["lt_id"]), only=path))

        def chosen(path: str, schema: pa.Schema) -> Sequence[str]:
            computes = "lt_id" not in schema.names or lacking(path)
            if computes and "lt_id" not in schema.names:
                self._require_content(path, schema)
            return _narrow(schema, [*self.names, *self.extra, *(self._content() if computes else ())])

        return chosen

    def _content(self) -> tuple[str, ...]:
        return CONTENT if self.text_column is None else (self.text_column,)

    def _require_content(self, path: str, schema: pa.Schema) -> None:
        """Refuse a schema without the columns that ids are computed from.

        Raises:
            ReadError: There are none; the message holds the columns that exist.
        """
        known = outline(schema)
        if all(find(known, name) is MISSING for name in self._content()):
            choose(path, [known], self.text_column)

    def of(self, chunk: Chunk) -> tuple[pa.RecordBatch, Sound]:
        """Return the statements of a chunk, and which of its documents have one, shape (documents of the chunk,)."""
        unfit: dict[int, Unfit] = {}
        columns = {name: self._column(chunk, name) for name in self.names if name != "lt_id"}
        columns["lt_id"] = self._ids(chunk, unfit)
        for name in self.extra:
            columns[name] = pa.array([label(value) for value in values_of(chunk, name)], pa.string())
        sound = np.ones(len(chunk), np.bool_)
        for at, place in enumerate(chunk.places() if unfit else ()):
            if at in unfit:
                self.quarantine.add(chunk.path, place, str(unfit[at]))
                sound[at] = False
        batch = pa.RecordBatch.from_arrays([columns[name] for name in self.schema.names], schema=self.schema)
        self.tally.documents += int(sound.sum())
        return (batch.filter(pa.array(sound)) if unfit else batch), sound

    def _ids(self, chunk: Chunk, unfit: dict[int, Unfit]) -> pa.Array:
        ids = self._column(chunk, "lt_id")
        absent = pc.indices_nonzero(ids.is_null()).to_pylist()
        if not absent:
            return ids
        found = ids.to_pylist()
        for at, record in zip(absent, chunk.take(absent).records, strict=True):
            try:
                found[at] = identity(content_of(_sound(record), self.text_column))
                self.tally.computed += 1
            except Unfit as reason:
                unfit[at] = reason
        return pa.array(found, pa.string())

    def _column(self, chunk: Chunk, name: str) -> pa.Array:
        if isinstance(chunk, Table):
            if name not in chunk.batch.schema.names:
                return self._filled(name, pa.nulls(len(chunk), TYPES[name]))
            quick = QUICK[name](chunk.batch.column(name)) if name in QUICK else None
            if quick is not None:
                return self._filled(name, quick)
        return self._filled(name, pa.array(self._each(name, values_of(chunk, name)), TYPES[name]))

    def _each(self, name: str, values: Iterable[object]) -> Iterator[object]:
        rule = RULES[name]
        for value in values:
            speaks = stated(value) and not (isinstance(value, float) and math.isnan(value))
            said = rule(value) if speaks else None
            if said is None and speaks:
                if name == "lt_origin":
                    self.tally.not_origin(value)
                    said = UNKNOWN
                elif name != "lt_id":
                    self.tally.not_understood[name] += 1
            yield said

    def _filled(self, name: str, column: pa.Array) -> pa.Array:
        """Return the column of origins without nulls, those counted; any other as it is."""
        if name != "lt_origin" or not column.null_count:
            return column
        self.tally.untold += column.null_count
        return column.fill_null(UNKNOWN)


def statements(
    names: Sequence[str],
    text_column: str | None = None,
    quarantine: Quarantine | None = None,
    extra: Sequence[str] = (),
    *,
    columns: Sequence[str] = NAMES,
    tally: Tally | None = None,
    on_progress: OnProgress | None = None,
) -> Iterator[pa.RecordBatch]:
    """Yield what the documents of tagged data sets say of where they came from, in the order of files and places.

    An id that is not stated is computed from the content. An origin that is not stated, or is none, is unknown. A value that
    the contract does not know is taken as absent. All of that is counted in `tally`; what has neither id nor content is set
    aside. Of Parquet and Arrow files only the columns needed are read.

    Args:
        names: Files, folders and globs: JSON, CSV, TSV, Parquet, Arrow, saved Hugging Face folders, text also compressed.
        text_column: The content column, where it is none of those recognised.
        quarantine: Takes what cannot be read.
        extra: Columns to carry along as text.
        columns: Provenance columns wanted, of `longtail.ledger.columns.SCHEMA`.
        tally: Counts what was found.
        on_progress: Called after each chunk.

    Raises:
        ReadError: A file cannot be read to its end, has changed meanwhile, or has neither ids nor content.
        UsageError: A file is of a format that has no columns.
    """
    stored = Stored(names)
    reader = Statements(columns, text_column=text_column, extra=extra, quarantine=quarantine)
    reader.tally = tally if tally is not None else reader.tally
    for chunk in stored.chunks(reader.columns(stored), reader.quarantine):
        batch, _ = reader.of(chunk)
        if on_progress is not None:
            on_progress(Progress(stage="reading provenance", done=reader.tally.documents))
        if batch.num_rows:
            yield batch


def corrected(batch: pa.RecordBatch, current: Current) -> pa.RecordBatch:
    """Return statements as they are known by now: another origin comes with its evidence, model and depth; what is not known stays.

    Args:
        batch: Statements.
        current: What is known by now.
    """
    found = [part for part in current(batch.column("lt_id").to_pylist()) if part.num_rows]
    if not found:
        return batch
    known = pa.Table.from_batches(found).combine_chunks()
    at = pc.index_in(batch.column("lt_id"), known.column("lt_id").combine_chunks())
    emptied = _differing(batch, known, at)
    columns = [
        _better(batch.column(name), _taken(known, name, at, batch.schema.field(name).type), name, emptied) for name in batch.schema.names
    ]
    return pa.RecordBatch.from_arrays(columns, schema=batch.schema)


def _taken(known: pa.Table, name: str, at: pa.Array, kind: pa.DataType) -> pa.Array | None:
    """Return what is known in one column of each document, null where nothing is; None where the column is not known at all."""
    if name == "lt_id" or name not in known.schema.names:
        return None
    column = known.column(name).combine_chunks()
    return (column.dictionary_decode() if pa.types.is_dictionary(column.type) else column).cast(kind).take(at)


def _differing(batch: pa.RecordBatch, known: pa.Table, at: pa.Array) -> pa.Array:
    """Return of which documents another origin is known than they state."""
    origin = _taken(known, "lt_origin", at, pa.string())
    return (
        pa.array(np.zeros(len(batch), np.bool_)) if origin is None else pc.fill_null(pc.not_equal(origin, batch.column("lt_origin")), False)
    )


def _better(own: pa.Array, known: pa.Array | None, name: str, emptied: pa.Array) -> pa.Array:
    if known is None:
        return own
    filled = pc.if_else(pc.is_valid(known), known, own)
    return pc.if_else(emptied, known, filled) if name in CLAIMS else filled


def _narrow(schema: pa.Schema, names: Iterable[str]) -> list[str]:
    """Return the columns in which names or dotted paths lie, as far as there are such."""
    tops = (name if name in schema.names else name.split(".")[0] for name in names)
    return [name for name in dict.fromkeys(tops) if name in schema.names]


def _all_stated(chunk: Chunk) -> bool:
    if isinstance(chunk, Records):
        return True
    ids = text(chunk.batch.column("lt_id"))
    return ids is None or ids.null_count == 0


def values_of(chunk: Chunk, name: str) -> list[object]:
    """Return the value that each document of a chunk has in a column or at a dotted path, None where it has none."""
    if isinstance(chunk, Table):
        top = name if name in chunk.batch.schema.names else name.split(".")[0]
        if top not in chunk.batch.schema.names:
            return [None] * len(chunk)
        chunk = chunk.only([top])
    values = (None if isinstance(record, Unfit) else find(record, name) for record in chunk.records)
    return [None if value is MISSING else value for value in values]


def _sound(record: dict[str, Any] | Unfit) -> dict[str, Any]:
    if isinstance(record, Unfit):
        raise record
    return record
