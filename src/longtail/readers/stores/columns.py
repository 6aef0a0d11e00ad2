"""Which field of a foreign record says what, by the names that stores and logs use; and how its values are read."""

import json
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, NamedTuple

from longtail.errors import ReadError
from longtail.readers.moments import moment
from longtail.readers.quarantine import Unfit
from longtail.readers.stores.records import Item, Query
from longtail.records import Origin

Row = Mapping[str, Any]

ITEM = {
    "text": ("text", "content", "memory", "document", "page_content", "data", "body", "chunk"),
    "id": ("lt_id", "id", "_id", "memory_id", "doc_id", "uuid"),
    "origin": ("lt_origin", "origin"),
    "depth": ("lt_depth", "depth"),
    "parents": ("lt_parents", "parents"),
    "time": ("lt_time", "created_at", "time", "timestamp", "created", "date", "updated_at"),
    "model": ("lt_model", "model"),
    "status": ("lt_status",),
}
"""Names of what an item has, the first of which that a record holds is taken."""
QUERY = {
    "question": ("question", "query", "input", "prompt"),
    "answer": ("answer", "response", "output", "completion"),
    "retrieved": ("retrieved", "retrieved_ids", "context_ids", "contexts", "documents"),
    "cited": ("cited", "cited_ids", "citations"),
    "answer_id": ("answer_id", "stored_id", "memory_id"),
    "correct": ("correct", "is_correct", "score"),
    "time": ("lt_time", "time", "timestamp", "created_at", "asked_at", "date"),
}
"""The same of a line of a log."""
_INSIDE = ("metadata", "payload", "meta")
_KEYS = ("id", "lt_id", "doc_id", "_id")


class Named(NamedTuple):
    """What the user named: a table or collection, the column of the text, the column of the time."""

    table: str | None = None
    text: str | None = None
    time: str | None = None


def flat(row: Row) -> dict[str, Any]:
    """Return a record with what stands in its metadata beside its own fields, which come first."""
    inner: dict[str, Any] = {}
    for name in _INSIDE:
        found = _decoded(row.get(name))
        inner |= found if isinstance(found, dict) else {}
    return inner | dict(row)


def refuse_unknown(path: str, row: Row, named: Named) -> None:
    """Refuse columns that the user named and the first record does not hold.

    Raises:
        ReadError: It lacks one; the message names those that it has.
    """
    for option, name in (("--text-column", named.text), ("--time-column", named.time)):
        if name is not None and name not in row:
            near = get_close_matches(name, row, n=1, cutoff=0.6)
            fix = f"did you mean {near[0]!r}?" if near else f"name one of them with {option} NAME"
            raise ReadError(path, f"no column {name!r}; columns: {', '.join(list(row)[:20])}", fix=fix)


def item_of(row: Row, number: int | None, named: Named) -> Item:
    """Return the item that a record holds.

    Raises:
        Unfit: It has no text.
    """
    text = row.get(named.text) if named.text else _first(row, ITEM["text"])
    text = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    if not isinstance(text, str) or not text.strip():
        raise Unfit("no text" if text is None or text == "" else f"the text is {str(text)[:40]!r}")
    identity = _first(row, ITEM["id"])
    return Item(
        id=_plain(identity) or f"row {number}",
        text=text,
        origin=_origin(_first(row, ITEM["origin"])),
        depth=_depth(_first(row, ITEM["depth"])),
        parents=ids(_first(row, ITEM["parents"])) or (),
        time=_seconds(row.get(named.time) if named.time else _first(row, ITEM["time"])),
        model=_plain(_first(row, ITEM["model"])),
        quarantined=_plain(_first(row, ITEM["status"])) == "quarantined",
    )


def query_of(row: Row, named: Named) -> Query:
    """Return the question that a line of a log holds.

    Raises:
        Unfit: It has no question.
    """
    question, answer = (_first(row, QUERY[name]) for name in ("question", "answer"))
    if not isinstance(question, str):
        raise Unfit("no question")
    return Query(
        question=question,
        retrieved=ids(_first(row, QUERY["retrieved"])),
        cited=ids(_first(row, QUERY["cited"])),
        answer=answer if isinstance(answer, str) else None,
        answer_id=_plain(_first(row, QUERY["answer_id"])),
        correct=_share(_first(row, QUERY["correct"])),
        time=_seconds(row.get(named.time) if named.time else _first(row, QUERY["time"])),
    )


def ids(value: Any) -> tuple[str, ...] | None:
    """Return the ids of a list, of a list as JSON, or of records that have one; a text that is no list is one id; None for none."""
    found = _decoded(value)
    if found is None or found == "":
        return None
    listed = found if isinstance(found, list | tuple) else [found]
    plain = (_plain(_first(each, _KEYS) if isinstance(each, Mapping) else each) for each in listed)
    return tuple(dict.fromkeys(each for each in plain if each))


def _first(row: Row, names: tuple[str, ...]) -> Any:
    return next((row[name] for name in names if row.get(name) is not None), None)


def _decoded(value: Any) -> Any:
    """Return what a text is as JSON where it is a list or an object, else the value itself."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str) or value.lstrip()[:1] not in ("[", "{"):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _plain(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def _origin(value: Any) -> Origin:
    try:
        return Origin(_plain(value))
    except ValueError:
        return Origin.UNKNOWN


def _depth(value: Any) -> int | None:
    text = _plain(value)
    return int(text) if text.isdecimal() else None


def _seconds(value: Any) -> float | None:
    found = moment(value.decode("utf-8", "replace") if isinstance(value, bytes) else value)
    return found.timestamp() if found is not None else None


def _share(value: Any) -> float | None:
    """Return how right an answer was: a truth value, or a number from 0 to 1."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, int | float) and 0 <= value <= 1:
        return float(value)
    return None
