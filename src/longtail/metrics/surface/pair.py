"""Two samples side by side: equally many documents of each, in units of whole documents, and every relabelling of the units."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from longtail.metrics.surface.excerpts import Excerpts, joined
from longtail.metrics.surface.means import parts_of
from longtail.records import Baseline, NotMeasured
from longtail.stats.permutation import labels
from longtail.stats.surface import _relabelled
from longtail.summaries.units import DOCUMENTS_PER_UNIT, FEWEST_DOCUMENTS, FEWEST_UNITS, MOST_UNITS

I64 = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Pair:
    """A candidate's documents beside a baseline's, both cut by document hash to as many as the smaller has.

    Attributes:
        candidate: Its documents.
        baseline: The documents that it is held against.
        name: What the baseline is called in estimates.
        permutations: Random relabellings of the units.
        seed: Seed of the relabellings and of what is drawn.
    """

    candidate: Excerpts
    baseline: Excerpts
    name: Baseline
    permutations: int = 999
    seed: int = 0

    @property
    def documents(self) -> int:
        """Return the number of documents taken from each side."""
        return min(len(self.candidate), len(self.baseline))

    @cached_property
    def both(self) -> Excerpts:
        """The documents that are compared, the candidate's first."""
        return joined(self.candidate.first(self.documents), self.baseline.first(self.documents))

    @property
    def refusal(self) -> str:
        """Why nothing can be compared; empty where something can."""
        if self.documents < FEWEST_DOCUMENTS:
            return f"{self.documents} distinct documents on the smaller side, fewer than the {FEWEST_DOCUMENTS} that a test needs"
        if self.sizes.min() < 2:
            return "too few prompts: the documents cannot be parted into groups that keep those of one prompt together"
        return ""

    @property
    def units(self) -> int:
        """Return the units of each side."""
        return int(np.clip(self.documents // DOCUMENTS_PER_UNIT, FEWEST_UNITS, MOST_UNITS))

    @cached_property
    def unit(self) -> I64:
        """Unit of each document, the candidate's from 0, the baseline's after them: runs of bins with equally many documents."""
        first, second = self.both.cells[: self.documents], self.both.cells[self.documents :]
        return np.concatenate((parts_of(first, self.units), parts_of(second, self.units) + self.units))

    @cached_property
    def sizes(self) -> I64:
        """Documents of each unit, shape (units of both,)."""
        return np.bincount(self.unit, minlength=2 * self.units)

    @cached_property
    def labels(self) -> npt.NDArray[np.uint8]:
        """Side of each unit, 0 the candidate's, by relabelling, the first being the observed one, shape (B + 1, units of both)."""
        return np.ascontiguousarray(labels((self.units, self.units), self.permutations, self.seed).T)

    def absent(self, metric: str, view: str, reason: str = "") -> NotMeasured:
        """Return why a measure of this pair has no value."""
        return NotMeasured(reason=reason or self.refusal, enable="compare more or longer documents", metric=metric, view=view)

    def totals(self, weights: npt.NDArray[np.int64]) -> I64:
        """Return sums of whole numbers over documents by side and relabelling, shape (2, B + 1)."""
        units = np.bincount(self.unit, weights=weights, minlength=2 * self.units).astype(np.int64)
        there = self.labels.astype(np.int64) @ units
        return np.stack((units.sum() - there, there))

    def means(self, values: Values) -> Values:
        """Return the mean over the documents that have a value (NaN: none), by side and relabelling, shape (2, B + 1)."""
        has_one = np.isfinite(values)
        counts = self.totals(has_one.astype(np.int64))
        by_unit = np.bincount(self.unit, weights=np.where(has_one, values, 0.0), minlength=2 * self.units)
        return self.sums(by_unit.astype(float)) / np.maximum(counts, 1)

    def sums(self, by_unit: Values) -> Values:
        """Return sums over units by side and relabelling, shape (2, B + 1)."""
        return np.stack([(self.labels == side).astype(float) @ by_unit for side in (0, 1)])

    def rarefied(self, kinds: I64, documents: I64, weights: I64) -> tuple[Values, int] | None:
        """Return expected types by side and relabelling, shape (2, B + 1), and among how many tokens; None where there are none.

        They are drawn from as many as the side with fewest has in any relabelling.

        Args:
            kinds: Type of each token, shape (tokens,).
            documents: Document of each token.
            weights: Tokens of each document, shape (documents,).
        """
        drawn = int(self.totals(weights).min())
        if drawn < 1:
            return None
        units = 2 * self.units
        rows, counts = np.unique(kinds * units + self.unit[documents], return_counts=True)
        starts, unit, counts, times = _grouped(rows // units, rows % units, counts)
        totals = np.bincount(self.unit, weights=weights, minlength=units).astype(np.int64)
        return _relabelled.rarefied(starts, unit, counts, times, self.labels, totals, drawn), drawn


def _grouped(kinds: I64, unit: I64, counts: I64) -> tuple[I64, I64, I64, I64]:
    """Return (starts, unit, counts, times) of the rows by type, types of one unit taken together where they have equal counts."""
    begins = np.flatnonzero(np.diff(kinds, prepend=-1))
    sizes = np.diff(begins, append=len(kinds))
    is_alone = np.repeat(sizes == 1, sizes)
    most = int(counts.max()) + 1
    groups, times = np.unique(unit[is_alone] * most + counts[is_alone], return_counts=True)
    lengths = np.concatenate((np.ones(len(groups), np.int64), sizes[sizes > 1]))
    return (
        np.concatenate((np.zeros(1, np.int64), np.cumsum(lengths))),
        np.concatenate((groups // most, unit[~is_alone])),
        np.concatenate((groups % most, counts[~is_alone])),
        np.concatenate((times, np.ones(int((sizes > 1).sum()), np.int64))),
    )
