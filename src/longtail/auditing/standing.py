"""The lineage graph as a panel of the report: nodes with rows, origins and hashes, edges, and which of them close the loop."""

from collections.abc import Sequence
from typing import Any

from longtail.auditing.composition import kinds
from longtail.ledger.graph import Graph
from longtail.ledger.manifest import Manifest
from longtail.ledger.node import Edge, Node
from longtail.ledger.structure import flowing
from longtail.records import Origin

MOST_NODES = 60
_DATA = ("dataset", "sample")
_REAL = "real data"
_OWNER = ("owner", "creator", "creators")


def graph_panel(graph: Graph) -> dict[str, Any]:
    """Return the newest nodes of a lineage graph, and the edges between them.

    An edge is one of the loop where what a model wrote goes on into what a model is trained on.
    """
    shown = list(graph)[-MOST_NODES:]
    names = {node.name for node in shown}
    return {
        "nodes": [_node(node) for node in shown],
        "edges": [_edge_of(graph, edge, node) for node in shown for edge in flowing(node) if edge.node in names],
        "hidden": len(graph) - len(shown),
        "source": "ledger",
    }


def _edge_of(graph: Graph, edge: Edge, node: Node) -> dict[str, Any]:
    wrote = graph[edge.node].kind in _DATA and _has_checkpoint(graph, graph.ancestors(edge.node))
    trains = node.kind == "checkpoint" or _has_checkpoint(graph, graph.descendants(node.name))
    return _edge(edge.node, node.name, edge.role, wrote and trains)


def _has_checkpoint(graph: Graph, names: Sequence[str]) -> bool:
    return any(graph[name].kind == "checkpoint" for name in names)


def _node(node: Node) -> dict[str, Any]:
    unstated = max(0, (node.rows or 0) - sum(node.origins.values()))
    origins = node.origins | {Origin.UNKNOWN.value: node.origins.get(Origin.UNKNOWN.value, 0) + unstated}
    counted = kinds(origins) if node.origins else {}
    return {
        "name": node.name,
        "kind": node.kind,
        "rows": node.rows,
        "origins": {kind: counted[kind] for kind in ("human", "synthetic", "unknown")} if counted else {},
        "sha256": node.sha256,
        "owner": next((node.facts[name] for name in _OWNER if node.facts.get(name)), None),
    }


def _edge(source: str, target: str, role: str, loops: bool) -> dict[str, Any]:
    return {"source": source, "target": target, "role": role, "loops": loops}


def graph_panel_of(manifests: Sequence[Manifest]) -> dict[str, Any]:
    """Return the lineage that manifests tell of: the real rows, the training sets, and the models between them.

    Where a manifest names the generations of its model output, an edge leads from each of those models, else from the model
    before; a model before that no manifest tells of is a stretch that is unknown.
    """
    told = sorted(manifests, key=lambda manifest: manifest.generation)[-MOST_NODES // 3 :]
    nodes, edges = {}, []
    for manifest in told:
        name, model = f"training set {manifest.generation}", f"model {manifest.generation}"
        nodes[name] = _of_manifest(name, manifest)
        nodes[model] = _bare(model, "checkpoint")
        sources = _from(manifest)
        for source in sources:
            nodes.setdefault(source, _bare(source, "dataset" if source == _REAL else "unknown"))
        edges += [_edge(source, name, "mixed_from", source != _REAL) for source in sources]
        edges.append(_edge(name, model, "trained_on", any(source != _REAL for source in sources)))
    return {"nodes": list(nodes.values()), "edges": edges, "hidden": 0, "source": "manifests"}


def _from(manifest: Manifest) -> list[str]:
    """Return what a training set was drawn from."""
    human = manifest.count(Origin.HUMAN) or manifest.original
    made = manifest.rows - manifest.count(Origin.HUMAN) - manifest.count(Origin.UNKNOWN)
    stated = [part.generation for part in manifest.parts if part.kind == "synthetic" and part.realised and part.generation]
    before = stated or ([manifest.generation - 1] if made > 0 and manifest.generation > 1 else [])
    return [*([_REAL] if human else []), *(f"model {generation}" for generation in sorted(set(before)))]


def _bare(name: str, kind: str) -> dict[str, Any]:
    return {"name": name, "kind": kind, "rows": None, "origins": {}, "sha256": None, "owner": None}


def _of_manifest(name: str, manifest: Manifest) -> dict[str, Any]:
    counted = kinds(manifest.origins | {Origin.UNKNOWN.value: manifest.count(Origin.UNKNOWN)})
    origins = {kind: counted[kind] for kind in ("human", "synthetic", "unknown")}
    return _bare(name, "dataset") | {"rows": manifest.rows, "origins": origins, "sha256": manifest.sha256}
