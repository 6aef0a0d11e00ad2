"""Bands of MinHash: which documents of a whole data set nearly repeat an earlier one, in a state that merges.

Every distinct document keeps the hash of its content, the number of its copies, and 16 bands of 8 values, 64 bits each, of its
signature (`summaries.minhash`: 128 functions over runs of five words). Documents are ordered by their content hash, and one
that shares a band with an earlier one nearly repeats it (Broder 1997; Indyk & Motwani 1998). A pair of similarity J shares a
band with probability 1 - (1 - J**8)**16: .06 at J = .5, .24 at .6, .61 at .7, .95 at .8, .9999 at .9; pairs are not looked at
again. A document without words has no bands, so that only its exact copies repeat it.

136 bytes a document are kept; bands beyond `MEMORY_DOCUMENTS` documents lie in temporary files.
"""

import shutil
import tempfile
import weakref
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.errors import IncompatibleSummaries
from longtail.views.batch import Texts
from longtail.views.keys import Keys

VERSION = "bands-1"
BANDS, ROWS = 16, 8
MEMORY_DOCUMENTS = 1 << 17

_BLOCK = 1 << 14  # documents
_KEY_BYTES = 8

Totals = npt.NDArray[np.int64]


class Block(NamedTuple):
    """Some documents: content hash and copies of each, shape (documents,), and their bands."""

    content: Keys
    copies: Totals
    keys: Keys | Path  # shape (BANDS, documents), or the file that holds them


class Clusters(NamedTuple):
    """Who repeats whom among the distinct documents of a data set, in the order of their content hashes.

    Attributes:
        content: Content hash of each, ascending, shape (documents,).
        copies: How often each stands in the data set, shape (documents,).
        earliest: The first document that shares a band with it, itself where no earlier one does, shape (documents,).
        root: Where following `earliest` ends, shape (documents,).
    """

    content: Keys
    copies: Totals
    earliest: Totals
    root: Totals

    @property
    def repeats(self) -> npt.NDArray[np.bool_]:
        """Return which distinct documents nearly repeat an earlier one, shape (documents,)."""
        return self.earliest < np.arange(len(self.earliest))


