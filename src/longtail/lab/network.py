"""Several models that learn from each other: each generation of each model is trained on real rows and on rows of all models."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy
from numpy.typing import NDArray

from longtail.errors import ConfigError
from longtail.lab.learner import Floats, Learner
from longtail.lab.learners.gaussian import Fit, Gaussian
from longtail.lab.result import Series, Theory, summed
from longtail.lab.theory.network import network_mean_squares
from longtail.records import Record

Counts = NDArray[numpy.int64]
_EXACT = Fit(known_variance=True)
_SOURCE = "spectral radius rule of arXiv:2605.20151; this linear instance derived here"


class NetworkRun(Record, frozen=True):
    """A run of several models; series and closed forms are named after the model, such as `mean_square_2`.

    Args:
        mixing: Share of each model's rows that each model wrote, (models, models) as nested tuples; the rest is real.
        rows: Those shares in whole rows, (models, 1 + models): real ones first.
        samples: Rows that each model is trained on.
        generations: From 1, the first fit of every model, on real rows.
        replicates: Independent networks.
        seed: Seed of all chance.
        series: Each quantity of each model over the generations.
        theory: Closed forms of those for which one is known, for the shares in whole rows.
    """

    mixing: tuple[tuple[float, ...], ...]
    rows: tuple[tuple[int, ...], ...]
    samples: int
    generations: tuple[int, ...]
    replicates: int
    seed: int
    series: dict[str, Series]
    theory: dict[str, Theory]


def network(
    learner: Learner,
    mixing: Sequence[Sequence[float]] | Floats,
    samples: int,
    generations: int,
    replicates: int,
    seed: int,
    *,
    series: Sequence[str] = ("mean_square",),
) -> NetworkRun:
    """Return a run of models that train on one another's output.

    Args:
        learner: The family, the same for all models.
        mixing: Share A_ij of model i's rows that model j writes, (models, models); what a row lacks to 1 is new real data.
        samples: Rows that each model is trained on in each generation; shares become whole rows by largest remainders.
        generations: How many are trained; all models learn generation 1 from real rows alone.
        replicates: Independent networks.
        seed: Seed of all chance.
        series: Names of what is measured of each model.

    Raises:
        ConfigError: The matrix is not square, a share is below 0, a row sums to more than 1, a number is below 1, or the
            family has no such series.
    """
    shares, counts = _checked(mixing), whole_rows(mixing, samples)
    for name, value in (("generations", generations), ("replicates", replicates)):
        if value < 1:
            raise ConfigError(f"{name} is {value}; take a whole number from 1 up")
    values = simulate_network(learner, counts, generations, replicates, seed, series)
    return NetworkRun(
        mixing=tuple(tuple(map(float, row)) for row in shares),
        rows=tuple(tuple(map(int, row)) for row in counts),
        samples=samples,
        generations=tuple(range(1, generations + 1)),
        replicates=replicates,
        seed=seed,
        series=summed(values),
        theory=_theory(learner, counts, generations) if "mean_square" in series else {},
    )


def simulate_network(
    learner: Learner, counts: Counts, generations: int, replicates: int, seed: int, series: Sequence[str]
) -> dict[str, list[Floats]]:
    """Return every replicate's value of the series of each model: for each name and generation (replicates,).

    Args:
        learner: The family, the same for all models.
        counts: Rows of each model's training set, (models, 1 + models): real ones first, then those of model 1, 2, …
        generations: How many are trained.
        replicates: Independent networks.
        seed: Seed of all chance; chance in generation k of a block of replicates depends on it, k and the block alone.
        series: Names of what is measured.

    Raises:
        ConfigError: The family has no series of that name.
    """
    for name in series:
        if name not in learner.series:
            raise ConfigError(f"series {name!r} is not known to this family; it has {', '.join(learner.series)}")
    together = learner.together(int(counts.sum(axis=1).max()))
    sizes = [min(together, replicates - at) for at in range(0, replicates, together)]
    blocks = [_block(learner, counts, generations, size, [seed, block], series) for block, size in enumerate(sizes)]
    return {name: [numpy.concatenate(parts) for parts in zip(*(each[name] for each in blocks), strict=True)] for name in blocks[0]}


def whole_rows(mixing: Sequence[Sequence[float]] | Floats, samples: int) -> Counts:
    """Return shares as whole rows, (models, 1 + models), real ones first; what rounding leaves goes to the largest remainders.

    Raises:
        ConfigError: The matrix is not square, a share is below 0, a row sums to more than 1, or `samples` is below 1.
    """
    shares = _checked(mixing)
    if samples < 1:
        raise ConfigError(f"samples is {samples}; take a whole number from 1 up")
    wanted = numpy.column_stack([1 - shares.sum(axis=1), shares]).clip(min=0) * samples
    counts = numpy.floor(wanted + 1e-9).astype(numpy.int64)
    for row, asked in zip(counts, wanted, strict=True):
        row[numpy.argsort(row - asked, kind="stable")[: samples - row.sum()]] += 1
    return counts


def _checked(mixing: Sequence[Sequence[float]] | Floats) -> Floats:
    try:
        shares = numpy.asarray(mixing, dtype=numpy.float64)
    except ValueError:
        raise ConfigError("the mixing matrix has rows of unlike length; give one number for each model in each row") from None
    if shares.ndim != 2 or shares.shape[0] != shares.shape[1] or not shares.size:
        raise ConfigError(f"a mixing matrix of shape {shares.shape}; give one row and one column for each model")
    if not (shares >= 0).all() or not (shares.sum(axis=1) <= 1 + 1e-9).all():
        raise ConfigError(f"mixing shares {shares.tolist()}: each must be 0 or more, and no row may sum to more than 1; the rest is real")
    return shares


def _block(
    learner: Learner, counts: Counts, generations: int, replicates: int, stream: Sequence[int], series: Sequence[str]
) -> dict[str, list[Floats]]:
    """Simulate one block of replicates."""
    names = {(name, at): f"{name}_{at + 1}" for at in range(len(counts)) for name in series}
    values: dict[str, list[Floats]] = {name: [] for name in names.values()}
    models: list[Any] = []
    for generation in range(generations):
        rng = numpy.random.default_rng([stream[0], generation, *stream[1:]])
        data = [_training(learner, row, models, replicates, generation, rng) for row in counts]
        before = models or [None] * len(counts)
        models = [learner.fit(each, old, rng) for each, old in zip(data, before, strict=True)]
        for at, model in enumerate(models):
            measured: Mapping[str, Floats] = learner.measure(model, frozenset(series), rng)
            for name in series:
                values[names[name, at]].append(measured[name])
    return values


def _training(learner: Learner, row: Counts, models: Sequence[Any], replicates: int, generation: int, rng: numpy.random.Generator) -> Any:
    """Return one model's training set: all of it real in the first generation, else the rows that its shares say."""
    if not models:
        return learner.real(replicates, int(row.sum()), rng, 0)
    parts = [learner.sample(model, int(rows), rng) for model, rows in zip(models, row[1:], strict=True) if rows]
    if row[0]:
        parts.append(learner.real(replicates, int(row[0]), rng, generation * int(row.sum())))
    return parts[0] if len(parts) == 1 else learner.join([(part, 1.0) for part in parts])


def _theory(learner: Learner, counts: Counts, generations: int) -> dict[str, Theory]:
    """Return the mean square errors of Gaussians of known variance; of no other family."""
    if not isinstance(learner, Gaussian) or learner.how != _EXACT._replace(ddof=learner.how.ddof):
        return {}
    rows = counts.sum(axis=1)
    errors = network_mean_squares(range(1, generations + 1), mixing=counts[:, 1:] / rows[:, None], samples=[int(each) for each in rows])
    return {
        f"mean_square_{at + 1}": Theory(value=tuple(map(float, column)), kind="exact", source=_SOURCE) for at, column in enumerate(errors.T)
    }
