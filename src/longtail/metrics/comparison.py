"""A candidate beside a baseline: the counts of one view joined by type and unit, and their relabellings.

Units of both samples hold the same expected number of whole documents, and are permuted between the samples; counts
of types are adjusted for the tokens on each side. Decision 0003 has the simulations behind this design.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from longtail.records import Baseline, NotMeasured
from longtail.stats import _kernels
from longtail.stats.jackknife import combined, delete_a_group, ratio_of_sums
from longtail.stats.permutation import Labels, adjusted, labels, side_sums
from longtail.stats.rarefaction import absence
from longtail.summaries.frequencies import ALL_TYPES, Frequencies
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Choosing, Measuring, Reference, check_roles
from longtail.summaries.rows import Rows, Side, join
from longtail.summaries.strata import NAMES, TAIL, Strata
from longtail.summaries.units import FEWEST_DOCUMENTS, MOST_UNITS, Units, plan

Values = npt.NDArray[np.float64]
Totals = npt.NDArray[np.int64]

UNLIKE_LENGTHS = 3.0
"""Standard errors by which mean lengths differ before units are matched by tokens, not by documents (decision 0003)."""


@dataclass(frozen=True)
class Settings:
    """What the comparisons of one audit share.

    Attributes:
        tau: Share of mass called the tail.
        permutations: Random relabellings of the units.
        seed: Seed of the relabellings.
    """

    tau: float = 0.10
    permutations: int = 999
    seed: int = 0


@dataclass(frozen=True)
class Fold:
    """Candidate and baseline with the strata that one choosing sample fixed."""

    rows: Rows
    strata: Strata
    codes: npt.NDArray[np.uint8]
    labels: Labels

    @cached_property
    def presence(self) -> tuple[Values, Values]:
        """Expected types present at the common size, candidate and baseline, each of shape (4 strata, B + 1)."""
        left, right = presence_tables(self.rows.sizes)
        return _kernels.presence(self.rows.starts, self.rows.unit, self.codes, self.labels, left, right, len(NAMES))

    @cached_property
    def size_ratio(self) -> Values:
        """Log ratio of tokens per unit, candidate over baseline, by relabelling, shape (B + 1,)."""
        here, there = (floored(side_sums(self.labels, self.rows.unit_tokens, side), 0.5) / self.rows.sizes[side] for side in (0, 1))
        return np.log(here) - np.log(there)

    def log_types(self, stratum: int) -> Values:
        """Return the log ratio of types present in one stratum, at matched tokens, by relabelling."""
        here, there = (floored(side[stratum], 0.5) for side in self.presence)
        return adjusted(np.log(here / there), self.size_ratio)

    def log_mass(self, stratum: int) -> Values:
        """Return the log ratio of the share of tokens in one stratum, by relabelling."""
        tokens = self.rows.per_unit(self.codes == stratum)
        found, totals = (
            [floored(side_sums(self.labels, units, side), 0.5) for side in (0, 1)] for units in (tokens, self.rows.unit_tokens)
        )
        return np.log(found[0] / totals[0]) - np.log(found[1] / totals[1])


class Comparison:
    """One view of a candidate against a baseline.

    Args:
        candidate: Profile of the candidate.
        name: What the baseline is called in estimates.
        view: Word view.
        folds: Pairs of who chooses the strata and what is measured against.
        settings: Tail share, relabellings, seed.
    """

    def __init__(
        self, candidate: Profile, name: Baseline, view: str, folds: list[tuple[Choosing, Profile | Measuring]], settings: Settings
    ) -> None:
        self.candidate, self.name, self.view, self.settings = candidate, name, view, settings
        self._roles = folds
        for chooser, measured in folds:
            if isinstance(measured, Measuring):
                check_roles(chooser, measured)

    @property
    def frequencies(self) -> Frequencies:
        """Return the candidate's counts of the view."""
        return self.candidate.frequencies[self.view]

    @property
    def is_cross_fitted(self) -> bool:
        """Whether both halves of a small reference play both roles in turn."""
        return len(self._roles) == 2

    @cached_property
    def theta(self) -> int:
        """Return the type-hash threshold below which all samples have exact counts."""
        return min(profile.frequencies[self.view].theta for profile in self._profiles())

    @property
    def sampling_share(self) -> float:
        """Return the expected share of types that are counted, in (0, 1]."""
        return self.theta / ALL_TYPES

    def _profiles(self) -> Iterator[Profile]:
        yield self.candidate
        for chooser, measured in self._roles:
            yield chooser.profile
            yield measured.profile if isinstance(measured, Measuring) else measured

    @cached_property
    def refusal(self) -> NotMeasured | None:
        """Why nothing can be compared, or None: too few documents, no words, or samples of too unlike sizes."""
        measured = self._roles[0][1]
        name, least = ("reference", 250) if isinstance(measured, Measuring) else ("baseline", 100)
        half = "half of the " if isinstance(measured, Measuring) else "the "
        candidate, other = self._distinct
        if candidate < FEWEST_DOCUMENTS:
            reason = f"the candidate has {candidate} distinct documents, fewer than the {FEWEST_DOCUMENTS} that a test needs"
            return NotMeasured(reason=reason, enable="audit at least 100 distinct documents", view=self.view)
        if other < FEWEST_DOCUMENTS:
            reason = f"{half}{name} has {other} distinct documents, fewer than the {FEWEST_DOCUMENTS} that a test needs"
            return NotMeasured(reason=reason, enable=f"compare with a {name} of at least {least} distinct documents", view=self.view)
        if self._units is None:
            reason = "one side has no words, or more than 64 times as many documents as the other"
            return NotMeasured(reason=reason, enable="compare data sets of more like sizes", view=self.view)
        return None

    @cached_property
    def _distinct(self) -> tuple[int, int]:
        """Distinct documents of the candidate and of the smallest sample that it is measured against; copies share a unit."""
        halves = [
            measured.profile.distinct(measured.half) if isinstance(measured, Measuring) else measured.distinct()
            for _, measured in self._roles
        ]
        return self.candidate.distinct(), min(halves)

    @cached_property
    def _units(self) -> list[Units] | None:
        """Units of the candidate and of the measured sample; all folds share them.

        They hold equally many documents, which makes them exchangeable where nothing changed; where documents differ in
        length beyond chance they hold equally many tokens instead.
        """
        candidate, *halves = [_sums(sample, self.view) for sample in (self.candidate, *(measured for _, measured in self._roles))]
        if min(self._distinct) < FEWEST_DOCUMENTS or min(tokens.sum() for _, tokens in (candidate, *halves)) == 0:
            return None
        measured = _mean(halves)
        by = 1 if _differ_in_length(candidate, measured) else 0
        return plan([float(candidate[by].sum()), float(measured[by].sum())], min(self._distinct))

    def _side(self, measured: Profile | Measuring, units: Units) -> Side:
        if isinstance(measured, Measuring):
            return Side(measured.profile.frequencies[self.view], measured.half, units)
        return Side(measured.frequencies[self.view], None, units)

    @cached_property
    def folds(self) -> list[Fold]:
        """The folds with their rows joined; ask `refusal` first."""
        assert self._units is not None
        made = []
        for chooser, measured in self._roles:
            rows = join([Side(self.frequencies, None, self._units[0]), self._side(measured, self._units[1])])
            strata = chooser.strata(self.view, self.settings.tau, self.theta)
            seeded = labels(rows.sizes, self.settings.permutations, self.settings.seed)
            made.append(Fold(rows, strata, strata.of(rows.types), seeded))
        return made

    @property
    def realised_tau(self) -> float:
        """Return the share of mass in the tail, averaged over folds; ties make it larger than asked."""
        return float(np.mean([fold.strata.realised_tau for fold in self.folds]))

    @property
    def is_too_sparse(self) -> bool:
        """Whether types seen once hold so much mass that there is no tail to speak of."""
        return any(fold.strata.is_too_sparse for fold in self.folds)

    @cached_property
    def tail(self) -> tuple[Values, Values]:
        """Log ratio of tail mass and of tail types by relabelling, each of shape (B + 1,), column 0 observed."""
        if not self.is_cross_fitted:
            return self.folds[0].log_mass(TAIL), self.folds[0].log_types(TAIL)
        return self._cross_fitted_tail()

    @cached_property
    def joint(self) -> Rows:
        """Candidate and everything it is measured against, in one table: candidate first, then each measured sample."""
        assert self._units is not None
        halves = sorted((measured for _, measured in self._roles), key=_half)
        return join([Side(self.frequencies, None, self._units[0]), *(self._side(measured, self._units[1]) for measured in halves)])

    def _cross_fitted_tail(self) -> tuple[Values, Values]:
        """Choose the tail anew on each half in every relabelling of candidate, half A and half B."""
        rows = self.joint
        highest = 2 * max(fold.strata.cutoff for fold in self.folds) + 10
        rare = rows.only(np.add.reduceat(rows.tokens.astype(np.int64), rows.starts[:-1]) <= highest * sum(rows.sizes) / min(rows.sizes))
        table = labels(rows.sizes, self.settings.permutations, self.settings.seed)
        tail, types = _kernels.cross_fit(
            rare.starts,
            rare.unit,
            rare.tokens,
            table,
            rows.unit_tokens,
            np.stack(_tables(rows.sizes)),
            self.settings.tau * self.sampling_share,
            highest,
        )
        mass, found = floored(tail, 0.5), floored(types, 0.5)
        sums = [floored(side_sums(table, rows.unit_tokens, side), 0.5) for side in range(3)]
        log_mass = [np.log(mass[fold, 0] / sums[0]) - np.log(mass[fold, 1] / sums[2 - fold]) for fold in (0, 1)]
        log_types = [np.log(found[fold, 0] / found[fold, 1]) for fold in (0, 1)]
        size = [np.log(total / count) for total, count in zip(sums, rows.sizes, strict=True)]
        return (log_mass[0] + log_mass[1]) / 2, adjusted((log_types[0] + log_types[1]) / 2, size[0] - (size[1] + size[2]) / 2)


