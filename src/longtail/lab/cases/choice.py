"""Checks of curation by choosing one of K answers, and of loops held stable by real data: cases 26 and 27."""

from typing import Any

import numpy

from longtail.lab.cases.check import Check, Chosen, add, last
from longtail.lab.learner import Floats
from longtail.lab.learners.categorical import law_of, tail
from longtail.lab.settings import Settings
from longtail.lab.theory import choice as forms

ANSWERS = 4000
"""Answers that stand for a law where curation is repeated with real data."""
ROUNDS = 40


def _told(c: Chosen) -> dict[str, Any]:
    return {name: c[name] for name in ("law", "rewards")} | {"choices": float(c["choices"])}


def _one_of(worth: Floats, rng: numpy.random.Generator) -> numpy.ndarray:
    """Return the position of one row of each choice, with odds e^reward: (…, K) to (…)."""
    odds = numpy.cumsum(numpy.exp(worth), axis=-1)
    return numpy.asarray((odds < rng.random((*worth.shape[:-1], 1)) * odds[..., -1:]).sum(axis=-1))


def _kept(c: Chosen, replicates: int, rng: numpy.random.Generator, rounds: int = 1) -> numpy.ndarray:
    """Return what is kept after rounds, each place drawing K kept ones of the round before; K infinite keeps in proportion."""
    rewards = numpy.array(c["rewards"])
    if c["choices"] == "inf":
        found = numpy.empty(0, dtype=numpy.int64)
        while len(found) < replicates:
            drawn = rng.choice(len(rewards), size=replicates, p=c["law"])
            keep = rng.random(replicates) < numpy.exp(rewards[drawn] - rewards.max())
            found = numpy.concatenate([found, drawn[keep]])
        return found[:replicates]
    several = c["choices"]
    drawn = rng.choice(len(rewards), size=(replicates, *[several] * rounds), p=c["law"])
    for _ in range(rounds):
        winner = _one_of(rewards[drawn], rng)
        drawn = numpy.take_along_axis(drawn, winner[..., None], axis=-1)[..., 0]
    return numpy.asarray(drawn)


def _of_type(c: Chosen, replicates: int, seed: int) -> Floats:
    kept = _kept(c, replicates, numpy.random.default_rng([seed, 26]))
    return numpy.asarray(kept == c["category"], dtype=numpy.float64)


def _reward(c: Chosen, replicates: int, seed: int) -> Floats:
    kept = _kept(c, replicates, numpy.random.default_rng([seed, 27]), c["rounds"])
    return numpy.asarray(numpy.exp(numpy.array(c["rewards"])[kept]))


def _rise(c: Chosen, replicates: int, seed: int) -> Floats:
    rng = numpy.random.default_rng([seed, 28])
    before = rng.choice(len(c["law"]), size=replicates, p=c["law"])
    worth = numpy.exp(numpy.array(c["rewards"]))
    return numpy.asarray(worth[_kept(c, replicates, rng)] - worth[before])


