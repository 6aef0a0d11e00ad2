"""Who is compared with whom: the samples of a comparison, their permutation units, and one table of relabellings for all views.

Units of both samples hold the same expected number of whole documents, and are permuted between the samples; decision
0003 has the simulations behind this design. Where both samples answer the same prompts, units hold whole prompts and
change places only with their own counterpart.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from longtail.records import Baseline, NotMeasured
from longtail.stats.jackknife import combined, delete_a_group, ratio_of_sums
from longtail.stats.permutation import Labels, relabelled
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Choosing, Measuring, check_roles
from longtail.summaries.rows import Side
from longtail.summaries.units import DOCUMENTS_PER_UNIT, FEWEST_DOCUMENTS, FEWEST_UNITS, MOST_UNITS, Units, even, plan
from longtail.views.keys import cells_of, half_of
from longtail.views.names import DOCUMENTS, LABELS

Values = npt.NDArray[np.float64]
Sample = Profile | Measuring

WORDS, PROMPTS = "words_1", "prompts"
UNLIKE_LENGTHS = 3.0
"""Standard errors by which mean lengths differ before units are matched by tokens, not by documents (decision 0003)."""

_LEFT_OUT = np.uint8(8)
_SAMPLE = np.uint8(7)


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


class Pairing:
    """A candidate beside what it is measured against.

    Args:
        candidate: Profile of the candidate.
        name: What the baseline is called in estimates.
        roles: Pairs of who chooses the strata and what is measured against; two pairs are cross-fitted.
        settings: Tail share, relabellings, seed.
    """

    def __init__(self, candidate: Profile, name: Baseline, roles: list[tuple[Choosing, Sample]], settings: Settings) -> None:
        self.candidate, self.name, self.roles, self.settings = candidate, name, roles, settings
        for chooser, measured in roles:
            if isinstance(measured, Measuring):
                check_roles(chooser, measured)

    @property
    def is_cross_fitted(self) -> bool:
        """Whether both halves of a small reference play both roles in turn."""
        return len(self.roles) == 2

    @property
    def is_paired(self) -> bool:
        """Whether both samples answer the same prompts, so that units are prompts and stay with their counterpart."""
        measured = self.roles[0][1]
        return isinstance(measured, Profile) and self.candidate.prompted and measured.prompted

    @property
    def principal(self) -> str:
        """Return the view that speaks for the candidate, see `principal_of`."""
        return principal_of(self.candidate)

    @property
    def measured(self) -> list[Sample]:
        """Return what the candidate is measured against: one sample, or both halves in order."""
        return sorted((measured for _, measured in self.roles), key=_half)

    def profiles(self) -> Iterator[Profile]:
        """Yield the profiles that take part, some of them more than once."""
        yield self.candidate
        for chooser, measured in self.roles:
            yield chooser.profile
            yield measured.profile if isinstance(measured, Measuring) else measured

    @cached_property
    def refusal(self) -> NotMeasured | None:
        """Why nothing can be compared, or None: too few documents, no words, or samples of too unlike sizes."""
        measured = self.roles[0][1]
        name, least = ("reference", 250) if isinstance(measured, Measuring) else ("baseline", 100)
        half = "half of the " if isinstance(measured, Measuring) else "the "
        what = "prompts" if self.is_paired else "documents"
        candidate, other = self._distinct
        if candidate < FEWEST_DOCUMENTS:
            reason = f"the candidate has {candidate} distinct {what}, fewer than the {FEWEST_DOCUMENTS} that a test needs"
            return NotMeasured(reason=reason, enable=f"audit at least 100 distinct {what}")
        if other < FEWEST_DOCUMENTS:
            reason = f"{half}{name} has {other} distinct {what}, fewer than the {FEWEST_DOCUMENTS} that a test needs"
            return NotMeasured(reason=reason, enable=f"compare with a {name} of at least {least} distinct {what}")
        if self._units is None:
            what = "words" if self.principal == WORDS else f"tokens of the view {self.principal}"
            reason = f"one side has no {what}, or at least 64 times as much as the other"
            return NotMeasured(reason=reason, enable="compare data sets of more like sizes")
        return None

    @cached_property
    def _distinct(self) -> tuple[int, int]:
        """Distinct documents (or prompts) of the candidate and of the smallest sample it is measured against; copies share a unit."""
        return distinct_of(self.candidate), min(distinct_of(measured) for measured in self.measured)

    @cached_property
    def _units(self) -> list[Units] | None:
        """Units of the candidate and of the measured sample; all views and folds share them.

        They hold equally many documents, which makes them exchangeable where nothing changed; where documents differ in
        length beyond chance they hold equally many tokens instead.
        """
        candidate, *halves = [sums_of(sample, self.principal) for sample in (self.candidate, *self.measured)]
        if min(self._distinct) < FEWEST_DOCUMENTS or min(tokens.sum() for _, tokens in (candidate, *halves)) == 0:
            return None
        if self.is_paired:
            return [even(int(np.clip(min(self._distinct) // DOCUMENTS_PER_UNIT, FEWEST_UNITS, MOST_UNITS)))] * 2
        measured = _mean(halves)
        by = 1 if differ_in_length(candidate, measured) else 0
        return plan([float(candidate[by].sum()), float(measured[by].sum())], min(self._distinct))

    def sides(self, view: str) -> list[Side]:
        """Return the candidate and everything it is measured against in one view; ask `refusal` first."""
        return [self.side(view, self.candidate), *(self.side(view, measured) for measured in self.measured)]

    def side(self, view: str, sample: Sample) -> Side:
        """Return one sample of the comparison in one view, with its units."""
        assert self._units is not None
        units = self._units[0] if sample is self.candidate else self._units[1]
        if isinstance(sample, Measuring):
            return Side(sample.profile.frequencies[view], sample.half, units)
        return Side(sample.frequencies[view], None, units)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Units of each sample, candidate first."""
        assert self._units is not None
        return (self._units[0].count, *(self._units[1].count for _ in self.measured))

    @cached_property
    def _codes(self) -> Labels:
        """Sample of each unit by relabelling, and a mark on the units left out where both sides are cut to equal size."""
        first, rest = self.sizes[0], sum(self.sizes[1:])
        observed = np.repeat(np.arange(len(self.sizes), dtype=np.uint8), self.sizes)
        size = min(first, rest)
        observed[size:first] |= _LEFT_OUT
        at = np.arange(rest)
        observed[first:][at * size // rest == (at - 1) * size // rest] |= _LEFT_OUT
        strata = np.arange(first + rest) % first if self.is_paired else None
        return relabelled(observed, self.settings.permutations, self.settings.seed, strata)

    @cached_property
    def labels(self) -> Labels:
        """Sample of each unit by relabelling, shape (units, B + 1), column 0 observed; the same for all views."""
        return np.asarray(self._codes & _SAMPLE)

    @cached_property
    def cut(self) -> Labels:
        """Side of each unit by relabelling, equally many on both: 0 candidate, 1 measured, 2 left out; shape (units, B + 1)."""
        return np.where(self._codes >= _LEFT_OUT, np.uint8(2), np.minimum(self._codes, np.uint8(1)))


def principal_of(profile: Profile) -> str:
    """Return the view that speaks for a data set: its words where it has any; its first column of slices where it has no view."""
    return profile.principal or (LABELS + profile.by[0])


def distinct_of(sample: Sample) -> int:
    """Return the distinct documents of a sample, or its distinct prompts where every document answers one."""
    profile, half = (sample.profile, sample.half) if isinstance(sample, Measuring) else (sample, None)
    keys = profile.frequencies[PROMPTS if profile.prompted else DOCUMENTS].run().keys
    return len(keys) if half is None else int((half_of(cells_of(keys)) == half).sum())


def _half(sample: Sample) -> int:
    return sample.half if isinstance(sample, Measuring) else 0


def sums_of(sample: Sample, view: str = WORDS) -> tuple[Values, Values]:
    """Return documents and tokens of a view of a sample, or of the half of it that measures, by groups of bins, each of shape (groups,)."""
    frequencies: Frequencies = (sample.profile if isinstance(sample, Measuring) else sample).frequencies[view]
    halves = [totals.reshape(2, MOST_UNITS, -1).sum(axis=2) for totals in (frequencies.documents, frequencies.tokens)]
    documents, tokens = ((half[sample.half] if isinstance(sample, Measuring) else half.sum(axis=0)).astype(float) for half in halves)
    return documents, tokens


def _mean(samples: list[tuple[Values, Values]]) -> tuple[Values, Values]:
    return np.mean([documents for documents, _ in samples], axis=0), np.mean([tokens for _, tokens in samples], axis=0)


def differ_in_length(left: tuple[Values, Values], right: tuple[Values, Values]) -> bool:
    """Tell whether mean tokens per document differ by more than chance: three standard errors of their log ratio."""
    logs = [ratio_of_sums(tokens, documents) for documents, tokens in (left, right)]
    error = combined([delete_a_group(without) for _, without in logs]).error
    return abs(logs[0][0] - logs[1][0]) > UNLIKE_LENGTHS * error
