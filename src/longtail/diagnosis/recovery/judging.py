"""Courses judged: what each is expected to retain of the baseline's tail, with its interval and its odds."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from longtail.diagnosis.recovery.course import Course, Policy, Source, Values, mass, present, rarefied, union
from longtail.diagnosis.recovery.drawing import REPLICATES, Draws
from longtail.diagnosis.recovery.records import Bounded, Ceiling

LONG_RUN = 200
"""Generations that stand for the long run."""
LEVEL = 0.95
MARGIN = 0.90
_Z = 1.959963984540054
_ONE_SIDED = 1.6448536269514722
POLICIES: tuple[Policy, ...] = ("drop", "keep", "replace")


@dataclass(frozen=True)
class Measure:
    """How what is retained is measured.

    Attributes:
        baseline: What it is retained of.
        documents: Documents that are looked at, of the baseline as of any generation.
        deff: Design effect of documents.
        generations: New training sets to look ahead.
        gap_error: Standard error of the logarithm of the learner's gap.
        seed: Of the draws.
        replicates: Of each course.
    """

    baseline: Source
    documents: int
    deff: float
    generations: int
    gap_error: float = 0.0
    seed: int = 0
    replicates: int = REPLICATES

    @property
    def types(self) -> float:
        """Return the tail types that the baseline is expected to show."""
        return rarefied(self.baseline, self.documents)

    def now(self, source: Source) -> Bounded:
        """Return the share of them that as many documents of a source show; the error is that of documents drawn again."""
        chance = -np.expm1(-source.held * (self.documents / max(1, source.documents)))
        return self.bounded(rarefied(source, self.documents), self._error(chance))

    def bounded(self, types: float, error: float) -> Bounded:
        """Return a number of types as a share of the baseline's, with the normal interval of its error."""
        low, high = (max(0.0, types + sign * _Z * error) / self.types for sign in (-1, 1))
        return Bounded(value=types / self.types, low=low, high=high, n=self.documents, unit="of the baseline's tail types", level=LEVEL)

    def at_best(self, sources: Sequence[Source]) -> Bounded:
        """Return the share of the reference's tail types that stand in any of the sources: the others cannot come back from these.

        Its whole are all tail types that the reference chose, seen in the baseline or not; that of a ceiling are those that the
        baseline is expected to show in as many documents. So a ceiling may lie above it.
        """
        from scipy.special import betaincinv

        there, reached = len(self.baseline.held), int(union(sources).sum())
        size, share = max(1.0, there / self.deff), reached / there
        low = float(betaincinv(share * size, (1 - share) * size + 1, (1 - LEVEL) / 2)) if share > 0 else 0.0
        high = float(betaincinv(share * size + 1, (1 - share) * size, (1 + LEVEL) / 2)) if share < 1 else 1.0
        return Bounded(value=share, low=low, high=high, n=there, unit="of the reference's tail types", level=LEVEL)

    def _error(self, chance: Values) -> float:
        return math.sqrt(float((chance * (1 - chance)).sum()) * self.deff)

    def long_run(self, course: Course) -> Ceiling:
        """Return what a course retains in the long run; types are taken as apart, their spread widened."""
        chance = present(course, LONG_RUN, self.documents)
        slope = self._slope(course, partial(_types, generations=LONG_RUN, documents=self.documents))
        types = self.bounded(float(chance.sum()), math.hypot(self._error(chance), slope))
        return Ceiling(share=course.share, policy=course.policy, generation=None, types=types)

    def ceilings(self, course: Course, target: float) -> tuple[Ceiling, ...]:
        """Return what a course retains after each generation.

        Args:
            course: How training sets are made.
            target: Retained share that the lower bound is to reach.
        """
        rng = np.random.default_rng([self.seed, round(course.share * 1e6), POLICIES.index(course.policy)])
        draws = Draws(course, self.generations, self.documents, self.deff, self.replicates, rng)
        for at in range(self.generations):
            shift = rng.standard_normal(self.replicates)
            shift -= shift.mean()
            draws.types[at] += shift * self._slope(course, partial(_types, generations=at + 1, documents=self.documents))
            draws.masses[at] += shift * self._slope(course, partial(mass, generations=at + 1))
        return tuple(self._ceiling(course, at + 1, draws, target) for at in range(self.generations))

    def _slope(self, course: Course, statistic: Callable[[Course], float]) -> float:
        """Return how far a statistic moves where the gap moves by one standard error."""
        if not self.gap_error:
            return 0.0
        less, more = (statistic(replace(course, gap=course.gap * math.exp(sign * self.gap_error))) for sign in (-1, 1))
        return (more - less) / 2

    def _ceiling(self, course: Course, generation: int, draws: Draws, target: float) -> Ceiling:
        types, masses = draws.types[generation - 1] / self.types, draws.masses[generation - 1] / self.baseline.mass
        error = float(types.std(ddof=1))
        return Ceiling(
            share=course.share,
            policy=course.policy,
            generation=generation,
            types=_interval(types, self.documents, "of the baseline's tail types"),
            mass=_interval(masses, self.documents, "of the baseline's tail mass"),
            odds=float((types - _ONE_SIDED * error >= target).mean()),
        )

    def until(self, course: Course, target: float, most: int = 50) -> int | None:
        """Return the first generation whose expected types reach the target, None where none up to `most` does."""
        for generation in range(1, most + 1):
            if float(present(course, generation, self.documents).sum()) / self.types >= target:
                return generation
        return None


def _types(course: Course, generations: int, documents: int) -> float:
    return float(present(course, generations, documents).sum())


def _interval(values: Values, documents: int, unit: str) -> Bounded:
    """Return the mean of replicates with the normal interval of a single one."""
    mean, half = float(values.mean()), _Z * float(values.std(ddof=1))
    return Bounded(value=mean, low=max(0.0, mean - half), high=mean + half, n=documents, unit=unit, level=LEVEL)


def with_share(course: Course, share: float, policy: Policy) -> Course:
    """Return the course at another share and policy."""
    return replace(course, share=share, policy=policy)


def best_of(ceilings: Sequence[Ceiling]) -> Ceiling:
    """Return the ceiling with most tail types; of equals the one with the smallest real share."""
    return max(ceilings, key=lambda one: (one.types.value, -one.share))
