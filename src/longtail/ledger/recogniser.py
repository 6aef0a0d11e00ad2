"""The recogniser: was this text, or one much like it, generated before?

It looks in this order: the same id, the same text up to case and spacing, and the nearest text by MinHash. It knows nothing
of the store; it is built from batches with the columns of `signatures.SCHEMA`.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from itertools import repeat, zip_longest
from typing import Any, Literal

import numpy as np
import pyarrow as pa

from longtail.errors import UsageError
from longtail.ledger.columns import identity
from longtail.ledger.signatures import Strings, hash_bits, signature_table, stacked, strings
from longtail.records import Record
from longtail.summaries.minhash import DEFAULT, Settings, matches_needed, signatures
from longtail.summaries.neighbours import Neighbours

__all__ = ["Match", "Recogniser", "signature_table"]

RECOGNISED = 0.7
"""Least similarity of a near match: of texts of which every fiftieth word was changed, 999 in a thousand are found; at 0.8, 773."""
_TOGETHER, _CHARACTERS = 1024, 1 << 22  # texts signed in one call
_ABSENT: Any = object()

Asked = tuple[str | None, str | None]


class Match(Record, frozen=True):
    """What a text was recognised as.

    `kind` says how: `exact` (the same id), `normalised` (the same text up to case and spacing) or `near`, where
    `similarity` is an estimate of the share of runs of five words in common (Jaccard); it is 1 for the others.
    """

    lt_id: str
    kind: Literal["exact", "normalised", "near"]
    similarity: float


class Recogniser:
    """Looks texts up among everything that was generated.

    About 440 bytes of memory a document: its signature, 32 sorted bands of 8 bytes, its hash and its id. Texts that share
    less than `threshold` of their runs of five words are not found, nor is a passage inside a much longer text.

    Args:
        batches: Tables or batches with the columns of `signatures.SCHEMA`, in any order; they are not kept.
        settings: How the signatures were made; batches that say so themselves must agree.

    Raises:
        IncompatibleSummaries: A batch says that its signatures were made with other settings.
        UsageError: A batch lacks a column, or holds something else in it.
    """

    def __init__(self, batches: Iterable[pa.RecordBatch | pa.Table], settings: Settings = DEFAULT) -> None:
        stored = stacked(batches, settings)
        self.settings = settings
        self._ids = stored.ids
        hashed = np.flatnonzero(stored.hashed)
        order = hashed[np.argsort(stored.hashes[hashed], kind="stable")]
        self._hashes, self._hashed = stored.hashes[order], order.astype(np.uint32)
        given, values = stored.signed.given, stored.signed.values
        self._signed = np.flatnonzero(given).astype(np.uint32)
        self._neighbours = Neighbours(values if given.all() else values[given])

    def __len__(self) -> int:
        """Return the number of documents known."""
        return len(self._ids)

    @property
    def nbytes(self) -> int:
        """Bytes of memory held."""
        arrays = (self._hashes, self._hashed, self._signed)
        return int(self._ids.nbytes) + sum(array.nbytes for array in arrays) + self._neighbours.nbytes

    def look_up(self, texts: Strings, threshold: float = RECOGNISED, ids: Iterable[str | None] | None = None) -> list[Match | None]:
        """Return what each text is recognised as: the best match, of equals that of the smallest id; None where there is none.

        Null and blank texts are never recognised: they say nothing of where they come from.

        Args:
            texts: What is looked up.
            threshold: Least estimated similarity of a near match.
            ids: Ids of the documents; by default, and where one is None, that of a document that is nothing but this text.

        Raises:
            ConfigError: The threshold is not above 0 and at most 1.
            UsageError: A text is not valid Unicode, or there are more ids than texts or fewer.
        """
        matches_needed(threshold)
        return [match for part in _parts(texts, ids) for match in self._look_up(part, threshold)]

    def _look_up(self, asked: list[Asked], threshold: float) -> list[Match | None]:
        texts = strings([text for text, _ in asked], "text")
        found = [self._same(text.as_py(), name) for text, (_, name) in zip(texts, asked, strict=True)]
        rest = [index for index, match in enumerate(found) if match is None]
        signed = signatures(texts.take(pa.array(rest, pa.int64())), self.settings)
        rows, similarities = self._neighbours.nearest(signed.values, threshold)
        for at in np.flatnonzero(signed.given & (rows >= 0)):
            name = self._id(int(self._signed[rows[at]]))
            found[rest[at]] = Match(lt_id=name, kind="near", similarity=float(similarities[at]))
        return found

    def _same(self, text: str | None, name: str | None) -> Match | None:
        """Return the match of a text that is stored as it is, or up to case and spacing."""
        wanted = hash_bits(text)
        if text is None or wanted is None:
            return None
        name = name or identity({"text": text})
        row = bisect_left(range(len(self)), name, key=self._id)
        if row < len(self) and self._id(row) == name:
            return Match(lt_id=name, kind="exact", similarity=1.0)
        at = int(np.searchsorted(self._hashes, wanted))
        if at < len(self._hashes) and self._hashes[at] == wanted:
            return Match(lt_id=self._id(int(self._hashed[at])), kind="normalised", similarity=1.0)
        return None

    def _id(self, row: int) -> str:
        return str(self._ids[row].as_py())


def _parts(texts: Strings, ids: Iterable[str | None] | None) -> Iterator[list[Asked]]:
    """Yield texts with their ids, some at a time."""
    part: list[Asked] = []
    size = 0
    for text, name in _asked(texts, ids):
        part.append((text, name))
        size += len(text) if isinstance(text, str) else 0
        if len(part) == _TOGETHER or size > _CHARACTERS:
            yield part
            part, size = [], 0
    if part:
        yield part


def _asked(texts: Strings, ids: Iterable[str | None] | None) -> Iterator[Asked]:
    plain = (text.as_py() for text in texts) if isinstance(texts, pa.Array | pa.ChunkedArray) else texts
    if ids is None:
        yield from zip(plain, repeat(None))
        return
    for text, name in zip_longest(plain, ids, fillvalue=_ABSENT):
        if text is _ABSENT or name is _ABSENT:
            raise UsageError(f"there are {'fewer' if text is _ABSENT else 'more'} texts than ids; give one id for each text, or none")
        yield text, name
