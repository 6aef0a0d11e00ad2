"""Columns of data sets that differ, as one table: the same name is the same column, and a row without it has null there."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pyarrow as pa

from longtail.errors import ReadError
from longtail.ledger.chunks import Chunk, Records, Table
from longtail.ledger.columns import NAMES, SCHEMA
from longtail.ledger.tagging.json_rows import encoded
from longtail.policies.mixing.gathering import Sources
from longtail.policies.mixing.texts import Mask
from longtail.readers.quarantine import Unfit

ALWAYS = ("lt_id", "lt_origin", "lt_weight")
"""Provenance columns that every training set has."""


def unified(sources: Sources, taken: Mask) -> tuple[pa.Schema, tuple[str, ...]]:
    """Return the columns of a training set as a table, and those that became text because their types do not go together.

    Types of files that have types are kept where they agree, numbers widen, objects take all their members. Of text formats
    the types are those that the chosen rows show.

    Args:
        sources: The data.
        taken: The chosen rows, shape (rows,).
    """
    found: dict[str, pa.DataType] = {}
    torn: dict[str, None] = {}
    for stored in sources.stored:
        for schema in stored.schemas().values():
            _join(found, torn, {field.name: _plain(field.type) for field in schema})
    for start, chunk in sources.chunks("looking at columns", lambda _, schema: schema.names[:1]):
        if isinstance(chunk, Records):
            _join(found, torn, _shown(chunk.take(np.flatnonzero(taken[start : start + len(chunk)]).tolist())))
    return _ordered(found), tuple(torn)


def _ordered(found: dict[str, pa.DataType]) -> pa.Schema:
    """Return the columns as they were found, then those of provenance."""
    own = [pa.field(name, pa.string() if pa.types.is_null(kind) else kind) for name, kind in found.items() if name not in NAMES]
    return pa.schema([*own, *(SCHEMA.field(name) for name in NAMES if name in found or name in ALWAYS)])


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _join(found: dict[str, pa.DataType], torn: dict[str, None], more: dict[str, pa.DataType]) -> None:
    """Take in further types; those that do not go together become text."""
    for name, kind in more.items():
        if name in NAMES or name not in found:
            found[name] = kind
            continue
        try:
            sides = [pa.schema([(name, each)]) for each in (found[name], kind)]
            found[name] = pa.unify_schemas(sides, promote_options="permissive").field(name).type
        except pa.ArrowException:
            found[name] = pa.string()
            torn[name] = None


def _shown(chunk: Records) -> dict[str, pa.DataType]:
    columns: dict[str, list[Any]] = {}
    for record in chunk.records:
        for name, value in record.items() if isinstance(record, dict) else ():
            if name in NAMES:
                columns.setdefault(name, [])
            else:
                columns.setdefault(name, []).append(value)
    return {name: _type_of(values) for name, values in columns.items()}


def _type_of(values: list[Any]) -> pa.DataType:
    try:
        return pa.array(values).type
    except (pa.ArrowException, OverflowError, ValueError, TypeError):
        return pa.string()


def column_of(chunk: Chunk, field: pa.Field) -> pa.Array:
    """Return a column of a chunk in the type that it has in the training set.

    Raises:
        ReadError: A value does not fit.
    """
    if isinstance(chunk, Table):
        if field.name not in chunk.batch.schema.names:
            return pa.nulls(len(chunk), field.type)
        column = chunk.batch.column(field.name)
        if column.type == field.type:
            return column
    return _fitted(chunk, field)


def _fitted(chunk: Chunk, field: pa.Field) -> pa.Array:
    values = [None if isinstance(record, Unfit) else record.get(field.name) for record in _of_column(chunk, field.name)]
    if pa.types.is_string(field.type) or pa.types.is_large_string(field.type):
        values = [_as_text(value) for value in values]
    try:
        return pa.array(values, field.type)
    except (pa.ArrowException, OverflowError, ValueError, TypeError) as error:
        reason = f"column {field.name!r} holds what is no {field.type}: {str(error).splitlines()[0][:200]}"
        raise ReadError(chunk.path, reason, fix="mend or drop that column, or write JSON Lines") from None


def _of_column(chunk: Chunk, name: str) -> Iterable[dict[str, Any] | Unfit]:
    return chunk.only([name]).records if isinstance(chunk, Table) else chunk.records


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    written = value if isinstance(value, str) else encoded(value).decode()
    return written.encode("utf-8", "replace").decode()
