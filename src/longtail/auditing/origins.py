"""What the texts themselves say of their origin: shares of machine-made text where an audit is given some to compare with, or dates."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from itertools import islice
from typing import Any

from longtail.auditing.pipeline import Around
from longtail.errors import LongtailError, UsageError
from longtail.origin.dates.dating import CUTOFF, Kind
from longtail.origin.estimating import estimate
from longtail.origin.estimating.corpus import Drawn, How, check_apart, drawn
from longtail.origin.estimating.sides import named_sides, sides
from longtail.origin.measuring import measure
from longtail.origin.settings import Settings
from longtail.origin.target import Target
from longtail.readers import BY, Named, read
from longtail.readers.moments import moment
from longtail.records import Origin
from longtail.rules.measures import HUMAN_PART, LATE_PART, UNKNOWN_PART, Measures
from longtail.rules.mix import MODEL_MADE, UNKNOWN
from longtail.summaries.composition import UNSTATED, WEAK, Composition
from longtail.summaries.sources import is_web

PART = "part"
STATED = ("lt_origin", "lt_evidence", "lt_time")

DATES: dict[str, Kind] = {
    "lt_time": "published",
    "published": "published",
    "published_at": "published",
    "date_published": "published",
    "publication_date": "published",
    "pubdate": "published",
    "created_at": "published",
    "timestamp": "published",
    "date": "published",
    "year": "published",
}
"""Columns that are taken for dates where none is named, and what kind of dates."""
_PEEK = 1


@dataclass(frozen=True)
class Asked:
    """What an audit is given to tell machine-made text by.

    Attributes:
        synthetic: Machine texts to compare with, of several models by name; None without any.
        group_column: Column of the references that says which documents were made from one another.
        closed: Whether the data hold no machine text but of these kinds.
        date_column: Column of dates; by default one that is named like dates.
    """

    synthetic: Any = None
    group_column: str | None = None
    closed: bool = False
    date_column: str | None = None

    @property
    def is_plain(self) -> bool:
        """Tell whether nothing was given."""
        return self == Asked()


def origins(data: Any, reference: Any, asked: Asked, composition: Composition, around: Around, how: How) -> Around:
    """Return what is known around the data, with what their texts say of their origin.

    Args:
        data: The candidate as it was named; None for a lineage.
        reference: Human texts as they were named.
        asked: What there is to tell machine-made text by.
        composition: What the candidate says of itself.
        around: What is known without it.
        how: How data are read.

    Raises:
        UsageError: Machine texts are given without human ones, or for profiles, which hold no texts.
        ReadError: Data cannot be read.
    """
    if asked.synthetic is not None:
        return replace(around, measures=_measured(data, reference, asked, around, how))
    if asked.group_column is not None or asked.closed:
        raise UsageError("group_column and closed say how machine texts are used, and there are none; add --synthetic FILE")
    if data is None or not (asked.date_column or _is_unknown_web(composition)):
        return around
    return replace(around, measures=_by_dates(data, asked, how))


def _is_unknown_web(composition: Composition) -> bool:
    return any(is_web(source) and not UNKNOWN.isdisjoint(found) for source, found in composition.sources.counts.items())


def _measured(data: Any, reference: Any, asked: Asked, around: Around, how: How) -> Measures:
    if data is None or reference is None:
        raise UsageError("machine texts are compared with human ones; give --reference HUMAN.jsonl, and DATA in place of a lineage")
    for given in (data, reference):
        if any(str(each).endswith(".ltp") for each in (given if isinstance(given, list | tuple) else [given])):
            raise UsageError(f"{given!r} is a profile, which holds no texts; give the data themselves where --synthetic is given")
    stated = {name: Named(name, "", needed=False) for name in STATED}
    candidate = drawn(data, "data", stated, how)
    both = sides(reference, named_sides(asked.synthetic), how, group=asked.group_column)
    check_apart(candidate, both.drawn)
    assert both.reference is not None
    cutoff = around.pipeline.cutoff if around.pipeline else CUTOFF
    slices = _parts(candidate, datetime.combine(cutoff, time(), UTC))
    target = Target(candidate.texts, None, slices, None, candidate.input.documents)
    found = measure(target, both.reference, Settings(closed=asked.closed, seed=how.seed), on_progress=how.on_progress).told
    return Measures(told=found, parts={each.value: each for each in found.slices})


def _parts(candidate: Drawn, cutoff: datetime) -> dict[str, list[str | None]]:
    """Return the slices that rules judge, each under a name of its own, for a late human document is in two of them."""
    stated = zip(*(candidate.columns[name] for name in STATED), strict=True)
    parts = [_parts_of(origin, evidence, when, cutoff) for origin, evidence, when in stated]
    found = {f"{PART} {name}": [name if name in each else None for each in parts] for name in (UNKNOWN_PART, HUMAN_PART, LATE_PART)}
    return {column: values for column, values in found.items() if any(values)}


def _parts_of(origin: str | None, evidence: str | None, when: str | None, cutoff: datetime) -> tuple[str, ...]:
    if origin != Origin.HUMAN.value:
        return (UNKNOWN_PART,) if origin not in MODEL_MADE else ()
    found = moment(when) if when else None
    is_late = found is not None and found >= cutoff and (evidence or UNSTATED) in WEAK
    return (HUMAN_PART, LATE_PART) if is_late else (HUMAN_PART,)


def _by_dates(data: Any, asked: Asked, how: How) -> Measures | None:
    """Return the bound by words that came up after the cut-off, None where there are no dates or the data can be read once only."""
    column = asked.date_column or _dated(data, how)
    if column is None:
        return None
    try:
        kind = DATES.get(column, "published")
        found = estimate(
            data,
            date_column=column,
            date_kind=kind,
            text_column=how.text_column,
            table=how.table,
            seed=how.seed,
            on_progress=how.on_progress,
        )
    except LongtailError:
        if asked.date_column is not None:
            raise
        return None
    assert found.bounds is not None
    return Measures(vocabulary=found.bounds.vocabulary, date_column=column)


def _dated(data: Any, how: How) -> str | None:
    """Return the column of the first documents that looks like dates."""
    if data == "-" or data == ["-"] or hasattr(data, "__next__"):
        return None
    reading = read(data, how.text_column, how.table, by=[Named(name, "", needed=False) for name in DATES], texts_only=True)
    for batch in islice(reading.batches(), _PEEK):
        for name in DATES:
            if _are_dates(batch.column(BY + name).to_pylist()):
                return name
    return None


def _are_dates(values: Iterable[Any]) -> bool:
    given = [value for value in values if value is not None]
    return bool(given) and sum(moment(value) is not None for value in given) > len(given) / 2
