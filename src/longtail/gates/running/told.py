"""How a run is told: its recipe in full, its key, and the verdicts as a ledger keeps them."""

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from importlib.metadata import version
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from longtail.gates.gate import Gate
from longtail.gates.running.documents import Documents
from longtail.gates.verdicts import STATUSES

MOMENT = "gate"
VERDICTS = pa.schema(
    [
        ("lt_id", pa.string()),
        ("moment", pa.string()),
        ("name", pa.string()),
        ("version", pa.string()),
        ("status", pa.string()),
        ("score", pa.float64()),
        ("reason", pa.string()),
        ("matched_id", pa.string()),
        ("time", pa.timestamp("us", tz="UTC")),
        ("document", pa.int64()),
    ]
)
"""The verdicts of a ledger, with the number of the document in the data set."""


def recipe_of(gate: Gate) -> dict[str, Any]:
    """Return the gates with their settings, as a recipe writes them."""
    stages = [{"name": stage.name, **{name: _plain(value) for name, value in stage.settings.items()}} for stage in gate.stages]
    return {"unsure": gate.unsure, "spare": list(gate.spare), "gate": stages}


def key_of(recipe: Mapping[str, Any], sha256: str | None, further: Sequence[str | None]) -> str:
    """Return the hash of a run: of its recipe, of the files that the recipe names, of its data and of the version."""
    named = [[name, *_state(name)] for name in _paths(recipe)]
    whole = [version("longtail"), recipe, sha256, list(further), named]
    return hashlib.sha256(msgspec.json.encode(whole, order="sorted")).hexdigest()


def verdicts_of(rows: pa.Table, documents: Documents, stages: Sequence[str], moment: datetime) -> pa.Table:
    """Return what the stages said, in the order of documents and stages, as columns of `VERDICTS`."""
    ordered = rows.sort_by([("document", "ascending"), ("stage", "ascending")])
    number = ordered.column("document").to_numpy()
    ids = np.full(documents.count, None, dtype=object)
    for batch in documents.batches():
        ids[batch.positions] = np.array(batch.ids.to_pylist(), dtype=object)
    many = ordered.num_rows
    columns = [
        pa.array(ids[number], pa.string()),
        pa.repeat(pa.scalar(MOMENT), many),
        pc.take(pa.array(stages, pa.string()), ordered.column("stage")),
        pa.repeat(pa.scalar(version("longtail")), many),
        pc.take(pa.array(STATUSES, pa.string()), ordered.column("decision")),
        ordered.column("score"),
        ordered.column("reason").cast(pa.string()),
        ordered.column("matched_id"),
        pa.repeat(pa.scalar(moment, pa.timestamp("us", tz="UTC")), many),
        ordered.column("document"),
    ]
    return pa.table(columns, schema=VERDICTS)


def _plain(value: Any) -> Any:
    """Return a setting in a form that can be written; a function by its name."""
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if isinstance(value, str | int | float | bool) or value is None else getattr(value, "__qualname__", type(value).__name__)


def _paths(value: Any) -> Iterator[str]:
    """Yield the settings that are the names of files."""
    if isinstance(value, Mapping):
        for each in value.values():
            yield from _paths(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _paths(each)
    elif isinstance(value, str) and "\0" not in value and os.path.exists(value):
        yield value


def _state(path: str) -> tuple[int, int]:
    state = os.stat(path)
    return state.st_size, state.st_mtime_ns
