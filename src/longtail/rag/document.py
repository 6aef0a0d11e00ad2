"""What a store holds: documents with their provenance, and what a search finds."""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import msgspec

from longtail.ledger.facts import BY_MODELS
from longtail.records import Origin, Record

Status = Literal["accepted", "quarantined"]
COLUMNS = ("lt_id", "text", "topic", "lt_origin", "lt_depth", "lt_parents", "lt_scores", "lt_status", "lt_model", "lt_time")
"""Columns of a document in the store, in the order of `Document`."""


class Document(Record, frozen=True):
    """One document of a store.

    Attributes:
        id: Its `lt_id`, made of its text.
        text: What it says.
        topic: What its quota counts it under; "" is none.
        origin: A word of `Origin`.
        depth: 0 for what people wrote, None where it is not known.
        parents: Ids that it was made from, in this store or elsewhere.
        scores: What the gate found, empty where it went through none.
        status: "quarantined" where it is held back from every search.
        model: What wrote it.
        time: When it was stored.
    """

    id: str
    text: str
    topic: str = ""
    origin: str = Origin.UNKNOWN.value
    depth: int | None = None
    parents: tuple[str, ...] = ()
    scores: dict[str, Any] = {}
    status: Status = "accepted"
    model: str | None = None
    time: str | None = None

    @property
    def is_written(self) -> bool:
        """Tell whether a model had a hand in it."""
        return self.origin in BY_MODELS

    @classmethod
    def of(cls, row: Sequence[Any]) -> "Document":
        """Return the document of a row of `COLUMNS`."""
        given, text, topic, origin, depth, parents, scores, status, model, time = row
        return cls(
            id=given,
            text=text,
            topic=topic,
            origin=origin,
            depth=depth,
            parents=tuple(msgspec.json.decode(parents)),
            scores=msgspec.json.decode(scores),
            status=status,
            model=model,
            time=time,
        )


def plain(text: str) -> str:
    """Return a text without halves of surrogate pairs, which no file of text can hold."""
    return text.encode("utf-8", "replace").decode("utf-8")


class Hit(NamedTuple):
    """A document that a search found.

    Attributes:
        document: The document.
        score: How well it fits, higher is better; of no meaning beside another search.
        cosine: Of its vector and that of the question, None without vectors.
    """

    document: Document
    score: float
    cosine: float | None = None
