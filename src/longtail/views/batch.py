"""What a view hands to a summary: the counted types of one batch of documents."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from longtail.views import _kernels
from longtail.views._unicode import composing
from longtail.views.keys import CELLS, Keys, purpose_key

Totals = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TypeBatch:
    """Types of one view in one batch.

    Attributes:
        first: Keys that were new in their document, unsorted.
        again: Keys repeated inside their document, once for each repeat, unsorted.
        documents: Documents per cell, shape (CELLS,).
        tokens: Tokens per cell, shape (CELLS,); all of them, also those of types outside a type sample.
    """

    first: Keys
    again: Keys
    documents: Totals
    tokens: Totals


@dataclass(frozen=True)
class Texts:
    """A batch of documents as Arrow stores them, with the hash and the cell of each.

    Attributes:
        data: UTF-8 bytes, NFC, shape (bytes,).
        offsets: Bounds of the documents in `data`, shape (documents + 1,).
        content: Hash of each document's content, shape (documents,).
        cells: Cell of each document, shape (documents,), as unsigned 64-bit integers.
    """

    data: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int32]
    content: Keys
    cells: Keys

    def __len__(self) -> int:
        """Return the number of documents."""
        return len(self.content)

    def text(self, index: int) -> str:
        """Return the text of one document."""
        return self.data[self.offsets[index] : self.offsets[index + 1]].tobytes().decode("utf-8")

    def ranks(self, seed: int, purpose: str) -> Keys:
        """Return each document's hash under the key of a purpose, shape (documents,)."""
        out = np.empty_like(self.content)
        _kernels.rekey(self.content, np.uint64(purpose_key(seed, purpose)), out)
        return out

    def per_cell(self, weights: npt.NDArray[np.int64] | None = None) -> Totals:
        """Return documents per cell, or the sum of `weights` per cell, shape (CELLS,)."""
        counts = np.bincount(self.cells.astype(np.int64), weights=weights, minlength=CELLS)
        return counts.astype(np.int64)


def texts_of(column: pa.StringArray, seed: int) -> Texts:
    """Return an Arrow string column (no nulls) as `Texts`, brought to NFC where a character in it may need that."""
    raw, bounds = _buffers(column)
    if not _is_composed(raw, bounds):
        raw, bounds = _buffers(pc.utf8_normalize(column, form="NFC"))
    content = np.empty(len(column), dtype=np.uint64)
    _kernels.hash_documents(raw, bounds, content)
    cells = np.empty(len(column), dtype=np.uint64)
    _kernels.cells_of_documents(content, np.uint64(purpose_key(seed, "half")), np.uint64(purpose_key(seed, "unit")), cells)
    return Texts(data=raw, offsets=bounds, content=content, cells=cells)


def _buffers(column: pa.StringArray) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
    _, offsets, data = column.buffers()
    bounds = np.frombuffer(offsets, dtype=np.int32)[column.offset : column.offset + len(column) + 1]
    return np.frombuffer(data, dtype=np.uint8) if data is not None else np.zeros(0, dtype=np.uint8), bounds


def _is_composed(raw: npt.NDArray[np.uint8], bounds: npt.NDArray[np.int32]) -> bool:
    return not _kernels.has_composing(raw, int(bounds[0]), int(bounds[-1]), composing())
