"""Counts of several samples joined by type and by permutation unit."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from longtail.summaries import _kernels
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.runs import Counts, Run, distinct
from longtail.summaries.units import Units
from longtail.views.keys import CELL_BITS, Cells, Keys, bin_of, cells_of, half_of, types_of

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

    def only(self, kept: npt.NDArray[np.bool_]) -> "Rows":
        """Return the rows of the types marked in `kept`, shape (types,); unit totals stay those of all types."""
        lengths = np.diff(self.starts)
        rows = np.repeat(kept, lengths)
        starts = np.concatenate([[0], np.cumsum(lengths[kept])])
        return Rows(
            self.types[kept],
            starts,
            self.unit[rows],
            self.tokens[rows],
            self.documents[rows],
            self.sizes,
            self.unit_tokens,
            self.unit_documents,
        )

    def per_unit(self, chosen: npt.NDArray[np.bool_]) -> Totals:
        """Return the tokens of the chosen types by unit, shape (units,)."""
        rows = np.repeat(chosen, np.diff(self.starts))
        return np.bincount(self.unit[rows], weights=self.tokens[rows], minlength=sum(self.sizes)).astype(np.int64)

    def of_sample(self, sample: int, weights: Counts) -> Totals:
        """Return the sum of `weights` (tokens or documents of rows) of each type in one sample, shape (types,)."""
        first = sum(self.sizes[:sample])
        here = (self.unit >= first) & (self.unit < first + self.sizes[sample])
        owner = np.repeat(np.arange(len(self.types)), np.diff(self.starts))
        return np.bincount(owner[here], weights=weights[here], minlength=len(self.types)).astype(np.int64)


def join(sides: list[Side]) -> Rows:
    """Return the rows of several samples of one view joined by type.

    Raises:
        IncompatibleSummaries: The samples were counted with unlike settings.
    """
    for side in sides[1:]:
        sides[0].frequencies.require_comparable(side.frequencies)
    theta = min(side.frequencies.theta for side in sides)
    runs, unit_tokens, unit_documents, first = [], [], [], 0
    for side in sides:
        runs.append(_by_unit(side, first, theta))
        unit_tokens.append(_unit_totals(side, side.frequencies.tokens))
        unit_documents.append(_unit_totals(side, side.frequencies.documents))
        first += side.units.count
    run = _counted(runs)
    types = types_of(run.keys)
    starts = np.flatnonzero(np.concatenate([[True], types[1:] != types[:-1]])) if len(types) else np.zeros(0, np.int64)
    return Rows(
        types=distinct(run.keys),
        starts=np.concatenate([starts, [len(types)]]).astype(np.int64),
        unit=cells_of(run.keys),
        tokens=run.tokens,
        documents=run.documents,
        sizes=tuple(side.units.count for side in sides),
        unit_tokens=np.concatenate(unit_tokens),
        unit_documents=np.concatenate(unit_documents),
    )


def type_counts(frequencies: Frequencies, half: int | None, theta: int) -> tuple[Keys, Totals, Totals]:
    """Return the types of one half (both if None) below `theta` with their tokens and documents, each of shape (types,)."""
    run = frequencies.run().between(0, theta << CELL_BITS)
    if half is not None:
        run = _kept(run, half_of(cells_of(run.keys)) == half)
    types = types_of(run.keys)
    if not len(types):
        return types, np.zeros(0, np.int64), np.zeros(0, np.int64)
    starts = np.flatnonzero(np.concatenate([[True], types[1:] != types[:-1]]))
    tokens, documents = (np.add.reduceat(counts.astype(np.int64), starts) for counts in (run.tokens, run.documents))
    return types[starts], tokens, documents


def _by_unit(side: Side, first: int, theta: int) -> Run:
    run = side.frequencies.run().between(0, theta << CELL_BITS)
    cells = cells_of(run.keys)
    unit = side.units.of_bin[bin_of(cells)]
    taken = unit >= 0 if side.half is None else (unit >= 0) & (half_of(cells) == side.half)
    keys = types_of(run.keys[taken]) << np.uint64(CELL_BITS) | (unit[taken] + first).astype(np.uint64)
    return Run(keys, run.tokens[taken], run.documents[taken])


def _kept(run: Run, taken: npt.NDArray[np.bool_]) -> Run:
    return Run(run.keys[taken], run.tokens[taken], run.documents[taken])


def _counted(runs: list[Run]) -> Run:
    keys = np.concatenate([run.keys for run in runs])
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    tokens, documents = (np.concatenate(parts)[order] for parts in ([r.tokens for r in runs], [r.documents for r in runs]))
    size = _kernels.add_equal(keys, tokens, documents)
    return Run(keys[:size], tokens[:size], documents[:size])


def _unit_totals(side: Side, per_cell: Totals) -> Totals:
    cells = np.arange(len(per_cell), dtype=np.uint16)
    unit = side.units.of_bin[bin_of(cells)]
    taken = unit >= 0 if side.half is None else (unit >= 0) & (half_of(cells) == side.half)
    return np.bincount(unit[taken], weights=per_cell[taken], minlength=side.units.count).astype(np.int64)
