"""Generations side by side: a trend over their order, and the loss that resampling alone would bring.

The trend is an ordered contrast whose units of documents change generations at random, so its power comes from documents
and three generations are enough, where a rank test on one number per generation cannot reach p = .05 with fewer than four.
It says that these generations do not draw from one law and that the later ones have less. Each lineage is a random walk, so
a trend is no statement about the recipe, and it is not called collapse.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from longtail.metrics.comparison import floored, tables
from longtail.metrics.moments import equal_pairs
from longtail.metrics.pairing import Settings, differ_in_length, distinct_of, sums_of
from longtail.records import NotMeasured, Trend
from longtail.stats import _kernels
from longtail.stats.permutation import Labels, adjusted, p_lower, relabelled, side_sums, step_down
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Choosing
from longtail.summaries.rows import Rows, Side, join, type_counts
from longtail.summaries.strata import TAIL
from longtail.summaries.units import DOCUMENTS_PER_UNIT, FEWEST_DOCUMENTS, FEWEST_UNITS, MOST_UNITS, Units, even, plan

Values = npt.NDArray[np.float64]

TREND_METRICS = ("tail_types_retained", "tail_mass_retained", "hill_2")
FEWEST_GENERATIONS = 3


@dataclass(frozen=True)
class Ordered:
    """The generations of a lineage in order, with a control for each where there is one.

    Attributes:
        generations: Profiles in order.
        controls: Their controls in the same order, or none.
        chooser: Who fixes the tail.
        view: Word view, with exact counts.
        settings: Tail share, relabellings, seed.
    """

    generations: Sequence[Profile]
    controls: Sequence[Profile]
    chooser: Choosing
    view: str
    settings: Settings

    @property
    def samples(self) -> tuple[Profile, ...]:
        """Return all samples: generations, then their controls."""
        return (*self.generations, *self.controls)

    @property
    def is_paired(self) -> bool:
        """Whether all samples answer the same prompts."""
        return all(sample.prompted for sample in self.samples)

    @cached_property
    def refusal(self) -> NotMeasured | None:
        """Why there is no trend, or None."""
        metric = "trend"
        if len(self.generations) < FEWEST_GENERATIONS:
            reason = f"{len(self.generations)} generations; a trend needs {FEWEST_GENERATIONS}"
            return NotMeasured(reason=reason, enable="longtail audit --lineage GEN1 GEN2 GEN3", metric=metric)
        fewest = min(distinct_of(sample) for sample in self.samples)
        if fewest < FEWEST_DOCUMENTS:
            reason = f"a generation has {fewest} distinct documents, fewer than the {FEWEST_DOCUMENTS} that a test needs"
            return NotMeasured(reason=reason, enable="give at least 100 documents of each generation", metric=metric)
        if self._units is None:
            reason = "a generation has no words, or at least 64 times as much text as another"
            return NotMeasured(reason=reason, enable="give generations of more like sizes", metric=metric)
        return None

    @cached_property
    def _units(self) -> list[Units] | None:
        fewest = min(distinct_of(sample) for sample in self.samples)
        if self.is_paired:
            return [even(int(np.clip(fewest // DOCUMENTS_PER_UNIT, FEWEST_UNITS, MOST_UNITS)))] * len(self.samples)
        sums = [sums_of(sample) for sample in self.samples]
        by = 1 if any(differ_in_length(sums[0], other) for other in sums[1:]) else 0
        return plan([float(each[by].sum()) for each in sums], fewest)

    @cached_property
    def rows(self) -> Rows:
        """Counts of all samples joined by type and unit; ask `refusal` first."""
        assert self._units is not None
        return join([Side(sample.frequencies[self.view], None, units) for sample, units in zip(self.samples, self._units, strict=True)])

    @cached_property
    def labels(self) -> Labels:
        """Sample of each unit by relabelling, column 0 observed.

        Units change generations; with controls they change places with their generation's control only; and where all
        samples answer the same prompts, only with units of the same prompts.
        """
        observed = np.repeat(np.arange(len(self.samples), dtype=np.uint8), self.rows.sizes)
        strata = np.zeros(len(observed), np.int64)
        if self.controls:
            strata += observed % len(self.generations)
        if self.is_paired:
            strata = strata * self.rows.sizes[0] + np.arange(len(observed)) % self.rows.sizes[0]
        return relabelled(observed, self.settings.permutations, self.settings.seed, strata)

    @cached_property
    def logs(self) -> dict[str, Values]:
        """Logarithm of each metric in each sample by relabelling, each of shape (samples, B + 1)."""
        rows, theta = self.rows, min(sample.frequencies[self.view].theta for sample in self.samples)
        strata = self.chooser.strata(self.view, self.settings.tau, theta)
        is_tail = strata.of(rows.types) == TAIL
        tail, several = rows.only(is_tail), range(len(self.samples))
        present = _kernels.presence_of_each(tail.starts, tail.unit, self.labels, np.stack(tables(rows.sizes)))
        held = np.stack([floored(side_sums(self.labels, rows.per_unit(is_tail), sample), 0.5) for sample in several])
        tokens = np.stack([floored(side_sums(self.labels, rows.unit_tokens, sample), 0.5) for sample in several])
        pairs = np.stack(equal_pairs(rows, self.labels, len(self.samples)))
        size = np.log(tokens / np.array(rows.sizes)[:, None])
        return {
            "tail_types_retained": _adjusted(np.log(floored(present, 0.5)), size),
            "tail_mass_retained": np.log(held / tokens),
            "hill_2": np.log(tokens * (tokens - 1) / np.maximum(pairs, 1)),
        }

    def contrast(self, metric: str) -> Values:
        """Return the least-squares slope over the generations by relabelling, less that over the controls, shape (B + 1,)."""
        steps = np.arange(len(self.generations)) - (len(self.generations) - 1) / 2
        weights = np.concatenate([steps, -steps])[: len(self.samples)]
        return np.asarray(weights @ self.logs[metric] / (steps @ steps))

    def trends(self, alpha: float) -> tuple[Trend, ...]:
        """Return the trend of each metric, with p-values that hold together; ask `refusal` first."""
        contrasts = {metric: self.contrast(metric) for metric in TREND_METRICS}
        together = step_down(np.stack(list(contrasts.values())))
        return tuple(self._trend(metric, values, float(p), alpha) for (metric, values), p in zip(contrasts.items(), together, strict=True))

    def _trend(self, metric: str, contrast: Values, together: float, alpha: float) -> Trend:
        from scipy.stats import theilslopes

        observed = self.logs[metric][:, 0]
        count = len(self.generations)
        path = observed[:count] - (observed[count:] if self.controls else 0)
        slope = float(theilslopes(path, np.arange(count)).slope)
        return Trend(
            metric=metric,
            view=self.view,
            p=p_lower(contrast),
            p_adjusted=together,
            direction="loss" if together <= alpha and contrast[0] < 0 else "none",
            slope=slope,
            half_life=math.log(2) / -slope if slope < 0 else None,
        )


def _adjusted(logs: Values, size: Values) -> Values:
    """Take out of counts of types what the tokens explain, by one slope for all samples and relabellings."""
    return adjusted(logs.ravel(), size.ravel()).reshape(logs.shape)


def survival(copies: npt.NDArray[np.int64], generations: int) -> Values:
    """Return the chance that a type with so many copies is left after resampling at equal size, shape of `copies`.

    Args:
        copies: Tokens of each type.
        generations: Rounds of resampling.

    Source:
        Galton-Watson process with Poisson offspring of mean 1: q(g + 1) = exp(q(g) - 1), a type with c copies is lost with
        chance q(g)^c (Fisher 1922; Haldane 1927).
    """
    lost = 0.0
    for _ in range(generations):
        lost = math.exp(lost - 1)
    return np.asarray(1 - lost ** np.asarray(copies, dtype=float))


def neutral_loss(first: Profile, chooser: Choosing, view: str, tau: float, generations: int) -> float | None:
    """Return the share of a first generation's tail types that resampling alone would lose, or None where it has none.

    Holds where each generation replaces the last one and is as large as the sample given.
    """
    frequencies = first.frequencies[view]
    types, tokens, _ = type_counts(frequencies, None, frequencies.theta)
    strata = chooser.strata(view, tau, min(frequencies.theta, chooser.profile.frequencies[view].theta))
    copies = tokens[strata.of(types) == TAIL]
    return float(1 - survival(copies, generations).mean()) if len(copies) else None
