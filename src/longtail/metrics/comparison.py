"""One view of a pairing: the counts of both samples joined by type and unit, and what they come to in every relabelling."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from longtail.metrics.moments import Hill, Richness, hill_of, richness_of
from longtail.metrics.pairing import Pairing, Settings
from longtail.records import Baseline, NotMeasured
from longtail.stats import _kernels
from longtail.stats.permutation import Labels, adjusted, labels, side_sums, side_sums_of_pairs
from longtail.stats.rarefaction import absence
from longtail.summaries.frequencies import ALL_TYPES, Frequencies
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Reference
from longtail.summaries.rows import Rows, join
from longtail.summaries.strata import TAIL, Strata

Values = npt.NDArray[np.float64]
Totals = npt.NDArray[np.int64]

PICTURED = 1000
"""Relabellings, the observed one among them, of what carries no decision."""


@dataclass(frozen=True)
class Fold:
    """Candidate and baseline with the strata that one choosing sample fixed."""

    rows: Rows
    strata: Strata
    codes: npt.NDArray[np.uint8]
    labels: Labels

    def presence(self, stratum: int) -> tuple[Values, Values]:
        """Return the expected types of a stratum at the common size, candidate and baseline, each of shape (B + 1,)."""
        return presence_by_side(self.rows.only(self.codes == stratum), self.labels)

    @property
    def pictured(self) -> "Fold":
        """Return the fold with no more relabellings than pictures need."""
        return replace(self, labels=np.ascontiguousarray(self.labels[:, :PICTURED]))

    @property
    def observed(self) -> "Fold":
        """Return the fold as it was observed, without relabellings."""
        return replace(self, labels=np.ascontiguousarray(self.labels[:, :1]))

    @cached_property
    def size_ratio(self) -> Values:
        """Log ratio of tokens per unit, candidate over baseline, by relabelling, shape (B + 1,)."""
        here, there = (floored(side_sums(self.labels, self.rows.unit_tokens, side), 0.5) / self.rows.sizes[side] for side in (0, 1))
        return np.log(here) - np.log(there)

    def log_types(self, stratum: int) -> Values:
        """Return the log ratio of types present in one stratum, at matched tokens, by relabelling."""
        here, there = (floored(side, 0.5) for side in self.presence(stratum))
        return adjusted(np.log(here / there), self.size_ratio)

    def log_mass(self, stratum: int) -> Values:
        """Return the log ratio of the share of tokens in one stratum, by relabelling."""
        return self.log_share(self.rows.per_unit(self.codes == stratum))

    def log_share(self, tokens: Totals) -> Values:
        """Return the log ratio of the share that some tokens have, given by unit with shape (units,), by relabelling."""
        found, totals = (
            [floored(side_sums(self.labels, units, side), 0.5) for side in (0, 1)] for units in (tokens, self.rows.unit_tokens)
        )
        return np.log(found[0] / totals[0]) - np.log(found[1] / totals[1])


class Comparison:
    """One view of a candidate against what it is measured against.

    Args:
        pairing: Who is compared, in which units and relabellings.
        view: Name of the view.
    """

    def __init__(self, pairing: Pairing, view: str) -> None:
        self.pairing, self.view = pairing, view

    def of(self, view: str) -> "Comparison":
        """Return the comparison of the same samples in a view: this one, with what it has counted, where the view is its own."""
        return self if view == self.view else Comparison(self.pairing, view)

    @property
    def name(self) -> Baseline:
        """What the baseline is called in estimates."""
        return self.pairing.name

    @property
    def settings(self) -> Settings:
        """Return the settings of the audit's comparisons."""
        return self.pairing.settings

    @property
    def frequencies(self) -> Frequencies:
        """Return the candidate's counts of the view."""
        return self.pairing.candidate.frequencies[self.view]

    @property
    def documents(self) -> int:
        """Return the number of the candidate's documents."""
        return int(self.frequencies.documents.sum())

    @property
    def is_cross_fitted(self) -> bool:
        """Whether both halves of a small reference play both roles in turn."""
        return self.pairing.is_cross_fitted

    @property
    def refusal(self) -> NotMeasured | None:
        """Why nothing can be compared, or None."""
        refused = self.pairing.refusal
        return None if refused is None else NotMeasured(reason=refused.reason, enable=refused.enable, view=self.view)

    @cached_property
    def theta(self) -> int:
        """Return the type-hash threshold below which all samples have exact counts."""
        return min(profile.frequencies[self.view].theta for profile in self.pairing.profiles())

    @property
    def sampling_share(self) -> float:
        """Return the expected share of types that are counted, in (0, 1]."""
        return self.theta / ALL_TYPES

    @cached_property
    def strata(self) -> list[Strata]:
        """The strata that each fold's choosing sample fixed."""
        return [chooser.strata(self.view, self.settings.tau, self.theta) for chooser, _ in self.pairing.roles]

    @cached_property
    def folds(self) -> list[Fold]:
        """The folds with their rows joined; ask `refusal` first. A single fold shares its relabellings with all views."""
        candidate = self.pairing.side(self.view, self.pairing.candidate)
        made = []
        for (_, measured), strata in zip(self.pairing.roles, self.strata, strict=True):
            rows = join([candidate, self.pairing.side(self.view, measured)]) if self.is_cross_fitted else self.joint
            table = labels(rows.sizes, self.settings.permutations, self.settings.seed) if self.is_cross_fitted else self.pairing.labels
            made.append(Fold(rows, strata, strata.of(rows.types), table))
        return made

    @property
    def realised_tau(self) -> float:
        """Return the share of mass in the tail, averaged over folds; ties make it larger than asked."""
        return float(np.mean([strata.realised_tau for strata in self.strata]))

    @property
    def is_too_sparse(self) -> bool:
        """Whether types seen once hold so much mass that there is no tail to speak of."""
        return any(strata.is_too_sparse for strata in self.strata)

    @cached_property
    def joint(self) -> Rows:
        """Candidate and everything it is measured against, in one table: candidate first, then each measured sample."""
        return join(self.pairing.sides(self.view))

    @cached_property
    def hill(self) -> Hill | NotMeasured:
        """Hill numbers of order 1 and 2 of both sides at equal numbers of units, by relabelling; needs exact counts."""
        return hill_of(self.joint, self.pairing.cut, self.view)

    @cached_property
    def richness(self) -> Richness | NotMeasured:
        """Richness, coverage and contrast of both sides at equal numbers of units, in some relabellings; needs exact counts."""
        return richness_of(self.joint, np.ascontiguousarray(self.pairing.cut[:, :PICTURED]), self.view)

    @cached_property
    def tail(self) -> tuple[Values, Values]:
        """Log ratio of tail mass and of tail types by relabelling, each of shape (B + 1,), column 0 observed."""
        if not self.is_cross_fitted:
            return self.folds[0].log_mass(TAIL), self.folds[0].log_types(TAIL)
        return self._cross_fitted_tail()

    def _cross_fitted_tail(self) -> tuple[Values, Values]:
        """Choose the tail anew on each half in every relabelling of candidate, half A and half B."""
        rows, table = self.joint, self.pairing.labels
        highest = 2 * max(strata.cutoff for strata in self.strata) + 10
        rare = rows.only(np.add.reduceat(rows.tokens.astype(np.int64), rows.starts[:-1]) <= highest * sum(rows.sizes) / min(rows.sizes))
        tail, types = _kernels.cross_fit(
            rare.starts,
            rare.unit,
            rare.tokens,
            table,
            rows.unit_tokens,
            np.stack(tables(rows.sizes)),
            self.settings.tau * self.sampling_share,
            highest,
        )
        mass, found = floored(tail, 0.5), floored(types, 0.5)
        sums = [floored(side_sums(table, rows.unit_tokens, side), 0.5) for side in range(3)]
        log_mass = [np.log(mass[fold, 0] / sums[0]) - np.log(mass[fold, 1] / sums[2 - fold]) for fold in (0, 1)]
        log_types = [np.log(found[fold, 0] / found[fold, 1]) for fold in (0, 1)]
        size = [np.log(total / count) for total, count in zip(sums, rows.sizes, strict=True)]
        return (log_mass[0] + log_mass[1]) / 2, adjusted((log_types[0] + log_types[1]) / 2, size[0] - (size[1] + size[2]) / 2)


