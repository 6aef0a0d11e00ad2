"""Checks of types refitted by counting, and of what fresh real data do to them: cases 11 and 15."""

import math

import numpy

from longtail.lab.cases.check import Check, Chosen, add, every, last
from longtail.lab.learner import Floats
from longtail.lab.learners.categorical import law_of
from longtail.lab.settings import Settings
from longtail.lab.theory import discrete as forms
from longtail.lab.theory import stationary
from longtail.lab.theory.chains import law_of as checked_law

TIMES = 12
"""Times the slowest time of a loop after which it has forgotten its start: e^−12 is left."""


def _types(c: Chosen, series: str, replicates: int, seed: int, generations: int) -> Floats:
    """Return a series of categories in the last generation; a share of 0 is replacement."""
    share = c.get("share", 0.0)
    settings = Settings(
        family="categorical",
        policy=f"fresh:{share}" if share else "replace",
        draws="random" if share else "exact",
        generations=generations,
        samples=c["samples"],
        options={"types": c["types"], "law": c["law"]},
    )
    return last(settings, series, replicates, seed)


def _absorbed(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return the first generation in which one of two types is left, 12 sample sizes being all of time."""
    settings = Settings(family="bernoulli", generations=TIMES * c["samples"], samples=c["samples"], options={"p": c["p"]})
    return numpy.asarray(1 + sum(every(settings, "alive", replicates, seed)))


def _absorbed_equal(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return the first generation in which one of several equal types is left, from their counts, without an end of time."""
    rng = numpy.random.default_rng([seed, 11])
    found, at = numpy.zeros(replicates), numpy.arange(replicates)
    shares = numpy.full((replicates, c["types"]), 1 / c["types"])
    while at.size:
        shares = rng.multinomial(c["samples"], shares) / c["samples"]
        found[at] += 1
        left = shares.max(axis=1) < 1
        at, shares = at[left], shares[left]
    return found


def _fixed(c: Chosen, replicates: int, seed: int) -> Floats:
    settings = Settings(family="bernoulli", generations=TIMES * c["samples"], samples=c["samples"], options={"p": c["p"]})
    return numpy.asarray(last(settings, "share", replicates, seed) == 1, dtype=numpy.float64)


def _law(c: Chosen) -> Floats:
    return checked_law(law_of(c["law"], c["types"]))


def _entropy_order(c: Chosen, predicted: float) -> float:
    """Return twice the next term of the counted entropy's bias, t · sum 1/p / (12 n²), which takes in that shares drift."""
    return float(c["generation"] * (1 / _law(c)).sum() / (6 * c["samples"] ** 2))


def _two(rng: numpy.random.Generator) -> Chosen:
    return {"samples": int(rng.integers(20, 100)), "p": round(rng.uniform(0.1, 0.9), 2)}


def _drawn_law(rng: numpy.random.Generator) -> Chosen:
    law = str(rng.choice(["uniform", "harmonic", "zipf:1.2", "zipf:0.7:2"]))
    return {"types": int(rng.integers(5, 60)), "law": law, "samples": 20 * int(rng.integers(2, 15))}


def _generation(rng: numpy.random.Generator) -> Chosen:
    return {**_drawn_law(rng), "generation": int(rng.integers(1, 40))}


def _mixed(rng: numpy.random.Generator) -> Chosen:
    """Draw a share that is a whole number of rows."""
    return {**_drawn_law(rng), "share": float(rng.choice([0.05, 0.1, 0.2, 0.35, 0.5, 0.8, 1.0]))}


def _mixed_generation(rng: numpy.random.Generator) -> Chosen:
    return {**_mixed(rng), "generation": int(rng.integers(2, 40))}


def _rows(rng: numpy.random.Generator) -> Chosen:
    return {
        "types": int(rng.integers(5, 30)),
        "law": "harmonic",
        "samples": int(rng.integers(2000, 8000)),
        "generation": int(rng.integers(1, 12)),
    }


HARMONIC = {"types": 50, "law": "harmonic", "samples": 200}

add(
    Check(
        case="11",
        quantity="chance that two draws differ, replace",
        kind="exact",
        predicted=lambda c: forms.categorical_replace_heterozygosity([c["generation"]], samples=c["samples"], law=_law(c))[0],
        simulated=lambda c, replicates, seed: 1 - _types(c, "simpson", replicates, seed, c["generation"]),
        stated=({**HARMONIC, "generation": 200}, {"types": 20, "law": "harmonic", "samples": 20, "generation": 10}),
        draw=_generation,
        batch=500,
    ),
    Check(
        case="11",
        quantity="chance of ending at the first of two types",
        kind="exact",
        predicted=lambda c: forms.categorical_fixation_chances(law=[c["p"], 1 - c["p"]])[0],
        simulated=_fixed,
        stated=({"samples": 100, "p": 0.2},),
        draw=_two,
        batch=10_000,
    ),
    Check(
        case="11",
        quantity="generations until one of two types is left, exact chain",
        kind="exact",
        predicted=lambda c: forms.absorption_time_exact(samples=c["samples"], p=c["p"]),
        simulated=_absorbed,
        stated=({"samples": 100, "p": 0.2},),
        draw=_two,
        batch=2000,
    ),
    Check(
        case="11",
        quantity="generations until one of two types is left, diffusion",
        kind="asymptotic",
        predicted=lambda c: forms.absorption_time_diffusion(samples=c["samples"], p=c["p"]),
        simulated=_absorbed,
        stated=({"samples": 100, "p": 0.2},),
        draw=_two,
        tolerance=lambda c, predicted: math.log(c["samples"]),
        order="ln n generations",
        batch=2000,
    ),
    Check(
        case="11",
        quantity="generations until one of equal types is left, diffusion",
        kind="asymptotic",
        predicted=lambda c: forms.absorption_time_equal(samples=c["samples"], categories=c["types"]),
        simulated=_absorbed_equal,
        stated=({"samples": 100, "types": 6}, {"samples": 100, "types": 50}, {"samples": 1000, "types": 6}),
        draw=lambda rng: {"samples": int(rng.integers(30, 150)), "types": int(rng.integers(3, 15))},
        tolerance=lambda c, predicted: math.log(c["samples"]),
        order="ln n generations",
        batch=500,
    ),
    Check(
        case="11",
        quantity="entropy while little is lost",
        kind="asymptotic",
        predicted=lambda c: forms.categorical_replace_entropy([c["generation"]], samples=c["samples"], law=_law(c))[0],
        simulated=lambda c, replicates, seed: _types(c, "entropy", replicates, seed, c["generation"]),
        stated=({"types": 20, "law": "harmonic", "samples": 2000, "generation": 10},),
        draw=_rows,
        tolerance=_entropy_order,
        order="t sum 1/p / (6 n^2)",
        batch=2000,
    ),
    Check(
        case="15",
        quantity="chance that two draws agree, fresh real data",
        kind="exact",
        predicted=lambda c: forms.categorical_fresh_simpson([c["generation"]], samples=c["samples"], law=_law(c), share=c["share"])[0],
        simulated=lambda c, replicates, seed: _types(c, "simpson", replicates, seed, c["generation"]),
        stated=({**HARMONIC, "share": 0.0, "generation": 200}, {**HARMONIC, "share": 0.1, "generation": 5}),
        draw=_mixed_generation,
        batch=500,
    ),
    Check(
        case="15",
        quantity="chance that two draws agree in the long run, fresh real data",
        kind="exact",
        predicted=lambda c: forms.categorical_fresh_simpson_limit(samples=c["samples"], law=_law(c), share=c["share"]),
        simulated=lambda c, replicates, seed: _types(c, "simpson", replicates, seed, 1 + math.ceil(TIMES / c["share"])),
        stated=tuple({**HARMONIC, "share": share} for share in (0.05, 0.1, 0.5)),
        draw=_mixed,
        batch=500,
    ),
    Check(
        case="15",
        quantity="types present in the long run, fresh real data",
        kind="exact",
        predicted=lambda c: stationary.stationary_support(samples=c["samples"], law=_law(c), share=c["share"]),
        simulated=lambda c, replicates, seed: _types(c, "support", replicates, seed, 1 + math.ceil(TIMES / c["share"])),
        stated=tuple({**HARMONIC, "share": share} for share in (0.05, 0.1, 0.5)),
        draw=_mixed,
        batch=500,
    ),
)
