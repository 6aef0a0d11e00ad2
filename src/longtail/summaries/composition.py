"""What a data set is made of, as far as its provenance columns say."""

from collections import Counter
from collections.abc import Callable
from typing import Any, Self

import pyarrow as pa
import pyarrow.compute as pc

from longtail.records import Evidence, Origin
from longtail.summaries.decodings import setting_of
from longtail.summaries.sources import Sources
from longtail.summaries.stated import UNTAGGED, crossed, origins_in, stated_in

STATED, UNSTATED = "stated", "unstated"
AXES = ("evidence", "depth", "month", "model", "decoding")
WEAK = frozenset({UNSTATED, Evidence.NONE.value, Evidence.ASSERTED.value})
"""Evidence that is no more than somebody's word."""

_UNITS = 1 << 20  # weights are summed in whole parts of this, so that the sum does not depend on the order
_KINDS = frozenset(Evidence)
_COLUMNS = frozenset(f"lt_{name}" for name in ("origin", "evidence", "depth", "time", "model", "decoding", "source", "weight"))


class Composition:
    """Documents by origin, crossed with evidence, depth, month, whether a model and settings are named, source and weight.

    A document without a tag counts as `untagged`, which is no synonym of human; one whose tag is no origin that we know is
    unknown. All counts are exact; of sources see `Sources`.

    Attributes:
        axes: For each name in `AXES` the documents by (origin, value); `unstated` where a document does not say.
        unproven: Human documents whose evidence is in `WEAK`, by day as YYYY-MM-DD; `unstated` for those without a date.
        weighted: Documents that state a weight, by origin.
        sources: Documents by source and origin.
    """

    def __init__(self) -> None:
        self.axes: dict[str, Counter[tuple[str, str]]] = {name: Counter() for name in AXES}
        self.unproven: Counter[str] = Counter()
        self.weighted: Counter[str] = Counter()
        self.sources = Sources()
        self._weights: Counter[str] = Counter()

    @property
    def key(self) -> tuple[object, ...]:
        """Nothing to agree on: any two may merge."""
        return ("composition",)

    @property
    def origins(self) -> dict[str, int]:
        """Return the documents of each origin, in the order of the names."""
        found: Counter[str] = Counter()
        for (origin, _), count in self.axes["evidence"].items():
            found[origin] += count
        return dict(sorted(found.items()))

    @property
    def tagged(self) -> int:
        """Return the number of documents whose origin is stated and not `unknown`."""
        return sum(count for origin, count in self.origins.items() if origin not in (UNTAGGED, Origin.UNKNOWN))

    def weight_of(self, origin: str) -> float | None:
        """Return the mean weight of the documents of an origin that state one; None where none does."""
        stated = self.weighted[origin]
        return self._weights[origin] / _UNITS / stated if stated else None

    def add(self, batch: pa.RecordBatch) -> None:
        """Count one batch of documents."""
        if not batch.num_rows:
            return
        if _is_silent(batch):
            for counts in self.axes.values():
                counts[UNTAGGED, UNSTATED] += batch.num_rows
            return
        origins = origins_in(batch)
        columns = {name: _axis(batch, name) for name in AXES}
        for name, values in columns.items():
            for origin, value, count in crossed(origins, values):
                self.axes[name][origin, value or UNSTATED] += count
        self._add_unproven(batch, origins, columns["evidence"])
        self._add_weights(batch, origins)
        self.sources.add(batch)

    def _add_unproven(self, batch: pa.RecordBatch, origins: pa.Array, evidence: pa.Array) -> None:
        is_weak = pc.is_in(evidence, pa.array(sorted(WEAK)))
        chosen = pc.and_(pc.equal(origins, Origin.HUMAN.value), is_weak)
        for _, day, count in crossed(origins.filter(chosen), _days(batch).filter(chosen)):
            self.unproven[day or UNSTATED] += count

    def _add_weights(self, batch: pa.RecordBatch, origins: pa.Array) -> None:
        weights = stated_in(batch, "lt_weight")
        if weights is None:
            return
        for origin, weight, count in crossed(origins, weights):
            if weight is not None:
                self.weighted[origin] += count
                self._weights[origin] += round(float(weight) * _UNITS) * count

    def merge(self, other: Self) -> None:
        """Add the counts of `other`."""
        for name, counts in self.axes.items():
            counts.update(other.axes[name])
        self.unproven.update(other.unproven)
        self.weighted.update(other.weighted)
        self._weights.update(other._weights)
        self.sources.merge(other.sources)

    def to_dict(self) -> dict[str, Any]:
        """Return all counts by name, each in the order of the names; weights in parts of 2^-20."""
        axes = {name: [[*pair, count] for pair, count in sorted(counts.items())] for name, counts in self.axes.items()}
        singles = {"unproven": self.unproven, "weighted": self.weighted, "weights": self._weights}
        return {"axes": axes, "sources": self.sources.to_dict()} | {name: dict(sorted(each.items())) for name, each in singles.items()}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the summary whose `to_dict` gave `state`."""
        made = cls()
        made.axes = {name: Counter({(origin, value): count for origin, value, count in rows}) for name, rows in state["axes"].items()}
        made.unproven, made.weighted, made._weights = (Counter(state[name]) for name in ("unproven", "weighted", "weights"))
        made.sources = Sources.from_dict(state["sources"])
        return made


def _is_silent(batch: pa.RecordBatch) -> bool:
    """Tell whether no document of a batch states anything of where it came from."""
    return all(batch.column(name).null_count == batch.num_rows for name in _COLUMNS & {*batch.schema.names})


def _axis(batch: pa.RecordBatch, name: str) -> pa.Array:
    """Return the values of one axis, none of them null."""
    column = stated_in(batch, "lt_time" if name == "month" else f"lt_{name}")
    if column is None:
        return pa.repeat(pa.scalar(UNSTATED, pa.string()), batch.num_rows)
    coded = column.dictionary_encode()
    said = pa.array([_SAID[name](value) for value in coded.dictionary.to_pylist()], pa.string())
    return pc.fill_null(said.take(coded.indices), UNSTATED)


_SAID: dict[str, Callable[[str], str | None]] = {
    "evidence": lambda value: value if value in _KINDS else None,
    "depth": lambda value: value,
    "month": lambda value: value[:7],
    "model": lambda _: STATED,
    "decoding": lambda value: STATED if setting_of(value) is not None else None,
}


def _days(batch: pa.RecordBatch) -> pa.Array:
    times = stated_in(batch, "lt_time")
    return pa.nulls(batch.num_rows, pa.string()) if times is None else pc.utf8_slice_codeunits(times, 0, 10)
