"""Linear regression with rows, and with the same inputs labelled anew in each generation."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy

from longtail.errors import ConfigError
from longtail.gates import Bound
from longtail.lab.learner import Floats, Rows
from longtail.lab.learners.gaussian_many import bartlett
from longtail.lab.learners.regression_task import Linear, Task, Weights, fitted_on
from longtail.lab.learners.row_data import whole
from longtail.lab.rows import drawn

ROW_NUMBERS = 1_000_000
"""Numbers held for a training set of a block."""


class Relabelled(NamedTuple):
    """Data: labels of the same inputs, given once or more often.

    Args:
        rows: How many inputs there are.
        columns: C with X'X = CC', (replicates, dim, min(rows, dim)).
        fitted: Least-squares fit to the means of the labels, (replicates, dim).
        weight: How many labels each input has, with weights.
    """

    rows: int
    columns: Floats
    fitted: Floats
    weight: float = 1.0


class LinearSame(Linear):
    """Least squares where the inputs of the real data are labelled anew by each model; X'X is drawn once."""

    def real(self, replicates: int, rows: Rows, rng: numpy.random.Generator, taken: int) -> Relabelled:
        """Return the real rows.

        Raises:
            ConfigError: Real rows were collected before, so that there are other inputs.
        """
        size, dim = _first(rows, taken), self.task.dim
        columns = bartlett(size, dim, replicates, rng)[:, :, : min(size, dim)]
        truth = numpy.broadcast_to(self.task.truth, (replicates, dim))
        return Relabelled(size, columns, fitted_on(columns, truth, self.task.noise[0], rng))

    def sample(self, model: Weights, rows: Rows, rng: numpy.random.Generator, gate: Bound | None = None) -> Relabelled:
        """Return the inputs with labels of the model, each labelled as often as the rows that are asked for allow.

        Raises:
            ConfigError: The rows asked for are no multiple of the inputs.
        """
        size, columns = model.inputs
        times = _times(whole(rows), size)
        return Relabelled(size, columns, fitted_on(columns, model.weights, self.task.noise_of(model) / times, rng), float(times))

    def join(self, parts: Sequence[tuple[Relabelled, float]]) -> Relabelled:
        """Return the labels of all parts, each with its weight."""
        total = sum(part.weight * weight for part, weight in parts)
        fitted = numpy.zeros_like(parts[0][0].fitted)
        for part, weight in parts:
            fitted += part.fitted * (part.weight * weight / total)
        return Relabelled(parts[0][0].rows, parts[0][0].columns, fitted, total)

    def take(self, data: Any, rows: int, rng: numpy.random.Generator) -> Any:
        """Refuse: which rows are drawn cannot be told from sums."""
        raise ConfigError("rows cannot be drawn from sums of products; simulate the rows")

    def edit(self, data: Any, model: Weights, rows: int, rng: numpy.random.Generator) -> Any:
        """Refuse: which rows are relabelled cannot be told from sums."""
        raise ConfigError("rows cannot be relabelled in sums of products; simulate the rows")

    def fit(self, data: Relabelled, before: Weights | None, rng: numpy.random.Generator) -> Weights:
        """Return the least-squares fit.

        Raises:
            ConfigError: The expected error is infinite.
        """
        self.task.check(data.rows)
        return Weights.after(before, data.fitted, (data.rows, data.columns))


