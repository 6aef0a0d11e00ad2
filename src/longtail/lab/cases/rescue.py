"""Checks of one type or all types in a loop with fresh real data, from their counts: cases 15 and 16.

The counts are drawn here and not by the lab's loop, which takes whole numbers of real rows and starts on real data.
"""

import math
from functools import lru_cache
from typing import Any

import numpy

from longtail.lab.cases.check import Check, Chosen, add, last
from longtail.lab.learner import Flags, Floats
from longtail.lab.settings import Settings
from longtail.lab.theory import rescue as forms
from longtail.lab.theory import stationary

TIMES = 12
"""Times the slowest time of a loop, 1 / share, after which it has forgotten its start: e^−12 is left."""
AVERAGED = 10
"""Times 1 / share over which a long-run rate is taken in one replicate."""
WITHIN = 0.03
"""Error of the product form of the chance of rescue where groups are shorter than 1.7 generations on average."""


def _next(shares: Floats, c: Chosen, real: float | Floats, rng: numpy.random.Generator) -> Floats:
    """Return the next shares of one type (replicates,) or of all (replicates, types)."""
    law = c["share"] * real + (1 - c["share"]) * shares
    drawn = rng.binomial(c["samples"], law) if shares.ndim == 1 else rng.multinomial(c["samples"], law)
    return numpy.asarray(drawn / c["samples"])


def _equal(types: int) -> Floats:
    return numpy.full(types, 1 / types)