def reference_pairing(candidate: Profile, reference: Reference, settings: Settings, name: Baseline = "reference") -> Pairing:
    """Compare with the half of a reference that did not choose the tail; small references take both roles in turn.

    Where half A fixed bins or regions, it alone chooses: its own rows fill the cells that were drawn around them.
    """
    folds = list(reference.folds())
    return Pairing(candidate, name, [*folds[:1]] if candidate.frame.hash else [*folds], settings)


def baseline_pairing(
    candidate: Profile, baseline: Profile, reference: Reference, settings: Settings, name: Baseline = "generation_1"
) -> Pairing:
    """Compare with another data set; the reference only fixes the strata."""
    return Pairing(candidate, name, [(reference.whole, baseline)], settings)


def against_reference(candidate: Profile, reference: Reference, view: str, settings: Settings, name: Baseline = "reference") -> Comparison:
    """Return one view of `reference_pairing`."""
    return Comparison(reference_pairing(candidate, reference, settings, name), view)


def against_baseline(
    candidate: Profile, baseline: Profile, reference: Reference, view: str, settings: Settings, name: Baseline = "generation_1"
) -> Comparison:
    """Return one view of `baseline_pairing`."""
    return Comparison(baseline_pairing(candidate, baseline, reference, settings, name), view)


