"""A mix from what a ledger knows: which files to draw from, and the training set as a node of the lineage."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from longtail.errors import ReadError, UsageError
from longtail.ledger.manifest import MANIFEST, Manifest
from longtail.ledger.node import Edge, Node
from longtail.ledger.store import Ledger
from longtail.ledger.store.lookup import Lookup
from longtail.policies.mixing.asked import Asked, Mixed
from longtail.policies.mixing.making import mixture
from longtail.records import OnProgress

_KNOWN = ("lt_origin", "lt_evidence", "lt_model", "lt_depth", "lt_decoding")


def kept(
    folder: str,
    asked: Asked,
    data: Sequence[str],
    fresh: Sequence[str],
    *,
    output: str | None,
    on_progress: OnProgress | None = None,
    **places: Any,
) -> Mixed:
    """Return what comes of a mix whose rows a ledger knows; what was written is recorded in it.

    Args:
        folder: The ledger.
        asked: The settings.
        data: Files, folders and globs; where none is named, the data sets that the ledger knows.
        fresh: Newly collected documents.
        output: Where to write; None for a dry run.
        on_progress: Called now and then.
        **places: The other arguments of `mixture`.

    Raises:
        LedgerError: The ledger cannot be read or written.
        ReadError, UsageError, ConfigError: As `mixture`.
    """
    with Ledger.open(folder) as ledger:
        names = list(data) or files_of(ledger)
        name = None if output is None else name_of(ledger, output)
        known = Lookup(ledger, _KNOWN)
        mixed = mixture(asked, names, fresh, output=output, current=known, on_progress=on_progress, **places)
        if name is not None and mixed.written:
            record(ledger, name, mixed.manifest, [*names, *fresh])
    return mixed


def files_of(ledger: Ledger) -> list[str]:
    """Return the files of the data sets that a ledger knows, training sets that were mixed aside.

    Raises:
        UsageError: It knows none.
        ReadError: One is not where it was.
    """
    found = [path for node in _datasets(ledger) for path in node.facts["path"].split(", ")]
    if not found:
        raise UsageError(f"the ledger {ledger.place.address!r} knows no data set to draw from; add some: longtail ledger add DIR DATA")
    for path in found:
        if not os.path.exists(path):
            raise ReadError(path, "is not where the ledger says", fix="run from the folder it was added from, or name the files")
    return found


def _datasets(ledger: Ledger) -> list[Node]:
    """Return the data sets that may be drawn from: not training sets, and in place of what gates judged what they kept."""
    found = [node for node in ledger.graph() if node.kind == "dataset" and "path" in node.facts and MANIFEST not in node.facts]
    judged = {edge.node for node in found for edge in node.parents if edge.role == "filtered_from"}
    return [node for node in found if node.name not in judged]


def name_of(ledger: Ledger, output: str) -> str:
    """Return the name of the training set in the lineage: that of its file.

    Raises:
        UsageError: Another training set has it.
    """
    name = Path(output).name.partition(".")[0]
    graph = ledger.graph()
    if name in graph and graph[name].kind != "unknown":
        raise UsageError(f"{name!r} is in the lineage of the ledger already; give the output another name")
    return name


def record(ledger: Ledger, name: str, manifest: Manifest, data: Sequence[str]) -> Node:
    """Add a training set to the lineage, with its manifest.

    Args:
        ledger: Where to.
        name: Of the training set.
        manifest: What it is made of.
        data: Files that it was drawn from.
    """
    drawn = {os.path.abspath(path) for path in data}
    parents = [node.name for node in _datasets(ledger) if drawn & {os.path.abspath(path) for path in node.facts["path"].split(", ")}]
    node = Node(
        name=name,
        kind="dataset",
        sha256=manifest.sha256,
        rows=manifest.rows,
        origins=manifest.origins,
        depths=manifest.depths,
        facts={"path": manifest.output or "", MANIFEST: msgspec.json.encode(manifest).decode()},
        parents=tuple(Edge(node=parent, role="mixed_from") for parent in parents),
        time=manifest.created_at,
    )
    ledger.record(node)
    return node