def _absent(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return for each replicate the share of generations in which one type is absent, once the start is forgotten."""
    rng = numpy.random.default_rng([seed, 15])
    shares, slow = numpy.full(replicates, c["p"]), 1 / c["share"]
    for _ in range(math.ceil(TIMES * slow)):
        shares = _next(shares, c, c["p"], rng)
    lost, counted = numpy.zeros(replicates), math.ceil(AVERAGED * slow)
    for _ in range(counted):
        shares = _next(shares, c, c["p"], rng)
        lost += shares == 0
    return numpy.asarray(lost / counted)


def _vanished(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return whether a type that is present is absent one generation later, in replicates in which it is present."""
    rng = numpy.random.default_rng([seed, 16])
    shares = numpy.full(2 * replicates, c["p"])
    for _ in range(math.ceil(TIMES / c["share"])):
        shares = _next(shares, c, c["p"], rng)
    present = shares[shares > 0][:replicates]
    return numpy.asarray(_next(present, c, c["p"], rng) == 0, dtype=numpy.float64)


def _full(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return whether all types are present in a generation of a loop that replaces its data."""
    settings = Settings(
        family="categorical", generations=c["generation"], samples=c["samples"], options={"types": c["categories"], "law": "uniform"}
    )
    return numpy.asarray(last(settings, "support", replicates, seed) == c["categories"], dtype=numpy.float64)


def _healthy(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return whether all types are present in a generation of a loop that began on real data."""
    rng, real = numpy.random.default_rng([seed, 17]), _equal(c["categories"])
    shares = numpy.tile(real, (replicates, 1))
    for _ in range(c["generation"]):
        shares = _next(shares, c, real, rng)
    return _all_present(shares).astype(numpy.float64)


def _collapsed(c: Chosen, replicates: int) -> Floats:
    return numpy.tile(numpy.eye(1, c["categories"]), (replicates, 1))


def _returned(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return whether all types are present a number of generations after one alone was left."""
    rng, shares = numpy.random.default_rng([seed, 18]), _collapsed(c, replicates)
    for _ in range(c["generation"]):
        shares = _next(shares, c, _equal(c["categories"]), rng)
    return _all_present(shares).astype(numpy.float64)


def _rescued(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return whether all types are present at once within the horizon after one alone was left."""
    rng, shares = numpy.random.default_rng([seed, 19]), _collapsed(c, replicates)
    for _ in range(c["horizon"]):
        shares = _next(shares, c, _equal(c["categories"]), rng)
        shares = shares[~_all_present(shares)]
    return (numpy.arange(replicates) >= len(shares)).astype(numpy.float64)


def _all_present(shares: Floats) -> Flags:
    return numpy.asarray((shares > 0).all(axis=1))


def _keeping(c: Chosen) -> Chosen:
    return {
        **c,
        "p": 1 / c["categories"],
        "share": stationary.keep_share(samples=c["samples"], law=_equal(c["categories"]), absence=c["absence"]),
    }


def _at(c: Chosen, share: float) -> Chosen:
    return {**c, "share": share}


def _without_chance(goal: Chosen) -> Chosen:
    return {name: goal[name] for name in ("samples", "categories", "horizon")}


def _asked(c: Chosen) -> dict[str, Any]:
    return {name: c[name] for name in ("samples", "categories", "horizon", "chance")}


def _one(rng: numpy.random.Generator) -> Chosen:
    return {"samples": int(rng.integers(20, 60)), "p": round(rng.uniform(0.03, 0.12), 3), "share": round(rng.uniform(0.03, 0.12), 3)}


def _several(rng: numpy.random.Generator) -> Chosen:
    types = int(rng.integers(3, 9))
    return {"samples": types * int(rng.integers(4, 8)), "categories": types, "generation": int(rng.integers(2, 8))}


def _loop(rng: numpy.random.Generator) -> Chosen:
    return {**_several(rng), "share": round(rng.uniform(0.1, 0.3), 3), "generation": int(rng.integers(10, 30))}


def _goal(rng: numpy.random.Generator) -> Chosen:
    sizes = {"samples": int(rng.integers(50, 120)), "categories": int(rng.integers(8, 13))}
    return {**sizes, "horizon": int(rng.integers(100, 500)), "chance": round(rng.uniform(0.3, 0.7), 2)}


def _crowded(rng: numpy.random.Generator) -> Chosen:
    """Draw a goal at which full support, once reached, is left at once: many types for the rows, so that groups are small."""
    sizes = {"samples": int(rng.integers(40, 55)), "categories": int(rng.integers(11, 14))}
    return {**sizes, "horizon": int(rng.integers(400, 800)), "chance": round(rng.uniform(0.3, 0.7), 2)}


@lru_cache
def _needed(**asked: Any) -> float:
    return float(forms.rescue_share(**asked))


@lru_cache
def _floor(**asked: Any) -> float:
    return float(forms.rescue_share_floor(**asked))


def _exit(c: Chosen) -> int:
    return int(forms.full_support_median_exit(samples=c["samples"], categories=c["categories"]))


ONE = {"samples": 50, "p": 0.1, "share": 0.05}
EIGHT = {"samples": 50, "categories": 8}
KEPT = tuple({"samples": n, "categories": types, "absence": 0.01} for n, types in ((50, 8), (200, 8), (50, 10), (200, 20)))
GOALS = tuple({**sizes, "horizon": 500, "chance": 0.5} for sizes in ({"samples": 50, "categories": 10}, {"samples": 200, "categories": 20}))
RESCUES = tuple({**EIGHT, "share": share, "horizon": 1000} for share in (0.01, 0.02))

add(
    Check(
        case="15",
        quantity="absence of one type in the long run, fresh real data",
        kind="exact",
        predicted=lambda c: stationary.category_absence(samples=c["samples"], p=c["p"], share=c["share"]),
        simulated=_absent,
        stated=(ONE,),
        draw=_one,
        batch=2000,
    ),
    Check(
        case="15",
        quantity="chance that a type present now is absent next, fresh real data",
        kind="exact",
        predicted=lambda c: stationary.category_vanish_chance(samples=c["samples"], p=c["p"], share=c["share"]),
        simulated=_vanished,
        stated=(ONE,),
        draw=_one,
        batch=20_000,
    ),
    Check(
        case="16",
        quantity="absence at the share that keeps all of K equal types",
        kind="exact",
        predicted=lambda c: c["absence"],
        simulated=lambda c, replicates, seed: _absent(_keeping(c), replicates, seed),
        stated=KEPT,
        draw=lambda rng: {
            "samples": int(rng.integers(50, 120)),
            "categories": int(rng.integers(3, 9)),
            "absence": round(rng.uniform(0.01, 0.05), 3),
        },
        batch=2000,
    ),
    Check(
        case="16",
        quantity="chance that all of K equal types are present, replace",
        kind="exact",
        predicted=lambda c: forms.full_support_chance([c["generation"]], samples=c["samples"], categories=c["categories"], share=0.0)[0],
        simulated=_full,
        stated=({**EIGHT, "generation": 3}, {**EIGHT, "generation": 4}),
        draw=_several,
        batch=2000,
    ),
    Check(
        case="16",
        quantity="all types present at the median exit (at most 1/2)",
        kind="bound_upper",
        predicted=lambda c: 0.5,
        simulated=lambda c, replicates, seed: _full({**c, "generation": _exit(c)}, replicates, seed),
        stated=(EIGHT,),
        draw=lambda rng: {name: _several(rng)[name] for name in EIGHT},
        batch=2000,
    ),
    Check(
        case="16",
        quantity="all types present just before the median exit (at least 1/2)",
        kind="bound_lower",
        predicted=lambda c: 0.5,
        simulated=lambda c, replicates, seed: _full({**c, "generation": _exit(c) - 1}, replicates, seed),
        stated=(EIGHT,),
        draw=lambda rng: {"samples": int(rng.integers(40, 80)), "categories": int(rng.integers(3, 9))},
        batch=2000,
    ),
    Check(
        case="16",
        quantity="chance that all of K equal types are present, fresh real data",
        kind="exact",
        predicted=lambda c: forms.full_support_chance(
            [c["generation"]], samples=c["samples"], categories=c["categories"], share=c["share"]
        )[0],
        simulated=_healthy,
        stated=({**EIGHT, "share": 0.2872, "generation": 20},),
        draw=_loop,
        batch=2000,
    ),
    Check(
        case="16",
        quantity="chance that all types are present some generations after a collapse",
        kind="exact",
        predicted=lambda c: forms.full_support_after_collapse(
            [c["generation"]], samples=c["samples"], categories=c["categories"], share=c["share"]
        )[0],
        simulated=_returned,
        stated=({**EIGHT, "share": 0.1, "generation": 20},),
        draw=_loop,
        batch=2000,
    ),
    Check(
        case="16",
        quantity="chance that a collapsed loop has had all types within a horizon",
        kind="asymptotic",
        predicted=lambda c: forms.rescue_chance(**{name: c[name] for name in ("samples", "categories", "share", "horizon")}),
        simulated=_rescued,
        stated=RESCUES,
        draw=lambda rng: _at(_without_chance(_crowded(rng)), round(rng.uniform(0.02, 0.035), 4)),
        tolerance=lambda c, predicted: WITHIN,
        order="0.03, of the product over types in short groups",
        batch=2000,
    ),
    Check(
        case="16",
        quantity="chance that a collapsed loop has had all types within a horizon, upper bound",
        kind="bound_upper",
        predicted=lambda c: forms.rescue_chance_upper(**{name: c[name] for name in ("samples", "categories", "share", "horizon")}),
        simulated=_rescued,
        stated=RESCUES,
        draw=lambda rng: _at(_without_chance(_goal(rng)), round(rng.uniform(0.002, 0.03), 4)),
        batch=2000,
    ),
    Check(
        case="16",
        quantity="chance of rescue at the share that is said to give it",
        kind="asymptotic",
        predicted=lambda c: c["chance"],
        simulated=lambda c, replicates, seed: _rescued(_at(c, _needed(**_asked(c))), replicates, seed),
        stated=GOALS,
        draw=_crowded,
        tolerance=lambda c, predicted: WITHIN,
        order="0.03, of the product over types in short groups",
        batch=10_000,
    ),
    Check(
        case="16",
        quantity="chance of rescue at the share below which it cannot be had",
        kind="bound_upper",
        predicted=lambda c: c["chance"],
        simulated=lambda c, replicates, seed: _rescued(_at(c, _floor(**_asked(c))), replicates, seed),
        stated=GOALS[:1],
        draw=_goal,
        batch=10_000,
    ),
)
