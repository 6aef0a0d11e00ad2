"""What a view hands to a summary: the counted types of one batch of documents."""

import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from longtail.views import _kernels
from longtail.views._unicode import composing
from longtail.views.keys import CELL_BITS, CELLS, Keys, purpose_key

Totals = npt.NDArray[np.int64]


@dataclass(frozen=True)
class TypeBatch:
    """Types of one view in one batch.

    Attributes:
        first: Keys that were new in their document, unsorted.
        again: Keys repeated inside their document, once for each repeat, unsorted.
        cells: Cell of each document that takes part in the view, shape (documents,).
        lengths: Tokens of each of them, shape (documents,); all, also those of types outside a type sample.
    """

    first: Keys
    again: Keys
    cells: Keys
    lengths: Totals

    @property
    def documents(self) -> Totals:
        """Documents per cell, shape (CELLS,)."""
        return self._totals()[0]

    @property
    def tokens(self) -> Totals:
        """Tokens per cell, shape (CELLS,)."""
        return self._totals()[1]

    def add_totals(self, documents: Totals, tokens: Totals) -> None:
        """Add documents and tokens per cell to sums, both of shape (CELLS,)."""
        _kernels.add_totals(self.cells, self.lengths, documents, tokens)

    def _totals(self) -> tuple[Totals, Totals]:
        documents, tokens = np.zeros(CELLS, np.int64), np.zeros(CELLS, np.int64)
        self.add_totals(documents, tokens)
        return documents, tokens


@dataclass(frozen=True)
class Strings:
    """A column of texts as Arrow stores them, with the hash of each.

    Attributes:
        data: UTF-8 bytes, NFC, shape (bytes,).
        offsets: Bounds of the texts in `data`, shape (documents + 1,).
        content: Hash of each text, white space around it aside, shape (documents,).
    """

    data: npt.NDArray[np.uint8]
    offsets: npt.NDArray[np.int32]
    content: Keys

    def __len__(self) -> int:
        """Return the number of texts."""
        return len(self.content)

    def text(self, index: int) -> str:
        """Return one text."""
        return self.data[self.offsets[index] : self.offsets[index + 1]].tobytes().decode("utf-8")

    def ranks(self, seed: int, purpose: str) -> Keys:
        """Return each text's hash under the key of a purpose, shape (documents,)."""
        out = np.empty_like(self.content)
        _kernels.rekey(self.content, np.uint64(purpose_key(seed, purpose)), out)
        return out


@dataclass(frozen=True)
class Marks(Strings):
    """What stands beside each document, such as its prompt or its label: one text or none, which is empty in `data`.

    Attributes:
        given: Whether the document has one, shape (documents,).
    """

    given: npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Texts(Strings):
    """A batch of documents, with the cell of each.

    Attributes:
        cells: Cell of each document, shape (documents,), as unsigned 64-bit integers: by hash of its prompt where it has
            one, so that all documents of one prompt share a cell, else by hash of its own text.
        prompts: Prompts of the documents, where any of the batch has one.
        ids: Stated ids of the documents, null for those without, where any of the batch has one.
    """

    cells: Keys
    prompts: Marks | None = None
    ids: pa.StringArray | None = None

    def id(self, index: int) -> str:
        """Return the stated id of one document, or the hash of its content as 16 hex digits where none is stated."""
        stated = None if self.ids is None else self.ids[index].as_py()
        return stated or f"{int(self.content[index]):016x}"


def texts_of(column: pa.StringArray, seed: int, *, prompts: Marks | None = None, ids: pa.StringArray | None = None) -> Texts:
    """Return an Arrow string column (no nulls) as `Texts`, brought to NFC where a character in it may need that.

    Args:
        column: The texts of the documents.
        seed: Seed of all hashes.
        prompts: Prompts of the documents, which then decide on cells.
        ids: Stated ids of the documents.
    """
    strings = _strings(column)
    owner = strings.content if prompts is None else np.where(prompts.given, prompts.content, strings.content)
    cells = np.empty(len(column), dtype=np.uint64)
    _kernels.cells_of_documents(owner, np.uint64(purpose_key(seed, "half")), np.uint64(purpose_key(seed, "unit")), cells)
    return Texts(strings.data, strings.offsets, strings.content, cells, prompts, ids)


def marks_of(column: pa.StringArray) -> Marks:
    """Return an Arrow string column in which null stands for none as `Marks`."""
    strings = _strings(column.fill_null("") if column.null_count else column)
    given = column.is_valid().to_numpy(zero_copy_only=False)
    return Marks(strings.data, strings.offsets, strings.content, given)


def texts_in(batch: pa.RecordBatch, seed: int) -> Texts:
    """Return the documents of a batch: column `text`, and `prompt` and `lt_id` (both nullable) where it has them."""
    prompts = marks_of(batch.column("prompt")) if "prompt" in batch.schema.names else None
    ids = batch.column("lt_id") if "lt_id" in batch.schema.names else None
    return texts_of(batch.column("text"), seed, prompts=prompts, ids=ids)


def one_each(types: Keys, texts: Texts, given: npt.NDArray[np.bool_] | None = None) -> TypeBatch:
    """Return one token of its type for each document, or for each marked in `given`; the others do not take part in the view.

    Args:
        types: Type of each document, shape (documents,), values below 2**52.
        texts: The documents.
        given: Which documents have a type, shape (documents,); None for all.
    """
    kinds, cells = (types, texts.cells) if given is None else (types[given], texts.cells[given])
    return TypeBatch(
        first=kinds << np.uint64(CELL_BITS) | cells,
        again=np.zeros(0, dtype=np.uint64),
        cells=cells,
        lengths=np.ones(len(cells), np.int64),
    )


def composed(column: pa.StringArray) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
    """Return the bytes and the bounds of an Arrow string column (no nulls), brought to NFC where a character in it may need that."""
    raw, bounds = _buffers(column)
    return (raw, bounds) if _is_composed(raw, bounds) else _buffers(_nfc(column))


def _nfc(column: pa.StringArray) -> pa.StringArray:
    """Return texts in NFC; some releases of Arrow decompose instead (apache/arrow#51225), where Python composes one by one."""
    if _arrow_composes():
        return pc.utf8_normalize(column, form="NFC")
    return pa.array([unicodedata.normalize("NFC", text) for text in column.to_pylist()], pa.string())


@cache
def _arrow_composes() -> bool:
    return bool(pc.utf8_normalize(pa.array(["e\u0301"]), form="NFC")[0].as_py() == "\u00e9")


def _strings(column: pa.StringArray) -> Strings:
    raw, bounds = composed(column)
    content = np.empty(len(column), dtype=np.uint64)
    _kernels.hash_documents(raw, bounds, content)
    return Strings(raw, bounds, content)


def _buffers(column: pa.StringArray) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int32]]:
    """Return bytes that are read only and bounds that are not, whatever the buffers are: loops are compiled for each kind."""
    _, offsets, data = column.buffers()
    bounds = np.frombuffer(offsets, dtype=np.int32)[column.offset : column.offset + len(column) + 1].copy()
    raw = np.frombuffer(data if data is not None else b"", dtype=np.uint8)
    raw.flags.writeable = False
    return raw, bounds


def _is_composed(raw: npt.NDArray[np.uint8], bounds: npt.NDArray[np.int32]) -> bool:
    return not _kernels.has_composing(raw, int(bounds[0]), int(bounds[-1]), composing())
