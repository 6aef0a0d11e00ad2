"""Tagging Arrow data: provenance columns are built batch by batch, and every other column passes through."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from longtail.errors import ReadError
from longtail.ledger.columns import CONTENT, SCHEMA
from longtail.ledger.tagging.tagger import Tagger, Tags, check_columns, stated
from longtail.ledger.values import RULES
from longtail.readers.arrow import outline
from longtail.readers.quarantine import Quarantine, Unfit

_READ = frozenset({"lt_depth", "lt_parents", "lt_time", "lt_decoding", "lt_weight"})

PLAIN = pa.schema([field.with_type(pa.string()) if pa.types.is_dictionary(field.type) else field for field in SCHEMA])


def features_with(features: Mapping[str, Any]) -> dict[str, Any]:
    """Return the features of a Hugging Face data set together with the provenance columns."""
    lists = {"feature": {"dtype": "string", "_type": "Value"}, "_type": "Sequence"}
    added = {field.name: {"dtype": str(field.type), "_type": "Value"} for field in PLAIN} | {"lt_parents": lists}
    added["lt_weight"] = {"dtype": "float32", "_type": "Value"}
    return {**features, **added}


class Columns:
    """The schema that goes out for the one that came in, and the batches to match.

    Args:
        path: The file, for messages.
        schema: What came in.
        tags: What is asked for.
        contract: Types of the provenance columns.

    Raises:
        ReadError: A column that is needed is missing or occurs twice.
    """

    def __init__(self, path: str, schema: pa.Schema, tags: Tags, contract: pa.Schema = SCHEMA) -> None:
        """Settle which columns are decoded."""
        self.path = path
        check_columns(path, outline(schema), tags)
        self.decoded = _needed(
            schema, [*contract.names, *([tags.text_column] if tags.text_column else CONTENT), tags.time_column or "lt_time"]
        )
        for name in self.decoded:
            if schema.names.count(name) > 1:
                raise ReadError(path, f"{schema.names.count(name)} columns are named {name!r}", fix="rename all but one")
        kept = [contract.field(field.name) if field.name in contract.names else field for field in schema]
        added = [field for field in contract if field.name not in schema.names]
        self._contract = contract
        self.schema = pa.schema([*kept, *added], metadata=_metadata(schema.metadata))

    def tagged(self, batch: pa.RecordBatch, row: int, tagger: Tagger, quarantine: Quarantine) -> pa.RecordBatch:
        """Return the documents of a batch with their provenance; those without an id are set aside.

        Args:
            batch: Rows as they came.
            row: Number of the first of them, from 1.
            tagger: Says what each document gets.
            quarantine: Takes the others.
        """
        changes: list[dict[str, Any]] = []
        good = np.ones(batch.num_rows, np.bool_)
        for at, record in enumerate(_records(batch.select(self.decoded))):
            try:
                changes.append(tagger.changes(_sound(record), self.path, row + at))
            except Unfit as unfit:
                quarantine.add(self.path, row + at, str(unfit))
                good[at] = False
        sound = batch if good.all() else batch.filter(pa.array(good))
        columns = [self._column(sound, at, changes) for at in range(len(self.schema))]
        return pa.RecordBatch.from_arrays(columns, schema=self.schema)

    def _column(self, batch: pa.RecordBatch, at: int, changes: list[dict[str, Any]]) -> pa.Array:
        """Return one column; those that came in keep their places."""
        field = self.schema.field(at)
        name = field.name
        came = batch.column(at) if at < batch.num_columns else None
        if name not in self._contract.names:
            return came
        if (came is None or came.type == field.type) and not any(name in change for change in changes):
            return pa.nulls(batch.num_rows, field.type) if came is None else came
        try:
            return pa.array(_values(name, came, changes), field.type)
        except (pa.ArrowException, OverflowError, TypeError, ValueError) as error:
            reason = f"column {name!r} holds what is no {field.type}: {str(error).splitlines()[0][:200]}"
            raise ReadError(self.path, reason, fix="mend or drop that column and tag again") from error


def _records(batch: pa.RecordBatch) -> list[dict[str, Any] | Unfit]:
    """Return the rows as records; in place of one with a value that Python has no form for, the reason."""
    coarse = pa.RecordBatch.from_arrays([_coarse(column) for column in batch.columns], batch.schema.names)
    try:
        records: list[dict[str, Any] | Unfit] = coarse.to_pylist()
    except (ValueError, OverflowError):
        return [_alone(coarse.slice(at, 1)) for at in range(coarse.num_rows)]
    return records


def _coarse(column: pa.Array) -> pa.Array:
    """Return times in microseconds, which Python can hold; anything else as it is."""
    fine = pa.types.is_timestamp(column.type) and column.type.unit == "ns"
    return column.cast(pa.timestamp("us", column.type.tz), safe=False) if fine else column


def _alone(row: pa.RecordBatch) -> dict[str, Any] | Unfit:
    try:
        record: dict[str, Any] = row.to_pylist()[0]
    except UnicodeDecodeError as error:
        return Unfit(f"invalid UTF-8: {error.reason} at byte {error.start + 1} of a value")
    except (ValueError, OverflowError) as error:
        return Unfit(f"a value that cannot be read: {str(error).splitlines()[0][:200]}")
    return record


def _sound(record: dict[str, Any] | Unfit) -> dict[str, Any]:
    if isinstance(record, Unfit):
        raise record
    return record


def _needed(schema: pa.Schema, names: Iterable[str]) -> list[str]:
    """Return the columns in which names or dotted paths lie, as far as there are such."""
    tops = (name if name in schema.names else name.split(".")[0] for name in names)
    return [name for name in dict.fromkeys(tops) if name in schema.names]


def _values(name: str, came: pa.Array | None, changes: list[dict[str, Any]]) -> list[object]:
    """Return what each document gets in a column, or keeps there."""
    old = [None] * len(changes) if came is None else _coarse(came).to_pylist()
    return [change[name] if name in change else _kept(name, was) for change, was in zip(changes, old, strict=True)]


def _kept(name: str, value: object) -> object:
    """Return a value as its column has it, also where another format wrote it as text, such as a number or a list.

    Raises:
        ValueError: It is text that is none of that.
    """
    if name not in _READ:
        return str(value) if name == "lt_id" else value
    if _is_nothing(value):
        return None
    if not isinstance(value, str | Mapping) and name != "lt_time":
        return value
    said = RULES[name](value)
    if said is None:
        raise ValueError(f"{str(value)[:60]!r} is none that is read")
    return said


def _is_nothing(value: object) -> bool:
    return not stated(value) or (isinstance(value, float) and math.isnan(value))


def _metadata(metadata: Mapping[bytes, bytes] | None) -> dict[bytes, bytes] | None:
    """Return the metadata of a schema, the features of Hugging Face in it completed."""
    if not metadata or b"huggingface" not in metadata:
        return dict(metadata) if metadata else None
    try:
        held = msgspec.json.decode(metadata[b"huggingface"])
        held["info"]["features"] = features_with(held["info"]["features"])
    except (ValueError, LookupError, TypeError):
        return dict(metadata)
    return {**metadata, b"huggingface": msgspec.json.encode(held)}
