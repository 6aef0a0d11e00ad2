"""Text of unknown hands on a terminal: what would steer the terminal or turn the line around is spelled out."""

import unicodedata

_KEPT = frozenset("\n\t\u200c\u200d")
_SPELLED = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp", "Cn", "Co"))


def shown(text: str, limit: int = 0) -> str:
    """Return a text in which control characters, direction marks and whatever cannot be seen are written as escapes.

    Args:
        text: Of any kind.
        limit: Most characters to look at; 0 for all.
    """
    cut = text[:limit] if limit else text
    return "".join(map(_character, cut.replace("\r\n", "\n"))) + ("…" if len(cut) < len(text) else "")


def line(text: str, limit: int = 200) -> str:
    """Return a text so on one line."""
    return " ".join(shown(" ".join(text.split()), limit).split())


def _character(one: str) -> str:
    if one in _KEPT or unicodedata.category(one) not in _SPELLED:
        return one
    code = ord(one)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
