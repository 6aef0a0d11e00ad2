"""Checks of what a provenance detector is worth: case 32."""

import numpy

from longtail.lab.cases.check import Check, Chosen, add
from longtail.lab.learner import Floats
from longtail.lab.theory import selection as forms


def _square(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return the squared error of a mean of real rows, learnt from a batch whose rows are weighted by what a detector says.

    Real and synthetic rows are standard normal, the law of the synthetic ones being known: the estimate is the sum of w y over
    that of w², w the chance that a row is real given what is said of it. Rows of which the same is said are summed up.
    """
    rng = numpy.random.default_rng([seed, 32])
    real, synthetic, share = numpy.array(c["real_law"]), numpy.array(c["synthetic_law"]), c["share"]
    mine = rng.binomial(c["samples"], share, size=replicates)
    said = rng.multinomial(mine, real) + rng.multinomial(c["samples"] - mine, synthetic)
    summed = rng.standard_normal(said.shape) * numpy.sqrt(said)
    odds = share * real / (share * real + (1 - share) * synthetic)
    return numpy.asarray(numpy.square((summed @ odds) / (said @ numpy.square(odds))))


def _worth(c: Chosen) -> float:
    told = {name: c[name] for name in ("samples", "share", "real_law", "synthetic_law")}
    return float(forms.effective_real_samples_by_law(**told))


def _binary(c: Chosen) -> Chosen:
    real, synthetic = c["true_positive"], c["false_positive"]
    return {**c, "real_law": [real, 1 - real], "synthetic_law": [synthetic, 1 - synthetic]}


def _rates(c: Chosen) -> float:
    return float(forms.effective_real_samples(**{name: c[name] for name in ("samples", "share", "true_positive", "false_positive")}))


def _batch(rng: numpy.random.Generator) -> dict[str, float]:
    return {"samples": int(rng.integers(2000, 8000)), "share": round(rng.uniform(0.1, 0.9), 2)}


def _detector(rng: numpy.random.Generator) -> Chosen:
    return {**_batch(rng), "true_positive": round(rng.uniform(0.6, 0.99), 2), "false_positive": round(rng.uniform(0.01, 0.5), 2)}


def _graded(rng: numpy.random.Generator) -> Chosen:
    laws = rng.dirichlet(numpy.full(4, 2.0), size=2).round(2)
    laws[:, 0] += 1 - laws.sum(axis=1)
    return {**_batch(rng), "real_law": laws[0].round(2).tolist(), "synthetic_law": laws[1].round(2).tolist()}


BATCH = {"samples": 4000, "share": 0.2}

add(
    Check(
        case="32",
        quantity="squared error with a detector that says real or not",
        kind="asymptotic",
        predicted=lambda c: 1 / _rates(c),
        simulated=lambda c, replicates, seed: _square(_binary(c), replicates, seed),
        stated=tuple(
            {**BATCH, "true_positive": real, "false_positive": synthetic}
            for real, synthetic in ((0.5, 0.5), (0.8, 0.2), (0.95, 0.05), (0.99, 0.001))
        ),
        draw=_detector,
        tolerance=lambda c, predicted: predicted**2,
        order="1 / worth, relative",
        batch=10_000,
    ),
    Check(
        case="32",
        quantity="squared error with a detector of any output",
        kind="asymptotic",
        predicted=lambda c: 1 / _worth(c),
        simulated=_square,
        stated=(
            {**BATCH, "real_law": [1.0, 0.0], "synthetic_law": [0.0, 1.0]},
            {**BATCH, "real_law": [0.6, 0.3, 0.1], "synthetic_law": [0.1, 0.2, 0.7]},
        ),
        draw=_graded,
        tolerance=lambda c, predicted: predicted**2,
        order="1 / worth, relative",
        batch=10_000,
    ),
)
