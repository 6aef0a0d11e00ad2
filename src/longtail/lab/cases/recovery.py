"""Checks of how a loop leaves a collapsed past behind: cases 17 and 33."""

import math
from typing import Any

import numpy

from longtail.lab.cases.check import Check, Chosen, add, last
from longtail.lab.learner import Floats
from longtail.lab.learners.categorical import law_of
from longtail.lab.settings import Change, Settings
from longtail.lab.theory import discrete, recovery

TRUTH = 0.3
"""Probability of the category whose deviation is followed; a collapsed model gives it 1."""


def _window(chosen: Chosen, replicates: int, seed: int) -> Floats:
    """Return the deviation of a category's frequency, in units of a collapsed model's, which wrote all of the window.

    Each of n rows is real with the probability of the share, and else of one of the last models, at random.
    """
    rng, n, share = numpy.random.default_rng(seed), chosen["samples"], chosen["share"]
    models = [numpy.ones(replicates)] * chosen["window"]
    for _ in range(chosen["generation"] - 1):
        chance = share * TRUTH + (1 - share) * numpy.mean(models, axis=0)
        models = [*models[1:], rng.binomial(n, numpy.clip(chance, 0, 1)) / n]
    return (models[-1] - TRUTH) / (1 - TRUTH)


def _windowed(chosen: Chosen) -> float:
    history = [1.0] * chosen["window"]
    settings = {"share": chosen["share"], "window": chosen["window"]}
    return float(recovery.window_mean_deviation([chosen["generation"]], **settings, history=history)[0])


def _rate(chosen: Chosen, replicates: int, seed: int) -> Floats:
    """Return the rate at which a category that is not real leaves a loop without sampling error, from two late generations."""
    share, window = chosen["share"], chosen["window"]
    models, left = [1.0] * window, []
    steps = round(10 * window + 10 / share)
    for _ in range(2 * steps):
        models = [*models[1:], (1 - share) * sum(models) / window]
        left.append(models[-1])
    return numpy.full(replicates, math.log(left[-steps] / left[-1]) / (steps - 1))


def _everything(chosen: Chosen, replicates: int, seed: int) -> Floats:
    """Return the deviation of a pool that keeps its collapsed batches, in units of theirs, after batches with a real share."""
    rng, n, share = numpy.random.default_rng(seed), chosen["samples"], chosen["share"]
    pool = numpy.full(replicates, float(chosen["collapsed"] * n))
    for batch in range(chosen["collapsed"] + 1, chosen["generation"] + 1):
        pool += rng.binomial(n, share * TRUTH + (1 - share) * pool / (n * (batch - 1)))
    return numpy.asarray((pool / (n * chosen["generation"]) - TRUTH) / (1 - TRUTH))


def _simpson(chosen: Chosen, replicates: int, seed: int) -> Floats:
    """Return the chance that two draws agree some generations after a replaced loop was given a share of real data."""
    settings = Settings(
        family="categorical",
        generations=chosen["collapsed"] + chosen["after"],
        samples=chosen["samples"],
        draws="random",
        changes=(Change(generation=chosen["collapsed"] + 1, policy=f"fresh:{chosen['share']}"),),
        options={"types": chosen["types"], "law": "harmonic"},
    )
    return last(settings, "simpson", replicates, seed)


def _simpson_start(chosen: Chosen) -> float:
    law = law_of("harmonic", chosen["types"])
    return 1 - float(discrete.categorical_replace_heterozygosity([chosen["collapsed"]], samples=chosen["samples"], law=law)[0])


def _simpson_after(chosen: Chosen) -> float:
    settings = {"samples": chosen["samples"], "law": law_of("harmonic", chosen["types"]), "share": chosen["share"]}
    return float(discrete.categorical_recovery_simpson([chosen["after"]], **settings, start=_simpson_start(chosen))[0])


def _shrinkage(chosen: Chosen, replicates: int, seed: int) -> Floats:
    """Return how far apart a generation leaves models that were wholly collapsed and models that were the truth."""
    rng, n, share = numpy.random.default_rng(seed), chosen["samples"], chosen["share"]
    law = law_of("harmonic", chosen["types"])
    collapsed = numpy.eye(len(law))[rng.choice(len(law), size=replicates, p=law)]
    agree = [
        numpy.square(rng.multinomial(n, share * law + (1 - share) * model) / n).sum(axis=1)
        for model in (collapsed, numpy.broadcast_to(law, collapsed.shape))
    ]
    return numpy.asarray((agree[0] - agree[1]) / (1 - float(law @ law)))


def _wait(chosen: Chosen, replicates: int, seed: int) -> Floats:
    """Return how many generations pass until a lost category is among the rows, each real with the chance of the share."""
    rng = numpy.random.default_rng(seed)
    waits, waiting = numpy.zeros(replicates), numpy.ones(replicates, dtype=bool)
    while waiting.any():
        waits[waiting] += 1
        human = rng.binomial(chosen["samples"], chosen["share"], size=int(waiting.sum()))
        waiting[waiting] = rng.binomial(human, chosen["probability"]) == 0
    return waits


def _grown(chosen: Chosen) -> int:
    return math.ceil(float(chosen["collapsed"]) * recovery.accumulate_recovery_pool(share=chosen["share"], left=chosen["left"]))


def _pooled(rng: numpy.random.Generator) -> Chosen:
    share, window = round(float(rng.uniform(0.02, 0.4)), 2), int(rng.integers(1, 30))
    return {"share": share, "window": window, "samples": int(rng.integers(50, 500)), "generation": int(rng.integers(2, 40))}


