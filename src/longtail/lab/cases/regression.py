"""Checks of a linear regression that labels its own data: cases 18, 19, 21 and 38."""

from collections.abc import Callable
from typing import Any

import numpy

from longtail.lab.cases.check import Check, Chosen, add, last
from longtail.lab.learner import Floats
from longtail.lab.settings import Settings
from longtail.lab.theory import regression as forms

SIZES = ("samples", "dim", "noise")
Simulated = Callable[[Chosen, int, int], Floats]


def _loop(policy: str, inputs: str) -> Simulated:
    def simulated(c: Chosen, replicates: int, seed: int) -> Floats:
        options = {"dim": c["dim"], "noise": c["noise"], "inputs": inputs}
        settings = Settings(family="linear_regression", policy=policy, generations=c["generation"], samples=c["samples"], options=options)
        return last(settings, "error", replicates, seed)

    return simulated


def _same_inputs_grown(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return the error when round i labels the same inputs i times, which the lab's loop does not do."""
    rng = numpy.random.default_rng([seed, 18])
    inputs = rng.standard_normal((replicates, c["samples"], c["dim"]))
    columns = numpy.swapaxes(inputs, 1, 2)
    gram, weights = numpy.matmul(columns, inputs), numpy.zeros((replicates, c["dim"], 1))
    for labels in range(1, c["generation"] + 1):
        noise = rng.standard_normal((replicates, c["samples"], labels)).mean(axis=2, keepdims=True) * c["noise"] ** 0.5
        weights = numpy.linalg.solve(gram, numpy.matmul(columns, numpy.matmul(inputs, weights) + noise))
    return numpy.asarray(numpy.square(weights).sum(axis=(1, 2)))


def _chain(c: Chosen, replicates: int, seed: int) -> Floats:
    rows = [c["teacher_samples"]] * c["teachers"] + [c["samples"]]
    noise = ",".join(map(str, [c["teacher_noise"]] * c["teachers"] + [c["noise"]]))
    settings = Settings(
        family="linear_regression",
        generations=len(rows),
        schedule=f"list:{','.join(map(str, rows))}",
        samples=rows[0],
        options={"dim": c["dim"], "noise": noise},
    )
    return last(settings, "error", replicates, seed)


def _interpolating(c: Chosen, replicates: int, seed: int) -> Floats:
    settings = Settings(
        family="linear_regression", generations=c["generation"], samples=c["samples"], options={"dim": c["dim"], "noise": 0.0}
    )
    return last(settings, "error", replicates, seed)


def _mixture(c: Chosen, replicates: int, seed: int) -> Floats:
    settings = Settings(
        family="linear_regression",
        generations=1,
        samples=c["samples"],
        options={"dim": c["dim"], "noise": c["noise"], "foreign_share": 1 - c["share"], "foreign_distance": c["shift"] ** 0.5},
    )
    return last(settings, "error", replicates, seed)


def _edit(c: Chosen, replicates: int, seed: int) -> Floats:
    settings = Settings(
        family="linear_regression",
        policy=f"edit:{c['edited']}",
        generations=2,
        samples=c["samples"],
        options={"dim": c["dim"], "noise": c["noise"], "inputs": "same"},
    )
    return last(settings, "error", replicates, seed)


def _series(form: Callable[..., Any]) -> Callable[[Chosen], float]:
    return lambda c: float(form([c["generation"]], **{name: c[name] for name in SIZES})[0])


def _single(form: Callable[..., Any], *names: str) -> Callable[[Chosen], float]:
    return lambda c: float(form(**{name: c[name] for name in names}))


def _mixing(c: Chosen) -> float:
    """Return p2 (1 − p2) c2 / (n − d − 1), the error of one dimension that mixing adds as noise."""
    return float(c["share"] * (1 - c["share"]) * c["shift"] / (c["samples"] - c["dim"] - 1))


def _edit_order(c: Chosen, predicted: float) -> float:
    """Return b m (1 − m) (d + 1) / (T − 1): the rows edited hold a share m of X'X with a variance of order d / T."""
    base = float(forms.regression_first_error(samples=c["samples"], dim=c["dim"], noise=c["noise"]))
    return float(base * c["edited"] * (1 - c["edited"]) * (c["dim"] + 1) / (c["samples"] - 1))


def _sizes(rng: numpy.random.Generator) -> dict[str, Any]:
    dim = int(rng.integers(2, 15))
    return {"dim": dim, "samples": dim + int(rng.integers(20, 120)), "noise": round(rng.uniform(0.1, 3), 2)}


def _drawn(rng: numpy.random.Generator) -> Chosen:
    return {**_sizes(rng), "generation": int(rng.integers(1, 25))}


def _teachers(rng: numpy.random.Generator) -> Chosen:
    extra = {"teacher_samples": 15 + int(rng.integers(20, 120)), "teacher_noise": round(rng.uniform(0.1, 3), 2)}
    return {**_sizes(rng), **extra, "teachers": int(rng.integers(0, 8))}


def _fewer(rng: numpy.random.Generator) -> Chosen:
    dim = int(rng.integers(10, 50))
    return {"dim": dim, "samples": int(rng.integers(dim // 2, dim)), "generation": int(rng.integers(1, 8))}


def _mixed(rng: numpy.random.Generator) -> Chosen:
    """Draw a share that is a whole number of rows, many rows for each dimension."""
    sizes = {"dim": int(rng.integers(2, 25)), "samples": 100 * int(rng.integers(10, 80)), "noise": round(rng.uniform(0.1, 3), 2)}
    return {**sizes, "share": float(rng.choice([0.5, 0.8, 0.9, 0.95, 0.99])), "shift": round(rng.uniform(0.1, 3), 2)}


BASE = {"dim": 10, "samples": 111, "noise": 1.0}
ROUNDS = tuple({**BASE, "generation": n} for n in (1, 2, 5, 10, 20))
CHAIN = tuple(
    {"dim": 20, "teacher_samples": 100, "teacher_noise": 0.25, "samples": 60, "noise": 1.0, "teachers": teachers} for teachers in (0, 1, 3)
)
MIXTURES = tuple(
    {"dim": 20, "samples": rows, "noise": 1.0, "share": share, "shift": 1.0}
    for rows, share in ((400, 0.9), (4000, 0.9), (40_000, 0.9), (4000, 0.99), (4000, 1.0))
)
EDITS = tuple({**BASE, "edited": edited} for edited in (0.5, 0.9, 1.0))
LOOPS: tuple[tuple[str, Callable[..., Any], Simulated], ...] = (
    ("replace, new inputs", forms.regression_replace_error, _loop("replace", "fresh")),
    ("replace, the same inputs", forms.regression_replace_error, _loop("replace", "same")),
    ("accumulate, the same inputs", forms.regression_accumulate_error, _loop("accumulate", "same")),
    ("i labels of the same inputs in round i", forms.regression_grown_error, _same_inputs_grown),
    ("i times as many new inputs in round i", forms.regression_grown_fresh_error, _loop("grown", "fresh")),
)
MIX = (*SIZES, "share", "shift")

add(
    *(
        Check(
            case="18",
            quantity=f"error, {what}",
            kind="exact",
            predicted=_series(form),
            simulated=simulated,
            stated=ROUNDS,
            draw=_drawn,
            batch=2000,
        )
        for what, form, simulated in LOOPS
    ),
    *(
        Check(
            case="18",
            quantity=f"error, accumulate, {inputs} inputs, upper bound",
            kind="bound_upper",
            predicted=_single(forms.regression_accumulate_bound, *SIZES),
            simulated=_loop("accumulate", inputs),
            stated=({**BASE, "generation": 20},),
            draw=_drawn,
            batch=2000,
        )
        for inputs in ("fresh", "same")
    ),
    Check(
        case="19",
        quantity="error behind a chain of teachers",
        kind="exact",
        predicted=_single(forms.regression_chain_error, *SIZES, "teachers", "teacher_samples", "teacher_noise"),
        simulated=_chain,
        stated=CHAIN,
        draw=_teachers,
        batch=2000,
    ),
    Check(
        case="19",
        quantity="error of a chain of least-norm fits without noise",
        kind="exact",
        predicted=lambda c: forms.regression_interpolating_chain_error([c["generation"]], samples=c["samples"], dim=c["dim"])[0],
        simulated=_interpolating,
        stated=tuple({"dim": 60, "samples": 40, "generation": g} for g in range(1, 6)),
        draw=_fewer,
        batch=200,
    ),
    Check(
        case="21",
        quantity="error with a share of foreign labels",
        kind="asymptotic",
        predicted=_single(forms.regression_mixture_error, *MIX),
        simulated=_mixture,
        stated=MIXTURES,
        draw=_mixed,
        tolerance=lambda c, predicted: 2 * _mixing(c),
        order="2 p2 (1 - p2) c2 / n: rows of more weight",
        batch=2000,
    ),
    Check(
        case="21",
        quantity="error with a share of foreign labels, its floor",
        kind="asymptotic",
        predicted=_single(forms.regression_mixture_floor, *MIX),
        simulated=_mixture,
        stated=MIXTURES,
        draw=_mixed,
        tolerance=lambda c, predicted: (c["dim"] + 2) * _mixing(c),
        order="(d + 2) p2 (1 - p2) c2 / n: mixing as noise",
        batch=2000,
    ),
    Check(
        case="38",
        quantity="error after one edit of a share m of labels",
        kind="asymptotic",
        predicted=_single(forms.regression_edit_error, *SIZES, "edited"),
        simulated=_edit,
        stated=EDITS,
        draw=lambda rng: {**_sizes(rng), "samples": int(rng.integers(100, 200)), "edited": round(rng.uniform(0.1, 1), 2)},
        tolerance=_edit_order,
        order="b m (1 - m) d / T",
        batch=2000,
    ),
)
