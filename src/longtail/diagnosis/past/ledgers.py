"""Ledgers of longtail: the lineage they keep, and what its data sets say of their documents."""

import os
from collections.abc import Iterable
from dataclasses import replace

from longtail.diagnosis.past.contents import shares_of
from longtail.diagnosis.past.labels import label_of
from longtail.diagnosis.past.manifests import manifest_in, told_of
from longtail.diagnosis.past.told import RECORDS, Found, Told
from longtail.diagnosis.past.walk import files_in
from longtail.errors import LongtailError
from longtail.ledger.graph import Graph
from longtail.ledger.manifest import MANIFEST
from longtail.ledger.node import MISSING, Node
from longtail.records import Origin


@RECORDS.add("ledger", trust="2", source="longtail.ledger.graph")
def read(folder: str) -> Found:
    """Checkpoints and training sets of the ledgers in a folder."""
    told: list[Told] = []
    damaged: list[str] = []
    heads = [path for path in files_in(folder, lambda name: os.path.basename(name) == "ledger.json")]
    for path in heads:
        try:
            told += opened(os.path.join(folder, os.path.dirname(path)), os.path.dirname(path) or ".")
        except LongtailError as error:
            damaged.append(f"{path} ({str(error)[:120]})")
    reason = "" if told else "the lineage of the ledger is empty" if heads else "no ledger in the folder"
    return Found(tuple(told), reason, tuple(damaged))


def opened(address: str, named: str) -> tuple[Told, ...]:
    """Return what the lineage of one ledger says.

    Args:
        address: Where it lies.
        named: What it is called in what is told.

    Raises:
        LedgerError: There is none, or it cannot be read.
    """
    from longtail.ledger.store import Ledger

    with Ledger.open(address) as ledger:
        return tuple(versions_in(ledger.graph(), f"ledger {named}"))


def versions_in(graph: Graph, source: str) -> Iterable[Told]:
    """Yield the versions of a lineage in its order: its checkpoints, else its training sets with a manifest, else all its data sets.

    Checkpoints that are named and were never recorded are holes. A checkpoint says of its training set what the data sets say that
    it was trained on.

    Args:
        graph: The lineage.
        source: What tells.
    """
    chosen = _chosen(graph)
    for rank, node in enumerate(node for node in graph if node.name in chosen):
        if node.kind == "unknown":
            yield Told("ledger", source, name=node.name.removeprefix(MISSING), rank=rank, is_gone=True)
        else:
            yield _checkpoint(graph, node, source, rank) if node.kind == "checkpoint" else _set(node, source, rank)


def _chosen(graph: Graph) -> set[str]:
    """Return the names of the nodes that are versions."""
    nodes = list(graph)
    checkpoints = {node.name for node in nodes if node.kind == "checkpoint"}
    made = {node.name for node in nodes if MANIFEST in node.facts}
    trained = {name for checkpoint in checkpoints for name in _sets(graph, graph[checkpoint])}
    missing = {name for name in graph.untraced() if graph[name].kind == "unknown"}
    rest = {node.name for node in nodes if node.kind == "dataset"}
    return (checkpoints | (made - trained) or rest) | missing


def _sets(graph: Graph, node: Node) -> tuple[str, ...]:
    return tuple(edge.node for edge in graph.made_from(node.name) if edge.role == "trained_on" and not edge.node.startswith(MISSING))


def _checkpoint(graph: Graph, node: Node, source: str, rank: int) -> Told:
    sets = [graph[name] for name in _sets(graph, node)]
    counts = [each.rows for each in sets if each.rows is not None]
    rows = sum(counts) if sets and len(counts) == len(sets) else None
    made = Told(
        kind="ledger",
        source=f"{source}: {node.name}",
        name=node.name,
        rank=rank,
        time=node.time,
        rows=rows,
        shares=_joined([each.origins for each in sets], rows, Origin.UNKNOWN),
        depths=_joined([each.depths for each in sets], rows, "unknown"),
        parents=tuple(edge.node.removeprefix(MISSING) for edge in graph.made_from(node.name) if not edge.node.endswith(":trained_on")),
    )
    if len(sets) != 1:
        return made
    one = _set(sets[0], source, rank)
    return replace(made, number=one.number, sha256=one.sha256, previous=one.previous, manifest=one.manifest)


def _joined(counts: list[dict[str, int]], rows: int | None, rest: str) -> dict[str, float]:
    names = {name for each in counts for name in each}
    return shares_of({name: sum(each.get(name, 0) for each in counts) for name in names}, rows or 0, rest)


def _set(node: Node, source: str, rank: int) -> Told:
    manifest = manifest_in(node.facts.get(MANIFEST, "").encode())
    said = told_of(manifest, "", node.facts.get("path", "")) if manifest else None
    rows = node.rows if node.rows is not None else said.rows if said else None
    label = label_of(node.name)
    return Told(
        kind="ledger",
        source=f"{source}: {node.name}",
        name=node.name if label or not said else said.name,
        number=said.number if said else None,
        rank=rank,
        time=node.time,
        sha256=node.sha256,
        rows=rows,
        shares=_joined([node.origins], rows, Origin.UNKNOWN),
        depths=_joined([node.depths], rows, "unknown"),
        parents=tuple(edge.node.removeprefix(MISSING) for edge in node.parents),
        previous=said.previous if said else None,
        manifest=manifest,
    )