class LinearRows(Linear):
    """Least squares on rows: data are (replicates, rows, dim + 1), the label in the last column.

    Args:
        task: The truth.
        same: Whether models label the inputs of the real data; else inputs are drawn anew.
    """

    def __init__(self, task: Task, *, same: bool) -> None:
        super().__init__(task)
        self.same = same

    def together(self, rows: int) -> int:
        """Return how many replicates are simulated side by side."""
        return max(1, ROW_NUMBERS // (rows * (self.task.dim + 1)))

    def real(self, replicates: int, rows: Rows, rng: numpy.random.Generator, taken: int) -> Floats:
        """Return real rows.

        Raises:
            ConfigError: The inputs are to stay the same, but real rows were collected before.
        """
        size, task = _first(rows, taken) if self.same else whole(rows), self.task
        teachers = numpy.broadcast_to(task.truth, (replicates, task.dim))
        found = self._labelled(self._inputs(replicates, size, rng), teachers, task.noise[0], rng)
        foreign = round(task.foreign_share * size)
        found[:, :foreign, -1] += found[:, :foreign, :-1] @ (task.foreign - task.truth)
        return found

    def sample(self, model: Weights, rows: Rows, rng: numpy.random.Generator, gate: Bound | None = None) -> Floats:
        """Return rows that a model labelled.

        Raises:
            ConfigError: The inputs are to stay the same, but the rows asked for are no multiple of them.
        """
        size = whole(rows)
        if self.same:
            inputs = numpy.tile(model.inputs, (1, _times(size, model.inputs.shape[1]), 1))
        else:
            inputs = self._inputs(len(model.weights), size, rng)
        return self._labelled(inputs, model.weights, self.task.noise_of(model), rng)

    def join(self, parts: Sequence[tuple[Floats, float]]) -> Floats:
        """Return the rows of all parts; a weight scales rows by its root, as weighted least squares does."""
        return numpy.concatenate([rows if weight == 1 else rows * weight**0.5 for rows, weight in parts], axis=1)

    def take(self, data: Floats, rows: int, rng: numpy.random.Generator) -> Floats:
        """Return rows drawn without replacement."""
        return drawn(data, rows, rng)

    def edit(self, data: Floats, model: Weights, rows: int, rng: numpy.random.Generator) -> Floats:
        """Return the rows, some of them at random with a label of the model in place of their own."""
        at = rng.random(data.shape[:2]).argpartition(rows - 1, axis=1)[:, :rows, None]
        inputs = numpy.take_along_axis(data[..., :-1], at, axis=1)
        new = self._labelled(inputs, model.weights, self.task.noise_of(model), rng)
        edited = data.copy()
        numpy.put_along_axis(edited, at, new, axis=1)
        return edited

    def fit(self, data: Floats, before: Weights | None, rng: numpy.random.Generator) -> Weights:
        """Return the least-squares fit, that of least norm where rows are fewer than dimensions.

        Raises:
            ConfigError: The expected error is infinite.
        """
        inputs, labels = data[..., :-1], data[..., -1:]
        self.task.check(inputs.shape[1])
        if inputs.shape[1] >= 2 * self.task.dim:
            columns = numpy.swapaxes(inputs, 1, 2)
            gram, moment = numpy.matmul(columns, inputs), numpy.matmul(columns, labels)
            if self.same:
                found = numpy.matmul(numpy.linalg.pinv(gram, rcond=1e-10, hermitian=True), moment)
            else:
                found = numpy.linalg.solve(gram, moment)
        else:
            found = numpy.matmul(numpy.linalg.pinv(inputs), labels)
        kept = inputs if before is None else before.inputs
        return Weights.after(before, found[..., 0], kept if self.same else None)

    def _inputs(self, replicates: int, rows: int, rng: numpy.random.Generator) -> Floats:
        return rng.standard_normal((replicates, rows, self.task.dim))

    def _labelled(self, inputs: Floats, teacher: Floats, noise: float, rng: numpy.random.Generator) -> Floats:
        labels = numpy.matmul(inputs, teacher[:, :, None])
        labels += noise**0.5 * rng.standard_normal(labels.shape)
        return numpy.concatenate([inputs, labels], axis=2)


def _first(rows: Rows, taken: int) -> int:
    if taken:
        raise ConfigError("linear_regression: new real rows have new inputs; take inputs fresh, or a policy that collects none")
    return whole(rows)


def _times(rows: int, inputs: int) -> int:
    """Return how often each input is labelled."""
    if rows % inputs:
        raise ConfigError(
            f"linear_regression: {rows} rows are asked for, which is no multiple of the {inputs} inputs that stay the same; "
            "take inputs fresh, or a policy and schedule that keep the size"
        )
    return rows // inputs
