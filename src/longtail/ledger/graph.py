"""The lineage graph: which data set, checkpoint, run or sample was made from which, its holes included.

What is named as a parent and was never recorded is a node of kind "unknown" of its own, so that a hole is seen and not
guessed over. Nothing here knows where the nodes are stored.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, reduce

from longtail.errors import UnknownName
from longtail.ledger.columns import deeper
from longtail.ledger.merging import Conflict, merged
from longtail.ledger.node import Edge, Node
from longtail.ledger.structure import effective, flowing, ordered, with_holes

_MODELS = frozenset({"generated_by", "initialised_from"})


class Graph:
    """Nodes by name, in topological order: parents before what was made from them, else by name.

    Args:
        records: Nodes in any order; several of one name become one, and what they disagree in is in `conflicts`.

    Raises:
        UsageError: A node was made from itself, if only through others; the circle is named.
    """

    def __init__(self, records: Iterable[Node]) -> None:
        stated: defaultdict[str, list[Node]] = defaultdict(list)
        for record in records:
            stated[record.name].append(record)
        self.conflicts: tuple[Conflict, ...] = ()
        nodes: dict[str, Node] = {}
        for name in sorted(stated):
            nodes[name], conflicts = merged(stated[name])
            self.conflicts += tuple(conflicts)
        nodes = with_holes(nodes)
        self._nodes = {name: nodes[name] for name in ordered(nodes)}

    def __getitem__(self, name: str) -> Node:
        """Return the node of that name, its parents as they stand in the graph.

        Raises:
            UnknownName: There is none; the message holds the nearest name.
        """
        try:
            return self._nodes[name]
        except KeyError:
            raise UnknownName("node", name, self._nodes) from None

    def __iter__(self) -> Iterator[Node]:
        """Iterate over the nodes in topological order."""
        return iter(self._nodes.values())

    def __len__(self) -> int:
        """Return the number of nodes, holes included."""
        return len(self._nodes)

    def __contains__(self, name: object) -> bool:
        """Tell whether a node of that name is in the graph."""
        return name in self._nodes

    @property
    def names(self) -> tuple[str, ...]:
        """Return all names in topological order."""
        return tuple(self._nodes)

    def ancestors(self, name: str, steps: int | None = None) -> tuple[str, ...]:
        """Return what a node was made from, through at most `steps` edges, in topological order.

        Raises:
            UnknownName: There is no such node.
        """
        return self._reached(name, self._up, steps)

    def descendants(self, name: str, steps: int | None = None) -> tuple[str, ...]:
        """Return what was made from a node, through at most `steps` edges, in topological order.

        Raises:
            UnknownName: There is no such node.
        """
        return self._reached(name, self._down, steps)

    def made_from(self, name: str) -> tuple[Edge, ...]:
        """Return what a node was made from, with what the runs that made it were made from in their place.

        Raises:
            UnknownName: There is no such node.
        """
        return effective(self[name], self._nodes)

    def depth_of(self, name: str) -> int | None:
        """Return how many models lie between people and what a node holds or, for a checkpoint, writes.

        Data sets that are human alone have 0, what a checkpoint writes 1 + the greatest depth it was trained on; None where
        a stretch upstream is unknown, or where documents are that state no depth.

        Raises:
            UnknownName: There is no such node.
        """
        return self._depths[self[name].name]

    def unknown_upstream(self, name: str) -> tuple[str, ...]:
        """Return the nodes of kind "unknown" that a node was made from, however far up, in topological order.

        Raises:
            UnknownName: There is no such node.
        """
        return tuple(sorted(self._holes[self[name].name], key=self._places.__getitem__))

    def untraced(self) -> tuple[str, ...]:
        """Return the models that something was made from and whose training data are unknown, in topological order.

        These are checkpoints with an unknown parent, and holes that were named as a model.
        """
        models = {edge.node for node in self for edge in node.parents if edge.role in _MODELS}
        return tuple(node.name for node in self if self._down[node.name] and self._is_untraced(node, node.name in models))

    def _is_untraced(self, node: Node, is_model: bool) -> bool:
        if node.kind == "checkpoint":
            return any(self._nodes[edge.node].kind == "unknown" for edge in effective(node, self._nodes))
        return node.kind == "unknown" and is_model

    @cached_property
    def _up(self) -> dict[str, set[str]]:
        return {node.name: {edge.node for edge in flowing(node)} for node in self}

    @cached_property
    def _down(self) -> dict[str, set[str]]:
        down: dict[str, set[str]] = {name: set() for name in self._nodes}
        for name, parents in self._up.items():
            for parent in parents:
                down[parent].add(name)
        return down

    @cached_property
    def _holes(self) -> dict[str, frozenset[str]]:
        holes: dict[str, frozenset[str]] = {}
        for name, parents in self._up.items():
            above = {holes[parent] | ({parent} if self._nodes[parent].kind == "unknown" else frozenset()) for parent in parents}
            holes[name] = next(iter(above)) if len(above) == 1 else frozenset().union(*above)
        return holes

    @cached_property
    def _depths(self) -> dict[str, int | None]:
        depths: dict[str, int | None] = {}
        for node in self:
            depths[node.name] = self._depth(node, depths)
        return depths

    def _depth(self, node: Node, above: Mapping[str, int | None]) -> int | None:
        edges = [edge for edge in self.made_from(node.name) if edge.role != "made_by" or self._nodes[edge.node].kind != "run"]
        roles = {edge.role for edge in edges}
        if node.kind == "unknown":
            return None
        if node.is_human and "generated_by" not in roles:
            return 0
        own = node.least_depth if edges and not node.depths else node.stated_depth
        return reduce(deeper, [_further(edge, above) for edge in edges], own)

    def _reached(self, name: str, step: Mapping[str, set[str]], steps: int | None) -> tuple[str, ...]:
        reached: set[str] = set()
        front = {self[name].name}
        while front and steps != 0:
            front = {near for known in front for near in step[known]} - reached
            reached |= front
            steps = None if steps is None else steps - 1
        return tuple(sorted(reached, key=self._places.__getitem__))

    @cached_property
    def _places(self) -> dict[str, int]:
        return {name: place for place, name in enumerate(self._nodes)}


def _further(edge: Edge, depths: Mapping[str, int | None]) -> int | None:
    depth = depths[edge.node]
    return depth if depth is None or edge.role != "trained_on" else depth + 1
