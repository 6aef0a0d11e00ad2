"""Documents that are labels, right or wrong, and the classifiers that learn from those that an oracle lets pass: case 23."""

import math

import numpy

from longtail.lab.cases.check import Check, Chosen, add
from longtail.lab.cases.documents.through import passed, stage
from longtail.lab.learner import Flags, Floats
from longtail.lab.theory import selection as forms

KEEP = ("keep_right", "keep_wrong")
PUBLISHED = ({"keep_right": 1.0, "keep_wrong": 1.0}, {"keep_right": 0.9, "keep_wrong": 0.3}, {"keep_right": 0.7, "keep_wrong": 0.05})
UNGATED, GATED, IMPERFECT = ({"keep_right": 1.0, "keep_wrong": wrong} for wrong in (1.0, 0.0, 0.3))
START = 0.668
"""Accuracy of the first classifier."""


def _kept(c: Chosen, right: Flags, name: str) -> Flags:
    """Return which labels an oracle lets pass, in the shape in which they are given."""
    recipe = stage("oracle", **{key: c[key] for key in KEEP})
    truths = right.ravel().tolist()
    return passed(recipe, name, [f"label {truth}" for truth in truths], right=truths).reshape(right.shape)


def _wrong(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return whether a document that the gate kept is wrong: (replicates,)."""
    rng = numpy.random.default_rng([seed, 230])
    found: list[Floats] = []
    while sum(map(len, found)) < replicates:
        right = rng.random(replicates) >= c["p"]
        found.append(1.0 - right[_kept(c, right, f"{seed}/{len(found)}")])
    return numpy.concatenate(found)[:replicates]


def _side(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return the accuracy below the break point, and the share of errors above it, of the mean of label times input."""
    rng = numpy.random.default_rng([seed, 231])
    inputs = rng.standard_normal((replicates, c["rows"], c["dim"]))
    right = rng.random(inputs.shape[:2]) >= _share(c)
    labels = numpy.where(right, 1, -1) * numpy.sign(inputs[..., 0])
    accuracy = _accuracy(_learnt(inputs, labels, _kept(c, right, f"{seed}"), numpy.zeros((replicates, c["dim"]))))
    return accuracy if c["beyond"] < 0 else 1 - accuracy


def _loop(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return the classifiers, (replicates, dim), after generations that each learn from labels of the one before.

    A label is what the classifier before says of a new input, turned with a chance; the truth is the sign of the first number.
    """
    rng = numpy.random.default_rng([seed, 232])
    angle = math.pi * (1 - c["start"])
    classifier = numpy.zeros((replicates, c["dim"]))
    classifier[:, 0], classifier[:, 1] = math.cos(angle), math.sin(angle)
    for generation in range(c["generations"]):
        inputs = rng.standard_normal((replicates, c["rows"], c["dim"]))
        turned = numpy.where(rng.random(inputs.shape[:2]) < c["flipped"], -1, 1)
        labels = turned * numpy.sign(numpy.einsum("rnd,rd->rn", inputs, classifier))
        kept = _kept(c, labels == numpy.sign(inputs[..., 0]), f"{seed}/{generation}")
        classifier = _learnt(inputs, labels, kept, classifier)
    return classifier


def _learnt(inputs: Floats, labels: Floats, kept: Flags, before: Floats) -> Floats:
    """Return the mean of label times input over what is kept, as a direction; the one before where nothing is."""
    summed = numpy.einsum("rnd,rn->rd", inputs, labels * kept)
    length = numpy.linalg.norm(summed, axis=1, keepdims=True)
    return numpy.where(length > 0, summed / numpy.where(length > 0, length, 1), before)


def _accuracy(classifier: Floats) -> Floats:
    return numpy.asarray(1 - numpy.arctan2(numpy.linalg.norm(classifier[:, 1:], axis=1), classifier[:, 0]) / math.pi)


def _share(c: Chosen) -> float:
    return float(forms.verifier_break_point(**{name: c[name] for name in KEEP}) + c["beyond"])


def _side_order(c: Chosen, predicted: float) -> float:
    """Return the angle over π that chance in the d − 1 other inputs gives, over the balance of labels."""
    p = _share(c)
    right, wrong = (1 - p) * c["keep_right"], p * c["keep_wrong"]
    balance = abs(right - wrong) * math.sqrt(2 / math.pi) * c["rows"]
    return math.atan(math.sqrt((c["dim"] - 1) * (right + wrong) * c["rows"]) / balance) / math.pi


def _loop_order(c: Chosen, predicted: float) -> float:
    """Return the angle over π that chance gives in one generation; where labels are checked the next generation takes part of it back."""
    pull = (c["keep_right"] - c["keep_wrong"]) / 2
    return math.atan(math.sqrt((c["dim"] - 1) / c["rows"]) / (pull * math.sqrt(2 / math.pi))) / math.pi


def _verifier(rng: numpy.random.Generator) -> dict[str, float]:
    return {"keep_right": round(rng.uniform(0.5, 1), 2), "keep_wrong": round(rng.uniform(0.05, 0.4), 2)}


def _near(rng: numpy.random.Generator) -> Chosen:
    return {**_verifier(rng), "beyond": float(rng.choice([-0.15, 0.15])), "dim": int(rng.integers(3, 8)), "rows": 2000}


def _checked(rng: numpy.random.Generator) -> Chosen:
    start, flipped = round(rng.uniform(0.55, 0.8), 2), round(rng.uniform(0.05, 0.3), 2)
    keep = {"keep_right": round(rng.uniform(0.7, 1), 2), "keep_wrong": round(rng.uniform(0, 0.2), 2)}
    return {**keep, "start": start, "flipped": flipped, "generations": int(rng.integers(1, 4)), "dim": 3, "rows": 3000}


TOY = {"start": START, "flipped": 0.2, "generations": 3, "dim": 3, "rows": 3000}
FREE = {"start": START, "flipped": 0.2, "dim": 5, "rows": 40}

add(
    Check(
        case="23",
        quantity="share of wrong documents in what a recipe's oracle lets pass",
        kind="exact",
        predicted=lambda c: forms.verifier_wrong_share(**{name: c[name] for name in ("p", *KEEP)}),
        simulated=_wrong,
        stated=tuple({**verifier, "p": 0.5} for verifier in (*PUBLISHED, IMPERFECT)),
        draw=lambda rng: {**_verifier(rng), "p": round(rng.uniform(0.1, 0.9), 2)},
        batch=2000,
    ),
    Check(
        case="23",
        quantity="accuracy below the break point, errors above it, learnt from what a recipe lets pass",
        kind="asymptotic",
        predicted=lambda c: 1.0,
        simulated=_side,
        stated=tuple({**verifier, "beyond": beyond, "dim": 5, "rows": 2000} for verifier in PUBLISHED[1:] for beyond in (-0.1, 0.05)),
        draw=_near,
        tolerance=_side_order,
        order="root(d / rows kept) over the balance of labels",
        batch=10,
        most=400,
    ),
    Check(
        case="23",
        quantity="accuracy after generations that learn from each other's labels, those that a recipe lets pass",
        kind="asymptotic",
        predicted=lambda c: forms.verified_loop_accuracy([c["generations"]], **{name: c[name] for name in ("start", "flipped", *KEEP)})[0],
        simulated=lambda c, replicates, seed: _accuracy(_loop(c, replicates, seed)),
        stated=({**TOY, **GATED}, {**TOY, **IMPERFECT}),
        draw=_checked,
        tolerance=_loop_order,
        order="root(d / n) over phi - psi",
        batch=10,
        most=100,
    ),
    Check(
        case="23",
        quantity="cosine to the truth after generations that learn from each other's labels, all of which pass",
        kind="asymptotic",
        predicted=lambda c: forms.unverified_loop_cosine(
            [c["generations"]], **{name: c[name] for name in ("start", "flipped", "dim")}, samples=c["rows"]
        )[0],
        simulated=lambda c, replicates, seed: _loop({**c, **UNGATED}, replicates, seed)[:, 0],
        stated=({**FREE, "generations": 1}, {**FREE, "generations": 4}),
        draw=lambda rng: {**FREE, "start": round(rng.uniform(0.7, 0.95), 2), "generations": int(rng.integers(2, 5))},
        tolerance=lambda c, predicted: abs(predicted) * c["generations"] / c["rows"] ** 2,
        order="t / n^2 of it",
        batch=200,
        most=1000,
    ),
)
