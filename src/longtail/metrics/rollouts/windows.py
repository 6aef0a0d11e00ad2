"""Windows of steps: the samples that measures of training compare, each of enough prompts."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from longtail.readers.rollouts.records import Rollout

FEWEST = 32
"""Groups of completions in a window, the units of all intervals."""


class Window(NamedTuple):
    """The rollouts of consecutive steps.

    Attributes:
        first, last: Steps.
        rows: The rollouts.
    """

    first: int
    last: int
    rows: tuple[Rollout, ...]

    @property
    def groups(self) -> int:
        """Return how many groups of completions there are."""
        return len({row.group for row in self.rows})

    @property
    def steps(self) -> str:
        """Return its steps in words."""
        return f"step {self.first}" if self.first == self.last else f"steps {self.first} to {self.last}"


def windows(rows: Sequence[Rollout], fewest: int = FEWEST) -> tuple[Window, ...]:
    """Return rollouts cut into windows of whole steps, each as short as it can be with `fewest` groups; what is left over waits.

    Rollouts that name no step are one step.
    """
    return tuple(_cut(rows, fewest))


def _cut(rows: Sequence[Rollout], fewest: int) -> Iterator[Window]:
    by_step: dict[int, list[Rollout]] = {}
    for row in rows:
        by_step.setdefault(row.step or 0, []).append(row)
    held: list[Rollout] = []
    first: int | None = None
    groups: set[str] = set()
    for step in sorted(by_step):
        first = step if first is None else first
        held += by_step[step]
        groups.update(row.group for row in by_step[step])
        if len(groups) >= fewest:
            yield Window(first, step, tuple(held))
            held, first, groups = [], None, set()
