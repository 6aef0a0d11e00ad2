"""Documents that hold a number, and the normal law refitted to those that lie near a gate's centre: cases 24 and 25."""

import numpy

from longtail.lab.cases.check import Check, Chosen, add
from longtail.lab.cases.documents.through import passed, stage
from longtail.lab.learner import Flags, Floats
from longtail.lab.theory import selection as forms

RADII = tuple({"centre": 0.5, "radius": radius} for radius in (0.5, 1.0, 2.0))
NARROW = ({"alpha": 0.5, "samples": 200, "generation": 5}, {"alpha": 0.9, "samples": 200, "generation": 8})


def _inside(c: Chosen, values: Floats, name: str) -> Flags:
    """Return which values lie within the radius of a gate's centre, in the shape in which they are given."""
    return _passed(stage("ball", radius=c["radius"], centre=c["centre"]), values.ravel(), name).reshape(values.shape)


def _passed(recipe: str, values: Floats, name: str) -> Flags:
    told = values.tolist()
    return passed(recipe, name, [f"{value:.3f}" for value in told], value=told)


def _step(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return values of N(mean, 1) that the gate let pass: (replicates,)."""
    rng = numpy.random.default_rng([seed, 240])
    found: list[Floats] = []
    while sum(map(len, found)) < replicates:
        drawn = c["mean"] + rng.standard_normal(replicates)
        found.append(drawn[_inside(c, drawn, f"{seed}/{len(found)}")])
    return numpy.concatenate(found)[:replicates]


def _moved(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return the mean after rounds in which it is refitted to what passes of so many documents: (replicates,)."""
    rng, mean = numpy.random.default_rng([seed, 241]), numpy.zeros(replicates)
    for generation in range(c["rounds"]):
        values = mean[:, None] + rng.standard_normal((replicates, c["rows"]))
        kept = _inside(c, values, f"{seed}/{generation}")
        many = kept.sum(axis=1)
        mean = numpy.where(many > 0, (values * kept).sum(axis=1) / numpy.maximum(many, 1), mean)
    return mean


def _narrowed(c: Chosen, replicates: int, seed: int, accumulate: bool) -> Floats:
    """Return the variance of the last training set, the nearest share of each batch having passed: (replicates,)."""
    return numpy.array(
        [_lineage(c, f"{seed}/{number}", numpy.random.default_rng([seed, 250, number]), accumulate) for number in range(replicates)]
    )


def _lineage(c: Chosen, name: str, rng: numpy.random.Generator, accumulate: bool) -> float:
    recipe, pool = stage("top", alpha=c["alpha"]), numpy.zeros(0)
    mean, variance = 0.0, 1.0
    for generation in range(c["generation"]):
        written = mean + variance**0.5 * rng.standard_normal(round(c["samples"] / c["alpha"]))
        kept = written[_passed(recipe, written, f"{name}/{generation}")]
        pool = numpy.concatenate([pool, kept]) if accumulate else kept
        mean, variance = float(pool.mean()), float(pool.var())
    return variance


def _centre(rng: numpy.random.Generator) -> dict[str, float]:
    return {"centre": round(rng.uniform(0.3, 1.5), 2), "radius": round(rng.uniform(0.5, 2), 2)}


def _tight(rng: numpy.random.Generator) -> Chosen:
    return {"alpha": round(float(rng.uniform(0.3, 0.95)), 2), "samples": 200, "generation": int(rng.integers(2, 6))}


add(
    Check(
        case="24",
        quantity="mean of the documents that a recipe lets pass within a radius of a centre, one step",
        kind="exact",
        predicted=lambda c: forms.truncated_mean_step(mean=c["mean"], centre=c["centre"], radius=c["radius"]),
        simulated=_step,
        stated=tuple({**radius, "mean": 0.0} for radius in RADII),
        draw=lambda rng: {**_centre(rng), "mean": round(rng.uniform(-0.5, 0.2), 2)},
        batch=2000,
    ),
    Check(
        case="24",
        quantity="mean after rounds of documents that pass a recipe with a wrong centre: it goes to that centre",
        kind="asymptotic",
        predicted=lambda c: forms.truncated_mean([c["rounds"]], start=0.0, centre=c["centre"], radius=c["radius"])[0],
        simulated=_moved,
        stated=(*({**radius, "rounds": 2, "rows": 300} for radius in RADII), {**RADII[1], "rounds": 12, "rows": 300}),
        draw=lambda rng: {**_centre(rng), "rounds": int(rng.integers(1, 5)), "rows": 300},
        tolerance=lambda c, predicted: 2 / c["rows"],
        order="2 / n",
        batch=20,
        most=2000,
    ),
    Check(
        case="25",
        quantity="mean variance, replace, the nearest share of the documents passing a recipe",
        kind="asymptotic",
        predicted=lambda c: forms.selection_replace_variance([c["generation"]], alpha=c["alpha"])[0],
        simulated=lambda c, replicates, seed: _narrowed(c, replicates, seed, accumulate=False),
        stated=NARROW,
        draw=_tight,
        tolerance=lambda c, predicted: 4 * predicted * c["generation"] / c["samples"],
        order="4t/n of it",
        batch=20,
        most=400,
    ),
    Check(
        case="25",
        quantity="mean variance, accumulate, the nearest share of the documents passing a recipe",
        kind="asymptotic",
        predicted=lambda c: forms.selection_accumulate_variance([c["generation"]], alpha=c["alpha"])[0],
        simulated=lambda c, replicates, seed: _narrowed(c, replicates, seed, accumulate=True),
        stated=NARROW,
        draw=_tight,
        tolerance=lambda c, predicted: 4 * predicted / c["samples"],
        order="4/n of it",
        batch=20,
        most=400,
    ),
)
