"""Searches a text for patterns. Stands alone, for a helper process with the standard library only loads it."""

import collections
import re
from collections.abc import Callable, Sequence


def capturing(pattern: str) -> Callable[[str], str | None]:
    """Return a function that tells the first group, or all, of the last match of a pattern in a text, or None."""
    wanted = re.compile(pattern)

    def last(text: str) -> str | None:
        matches = collections.deque(wanted.finditer(text), maxlen=1)
        return matches[0][1 if wanted.groups else 0] if matches else None

    return last


def searching(must: Sequence[str], must_not: Sequence[str], flags: int) -> Callable[[str], tuple[str, str] | None]:
    """Return a function that tells which pattern a text breaks first, as its list and itself, or None."""
    wanted = [re.compile(each, flags) for each in must]
    banned = [re.compile(each, flags) for each in must_not]

    def first(text: str) -> tuple[str, str] | None:
        for pattern in wanted:
            if not pattern.search(text):
                return "must", pattern.pattern
        for pattern in banned:
            if pattern.search(text):
                return "must_not", pattern.pattern
        return None

    return first
