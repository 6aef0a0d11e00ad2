"""How many documents came from where, as far as their `lt_origin` column says."""

from collections import Counter
from typing import Any, Self

import pyarrow as pa

UNTAGGED = "untagged"


class Origins:
    """Documents by origin; those without a tag are counted as `untagged`, which is not a synonym of human."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    @property
    def key(self) -> tuple[object, ...]:
        """Nothing to agree on: any two may merge."""
        return ("origins",)

    def add(self, batch: pa.RecordBatch) -> None:
        """Count one batch of documents."""
        if "lt_origin" not in batch.schema.names:
            self.counts.update({UNTAGGED: batch.num_rows} if batch.num_rows else {})
            return
        for entry in batch.column("lt_origin").value_counts():
            self.counts[entry["values"].as_py() or UNTAGGED] += entry["counts"].as_py()

    def merge(self, other: Self) -> None:
        """Add the counts of `other`."""
        self.counts.update(other.counts)

    @property
    def tagged(self) -> int:
        """Return the number of documents whose origin is stated and not `unknown`."""
        return sum(count for origin, count in self.counts.items() if origin not in (UNTAGGED, "unknown"))

    def to_dict(self) -> dict[str, Any]:
        """Return the counts by origin, in the order of the names."""
        return {"counts": dict(sorted(self.counts.items()))}

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the summary whose `to_dict` gave `state`."""
        origins = cls()
        origins.counts = Counter(state["counts"])
        return origins
