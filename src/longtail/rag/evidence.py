"""What was retrieved, as it is handed to the gate, with the provenance that the store knows of it."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from longtail.gates.entailment.passages import Passage, Unreadable
from longtail.gates.writeback.case import Source
from longtail.ledger.columns import identity
from longtail.rag.document import Document, Hit, plain
from longtail.rag.store import Store
from longtail.records import Origin
from longtail.summaries.normal import normal


def sources_of(evidence: Any, store: Store, recalled: Collection[str] = ()) -> list[Source]:
    """Return what was retrieved as sources.

    Each is a hit or a document of the store, an id that the store has, or a record with `text`, and `id`, `lt_origin` and
    `lt_depth` where they are known, at its top or in `metadata`. Of what the store has, the store's word counts and not the record's.
    A bare text is of unknown origin, so that it can contradict and not support.

    Args:
        evidence: One of these, or a list of them; None is none.
        store: The store.
        recalled: Ids that were recalled as memories in this turn.

    Raises:
        Unreadable: One is something else, or its text is not what the store holds under its id.
    """
    listed = [] if evidence is None else [evidence] if isinstance(evidence, (str, Mapping, Document, Hit)) else list(evidence)
    given = [_record(each, place, store) for place, each in enumerate(listed, 1)]
    held = store.get([record["id"] for record in given])
    return [source for record in given if (source := _source(record, held.get(record["id"]), store, recalled)).passage.text.strip()]


def _record(value: Any, place: int, store: Store) -> dict[str, Any]:
    if isinstance(value, Hit):
        value = value.document
    if isinstance(value, Document):
        return {"id": value.id, "text": value.text}
    if isinstance(value, str):
        there = store.get([value])
        return {"id": value, "text": there[value].text} if value in there else _known(store, {"id": str(place), "text": plain(value)})
    if not isinstance(value, Mapping) or not isinstance(value.get("text"), str):
        raise Unreadable(f"passage {place} of the evidence is {type(value).__name__} without a text; hand over hits, ids or records")
    meta = value.get("metadata")
    record = {**(meta if isinstance(meta, Mapping) else {}), **value, "text": plain(value["text"])}
    stated = record.get("id") or record.get("lt_id")
    return {**record, "id": str(stated)} if stated is not None else _known(store, {**record, "id": str(place)})


def _known(store: Store, record: dict[str, Any]) -> dict[str, Any]:
    """Return a record without an id under that of the stored document with its very text, where there is one."""
    same = identity({"text": record["text"]})
    return {**record, "id": same} if store.get([same]) else record


def _source(record: Mapping[str, Any], held: Document | None, store: Store, recalled: Collection[str]) -> Source:
    passage = Passage(record["id"], record["text"])
    if held is None:
        origin, depth = str(record.get("lt_origin") or Origin.UNKNOWN.value), record.get("lt_depth")
        known = depth if isinstance(depth, int) else None
        return Source(passage, origin, known, origin == Origin.HUMAN, _barred(passage.id, origin, recalled))
    if normal(passage.text) not in normal(held.text):
        raise Unreadable(f"the evidence {passage.id!r} says what the store does not hold under that id")
    barred = "is in quarantine" if held.status == "quarantined" else _barred(held.id, held.origin, recalled)
    return Source(passage, held.origin, held.depth, store.descends_from_human(held.id), barred)


def _barred(given: str, origin: str, recalled: Collection[str]) -> str:
    """Return why a memory is no evidence: it was recalled in this turn, and no person wrote it."""
    return f"is a memory recalled in this turn, of origin {origin}" if given in recalled and origin != Origin.HUMAN else ""


def ids(sources: Sequence[Source]) -> list[str]:
    """Return the ids of sources."""
    return [source.passage.id for source in sources]
