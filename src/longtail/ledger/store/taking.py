"""What is taken in: rows with provenance columns, as one schema, and how they are laid into the tables."""

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from longtail.errors import LedgerError
from longtail.ledger.columns import content_of, identity
from longtail.ledger.signatures import signature_table
from longtail.ledger.store.tables import TABLES
from longtail.readers.columns import recognise, text_of
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
_ORIGINS, _EVIDENCE = frozenset(Origin), frozenset(Evidence)


def taken(rows: pa.Table | pa.RecordBatch | Iterable[Mapping[str, Any]], dataset: str | None, revision: int = 0) -> pa.RecordBatch:
    """Return rows in the schema of what is taken in; other columns than the provenance ones are left aside.

    Args:
        rows: Arrow data with `lt_id`, or records with `lt_id` or content to make it from.
        dataset: Name of the data set they are of; None where they say it themselves, or belong to none.
        revision: 0, or for corrections the number that supersedes what was said before.

    Raises:
        LedgerError: A row has no id, an origin or evidence that is none, or a value of the wrong type.
    """
    table = _arrow(rows) if isinstance(rows, pa.Table | pa.RecordBatch) else _records(rows)
    columns = {field.name: _column(table, field) for field in TAKEN}
    if dataset is not None:
        columns["dataset"] = pa.chunked_array([pa.repeat(pa.scalar(dataset), table.num_rows)])
    columns["revision"] = pc.fill_null(columns["revision"], revision)
    columns["lt_origin"] = pc.fill_null(columns["lt_origin"], Origin.UNKNOWN.value)
    made = pa.Table.from_pydict(columns, schema=TAKEN)
    _check(made)
    return made.combine_chunks().to_batches()[0] if made.num_rows else pa.RecordBatch.from_pylist([], schema=TAKEN)


def _arrow(rows: pa.Table | pa.RecordBatch) -> pa.Table:
    return pa.Table.from_batches([rows]) if isinstance(rows, pa.RecordBatch) else rows


def _records(rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    records = list(rows)
    names = frozenset(TAKEN.names)
    found = [{name: row[name] for name in names.intersection(row)} | ({} if row.get("lt_id") else {"lt_id": _id(row)}) for row in records]
    try:
        table = pa.Table.from_pylist(found, schema=TAKEN)
    except (pa.ArrowException, OverflowError, TypeError, ValueError) as error:
        raise _wrong(error) from None
    return _signed(table, [_generated(row) for row in records])


def _generated(row: Mapping[str, Any]) -> str | None:
    """Return the text of a document that a model had a hand in, None for any other."""
    if row.get("lt_origin") in (None, Origin.HUMAN, Origin.UNKNOWN):
        return None
    choice = recognise(row, None)
    try:
        return None if choice is None else text_of(row[choice.key], chat=choice.chat)
    except Unfit:
        return None


def _signed(table: pa.Table, texts: list[str | None]) -> pa.Table:
    if not any(texts):
        return table
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
    if rows.column("lt_id").null_count:
        raise LedgerError(f"{rows.column('lt_id').null_count} rows for the ledger have no lt_id; tag them first: longtail tag DATA -o OUT")
    for name, known in (("lt_origin", _ORIGINS), ("lt_evidence", _EVIDENCE)):
        for value in rows.column(name).unique().to_pylist():
            if value is not None and value not in known:
                raise LedgerError(f"{name} is {value!r}; known: {', '.join(sorted(known))}")


def facts_of(rows: pa.Table) -> pa.Table:
    """Return the narrow facts."""
    return rows.select([field.name for field in _FACTS])


def parents_of(rows: pa.Table) -> pa.Table:
    """Return a row for each parent of each document."""
    lists = rows.column("lt_parents").combine_chunks()
    ids = rows.column("lt_id").combine_chunks().take(pc.list_parent_indices(lists))
    return pa.table({"lt_id": ids, "parent": pc.list_flatten(lists)}).filter(pc.field("parent").is_valid())


def signatures_of(rows: pa.Table) -> pa.Table:
    """Return the signatures of the documents that have one, or have a hash at least."""
    return rows.select(["lt_id", "text_hash", "signature"]).filter(pc.field("text_hash").is_valid())
