"""What a generation of the lab is made of: something that learns from data and writes new data."""

from collections.abc import Sequence
from typing import Any, ClassVar, Protocol, TypeAlias

import numpy
from numpy.typing import NDArray

from longtail.gates import Bound

Floats: TypeAlias = NDArray[numpy.float64]
Flags: TypeAlias = NDArray[numpy.bool_]
Rows: TypeAlias = int | NDArray[numpy.int64]
"""How many rows: one number, or one for each replicate."""


class Learner(Protocol):
    """A family of models with its settings; it holds no state, so that a fitted model is a value.

    Data and models are the learner's own; each holds all replicates of a block side by side, the replicate being the
    first axis of every array. All chance comes from the generator that a method is handed.

    `series` names what `measure` can return. `gates` names what its rows can be judged by ("position", "validity",
    "reward"). `uneven` tells whether data may hold another number of rows in each replicate. `together` is how many
    replicates are worth simulating side by side, a number that depends on the settings alone.
    """

    series: ClassVar[tuple[str, ...]]
    gates: ClassVar[frozenset[str]]
    uneven: ClassVar[bool]

    def together(self, rows: int) -> int:
        """Return how many replicates are simulated side by side where a training set has `rows` rows."""
        ...

    def real(self, replicates: int, rows: Rows, rng: numpy.random.Generator, taken: int) -> Any:
        """Return `rows` rows of real data for each replicate, `taken` rows having been collected before."""
        ...

    def sample(self, model: Any, rows: Rows, rng: numpy.random.Generator, gate: Bound | None = None) -> Any:
        """Return `rows` rows that a model wrote and a gate let pass."""
        ...

    def join(self, parts: Sequence[tuple[Any, float]]) -> Any:
        """Return one data set of several, each with the weight of its rows."""
        ...

    def take(self, data: Any, rows: int, rng: numpy.random.Generator) -> Any:
        """Return `rows` rows of a data set, drawn without replacement."""
        ...

    def edit(self, data: Any, model: Any, rows: int, rng: numpy.random.Generator) -> Any:
        """Return the data set with `rows` of its rows, at random, rewritten by the model."""
        ...

    def fit(self, data: Any, before: Any | None, rng: numpy.random.Generator) -> Any:
        """Return the model learnt from a data set; where a replicate's data are empty, the model `before`."""
        ...

    def alive(self, model: Any) -> Flags:
        """Tell for each replicate whether its model can still change: (replicates,)."""
        ...

    def measure(self, model: Any, wanted: frozenset[str], rng: numpy.random.Generator) -> dict[str, Floats]:
        """Return series of a model, each (replicates,); NaN where a value does not exist."""
        ...
