"""Documents that answer prompts, of which a recipe keeps one each: case 26."""

from typing import Any

import numpy

from longtail.lab.cases.check import Check, Chosen, add
from longtail.lab.cases.documents.through import passed, stage
from longtail.lab.learner import Floats
from longtail.lab.theory import choice as forms
from longtail.records import Origin

FOUR = {"law": [0.4, 0.3, 0.1, 0.2], "rewards": [0.0, 1.0, 2.0, 0.5]}
SETTLING = 8
"""Rounds after which a loop that takes real data in has settled, at the shares that are checked."""


def _told(c: Chosen) -> dict[str, Any]:
    return {"law": c["law"], "rewards": c["rewards"], "choices": float(c["choices"])}


def _chosen(c: Chosen, law: Floats, prompts: int, name: str, rng: numpy.random.Generator, real: int = 0) -> numpy.ndarray:
    """Return the answers that pass: one of those to each prompt, and the real ones: (prompts + real,)."""
    written = rng.choice(len(law), size=prompts * c["choices"], p=law)
    answers = numpy.concatenate([written, rng.choice(len(law), size=real, p=c["law"])])
    asked = [at // c["choices"] for at in range(len(written))] + [-1 - at for at in range(real)]
    kept = passed(
        stage("choose", choices=c["choices"], group="prompt"),
        name,
        [f"answer {answer}" for answer in answers.tolist()],
        [Origin.SYNTHETIC] * len(written) + [Origin.HUMAN] * real,
        prompt=asked,
        reward=[c["rewards"][answer] for answer in answers.tolist()],
    )
    return answers[kept]


def _of_type(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return whether the answer that is kept to a prompt is of a type: (replicates,)."""
    kept = _chosen(c, numpy.array(c["law"]), replicates, f"{seed}", numpy.random.default_rng([seed, 260]))
    return numpy.asarray(kept == c["category"], dtype=numpy.float64)


def _rounds(c: Chosen, replicates: int, seed: int, rounds: int, share: float = 0.0) -> Floats:
    """Return the law after rounds that are refitted to what passes: (replicates, types)."""
    real = round(share * c["answers"])
    found = []
    for number in range(replicates):
        rng, law = numpy.random.default_rng([seed, 261, number]), numpy.array(c["law"])
        for at in range(rounds):
            kept = _chosen(c, law, c["answers"] - real, f"{seed}/{number}/{at}", rng, real)
            law = numpy.bincount(kept, minlength=len(law)) / len(kept)
        found.append(law)
    return numpy.array(found)


def _reward(c: Chosen, replicates: int, seed: int) -> Floats:
    laws = _rounds(c, replicates, seed, c["rounds"])
    return numpy.asarray(laws @ numpy.exp(c["rewards"]))


def _answers(rng: numpy.random.Generator) -> dict[str, Any]:
    law = rng.dirichlet(numpy.full(4, 10.0)).round(3)
    law[0] += 1 - law.sum()
    return {"law": law.round(3).tolist(), "rewards": rng.uniform(-0.5, 1, size=4).round(2).tolist(), "choices": int(rng.integers(2, 6))}


add(
    Check(
        case="26",
        quantity="share of a type in what a recipe keeps, one answer to each prompt",
        kind="exact",
        predicted=lambda c: float(forms.choose_best_law(**_told(c))[c["category"]]),
        simulated=_of_type,
        stated=tuple({**FOUR, "choices": choices, "category": category} for choices in (2, 4, 32) for category in (0, 2)),
        draw=lambda rng: {**_answers(rng), "category": int(rng.integers(4))},
        batch=1000,
        most=20_000,
    ),
    Check(
        case="26",
        quantity="mean of e^reward after rounds in which a recipe keeps one answer to each prompt",
        kind="asymptotic",
        predicted=lambda c: forms.choose_best_reward([c["rounds"]], **_told(c))[0],
        simulated=_reward,
        stated=({**FOUR, "choices": 2, "rounds": 3, "answers": 300}, {**FOUR, "choices": 4, "rounds": 3, "answers": 300}),
        draw=lambda rng: {**_answers(rng), "rounds": int(rng.integers(2, 4)), "answers": 300},
        tolerance=lambda c, predicted: c["rounds"] * predicted / c["answers"],
        order="t/n of it",
        batch=20,
        most=400,
    ),
    Check(
        case="26",
        quantity="share of a type where rounds of chosen answers and of real ones, which a recipe spares, settle",
        kind="asymptotic",
        predicted=lambda c: float(forms.choose_best_fixed_point(**_told(c), share=c["share"])[c["category"]]),
        simulated=lambda c, replicates, seed: _rounds(c, replicates, seed, SETTLING, c["share"])[:, c["category"]],
        stated=({**FOUR, "choices": 4, "share": 0.5, "category": 2, "answers": 200},),
        draw=lambda rng: {**_answers(rng), "share": round(rng.uniform(0.5, 0.7), 2), "category": int(rng.integers(4)), "answers": 200},
        tolerance=lambda c, predicted: 4 / c["answers"],
        order="4 / n",
        batch=10,
        most=100,
    ),
)
