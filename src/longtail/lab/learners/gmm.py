"""A mixture of well-separated normal modes: simulated by how many rows each mode has and by their moments.

As long as modes do not overlap, whose mode a row is can be read from where it lies. Then the rows of the modes are
multinomial counts, the rows of one mode have the exact moments of a normal sample, and fitting is done mode by mode.
"""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

import numpy

from longtail.errors import ConfigError
from longtail.gates import Bound
from longtail.lab.learner import Flags, Floats, Rows
from longtail.lab.learners.catalogue import FAMILIES
from longtail.lab.learners.row_data import RowData, whole

NUMBERS = 1_000_000
"""Numbers held for a block of replicates."""
NODES = 16
"""Nodes for each true mode at which a density is read (Gauss-Hermite)."""


class Mixture(NamedTuple):
    """Models: weights, means and variances of the modes, each (replicates, modes).

    A mode of weight 0 is lost; its mean stays where it was, so that real rows can bring it back.
    """

    weight: Floats
    mean: Floats
    variance: Floats


class Moments(NamedTuple):
    """Data: rows of each mode (with weights: their sum), their mean and sum of squares about it: (replicates, modes)."""

    rows: Floats
    mean: Floats
    scatter: Floats


class Modes:
    """Mixtures fitted by maximum likelihood, mode by mode, from counts and moments.

    `modes_alive` counts the modes that have rows; `variance` is that of the whole mixture; `nll` is the mean of −log
    density over the truth. A mode that has one row, or the same row many times, has variance 0: it is alive and repeats
    its row for ever, but the density is then no function, and `nll` does not exist.
    """

    series: ClassVar[tuple[str, ...]] = ("modes_alive", "variance", "nll")
    gates: ClassVar[frozenset[str]] = frozenset()
    uneven: ClassVar[bool] = True

    def __init__(self, components: int, separation: float) -> None:
        self.centres = (numpy.arange(components) - (components - 1) / 2) * separation
        at, weight = numpy.polynomial.hermite_e.hermegauss(NODES)
        self.nodes = (self.centres[:, None] + at).ravel()
        self.masses = numpy.tile(weight / weight.sum(), components) / components

    def together(self, rows: int) -> int:
        """Return how many replicates are simulated side by side."""
        return max(1, NUMBERS // (len(self.nodes) * len(self.centres)))

    def truth(self, replicates: int) -> Mixture:
        """Return the true mixture: equal weights, variances 1."""
        ones = numpy.ones((replicates, len(self.centres)))
        return Mixture(ones / len(self.centres), ones * self.centres, ones)

    def real(self, replicates: int, rows: Rows, rng: numpy.random.Generator, taken: int) -> Moments:
        """Return the moments of real rows."""
        return self.sample(self.truth(replicates), rows, rng)

    def sample(self, model: Mixture, rows: Rows, rng: numpy.random.Generator, gate: Bound | None = None) -> Moments:
        """Return the moments of what a model writes."""
        counts = rng.multinomial(rows, model.weight).astype(numpy.float64)
        mean = model.mean + rng.standard_normal(counts.shape) * numpy.sqrt(model.variance / numpy.maximum(counts, 1.0))
        scatter = 2 * model.variance * rng.standard_gamma(numpy.maximum(counts - 1, 0) / 2)
        return Moments(counts, mean, scatter)

    def join(self, parts: Sequence[tuple[Moments, float]]) -> Moments:
        """Return the moments of a union, each part with the weight of its rows."""
        rows = sum((part.rows * weight for part, weight in parts[1:]), start=parts[0][0].rows * parts[0][1])
        summed = numpy.zeros_like(rows)
        for part, weight in parts:
            summed += weight * part.rows * part.mean
        mean = numpy.where(rows > 0, summed / numpy.where(rows > 0, rows, 1.0), parts[-1][0].mean)
        scatter = numpy.zeros_like(rows)
        for part, weight in parts:
            scatter += weight * (part.scatter + part.rows * numpy.square(part.mean - mean))
        return Moments(rows, mean, scatter)

    def take(self, data: Moments, rows: int, rng: numpy.random.Generator) -> Moments:
        """Refuse: which rows are drawn cannot be told from moments."""
        raise ConfigError("rows cannot be drawn from moments; simulate the rows")

    def edit(self, data: Moments, model: Mixture, rows: int, rng: numpy.random.Generator) -> Moments:
        """Refuse: which rows are rewritten cannot be told from moments."""
        raise ConfigError("rows cannot be rewritten in moments; simulate the rows")

    def fit(self, data: Moments, before: Mixture | None, rng: numpy.random.Generator) -> Mixture:
        """Return shares, means and variances; a replicate without rows keeps the model it had."""
        known = self.truth(len(data.rows)) if before is None else before
        total = data.rows.sum(axis=1, keepdims=True)
        weight = numpy.where(total > 0, data.rows / numpy.where(total > 0, total, 1.0), known.weight)
        held = data.rows > 0
        mean = numpy.where(held, data.mean, known.mean)
        variance = data.scatter / numpy.where(held, data.rows, 1.0)
        return Mixture(weight, mean, numpy.where(total > 0, variance, known.variance))

    def alive(self, model: Mixture) -> Flags:
        """Tell where two modes are left, or one with a variance."""
        left = model.weight > 0
        return numpy.asarray((left.sum(axis=1) > 1) | ((model.variance > 0) & left).any(axis=1))

    def measure(self, model: Mixture, wanted: frozenset[str], rng: numpy.random.Generator) -> dict[str, Floats]:
        """Return the series that are wanted."""
        found: dict[str, Floats] = {}
        if "modes_alive" in wanted:
            found["modes_alive"] = numpy.count_nonzero(model.weight, axis=1).astype(numpy.float64)
        if "variance" in wanted:
            centre = (model.weight * model.mean).sum(axis=1, keepdims=True)
            found["variance"] = (model.weight * (model.variance + numpy.square(model.mean - centre))).sum(axis=1)
        if "nll" in wanted:
            found["nll"] = self._nll(model)
        return found

    def _nll(self, model: Mixture) -> Floats:
        """Return the mean of −log density over the truth by Gauss-Hermite quadrature about each true mode.

        A lost mode has no part in the density; logarithms of sums keep what is left of it finite.
        """
        left = model.weight > 0
        point = left & (model.variance <= 0)
        variance = numpy.where(left & ~point, model.variance, 1.0)
        height = numpy.where(left, numpy.log(numpy.where(left, model.weight, 1.0)) - numpy.log(2 * numpy.pi * variance) / 2, -numpy.inf)
        with numpy.errstate(over="ignore"):
            log = height[:, None] - numpy.square(self.nodes[:, None] - model.mean[:, None]) / (2 * variance[:, None])
            top = log.max(axis=2)
            finite = numpy.isfinite(top).all(axis=1) & ~point.any(axis=1)
            top[~finite] = 0.0
            log[~finite] = 0.0
        density = top + numpy.log(numpy.exp(log - top[:, :, None]).sum(axis=2))
        return numpy.where(finite, -(density @ self.masses), numpy.nan)


class ModesRows(RowData):
    """The models of `Modes`, fitted on rows, each of which belongs to the mode whose last known centre is nearest.

    This is the law of `Modes` where modes keep apart: at a separation of 12 or more, a row of one mode lies nearer to
    another one by less than a chance of 10^−8.
    """

    series: ClassVar[tuple[str, ...]] = Modes.series

    def __init__(self, law: Modes) -> None:
        self.law = law

    def together(self, rows: int) -> int:
        """Return how many replicates are simulated side by side."""
        modes = len(self.law.centres)
        return max(1, NUMBERS // (modes * max(rows, len(self.law.nodes))))

    def real(self, replicates: int, rows: Rows, rng: numpy.random.Generator, taken: int) -> Floats:
        """Return real rows."""
        return self.written(self.law.truth(replicates), whole(rows), rng)

    def written(self, model: Mixture, rows: int, rng: numpy.random.Generator) -> Floats:
        """Return rows that a model writes: (replicates, rows, 1)."""
        ceiling = numpy.cumsum(model.weight, axis=1)
        chance = rng.random((len(ceiling), rows, 1)) * ceiling[:, None, -1:]
        mode = numpy.minimum((chance >= ceiling[:, None, :]).sum(axis=2), len(self.law.centres) - 1)
        spread = numpy.sqrt(numpy.take_along_axis(model.variance, mode, axis=1))
        found = numpy.take_along_axis(model.mean, mode, axis=1) + spread * rng.standard_normal(mode.shape)
        return numpy.asarray(found[:, :, None])

    def fit(self, data: Floats, before: Mixture | None, rng: numpy.random.Generator) -> Mixture:
        """Return the mixture of the rows, each given to the nearest mode of the model before, lost ones included."""
        centres = (self.law.truth(len(data)) if before is None else before).mean
        nearest = numpy.abs(data - centres[:, None, :]).argmin(axis=2)
        belongs = (nearest[:, :, None] == numpy.arange(centres.shape[1])).astype(numpy.float64)
        rows = belongs.sum(axis=1)
        mean = numpy.einsum("rnk,rn->rk", belongs, data[..., 0]) / numpy.maximum(rows, 1.0)
        centred = data[..., 0] - numpy.take_along_axis(mean, nearest, axis=1)
        scatter = numpy.einsum("rnk,rn->rk", belongs, numpy.square(centred))
        return self.law.fit(Moments(rows, mean, scatter), before, rng)

    def alive(self, model: Mixture) -> Flags:
        """Tell where two modes are left, or one with a variance."""
        return self.law.alive(model)

    def measure(self, model: Mixture, wanted: frozenset[str], rng: numpy.random.Generator) -> dict[str, Floats]:
        """Return the series that are wanted."""
        return self.law.measure(model, wanted, rng)


@FAMILIES.add(
    models="well-separated normal modes", cost="light", source="Shumailov et al., arXiv:2305.17493; Suresh et al., arXiv:2412.17646"
)
def gmm(rows: bool, *, components: int = 5, separation: float = 20.0) -> Modes | ModesRows:
    """Equally likely normal modes of variance 1, `separation` standard deviations apart, fitted mode by mode.

    Args:
        rows: Whether rows are simulated, or their counts, means and sums of squares.
        components: Number of modes.
        separation: Distance between neighbouring modes, in standard deviations of one.

    Raises:
        ConfigError: An option is out of range.
    """
    if not 1 <= components <= 500:
        raise ConfigError(f"gmm: components is {components!r}; take a whole number from 1 to 500")
    if not 12 <= separation <= 1e6:
        raise ConfigError(f"gmm: separation is {separation!r}; take 12 standard deviations or more, so that modes keep apart")
    law = Modes(components, separation)
    return ModesRows(law) if rows else law
