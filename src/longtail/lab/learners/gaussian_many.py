"""One Gaussian in several dimensions, simulated by the exact law of its sample mean and scatter matrix.

The scatter of n rows of N(m, LL') is (LB)(LB)' with Bartlett's factor B: lower triangular, √χ²(n−1−i) on the diagonal
(i from 0), standard normal below it. Factors are kept, never the matrices, so that a rank that is lost stays lost.
"""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

import numpy

from longtail.errors import ConfigError
from longtail.gates import Bound
from longtail.lab.learner import Flags, Floats, Rows
from longtail.lab.learners.gaussian import Fit, Gaussian

NUMBERS = 400_000
"""Numbers held for a block of replicates."""


class NormalMany(NamedTuple):
    """Models: means (replicates, dim) and lower factors of the covariances (replicates, dim, dim)."""

    mean: Floats
    factor: Floats


class SumsMany(NamedTuple):
    """Data: number of rows, mean (replicates, dim), and a factor of the scatter matrix (replicates, dim, dim)."""

    rows: float
    mean: Floats
    factor: Floats


class GaussianMany:
    """Models N(m, C) in `dim` dimensions, from the moments of their data alone; the truth is N(0, I)."""

    series: ClassVar[tuple[str, ...]] = Gaussian.series
    gates: ClassVar[frozenset[str]] = frozenset()
    uneven: ClassVar[bool] = False

    def __init__(self, dim: int, fit: Fit) -> None:
        self.dim, self.how = dim, fit

    def together(self, rows: int) -> int:
        """Return how many replicates are simulated side by side."""
        return max(1, NUMBERS // self.dim**2)

    def real(self, replicates: int, rows: Rows, rng: numpy.random.Generator, taken: int) -> SumsMany:
        """Return the moments of real rows."""
        identity = numpy.broadcast_to(numpy.eye(self.dim), (replicates, self.dim, self.dim))
        return self._moments(NormalMany(numpy.zeros((replicates, self.dim)), identity), rows, rng)

    def sample(self, model: NormalMany, rows: Rows, rng: numpy.random.Generator, gate: Bound | None = None) -> SumsMany:
        """Return the moments of what a model writes."""
        return self._moments(NormalMany(model.mean, model.factor * numpy.sqrt(self.how.variance_scale)), rows, rng)

    def join(self, parts: Sequence[tuple[SumsMany, float]]) -> SumsMany:
        """Return the moments of a union, each part with the weight of its rows."""
        weights = [part.rows * weight for part, weight in parts]
        rows = sum(weights)
        mean = numpy.asarray(sum(w * part.mean for w, (part, _) in zip(weights, parts, strict=True)) / rows)
        columns = [numpy.sqrt(weight) * part.factor for part, weight in parts]
        columns += [(numpy.sqrt(w) * (part.mean - mean))[:, :, None] for w, (part, _) in zip(weights, parts, strict=True)]
        return SumsMany(rows, mean, triangular(numpy.concatenate(columns, axis=2)))

    def take(self, data: SumsMany, rows: int, rng: numpy.random.Generator) -> SumsMany:
        """Refuse: which rows are drawn cannot be told from moments."""
        raise ConfigError("rows cannot be drawn from moments; simulate the rows")

    def edit(self, data: SumsMany, model: NormalMany, rows: int, rng: numpy.random.Generator) -> SumsMany:
        """Refuse: which rows are rewritten cannot be told from moments."""
        raise ConfigError("rows cannot be rewritten in moments; simulate the rows")

    def fit(self, data: SumsMany, before: NormalMany | None, rng: numpy.random.Generator) -> NormalMany:
        """Return the model of some moments.

        Raises:
            ConfigError: There are too few rows for a variance.
        """
        divisor = data.rows - self.how.ddof
        if divisor <= 0:
            raise ConfigError(f"{data.rows:g} rows have no variance with ddof {self.how.ddof}; take {self.how.ddof + 1} or more")
        if self.how.known_variance:
            return NormalMany(data.mean, numpy.broadcast_to(numpy.eye(self.dim), data.factor.shape))
        return NormalMany(data.mean, data.factor / numpy.sqrt(divisor))

    def alive(self, model: NormalMany) -> Flags:
        """Tell where the covariance has a direction left."""
        return numpy.asarray(numpy.abs(model.factor).max(axis=(1, 2)) > 0)

    def measure(self, model: NormalMany, wanted: frozenset[str], rng: numpy.random.Generator) -> dict[str, Floats]:
        """Return the series that are wanted: mean_square and variance are for each coordinate, trace is their sum."""
        squares = numpy.square(model.factor).sum(axis=2)
        trace = squares.sum(axis=1)
        found = {"mean_square": numpy.square(model.mean).mean(axis=1), "variance": trace / self.dim, "trace": trace}
        if "log_variance" in wanted:
            found["log_variance"] = numpy.log(numpy.where(squares > 0, squares, numpy.nan)).mean(axis=1)
        if wanted & {"log_det", "effective_rank", "w2_squared"}:
            sd = numpy.asarray(numpy.linalg.svd(model.factor, compute_uv=False), dtype=numpy.float64)
            found |= self._of_spectrum(sd, model.mean)
        return found

    def _of_spectrum(self, sd: Floats, mean: Floats) -> dict[str, Floats]:
        variances = numpy.square(sd)
        positive = sd.min(axis=1) > numpy.finfo(float).tiny
        total = variances.sum(axis=1, keepdims=True)
        shares = variances / numpy.where(total > 0, total, 1.0)
        entropy = -numpy.sum(shares * numpy.log(numpy.where(shares > 0, shares, 1.0)), axis=1)
        return {
            "log_det": numpy.where(positive, 2 * numpy.log(numpy.where(sd > 0, sd, 1.0)).sum(axis=1), numpy.nan),
            "effective_rank": numpy.where(total[:, 0] > 0, numpy.exp(entropy), numpy.nan),
            "w2_squared": numpy.square(mean).sum(axis=1) + numpy.square(sd - 1).sum(axis=1),
        }

    def _moments(self, model: NormalMany, rows: Rows, rng: numpy.random.Generator) -> SumsMany:
        if not isinstance(rows, int):
            raise ConfigError("several dimensions need the same number of rows in each replicate")
        if not self.how.noise:
            return SumsMany(rows, model.mean, model.factor * numpy.sqrt(rows))
        z = rng.standard_normal(model.mean.shape) / numpy.sqrt(rows)
        mean = model.mean + numpy.einsum("rij,rj->ri", model.factor, z)
        return SumsMany(rows, mean, numpy.matmul(model.factor, bartlett(rows - 1, self.dim, len(mean), rng)))


def bartlett(freedom: int, dim: int, replicates: int, rng: numpy.random.Generator) -> Floats:
    """Return lower factors of Wishart matrices with identity scale: (replicates, dim, dim).

    With fewer degrees of freedom than dimensions the factor has as many columns that are not 0 as degrees of freedom.
    """
    factor = numpy.tril(rng.standard_normal((replicates, dim, dim)), -1)
    at = numpy.arange(dim)
    factor[:, at, at] = numpy.sqrt(2 * rng.standard_gamma(numpy.maximum(freedom - at, 0) / 2, size=(replicates, dim)))
    factor[:, :, max(freedom, 0) :] = 0.0
    return factor


def triangular(columns: Floats) -> Floats:
    """Return lower triangular factors of AA' for A (replicates, dim, many)."""
    dim = columns.shape[1]
    if columns.shape[2] < dim:
        columns = numpy.concatenate([columns, numpy.zeros((*columns.shape[:2], dim - columns.shape[2]))], axis=2)
    return numpy.swapaxes(numpy.linalg.qr(numpy.swapaxes(columns, 1, 2), mode="r"), 1, 2)
