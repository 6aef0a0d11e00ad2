"""A memory of LangGraph with the write-back gate before it: `gated(memory, gate)` for any `BaseStore`.

Every `put` goes through the gate, in batches and asynchronously too; the quota of topics counts namespaces. The value of a memory has
its text in one field and beside it what the gate asks for: `lt_origin` "human" for what a person said, else `lt_evidence` and, where
the text has no marks, `lt_citations`. A memory that was recalled is no evidence for the next one. What is not accepted is not written,
and the gate's log says why; `delete` holds back, and `gate.store.restore` undoes it.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from typing import Any, cast

from longtail.errors import MissingExtra, UsageError
from longtail.rag.admitting import admit
from longtail.rag.document import plain
from longtail.rag.gate import Gate

EXTRA = "rag"


class Gated:
    """What the wrapper does; LangGraph's own class is added to it when one is made, by `gated`.

    Args:
        memory: The memory.
        gate: The gate, whose store keeps the provenance.
        field: Field of a value that holds its text.
    """

    def __init__(self, memory: Any, gate: Gate, field: str = "text") -> None:
        self.memory, self.gate, self.field = memory, gate, field

    def batch(self, ops: Iterable[Any]) -> list[Any]:
        """Do what is asked in order, writing only what the gate accepts."""
        return [self._shown(self.memory.batch([allowed])[0]) if (allowed := self._allowed(op)) else None for op in ops]

    async def abatch(self, ops: Iterable[Any]) -> list[Any]:
        """Do what is asked in order, writing only what the gate accepts."""
        return [self._shown((await self.memory.abatch([allowed]))[0]) if (allowed := self._allowed(op)) else None for op in ops]

    def _allowed(self, op: Any) -> Any:
        """Return what may be done of what is asked, None where that is nothing."""
        if not hasattr(op, "value"):
            return op
        if op.value is None:
            return self._held_back(op)
        text = op.value.get(self.field)
        if not isinstance(text, str):
            raise UsageError(f"the value of memory {op.key!r} has no text in {self.field!r}; name its field: gated(memory, gate, field=…)")
        found = admit(self.gate, text, {"lt_topic": "/".join(op.namespace), **op.value})
        if found is None or not found.as_itself:
            return None
        return op._replace(value={**found.meta, self.field: plain(text)})

    def _held_back(self, op: Any) -> None:
        item = self.memory.get(op.namespace, op.key)
        if item is not None and "lt_id" in item.value:
            self.gate.store.quarantine([item.value["lt_id"]], f"memory {op.key!r} was deleted")

    def _shown(self, found: Any) -> Any:
        """Return what was found without what is held back."""
        listed = found if isinstance(found, list) else [found]
        values = [getattr(each, "value", None) for each in listed]
        ids = [value["lt_id"] for value in values if isinstance(value, Mapping) and "lt_id" in value]
        hidden = {each.id for each in self.gate.store.get(ids).values() if each.status == "quarantined"}
        kept = [
            one for one, value in zip(listed, values, strict=True) if not isinstance(value, Mapping) or value.get("lt_id") not in hidden
        ]
        return kept if isinstance(found, list) else next(iter(kept), None)


def gated(memory: Any, gate: Gate, *, field: str = "text") -> Any:
    """Return a memory of LangGraph with a gate before it.

    Args:
        memory: Any `BaseStore` of LangGraph.
        gate: The gate, whose store keeps the provenance.
        field: Field of a value that holds its text.

    Raises:
        MissingExtra: LangGraph is not installed.
    """
    return _kind()(memory, gate, field)


@cache
def _kind() -> type[Any]:
    try:
        base = import_module("langgraph.store.base").BaseStore
    except ImportError as error:
        raise MissingExtra("a gate before a memory of LangGraph", EXTRA) from error
    return cast(type[Any], type("GatedMemory", (Gated, base), {"__doc__": Gated.__doc__}))
