"""Nodes of the lineage graph by expressions such as `+final`, `2+mix+1`, `kind:checkpoint` or `g*`.

The syntax is that of dbt (dbt Labs, "Node selection syntax": names, graph operators, methods): blanks unite, commas intersect.
"""

import re
from fnmatch import fnmatchcase

from longtail.errors import UnknownName, UsageError
from longtail.ledger.graph import Graph
from longtail.ledger.node import KINDS

_TERM = re.compile(r"(?:(?P<up>\d*)\+)?(?P<core>[^+]+)(?:\+(?P<down>\d*))?")
_KIND = "kind:"


def select(graph: Graph, expression: str) -> tuple[str, ...]:
    """Return the names of the nodes that an expression selects, in topological order.

    Args:
        graph: The lineage graph.
        expression: Terms apart by blanks, which are united, or by commas, which are intersected. A term is a name, a pattern
            with `*`, `?` or `[…]`, or `kind:` with a kind; before it `+` for all ancestors or `2+` for two steps of them,
            after it `+` or `+1` for descendants.

    Raises:
        UnknownName: A term names no node or kind; the message holds the nearest name.
        UsageError: The expression is empty, or a term is not one.
    """
    united = expression.split()
    if not united:
        raise UsageError(f"selection {expression!r} names no node; write a name, such as +NAME for it and all it was made from")
    chosen = {name for terms in united for name in _shared(graph, terms, expression)}
    return tuple(name for name in graph.names if name in chosen)


def _shared(graph: Graph, terms: str, expression: str) -> set[str]:
    return set.intersection(*(_chosen(graph, term, expression) for term in terms.split(",")))


def _chosen(graph: Graph, term: str, expression: str) -> set[str]:
    parts = _TERM.fullmatch(term)
    if parts is None:
        raise UsageError(f"selection {expression!r}: {term!r} is no term; write NAME, +NAME, NAME+, 2+NAME+1, kind:KIND or a pattern")
    core = _matched(graph, parts["core"])
    up, down = parts["up"], parts["down"]
    above = set() if up is None else {near for name in core for near in graph.ancestors(name, int(up) if up else None)}
    below = set() if down is None else {near for name in core for near in graph.descendants(name, int(down) if down else None)}
    return core | above | below


def _matched(graph: Graph, core: str) -> set[str]:
    if core.startswith(_KIND):
        kind = core.removeprefix(_KIND)
        if kind not in KINDS:
            raise UnknownName("kind of node", kind, KINDS)
        return {node.name for node in graph if node.kind == kind}
    if re.search(r"[*?\[]", core):
        found = {name for name in graph.names if fnmatchcase(name, core)}
        if not found:
            raise UnknownName("node that matches", core, graph.names)
        return found
    return {graph[core].name}