def against_reference(candidate: Profile, reference: Reference, view: str, settings: Settings, name: Baseline = "reference") -> Comparison:
    """Compare with the half of a reference that did not choose the tail; small references take both roles in turn."""
    return Comparison(candidate, name, view, list(reference.folds()), settings)


def against_baseline(
    candidate: Profile, baseline: Profile, reference: Reference, view: str, settings: Settings, name: Baseline = "generation_1"
) -> Comparison:
    """Compare with another data set; the reference only fixes the strata."""
    return Comparison(candidate, name, view, [(reference.whole, baseline)], settings)


def presence_tables(sizes: tuple[int, ...]) -> tuple[Values, Values]:
    """Return the expected presence, at the smaller number of units, of a type found in k units of each of two samples."""
    left, right = _tables(sizes)
    return left, right


def floored(counts: npt.NDArray[np.float64] | Totals, least: float) -> Values:
    """Return counts with zero raised to `least`, so that a logarithm exists."""
    return np.asarray(np.maximum(counts.astype(float), least))


def _tables(sizes: tuple[int, ...]) -> list[Values]:
    found = np.arange(sum(sizes) + 1)
    return [1 - absence(np.minimum(found, size), size, min(sizes)) for size in sizes]


def _half(sample: Profile | Measuring) -> int:
    return sample.half if isinstance(sample, Measuring) else 0


def _sums(sample: Profile | Measuring, view: str) -> tuple[Values, Values]:
    """Return documents and tokens of a sample, or of the half of it that measures, by groups of bins, each of shape (groups,)."""
    frequencies = (sample.profile if isinstance(sample, Measuring) else sample).frequencies[view]
    halves = [totals.reshape(2, MOST_UNITS, -1).sum(axis=2) for totals in (frequencies.documents, frequencies.tokens)]
    documents, tokens = ((half[sample.half] if isinstance(sample, Measuring) else half.sum(axis=0)).astype(float) for half in halves)
    return documents, tokens


def _mean(samples: list[tuple[Values, Values]]) -> tuple[Values, Values]:
    return np.mean([documents for documents, _ in samples], axis=0), np.mean([tokens for _, tokens in samples], axis=0)


def _differ_in_length(left: tuple[Values, Values], right: tuple[Values, Values]) -> bool:
    """Tell whether mean tokens per document differ by more than chance: three standard errors of their log ratio."""
    logs = [ratio_of_sums(tokens, documents) for documents, tokens in (left, right)]
    error = combined([delete_a_group(without) for _, without in logs]).error
    return abs(logs[0][0] - logs[1][0]) > UNLIKE_LENGTHS * error
