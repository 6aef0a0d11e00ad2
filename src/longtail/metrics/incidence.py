"""Which documents hold the types of a tail: by type, source and group of documents, with their leave-one-group-out values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from longtail.stats.jackknife import Spread, delete_a_group
from longtail.stats.rarefaction import expected_types_by_documents
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.runs import Run
from longtail.summaries.strata import TAIL, choose
from longtail.views.keys import BINS, bin_of, cells_of, half_of, types_of

GROUPS = 16

Totals = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Incidence:
    """Documents of one sample in which each type of a tail occurs. Rows are (type, source, group, documents).

    Attributes:
        types: Number of types in the tail, those that occur nowhere in the sample among them.
        type: Type of each row, 0 to types - 1, shape (rows,).
        source: Source of each row, shape (rows,).
        group: Group of documents of each row, 0 to `GROUPS` - 1, shape (rows,).
        documents: Documents of each row, shape (rows,).
        sizes: All documents by source and group, shape (sources, GROUPS).
    """

    types: int
    type: Totals
    source: Totals
    group: Totals
    documents: Totals
    sizes: Totals

    @property
    def size(self) -> int:
        """Return the number of documents."""
        return int(self.sizes.sum())

    def without(self, group: int) -> "Incidence":
        """Return the same without one group of documents."""
        kept = self.group != group
        sizes = self.sizes.copy()
        sizes[:, group] = 0
        rows = (self.type[kept], self.source[kept], self.group[kept], self.documents[kept])
        return Incidence(self.types, *rows, sizes)

    def by_type(self) -> Totals:
        """Return the documents in which each type occurs, shape (types,)."""
        return np.bincount(self.type, weights=self.documents, minlength=self.types).astype(np.int64)

    def only(self, source: int) -> Totals:
        """Return, for the types that occur in documents of this source alone, in how many; shape (types of that kind,)."""
        here = self.source == source
        inside = np.bincount(self.type[here], weights=self.documents[here], minlength=self.types)
        outside = np.bincount(self.type[~here], minlength=self.types)
        alone: Totals = inside[(inside > 0) & (outside == 0)].astype(np.int64)
        return alone

    def covered(self, drawn: int) -> float:
        """Return the expected share of the tail in `drawn` documents in random order, at most all of them. Source: Colwell et al. 2012."""
        return expected_types_by_documents(self.by_type(), self.size, min(drawn, self.size)) / self.types

    def forecast(self, source: int, further: int) -> float:
        """Return how many types of the tail that no document holds yet each of some further documents will hold, in the mean.

        Args:
            source: Where the further documents come from.
            further: How many they are; no more count than there are documents of that source, of which at least one is needed.

        Source:
            Good & Toulmin 1956: the sum of -(-t)^x over types that this source alone holds, in x documents each, t being the
            further documents over those there are.
        """
        size = int(self.sizes[source].sum())
        times = min(1.0, further / size)
        return float(-((-times) ** self.only(source)).sum()) / (times * size)


def incidence_of(sources: Sequence[Frequencies], chooser: int, tau: float) -> tuple[Incidence, float] | None:
    """Return where the tail that one half chooses occurs in the other, and the share of mass it holds; None without a tail.

    Args:
        sources: Counts of each source.
        chooser: The half that chooses, 0 or 1.
        tau: Share of mass called the tail.
    """
    runs = [each.run() for each in sources]
    chosen = [_half(run, chooser) for run in runs]
    keys = np.concatenate([types_of(run.keys) for run in chosen])
    types, owner = np.unique(keys, return_inverse=True)
    tokens = np.bincount(owner, weights=np.concatenate([run.tokens for run in chosen]), minlength=len(types)).astype(np.int64)
    strata = choose(types, tokens, int(tokens.sum()), tau)
    tail = types[strata.codes == TAIL]
    if not len(tail):
        return None
    parts = [_rows(_half(run, 1 - chooser), tail, number) for number, run in enumerate(runs)]
    at, source, group, documents = (np.concatenate(part) for part in zip(*parts, strict=True))
    sizes = np.array([_grouped(each.documents, 1 - chooser) for each in sources])
    return Incidence(len(tail), at, source, group, documents, sizes), strata.realised_tau


def spread_of(found: Incidence, statistic: Callable[[Incidence], float]) -> Spread:
    """Return the delete-a-group jackknife error of a statistic, the tail being given."""
    return delete_a_group([statistic(found.without(group)) for group in range(GROUPS)])


def _half(run: Run, half: int) -> Run:
    kept = half_of(cells_of(run.keys)) == half
    return Run(run.keys[kept], run.tokens[kept], run.documents[kept])


def _rows(run: Run, tail: npt.NDArray[np.uint64], source: int) -> tuple[Totals, Totals, Totals, Totals]:
    types = types_of(run.keys)
    at = np.minimum(np.searchsorted(tail, types), len(tail) - 1)
    kept = tail[at] == types
    group = bin_of(cells_of(run.keys[kept])).astype(np.int64) * GROUPS // BINS
    return at[kept].astype(np.int64), np.full(len(group), source, np.int64), group, run.documents[kept].astype(np.int64)


def _grouped(cells: Totals, half: int) -> Totals:
    """Return documents by group of one half, from documents by cell."""
    totals: Totals = cells.reshape(2, GROUPS, BINS // GROUPS).sum(axis=2)[half]
    return totals
