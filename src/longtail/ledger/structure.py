"""How nodes hang together: runs seen through, holes given a name, circles refused, parents before children."""

from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter

import msgspec

from longtail.errors import UsageError
from longtail.ledger.merging import united
from longtail.ledger.node import MISSING, Edge, Node

_TRAINING = frozenset({"trained_on", "derived_from", "filtered_from", "mixed_from", "selected_from"})


def effective(node: Node, nodes: Mapping[str, Node]) -> tuple[Edge, ...]:
    """Return the edges along which a node was made, with those of the runs that made it in place of the runs that have any."""
    edges: list[Edge] = []
    waiting = list(flowing(node))
    while waiting:
        edge = waiting.pop()
        made_from = tuple(flowing(nodes[edge.node])) if edge.role == "made_by" and edge.node in nodes else ()
        waiting.extend(made_from)
        if not made_from:
            edges.append(edge)
    return united(edges)


def with_holes(recorded: dict[str, Node]) -> dict[str, Node]:
    """Return the nodes with one of kind "unknown" for every parent never recorded and all training data never named.

    Raises:
        UsageError: The lineage goes round in a circle.
    """
    nodes = {name: _named(node, recorded) for name, node in recorded.items()}
    ordered(nodes)
    nodes |= {name: _untraced(node, nodes) for name, node in nodes.items()}
    named = sorted({edge.node for node in nodes.values() for edge in node.parents} - set(nodes))
    return nodes | {name: Node(name=name, kind="unknown") for name in named}


def _named(node: Node, recorded: Mapping[str, Node]) -> Node:
    edges = [edge if edge.node in recorded else Edge(node=_hole(edge.node), role=edge.role) for edge in node.parents]
    return msgspec.structs.replace(node, parents=united(edges))


def _hole(name: str) -> str:
    return name if name.startswith(MISSING) else MISSING + name


def _untraced(node: Node, nodes: Mapping[str, Node]) -> Node:
    if node.kind != "checkpoint":
        return node
    edges = effective(node, nodes)
    if any(edge.role in _TRAINING or (edge.role == "made_by" and edge.node.startswith(MISSING)) for edge in edges):
        return node
    hole = Edge(node=f"{MISSING}{node.name}:trained_on", role="trained_on")
    return msgspec.structs.replace(node, parents=united([*node.parents, hole]))


def flowing(node: Node) -> Iterator[Edge]:
    """Return the edges along which something flows: all but evaluations."""
    return (edge for edge in node.parents if edge.role != "evaluated_on")


def ordered(nodes: Mapping[str, Node]) -> list[str]:
    """Return the names in topological order, those that stand beside each other by name.

    Raises:
        UsageError: The lineage goes round in a circle; it is named.
    """
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for name in sorted(nodes):
        sorter.add(name, *sorted({edge.node for edge in flowing(nodes[name])}))
    try:
        sorter.prepare()
    except CycleError as error:
        circle = " -> ".join(error.args[1])
        raise UsageError(f"the lineage goes round in a circle: {circle}; give each version of a node a name of its own") from None
    order: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        order += [name for name in ready if name in nodes]
        sorter.done(*ready)
    return order
