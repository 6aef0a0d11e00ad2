"""The command `longtail ledger add`."""

from collections.abc import Iterator
from typing import Any

import click
import msgspec

from longtail.cli.ledger.options import as_json, counted, echo_json, in_ledger
from longtail.cli.options import progress, quietly
from longtail.errors import UsageError
from longtail.ledger.adding import Added, add_data, add_node
from longtail.ledger.node import KINDS, ROLES, Edge, Node
from longtail.ledger.store import Ledger

_MADE = {"dataset": "generated_by", "sample": "generated_by", "checkpoint": "trained_on", "run": "derived_from", "unknown": "derived_from"}
_NAMED = 5


@click.command("add", short_help="Add a tagged data set, or a node of the lineage.")
@in_ledger
@click.argument("data", nargs=-1)
@click.option("--name", metavar="NAME", help="What it is called in the lineage.  [default: the file's name]")
@click.option("--kind", type=click.Choice(KINDS), default="dataset", show_default=True, help="What it is.")
@click.option(
    "--from",
    "parents",
    metavar="NODE[:ROLE]",
    multiple=True,
    help="What it was made from, and how: trained_on for a checkpoint, generated_by for a data set made by one. Repeatable.",
)
@click.option("--fact", "facts", metavar="KEY=VALUE", multiple=True, help="What else is known, such as revision=3f2c. Repeatable.")
@click.option("--sha256", metavar="HEX", help="Hash of a checkpoint's files.")
@click.option("--text-column", metavar="NAME", help="Column that holds the text, where it is not recognised.")
@as_json
@quietly
def command(folder: str, data: tuple[str, ...], **given: Any) -> None:
    r"""Add to the ledger in DIR the provenance of the tagged documents in DATA; or, without DATA, a node such as a checkpoint.

    \b
    Examples:
      longtail ledger add ledger human.jsonl --name g0
      longtail ledger add ledger --kind checkpoint --name m1 --from g0 --fact revision=3f2c
      longtail ledger add ledger samples/*.parquet --name g1 --from m1

    Texts are not kept: of each document its id and what its lt_ columns say (longtail tag writes them), and of what models
    wrote a signature, by which longtail ledger find knows it again. Adding the same data set twice changes nothing.
    """
    with Ledger.open(folder) as ledger, progress(given["quiet"] or given["as_json"], given["no_color"]) as on_progress:
        edges = [_edge(text, given["kind"], ledger) for text in given["parents"]]
        facts = dict(_pair(text) for text in given["facts"])
        if data:
            added: Added | Node = add_data(ledger, data, given["name"], edges, facts, given["text_column"], on_progress)
        else:
            added = _node(ledger, edges, facts, given)
    if given["as_json"]:
        echo_json(added)
    elif not given["quiet"]:
        for line in _lines(added) if isinstance(added, Added) else _of_node(added):
            click.echo(line, err=True)


def _node(ledger: Ledger, edges: list[Edge], facts: dict[str, str], given: dict[str, Any]) -> Node:
    if not given["name"]:
        raise UsageError("nothing to add: name files, or a node with --kind and --name")
    return add_node(ledger, given["name"], given["kind"], edges, facts, given["sha256"])


def _edge(text: str, kind: str, ledger: Ledger) -> Edge:
    node, _, role = text.partition(":")
    if role and role not in ROLES:
        raise UsageError(f"{role!r} is no role; known: {', '.join(ROLES)}")
    return msgspec.convert({"node": node, "role": role or _role(node, kind, ledger)}, Edge)


def _role(node: str, kind: str, ledger: Ledger) -> str:
    graph = ledger.graph()
    parent = graph[node].kind if node in graph else "unknown"
    if kind in ("dataset", "sample") and parent in ("dataset", "sample"):
        return "derived_from"
    if kind == "checkpoint" and parent == "checkpoint":
        return "initialised_from"
    if kind in ("dataset", "sample") and parent == "run":
        return "made_by"
    return _MADE[kind]


def _pair(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign or not key.strip():
        raise UsageError(f"fact {text!r}: write KEY=VALUE, such as revision=3f2c")
    return key.strip(), value


def _of_node(node: Node) -> Iterator[str]:
    yield f"{node.name}: a node of kind {node.kind}, made from {', '.join(edge.node for edge in node.parents) or 'nothing named'}"


def _lines(added: Added) -> Iterator[str]:
    node = added.node
    origins = ", ".join(f"{count:,} {name}" for name, count in node.origins.items())
    yield f"{node.name}: {counted(node.rows or 0, 'document')} added ({origins}), commit {added.version}"
    if added.signed:
        yield f"  {counted(added.signed, 'document')} that a model had a hand in will be known again (longtail ledger find)"
    if added.untold:
        yield f"  {added.untold:,} state no origin and are unknown; tag them first: longtail tag DATA --origin … -o OUT"
    for value, count in list(added.not_origins.items())[:_NAMED]:
        yield f"  {count:,} state {value!r}, which is no origin; they are unknown"
    if added.duplicates:
        yield f"  duplicates: {added.duplicates:,} beyond the first of their id, kept as they are"
    if added.contradicted:
        yield f"  contradiction: of {added.contradicted:,} the ledger holds unlike origins; the least human one stands"
    yield from _aside(added)
    yield from (f"  {note}" for note in added.notes)


def _aside(added: Added) -> Iterator[str]:
    if added.quarantined:
        from longtail.report.words import one_line

        yield f"  quarantined: {added.quarantined:,} that could not be read or have neither id nor content"
        for one in added.quarantine[:_NAMED]:
            yield f"    {one_line(one.path)}:{one.line}: {one_line(one.reason)}"
