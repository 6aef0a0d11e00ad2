"""What human documents are worth: how much of the tail they cover, and what further documents of each source would add.

One half of the documents chooses the tail; the documents of the other half cover it, in a random order. The expected share
covered after n documents is exact (sample-based rarefaction: Colwell et al. 2012). Both halves take both roles, averaged.

What m further documents of one source add to the whole is the Good-Toulmin series over tail types that only this source holds
(Good & Toulmin 1956), for m up to the documents of the source that were counted; beyond, it is not extrapolated.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from statistics import mean

import numpy as np
import pyarrow as pa
from msgspec.structs import replace

from longtail.errors import UnknownName
from longtail.metrics.incidence import GROUPS, Incidence, incidence_of, spread_of
from longtail.readers import BY, Reading
from longtail.records import SCHEMA_VERSION, NotMeasured, OnProgress, Progress, Record
from longtail.stats.coverage import chao_jost_incidence, singletons
from longtail.stats.jackknife import combined, quantile
from longtail.stats.richness import chao_error, chao_interval, richness_from
from longtail.summaries.frequencies import Frequencies
from longtail.summaries.profile import WORD_VIEWS
from longtail.views import words as word_view
from longtail.views.batch import texts_in
from longtail.views.keys import types_of

THOUSAND = 1000
TAU = 0.10
SOURCE = "lt_source"
UNSTATED = "(no source)"
OTHERS = "(further sources)"
MOST_SOURCES = 50
FEWEST = 4 * GROUPS


class Point(Record, frozen=True):
    """Share of the tail covered by so many documents, with its interval at 95 %, and what the last of them added.

    Args:
        documents: How many, in random order.
        covered: Share of the types of the tail that they hold.
        low: Of its interval.
        high: Of its interval.
        added: Share that the last `step` of them added.
    """

    documents: int
    covered: float
    low: float
    high: float
    added: float


class SourceValue(Record, frozen=True):
    """What further documents of one source would add to those that were counted: to half of the reservoir.

    Args:
        source: Its name.
        documents: Documents of it in the reservoir.
        further: Documents of it that the forecast is for: 1,000, or as many as were counted where those are fewer.
        added: Share of the tail that they would newly cover.
        low: Of its interval, at 95 %.
        high: Of its interval.
        types: Types of the tail that they would newly cover.
        only: Types of the tail that no other source holds, of those covered.
    """

    source: str
    documents: int
    further: int
    added: float
    low: float
    high: float
    types: float
    only: float


class Unseen(Record, frozen=True):
    """What the whole reservoir has not seen: `mass` of the law, and how many types at least (Chao2), with its interval."""

    mass: float
    types: float
    low: float
    high: float
    seen: int


class Value(Record, frozen=True):
    """The value report of human documents.

    Args:
        view: What counts as a type.
        documents: How many there are.
        measured: Documents that the curve ends with: those of the smaller half.
        tail_types: Types of the tail, mean of both halves.
        tau: Share of mass that the tail holds; ties make it larger than the 10 % asked for.
        step: Documents that what each point of the curve added is given for: 1,000, or a tenth of a small reservoir.
        curve: Coverage of the tail as documents come in.
        sources: The source first of which a document adds most.
        unseen: What none of them has seen.
        not_measured: What could not be said, and why.
    """

    view: str
    documents: int
    measured: int
    tail_types: float
    tau: float
    step: int
    curve: tuple[Point, ...]
    sources: tuple[SourceValue, ...]
    unseen: Unseen | None
    not_measured: tuple[NotMeasured, ...] = ()
    schema_version: str = SCHEMA_VERSION


def value(reading: Reading, view: str = "words_1", seed: int = 0, on_progress: OnProgress | None = None) -> Value:
    """Return the value report of a data set read with `by=("lt_source",)`, or without sources.

    Args:
        reading: The human documents.
        view: Word view whose types are counted.
        seed: Seed of all hashes, and so of the split.
        on_progress: Called after every batch.

    Raises:
        UnknownName: No such view.
        ReadError: The data cannot be read.
    """
    counts = counted(reading, view, seed, on_progress)
    return value_of(counts)


def counted(reading: Reading, view: str, seed: int, on_progress: OnProgress | None = None) -> dict[str, Frequencies]:
    """Return the counts of a view by source; all after the first 50 sources are one.

    Raises:
        UnknownName: No such view.
        ReadError: The data cannot be read.
    """
    if view not in WORD_VIEWS:
        raise UnknownName("view", view, WORD_VIEWS)
    found: dict[str, Frequencies] = {}
    for batch in reading.batches():
        names = _sources_in(batch)
        for name in dict.fromkeys(names):
            key = name if name in found or len(found) < MOST_SOURCES else OTHERS
            counts = found.setdefault(key, Frequencies(view, word_view.VERSION, seed))
            texts = texts_in(batch.filter(np.array([each == name for each in names])), seed)
            counts.add(word_view.words(texts, [WORD_VIEWS[view]], [word_view.ALL_TYPES], seed)[0])
        if on_progress is not None:
            on_progress(Progress(stage="counting", done=reading.documents))
    return found


def _sources_in(batch: pa.RecordBatch) -> list[str]:
    if BY + SOURCE not in batch.schema.names:
        return [UNSTATED] * batch.num_rows
    return [name or UNSTATED for name in batch.column(BY + SOURCE).to_pylist()]


def value_of(counts: Mapping[str, Frequencies]) -> Value:
    """Return the value report of counts by source.

    Where a half has no document in one of the groups of the jackknife, only what is unseen is said.
    """
    names = sorted(counts)
    sources = [counts[name] for name in names]
    view, documents = sources[0].view, sum(int(each.documents.sum()) for each in sources)
    found = [each for chooser in (0, 1) if (each := incidence_of(sources, chooser, TAU)) is not None]
    folds = [fold for fold, _ in found]
    whole = Value(
        view=view, documents=documents, measured=0, tail_types=0.0, tau=0.0, step=0, curve=(), sources=(), unseen=_unseen(sources)
    )
    if not _is_enough(documents, folds):
        reason = f"{documents} documents are too few to choose the tail in one half and cover it with the other"
        return replace(
            whole, not_measured=(NotMeasured(reason=reason, enable=f"at least {FEWEST} documents", metric="coverage", view=view),)
        )
    forecasts, absent = _forecasts(names, sources, folds)
    measured = min(fold.size for fold in folds)
    return replace(
        whole,
        measured=measured,
        tail_types=mean(fold.types for fold in folds),
        tau=mean(tau for _, tau in found),
        step=step_of(measured),
        curve=tuple(_points(folds, measured)),
        sources=forecasts,
        not_measured=absent,
    )


def _is_enough(documents: int, folds: Sequence[Incidence]) -> bool:
    return documents >= FEWEST and len(folds) == 2 and all(fold.sizes.sum(axis=0).min() > 0 for fold in folds)


def _points(folds: Sequence[Incidence], measured: int) -> Iterator[Point]:
    for drawn in grid_of(measured):
        covered, low, high = _estimate(folds, partial(Incidence.covered, drawn=drawn))
        before = mean(fold.covered(drawn - step_of(measured)) for fold in folds)
        yield Point(documents=drawn, covered=covered, low=max(0.0, low), high=min(1.0, high), added=covered - before)


def step_of(documents: int) -> int:
    """Return how many documents what a point of the curve added is given for: a thousand, or a tenth of fewer."""
    return THOUSAND if documents > THOUSAND else max(1, documents // 10)


def grid_of(documents: int) -> list[int]:
    """Return the sizes that a curve is given at: ten below a thousand, then 1, 2 and 5 times the powers of ten, and the end."""
    if documents <= THOUSAND:
        return sorted({max(1, documents * step // 10) for step in range(1, 11)})
    steps = (digit * 10**power for power in range(3, 19) for digit in (1, 2, 5))
    return [*(step for step in steps if step < documents), documents]


def _estimate(folds: Sequence[Incidence], statistic: Callable[[Incidence], float]) -> tuple[float, float, float]:
    """Return the mean of a statistic over both roles of the halves, with its interval at 95 %, the tails being given."""
    value = mean(map(statistic, folds))
    spread = combined([spread_of(fold, statistic) for fold in folds])
    half = quantile(0.975, spread.freedom) * spread.error / len(folds)
    return value, min(value, value - half), max(value, value + half)


def _forecasts(
    names: Sequence[str], sources: Sequence[Frequencies], folds: Sequence[Incidence]
) -> tuple[tuple[SourceValue, ...], tuple[NotMeasured, ...]]:
    """Return the forecasts, the source that adds most first, and the sources that have too few documents for one."""
    found, absent = [], []
    for at, name in enumerate(names):
        documents = int(sources[at].documents.sum())
        if min(int((fold.sizes[at] > 0).sum()) for fold in folds) < GROUPS // 2:
            reason = f"too few documents of source {name!r} for a forecast ({documents:,})"
            absent.append(NotMeasured(reason=reason, enable=f"{FEWEST} documents of it", metric="source", view=sources[at].view))
            continue
        further = min(THOUSAND, *(int(fold.sizes[at].sum()) for fold in folds))
        found.append(_forecast(name, at, documents, further, folds))
    return tuple(sorted(found, key=lambda each: (-each.added / each.further, each.source))), tuple(absent)


def _forecast(name: str, at: int, documents: int, further: int, folds: Sequence[Incidence]) -> SourceValue:
    added, low, high = _estimate(folds, lambda fold: max(0.0, further * fold.forecast(at, further) / fold.types))
    return SourceValue(
        source=name,
        documents=documents,
        further=further,
        added=added,
        low=max(0.0, low),
        high=min(1.0, high),
        types=mean(max(0.0, further * fold.forecast(at, further)) for fold in folds),
        only=mean(len(fold.only(at)) for fold in folds),
    )


def _unseen(sources: Sequence[Frequencies]) -> Unseen | None:
    keys = np.concatenate([types_of(each.run().keys) for each in sources])
    if not len(keys):
        return None
    types, owner = np.unique(keys, return_inverse=True)
    documents = np.bincount(owner, weights=np.concatenate([each.run().documents for each in sources]), minlength=len(types)).astype(
        np.int64
    )
    size, (once, twice) = sum(int(each.documents.sum()) for each in sources), singletons(documents)
    least = richness_from(len(types), once, twice, size=size)
    low, high = chao_interval(least, chao_error(len(types), once, twice, size=size), len(types))
    unseen = [bound - len(types) for bound in (least, low, high)]
    mass = 1 - chao_jost_incidence(documents, size)
    return Unseen(mass=mass, types=unseen[0], low=min(unseen[:2]), high=max(unseen[0], unseen[2]), seen=len(types))
