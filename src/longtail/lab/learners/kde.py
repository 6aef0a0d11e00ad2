"""A kernel density estimate: a model is its training rows and a bandwidth, and writes a row again with noise upon it.

No few numbers sum up its data, so rows are always simulated.
"""

from statistics import NormalDist
from typing import ClassVar, NamedTuple

import numpy

from longtail.errors import ConfigError
from longtail.lab.learner import Flags, Floats, Rows
from longtail.lab.learners.catalogue import FAMILIES
from longtail.lab.learners.row_data import RowData, whole

NODES = 64
"""Points of the truth at which a density is read, at least; equally many for each mode."""
NUMBERS = 2_000_000
"""Numbers held for a block of replicates while densities are read."""


class Kernels(NamedTuple):
    """Models: training rows, (replicates, rows, 1), and the standard deviation of the kernel, (replicates,)."""

    points: Floats
    bandwidth: Floats


class Shape(NamedTuple):
    """The truth: equally likely normal modes.

    Args:
        variance: Variance of each mode.
        centres: Their means, (modes,).
    """

    variance: float
    centres: Floats


class Kde(RowData):
    """Kernel density estimates in one dimension.

    `variance` is that of the training rows, divided by their number; `modes_alive` counts the true modes that are the
    nearest one of a training row; `nll` is the mean of −log density over equally likely points of the truth, and does
    not exist for a bandwidth of 0.
    """

    series: ClassVar[tuple[str, ...]] = ("modes_alive", "variance", "nll")

    def __init__(self, bandwidth: float | None, truth: Shape) -> None:
        self.bandwidth, self.truth = bandwidth, truth
        each = -(-NODES // len(truth.centres))
        normal = NormalDist(0, truth.variance**0.5)
        quantiles = numpy.array([normal.inv_cdf((at + 0.5) / each) for at in range(each)])
        self.nodes = (truth.centres[:, None] + quantiles).ravel()

    def together(self, rows: int) -> int:
        """Return how many replicates are simulated side by side."""
        return max(1, NUMBERS // (rows * len(self.nodes)))

    def real(self, replicates: int, rows: Rows, rng: numpy.random.Generator, taken: int) -> Floats:
        """Return real rows."""
        found = rng.standard_normal((replicates, whole(rows), 1)) * self.truth.variance**0.5
        if len(self.truth.centres) > 1:
            found += rng.choice(self.truth.centres, size=found.shape)
        return numpy.asarray(found)

    def written(self, model: Kernels, rows: int, rng: numpy.random.Generator) -> Floats:
        """Return training rows drawn with replacement, each with kernel noise: (replicates, rows, 1)."""
        replicates, many, _ = model.points.shape
        at = rng.integers(many, size=(replicates, rows, 1))
        noise = rng.standard_normal((replicates, rows, 1)) * model.bandwidth[:, None, None]
        return numpy.asarray(numpy.take_along_axis(model.points, at, axis=1) + noise)

    def fit(self, data: Floats, before: Kernels | None, rng: numpy.random.Generator) -> Kernels:
        """Return the rows with their bandwidth: a fixed one, or 1.06 · sd · rows^(−1/5)."""
        replicates, rows, _ = data.shape
        if self.bandwidth is not None:
            return Kernels(data, numpy.full(replicates, self.bandwidth))
        return Kernels(data, 1.06 * data.std(axis=(1, 2)) * rows**-0.2)

    def alive(self, model: Kernels) -> Flags:
        """Tell where a kernel has a width or the rows differ."""
        return numpy.asarray((model.bandwidth > 0) | (numpy.ptp(model.points[..., 0], axis=1) > 0))

    def measure(self, model: Kernels, wanted: frozenset[str], rng: numpy.random.Generator) -> dict[str, Floats]:
        """Return the series that are wanted."""
        found: dict[str, Floats] = {}
        if "modes_alive" in wanted:
            found["modes_alive"] = self._modes_alive(model.points)
        if "variance" in wanted:
            found["variance"] = model.points.var(axis=(1, 2))
        if "nll" in wanted:
            found["nll"] = self._nll(model)
        return found

    def _modes_alive(self, points: Floats) -> Floats:
        centres = self.truth.centres
        if len(centres) == 1:
            return numpy.ones(len(points))
        nearest = numpy.searchsorted((centres[1:] + centres[:-1]) / 2, points[..., 0])
        return sum(((nearest == mode).any(axis=1).astype(numpy.float64) for mode in range(len(centres))), start=numpy.zeros(len(points)))

    def _nll(self, model: Kernels) -> Floats:
        wide = model.bandwidth > 0
        width = numpy.where(wide, model.bandwidth, 1.0)
        distance = (self.nodes[None, :, None] - model.points[:, None, :, 0]) / width[:, None, None]
        exponent = numpy.square(distance, out=distance)
        nearest = exponent.min(axis=2)
        exponent -= nearest[:, :, None]
        exponent *= -0.5
        density = numpy.log(numpy.exp(exponent, out=exponent).mean(axis=2)) - nearest / 2
        found = numpy.log(width) + numpy.log(2 * numpy.pi) / 2 - density.mean(axis=1)
        return numpy.where(wide & numpy.isfinite(found), found, numpy.nan)


@FAMILIES.add(models="a density by kernels", cost="light", source="Kazdan et al., arXiv:2410.16713")
def kde(rows: bool, *, bandwidth: float | str = "scott", spread: float = 1.0, modes: int = 1, separation: float = 10.0) -> Kde:
    """A kernel density estimate of equally likely normal modes, each of variance `spread`, `separation` sd apart.

    Args:
        rows: Of no effect; rows are always simulated.
        bandwidth: Standard deviation of the kernel, or "scott" for 1.06 sd n^(-1/5).
        spread: Variance of one mode of the truth.
        modes: Number of modes of the truth.
        separation: Distance between neighbouring modes, in standard deviations of one.

    Raises:
        ConfigError: An option is out of range.
    """
    for name, value, holds, need in (
        ("spread", spread, 0 < spread < float("inf"), "a variance above 0"),
        ("modes", modes, 1 <= modes <= 1000, "a whole number from 1 to 1000"),
        ("separation", separation, 0 < separation < float("inf"), "a number of standard deviations above 0"),
    ):
        if not holds:
            raise ConfigError(f"kde: {name} is {value!r}; take {need}")
    centres = (numpy.arange(modes) - (modes - 1) / 2) * separation * spread**0.5
    return Kde(_bandwidth(bandwidth), Shape(spread, centres))


def _bandwidth(given: float | str) -> float | None:
    try:
        found = None if given == "scott" else float(given)
    except ValueError:
        found = 0.0
    if found is not None and not 0 < found < float("inf"):
        raise ConfigError(f"kde: bandwidth is {given!r}; take a number above 0, or scott for 1.06 sd n^(-1/5)")
    return found
