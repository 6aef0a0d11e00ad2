"""Several records of one node become one, the same whatever their order; what they disagree in is named."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec

from longtail.ledger.node import Edge, Node
from longtail.records import Record

_SINGLE = ("kind", "sha256", "rows", "origins", "depths", "time")


class Conflict(Record, frozen=True):
    """Two or more records of a node state unlike things.

    Args:
        node: Its name.
        field: What they disagree in, such as "rows" or "facts.revision".
        kept: The value that the graph holds: of the record with the latest time, as text.
        others: The values that it does not hold, as text.
    """

    node: str
    field: str
    kept: str
    others: tuple[str, ...]

    def __str__(self) -> str:
        """Return the conflict as one line."""
        return f"{self.node}: records disagree in {self.field}; {self.kept} is kept, {', '.join(self.others)} is not"


def merged(records: Sequence[Node]) -> tuple[Node, list[Conflict]]:
    """Return one node made of all records of one name, and what they disagree in.

    What one leaves out is taken from another, parents are united, and of unlike values that of the record with the latest
    time is kept. "unknown" as kind gives way to any other, and rows that are fewer than another record counts to none.
    """
    if len(records) == 1:
        return msgspec.structs.replace(records[0], parents=united(records[0].parents)), []
    ranked = sorted(records, key=lambda node: (node.time or "", msgspec.json.encode(node, order="deterministic")), reverse=True)
    conflicts: list[Conflict] = []
    chosen = {field: _chosen(ranked, field, conflicts) for field in _SINGLE}
    keys = sorted(set().union(*(node.facts for node in records)))
    facts = {key: _chosen(ranked, f"facts.{key}", conflicts) for key in keys}
    parents = united(edge for node in records for edge in node.parents)
    chosen["rows"] = _fitting(records[0].name, chosen, conflicts)
    return Node(name=records[0].name, facts=facts, parents=parents, **chosen), conflicts


def _fitting(name: str, chosen: dict[str, Any], conflicts: list[Conflict]) -> int | None:
    rows: int | None = chosen["rows"]
    if rows is None or rows >= max(sum(chosen["origins"].values()), sum(chosen["depths"].values())):
        return rows
    conflicts.append(Conflict(node=name, field="rows", kept="not known", others=(str(rows),)))
    return None


def united(edges: Iterable[Edge]) -> tuple[Edge, ...]:
    """Return edges in order, each once."""
    return tuple(sorted(set(edges), key=lambda edge: (edge.node, edge.role)))


def _chosen(ranked: Sequence[Node], field: str, conflicts: list[Conflict]) -> Any:
    stated = [value for value in (_value(node, field) for node in ranked) if value not in (None, {}, "unknown")]
    if not stated:
        return _value(ranked[0], field)
    others = sorted({_text(value) for value in stated} - {_text(stated[0])})
    if others:
        conflicts.append(Conflict(node=ranked[0].name, field=field, kept=_text(stated[0]), others=tuple(others)))
    return stated[0]


def _value(node: Node, field: str) -> Any:
    name, _, key = field.partition(".")
    return node.facts.get(key) if key else getattr(node, name)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value, order="deterministic").decode()
