"""The words of chosen rows: a further pass over the data that reads texts."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.ledger.chunks import Chunk, Table
from longtail.ledger.values import text as plain_text
from longtail.policies.mixing.gathering import Sources
from longtail.readers.arrow import outline
from longtail.readers.columns import MISSING, choose, find, recognise, text_of
from longtail.readers.quarantine import Unfit
from longtail.summaries.frequencies import ALL_TYPES, Frequencies
from longtail.summaries.rows import type_counts
from longtail.views import words as word_view
from longtail.views.batch import Texts, TypeBatch, texts_of
from longtail.views.keys import CELLS, Keys, cells_of, types_of

VIEW, SEED = "words_1", 0

Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


class Worded(NamedTuple):
    """The words of some rows.

    Attributes:
        rows: Numbers of the rows, shape (k,).
        types: Type of each word, each type once in its row, then each repeat, shape (words,).
        owners: Position in `rows` of the row it stands in, shape (words,).
        distinct: How many of the words are the first of their type in their row; they come first.
    """

    rows: Numbers
    types: Keys
    owners: npt.NDArray[np.uint16]
    distinct: int


class Passage(NamedTuple):
    """Some chosen rows of a chunk: their numbers, shape (k,), the chunk cut to them, and their texts, "" where there is none."""

    rows: Numbers
    chunk: Chunk
    texts: pa.StringArray


def passages(sources: Sources, wanted: Mask, stage: str, extra: Sequence[str] = ()) -> Iterator[Passage]:
    """Yield the rows that are marked, at most 4,096 at once.

    Args:
        sources: The data.
        wanted: Which rows, shape (rows,).
        stage: What progress is called.
        extra: Further columns that are needed.
    """
    reads = _Texts(sources.text_column, extra)
    for start, chunk in sources.chunks(stage, reads.columns):
        chosen = np.flatnonzero(wanted[start : start + len(chunk)])
        for at in range(0, len(chosen), CELLS):
            some = chosen[at : at + CELLS]
            part = chunk.take(some.tolist())
            yield Passage(start + some, part, reads.of(part))


class _Texts:
    """Finds the text of documents, as an audit would."""

    def __init__(self, text_column: str | None, extra: Sequence[str]) -> None:
        self._text_column, self._extra = text_column, extra

    def columns(self, path: str, schema: pa.Schema) -> Sequence[str]:
        """Return the columns to read."""
        choice = choose(path, [outline(schema)], self._text_column)
        tops = (name if name in schema.names else name.split(".")[0] for name in (choice.key, *self._extra))
        return [name for name in dict.fromkeys(tops) if name in schema.names]

    def of(self, chunk: Chunk) -> pa.StringArray:
        """Return the text of each document, "" where it has none that can be read."""
        if isinstance(chunk, Table):
            choice = choose(chunk.path, [outline(chunk.batch.schema)], self._text_column)
            column = None if choice.chat or choice.key not in chunk.batch.schema.names else plain_text(chunk.batch.column(choice.key))
            if column is not None:
                return column.fill_null("")
        return pa.array([self._text(record) for record in chunk.records], pa.string())

    def _text(self, record: dict[str, object] | Unfit) -> str:
        choice = None if isinstance(record, Unfit) else recognise(record, self._text_column)
        if choice is None or isinstance(record, Unfit):
            return ""
        value = find(record, choice.key)
        try:
            written = "" if value is MISSING else text_of(value, chat=choice.chat)
        except Unfit:
            return ""
        return written.encode("utf-8", "ignore").decode()


def worded(passage: Passage) -> Worded:
    """Return the words of some rows."""
    texts = texts_of(passage.texts, SEED)
    grams = _grams(replace(texts, cells=np.arange(len(texts), dtype=np.uint64)))
    keys = np.concatenate([grams.first, grams.again])
    return Worded(passage.rows, types_of(keys), cells_of(keys), len(grams.first))


def _grams(texts: Texts) -> TypeBatch:
    (grams,) = word_view.words(texts, [1], [ALL_TYPES], SEED)
    return grams


class WordCounts:
    """Words by type, in bounded memory."""

    def __init__(self) -> None:
        """Start with no words."""
        self._frequencies = Frequencies(VIEW, word_view.VERSION, SEED)

    def add(self, texts: pa.StringArray) -> None:
        """Count the words of some texts."""
        found = texts_of(texts, SEED)
        self._frequencies.add(_grams(replace(found, cells=np.zeros(len(found), np.uint64))))

    def types(self) -> tuple[Keys, Numbers]:
        """Return the types in ascending order and how many words of each there are, shapes (types,)."""
        types, tokens, _ = type_counts(self._frequencies, None, ALL_TYPES)
        return types, tokens
