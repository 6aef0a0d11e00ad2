"""The contract of every summary."""

from typing import Any, Protocol, Self


class Summary(Protocol):
    """State that grows batch by batch and merges; the laws in `longtail.testing.laws` hold for it.

    Empty is neutral; order and grouping do not matter; sharding equals one pass; saving and loading give the same
    state; unlike settings refuse to merge.
    """

    @property
    def key(self) -> tuple[object, ...]:
        """Settings that must be equal for two states to merge or to be compared."""
        ...

    def add(self, batch: Any) -> None:
        """Take in one batch."""
        ...

    def merge(self, other: Self) -> None:
        """Take in the state of `other`, which stays as it is.

        Raises:
            IncompatibleSummaries: The keys differ.
        """
        ...

    def to_dict(self) -> dict[str, Any]:
        """Return the state as plain values and numpy arrays; equal states give equal dicts."""
        ...

    @classmethod
    def from_dict(cls, state: dict[str, Any]) -> Self:
        """Return the summary whose `to_dict` gave `state`."""
        ...
