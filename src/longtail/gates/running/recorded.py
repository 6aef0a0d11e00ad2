"""A run of gates in a ledger: what the gates said of each document, and what they kept as a node of the lineage."""

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec
import pyarrow.parquet as pq

from longtail.errors import UsageError
from longtail.gates.running.result import Gated, Output
from longtail.ledger.node import Edge, Node
from longtail.ledger.store import Ledger
from longtail.ledger.store.lookup import Lookup
from longtail.ledger.stored import Stored

KNOWN = ("lt_origin",)
KEY, GATES = "gated", "gates"


def known(ledger: Ledger) -> Lookup:
    """Return what a ledger knows by now of documents, as far as gates ask."""
    return Lookup(ledger, KNOWN)


def check_name(ledger: Ledger, output: str | os.PathLike[str]) -> str:
    """Return the name of what a run keeps in the lineage: that of its folder.

    Raises:
        UsageError: Something else has it.
    """
    name = Path(output).resolve().name
    graph = ledger.graph()
    if name in graph and graph[name].kind != "unknown" and KEY not in graph[name].facts:
        raise UsageError(f"{name!r} is in the lineage of the ledger already; give the folder another name")
    return name


def record(ledger: Ledger, made: Gated, folder: str | os.PathLike[str], data: Sequence[str]) -> int:
    """Add a run to a ledger, once, and return how many verdicts were added.

    Args:
        ledger: Where to.
        made: What came of the run.
        folder: Where it lies.
        data: What was judged.

    Raises:
        UsageError: Another run has the name of its folder.
        LedgerError: It cannot be written.
    """
    name = check_name(ledger, folder)
    graph = ledger.graph()
    if name in graph and graph[name].facts.get(KEY) == made.key:
        return 0
    if name in graph and graph[name].kind != "unknown":
        raise UsageError(f"{name!r} is another run of gates in the lineage of the ledger; give the folder another name")
    rows = pq.read_table(Path(folder) / "verdicts.parquet").drop_columns(["document"]).to_pylist()
    ledger.judge(rows)
    ledger.record(_node(ledger, name, made, Path(folder), data))
    ledger.flush()
    return len(rows)


def _node(ledger: Ledger, name: str, made: Gated, folder: Path, data: Sequence[str]) -> Node:
    output = _kept(made)
    judged = {os.path.abspath(path) for path in Stored(data).paths}
    parents = [node.name for node in ledger.graph() if "path" in node.facts and _paths(node) <= judged]
    return Node(
        name=name,
        kind="dataset",
        sha256=output.sha256,
        rows=output.documents,
        origins=made.origins,
        facts={"path": os.path.relpath(folder / output.name), KEY: made.key, GATES: msgspec.json.encode(made.recipe).decode()},
        parents=tuple(Edge(node=parent, role="filtered_from") for parent in parents),
        time=made.created_at,
    )


def _kept(made: Gated) -> Output:
    return next(output for output in made.outputs if output.name.startswith("kept."))


def _paths(node: Node) -> set[str]:
    return {os.path.abspath(path) for path in node.facts["path"].split(", ")}
