"""Courses of generations drawn: counts of types from training set to training set, many replicates at a time.

Means of tail types come from the closed form; the replicates give the spread of types and mass and the odds. Only so many
types are drawn as there is time for, and the spread is scaled to all. Types of one document come and go together, which the
replicates do not see: their spread is widened by the square root of `design_effect`.
"""

import math

import numpy as np

from longtail.diagnosis.recovery.course import Counts, Course, Source, Values, mass, present
from longtail.summaries.frequencies import Frequencies
from longtail.views.keys import CELLS, Keys, cells_of, types_of

MOST_TYPES = 3000
REPLICATES = 200
RESAMPLES = 64
MOST_TIMES = 20


class Draws:
    """Replicates of the number of tail types, and of tail mass, after each generation.

    Args:
        course: How training sets are made.
        generations: New training sets.
        measured: Documents that are looked at after each.
        deff: Design effect of documents.
        replicates: Of each.
        rng: Where draws come from.

    Attributes:
        types: Tail types among the documents, shape (generations, replicates).
        masses: Mean number of tail types in one of them, shape (generations, replicates).
    """

    def __init__(self, course: Course, generations: int, measured: int, deff: float, replicates: int, rng: np.random.Generator) -> None:
        sampled, scale = _sampled(course, rng)
        types, masses = np.empty((2, generations, replicates))
        batches: list[Values] = [
            np.tile(source.held * (course.size / max(1, source.documents)), (replicates, 1)) for source in sampled.kept
        ]
        for batch in range(1, generations + 1):
            made = _repeated(sampled.reservoir, sampled.real(), replicates, rng)
            if batch == 1:
                made = made + _repeated(sampled.start, sampled.first(), replicates, rng)
            else:
                made = made + rng.poisson((1 - course.share) * _fitted(sampled, batches, batch - 1))
            batches.append(made)
            seen = rng.poisson(_fitted(sampled, batches, batch) * (measured / course.size))
            types[batch - 1] = (seen > 0).sum(axis=1)
            masses[batch - 1] = seen.sum(axis=1) / measured
        wider = math.sqrt(scale * deff)
        self.types = np.array([_around(row, float(present(course, at, measured).sum()), wider) for at, row in enumerate(types, 1)])
        self.masses = np.array([_around(row, mass(course, at), wider) for at, row in enumerate(masses, 1)])


def _sampled(course: Course, rng: np.random.Generator) -> tuple[Course, float]:
    """Return the course with no more types than there is time for, and how many times as many there are."""
    types = len(course.start.held)
    if types <= MOST_TYPES:
        return course, 1.0
    taken = np.sort(rng.choice(types, MOST_TYPES, replace=False))

    def of(source: Source) -> Source:
        return Source(source.name, source.documents, source.held[taken])

    made = Course(
        course.size, course.share, course.policy, of(course.reservoir), of(course.start), tuple(of(bad) for bad in course.bad),
        course.gap, course.times, course.window,
    )  # fmt: skip
    return made, types / MOST_TYPES


def _repeated(source: Source, draw: tuple[float, float], replicates: int, rng: np.random.Generator) -> Values:
    chance, times = draw
    return np.asarray(rng.binomial(source.held, chance, (replicates, len(source.held))) * times)


def _fitted(course: Course, batches: list[Values], new: int) -> Values:
    """Return the expected rows of each type in N rows that a model writes, shape (replicates, types)."""
    weights = course.weights(new)
    total = np.zeros_like(batches[-1])
    for weight, rows in zip(weights.tolist(), batches, strict=True):
        if weight:
            total += weight * rows
    return course.gap * total


def _around(drawn: Values, mean: float, wider: float) -> Values:
    return np.asarray(np.maximum(mean + (drawn - drawn.mean()) * wider, 0.0))


def design_effect(frequencies: Frequencies, tail: Keys, rng: np.random.Generator) -> float:
    """Return how many times the variance of the number of tail types is what it were with types apart, at least 1.

    Cells of documents are resampled with Poisson weights, so that types of one document stay together; where there are more
    documents than cells, those of a cell stay together too, which makes it larger.

    Args:
        frequencies: Counts of the view.
        tail: Hashes of the tail types, ascending, shape (types,).
        rng: Where draws come from.
    """
    run = frequencies.run()
    types = types_of(run.keys)
    here = np.isin(types, tail)
    types, cells = types[here], cells_of(run.keys[here])
    if not len(types):
        return 1.0
    starts = np.flatnonzero(np.concatenate([[True], types[1:] != types[:-1]]))
    cells_with: Counts = np.diff(np.append(starts, len(types)))
    gone = np.exp(-cells_with.astype(float))
    apart = float((gone * (1 - gone)).sum())
    totals = [int((np.add.reduceat(rng.poisson(1.0, CELLS)[cells], starts) > 0).sum()) for _ in range(RESAMPLES)]
    return max(1.0, float(np.var(totals, ddof=1)) / apart)


def times_used(frequencies: Frequencies, tail: Keys) -> tuple[tuple[float, float], ...]:
    """Return how often a document that holds a tail type uses it, over the mean, each with its chance.

    Read off the cells in which one document holds the type; more than `MOST_TIMES` uses count as so many.

    Args:
        frequencies: Counts of the view.
        tail: Hashes of the tail types, ascending, shape (types,).
    """
    run = frequencies.run()
    alone = np.isin(types_of(run.keys), tail) & (run.documents == 1)
    if not alone.any():
        return ((1.0, 1.0),)
    often, held = np.unique(np.minimum(run.tokens[alone], MOST_TIMES), return_counts=True)
    mean = float((often * held).sum() / held.sum())
    return tuple((float(k) / mean, float(n) / held.sum()) for k, n in zip(often, held, strict=True))
