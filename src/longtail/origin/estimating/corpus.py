"""Data sets of texts for an estimate: read once, from first to last, and drawn to a size that fits."""

import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import pyarrow as pa
import xxhash

from longtail.errors import UsageError
from longtail.origin.estimating.drawing import Drawing, Ranks
from longtail.origin.reference import Floats
from longtail.readers import BY, Named, Reading, read
from longtail.records import OnProgress, Record
from longtail.summaries.sources import site_of
from longtail.views.batch import texts_of

Role = Literal["data", "human", "synthetic", "pairs", "control_human", "control_synthetic"]
Column = tuple[str | None, ...]

DOCUMENTS = 20_000
_PURPOSE = "estimate"


class Input(Record, frozen=True):
    """One data set that an estimate read.

    Attributes:
        role: What it was read as.
        path: As it was named.
        documents: Documents read.
        quarantined: Documents set aside: without text, or unreadable.
        sha256: Of the file, of the sorted hashes of several, None for what is no file.
        origin: Name of the machine origin that its texts are of; empty for any other.
    """

    role: Role
    path: str
    documents: int
    quarantined: int
    sha256: str | None
    origin: str = ""


class How(NamedTuple):
    """How data sets are read: the column with the text, the table of an SQLite file, documents drawn, the seed of the draw."""

    text_column: str | None = None
    table: str | None = None
    documents: int = DOCUMENTS
    seed: int = 0
    on_progress: OnProgress | None = None


@dataclass(frozen=True)
class Drawn:
    """What was drawn from a data set.

    Attributes:
        input: What was read.
        texts: Shape (documents drawn,).
        columns: By what they are for, the value of each document drawn.
        parts: The files.
    """

    input: Input
    texts: tuple[str, ...]
    columns: dict[str, Column]
    parts: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of documents drawn."""
        return len(self.texts)

    def scores(self) -> Floats | None:
        """Return the scores that stand beside the texts, NaN for a document without one, shape (documents, 1); None if not asked for.

        Raises:
            UsageError: One is no number.
        """
        found = self.columns.get("score")
        return None if found is None else np.array([number_of(value, self.input.path) for value in found], np.float64)[:, None]

    def clusters(self) -> tuple[object, ...] | None:
        """Return the cluster of each document, one of its own where it has none; None if not asked for."""
        found = self.columns.get("cluster")
        return None if found is None else tuple((at,) if value is None else value for at, value in enumerate(found))


def number_of(value: str | None, path: str) -> float:
    """Return a score, NaN where there is none.

    Raises:
        UsageError: It is no number.
    """
    if value is None:
        return math.nan
    try:
        return float(value)
    except ValueError:
        raise UsageError(f"{path}: the score {value[:40]!r} is no number; name a column of numbers with --score-column") from None


def drawn(
    data: Any, role: Role, wanted: Mapping[str, Named], how: How, *, origin: str = "", together: str = "", text_column: str | None = None
) -> Drawn:
    """Read a data set and draw documents from it by a keyed hash of their texts.

    Args:
        data: Whatever `longtail.readers.read` takes.
        role: What it is.
        wanted: Columns beside the text, by what they are for.
        how: How it is read.
        origin: Name of the machine origin of its texts.
        together: What the column is for whose documents are drawn together or not at all; copies of a text always are.
        text_column: The column with the text, where it is another than that of `how`.

    Raises:
        ReadError: The data cannot be read to their end, hold no documents, or lack a column.
        UsageError: The data are of another type.
    """
    reading = read(
        data, text_column or how.text_column, how.table, how.on_progress, by=tuple(dict.fromkeys(wanted.values())), texts_only=True
    )
    drawing = Drawing(how.documents)
    for batch in reading.batches():
        columns = {name: batch.column(BY + column) for name, column in wanted.items()}
        drawing.take(_ranks(batch, columns.get(together), how.seed), batch.column("text"), list(columns.values()))
    rows = drawing.rows()
    values = {name: tuple(by_site(row.values[at]) for row in rows) for at, name in enumerate(wanted)}
    return Drawn(input_of(reading, role, origin), tuple(row.text for row in rows), values, reading.parts)


def input_of(reading: Reading, role: Role, origin: str = "") -> Input:
    """Return what was read in the latest pass."""
    return Input(
        role=role,
        path=reading.path,
        documents=reading.documents,
        quarantined=reading.quarantined,
        sha256=reading.sha256,
        origin=origin,
    )


def _ranks(batch: pa.RecordBatch, together: pa.Array | None, seed: int) -> Ranks:
    """Return what documents are drawn by: the hash of the text, or of what it is drawn together with, shape (documents,)."""
    ranks = texts_of(batch.column("text"), seed).ranks(seed, _PURPOSE)
    if together is None:
        return ranks
    keys = [None if value is None else xxhash.xxh3_64_intdigest(value.encode(), seed) for value in together.to_pylist()]
    return np.array([rank if key is None else key for rank, key in zip(ranks.tolist(), keys, strict=True)], np.uint64)


def by_site(value: str | None) -> str | None:
    """Return the site of a page of the web, any other value as it is."""
    return site_of(value) if value is not None and value[:8].lower().startswith(("http://", "https://")) else value


def check_apart(measured: Drawn, reference: Sequence[Drawn]) -> None:
    """Refuse to measure a data set that is its own reference.

    Raises:
        UsageError: A file is in both.
    """
    ours = {os.path.realpath(part) for part in measured.parts if part != "-"}
    for other in reference:
        both = [part for part in other.parts if os.path.realpath(part) in ours]
        if both:
            raise UsageError(
                f"{both[0]!r} is read as {measured.input.role} and as {other.input.role} at once; a reference says nothing of its own "
                "texts: give others"
            )
