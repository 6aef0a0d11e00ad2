"""One Gaussian whose rows are simulated: for gates that look at rows, and for pools that rows are drawn from."""

from typing import Any, ClassVar

import numpy

from longtail.errors import ConfigError
from longtail.lab.learner import Flags, Floats, Rows
from longtail.lab.learners.catalogue import FAMILIES
from longtail.lab.learners.gaussian import Fit, Gaussian, Normal, Sums
from longtail.lab.learners.gaussian_many import GaussianMany, SumsMany, triangular
from longtail.lab.learners.row_data import RowData, whole

NUMBERS = 2_000_000
FARTHEST = 1_000_000
"""Numbers held for a training set of a block."""


class GaussianRows(RowData):
    """The models of `law`, fitted on rows: data are (replicates, rows, dim)."""

    series: ClassVar[tuple[str, ...]] = Gaussian.series

    def __init__(self, dim: int, law: Gaussian | GaussianMany) -> None:
        self.dim, self.law = dim, law

    def together(self, rows: int) -> int:
        """Return how many replicates are simulated side by side."""
        return max(1, NUMBERS // (rows * self.dim))

    def real(self, replicates: int, rows: Rows, rng: numpy.random.Generator, taken: int) -> Floats:
        """Return real rows; of a truth with two modes each is equally likely."""
        how = self.law.how
        found = rng.standard_normal((replicates, whole(rows), self.dim))
        if how.modes:
            found[..., 0] += how.modes * rng.choice([-1.0, 1.0], size=found.shape[:2])
        found[..., 0] += how.true_mean
        return found

    def fit(self, data: Floats, before: Any, rng: numpy.random.Generator) -> Any:
        """Return the model of the rows."""
        return self.law.fit(self.moments(data), before, rng)

    def moments(self, data: Floats) -> Any:
        """Return the moments of rows, as `law` holds them."""
        mean = data.mean(axis=1)
        centred = numpy.where(numpy.ptp(data, axis=1, keepdims=True) > 0, data - mean[:, None], 0.0)
        if isinstance(self.law, Gaussian):
            return Sums(data.shape[1], mean[:, 0], numpy.square(centred[..., 0]).sum(axis=1))
        return SumsMany(data.shape[1], mean, triangular(numpy.swapaxes(centred, 1, 2)))

    def alive(self, model: Any) -> Flags:
        """Tell where a variance is above 0."""
        return self.law.alive(model)

    def measure(self, model: Any, wanted: frozenset[str], rng: numpy.random.Generator) -> dict[str, Floats]:
        """Return the series that are wanted."""
        return self.law.measure(model, wanted, rng)

    def written(self, model: Any, rows: int, rng: numpy.random.Generator) -> Floats:
        """Return rows that a model writes: (replicates, rows, dim)."""
        spread = numpy.sqrt(self.law.how.variance_scale)
        found = rng.standard_normal((len(model.mean), rows, self.dim))
        if isinstance(model, Normal):
            found *= (spread * numpy.sqrt(model.variance))[:, None, None]
            found += model.mean[:, None, None]
            return found
        return numpy.asarray(numpy.matmul(found, numpy.swapaxes(model.factor * spread, 1, 2)) + model.mean[:, None])


@FAMILIES.add(models="a normal law", cost="light", source="Shumailov et al., arXiv:2305.17493")
def gaussian(
    rows: bool,
    *,
    dim: int = 1,
    ddof: int = 0,
    variance_scale: float = 1.0,
    known_variance: bool = False,
    sampling_error: bool = True,
    pull: float = 1.0,
    true_mean: float = 0.0,
    modes: float = 0.0,
) -> Gaussian | GaussianMany | GaussianRows:
    """One normal law, fitted by its mean and variance.

    Args:
        rows: Whether rows are simulated, or their mean and sum of squares.
        dim: Number of coordinates.
        ddof: The divisor of the variance is rows - ddof: 0 for maximum likelihood, 1 for the unbiased one.
        variance_scale: Variance of what is sampled, as a multiple of the model's.
        known_variance: Learn the mean alone; the variance stays 1.
        sampling_error: With false, samples are infinite: moments come back as they are.
        pull: Share of the way from 0 to the sample mean that training covers; 1 for a perfect optimiser.
        true_mean: Mean of the truth, in its standard deviations.
        modes: Half the distance between two equal modes of the truth, each of variance 1; 0 for one mode.

    Raises:
        ConfigError: An option is out of range.
    """
    for name, value, holds, need in (
        ("dim", dim, dim >= 1, "a whole number from 1 up"),
        ("ddof", ddof, ddof in (0, 1), "0 (maximum likelihood) or 1 (unbiased)"),
        ("variance_scale", variance_scale, 0 < variance_scale < float("inf"), "a number above 0"),
        ("pull", pull, 0 < pull <= 1, "a number above 0, up to 1"),
        ("true_mean", true_mean, abs(true_mean) <= FARTHEST, f"a number from -{FARTHEST:,} to {FARTHEST:,}"),
        ("modes", modes, 0 <= modes <= FARTHEST, f"a number from 0 to {FARTHEST:,}"),
        ("dim", dim, dim == 1 or (pull == 1 and not modes and not true_mean), "1, or leave out pull, modes and true_mean"),
        ("sampling_error", sampling_error, sampling_error or not rows, "true: a gate, or rows drawn from among others, need samples"),
    ):
        if not holds:
            raise ConfigError(f"gaussian: {name} is {value!r}; take {need}")
    how = Fit(ddof, variance_scale, known_variance, sampling_error, pull, true_mean, modes)
    law = Gaussian(how) if dim == 1 else GaussianMany(dim, how)
    return GaussianRows(dim, law) if rows else law
