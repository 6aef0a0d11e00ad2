"""The command `longtail ledger lineage`."""

from typing import Any

import click

from longtail.cli.ledger.options import as_json, at_state, echo_json, in_ledger
from longtail.cli.options import quietly
from longtail.ledger.graph import Graph
from longtail.ledger.node import Node
from longtail.ledger.selection import select
from longtail.ledger.store import Ledger


@click.command("lineage", short_help="What was made from what.")
@in_ledger
@click.argument("selection", nargs=-1)
@at_state
@as_json
@quietly
def command(folder: str, selection: tuple[str, ...], **given: Any) -> None:
    r"""Show the lineage graph of the ledger in DIR, parents first. Stretches that were never recorded are nodes of kind unknown.

    \b
    Examples:
      longtail ledger lineage ledger
      longtail ledger lineage ledger +g3        what g3 was made from
      longtail ledger lineage ledger m1+        what was made from m1
      longtail ledger lineage ledger +m2,kind:dataset   data sets that m2 learned from
    """
    with Ledger.open(folder, given["at"]) as ledger:
        graph = ledger.graph()
    names = select(graph, " ".join(selection)) if selection else graph.names
    if given["as_json"]:
        echo_json(
            [{"node": graph[name], "depth": graph.depth_of(name), "unknown_upstream": graph.unknown_upstream(name)} for name in names]
        )
        return
    if not names:
        click.echo("no nodes yet; longtail ledger add records data sets and checkpoints")
    for name in names:
        click.echo(_line(graph, graph[name]))
    for conflict in graph.conflicts:
        click.echo(f"conflict: {conflict}", err=True)


def _row(graph: Graph, name: str) -> dict[str, Any]:
    return {"node": graph[name], "depth": graph.depth_of(name), "unknown_upstream": graph.unknown_upstream(name)}


def _line(graph: Graph, node: Node) -> str:
    depth = graph.depth_of(node.name)
    parts = [f"{node.name}  {node.kind}"]
    if node.kind == "unknown":
        parts.append("never recorded")
    else:
        parts.append("depth unknown" if depth is None else f"depth {depth}")
    if node.rows is not None:
        parts.append(f"{node.rows:,} rows ({', '.join(f'{count:,} {name}' for name, count in node.origins.items())})")
    if node.parents:
        parts.append("← " + ", ".join(f"{edge.node} ({edge.role.replace('_', ' ')})" for edge in node.parents))
    return "  ".join(parts)
