"""From a batch of documents to the types of every view that a profile counts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.readers import BY
from longtail.readers.vectors import VECTOR, vectors_of
from longtail.summaries.frame import Frame
from longtail.summaries.frequencies import Frequencies
from longtail.views import categories as category_view
from longtail.views import code as code_view
from longtail.views import codebook as codebook_view
from longtail.views import documents as document_view
from longtail.views import formats as format_view
from longtail.views import labels as label_view
from longtail.views import lengths as length_view
from longtail.views import numbers as number_view
from longtail.views import turns as turn_view
from longtail.views import validity as validity_view
from longtail.views import words as word_view
from longtail.views.batch import Marks, Texts, TypeBatch, marks_of, texts_in
from longtail.views.grams import slices_of
from longtail.views.names import DOCUMENTS, FORMATS, LABELS, LENGTHS, PROMPTS, VALIDITY, View, is_content, view_of
from longtail.views.numbers import Numbers
from longtail.views.validity import Validity

Counted = Iterator[tuple[str, TypeBatch]]


class Columns:
    """What a batch holds beside its texts, each column decoded once."""

    def __init__(self, batch: pa.RecordBatch) -> None:
        self._batch = batch
        self._marks: dict[str, Marks] = {}
        self._numbers: dict[str, Numbers] = {}
        self._vectors: dict[str, npt.NDArray[np.float32]] = {}

    def marks(self, column: str) -> Marks:
        """Return what the documents say in a column that was asked for by name."""
        return self.named(BY + column, column)

    def named(self, name: str, held_as: str | None = None) -> Marks:
        """Return a column of the batch as text; none of its documents has one where the batch lacks it."""
        key = held_as or name
        if key not in self._marks:
            known = name in self._batch.schema.names
            self._marks[key] = marks_of(self._batch.column(name) if known else pa.nulls(self._batch.num_rows, pa.string()))
        return self._marks[key]

    def numbers(self, column: str, texts: Texts) -> Numbers:
        """Return the numbers of a column."""
        if column not in self._numbers:
            self._numbers[column] = number_view.numbers_of(self.marks(column), texts)
        return self._numbers[column]

    def vectors(self, column: str, width: int) -> npt.NDArray[np.float32]:
        """Return the vectors of a column, NaN where a document has none, shape (documents, d); d is `width` where the batch has none."""
        if column not in self._vectors:
            name, rows = VECTOR + column, self._batch.num_rows
            known = name in self._batch.schema.names and self._batch.column(name).null_count < rows
            self._vectors[column] = vectors_of(self._batch.column(name)) if known else np.full((rows, width), np.nan, np.float32)
        return self._vectors[column]


def versions_of(views: Sequence[View], by: Iterable[str], frame: Frame, validity: Validity | None = None) -> dict[str, str]:
    """Return the names of all counts that a profile of these views and slices keeps, with the version of the rules of each."""
    found = {DOCUMENTS: document_view.VERSION, PROMPTS: document_view.PROMPTS_VERSION}
    if any(view.is_text for view in views):
        found[LENGTHS] = length_view.VERSION
    if validity is not None:
        found[VALIDITY] = f"{validity_view.VERSION}/{validity.name}"
    found |= {LABELS + name: label_view.VERSION for name in by}
    categories = [view.column for view in views if view.kind == "category"]
    return found | {view.name: _version(view, categories, frame) for view in views if view.kind != "near_duplicates"}


def _version(view: View, categories: Sequence[str], frame: Frame) -> str:
    if view.kind == "number":
        return frame.edges[view.column].version
    if view.kind == "regions":
        return frame.codebooks[view.column].version
    return {
        "words": word_view.VERSION,
        "code": code_view.VERSION,
        "formats": format_view.VERSION,
        "turns": turn_view.VERSION,
        "category": category_view.VERSION,
        "pairs": category_view.pairs_version(categories),
    }[view.kind]


def valid_of(batch: pa.RecordBatch, validity: Validity, seed: int) -> tuple[pa.RecordBatch, TypeBatch]:
    """Return the documents of a batch that are valid, and the counts of those that are and are not."""
    valid = validity.of(batch.column("text"))
    return batch.filter(pa.array(valid)), validity_view.validity(texts_in(batch, seed), valid)


def counts_of(texts: Texts, columns: Columns, kept: Mapping[str, Frequencies], frame: Frame, seed: int) -> Counted:
    """Yield the types of a batch for each of the counts that are kept, by name.

    Args:
        texts: The documents.
        columns: What the batch holds beside them.
        kept: The counts, for their names and for the thresholds of their type samples.
        frame: Bins and codebooks.
        seed: Seed of all hashes.
    """
    yield DOCUMENTS, document_view.documents(texts, seed)
    yield PROMPTS, document_view.prompts(texts, seed)
    if LENGTHS in kept:
        yield from _text_counts(texts, kept, seed)
    for name in kept:
        if name.startswith(LABELS):
            yield name, label_view.labels(columns.marks(name.removeprefix(LABELS)), texts, seed)
    yield from _column_counts(texts, columns, [view_of(name) for name in kept if is_content(name)], frame, seed)


def _text_counts(texts: Texts, kept: Mapping[str, Frequencies], seed: int) -> Counted:
    """Yield n-grams of words and of code, lengths and formats; words are cut once for all orders."""
    words, lengths = {1: "", **_by_order(kept, "words")}, [np.zeros(0, np.int64)]
    orders = sorted(words)
    for part in slices_of(texts):
        grams = word_view.lent_words(part, orders, [_theta(kept, words[order]) for order in orders], seed)
        yield from ((words[order], found) for order, found in zip(orders, grams, strict=True) if words[order])
        lengths.append(grams[0].lengths)
    yield LENGTHS, length_view.lengths(texts, np.concatenate(lengths))
    if FORMATS in kept:
        yield FORMATS, format_view.formats(texts)
    if code := _by_order(kept, "code"):
        found = code_view.code(texts, [*code], [_theta(kept, name) for name in code.values()], seed)
        yield from zip(code.values(), found, strict=True)


def _by_order(kept: Mapping[str, Frequencies], kind: str) -> dict[int, str]:
    """Return the names of the views of n-grams of one kind by the order of their n-grams, ascending."""
    views = [view_of(name) for name in kept if is_content(name)]
    return {view.order: view.name for view in sorted(views, key=lambda view: view.order) if view.kind == kind}


def _theta(kept: Mapping[str, Frequencies], name: str) -> int:
    """Return the threshold below which types of a view are wanted; 0 for what is not kept."""
    return kept[name].running_theta if name else 0


def _column_counts(texts: Texts, columns: Columns, views: Sequence[View], frame: Frame, seed: int) -> Counted:
    """Yield categories, pairs of them, bins of numbers, regions of vectors, and turns."""
    categories = {view.column: columns.marks(view.column) for view in views if view.kind == "category"}
    for view in views:
        if view.kind == "category":
            yield view.name, category_view.category(categories[view.column], texts, seed)
        elif view.kind == "pairs":
            yield view.name, category_view.pairs(categories, texts, seed)
        elif view.kind == "number":
            yield view.name, number_view.numbers(columns.numbers(view.column, texts), frame.edges[view.column])
        elif view.kind == "regions":
            codebook = frame.codebooks[view.column]
            yield view.name, codebook_view.regions(columns.vectors(view.column, codebook.width), texts, codebook)
        elif view.kind == "turns":
            yield view.name, turn_view.turns(columns.named("turns"), texts, seed)
