"""One Gaussian in one dimension, simulated by the exact law of its sample mean and its sum of squares.

For n rows of N(m, v) the mean is N(m, v/n) and the sum of squares about it v·χ²(n−1), independent of each other.
"""

from collections.abc import Sequence
from typing import ClassVar, NamedTuple

import numpy

from longtail.errors import ConfigError
from longtail.gates import Bound
from longtail.lab.learner import Flags, Floats, Rows

BLOCK = 32_768


class Normal(NamedTuple):
    """Models: means and variances, each (replicates,)."""

    mean: Floats
    variance: Floats


class Sums(NamedTuple):
    """Data: number of rows (with weights: their sum), mean and sum of squares about it, the last two (replicates,)."""

    rows: Rows | float | Floats
    mean: Floats
    scatter: Floats


class Fit(NamedTuple):
    """How a Gaussian is fitted and sampled.

    Args:
        ddof: The divisor of the variance is rows − ddof.
        variance_scale: Variance of what is sampled, as a multiple of the model's.
        known_variance: The model's variance stays 1; only the mean is learnt.
        noise: False for infinite samples: moments come back as they are.
        pull: Share of the way from 0 to the sample mean that training covers; 1 for a perfect optimiser.
        true_mean: Mean of the truth.
        modes: Half the distance between two equal modes of the truth, each of variance 1; 0 for one mode.
    """

    ddof: int = 0
    variance_scale: float = 1.0
    known_variance: bool = False
    noise: bool = True
    pull: float = 1.0
    true_mean: float = 0.0
    modes: float = 0.0


class Gaussian:
    """Models N(m, v), from the moments of their data alone."""

    series: ClassVar[tuple[str, ...]] = ("mean_square", "variance", "log_variance", "log_det", "effective_rank", "trace", "w2_squared")
    gates: ClassVar[frozenset[str]] = frozenset()
    uneven: ClassVar[bool] = True

    def __init__(self, fit: Fit) -> None:
        self.how = fit

    def together(self, rows: int) -> int:
        """Return how many replicates are simulated side by side."""
        return BLOCK

    def real(self, replicates: int, rows: Rows, rng: numpy.random.Generator, taken: int) -> Sums:
        """Return the moments of real rows: of one Gaussian, or of two modes with as many rows as chance gives each."""
        how = self.how
        ones = numpy.ones(replicates)
        if not how.modes:
            return _moments(Normal(how.true_mean * ones, ones), rows, rng, how.noise)
        lower = rng.binomial(rows, 0.5, size=replicates) if how.noise else numpy.asarray(rows) / 2
        modes = (Normal((how.true_mean - how.modes) * ones, ones), Normal((how.true_mean + how.modes) * ones, ones))
        return self.join([(_moments(mode, size, rng, how.noise), 1.0) for mode, size in zip(modes, (lower, rows - lower), strict=True)])

    def sample(self, model: Normal, rows: Rows, rng: numpy.random.Generator, gate: Bound | None = None) -> Sums:
        """Return the moments of what a model writes."""
        scale = self.how.variance_scale
        return _moments(model if scale == 1 else Normal(model.mean, model.variance * scale), rows, rng, self.how.noise)

    def join(self, parts: Sequence[tuple[Sums, float]]) -> Sums:
        """Return the moments of a union, each part with the weight of its rows."""
        weights = [numpy.asarray(part.rows, dtype=numpy.float64) * weight for part, weight in parts]
        rows = sum(weights[1:], start=weights[0])
        safe = numpy.where(rows > 0, rows, 1.0)
        mean = sum((w * part.mean for w, (part, _) in zip(weights[1:], parts[1:], strict=True)), start=weights[0] * parts[0][0].mean) / safe
        scatter = numpy.zeros_like(mean)
        for heavy, (part, weight) in zip(weights, parts, strict=True):
            scatter += weight * part.scatter + heavy * numpy.square(part.mean - mean)
        return Sums(rows, mean, scatter)

    def take(self, data: Sums, rows: int, rng: numpy.random.Generator) -> Sums:
        """Refuse: which rows are drawn cannot be told from moments."""
        raise ConfigError("rows cannot be drawn from moments; simulate the rows")

    def edit(self, data: Sums, model: Normal, rows: int, rng: numpy.random.Generator) -> Sums:
        """Refuse: which rows are rewritten cannot be told from moments."""
        raise ConfigError("rows cannot be rewritten in moments; simulate the rows")

    def fit(self, data: Sums, before: Normal | None, rng: numpy.random.Generator) -> Normal:
        """Return the model of some moments; a replicate with too few rows keeps the model it had.

        Raises:
            ConfigError: There are too few rows for a variance, in generation 1.
        """
        how = self.how
        divisor = numpy.asarray(data.rows, dtype=numpy.float64) - (0 if how.known_variance else how.ddof)
        if before is None and numpy.any(divisor <= 0):
            raise ConfigError(f"{numpy.min(data.rows)} rows have no variance with ddof {how.ddof}; take {how.ddof + 1} or more")
        mean = data.mean if how.pull == 1 else data.mean * how.pull
        variance = numpy.ones_like(mean) if how.known_variance else data.scatter / numpy.where(divisor > 0, divisor, 1.0)
        if before is None or numpy.all(divisor > 0):
            return Normal(mean, variance)
        return Normal(numpy.where(divisor > 0, mean, before.mean), numpy.where(divisor > 0, variance, before.variance))

    def alive(self, model: Normal) -> Flags:
        """Tell where the variance is above 0."""
        return numpy.asarray(model.variance > 0)

    def measure(self, model: Normal, wanted: frozenset[str], rng: numpy.random.Generator) -> dict[str, Floats]:
        """Return the series that are wanted; a logarithm of zero variance does not exist."""
        found = {"mean_square": numpy.square(model.mean), "variance": model.variance, "trace": model.variance}
        if wanted & {"log_variance", "log_det"}:
            positive = numpy.where(model.variance > 0, model.variance, numpy.nan)
            found["log_variance"] = found["log_det"] = numpy.log(positive)
        if "effective_rank" in wanted:
            found["effective_rank"] = numpy.where(model.variance > 0, 1.0, numpy.nan)
        if "w2_squared" in wanted:
            found["w2_squared"] = self._w2_squared(model)
        return found

    def _w2_squared(self, model: Normal) -> Floats:
        """Return the squared Wasserstein distance to a Gaussian with the moments of the truth."""
        sd = numpy.sqrt(1 + self.how.modes**2)
        return numpy.asarray(numpy.square(model.mean - self.how.true_mean) + numpy.square(numpy.sqrt(model.variance) - sd))


def _moments(model: Normal, rows: Rows | Floats, rng: numpy.random.Generator, noise: bool) -> Sums:
    if not noise:
        return Sums(rows, model.mean + 0.0, model.variance * rows)
    sizes = numpy.asarray(rows, dtype=numpy.float64)
    mean = rng.standard_normal(model.mean.shape)
    spread = numpy.sqrt(model.variance)
    spread *= 1 / numpy.sqrt(numpy.maximum(sizes, 1.0))
    mean *= spread
    mean += model.mean
    scatter = rng.standard_gamma(numpy.maximum(sizes - 1, 0) / 2, size=model.mean.shape)
    scatter *= model.variance
    scatter *= 2.0
    return Sums(rows, mean, scatter)
