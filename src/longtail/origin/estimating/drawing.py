"""A sample of documents that is drawn while they stream by: whatever their order, the same documents."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Ranks = npt.NDArray[np.uint64]
Values = tuple[str | None, ...]

LONGEST = 100_000
"""Characters read of a document."""
MOST_CHARACTERS = 40_000_000
"""Characters that are enough, whatever the number of documents."""


class Row(NamedTuple):
    """One document: its text, cut to `LONGEST` characters, and its values in the columns asked for."""

    text: str
    values: Values


class Drawing:
    """The documents with the smallest ranks, up to and with the rank that brings them to the number wanted.

    Documents of one rank, such as copies of one text, are in it together or not at all; a rank that many documents share has the
    chance of any other.

    Args:
        most: Documents wanted.
        characters: Characters that are enough, where they are reached before.
    """

    def __init__(self, most: int, characters: int = MOST_CHARACTERS) -> None:
        self.most, self.characters = most, characters
        self.seen = 0
        self._held: dict[int, list[Row]] = {}
        self._size = self._characters = 0
        self._room = (2 * most, 2 * characters)
        self._bound = 1 << 64

    def take(self, ranks: Ranks, texts: pa.Array, columns: Sequence[pa.Array]) -> None:
        """Take in a batch of documents.

        Args:
            ranks: By a hash of what is drawn together, shape (documents,).
            texts: Shape (documents,), without nulls.
            columns: Values of the documents in the columns asked for.
        """
        self.seen += len(ranks)
        for at in np.flatnonzero(ranks <= np.uint64(self._bound - 1)).tolist():
            row = Row(texts[at].as_py()[:LONGEST], tuple(column[at].as_py() for column in columns))
            self._held.setdefault(int(ranks[at]), []).append(row)
            self._size += 1
            self._characters += len(row.text)
        if self._size > self._room[0] or self._characters > self._room[1]:
            self._trim()

    def rows(self) -> list[Row]:
        """Return the documents drawn, in the order of their ranks."""
        self._trim()
        return [row for rank in sorted(self._held) for row in sorted(self._held[rank], key=_order)]

    def _trim(self) -> None:
        """Forget what lies beyond the rank that brings the sample to its size; that rank never grows, so nothing is missed."""
        kept: dict[int, list[Row]] = {}
        size = characters = 0
        for rank in sorted(self._held):
            if size >= self.most or characters >= self.characters:
                self._bound = rank
                break
            kept[rank] = self._held[rank]
            size += len(kept[rank])
            characters += sum(len(row.text) for row in kept[rank])
        self._held, self._size, self._characters = kept, size, characters
        self._room = (size + self.most, characters + self.characters)


def _order(row: Row) -> tuple[str, ...]:
    return (row.text, *("" if value is None else f"={value}" for value in row.values))
