"""Signs as numbers: texts as rows that a network reads, and back."""

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError

Ids = npt.NDArray[np.int64]


class Alphabet:
    """Signs by their places; the place behind the last one ends a text.

    Args:
        signs: Each sign once.
    """

    def __init__(self, signs: str) -> None:
        self.signs = signs
        self.end = len(signs)
        self._place = {sign: at for at, sign in enumerate(signs)}

    @property
    def size(self) -> int:
        """Return how many signs there are, the end included."""
        return self.end + 1

    def encoded(self, texts: list[str], width: int) -> Ids:
        """Return texts as rows of signs, each filled up with the end, shape (n, width).

        Raises:
            ConfigError: A text is longer than the row, or holds a sign that is none of the alphabet.
        """
        rows = np.full((len(texts), width), self.end, np.int64)
        for at, text in enumerate(texts):
            if len(text) > width or any(sign not in self._place for sign in text):
                raise ConfigError(f"{text!r} is no text of up to {width} signs among {self.signs}")
            rows[at, : len(text)] = [self._place[sign] for sign in text]
        return rows

    def decoded(self, rows: Ids) -> list[str]:
        """Return rows of signs as texts, each up to its first end."""
        ends = rows == self.end
        lengths = np.where(ends.any(axis=1), ends.argmax(axis=1), rows.shape[1])
        return ["".join(self.signs[sign] for sign in row[:length]) for row, length in zip(rows, lengths.tolist(), strict=True)]
