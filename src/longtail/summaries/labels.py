"""The written names of counted labels, by the type hash that they are counted under."""

from typing import Any, Self

import numpy as np

from longtail.errors import IncompatibleSummaries
from longtail.summaries.frequencies import ALL_TYPES
from longtail.views.batch import Marks
from longtail.views.labels import type_of

LABELS_KEPT = 1 << 12
NAME_LIMIT = 200

_AROUND = "".join(map(chr, range(33)))  # what the hash of a label leaves out, so that equal hashes have one name


class Labels:
    """Names of the labels of one column: of those `capacity` with the smallest hashes, as the frequencies keep them.

    Args:
        view: Name of the view of the frequencies, such as "labels:topic"; part of the key.
        seed: Seed of the hash; part of the key.
        capacity: Number of distinct labels kept.
    """

    def __init__(self, view: str, seed: int, capacity: int = LABELS_KEPT) -> None:
        self.view, self.seed, self.capacity = view, seed, capacity
        self._names: dict[int, str] = {}
        self._theta = ALL_TYPES

    @property
    def key(self) -> tuple[object, ...]:
        """View, seed and capacity."""
        return (self.view, self.seed, self.capacity)

    @property
    def names(self) -> dict[int, str]:
        """Return the name of each type kept, ascending by type; cut to `NAME_LIMIT` characters."""
        return dict(sorted(self._names.items()))

    @property
    def theta(self) -> int:
        """Return the threshold below which type hashes are kept."""
        return self._theta

    def add(self, marks: Marks) -> None:
        """Take in the labels of one batch of documents."""
        at = np.flatnonzero(marks.given)
        types, first = np.unique(type_of(marks, self.seed)[at], return_index=True)
        kept = types < np.uint64(self._theta)
        for label, index in zip(types[kept].tolist(), at[first[kept]].tolist(), strict=True):
            if label not in self._names:
                self._names[label] = marks.text(index).strip(_AROUND)[:NAME_LIMIT]
        self._cut()

    def merge(self, other: Self) -> None:
        """Take in the names of `other`.

        Raises:
            IncompatibleSummaries: View, seed or capacity differ.
        """
        if self.key != other.key:
            names = ("view", "seed", "capacity")
            raise IncompatibleSummaries("labels", dict(zip(names, self.key, strict=True)), dict(zip(names, other.key, strict=True)))
        self._names.update(other._names)
        self._theta = min(self._theta, other._theta)
        self._cut()

    def to_dict(self) -> dict[str, Any]:
        """Return the settings and the names: `types` and `names`, ascending by type."""
        names = self.names
        return {
            "view": self.view,
            "seed": self.seed,
            "capacity": self.capacity,
            "theta": self._theta,
            "types": list(names),
            "names": list(names.values()),
        }

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the summary whose `to_dict` gave `state`."""
        labels = cls(state["view"], state["seed"], state["capacity"])
        labels._theta = state["theta"]
        labels._names = dict(zip(state["types"], state["names"], strict=True))
        return labels

    def _cut(self) -> None:
        """Keep the types below the (capacity + 1)-th smallest seen, the threshold that the frequencies come to as well."""
        kept = sorted(label for label in self._names if label < self._theta)
        if len(kept) > self.capacity:
            self._theta = kept[self.capacity]
        if len(kept) != len(self._names) or len(kept) > self.capacity:
            self._names = {label: self._names[label] for label in kept[: self.capacity]}
