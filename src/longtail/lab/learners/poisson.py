"""Counts with a Poisson law, learnt by their mean: simulated by their sum, which is Poisson too, or row by row."""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

import numpy

from longtail.errors import ConfigError
from longtail.gates import Bound
from longtail.lab.learner import Flags, Floats, Rows
from longtail.lab.learners.catalogue import FAMILIES
from longtail.lab.learners.row_data import RowData, whole

BLOCK = 8192
NUMBERS = 2_000_000
"""Numbers held for a training set of a block, where rows are simulated."""
HIGHEST = 1e9


class Total(NamedTuple):
    """Data: number of rows (with weights: their sum) and the sum of what they say, (replicates,)."""

    rows: Rows | float | Floats
    total: Floats


class Poisson:
    """Models are rates, (replicates,); data are sums. `mean_square` is the squared error of the rate."""

    series: ClassVar[tuple[str, ...]] = ("rate", "mean_square")
    gates: ClassVar[frozenset[str]] = frozenset()
    uneven: ClassVar[bool] = True

    def __init__(self, rate: float) -> None:
        self.rate = rate

    def together(self, rows: int) -> int:
        """Return how many replicates are simulated side by side."""
        return BLOCK

    def real(self, replicates: int, rows: Rows, rng: numpy.random.Generator, taken: int) -> Total:
        """Return the sum of real rows."""
        return self.sample(numpy.full(replicates, self.rate), rows, rng)

    def sample(self, model: Floats, rows: Rows, rng: numpy.random.Generator, gate: Bound | None = None) -> Total:
        """Return the sum of what a model writes."""
        return Total(rows, rng.poisson(model * rows).astype(numpy.float64))

    def join(self, parts: Sequence[tuple[Total, float]]) -> Total:
        """Return the sum of a union, each part with the weight of its rows."""
        rows = sum(numpy.asarray(part.rows, dtype=numpy.float64) * weight for part, weight in parts)
        return Total(rows, sum((part.total * weight for part, weight in parts[1:]), start=parts[0][0].total * parts[0][1]))

    def take(self, data: Total, rows: int, rng: numpy.random.Generator) -> Total:
        """Refuse: which rows are drawn cannot be told from a sum."""
        raise ConfigError("rows cannot be drawn from a sum; simulate the rows")

    def edit(self, data: Total, model: Floats, rows: int, rng: numpy.random.Generator) -> Total:
        """Refuse: which rows are rewritten cannot be told from a sum."""
        raise ConfigError("rows cannot be rewritten in a sum; simulate the rows")

    def fit(self, data: Total, before: Floats | None, rng: numpy.random.Generator) -> Floats:
        """Return the mean; a replicate without rows keeps the model it had."""
        rows = numpy.asarray(data.rows, dtype=numpy.float64)
        rate = data.total / numpy.where(rows > 0, rows, 1.0)
        return rate if before is None else numpy.where(rows > 0, rate, before)

    def alive(self, model: Floats) -> Flags:
        """Tell where the rate is above 0; a model of rate 0 writes zeros for ever."""
        return numpy.asarray(model > 0)

    def measure(self, model: Floats, wanted: frozenset[str], rng: numpy.random.Generator) -> dict[str, Floats]:
        """Return the series."""
        return {"rate": model, "mean_square": numpy.square(model - self.rate)}


class PoissonRows(RowData):
    """The models of `Poisson`, fitted on rows."""

    series: ClassVar[tuple[str, ...]] = Poisson.series

    def __init__(self, law: Poisson) -> None:
        self.law = law

    def together(self, rows: int) -> int:
        """Return how many replicates are simulated side by side."""
        return max(1, NUMBERS // rows)

    def real(self, replicates: int, rows: Rows, rng: numpy.random.Generator, taken: int) -> Floats:
        """Return real rows."""
        return self.written(numpy.full(replicates, self.law.rate), whole(rows), rng)

    def written(self, model: Floats, rows: int, rng: numpy.random.Generator) -> Floats:
        """Return rows that a model writes: (replicates, rows, 1)."""
        return rng.poisson(model[:, None, None], size=(len(model), rows, 1)).astype(numpy.float64)

    def fit(self, data: Floats, before: Floats | None, rng: numpy.random.Generator) -> Floats:
        """Return the mean of the rows."""
        return self.law.fit(Total(data.shape[1], data[..., 0].sum(axis=1)), before, rng)

    def alive(self, model: Floats) -> Flags:
        """Tell where the rate is above 0."""
        return self.law.alive(model)

    def measure(self, model: Floats, wanted: frozenset[str], rng: numpy.random.Generator) -> dict[str, Floats]:
        """Return the series."""
        return self.law.measure(model, wanted, rng)


@FAMILIES.add(models="counts with a Poisson law", cost="light", source="Suresh et al., arXiv:2412.17646")
def poisson(rows: bool, *, rate: float = 1.0) -> Poisson | PoissonRows:
    """Counts such as how often a word stands in a text, learnt by their mean.

    Args:
        rows: Whether rows are simulated, or their sum.
        rate: Mean count of the truth.

    Raises:
        ConfigError: `rate` is out of range.
    """
    if not 0 < rate <= HIGHEST:
        raise ConfigError(f"poisson: rate is {rate!r}; take a number above 0, up to {HIGHEST:g}")
    law = Poisson(rate)
    return PoissonRows(law) if rows else law