def _slow(rng: numpy.random.Generator) -> Chosen:
    return {"share": round(float(rng.uniform(0.005, 0.1)), 3), "window": int(rng.integers(1, 50))}


def _sick(rng: numpy.random.Generator) -> Chosen:
    collapsed = int(rng.integers(5, 30))
    later = int(rng.integers(collapsed + 5, 8 * collapsed))
    return {"collapsed": collapsed, "share": round(float(rng.uniform(0.05, 0.6)), 2), "generation": later, "samples": 200}


def _healed(rng: numpy.random.Generator) -> Chosen:
    chosen = {"types": int(rng.integers(5, 60)), "samples": 10 * int(rng.integers(4, 30)), "share": int(rng.integers(1, 9)) / 10}
    return {**chosen, "collapsed": int(rng.integers(10, 60)), "after": int(rng.integers(1, 12))}


def _lost(rng: numpy.random.Generator) -> Chosen:
    share, probability = round(float(rng.uniform(0.02, 0.5)), 2), round(float(rng.uniform(0.001, 0.02)), 4)
    return {"samples": int(rng.integers(100, 2000)), "share": share, "probability": probability}


def _named(chosen: Chosen) -> dict[str, Any]:
    return {name: chosen[name] for name in ("share", "window")}


COLLAPSED = tuple({"collapsed": 20, "share": share, "generation": at, "samples": 200} for share in (0.1, 0.3) for at in (40, 100, 200, 400))
SIMPSON = tuple({"types": 50, "samples": 200, "share": 0.1, "collapsed": 100, "after": after} for after in (5, 10, 30))
RATES = tuple({"share": share, "window": window} for share, window in ((0.05, 1), (0.05, 4), (0.05, 16), (0.05, 64), (0.01, 16)))

add(
    Check(
        case="17",
        quantity="mean deviation from the truth, pool of the last generations",
        kind="exact",
        predicted=_windowed,
        simulated=_window,
        stated=tuple({"share": 0.05, "window": window, "samples": 100, "generation": 30} for window in (1, 4, 16)),
        draw=_pooled,
    ),
    Check(
        case="17",
        quantity="slow rate of a pool of the last generations",
        kind="exact",
        predicted=lambda c: recovery.window_rate(**_named(c)),
        simulated=_rate,
        stated=RATES,
        draw=_slow,
        batch=2,
    ),
    Check(
        case="17",
        quantity="slow rate of a pool of the last generations, first order",
        kind="asymptotic",
        predicted=lambda c: recovery.window_rate_first_order(**_named(c)),
        simulated=_rate,
        stated=RATES,
        draw=_slow,
        batch=2,
        tolerance=lambda c, predicted: c["share"] * predicted,
        order="the share, of it",
    ),
    Check(
        case="33",
        quantity="chance that two draws agree, real share after replacement",
        kind="exact",
        predicted=_simpson_after,
        simulated=_simpson,
        stated=SIMPSON,
        draw=_healed,
        batch=2_000,
    ),
    Check(
        case="33",
        quantity="what is left of the excess after a generation of recovery",
        kind="exact",
        predicted=lambda c: discrete.categorical_recovery_factor(samples=c["samples"], share=c["share"]),
        simulated=_shrinkage,
        stated=({"samples": 200, "share": 0.1, "types": 50},),
        draw=lambda rng: {name: value for name, value in _healed(rng).items() if name in ("samples", "share", "types")},
    ),
    Check(
        case="33",
        quantity="generations until a lost category comes back",
        kind="exact",
        predicted=lambda c: recovery.lost_category_wait(**c),
        simulated=_wait,
        stated=({"samples": 1000, "share": 0.1, "probability": 0.002},),
        draw=_lost,
    ),
    Check(
        case="33",
        quantity="chance that a lost category comes back in a generation",
        kind="exact",
        predicted=lambda c: recovery.lost_category_return(**c),
        simulated=lambda c, replicates, seed: (_wait(c, replicates, seed) == 1).astype(numpy.float64),
        stated=({"samples": 1000, "share": 0.1, "probability": 0.002},),
        draw=_lost,
    ),
    Check(
        case="33",
        quantity="what is left of a collapsed pool's deviation, everything kept",
        kind="exact",
        predicted=lambda c: recovery.accumulate_recovery([c["generation"]], collapsed=c["collapsed"], share=c["share"])[0],
        simulated=_everything,
        stated=COLLAPSED,
        draw=_sick,
        batch=4_000,
    ),
    Check(
        case="33",
        quantity="what is left of a collapsed pool's deviation, power law",
        kind="asymptotic",
        predicted=lambda c: recovery.accumulate_recovery_power_law([c["generation"]], collapsed=c["collapsed"], share=c["share"])[0],
        simulated=_everything,
        stated=COLLAPSED,
        draw=_sick,
        tolerance=lambda c, predicted: predicted * c["share"] / (2 * c["collapsed"]),
        order="a/(2 t0) of it",
        batch=4_000,
    ),
    Check(
        case="33",
        quantity="what is left once the pool has grown as far as the power law asks",
        kind="asymptotic",
        predicted=lambda c: c["left"],
        simulated=lambda c, replicates, seed: _everything({**c, "generation": _grown(c)}, replicates, seed),
        stated=({"collapsed": 20, "share": 0.3, "left": 0.5, "samples": 200},),
        draw=lambda rng: {"collapsed": 20, "share": round(float(rng.uniform(0.25, 0.6)), 2), "left": 0.5, "samples": 200},
        tolerance=lambda c, predicted: predicted * (c["share"] / (2 * c["collapsed"]) + 1 / _grown(c)),
        order="a/(2 t0) of it, and a whole number of batches",
        batch=4_000,
    ),
)
