"""What is reviewed and what is said of it: items, the tasks in which they are shown, and events."""

import math
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple, get_args

import msgspec
import xxhash

from longtail.errors import InvalidRecord
from longtail.records import Record

GateDecision = Literal["keep", "review", "reject"]
Kind = Literal["first", "repeat", "settle"]
Action = Literal["accept", "reject", "edit", "skip", "undo", "note"]
ACTIONS: tuple[str, ...] = get_args(Action)
DECIDING = ("accept", "reject", "edit")
"""Actions that decide on a document."""


class Item(Record, frozen=True):
    """A document that a gate has judged, as a candidate for review.

    Attributes:
        position: Its number among the candidates, which it is known by.
        lt_id: Id of its content.
        text: What is read; None where there is none.
        record: All its columns.
        decision: What the gate decided.
        gate: Name of the gate that decided, or that came nearest to deciding otherwise.
        reason: Why.
        score: What it was decided on, or None.
        matched_id: Document that it was compared with, or None.
        matched_text: Text of that document, or None.
        stratum: Class of documents that it is of, such as a topic, or None.
        rarity: How rare it is, greater for rarer, or None.
        group: What it answers, or None.
        doubt: How near its score lies to the threshold, from 0 to 1 at the threshold, or None.
    """

    position: int
    lt_id: str
    text: str | None
    record: dict[str, Any]
    decision: GateDecision
    gate: str = ""
    reason: str = ""
    score: float | None = None
    matched_id: str | None = None
    matched_text: str | None = None
    stratum: str | None = None
    rarity: float | None = None
    group: str | None = None
    doubt: float | None = None

    def __post_init__(self) -> None:
        """Refuse numbers that do not exist."""
        for name in ("score", "rarity", "doubt"):
            number = getattr(self, name)
            if number is not None and not math.isfinite(number):
                raise InvalidRecord(f"item {self.lt_id!r}: {name} is {number!r}; leave out what does not exist")


class Cell(NamedTuple):
    """Candidates that are drawn from together, each with the same chance.

    Attributes:
        decision: What the gate decided.
        is_tail: Whether they are among the rarest.
        kind: "lone" (the only kept answer of its group), "uncertain" (nearest to the threshold) or "plain".
        population: How many there are.
        drawn: How many were drawn.
    """

    decision: GateDecision
    is_tail: bool
    kind: str
    population: int
    drawn: int

    @property
    def name(self) -> str:
        """Return a name for it, such as `keep, tail, lone`."""
        return f"{self.decision}, {'tail' if self.is_tail else 'common'}, {self.kind}"


class Task(NamedTuple):
    """One showing of an item.

    Attributes:
        number: Of the task.
        key: By which the task is named outside; it does not tell a repeat from a first showing.
        item: Number of the item.
        kind: "first", "repeat", or "settle" where reviewers did not agree.
        masked: Whether what the gate said is hidden.
        place: Where it stands in the queue.
    """

    number: int
    key: str
    item: int
    kind: Kind
    masked: bool
    place: float


class Event(Record, frozen=True):
    """Something that a reviewer did, once and for all; the state of the queue is what all events say together.

    Attributes:
        id: Known by it; two events of one id are one.
        task: Key of the task.
        action: What was done.
        reviewer: Who did it.
        time: When, ISO 8601 in UTC with microseconds.
        text: The text after an edit, else None.
        note: In words, may be empty.
        undoes: Id of the event that is taken back, for `undo`.
    """

    id: str
    task: str
    action: Action
    reviewer: str
    time: str
    text: str | None = None
    note: str = ""
    undoes: str | None = None


def event(
    task: str,
    action: Action,
    reviewer: str,
    time: str,
    text: str | None = None,
    note: str = "",
    undoes: str | None = None,
    id: str | None = None,
) -> Event:
    """Return an event; without an id it gets one from its content.

    Raises:
        InvalidRecord: Nobody did it, an edit lacks its text, or an undo what it undoes.
    """
    if not reviewer.strip():
        raise InvalidRecord("an event has no reviewer; say who decided")
    if (action == "edit") != (text is not None):
        raise InvalidRecord("an edit needs its text" if action == "edit" else f"{action!r} takes no text; use edit")
    if (action == "undo") != (undoes is not None):
        raise InvalidRecord("an undo names the event that it undoes, and nothing else does")
    said = msgspec.json.encode([task, action, reviewer, time, text, note, undoes])
    return Event(
        id=id or xxhash.xxh3_128_hexdigest(said),
        task=task,
        action=action,
        reviewer=reviewer,
        time=time,
        text=text,
        note=note,
        undoes=undoes,
    )


def moment(said: str) -> str:
    """Return a time as it is stored: ISO 8601 in UTC with microseconds, so that times sort as texts.

    Raises:
        InvalidRecord: It is none; one without a zone is taken as UTC.
    """
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        raise InvalidRecord(f"{said!r} is no time; write ISO 8601, such as 2025-01-31T12:00:00Z") from None
    zoned = found if found.tzinfo is not None else found.replace(tzinfo=UTC)
    return stamped(zoned)


def stamped(when: datetime) -> str:
    """Return a time with its zone as it is stored."""
    return when.astimezone(UTC).isoformat(timespec="microseconds")
