"""A long premise cut into windows that a model can read whole."""

from collections.abc import Sequence

OVERLAP = 96
"""Tokens that two windows share, at most half of a window, so that a sentence of that length lies whole in one; our own choice."""
LEAST_ROOM = 16
"""Tokens of premise below which a hypothesis leaves too little room to be judged."""


def windows_of(offsets: Sequence[tuple[int, int]], room: int) -> list[tuple[int, int]]:
    """Return where each window of a text starts and ends (exclusive), in letters.

    Args:
        offsets: Start and end of each token in the text, shape (tokens, 2).
        room: Most tokens of a window, at least 1.
    """
    if not offsets:
        return []
    step = room - min(OVERLAP, room // 2)
    firsts = range(0, max(1, len(offsets) - room + step), step)
    return [(offsets[first][0], offsets[min(first + room, len(offsets)) - 1][1]) for first in firsts]
