"""Adding a tagged data set to a ledger: its statements, signatures of what models wrote, and its node in the lineage graph."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from longtail.errors import UsageError
from longtail.ledger.chunks import Chunk
from longtail.ledger.facts import BY_MODELS
from longtail.ledger.node import Edge, Kind, Node, check_name
from longtail.ledger.statements import Statements
from longtail.ledger.store.current import current
from longtail.ledger.store.ledger import Ledger
from longtail.ledger.store.reading import quoted
from longtail.ledger.stored import Stored
from longtail.readers import read
from longtail.readers.columns import text_in
from longtail.readers.quarantine import Quarantine, Unfit
from longtail.records import OnProgress, Progress, Quarantined, Record

_BY_MODELS = pa.array([origin.value for origin in BY_MODELS])


class Added(Record, frozen=True):
    """What came of adding a data set.

    Args:
        node: Its node in the lineage graph.
        version: Commit of facts that holds the last of its rows.
        signed: Documents that are recognised from now on.
        computed: Documents whose id was computed from their content.
        untold: Documents that state no origin.
        not_origins: Values that are no origin, with their documents.
        duplicates: Documents beyond the first of each id.
        contradicted: Ids of which the ledger holds unlike known origins, from this data set or others.
        quarantined: Documents that were set aside, and the first thousand of them.
        notes: What else was noticed.
    """

    node: Node
    version: int
    signed: int
    computed: int
    untold: int
    not_origins: dict[str, int]
    duplicates: int
    contradicted: int
    quarantined: int
    quarantine: tuple[Quarantined, ...]
    notes: tuple[str, ...]


def add_data(
    ledger: Ledger,
    data: Sequence[str],
    name: str | None = None,
    parents: Iterable[Edge] = (),
    facts: dict[str, str] | None = None,
    text_column: str | None = None,
    on_progress: OnProgress | None = None,
) -> Added:
    """Add a tagged data set.

    Args:
        ledger: Where to.
        data: Files, folders and globs, which are one data set.
        name: Of the data set; by default the name of the first file without its suffixes.
        parents: What it was made from.
        facts: What else is known of it.
        text_column: The content column, where it is none of those recognised.
        on_progress: Called as documents are read.

    Raises:
        ReadError: A file cannot be read.
        UsageError: The same data are there under that name, or others are.
    """
    label = name or Path(data[0].rstrip("/")).name.partition(".")[0]
    check_name(label, "dataset")
    reading = read(list(data), text_column, texts_only=True)
    sha256 = reading.sha256
    begun = _begun(ledger, label, sha256)
    quarantine = Quarantine()
    reader = Statements(text_column=text_column, quarantine=quarantine)
    tally, signed = reader.tally, 0
    origins: Counter[str] = Counter()
    depths: Counter[str] = Counter()
    for chunk in Stored(data).chunks(None, quarantine):
        batch, sound = reader.of(chunk)
        ledger.add(batch, label)
        signed += _sign(ledger, chunk.take(np.flatnonzero(sound).tolist()), batch, text_column)
        origins.update(batch.column("lt_origin").to_pylist())
        depths.update("unknown" if depth is None else str(depth) for depth in batch.column("lt_depth").to_pylist())
        if on_progress is not None:
            on_progress(Progress(stage="adding", done=tally.documents))
    node = Node(
        name=label,
        kind="dataset",
        sha256=sha256,
        rows=tally.documents,
        origins=dict(sorted(origins.items())),
        depths=dict(sorted(depths.items())),
        facts={"path": ", ".join(data)} | (facts or {}),
        parents=tuple(parents),
        time=begun or _now(),
    )
    ledger.record(node)
    receipt = ledger.flush()  # last, so that the state of this commit holds the node
    distinct, contradicted = _held(ledger, label)
    return Added(
        node=node,
        version=ledger.table("rows").version,
        signed=signed,
        computed=tally.computed,
        untold=tally.untold,
        not_origins=dict(tally.not_origins),
        duplicates=tally.documents - distinct,
        contradicted=contradicted,
        quarantined=quarantine.count,
        quarantine=quarantine.kept,
        notes=receipt.notes,
    )


def add_node(
    ledger: Ledger, name: str, kind: Kind, parents: Iterable[Edge] = (), facts: dict[str, str] | None = None, sha256: str | None = None
) -> Node:
    """Add a node that holds no documents, such as a checkpoint or a run."""
    node = Node(name=name, kind=kind, sha256=sha256, facts=facts or {}, parents=tuple(parents), time=_now())
    ledger.record(node)
    ledger.flush()
    return node


def _begun(ledger: Ledger, name: str, sha256: str | None) -> str | None:
    """Refuse data that are there; those of which a writer that was killed recorded the node and not all rows are added again.

    Returns:
        When that writer recorded the node, so that it is the same node again; None where there was none.

    Raises:
        UsageError: The same data are there under that name, or others are.
    """
    graph = ledger.graph()
    if name not in graph or graph[name].kind == "unknown":
        return None
    if graph[name].sha256 != sha256:
        raise UsageError(f"{name!r} is in the ledger with other content; give this data set another name with --name")
    if _rows_of(ledger, name) >= (graph[name].rows or 0):
        raise UsageError(f"{name!r} is in the ledger with the same content; nothing was added")
    return graph[name].time


def _rows_of(ledger: Ledger, name: str) -> int:
    counts = ledger.query(lambda tables: f"SELECT count(*) FROM {tables['rows']} WHERE dataset = {quoted(name)}", "rows")
    return sum(sum(batch.column(0).to_pylist()) for batch in counts)


def _held(ledger: Ledger, name: str) -> tuple[int, int]:
    """Return how many ids a data set has, and of how many of them unlike known origins were stated."""
    counted = "SELECT count(*), count(*) FILTER (origins > 1) FROM ({})"
    part = "(SELECT * FROM {0} WHERE lt_id IN (SELECT lt_id FROM {0} WHERE dataset = {1}))"
    (batch,) = ledger.query(
        lambda tables: counted.format(current(part.format(tables["rows"], quoted(name)), None, ("lt_id", "origins"))), "rows"
    )
    distinct, contradicted = (column[0].as_py() for column in batch.columns)
    return int(distinct), int(contradicted)


def _sign(ledger: Ledger, chunk: Chunk, batch: pa.RecordBatch, text_column: str | None) -> int:
    """Commit signatures of the documents of a chunk that a model had a hand in; return how many have a text to know them by."""
    by_models = np.flatnonzero(pc.is_in(batch.column("lt_origin"), _BY_MODELS).to_numpy(zero_copy_only=False))
    if not len(by_models):
        return 0
    records = chunk.take(by_models.tolist()).records
    texts = [None if isinstance(record, Unfit) else text_in(record, text_column) for record in records]
    ledger.sign(batch.column("lt_id").take(pa.array(by_models)), texts)
    return sum(bool(text) for text in texts)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
