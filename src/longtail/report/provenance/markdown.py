"""Markdown that no name can break: headings and tables."""

from collections.abc import Iterable

from longtail.report.provenance.wording import NOT_RECORDED

_MARKS = frozenset("\\`*_[]<>|#~")


def heading(level: int, text: str) -> str:
    """Return a heading, with an empty line after it."""
    return f"{'#' * level} {plain(text)}\n"


def table(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table, or that there is nothing recorded where it would have no rows."""
    lines = [f"| {' | '.join(map(plain, row))} |" for row in rows]
    if not lines:
        return f"{NOT_RECORDED[0].upper()}{NOT_RECORDED[1:]}.\n"
    return "\n".join([f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}", *lines, ""])


def plain(text: str) -> str:
    """Return a text on one line with all marks escaped and what cannot be printed replaced."""
    printable = "".join(character if character.isprintable() else "\ufffd" for character in " ".join(text.split()))
    return "".join(f"\\{character}" if character in _MARKS else character for character in printable)
