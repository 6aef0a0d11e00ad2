"""Checks of gates: a verifier that errs, and one whose centre is wrong: cases 23 and 24."""

import math

import numpy

from longtail.lab.cases.check import Check, Chosen, add, last
from longtail.lab.learner import Floats
from longtail.lab.settings import Settings
from longtail.lab.theory import selection as forms

KEEP = ("keep_right", "keep_wrong")
ROWS = 200_000


def _oracle(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return the share of wrong rows in what the lab's gate lets pass."""
    settings = Settings(
        family="categorical",
        gate=f"oracle:{c['keep_right']},{c['keep_wrong']}",
        generations=2,
        samples=100,
        options={"types": 5, "law": "uniform", "wrong": c["p"]},
    )
    return 1 - last(settings, "correct", replicates, seed)


def _kept(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return whether a row that a verifier has kept is wrong, rows being shown to it until it keeps one."""
    rng = numpy.random.default_rng([seed, 23])
    found: list[Floats] = []
    while sum(map(len, found)) < replicates:
        wrong = rng.random(replicates) < c["p"]
        keep = rng.random(replicates) < numpy.where(wrong, c["keep_wrong"], c["keep_right"])
        found.append(wrong[keep].astype(numpy.float64))
    return numpy.concatenate(found)[:replicates]


def _wrong(c: Chosen) -> float:
    """Return the share of wrong labels at a distance from the break point."""
    return float(forms.verifier_break_point(**{name: c[name] for name in KEEP}) + c["beyond"])


def _accuracy(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return the accuracy of a linear classifier, the mean of label times input, of what a verifier has kept.

    Inputs are standard normal and the truth is the sign of the first one, so the others times a label are normal and an
    angle of π to the truth is an accuracy of 0.
    """
    rng = numpy.random.default_rng([seed, 24])
    wrong = rng.binomial(ROWS, _wrong(c), size=replicates)
    right, wrong = rng.binomial(ROWS - wrong, c["keep_right"]), rng.binomial(wrong, c["keep_wrong"])
    along = numpy.array([_summed(a, rng) - _summed(b, rng) for a, b in zip(right, wrong, strict=True)])
    across = rng.standard_normal((replicates, c["dim"] - 1)) * numpy.sqrt(right + wrong)[:, None]
    return numpy.asarray(1 - numpy.arctan2(numpy.linalg.norm(across, axis=1), along) / math.pi)


def _summed(rows: int, rng: numpy.random.Generator) -> float:
    return float(numpy.abs(rng.standard_normal(rows)).sum())


def _side(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return the accuracy below the break point and the share of errors above it."""
    accuracy = _accuracy(c, replicates, seed)
    return accuracy if c["beyond"] < 0 else 1 - accuracy


def _side_order(c: Chosen, predicted: float) -> float:
    """Return the angle over π that chance in the d − 1 other inputs gives: order √(d / kept rows), over the balance of labels."""
    p = _wrong(c)
    right, wrong = (1 - p) * c["keep_right"], p * c["keep_wrong"]
    balance = abs(right - wrong) * ROWS * math.sqrt(2 / math.pi)
    return math.atan(math.sqrt((c["dim"] - 1) * (right + wrong) * ROWS) / balance) / math.pi


def _step(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return one value of N(mean, 1) within the radius of a centre, drawn until one falls there."""
    rng = numpy.random.default_rng([seed, 25])
    found: list[Floats] = []
    while sum(map(len, found)) < replicates:
        drawn = c["mean"] + rng.standard_normal(replicates)
        found.append(drawn[numpy.abs(drawn - c["centre"]) <= c["radius"]])
    return numpy.concatenate(found)[:replicates]


def _gated(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return the squared mean after some rounds of the lab's gate; generation 1 is not gated."""
    settings = Settings(
        family="gaussian",
        gate=f"ball:{c['radius']},{c['centre']}",
        generations=c["rounds"] + 1,
        samples=c["samples"],
        options={"known_variance": True},
    )
    return last(settings, "mean_square", replicates, seed)


def _moved(c: Chosen) -> float:
    return float(forms.truncated_mean([c["rounds"]], start=0.0, centre=c["centre"], radius=c["radius"])[0])


def _verifier(rng: numpy.random.Generator) -> dict[str, float]:
    return {"keep_right": round(rng.uniform(0.4, 1), 2), "keep_wrong": round(rng.uniform(0.1, 0.8), 2)}


def _near(rng: numpy.random.Generator) -> Chosen:
    return {**_verifier(rng), "beyond": float(rng.choice([-0.1, -0.05, 0.05, 0.08])), "dim": int(rng.integers(5, 40))}


def _centre(rng: numpy.random.Generator) -> dict[str, float]:
    return {"centre": round(rng.uniform(0.3, 1.5), 2), "radius": round(rng.uniform(0.5, 2.5), 2)}


VERIFIERS = ({"keep_right": 1.0, "keep_wrong": 1.0}, {"keep_right": 0.9, "keep_wrong": 0.3}, {"keep_right": 0.7, "keep_wrong": 0.05})
RADII = tuple({"centre": 0.5, "radius": radius} for radius in (0.5, 1.0, 2.0))

add(
    *(
        Check(
            case="23",
            quantity=f"share of wrong rows in what a verifier keeps, {what}",
            kind="exact",
            predicted=lambda c: forms.verifier_wrong_share(**{name: c[name] for name in ("p", *KEEP)}),
            simulated=simulated,
            stated=tuple({**verifier, "p": 0.5} for verifier in VERIFIERS),
            draw=lambda rng: {**_verifier(rng), "p": round(rng.uniform(0.1, 0.9), 2)},
            batch=2000,
        )
        for what, simulated in (("the lab's gate", _oracle), ("row by row", _kept))
    ),
    Check(
        case="23",
        quantity="accuracy at the break point is that of a coin",
        kind="exact",
        predicted=lambda c: 0.5,
        simulated=lambda c, replicates, seed: _accuracy({**c, "beyond": 0.0}, replicates, seed),
        stated=tuple({**verifier, "dim": 20} for verifier in VERIFIERS),
        draw=lambda rng: {**_verifier(rng), "dim": int(rng.integers(5, 40))},
        batch=100,
    ),
    Check(
        case="23",
        quantity="accuracy below the break point, errors above it",
        kind="asymptotic",
        predicted=lambda c: 1.0,
        simulated=_side,
        stated=tuple({**verifier, "beyond": beyond, "dim": 20} for verifier in VERIFIERS for beyond in (-0.05, 0.05)),
        draw=_near,
        tolerance=_side_order,
        order="root(d / rows kept) over the balance of labels",
        batch=100,
    ),
    Check(
        case="24",
        quantity="mean of what lies within a radius of a centre, one step",
        kind="exact",
        predicted=lambda c: forms.truncated_mean_step(mean=c["mean"], centre=c["centre"], radius=c["radius"]),
        simulated=_step,
        stated=tuple({**radius, "mean": 0.0} for radius in RADII),
        draw=lambda rng: {**_centre(rng), "mean": round(rng.uniform(-0.5, 0.2), 2)},
        batch=2000,
    ),
    Check(
        case="24",
        quantity="squared mean after rounds of a gate with a wrong centre",
        kind="asymptotic",
        predicted=lambda c: _moved(c) ** 2,
        simulated=_gated,
        stated=tuple({**radius, "rounds": rounds, "samples": 2000} for radius in RADII for rounds in (1, 10)),
        draw=lambda rng: {**_centre(rng), "rounds": int(rng.integers(1, 6)), "samples": int(rng.integers(1000, 3000))},
        tolerance=lambda c, predicted: 2 / c["samples"],
        order="2 / n",
        batch=200,
    ),
)
