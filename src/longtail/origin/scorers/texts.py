"""Which texts a model scores, and which of them together."""

from collections.abc import Iterator, Sequence

import numpy as np

from longtail.errors import ConfigError
from longtail.origin.reference import Ints


def long_enough(texts: Sequence[str | None], min_words: int) -> Ints:
    """Return the places of the texts with at least that many whitespace words; a null or an empty one never has, shape (kept,)."""
    return np.array([at for at, text in enumerate(texts) if text and len(text.split()) >= max(min_words, 1)], dtype=np.int64)


def packed(ids: Sequence[Sequence[int]], batch: int) -> Iterator[Ints]:
    """Yield the places of texts of similar length, the longest first, so that little is padded and lack of memory shows at once.

    Raises:
        ConfigError: `batch` is below 1.
    """
    if batch < 1:
        raise ConfigError(f"batch is {batch}; take a whole number from 1 up")
    order = np.argsort([-len(each) for each in ids], kind="stable").astype(np.int64)
    yield from (order[start : start + batch] for start in range(0, len(order), batch))
