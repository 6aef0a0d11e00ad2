"""Each of the three sources of error by itself, with the setting that makes it larger swept."""

import math
from typing import Any

import numpy

from longtail.lab.decomposition import World, deviations, mixture_divergence
from longtail.lab.run import simulate
from longtail.lab.settings import Settings
from longtail.records import Record

RARE, DRAWS = 1e-6, 10_000
SIZES = (250, 1000, 4000, 16_000)
LAW: dict[str, Any] = {"types": 1000, "law": "zipf:1"}
HALF_DISTANCES = (0.5, 1.0, 2.0, 3.0)
PEAKED: dict[str, Any] = {"types": 5000, "law": "zipf:1.45"}
"""A law with 26.9 effective types: exp of its entropy."""
TEMPERATURE = 0.9
GENERATIONS = 12


class SizeRow(Record, frozen=True):
    """Loss of the tail at one size of the training set: shares of the tail's types that a fit holds, and the deviation.

    `deviation` is E KL(truth‖model) of a Gaussian loop in the last generation, in nats; `times_rows` is N times that.
    """

    samples: int
    held_first: float
    held_last: float
    deviation: float
    times_rows: float


class Statistical(Record, frozen=True):
    """Finite samples alone. `missed` is the chance that `draws` draws hold no event of probability `rare`."""

    rare: float
    draws: int
    missed: float
    generations: int
    law: str
    rows: tuple[SizeRow, ...]


class ModesRow(Record, frozen=True):
    """One Gaussian fitted to two modes, `modes` standard deviations either side, from infinite samples, in nats."""

    modes: float
    deviation_first: float
    deviation_last: float
    quadrature: float


class Expressivity(Record, frozen=True):
    """A family that is too small alone."""

    generations: int
    rows: tuple[ModesRow, ...]


class Approximation(Record, frozen=True):
    """A biased procedure alone.

    Args:
        law: The true law over types.
        temperature: Each model samples from p^(1/temperature).
        effective_types: exp(entropy) in generations 1, 2, …, with infinite samples.
        sampled: The same with finite samples, mean over seeds.
        samples: Rows of these.
        seeds: How many.
        falling: Share of seeds in which the last generation holds fewer effective types than the first.
        pull: Share of the way from 0 to the sample mean that training covers.
        mean: Mean of a Gaussian loop in generations 1, 2, …, in units of the true mean.
    """

    law: str
    temperature: float
    effective_types: tuple[float, ...]
    sampled: tuple[float, ...]
    samples: int
    seeds: int
    falling: float
    pull: float
    mean: tuple[float, ...]


def statistical(world: World) -> Statistical:
    """Return what finite samples alone cost, over training sets of several sizes."""
    rows = tuple(_size(world, samples) for samples in SIZES)
    missed = math.exp(DRAWS * math.log1p(-RARE))
    return Statistical(rare=RARE, draws=DRAWS, missed=missed, generations=world.generations, law=_named(LAW), rows=rows)


def expressivity(world: World) -> Expressivity:
    """Return what a family that is too small alone costs, over several distances of two modes."""
    rows = []
    for modes in HALF_DISTANCES:
        found = deviations(World(**_but(world, modes=modes)), frozenset({"expressivity"})).mean(axis=1)
        exact = mixture_divergence(modes=modes)
        rows.append(ModesRow(modes=modes, deviation_first=float(found[0]), deviation_last=float(found[-1]), quadrature=exact))
    return Expressivity(generations=world.generations, rows=tuple(rows))


def approximation(world: World, *, samples: int = 4000, seeds: int = 20) -> Approximation:
    """Return what a biased procedure alone does: a temperature below 1 in each generation, and training that stops short.

    Args:
        world: Its `pull` and `seed` are used.
        samples: Rows of the loops with finite samples.
        seeds: How many of them.
    """
    exact, drawn = (_effective(world, noise, samples, seeds) for noise in (False, True))
    mean = numpy.sqrt([float(each[0]) for each in simulate(_pulled(world), frozenset({"mean_square"}))["mean_square"]])
    return Approximation(
        law=_named(PEAKED),
        temperature=TEMPERATURE,
        effective_types=tuple(float(each) for each in exact.mean(axis=1)),
        sampled=tuple(float(each) for each in drawn.mean(axis=1)),
        samples=samples,
        seeds=seeds,
        falling=float((drawn[-1] < drawn[0]).mean()),
        pull=world.pull,
        mean=tuple(float(each) for each in mean),
    )


def _pulled(world: World) -> Settings:
    """Return a Gaussian loop of infinite samples whose training stops short, with a true mean of 1."""
    options = {"pull": world.pull, "true_mean": 1.0, "sampling_error": False}
    return Settings(family="gaussian", generations=GENERATIONS, replicates=1, seed=world.seed, options=options)


def _effective(world: World, noise: bool, samples: int, seeds: int) -> Any:
    """Return exp(entropy) of loops at a temperature, (generations, seeds)."""
    options = PEAKED | {"temperature": TEMPERATURE, "sampling_error": noise}
    told = Settings(
        family="categorical",
        generations=GENERATIONS,
        samples=samples,
        replicates=seeds if noise else 1,
        seed=world.seed,
        options=options,
    )
    return numpy.exp(numpy.array(simulate(told, frozenset({"entropy"}))["entropy"]))


def _size(world: World, samples: int) -> SizeRow:
    told = Settings(
        family="categorical",
        policy=world.policy,
        generations=world.generations,
        samples=samples,
        replicates=50,
        seed=world.seed,
        options=LAW,
    )
    held = numpy.array(simulate(told, frozenset({"tail_types"}))["tail_types"]).mean(axis=1) / _tail_types()
    moved = float(deviations(World(**_but(world, samples=samples)), frozenset({"statistical"})).mean(axis=1)[-1])
    return SizeRow(samples=samples, held_first=float(held[0]), held_last=float(held[-1]), deviation=moved, times_rows=samples * moved)


def _tail_types() -> int:
    told = Settings(family="categorical", generations=1, replicates=1, options=LAW | {"sampling_error": False})
    return int(simulate(told, frozenset({"tail_types"}))["tail_types"][0][0])


def _named(options: dict[str, Any]) -> str:
    return f"{options['law']} on {options['types']:,} types"


def _but(world: World, **other: Any) -> dict[str, Any]:
    return {name: getattr(world, name) for name in World.__struct_fields__} | other
