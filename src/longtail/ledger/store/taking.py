"""What is taken in: rows with provenance columns, as one schema, and how they are laid into the tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from longtail.errors import LedgerError
from longtail.ledger.columns import NAMES, content_of, identity
from longtail.ledger.store.tables import TABLES
from longtail.readers.columns import text_in
from longtail.readers.quarantine import Unfit
from longtail.records import Evidence, Origin

_FACTS = [field for field in TABLES["rows"] if field.name != "batch"]
TAKEN = pa.schema(
    [
        *(field.with_nullable(True) for field in _FACTS),
        pa.field("lt_parents", pa.list_(pa.string())),
        pa.field("text_hash", pa.int64()),
        pa.field("signature", pa.binary()),
    ]
)
_SAID = (*NAMES, "dataset")
_ARROW = pa.Table | pa.RecordBatch
_ORIGINS, _EVIDENCE = frozenset(Origin), frozenset(Evidence)


def taken(rows: pa.Table | pa.RecordBatch | Iterable[Mapping[str, Any]], dataset: str | None) -> pa.RecordBatch:
    """Return rows in the schema of what is taken in; other columns than the provenance ones are left aside.

    Args:
        rows: Arrow data with `lt_id`, or records with `lt_id` or content to make it from.
        dataset: Name of the data set they are of; None where they say it themselves, or belong to none.

    Raises:
        LedgerError: A row has no id, an origin or evidence that is none, or a value of the wrong type.
    """
    table = _arrow(rows).select([name for name in _SAID if name in rows.schema.names]) if isinstance(rows, _ARROW) else _records(rows)
    columns = {field.name: _column(table, field) for field in TAKEN}
    if dataset is not None:
        columns["dataset"] = pa.chunked_array([pa.repeat(pa.scalar(dataset), table.num_rows)])
    return _made(columns)


def corrections(rows: Sequence[Mapping[str, Any]]) -> pa.RecordBatch:
    """Return rows that supersede others, in the schema of what is taken in.

    Args:
        rows: Records with all columns of a statement, and `dataset`, `revision` and `note`.

    Raises:
        LedgerError: An origin or evidence is none, or a value is of the wrong type.
    """
    table = _stated(rows, TAKEN.names)
    return _made({field.name: _column(table, field) for field in TAKEN})


def _made(columns: dict[str, pa.ChunkedArray]) -> pa.RecordBatch:
    columns["revision"] = pc.fill_null(columns["revision"], 0)
    columns["lt_origin"] = pc.fill_null(columns["lt_origin"], Origin.UNKNOWN.value)
    made = pa.Table.from_pydict(columns, schema=TAKEN)
    _check(made)
    return made.combine_chunks().to_batches()[0] if made.num_rows else pa.RecordBatch.from_pylist([], schema=TAKEN)


def _arrow(rows: pa.Table | pa.RecordBatch) -> pa.Table:
    return pa.Table.from_batches([rows]) if isinstance(rows, pa.RecordBatch) else rows


def _records(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    records = list(rows)
    found = [row if row.get("lt_id") else {**row, "lt_id": _id(row)} for row in records]
    return _signed(_stated(found, _SAID), [_generated(row) for row in records])


def _stated(rows: Sequence[Mapping[str, Any]], names: Iterable[str]) -> pa.Table:
    wanted = frozenset(names)
    try:
        return pa.Table.from_pylist([{name: row[name] for name in wanted.intersection(row)} for row in rows], schema=TAKEN)
    except (pa.ArrowException, OverflowError, TypeError, ValueError) as error:
        raise _wrong(error) from None


def _generated(row: Mapping[str, Any]) -> str | None:
    """Return the text of a document that a model had a hand in, None for any other."""
    return None if row.get("lt_origin") in (None, Origin.HUMAN, Origin.UNKNOWN) else text_in(row)


def _signed(table: pa.Table, texts: list[str | None]) -> pa.Table:
    if not any(texts):
        return table
    from longtail.ledger.signatures import signature_table  # compiles

    made = signature_table(table.column("lt_id"), texts)
    for name in ("text_hash", "signature"):
        table = table.set_column(table.schema.get_field_index(name), TAKEN.field(name), made.column(name).cast(TAKEN.field(name).type))
    return table


def _id(row: Mapping[str, Any]) -> str:
    try:
        return identity(content_of(row))
    except Unfit as unfit:
        raise LedgerError(f"a row for the ledger has no lt_id and {unfit}; give it one of them") from None


def _column(table: pa.Table, field: pa.Field) -> pa.ChunkedArray:
    if field.name not in table.schema.names:
        return pa.chunked_array([pa.nulls(table.num_rows, field.type)])
    try:
        return table.column(field.name).cast(field.type)
    except (pa.ArrowException, OverflowError, ValueError) as error:
        raise _wrong(error) from None


def _wrong(error: Exception) -> LedgerError:
    said = (str(error).splitlines() or [""])[0][:200]
    return LedgerError(f"rows for the ledger hold a value of the wrong type: {said}; mend it and add them again")


def _check(rows: pa.Table) -> None:
    ids = rows.column("lt_id")
    absent = ids.null_count + (pc.sum(pc.equal(pc.binary_length(ids), 0)).as_py() or 0)
    if absent:
        raise LedgerError(f"{absent} rows for the ledger have no lt_id; tag them first: longtail tag DATA -o OUT")
    for name, known in (("lt_origin", _ORIGINS), ("lt_evidence", _EVIDENCE)):
        for value in rows.column(name).unique().to_pylist():
            if value is not None and value not in known:
                raise LedgerError(f"{name} is {value!r}; known: {', '.join(sorted(known))}")
    for name in ("lt_depth", "lt_weight"):
        for value in rows.column(name).filter(_unfit(rows.column(name)))[:1].to_pylist():
            raise LedgerError(f"{name} is {value!r}; give a number from 0, or leave it out where it is not known")


def _unfit(numbers: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.fill_null(pc.invert(pc.and_(pc.greater_equal(numbers, 0), pc.is_finite(numbers))), False)


def facts_of(rows: pa.Table) -> pa.Table:
    """Return the narrow facts."""
    return rows.select([field.name for field in _FACTS])


def parents_of(rows: pa.Table) -> pa.Table:
    """Return a row for each parent of each document."""
    lists = rows.column("lt_parents").combine_chunks()
    ids = rows.column("lt_id").combine_chunks().take(pc.list_parent_indices(lists))
    parents = pc.list_flatten(lists)
    return pa.table({"lt_id": ids, "parent": parents}).filter(pc.is_valid(parents))


def signatures_of(rows: pa.Table) -> pa.Table:
    """Return the signatures of the documents that have one, or have a hash at least."""
    return rows.select(["lt_id", "text_hash", "signature"]).filter(pc.is_valid(rows.column("text_hash")))
