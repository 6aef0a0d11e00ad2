"""The evidence of a document: passages with ids."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple


class Passage(NamedTuple):
    """One piece of evidence.

    Attributes:
        id: Its id; where none is given its place, counted from "1".
        text: What it says.
    """

    id: str
    text: str


class Unreadable(ValueError):
    """Evidence or citations in no known form; the document is rejected for it."""


def passages_of(value: Any, *, key: str = "id", text: str = "text") -> list[Passage]:
    """Return the passages of a value: a text, a record, or a list of these; empty texts are left out.

    Args:
        value: What the column holds for one document.
        key: Field of a record that holds its id.
        text: Field that holds its text.

    Raises:
        Unreadable: It is something else, or a record has no text.
    """
    found = [_passage(each, place, key, text) for place, each in enumerate(_listed(value, "evidence"), 1)]
    return [passage for passage in found if passage.text.strip()]


def ids_of(value: Any, *, key: str = "id") -> list[str]:
    """Return the ids of a value: one id, a record with one, or a list of these, each once and in order.

    Raises:
        Unreadable: It is something else.
    """
    return list(dict.fromkeys(_id(each, key) for each in _listed(value, "citations")))


def _listed(value: Any, what: str) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, (str, int, Mapping)):
        return [value]
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return list(value)
    raise Unreadable(f"{what} is {type(value).__name__}, not a list of texts or records")


def _passage(value: Any, place: int, key: str, text: str) -> Passage:
    if isinstance(value, str):
        return Passage(str(place), value)
    if not isinstance(value, Mapping) or not isinstance(value.get(text), str):
        raise Unreadable(f"passage {place} of the evidence has no text in {text!r}")
    given = value.get(key)
    return Passage(str(place) if given is None else str(given), value[text])


def _id(value: Any, key: str) -> str:
    found = value.get(key) if isinstance(value, Mapping) else value
    if isinstance(found, bool) or not isinstance(found, (str, int)):
        raise Unreadable(f"a citation is {found!r}, not an id")
    return str(found)
