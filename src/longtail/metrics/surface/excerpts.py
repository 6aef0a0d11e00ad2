"""The texts that measures of surface look at: the sampled documents, split into words once."""

import unicodedata
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from longtail.stats.surface.corpus import Corpus, corpus_from
from longtail.summaries.profile import Profile
from longtail.views import _kernels
from longtail.views._unicode import tables
from longtail.views.keys import Cells, Keys, purpose_key

I64 = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Excerpts:
    """Distinct documents in the order of their hashes, each cut to its first characters.

    Attributes:
        texts: Their texts.
        cells: Cell of each, shape (documents,).
    """

    texts: tuple[str, ...]
    cells: Cells

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.texts)

    def first(self, documents: int) -> "Excerpts":
        """Return the documents with the smallest hashes."""
        return Excerpts(self.texts[:documents], self.cells[:documents])

    @property
    def corpus(self) -> Corpus:
        """Return the words of the documents, numbered, folded as in the word views."""
        return self._words[0]

    def phrase(self, document: int, first: int, count: int) -> str:
        """Return some words of a document as they are written, with what stands between them."""
        _, data, bounds = self._words
        at = int(self.corpus.starts[document]) + first
        written = data[bounds[at, 0] : bounds[at + count - 1, 1]].tobytes().decode("utf-8")
        return " ".join(written.split())

    @cached_property
    def _words(self) -> tuple[Corpus, npt.NDArray[np.uint8], I64]:
        """Words, the bytes of all texts, a line each, and the bounds of each word in them."""
        lines = [unicodedata.normalize("NFC", text).encode("utf-8") for text in self.texts]
        data = np.frombuffer(b"\n".join(lines), np.uint8)
        ends = np.cumsum([len(line) + 1 for line in lines], dtype=np.int64)
        hashes, bounds = np.empty(len(data) + 1, np.uint64), np.empty((len(data) + 1, 2), np.int64)
        classes, folded = tables()
        count = _kernels.split_words(data, 0, len(data), classes, folded, np.uint64(purpose_key(0, "type")), hashes, bounds)
        starts = np.concatenate((np.zeros(1, np.int64), np.searchsorted(bounds[:count, 0], ends)))
        return corpus_from(hashes[:count], starts), data, bounds[:count].copy()


def excerpts_of(profile: Profile, half: int | None = None) -> Excerpts:
    """Return the sampled documents of a profile, or those of one half of the split."""
    entries = profile.sample.entries(half)
    return Excerpts(tuple(entry.text for entry in entries), np.array([entry.cell for entry in entries], np.uint16))


def words_in(text: str) -> Keys:
    """Return the hash of each word of a text, shape (words,), folded as in the word views."""
    data = np.frombuffer(unicodedata.normalize("NFC", text).encode("utf-8"), np.uint8)
    hashes, bounds = np.empty(len(data) + 1, np.uint64), np.empty((len(data) + 1, 2), np.int64)
    classes, folded = tables()
    return hashes[: _kernels.split_words(data, 0, len(data), classes, folded, np.uint64(purpose_key(0, "type")), hashes, bounds)]


def joined(left: Excerpts, right: Excerpts) -> Excerpts:
    """Return the documents of both, those of `left` first."""
    return Excerpts(left.texts + right.texts, np.concatenate((left.cells, right.cells)))
