"""What all ways of simulating a linear regression share: the task, the models and their series."""

from typing import Any, ClassVar, NamedTuple

import numpy

from longtail.errors import ConfigError
from longtail.lab.learner import Flags, Floats

NUMBERS = 80_000
"""Numbers held for the weights of a block of replicates."""


class Weights(NamedTuple):
    """Models: fitted weights (replicates, dim), how many fits led to them, and the inputs that are labelled anew, if any."""

    weights: Floats
    fits: int
    inputs: Any = None

    @classmethod
    def after(cls, before: "Weights | None", weights: Floats, inputs: Any = None) -> "Weights":
        """Return the model that was fitted after another one."""
        return cls(weights, 1 if before is None else before.fits + 1, inputs)


class Task(NamedTuple):
    """The truth, and what is unlike it in the real rows.

    Args:
        dim: Number of inputs.
        noise: Variance of the noise in the labels that the first, second, … fit learns from; the last one holds on.
        foreign_share: Share of the real rows that other weights have labelled.
        foreign_distance: Distance of those weights from the true ones.
    """

    dim: int
    noise: tuple[float, ...] = (1.0,)
    foreign_share: float = 0.0
    foreign_distance: float = 1.0

    @property
    def truth(self) -> Floats:
        """Return the true weights, of length 1: (dim,)."""
        return numpy.asarray(numpy.eye(1, self.dim)[0])

    @property
    def foreign(self) -> Floats:
        """Return the weights that have labelled the foreign rows: (dim,)."""
        return self.truth * (1 + self.foreign_distance)

    def noise_of(self, model: Weights) -> float:
        """Return the variance of the noise in labels that a model gives."""
        return self.noise[min(model.fits, len(self.noise) - 1)]

    def check(self, rows: int) -> None:
        """Refuse sizes at which the expected error of least squares is infinite.

        Raises:
            ConfigError: There is noise, and rows and dimensions differ by less than 2.
        """
        if abs(rows - self.dim) < 2 and max(self.noise) > 0:
            raise ConfigError(
                f"linear_regression: {rows} rows for dim {self.dim} have an infinite expected error; "
                f"take {self.dim + 2} rows or more, or noise 0"
            )


class Linear:
    """Least squares: `error` is the squared distance of the fit from the truth, `norm` its squared length."""

    series: ClassVar[tuple[str, ...]] = ("error", "norm")
    gates: ClassVar[frozenset[str]] = frozenset()
    uneven: ClassVar[bool] = False

    def __init__(self, task: Task) -> None:
        self.task = task

    def together(self, rows: int) -> int:
        """Return how many replicates are simulated side by side."""
        return max(1, NUMBERS // self.task.dim)

    def alive(self, model: Weights) -> Flags:
        """Tell where fits can still change: everywhere with noise, else where the weights are not 0."""
        if max(self.task.noise) > 0:
            return numpy.ones(len(model.weights), dtype=bool)
        return numpy.asarray((model.weights != 0).any(axis=1))

    def measure(self, model: Weights, wanted: frozenset[str], rng: numpy.random.Generator) -> dict[str, Floats]:
        """Return the series that are wanted."""
        norm = numpy.einsum("ri,ri->r", model.weights, model.weights)
        return {"error": numpy.maximum(norm - 2 * model.weights[:, 0] + 1, 0.0), "norm": norm}


def fitted_on(columns: Floats, teacher: Floats, noise: float, rng: numpy.random.Generator) -> Floats:
    """Return the fit of least norm to labels that a teacher gives to inputs.

    Args:
        columns: C with X'X = CC', (replicates, dim, rank); with rank below dim, the columns span the inputs.
        teacher: Weights, (replicates, dim).
        noise: Variance of the noise in labels.
        rng: Source of chance.
    """
    rows = numpy.swapaxes(columns, 1, 2)
    labels = numpy.einsum("rij,ri->rj", columns, teacher)
    labels += noise**0.5 * rng.standard_normal(labels.shape)
    if columns.shape[1] == columns.shape[2]:
        return numpy.asarray(numpy.linalg.solve(rows, labels[:, :, None])[:, :, 0])
    return numpy.asarray(numpy.matmul(columns, numpy.linalg.solve(numpy.matmul(rows, columns), labels[:, :, None]))[:, :, 0])


def noises(given: float | str) -> tuple[float, ...]:
    """Return the variances of a number or of a list such as "0.25,0.25,1".

    Raises:
        ConfigError: One is no number, or below 0.
    """
    try:
        found = tuple(float(word) for word in str(given).split(","))
    except ValueError:
        found = ()
    if not found or not all(0 <= each < float("inf") for each in found):
        raise ConfigError(f"linear_regression: noise is {given!r}; take a variance of 0 or more, or a list such as 0.25,0.25,1")
    return found