class Bands:
    """The bands of all documents of a data set.

    Args:
        seed: Seed of all hashes.
        memory_documents: Documents whose bands are kept in memory.
    """

    def __init__(self, seed: int = 0, memory_documents: int = MEMORY_DOCUMENTS) -> None:
        self.seed = seed
        self._memory_documents = memory_documents
        self._pending: list[Block] = []
        self._blocks: list[Block] = []
        self._directory: Path | None = None
        self._written_blocks = 0

    @property
    def key(self) -> tuple[object, ...]:
        """Seed and version: what must be equal to merge."""
        return (self.seed, VERSION)

    @property
    def documents(self) -> int:
        """Return the number of documents, copies among them."""
        return int(sum(block.copies.sum() for block in self._pending + self._blocks))

    def add(self, texts: Texts) -> None:
        """Take in one batch of documents."""
        self.take(self.signed(texts))

    def signed(self, texts: Texts) -> Block:
        """Return a batch of documents with their bands, to be taken in."""
        from longtail.summaries.minhash import Settings, bands, signatures  # compiles

        column = pa.StringArray.from_buffers(len(texts), pa.py_buffer(texts.offsets), pa.py_buffer(texts.data))
        made = signatures(column, Settings(seed=self.seed))
        return Block(texts.content, np.ones(len(texts), np.int64), bands(made.values, ROWS).T)

    def merge(self, other: Self) -> None:
        """Take in the bands of `other`.

        Raises:
            IncompatibleSummaries: The seeds differ.
        """
        if self.key != other.key:
            raise IncompatibleSummaries("bands", {"seed": self.seed}, {"seed": other.seed})
        for block in other._pending + other._blocks:
            self.take(block._replace(keys=np.stack([_keys(block, band) for band in range(BANDS)])))

    def to_dict(self) -> dict[str, Any]:
        """Return seed, version and the distinct documents by ascending content hash: `content`, `copies`, `keys` (BANDS, documents)."""
        content, copies, first = self._distinct()
        keys = [self._column(band, first) for band in range(BANDS)]
        return {"seed": self.seed, "version": VERSION, "content": content, "copies": copies, "keys": np.stack(keys)}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the bands whose `to_dict` gave `state`.

        Raises:
            IncompatibleSummaries: They are of another version.
        """
        if state["version"] != VERSION:
            raise IncompatibleSummaries("bands", {"version": VERSION}, {"version": state["version"]}, fix="profile the data again")
        made = cls(state["seed"])
        content, copies, keys = state["content"], state["copies"], state["keys"]
        for start in range(0, len(content), _BLOCK):
            part = slice(start, start + _BLOCK)
            made.take(Block(content[part], copies[part], keys[:, part]))
        return made

    def clusters(self) -> Clusters:
        """Return who repeats whom; takes 40 bytes a document beside the state."""
        content, copies, first = self._distinct()
        found = earliest(self._column(band, first) for band in range(BANDS)) if len(content) else np.zeros(0, np.int64)
        return Clusters(content, copies, found, roots(found))

    def take(self, block: Block) -> None:
        """Take in documents whose bands are in memory."""
        self._pending.append(block._replace(keys=np.array(block.keys)))
        if sum(len(block.content) for block in self._pending) >= _BLOCK:
            self._settle()

    def _settle(self) -> None:
        """Make one block of what is pending, and write the bands of all blocks to files where they are too many."""
        pending, self._pending = self._pending, []
        keys = np.concatenate([block.keys for block in pending], axis=1) if len(pending) > 1 else pending[0].keys
        self._blocks.append(Block(np.concatenate([b.content for b in pending]), np.concatenate([b.copies for b in pending]), keys))
        if sum(len(block.content) for block in self._blocks if not isinstance(block.keys, Path)) > self._memory_documents:
            self._blocks = [self._written(block) for block in self._blocks]

    def _written(self, block: Block) -> Block:
        if isinstance(block.keys, Path):
            return block
        if self._directory is None:
            self._directory = Path(tempfile.mkdtemp(prefix="longtail-bands-"))
            weakref.finalize(self, shutil.rmtree, self._directory, ignore_errors=True)
        self._written_blocks += 1
        path = self._directory / str(self._written_blocks)
        np.ascontiguousarray(block.keys).tofile(path)
        return block._replace(keys=path)

    def _distinct(self) -> tuple[Keys, Totals, Totals]:
        """Return content and copies of the distinct documents by ascending hash, and where each stands first in the blocks."""
        if self._pending:
            self._settle()
        if not self._blocks:
            return np.zeros(0, np.uint64), np.zeros(0, np.int64), np.zeros(0, np.int64)
        content, copies = (np.concatenate([block[part] for block in self._blocks]) for part in (0, 1))
        if not len(content):
            return content, copies, np.zeros(0, np.int64)
        order = np.argsort(content, kind="stable")
        content = content[order]
        starts = np.flatnonzero(np.concatenate([[True], content[1:] != content[:-1]]))
        return content[starts], np.add.reduceat(copies[order], starts), order[starts]

    def _column(self, band: int, first: Totals) -> Keys:
        """Return one band of the distinct documents, in their order, shape (documents,)."""
        parts = [_keys(block, band) for block in self._blocks]
        return np.concatenate(parts)[first] if parts else np.zeros(0, np.uint64)


def _keys(block: Block, band: int) -> Keys:
    if isinstance(block.keys, Path):
        size = len(block.content)
        return np.fromfile(block.keys, np.uint64, count=size, offset=band * size * _KEY_BYTES)
    return np.asarray(block.keys[band])


def earliest(columns: Iterable[Keys]) -> Totals:
    """Return the first document that shares a band with each, itself where no earlier one does, shape (documents,).

    Args:
        columns: The bands one after another, each a key for every document, 0 for none, shape (documents,); at least one.
    """
    from longtail.summaries import _bands_kernels as kernels

    found: Totals | None = None
    for keys in columns:
        found = np.arange(len(keys)) if found is None else found
        slots = np.full(1 << (2 * len(keys)).bit_length(), -1, np.int32)
        kernels.share_earlier(keys, slots, found)
    assert found is not None
    return found


def roots(earliest: Totals) -> Totals:
    """Return where following each document's earlier one ends, shape (documents,)."""
    from longtail.summaries import _bands_kernels as kernels

    found = np.empty_like(earliest)
    kernels.follow(earliest, found)
    return found
