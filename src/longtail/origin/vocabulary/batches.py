"""Dated documents in batches, and the long words that each document holds."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.errors import UsageError
from longtail.origin.dates.dating import Days, days_of
from longtail.views._unicode import tables
from longtail.views.batch import Texts, marks_of, texts_of
from longtail.views.keys import BIN_BITS, CELL_BITS, Keys, purpose_key

Ints = npt.NDArray[np.int64]
Objects = Sequence[object]

MOST = 1 << CELL_BITS
"""Documents taken at once: their numbers stand in the lower bits of a key."""
_DOCUMENT = np.uint64(MOST - 1)


@dataclass(frozen=True)
class Dated:
    """A batch of documents with the day of each.

    Attributes:
        texts: The texts, without nulls.
        days: Shape (documents,), NaT for those without a date.
        clusters: What documents are not independent in, such as an author or a host; null for those that stand alone. Documents
            of one cluster, and copies of one text, share a half and a bin.
        sources: Where each is from, null for unknown.
    """

    texts: pa.StringArray
    days: Days
    clusters: pa.StringArray | None = None
    sources: pa.StringArray | None = None

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.texts)

    def slices(self, documents: int = MOST) -> Iterator["Dated"]:
        """Yield the batch in parts of at most so many documents."""
        for start in range(0, len(self), documents):
            texts, clusters, sources = (
                None if column is None else column.slice(start, documents) for column in (self.texts, self.clusters, self.sources)
            )
            yield Dated(texts, self.days[start : start + documents], clusters, sources)


Batches = Callable[[], Iterable[Dated]]
"""Gives all documents again each time it is called: words are counted in one pass, and the chosen ones looked for in another."""


def dated(texts: Sequence[str], dates: Objects | Days, clusters: Objects | None = None, sources: Objects | None = None) -> Batches:
    """Return documents in memory as batches.

    Args:
        texts: The texts.
        dates: A date of each, as `days_of` reads them, or days.
        clusters: What documents are not independent in; None for those that stand alone.
        sources: Where each is from.

    Raises:
        UsageError: There are not as many dates, clusters or sources as texts.
    """
    days = dates if isinstance(dates, np.ndarray) and dates.dtype.kind == "M" else days_of(dates)
    for name, column in (("dates", days), ("clusters", clusters), ("sources", sources)):
        if column is not None and len(column) != len(texts):
            raise UsageError(f"{len(texts)} texts and {len(column)} {name}; give one for each text")
    whole = Dated(pa.array(texts, pa.string()), days, _strings(clusters), _strings(sources))
    return lambda: whole.slices()


def _strings(values: Objects | None) -> pa.StringArray | None:
    return None if values is None else pa.array([None if value is None else str(value) for value in values], pa.string())


@dataclass(frozen=True)
class Words:
    """The long words of a batch of at most `MOST` documents, each once for every document that holds it.

    Attributes:
        texts: The documents.
        types: Hash of each word, in the upper 52 bits, shape (found,).
        documents: Number of its document in the batch, shape (found,).
        spans: First byte and byte after it in the bytes of the texts, shape (found, 2).
    """

    texts: Texts
    types: Keys
    documents: Ints
    spans: Ints

    def spelled(self, index: int) -> str:
        """Return a word as it is written, in lower case."""
        start, stop = self.spans[index]
        return self.texts.data[start:stop].tobytes().decode("utf-8").lower()

    @property
    def halves(self) -> Ints:
        """Return the half of each document, shape (documents,)."""
        return (self.texts.cells >> np.uint64(BIN_BITS)).astype(np.int64)


def words_of(batch: Dated, seed: int) -> Words:
    """Return the long words of a batch of at most `MOST` documents, without repeats inside a document."""
    texts = texts_of(batch.texts, seed, prompts=None if batch.clusters is None else marks_of(batch.clusters))
    keys, spans = _long_words(texts, seed)
    unique, where = np.unique(keys, return_index=True)
    return Words(texts, unique & ~_DOCUMENT, (unique & _DOCUMENT).astype(np.int64), spans[where])


def hashes_of(words: Iterable[str], seed: int) -> Keys:
    """Return the hashes of the long words in a list, as in `Words.types`, ascending."""
    texts = texts_of(pa.array([" ".join(words)], pa.string()), seed)
    return np.unique(_long_words(texts, seed)[0] & ~_DOCUMENT)


def _long_words(texts: Texts, seed: int) -> tuple[Keys, Ints]:
    from longtail.origin.vocabulary._kernels import LETTERS, long_words

    classes, folded = tables()
    longest = int(np.diff(texts.offsets).max(initial=0)) + 1
    room = int(texts.offsets[-1] - texts.offsets[0]) // LETTERS + len(texts) + 1
    keys = np.empty(room, np.uint64)
    spans = np.empty((2, room), np.int64)
    scratch, bounds = np.empty(longest, np.uint64), np.empty((longest, 2), np.int64)
    key = np.uint64(purpose_key(seed, "type"))
    size = long_words(texts.data, texts.offsets, classes, folded, key, scratch, bounds, keys, spans[0], spans[1])
    return keys[:size], spans[:, :size].T
