"""What a course of generations leaves of the tail: the chance that each type is absent, and the mean mass, in closed form.

Documents are drawn, not words. A type stands in `held` of the documents of a source; a training set of N rows takes
share · N rows of the reservoir and the rest of what models wrote. Rows that are held are drawn without replacement, so each
document is taken with chance f; where more rows are asked for than there are, all are taken and repeated. A fitted model
writes a document with a type at `gap` times the share that the type has in what it was fitted on, so that the count in the
next training set is Poisson: the limit of many rows and a small share of each type, as in `longtail.lab.rare`. What is fitted
are tokens: a document that uses a type twice as often as others that hold it counts double.

Counts of a type are then a branching process with immigration over batches. E exp(-sum u_t M_t) is found backwards from the
sample that is looked at: a synthetic row of batch t passes 1 - exp(-u_t) on to the batches that it was fitted on, a held
document that is drawn with chance f multiplies the chance of absence by 1 - f (1 - exp(-u_t)). So

    ln P(type absent) = sum over sources of documents that hold it · weight of the source,

with one weight for all types. Without real rows it is exp(-n q g_k) of Suresh et al., arXiv:2412.17646; mean mass obeys the
linear recursions of a window and of a pool that keeps everything, which are exact.

Left out: types of one document come and go together (the spread is widened for it, see `drawing`), lengths of documents, what
a learner forgets beyond one factor for all types, and any gate in between.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

Values = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Policy = Literal["drop", "keep", "replace"]

_SMALLEST = 1e-300


@dataclass(frozen=True)
class Source:
    """Documents at hand.

    Attributes:
        name: What they are.
        documents: How many.
        held: Documents that hold each tail type, shape (types,).
    """

    name: str
    documents: int
    held: Counts

    @property
    def mass(self) -> float:
        """Return the mean number of tail types in a document."""
        return float(self.held.sum() / self.documents) if self.documents else 0.0


@dataclass(frozen=True)
class Course:
    """How training sets are made from now on.

    Attributes:
        size: Rows N of a new training set.
        share: Share of reservoir rows in it.
        policy: What a model is fitted on: all new training sets ("drop"), the bad ones too ("keep"), or the newest ("replace").
        reservoir: Real rows.
        start: Outputs that the first new training set takes its other rows from.
        bad: Training sets of bad generations, each counted as N rows, in a pool that keeps them.
        gap: Factor by which a fit lowers the frequency of a tail type.
        times: How often a document that holds a tail type uses it, over its mean, each with its chance; tokens are what is fitted.
        window: Newest training sets that a model is fitted on; None for all that the policy keeps.
    """

    size: int
    share: float
    policy: Policy
    reservoir: Source
    start: Source
    bad: tuple[Source, ...] = ()
    gap: float = 1.0
    times: tuple[tuple[float, float], ...] = ((1.0, 1.0),)
    window: int | None = None

    @property
    def kept(self) -> tuple[Source, ...]:
        """Return the bad training sets that stay in the pool."""
        return self.bad if self.policy == "keep" else ()

    def weights(self, batches: int) -> Values:
        """Return the weight of each training set in a fit, shape (bad ones kept + batches,), sum 1."""
        there = len(self.kept) + batches
        used = 1 if self.policy == "replace" else min(self.window or there, there)
        return np.concatenate([np.zeros(there - used), np.full(used, 1 / used)])

    def met(self, toll: float) -> float:
        """Return the chance that a document with a type leaves something of it; a mean use leaves nothing with chance exp(-toll)."""
        return -sum(chance * float(np.expm1(-toll * often)) for often, chance in self.times)

    def real(self) -> tuple[float, float]:
        """Return the chance that a document of the reservoir is drawn, and how often it is then repeated."""
        return drawn(self.share * self.size, self.reservoir.documents)

    def first(self) -> tuple[float, float]:
        """Return the same for the outputs that the first new training set takes rows of."""
        return drawn((1 - self.share) * self.size, self.start.documents)


class Absence(NamedTuple):
    """Weights of the documents that hold a type in the log chance of its absence: reservoir, start, each bad training set."""

    reservoir: float
    start: float
    bad: tuple[float, ...]

    def of(self, course: Course) -> Values:
        """Return the chance that each type is absent, shape (types,)."""
        logs = self.reservoir * course.reservoir.held + self.start * course.start.held
        for weight, source in zip(self.bad, course.kept, strict=True):
            logs = logs + weight * source.held
        return np.exp(logs)


def drawn(wanted: float, documents: int) -> tuple[float, float]:
    """Return the chance that one of `documents` is drawn where `wanted` rows are, and how often it is then repeated."""
    if not documents or wanted <= 0:
        return 0.0, 1.0
    return min(1.0, wanted / documents), max(1.0, wanted / documents)


def absence(course: Course, generations: int, measured: float) -> Absence:
    """Return the weights of absence from `measured` documents written after `generations` new training sets.

    Args:
        course: How training sets are made.
        generations: At least 1.
        measured: Documents that are looked at.
    """
    kept = len(course.kept)
    toll = course.weights(generations) * course.gap * measured / course.size
    real, start = 0.0, 0.0
    for batch in range(generations, 0, -1):
        at = kept + batch - 1
        real += _log_absent(course, course.real(), float(toll[at]))
        if batch == 1:
            start = _log_absent(course, course.first(), float(toll[at]))
        else:
            toll[:at] += (1 - course.share) * course.gap * course.weights(batch - 1) * course.met(float(toll[at]))
    bad = [_log_absent(course, (1.0, course.size / max(1, each.documents)), float(toll[at])) for at, each in enumerate(course.kept)]
    return Absence(real, start, tuple(bad))


def _log_absent(course: Course, draw: tuple[float, float], toll: float) -> float:
    chance, times = draw
    return float(np.log(max(1 - chance * course.met(toll * times), _SMALLEST)))


def present(course: Course, generations: int, measured: float) -> Values:
    """Return the chance that each type is among `measured` documents after `generations`, shape (types,)."""
    return 1 - absence(course, generations, measured).of(course)


def mass(course: Course, generations: int) -> float:
    """Return the mean number of tail types in a document that is written after `generations` new training sets."""
    batches = [source.mass for source in course.kept]
    for batch in range(1, generations + 1):
        other = course.start.mass if batch == 1 else course.gap * float(course.weights(batch - 1) @ np.array(batches))
        batches.append(course.share * course.reservoir.mass + (1 - course.share) * other)
    return course.gap * float(course.weights(generations) @ np.array(batches))


def rarefied(source: Source, documents: int) -> float:
    """Return the expected number of tail types in that many of the source's documents (Colwell et al. 2012)."""
    from longtail.stats.rarefaction import absence as missed

    return float((1 - missed(source.held, source.documents, min(documents, source.documents))).sum())


def union(sources: Sequence[Source]) -> npt.NDArray[np.bool_]:
    """Return which types any of the sources holds, shape (types,)."""
    return np.asarray(np.any([source.held > 0 for source in sources], axis=0))
