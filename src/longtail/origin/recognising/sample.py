"""A sample of documents in bounded memory, as token ids, from which the share of a watermark is measured."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import xxhash

from longtail.origin.watermarks.prf import Ids

MOST_TOKENS = 1 << 24
_WHOLE = 1 << 64


class Sample:
    """Documents whose text has a hash below a limit, which halves when there are too many tokens: order does not matter.

    Copies of a text are in it together or not at all.

    Args:
        most: Tokens held for each tokenizer, unless one document alone has more.
    """

    def __init__(self, most: int = MOST_TOKENS) -> None:
        self._most, self._limit, self._tokens = most, _WHOLE, 0
        self._held: list[tuple[int, dict[str, Ids]]] = []
        self.seen = 0

    def take(self, texts: Sequence[str], encoded: Mapping[str, Sequence[Ids]]) -> None:
        """Take in texts with the ids of each by tokenizer."""
        self.seen += len(texts)
        for at, text in enumerate(texts):
            place = xxhash.xxh3_64_intdigest(text.encode("utf-8", "surrogatepass"), seed=_SEED)
            if place < self._limit:
                self._held.append((place, {name: rows[at] for name, rows in encoded.items()}))
                self._tokens += _size(self._held[-1][1])
        while self._tokens > self._most and len(self._held) > 1 and self._limit > 1:
            self._limit //= 2
            self._held = [each for each in self._held if each[0] < self._limit]
            self._tokens = sum(_size(ids) for _, ids in self._held)

    def __len__(self) -> int:
        """Return the number of documents held."""
        return len(self._held)

    def ids(self, tokenizer: str) -> list[Ids]:
        """Return the token ids of each document held, by one tokenizer."""
        return [ids[tokenizer] for _, ids in self._held]

    @property
    def clusters(self) -> npt.NDArray[np.uint64]:
        """Return the hash of the text of each document held, shape (documents,)."""
        return np.array([place for place, _ in self._held], dtype=np.uint64)


_SEED = 0x6D61726B


def _size(ids: Mapping[str, Ids]) -> int:
    return max((len(row) for row in ids.values()), default=0)