def _settled(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return the share of one type after many rounds in which a share of all answers is real and the others are chosen."""
    rng, law = numpy.random.default_rng([seed, 29]), numpy.array(c["law"])
    shares = numpy.tile(law, (replicates, 1))
    for _ in range(ROUNDS):
        real = rng.binomial(ANSWERS, c["share"], size=replicates)
        shares = (rng.multinomial(real, law) + _chosen(shares, c, ANSWERS - real, rng)) / ANSWERS
    return numpy.asarray(shares[:, c["category"]])


def _chosen(shares: Floats, c: Chosen, wanted: numpy.ndarray, rng: numpy.random.Generator) -> numpy.ndarray:
    """Return how many answers of each type are chosen from the answers of each replicate: (replicates, types)."""
    rewards = numpy.array(c["rewards"])
    if c["choices"] == "inf":
        odds = shares * numpy.exp(rewards)
        return rng.multinomial(wanted, odds / odds.sum(axis=1, keepdims=True))
    found = numpy.empty(shares.shape, dtype=numpy.int64)
    for at, (law, size) in enumerate(zip(shares, wanted, strict=True)):
        drawn = rng.choice(len(law), size=(size, c["choices"]), p=law)
        winner = numpy.take_along_axis(drawn, _one_of(rewards[drawn], rng)[:, None], axis=1)
        found[at] = numpy.bincount(winner[:, 0], minlength=len(law))
    return found


def _gated(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return the mass of the rarest types after the lab's gate has chosen once from the true law."""
    settings = Settings(
        family="categorical",
        gate=f"choose:{c['choices']}",
        generations=2,
        samples=200,
        options={"types": c["types"], "law": "harmonic", "sampling_error": False, "rewards": ",".join(map(str, c["rewards"]))},
    )
    return last(settings, "tail_mass", replicates, seed)


def _tail_kept(c: Chosen) -> float:
    law = law_of("harmonic", c["types"])
    return float(forms.choose_best_law(law=law, rewards=c["rewards"], choices=c["choices"])[tail(law)].sum())


def _deviation(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return what is left of a unit deviation of a fitted mean after generations of real and synthetic rows."""
    rng, synthetic = numpy.random.default_rng([seed, 30]), round(c["ratio"] * c["real"])
    mean = numpy.ones(replicates)
    for _ in range(c["generations"]):
        own = rng.standard_normal((replicates, synthetic)).sum(axis=1) + synthetic * mean
        mean = (rng.standard_normal((replicates, c["real"])).sum(axis=1) + own) / (c["real"] + synthetic)
    return mean


def _answers(rng: numpy.random.Generator) -> Chosen:
    types = int(rng.integers(3, 7))
    law = rng.dirichlet(numpy.full(types, 10.0)).round(3)
    law[0] += 1 - law.sum()
    rewards = rng.uniform(-0.5, 1, size=types).round(2)
    return {
        "law": law.round(3).tolist(),
        "rewards": rewards.tolist(),
        "choices": int(rng.integers(2, 7)),
        "category": int(rng.integers(types)),
    }


def _without(settings: Chosen, *names: str) -> Chosen:
    return {name: value for name, value in settings.items() if name not in names}


def _ten(rng: numpy.random.Generator) -> Chosen:
    return {"types": 10, "choices": int(rng.integers(2, 6)), "rewards": rng.uniform(-1, 1.5, size=10).round(2).tolist()}


def _ratio(rng: numpy.random.Generator, highest: float) -> Chosen:
    real = int(rng.integers(40, 200))
    return {"real": real, "ratio": round(rng.uniform(0.1, highest) * real) / real, "generations": int(rng.integers(1, 4))}


FOUR = {"law": [0.4, 0.3, 0.1, 0.2], "rewards": [0.0, 1.0, 2.0, 0.5]}
KEPT = tuple({**FOUR, "choices": choices, "category": at} for choices in (2, 4, 32, "inf") for at in range(4))
FIXED = tuple({**FOUR, "choices": "inf", "share": 0.5, "category": at} for at in range(4)) + (
    {**FOUR, "choices": 2, "share": 0.5, "category": 2},
)
LOADS = ({"real": 100, "ratio": 0.3, "generations": 1}, {"real": 100, "ratio": 0.3, "generations": 2})

add(
    Check(
        case="26",
        quantity="share of a type in what is chosen",
        kind="exact",
        predicted=lambda c: float(forms.choose_best_law(**_told(c))[c["category"]]),
        simulated=_of_type,
        stated=KEPT,
        draw=_answers,
        batch=2000,
    ),
    Check(
        case="26",
        quantity="mass of the rarest types in what the lab's gate chooses",
        kind="exact",
        predicted=_tail_kept,
        simulated=_gated,
        stated=({"types": 10, "choices": 4, "rewards": [at / 10 for at in range(10)]},),
        draw=_ten,
        batch=500,
    ),
    Check(
        case="26",
        quantity="mean of e^reward after rounds of choosing",
        kind="exact",
        predicted=lambda c: float(forms.choose_best_reward([c["rounds"]], **_told(c))[0]),
        simulated=_reward,
        stated=tuple({**FOUR, "choices": choices, "rounds": rounds} for choices, rounds in ((2, 1), (4, 1), (32, 1), (2, 4), (4, 3))),
        draw=lambda rng: {**_without(_answers(rng), "category"), "rounds": int(rng.integers(1, 4))},
        batch=2000,
    ),
    Check(
        case="26",
        quantity="rise of the mean of e^reward in one round, lower bound",
        kind="bound_lower",
        predicted=lambda c: forms.choose_best_rise_lower(**_told(c)),
        simulated=_rise,
        stated=tuple({**FOUR, "choices": choices} for choices in (2, 4, 32, "inf")),
        draw=lambda rng: _without(_answers(rng), "category"),
        batch=2000,
    ),
    Check(
        case="26",
        quantity="share of a type where choosing settles with real data",
        kind="exact",
        predicted=lambda c: float(forms.choose_best_fixed_point(**_told(c), share=c["share"])[c["category"]]),
        simulated=_settled,
        stated=FIXED,
        draw=lambda rng: {**_answers(rng), "choices": "inf", "share": round(rng.uniform(0.5, 0.9), 2)},
        tolerance=lambda c, predicted: 3 / ANSWERS,
        order="1/n of the n answers simulated",
        batch=200,
    ),
    Check(
        case="27",
        quantity="deviation of a mean left after generations with real data",
        kind="exact",
        predicted=lambda c: forms.gaussian_mean_contraction(ratio=c["ratio"]) ** c["generations"],
        simulated=_deviation,
        stated=(*LOADS, {"real": 100, "ratio": 2.0, "generations": 1}),
        draw=lambda rng: _ratio(rng, 3.0),
        batch=2000,
    ),
    Check(
        case="27",
        quantity="deviation of a mean left after generations with real data, upper bound",
        kind="bound_upper",
        predicted=lambda c: forms.stability_rate_bound(ratio=c["ratio"]) ** c["generations"],
        simulated=_deviation,
        stated=LOADS,
        draw=lambda rng: _ratio(rng, 0.45),
        batch=2000,
    ),
)