def presence_tables(sizes: tuple[int, ...]) -> tuple[Values, Values]:
    """Return the expected presence, at the smaller number of units, of a type found in k units of each of two samples."""
    left, right = tables(sizes)
    return left, right


def tables(sizes: tuple[int, ...]) -> list[Values]:
    """Return the expected presence, at the smallest number of units, of a type found in k units of each sample, shape (units + 1,)."""
    found = np.arange(sum(sizes) + 1)
    return [1 - absence(np.minimum(found, size), size, min(sizes)) for size in sizes]


def presence_by_side(rows: Rows, table: Labels) -> tuple[Values, Values]:
    """Return the expected types at the common size on both sides, by relabelling, each of shape (B + 1,).

    A type found in one unit counts where that unit is, and one found in two needs the pair of them, so most rare types
    are added up by matrix products; the loop over relabellings is left for the others.

    Args:
        rows: Counts of two samples by type and unit.
        table: Side of each unit (0 or 1) by relabelling, shape (units, B + 1).
    """
    found, expected = np.diff(rows.starts), presence_tables(rows.sizes)
    several = rows.only(found > 2)
    sides = _kernels.presence(several.starts, several.unit, table, *expected)
    once = np.bincount(rows.only(found == 1).unit, minlength=len(table))
    pairs = np.zeros((len(table), len(table)))
    np.add.at(pairs, tuple(rows.only(found == 2).unit.reshape(-1, 2).T), 1.0)
    pairs += pairs.T
    in_pairs = pairs.sum(axis=1).astype(np.int64)
    for side, (present, of) in enumerate(zip(sides, expected, strict=True)):
        present += of[1] * side_sums(table, once + in_pairs, side)
        present += (of[2] - 2 * of[1]) * side_sums_of_pairs(table, pairs, side) / 2
    return sides


def floored(counts: npt.NDArray[np.float64] | Totals, least: float) -> Values:
    """Return counts with zero raised to `least`, so that a logarithm exists."""
    return np.asarray(np.maximum(counts.astype(float), least))
