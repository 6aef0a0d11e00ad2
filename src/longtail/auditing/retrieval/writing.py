"""What an audit of a store hands on: its documents as a data set, and the list of what would better be set aside."""

from collections.abc import Iterable
from datetime import UTC, datetime
from os import fspath
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from longtail.atomic import replaced
from longtail.errors import UsageError
from longtail.readers.stores import Store

_SCHEMA = pa.schema([
    ("text", pa.string()), ("lt_id", pa.string()), ("lt_origin", pa.string()), ("lt_depth", pa.int16()), ("lt_model", pa.string()),
    ("lt_time", pa.timestamp("us", "UTC")),
])  # fmt: skip


def table_of(store: Store) -> pa.Table:
    """Return the documents that a store serves as a table with provenance columns; what it does not say is null."""
    rows: Iterable[dict[str, Any]] = (
        {
            "text": item.text,
            "lt_id": item.id,
            "lt_origin": item.origin.value if item.origin.value != "unknown" else None,
            "lt_depth": item.depth,
            "lt_model": item.model or None,
            "lt_time": datetime.fromtimestamp(item.time, UTC) if item.time is not None else None,
        }
        for item in store.items
        if not item.quarantined
    )
    return pa.Table.from_pylist(list(rows), schema=_SCHEMA)


def write_quarantine(path: str | Path, reasons: Iterable[tuple[str, tuple[str, ...]]]) -> int:
    """Write ids with the reasons why they would better be set aside, as JSON Lines; nothing is deleted. Return how many.

    Raises:
        UsageError: The file cannot be written.
    """
    many = 0
    try:
        with replaced(Path(path)) as draft, draft.open("wb") as stream:
            for identity, why in reasons:
                stream.write(msgspec.json.encode({"id": identity, "reasons": why}) + b"\n")
                many += 1
    except OSError as error:
        fix = "name a folder that exists and may be written to"
        raise UsageError(f"cannot write {fspath(path)!r}: {error.strerror or error}; {fix}") from error
    return many
