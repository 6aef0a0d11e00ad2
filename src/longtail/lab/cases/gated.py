"""Checks of a gate that keeps what lies nearest to a centre: case 25."""

import numpy

from longtail.lab.cases.check import Check, Chosen, add, last
from longtail.lab.learner import Floats
from longtail.lab.settings import Settings
from longtail.lab.theory import selection

ALPHAS = (0.05, 0.1, 0.25, 0.5, 0.9)


def _gated(chosen: Chosen, policy: str, replicates: int, seed: int) -> Floats:
    """Return the variance after so many gated generations: the lab's first one is fitted to real data, which no gate judges."""
    settings = Settings(
        family="gaussian",
        policy=policy,
        gate=f"top:{chosen['alpha']}",
        generations=chosen["generation"] + 1,
        samples=chosen["samples"],
        options={"ddof": 1},
    )
    return last(settings, "variance", replicates, seed)


def _accumulated(chosen: Chosen) -> float:
    """Return the variance of a pool whose first batch is real: the form's, whose first batch is gated, over its first value."""
    ratio = float(selection.selection_ratio(alpha=chosen["alpha"]))
    return float(selection.selection_accumulate_variance([chosen["generation"] + 1], alpha=chosen["alpha"])[0]) / ratio


def _selected_pool(chosen: Chosen, replicates: int, seed: int) -> Floats:
    """Return the variance of a pool to which each generation, the first too, adds its rows nearest to the true mean."""
    rng, n = numpy.random.default_rng(seed), chosen["samples"]
    mean, variance = numpy.zeros(replicates), numpy.ones(replicates)
    total, squares, rows = numpy.zeros(replicates), numpy.zeros(replicates), 0
    for _ in range(chosen["generation"]):
        batch = mean[:, None] + numpy.sqrt(variance)[:, None] * rng.standard_normal((replicates, round(n / chosen["alpha"])))
        nearest = numpy.abs(batch).argpartition(n - 1, axis=1)[:, :n]
        kept = numpy.take_along_axis(batch, nearest, axis=1)
        total, squares, rows = total + kept.sum(axis=1), squares + numpy.square(kept).sum(axis=1), rows + n
        mean = total / rows
        variance = squares / rows - numpy.square(mean)
    return variance


def _tight(rng: numpy.random.Generator) -> Chosen:
    return {"alpha": round(float(rng.uniform(0.2, 0.95)), 2), "samples": 400, "generation": int(rng.integers(2, 8))}


add(
    Check(
        case="25",
        quantity="share of the variance that is left by the nearest share of a batch",
        kind="asymptotic",
        predicted=lambda c: selection.selection_ratio(alpha=c["alpha"]),
        simulated=lambda c, replicates, seed: _gated({**c, "generation": 1}, "replace", replicates, seed),
        stated=tuple({"alpha": alpha, "samples": 500} for alpha in ALPHAS),
        draw=lambda rng: {"alpha": round(float(rng.uniform(0.2, 0.95)), 2), "samples": 500},
        tolerance=lambda c, predicted: 4 * predicted / c["samples"],
        order="4/n of it",
        batch=500,
    ),
    Check(
        case="25",
        quantity="mean variance, replace, nearest share kept",
        kind="asymptotic",
        predicted=lambda c: selection.selection_replace_variance([c["generation"]], alpha=c["alpha"])[0],
        simulated=lambda c, replicates, seed: _gated(c, "replace", replicates, seed),
        stated=({"alpha": 0.5, "samples": 500, "generation": 5}, {"alpha": 0.9, "samples": 500, "generation": 10}),
        draw=_tight,
        tolerance=lambda c, predicted: 4 * predicted * c["generation"] / c["samples"],
        order="4t/n of it",
        batch=500,
    ),
    Check(
        case="25",
        quantity="mean variance, accumulate, nearest share kept of what is written",
        kind="asymptotic",
        predicted=_accumulated,
        simulated=lambda c, replicates, seed: _gated(c, "accumulate", replicates, seed),
        stated=({"alpha": 0.5, "samples": 500, "generation": 10}, {"alpha": 0.9, "samples": 500, "generation": 30}),
        draw=_tight,
        tolerance=lambda c, predicted: 4 * predicted / c["samples"],
        order="4/n of it",
        batch=500,
    ),
    Check(
        case="25",
        quantity="mean variance, accumulate, nearest share kept from the first batch on",
        kind="asymptotic",
        predicted=lambda c: selection.selection_accumulate_variance([c["generation"]], alpha=c["alpha"])[0],
        simulated=_selected_pool,
        stated=tuple({"alpha": 0.5, "samples": 2000, "generation": at} for at in (1, 10, 100)),
        draw=_tight,
        tolerance=lambda c, predicted: 4 * predicted / c["samples"],
        order="4/n of it",
        batch=50,
    ),
)
