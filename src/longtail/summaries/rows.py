"""Counts of several samples joined by type and by permutation unit."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from longtail.summaries import _rows_kernels as kernels
from longtail.summaries.frequencies import Frequencies, number_of_types
from longtail.summaries.runs import Counts
from longtail.summaries.units import Units
from longtail.views.keys import CELL_BITS, CELLS, Cells, Keys, bin_of, half_of

Totals = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Side:
    """One sample of a comparison: counts, the half that takes part (None for both), and its units."""

    frequencies: Frequencies
    half: int | None
    units: Units


@dataclass(frozen=True)
class Rows:
    """Rows (type, unit, tokens, documents), grouped by type.

    Attributes:
        types: Type hashes, ascending, shape (types,).
        starts: Where each type's rows begin, shape (types + 1,).
        unit: Unit of each row; units are numbered through all samples in order, shape (rows,).
        tokens: Tokens of each row, shape (rows,).
        documents: Documents of each row, shape (rows,).
        sizes: Number of units of each sample.
        unit_tokens: All tokens of each unit, shape (units,).
        unit_documents: All documents of each unit, shape (units,).
    """

    types: Keys
    starts: Totals
    unit: Cells
    tokens: Counts
    documents: Counts
    sizes: tuple[int, ...]
    unit_tokens: Totals
    unit_documents: Totals

    @property
    def columns(self) -> kernels.Columns:
        """Return types, where the rows of each begin, and unit, tokens and documents of each row."""
        return self.types, self.starts, self.unit, self.tokens, self.documents

    def only(self, kept: npt.NDArray[np.bool_]) -> "Rows":
        """Return the rows of the types marked in `kept`, shape (types,); unit totals stay those of all types."""
        lengths = np.diff(self.starts)
        out = _room(int(np.count_nonzero(kept)), int(lengths @ kept))
        kernels.keep_types(self.columns, kept, out)
        return Rows(*out, self.sizes, self.unit_tokens, self.unit_documents)

    def per_unit(self, chosen: npt.NDArray[np.bool_]) -> Totals:
        """Return the tokens of the chosen types by unit, shape (units,)."""
        sums: Totals = np.zeros(sum(self.sizes), np.int64)
        kernels.sum_by_unit(self.starts, self.unit, self.tokens, chosen, sums)
        return sums

    def of_sample(self, sample: int, weights: Counts) -> Totals:
        """Return the sum of `weights` (tokens or documents of rows) of each type in one sample, shape (types,)."""
        first = sum(self.sizes[:sample])
        sums: Totals = np.empty(len(self.types), np.int64)
        kernels.sum_of_units(self.starts, self.unit, weights, first, first + self.sizes[sample], sums)
        return sums

    @cached_property
    def products(self) -> npt.NDArray[np.float64]:
        """The sum over types of the product of the tokens in two units, shape (units, units)."""
        sums = np.zeros((sum(self.sizes),) * 2)
        kernels.products_of_units(self.starts, self.unit, self.tokens, sums)
        return sums


def join(sides: list[Side]) -> Rows:
    """Return the rows of several samples of one view joined by type.

    Raises:
        IncompatibleSummaries: The samples were counted with unlike settings.
    """
    for side in sides[1:]:
        sides[0].frequencies.require_comparable(side.frequencies)
    theta = min(side.frequencies.theta for side in sides)
    columns, first = _room(0, 0), 0
    for side in sides:
        columns = _with(columns, side, first, theta)
        first += side.units.count
    return Rows(
        *columns,
        sizes=tuple(side.units.count for side in sides),
        unit_tokens=np.concatenate([_unit_totals(side, side.frequencies.tokens) for side in sides]),
        unit_documents=np.concatenate([_unit_totals(side, side.frequencies.documents) for side in sides]),
    )


def type_counts(frequencies: Frequencies, half: int | None, theta: int) -> tuple[Keys, Totals, Totals]:
    """Return the types of one half (both if None) below `theta` with their tokens and documents, each of shape (types,)."""
    keys, tokens, documents = _below(frequencies, theta)
    room = number_of_types(keys)
    out: tuple[Keys, Totals, Totals] = (np.empty(room, np.uint64), np.empty(room, np.int64), np.empty(room, np.int64))
    size = kernels.sum_by_type(keys, tokens, documents, -1 if half is None else half, *out)
    return out[0][:size], out[1][:size], out[2][:size]


def _below(frequencies: Frequencies, theta: int) -> tuple[Keys, Counts, Counts]:
    """Return keys, tokens and documents of the types below `theta`, to be read only: in memory or in a file, one kind of array."""
    run = frequencies.run().between(0, theta << CELL_BITS)
    keys, tokens, documents = (column.view(np.ndarray) for column in run.columns())
    for column in (keys, tokens, documents):
        column.flags.writeable = False
    return keys, tokens, documents


def _room(types: int, rows: int) -> kernels.Columns:
    """Return columns for so many types and rows."""
    of_rows = np.empty(rows, np.uint16), np.empty(rows, np.uint32), np.empty(rows, np.uint32)
    return np.empty(types, np.uint64), np.zeros(types + 1, np.int64), *of_rows


def _with(columns: kernels.Columns, side: Side, first: int, theta: int) -> kernels.Columns:
    """Return the rows of some samples with those of one more, whose units are numbered from `first` on."""
    keys, tokens, documents = _below(side.frequencies, theta)
    types = number_of_types(keys)
    out = _room(len(columns[0]) + types, len(columns[2]) + min(len(keys), types * side.units.count))
    unit = _unit_of_cell(side)
    placed = np.where(unit >= 0, unit + first, -1).astype(np.int16)
    kinds, rows = kernels.join_side(columns, keys, tokens, documents, placed, np.zeros((2, first + side.units.count), np.uint32), out)
    return out[0][:kinds], out[1][: kinds + 1], out[2][:rows], out[3][:rows], out[4][:rows]


def _unit_of_cell(side: Side) -> Totals:
    """Return the unit of each cell, -1 where it takes no part."""
    cells = np.arange(CELLS, dtype=np.uint16)
    unit = side.units.of_bin[bin_of(cells)]
    return unit if side.half is None else np.where(half_of(cells) == side.half, unit, -1)


def _unit_totals(side: Side, per_cell: Totals) -> Totals:
    unit = _unit_of_cell(side)
    taken = unit >= 0
    return np.bincount(unit[taken], weights=per_cell[taken], minlength=side.units.count).astype(np.int64)
