"""A store and its log in the order of time, with the wording of all their texts in one numbering."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from longtail.metrics.rag.wording import Wording, wording_of
from longtail.readers.stores import Item, Query
from longtail.records import Origin

I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

BY_MODEL = frozenset({Origin.SYNTHETIC, Origin.HUMAN_SELECTED, Origin.MIXED})
"""Origins that count as made by a model; what a person or a model edited does not, and unknown is told apart."""


@dataclass(frozen=True, eq=False)
class Timeline:
    """What came when.

    Attributes:
        items: Of the store, as they lie there.
        queries: Of the log, in the order of time where each has one, else in that of the log.
        wording: Of the items, then of the answers, then of the questions; a query without an answer has an empty one.
        rank: Place of each item in the order of time where each has one, else in that of the store, shape (items,).
        is_timed: Whether each item, and each query, has a time.
    """

    items: tuple[Item, ...]
    queries: tuple[Query, ...]
    wording: Wording
    rank: I64
    is_timed: tuple[bool, bool]

    @property
    def served(self) -> Mask:
        """Return which items the store does not set aside, shape (items,)."""
        return np.array([not item.quarantined for item in self.items], np.bool_)

    def of_origins(self, origins: frozenset[Origin]) -> Mask:
        """Return which items state one of some origins, shape (items,)."""
        return np.array([item.origin in origins for item in self.items], np.bool_)

    @property
    def answers(self) -> I64:
        """Return the queries that have an answer, in order, shape (answers,)."""
        return np.array([at for at, query in enumerate(self.queries) if query.answer], np.int64)

    @property
    def places(self) -> dict[str, int]:
        """Return the place of each id, the first where several items have one."""
        found: dict[str, int] = {}
        for at, item in enumerate(self.items):
            found.setdefault(item.id, at)
        return found

    def times(self) -> F64:
        """Return the time of each item, NaN where it has none, shape (items,)."""
        return np.array([np.nan if item.time is None else item.time for item in self.items], np.float64)

    def asked(self) -> F64:
        """Return the time of each query, NaN where it has none, shape (queries,)."""
        return np.array([np.nan if query.time is None else query.time for query in self.queries], np.float64)


def timeline_of(items: tuple[Item, ...], queries: tuple[Query, ...]) -> Timeline:
    """Return a store and its log in the order of time."""
    is_timed = all(item.time is not None for item in items), all(query.time is not None for query in queries)
    if is_timed[1]:
        queries = tuple(sorted(queries, key=lambda query: query.time or 0.0))
    texts = [item.text for item in items] + [query.answer or "" for query in queries] + [query.question for query in queries]
    return Timeline(items, queries, wording_of(texts), _ranks(items, by_time=is_timed[0]), is_timed)


def _ranks(items: tuple[Item, ...], *, by_time: bool) -> I64:
    """Return the place of each item in the order of time, those of one time as they lie; without, in the order of the store."""
    times = np.array([item.time for item in items] if by_time else np.zeros(len(items)), np.float64)
    ranks = np.empty(len(items), np.int64)
    ranks[np.lexsort((np.arange(len(items)), times))] = np.arange(len(items))
    return ranks
