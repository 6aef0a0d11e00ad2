"""The frame of a profile: bins and codebooks that half A of a reference fixed, so that all data sets are counted in the same regions.

It is fitted once, never again: refitting for each generation would move the regions with the data.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from longtail.errors import ConfigError
from longtail.readers import BY
from longtail.readers.vectors import VECTOR, vectors_of
from longtail.summaries.moments import Standard, fit_standard
from longtail.views.batch import marks_of, texts_in
from longtail.views.codebook import Codebook, fit_codebook
from longtail.views.keys import half_of
from longtail.views.names import View
from longtail.views.numbers import Edges, fit_edges, parsed

Values = npt.NDArray[np.float64]

FITTED_NUMBERS = 1 << 17
FITTED_VECTORS = 10_000
"""Distinct documents of half A, those of smallest hash, that bins and codebooks are fitted on."""


@dataclass(frozen=True)
class Frame:
    """Where the bins and regions are.

    Attributes:
        edges: Edges of the bins by column of numbers.
        codebooks: Codebooks by column of vectors.
        standards: Centre, scale and leading directions by column of vectors.
    """

    edges: Mapping[str, Edges] = field(default_factory=dict)
    codebooks: Mapping[str, Codebook] = field(default_factory=dict)
    standards: Mapping[str, Standard] = field(default_factory=dict)

    @cached_property
    def hash(self) -> str:
        """Return a hash of all of it, as 16 hex digits; empty where it fixes nothing."""
        parts = [f"{column}:{part.hash}" for group in self._groups() for column, part in sorted(group.items())]
        return hashlib.blake2b("\n".join(parts).encode(), digest_size=8).hexdigest() if parts else ""

    def _groups(self) -> tuple[Mapping[str, Any], ...]:
        return self.edges, self.codebooks, self.standards

    def require(self, views: Iterable[View]) -> None:
        """Refuse a frame that lacks a column of these views.

        Raises:
            ConfigError: It does.
        """
        for view in views:
            held = {"number": self.edges, "regions": self.codebooks}.get(view.kind)
            if held is not None and view.column not in held:
                raise ConfigError(f"view {view.name!r} was not fitted on the reference; profile the reference with --view {view.name} too")

    def to_dict(self) -> dict[str, Any]:
        """Return the state: parts by column in three groups."""
        names = ("edges", "codebooks", "standards")
        return {name: {column: part.to_dict() for column, part in group.items()} for name, group in zip(names, self._groups(), strict=True)}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the frame whose `to_dict` gave `state`."""
        return cls(
            {column: Edges.from_dict(part) for column, part in state["edges"].items()},
            {column: Codebook.from_dict(part) for column, part in state["codebooks"].items()},
            {column: Standard.from_dict(part) for column, part in state["standards"].items()},
        )


class Smallest:
    """Rows of the distinct documents of smallest hash in half A, one row for each.

    Args:
        size: Rows kept at most.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        self._ranks: list[npt.NDArray[np.uint64]] = []
        self._rows: list[npt.NDArray[Any]] = []
        self._held = 0

    def __len__(self) -> int:
        """Return how many rows are held, some of them more than once."""
        return self._held

    def add(self, ranks: npt.NDArray[np.uint64], rows: npt.NDArray[Any]) -> None:
        """Take in rows, shape (n, …), with the hash of the document of each, shape (n,)."""
        if not len(rows):
            return
        self._ranks.append(ranks)
        self._rows.append(rows)
        self._held += len(rows)
        if self._held > 4 * self.size:
            self.rows()

    def rows(self) -> npt.NDArray[Any]:
        """Return the rows kept, in the order of the hashes, shape (at most size, …); an empty array where there are none."""
        if not self._rows:
            return np.zeros(0)
        ranks, first = np.unique(np.concatenate(self._ranks), return_index=True)
        rows = np.concatenate(self._rows)[first[: self.size]]
        self._ranks, self._rows, self._held = [ranks[: self.size]], [rows], len(rows)
        return rows


def fit(batches: Iterable[pa.RecordBatch], views: Iterable[View], seed: int) -> Frame:
    """Return the frame that a reference fixes in one pass: views of numbers and of vectors, fitted on half A.

    Args:
        batches: The reference, as a reader gives it.
        views: The views of a profile; those that need no frame are passed over.
        seed: Seed of all hashes.

    Raises:
        ConfigError: A column holds no number, or no finite vector.
    """
    numbers = {view.column: Smallest(FITTED_NUMBERS) for view in views if view.kind == "number"}
    vectors = {view.column: Smallest(FITTED_VECTORS) for view in views if view.kind == "regions"}
    for batch in batches:
        texts = texts_in(batch, seed)
        chosen = half_of(texts.cells.astype(np.uint16)) == 0
        ranks = texts.ranks(seed, "frame")
        for column, kept in numbers.items():
            values = parsed(marks_of(batch.column(BY + column)))
            at = chosen & ~np.isnan(values)
            kept.add(ranks[at], values[at])
        for column, kept in vectors.items():
            rows = _rows(batch, column)
            at = chosen[: len(rows)] & np.isfinite(rows).all(axis=1)
            kept.add(ranks[: len(rows)][at], rows[at])
    fitted = {column: _vectors(column, kept) for column, kept in vectors.items()}
    return Frame(
        edges={column: fit_edges(column, kept.rows()) for column, kept in numbers.items()},
        codebooks={column: fit_codebook(column, rows, seed) for column, rows in fitted.items()},
        standards={column: fit_standard(rows) for column, rows in fitted.items()},
    )


def _rows(batch: pa.RecordBatch, column: str) -> npt.NDArray[np.float32]:
    """Return the vectors of a batch, shape (documents, d); of shape (0, 0) where it has none."""
    name = VECTOR + column
    known = name in batch.schema.names and batch.column(name).null_count < batch.num_rows
    return vectors_of(batch.column(name)) if known else np.zeros((0, 0), np.float32)


def _vectors(column: str, kept: Smallest) -> npt.NDArray[np.float32]:
    if not len(kept):
        raise ConfigError(
            f"column {column!r} has no finite vector in half A of the reference; give a larger reference, or mend its features"
        )
    return kept.rows()
