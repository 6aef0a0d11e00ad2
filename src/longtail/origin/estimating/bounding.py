"""What can be said without machine text: lower bounds, by words that came up after a date, or by what no known human text is like."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from longtail.errors import UsageError
from longtail.origin.crossfit import crossfit
from longtail.origin.dates.dating import days_of
from longtail.origin.estimating.corpus import How, Input, by_site, input_of
from longtail.origin.estimating.periods import When
from longtail.origin.quantifiers.bbe import human_bound
from longtail.origin.reference import Reference
from longtail.origin.result import Status
from longtail.origin.scorers.card import Fitting, Scorer
from longtail.origin.settings import Settings as Shares
from longtail.origin.vocabulary.batches import Dated
from longtail.origin.vocabulary.excess import Settings, excess_vocabulary
from longtail.origin.vocabulary.result import ExcessVocabulary
from longtail.readers import BY, Named, read
from longtail.records import NotMeasured, Record

UNLIKE = "unlike the human texts given is not the same as machine-made: text of another domain, language or time is unlike them too"
FEWEST = 50
"""Texts of either side below which nothing is told."""
SOURCES = 15


class Unlike(Record, frozen=True):
    """The share of documents that are unlike human texts given, at least.

    Attributes:
        status: `weak`, or `refused`: no more can be had without machine text.
        at_least: Lower bound of the share, at `level`; None where it is refused.
        human_at_most: The largest human share that the documents are consistent with, as measured.
        human: Human texts that were held against them.
        documents: Documents.
        level: Of the bound.
        settled: Whether the region that the bound rests on looks free of machine text.
    """

    status: Status
    reasons: tuple[str, ...]
    documents: int
    human: int
    level: float
    at_least: float | None = None
    human_at_most: float | None = None
    settled: bool | None = None
    method: str = "best bin estimation (Garg et al. 2021) on a cross-fitted classifier of human text against the corpus"


class Bounds(Record, frozen=True):
    """Lower bounds of the share of machine-made text."""

    unlike: Unlike | None = None
    vocabulary: ExcessVocabulary | None = None

    @property
    def at_least(self) -> float | None:
        """Return the highest lower bound, None where there is none."""
        latest = None if self.vocabulary is None else self.vocabulary.best()
        found = [None if self.unlike is None else self.unlike.at_least, None if latest is None else latest.low]
        return max((each for each in found if each is not None), default=None)


def unlike(
    texts: Sequence[str], clusters: Sequence[object] | None, human: Sequence[str], fitting: Fitting | Scorer, settings: Shares
) -> Unlike:
    """Return the share of documents that are unlike known human texts, at least.

    Args:
        texts: Documents of unknown origin.
        clusters: What makes them depend on each other; by default copies alone.
        human: Texts that people wrote.
        fitting: What learns to tell the two apart.
        settings: Level of the bound, folds and seed.

    Raises:
        UsageError: One side has a single text.
    """
    known = {" ".join(text.split()) for text in human}
    new = [at for at, text in enumerate(texts) if " ".join(text.split()) not in known]
    told = Unlike(status="refused", reasons=(), documents=len(new), human=len(human), level=settings.level)
    if min(len(new), len(human)) < FEWEST:
        because = f"{len(human):,} human texts and {len(new):,} documents that are not among them; {FEWEST} of each are asked for"
        return msgspec.structs.replace(told, reasons=(because,))
    theirs = [" ".join(texts[at].split()) if clusters is None else clusters[at] for at in new]
    both = Reference.of(human, [texts[at] for at in new], [human, theirs])
    scores = crossfit(both, fitting, settings.folds, settings.seed).scores[:, 0]
    said = np.isfinite(scores)
    ours, others = scores[said & (both.labels == 0)], scores[said & (both.labels == 1)]
    bound = human_bound(ours, others, delta=1 - settings.level)
    if isinstance(bound, NotMeasured):
        return msgspec.structs.replace(told, reasons=(f"{bound.reason}; give {bound.enable}",))
    return msgspec.structs.replace(
        told,
        status="weak",
        reasons=(UNLIKE,),
        at_least=bound.machine_at_least,
        human_at_most=bound.human,
        settled=bound.settled,
    )


def vocabulary(data: Any, when: When, how: How, *, cluster: str | None, source: str | None) -> tuple[ExcessVocabulary, Input]:
    """Return lower bounds by period from words that came up after a cut-off, and what was read; the data are read three times.

    Args:
        data: Whatever `longtail.readers.read` takes and can be read again.
        when: What is known of the dates.
        how: How they are read; the seed is that of the split.
        cluster: Column of what makes documents depend on each other.
        source: Column of sources that are told apart; of many the largest.

    Raises:
        ReadError: The data cannot be read to their end, hold no documents, or lack a column.
        UsageError: The data can be read once only.
    """
    asked = {"date": (when.column, "--date-column"), "cluster": (cluster, "--cluster-column"), "source": (source, "--by")}
    wanted = {name: Named(column, option) for name, (column, option) in asked.items() if column is not None}
    reading = read(data, how.text_column, how.table, how.on_progress, by=tuple(dict.fromkeys(wanted.values())), texts_only=True)

    def batches() -> Iterator[Dated]:
        for batch in reading.batches():
            found = {name: _told(batch.column(BY + column), name) for name, column in wanted.items()}
            whole = Dated(batch.column("text"), days_of(found["date"].to_pylist()), found.get("cluster"), found.get("source"))
            yield from whole.slices()

    sources = [] if source is None else _largest(batches())
    found = excess_vocabulary(batches, Settings(kind=when.kind, cutoff=when.cutoff, sources=sources, seed=how.seed))
    return found, input_of(reading, "data")


def _told(column: pa.Array, name: str) -> pa.Array:
    """Return dates as they are, and pages of the web by their site, which is what makes them depend on each other."""
    return column if name == "date" else pa.array(map(by_site, column.to_pylist()), pa.string())


def _largest(batches: Iterator[Dated]) -> list[str]:
    counts: Counter[str] = Counter()
    for batch in batches:
        if batch.sources is not None:
            counts.update(value for value in batch.sources.to_pylist() if value is not None)
    return sorted(counts, key=lambda name: (-counts[name], name))[:SOURCES]


def check_again(data: Any) -> None:
    """Refuse, before the work, data that can be read once where they are read several times.

    Raises:
        UsageError: They are standard input or an iterator.
    """
    if data == "-" or (isinstance(data, list | tuple) and "-" in data) or hasattr(data, "__next__"):
        raise UsageError("the data are read more than once here, and standard input or an iterator can be read once; save them to a file")
