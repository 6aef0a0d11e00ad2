"""Yes or no with one share: a type against all others, simulated by its count.

Counts keep to exact laws in everything the loop does: writing is binomial, drawing from among others hypergeometric.
"""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

import numpy

from longtail.errors import ConfigError
from longtail.gates import Bound
from longtail.lab.learner import Flags, Floats, Rows
from longtail.lab.learners.catalogue import FAMILIES

BLOCK = 8192


class Count(NamedTuple):
    """Data: number of rows (with weights: their sum) and how many of them say yes, (replicates,)."""

    rows: Rows | float | Floats
    hits: Floats


class Bernoulli:
    """Models are shares of yes, (replicates,).

    `alive` says that both values are left, `present` that yes is: the one is what resampling absorbs, the other what
    is asked of a rare type. `heterozygosity` is the chance that two rows differ.
    """

    series: ClassVar[tuple[str, ...]] = ("share", "present", "heterozygosity")
    gates: ClassVar[frozenset[str]] = frozenset()
    uneven: ClassVar[bool] = True

    def __init__(self, p: float) -> None:
        self.p = p

    def together(self, rows: int) -> int:
        """Return how many replicates are simulated side by side."""
        return BLOCK

    def real(self, replicates: int, rows: Rows, rng: numpy.random.Generator, taken: int) -> Count:
        """Return the count of real rows."""
        return Count(rows, rng.binomial(rows, self.p, size=replicates).astype(numpy.float64))

    def sample(self, model: Floats, rows: Rows, rng: numpy.random.Generator, gate: Bound | None = None) -> Count:
        """Return the count of what a model writes."""
        return Count(rows, rng.binomial(rows, model).astype(numpy.float64))

    def join(self, parts: Sequence[tuple[Count, float]]) -> Count:
        """Return summed counts, each part with the weight of its rows."""
        rows = sum(numpy.asarray(part.rows, dtype=numpy.float64) * weight for part, weight in parts)
        hits = sum((part.hits * weight for part, weight in parts[1:]), start=parts[0][0].hits * parts[0][1])
        return Count(rows, hits)

    def take(self, data: Count, rows: int, rng: numpy.random.Generator) -> Count:
        """Return the count of `rows` rows drawn without replacement, or of all where a detector left fewer."""
        hits = data.hits.astype(numpy.int64)
        misses = numpy.asarray(data.rows).astype(numpy.int64) - hits
        drawn = numpy.minimum(rows, hits + misses)
        return Count(drawn, rng.hypergeometric(hits, misses, drawn).astype(numpy.float64))

    def edit(self, data: Count, model: Floats, rows: int, rng: numpy.random.Generator) -> Count:
        """Return the count after `rows` rows at random were rewritten by the model."""
        kept = self.take(data, int(numpy.max(data.rows)) - rows, rng)
        return self.join([(kept, 1.0), (self.sample(model, rows, rng), 1.0)])

    def fit(self, data: Count, before: Floats | None, rng: numpy.random.Generator) -> Floats:
        """Return the share of yes; a replicate without rows keeps the model it had."""
        rows = numpy.asarray(data.rows, dtype=numpy.float64)
        share = data.hits / numpy.where(rows > 0, rows, 1.0)
        return share if before is None else numpy.where(rows > 0, share, before)

    def alive(self, model: Floats) -> Flags:
        """Tell where both values are left."""
        return numpy.asarray((model > 0) & (model < 1))

    def measure(self, model: Floats, wanted: frozenset[str], rng: numpy.random.Generator) -> dict[str, Floats]:
        """Return the series."""
        return {"share": model, "present": (model > 0).astype(numpy.float64), "heterozygosity": 2 * model * (1 - model)}


@FAMILIES.add(models="yes or no", cost="light", source="Suresh et al., arXiv:2412.17646; Wright-Fisher resampling of two types")
def bernoulli(rows: bool, *, p: float = 0.5) -> Bernoulli:
    """One type against all others, with share `p` in the truth.

    Args:
        rows: Of no effect; counts are simulated.
        p: Share of the type in the truth.

    Raises:
        ConfigError: `p` is not between 0 and 1.
    """
    if not 0 < p < 1:
        raise ConfigError(f"bernoulli: p is {p!r}; take a number above 0 and below 1")
    return Bernoulli(p)
