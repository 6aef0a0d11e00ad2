"""Conversations told as role and words of each message, which `views.turns` counts."""

import re
from collections.abc import Mapping

from longtail.readers.columns import ROLES, content_of, messages_of, need_messages, role_of, said_in
from longtail.readers.quarantine import Unfit

_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")


def turns_of(value: object) -> str | None:
    """Return role and words of each message of a conversation, such as "user:30 assistant:110"; None for what is none.

    Names of one role are one name. Words stand between white space; a letter of a script without spaces is a word as well.
    """
    try:
        messages = messages_of(value, chat=True)
        if isinstance(messages, str):
            return None
        need_messages(messages)
        return " ".join([_told(message) for message in messages])
    except Unfit:
        return None


def _told(message: Mapping[str, object]) -> str:
    return f"{_role(role_of(message))}:{_words(content_of(said_in(message)))}"


def _role(name: object) -> str:
    plain = re.sub(r"[^a-z0-9_-]+", "_", name.lower()) if isinstance(name, str) and name else "unknown"
    return next((role for role, names in ROLES.items() if plain in names), plain)


def _words(text: str) -> int:
    if text.isascii():
        return len(text.split())
    spaced, letters = _UNSPACED.subn(" ", text)
    return len(spaced.split()) + letters
