"""Putting an edited text back where it was read from."""

from collections.abc import Mapping
from typing import Any

import msgspec

from longtail.readers.columns import ASSISTANTS, find, recognise
from longtail.readers.quarantine import Unfit


def with_text(record: Mapping[str, Any], text: str, text_column: str | None = None) -> dict[str, Any]:
    """Return a record whose text is another one.

    In a chat it is what the model said, where it spoke once.

    Raises:
        Unfit: There is no one place that the text would belong to.
    """
    choice = recognise(record, text_column)
    if choice is None:
        raise Unfit("the document has no text column that is recognised")
    value = find(record, choice.key)
    if isinstance(value, str) and not choice.chat:
        return _put(record, choice.key, text)
    changed = _spoken(_turns(value), text)
    return _put(record, choice.key, msgspec.json.encode(changed).decode() if isinstance(value, str) else changed)


def _spoken(turns: list[Mapping[str, Any]], text: str) -> list[Mapping[str, Any]]:
    """Return a conversation in which the model says something else."""
    places = [at for at, turn in enumerate(turns) if turn.get("role", turn.get("from")) in ASSISTANTS]
    if len(places) != 1:
        raise Unfit(
            f"the model speaks {len(places)} times in this conversation, and an edit would not know where; reject it, or mend it outside"
        )
    turn = turns[places[0]]
    name = "content" if "content" in turn else "value"
    if not isinstance(turn.get(name), str):
        raise Unfit("what the model said is not plain text")
    return [{**each, name: text} if at == places[0] else each for at, each in enumerate(turns)]


def _put(record: Mapping[str, Any], key: str, value: object) -> dict[str, Any]:
    """Return a record with another value under a key, or at a dotted path."""
    if key in record or "." not in key:
        return {**record, key: value}
    top, _, rest = key.partition(".")
    return {**record, top: _put(record[top], rest, value)}


def _turns(value: object) -> list[Mapping[str, Any]]:
    if isinstance(value, str):
        try:
            value = msgspec.json.decode(value)
        except ValueError:
            value = None
    if not isinstance(value, list) or not all(isinstance(turn, Mapping) for turn in value):
        raise Unfit("the text is neither plain text nor a list of turns")
    return value
