"""What frameworks hand over, taken through a gate into its store: a text with metadata, what the gate asks for among it."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from longtail.rag.document import plain
from longtail.rag.gate import Gate
from longtail.records import Origin

ASKED = ("lt_evidence", "lt_citations", "lt_question", "lt_topic")
"""Metadata that is for the gate and not kept: all that was retrieved, what is cited where the text has no marks, what was asked, and
what the quota counts it under."""


class Admitted(NamedTuple):
    """A text that came in.

    Attributes:
        id: Of the document that holds it now.
        as_itself: Whether that is this very text, and not another one that it was merged into.
        meta: Its metadata without what was for the gate, with its provenance.
    """

    id: str
    as_itself: bool
    meta: dict[str, Any]


def admit(gate: Gate, text: str, meta: Mapping[str, Any]) -> Admitted | None:
    """Add a text to the store of a gate, and return what became of it; None where it is not accepted.

    What has `lt_origin` "human" comes in as it is; all else is judged.

    Raises:
        UsageError: There is no text.
    """
    store, text = gate.store, plain(text)
    asked, kept = {name: meta.get(name) for name in ASKED}, {name: value for name, value in meta.items() if name not in ASKED}
    topic = str(asked["lt_topic"] or "")
    if meta.get("lt_origin") == Origin.HUMAN:
        provenance: dict[str, Any] = {"lt_depth": 0, "lt_status": "accepted"}
        given = store.add(text, origin=Origin.HUMAN.value, topic=topic)
    else:
        question, evidence = str(asked["lt_question"] or ""), evidence_of(asked["lt_evidence"])
        decision = gate.check(text, evidence, asked["lt_citations"], question=question, topic=topic)
        if decision.provenance is None:
            return None
        provenance, given = decision.provenance, store.add(text, meta=decision.provenance)
    stored = store.get([given])[given]
    if stored.status == "quarantined":
        return None
    return Admitted(given, stored.text == text, {**kept, **provenance, "lt_id": given})


def evidence_of(given: Any) -> list[Any]:
    """Return evidence as a list, documents of LangChain and nodes of LlamaIndex as records."""
    is_one = given is None or isinstance(given, str | Mapping) or hasattr(given, "page_content") or hasattr(given, "get_content")
    listed = ([] if given is None else [given]) if is_one else list(given)
    return [_record(each) for each in listed]


def _record(value: Any) -> Any:
    if hasattr(value, "page_content"):
        return {**value.metadata, "id": value.metadata.get("lt_id") or value.id, "text": value.page_content}
    if hasattr(value, "get_content"):
        return {**value.metadata, "id": value.metadata.get("lt_id") or value.node_id, "text": value.get_content()}
    return value
