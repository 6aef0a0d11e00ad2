"""Linear regression on labels of its own, with new inputs for every pool, by the exact laws of least squares.

Inputs are N(0, I), labels x·w + N(0, noise). Of a pool of n rows in d dimensions, n >= d, all that matters is its own
least-squares fit and X'X. The fit lies at w + √noise·t with t = z/√χ²(n−d+1), z standard normal: a multivariate t law.
Given t, X'X has a Wishart law with n + 1 degrees of freedom and scale (I + tt')⁻¹ (conjugacy of the two laws), so it
need be drawn for those pools alone that are joined with others.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, Literal, NamedTuple

import numpy

from longtail.errors import ConfigError
from longtail.gates import Bound
from longtail.lab.learner import Floats, Rows
from longtail.lab.learners.catalogue import FAMILIES
from longtail.lab.learners.gaussian_many import bartlett
from longtail.lab.learners.regression_rows import LinearRows, LinearSame
from longtail.lab.learners.regression_task import Linear, Task, Weights, fitted_on, noises
from longtail.lab.learners.row_data import whole


class Labelled:
    """Data: one pool of rows with new inputs.

    Args:
        rows: How many.
        fitted: Its own least-squares fit, that of least norm where rows are fewer than dimensions: (replicates, dim).
        offset: t, the error of the fit in units of √noise, (replicates, dim); or None if `columns` are known.
        columns: C with X'X = CC', (replicates, dim, min(rows, dim)); or None to draw them when they are needed.
        seed: Of the chance in drawing them.
    """

    def __init__(self, rows: int, fitted: Floats, offset: Floats | None, columns: Floats | None, seed: int) -> None:
        self.rows, self.fitted, self.offset, self.known, self.seed = rows, fitted, offset, columns, seed

    @cached_property
    def columns(self) -> Floats:
        """Return C with X'X = CC'."""
        if self.known is not None or self.offset is None:
            return numpy.asarray(self.known)
        replicates, dim = self.fitted.shape
        factor = bartlett(self.rows + 1, dim, replicates, numpy.random.default_rng(self.seed))
        length = numpy.square(self.offset).sum(axis=1)
        share = (1 - 1 / numpy.sqrt(1 + length)) / length
        along = numpy.einsum("ri,rij->rj", self.offset, factor) * share[:, None]
        return numpy.asarray(factor - self.offset[:, :, None] * along[:, None, :])


class Joined(NamedTuple):
    """Data of several pools: rows, X'X (replicates, dim, dim) and X'y (replicates, dim), both with weights."""

    rows: int
    gram: Floats
    moment: Floats


class LinearFresh(Linear):
    """Least squares where every pool has inputs of its own."""

    def real(self, replicates: int, rows: Rows, rng: numpy.random.Generator, taken: int) -> Labelled | Joined:
        """Return real rows: a share of them labelled by other weights, where that is asked for."""
        task, size = self.task, whole(rows)
        foreign = round(task.foreign_share * size)
        mine, others = (numpy.broadcast_to(each, (replicates, task.dim)) for each in (task.truth, task.foreign))
        parts = [(self._pool(mine, size - foreign, task.noise[0], rng), 1.0)] if foreign < size else []
        if foreign:
            parts.append((self._pool(others, foreign, task.noise[0], rng), 1.0))
        return parts[0][0] if len(parts) == 1 else self.join(parts)

    def sample(self, model: Weights, rows: Rows, rng: numpy.random.Generator, gate: Bound | None = None) -> Labelled:
        """Return rows that a model labelled."""
        return self._pool(model.weights, whole(rows), self.task.noise_of(model), rng)

    def join(self, parts: Sequence[tuple[Labelled | Joined, float]]) -> Joined:
        """Return the sums of squares and products of a union, each part with the weight of its rows."""
        summed = [_products(part) for part, _ in parts]
        gram, moment = summed[0].gram * parts[0][1], summed[0].moment * parts[0][1]
        for each, (_, weight) in zip(summed[1:], parts[1:], strict=True):
            gram += each.gram * weight
            moment += each.moment * weight
        return Joined(sum(each.rows for each in summed), gram, moment)

    def take(self, data: Any, rows: int, rng: numpy.random.Generator) -> Any:
        """Refuse: which rows are drawn cannot be told from sums."""
        raise ConfigError("rows cannot be drawn from sums of products; simulate the rows")

    def edit(self, data: Any, model: Weights, rows: int, rng: numpy.random.Generator) -> Any:
        """Refuse: which rows are relabelled cannot be told from sums."""
        raise ConfigError("rows cannot be relabelled in sums of products; simulate the rows")

    def fit(self, data: Labelled | Joined, before: Weights | None, rng: numpy.random.Generator) -> Weights:
        """Return the least-squares fit, that of least norm where rows are fewer than dimensions.

        Raises:
            ConfigError: The expected error is infinite.
        """
        self.task.check(data.rows)
        if isinstance(data, Labelled):
            found = data.fitted
        elif data.rows >= self.task.dim:
            found = numpy.asarray(numpy.linalg.solve(data.gram, data.moment[:, :, None])[:, :, 0])
        else:
            found = numpy.einsum("rij,rj->ri", numpy.linalg.pinv(data.gram, rcond=1e-10, hermitian=True), data.moment)
        return Weights.after(before, found)

    def _pool(self, teacher: Floats, rows: int, noise: float, rng: numpy.random.Generator) -> Labelled:
        replicates, dim = teacher.shape
        seed = int(rng.integers(2**63))
        if rows < dim:
            columns = bartlett(rows, dim, replicates, rng)[:, :, :rows]
            return Labelled(rows, fitted_on(columns, teacher, noise, rng), None, columns, seed)
        offset = rng.standard_normal((replicates, dim))
        offset /= numpy.sqrt(2 * rng.standard_gamma((rows - dim + 1) / 2, size=(replicates, 1)))
        fitted = offset * noise**0.5
        fitted += teacher
        return Labelled(rows, fitted, offset, None, seed)


def _products(data: Labelled | Joined) -> Joined:
    if isinstance(data, Joined):
        return data
    columns = data.columns
    moment = numpy.einsum("rij,rj->ri", columns, numpy.einsum("rij,ri->rj", columns, data.fitted))
    return Joined(data.rows, numpy.matmul(columns, numpy.swapaxes(columns, 1, 2)), moment)


@FAMILIES.add(models="a linear relation", cost="light", source="Gerstgrasser et al., arXiv:2404.01413; Dohmatob et al., arXiv:2402.07712")
def linear_regression(
    rows: bool,
    *,
    dim: int = 10,
    noise: float | str = 1.0,
    inputs: Literal["fresh", "same"] = "fresh",
    foreign_share: float = 0.0,
    foreign_distance: float = 1.0,
) -> LinearFresh | LinearSame | LinearRows:
    """Least squares on labels x·w + noise; the true w has length 1.

    Args:
        rows: Whether rows are simulated.
        dim: Number of inputs.
        noise: Variance of the noise in labels; a list such as 0.25,0.25,1 gives that of the labels which the first,
            second, … fit learns from, and its last number holds from there on. Real labels always have the first.
        inputs: "fresh" draws new inputs for each pool, "same" labels those of the real data anew.
        foreign_share: Share of the real rows that other weights have labelled.
        foreign_distance: Distance of those weights from the true ones.

    Raises:
        ConfigError: An option is out of range.
    """
    for name, value, holds, need in (
        ("dim", dim, 1 <= dim <= 10_000, "a whole number from 1 to 10000"),
        ("foreign_share", foreign_share, 0 <= foreign_share <= 1, "a number from 0 to 1"),
        ("foreign_distance", foreign_distance, 0 <= foreign_distance < float("inf"), "0 or more"),
        ("foreign_share", foreign_share, not foreign_share or inputs == "fresh", "0, or inputs fresh"),
    ):
        if not holds:
            raise ConfigError(f"linear_regression: {name} is {value!r}; take {need}")
    task = Task(dim, noises(noise), foreign_share, foreign_distance)
    if rows:
        return LinearRows(task, same=inputs == "same")
    return LinearSame(task) if inputs == "same" else LinearFresh(task)
