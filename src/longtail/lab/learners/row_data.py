"""What families share whose rows are simulated: data are (replicates, rows, dim), a gate may look at every row."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy

from longtail.errors import ConfigError
from longtail.gates import Bound
from longtail.lab.learner import Floats, Rows
from longtail.lab.rows import drawn, passed, rewritten


class RowData(ABC):
    """A family that writes rows and holds them as they are."""

    gates: ClassVar[frozenset[str]] = frozenset({"position"})
    uneven: ClassVar[bool] = False

    @abstractmethod
    def written(self, model: Any, rows: int, rng: numpy.random.Generator) -> Floats:
        """Return `rows` rows that a model writes: (replicates, rows, dim)."""

    def sample(self, model: Any, rows: Rows, rng: numpy.random.Generator, gate: Bound | None = None) -> Floats:
        """Return rows that a model wrote and a gate let pass."""
        return passed(lambda many: self.written(model, many, rng), whole(rows), gate, rng)

    def join(self, parts: Sequence[tuple[Floats, float]]) -> Floats:
        """Return the rows of all parts.

        Raises:
            ConfigError: A weight is not 1; rows count once each.
        """
        if any(weight != 1 for _, weight in parts):
            raise ConfigError("rows count once each here; take a policy without weights, such as fresh:SHARE")
        return numpy.concatenate([rows for rows, _ in parts], axis=1)

    def take(self, data: Floats, rows: int, rng: numpy.random.Generator) -> Floats:
        """Return rows drawn without replacement."""
        return drawn(data, rows, rng)

    def edit(self, data: Floats, model: Any, rows: int, rng: numpy.random.Generator) -> Floats:
        """Return the rows, some of them at random replaced by what the model writes."""
        return rewritten(data, self.written(model, rows, rng), rng)


def whole(rows: Rows) -> int:
    """Return the number of rows that every replicate holds.

    Raises:
        ConfigError: The replicates differ in it.
    """
    if not isinstance(rows, int):
        raise ConfigError("rows are simulated in equal numbers for each replicate; take draws of an exact size")
    return rows
