"""How many documents came from which source, by origin, as far as their `lt_source` column says."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import Any, Self

import pyarrow as pa

from longtail.summaries.stated import crossed, origins_in, stated_in

SOURCES_KEPT = 1 << 14
NAME_LIMIT = 200
WEB = "web"

_HASHES = 1 << 64
_SCHEMES = ("http://", "https://")


class Sources:
    """Documents by source and origin; a page of the web counts under its site.

    At most `SOURCES_KEPT` sources are kept, those with the smallest hashes, with exact counts; `stated` and `web` count all.
    """

    def __init__(self) -> None:
        self.stated: Counter[str] = Counter()
        self.web: Counter[str] = Counter()
        self._counts: dict[str, Counter[str]] = {}
        self._bound = _HASHES

    @property
    def key(self) -> tuple[object, ...]:
        """Nothing to agree on: any two may merge."""
        return ("sources",)

    @property
    def counts(self) -> dict[str, dict[str, int]]:
        """Return the documents of each source kept by origin, in the order of the names."""
        self._cut()
        return {source: dict(sorted(found.items())) for source, found in sorted(self._counts.items())}

    def add(self, batch: pa.RecordBatch) -> None:
        """Count one batch of documents."""
        sources = stated_in(batch, "lt_source")
        if sources is None:
            return
        self._take((site_of(source), origin, count) for origin, source, count in crossed(origins_in(batch), sources) if source is not None)

    def merge(self, other: Self) -> None:
        """Add the counts of `other`."""
        self._bound = min(self._bound, other._bound)
        self.stated.update(other.stated)
        self.web.update(other.web)
        for source, found in other._counts.items():
            self._counts.setdefault(source, Counter()).update(found)
        self._cut()

    def to_dict(self) -> dict[str, Any]:
        """Return the counts by source and origin, those of all sources, and the bound of the hashes kept."""
        plain = {name: dict(sorted(found.items())) for name, found in (("stated", self.stated), ("web", self.web))}
        return {"counts": self.counts, **plain, "bound": self._bound}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the summary whose `to_dict` gave `state`."""
        made = cls()
        made.stated, made.web, made._bound = Counter(state["stated"]), Counter(state["web"]), state["bound"]
        made._counts = {source: Counter(found) for source, found in state["counts"].items()}
        return made

    def _take(self, found: Iterable[tuple[str, str, int]]) -> None:
        for source, origin, count in found:
            self.stated[origin] += count
            if is_web(source):
                self.web[origin] += count
            if source in self._counts or _hash(source) < self._bound:
                self._counts.setdefault(source, Counter())[origin] += count
        if len(self._counts) > 2 * SOURCES_KEPT:
            self._cut()

    def _cut(self) -> None:
        """Keep the sources below the (limit + 1)-th smallest hash seen; the bound never grows, so counts stay exact."""
        if len(self._counts) <= SOURCES_KEPT and self._bound == _HASHES:
            return
        ranked = sorted((_hash(source), source) for source in self._counts)
        if len(ranked) > SOURCES_KEPT:
            self._bound = min(self._bound, ranked[SOURCES_KEPT][0])
        self._counts = {source: self._counts[source] for rank, source in ranked if rank < self._bound}


def site_of(source: str) -> str:
    """Return the site of a page of the web as https://SITE, without user names; any other source as it is, cut to `NAME_LIMIT`."""
    written = source.strip()
    if not written.lower().startswith(_SCHEMES):
        return WEB if written.lower() == WEB else written[:NAME_LIMIT]
    place = written.partition("://")[2]
    for mark in "/?#":
        place = place.partition(mark)[0]
    return f"https://{place.rpartition('@')[2].lower()}"[:NAME_LIMIT]


def is_web(source: str) -> bool:
    """Tell whether a source, as `site_of` names it, is the web."""
    return source == WEB or source.startswith("https://")


def _hash(source: str) -> int:
    return int.from_bytes(hashlib.blake2b(source.encode(), digest_size=8).digest(), "big")
