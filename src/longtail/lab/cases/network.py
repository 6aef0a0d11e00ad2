"""Checks of several models that feed one another: case 31."""

import numpy

from longtail.lab.cases.check import Check, Chosen, add
from longtail.lab.learner import Floats
from longtail.lab.learners.gaussian import Fit, Gaussian
from longtail.lab.network import simulate_network, whole_rows
from longtail.lab.theory import network as forms

ROWS = 100
CYCLE = [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
FED = [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.8, 0.0, 0.0]]
APART = [[0.5, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
LONG = 250


def _simulated(chosen: Chosen, replicates: int, seed: int) -> Floats:
    """Return n times the squared error of one model's mean."""
    learner, counts = Gaussian(Fit(known_variance=True)), whole_rows(chosen["mixing"], ROWS)
    values = simulate_network(learner, counts, chosen["generation"], replicates, seed, ("mean_square",))
    return ROWS * values[f"mean_square_{chosen['model']}"][-1]


def _predicted(chosen: Chosen) -> float:
    errors = forms.network_mean_squares([chosen["generation"]], mixing=chosen["mixing"], samples=ROWS)
    return float(ROWS * errors[0, chosen["model"] - 1])


def _difference(chosen: Chosen, replicates: int, seed: int) -> Floats:
    """Return n times the squared difference of the means of models 1 and 2, each a mean of rows source by source."""
    rng, counts = numpy.random.default_rng(seed), whole_rows(chosen["mixing"], ROWS)
    means = rng.standard_normal((len(counts), replicates)) / ROWS**0.5
    for _ in range(chosen["generation"] - 1):
        sources = numpy.vstack([numpy.zeros(replicates), means])
        noise = rng.standard_normal((len(counts), *sources.shape))
        totals = counts[:, :, None] * sources + numpy.sqrt(counts)[:, :, None] * noise
        means = totals.sum(axis=1) / ROWS
    return numpy.asarray(ROWS * numpy.square(means[0] - means[1]))


def _apart(chosen: Chosen) -> float:
    covariance = ROWS * forms.network_covariance([chosen["generation"]], mixing=chosen["mixing"], samples=ROWS)[0]
    return float(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])


def _settled(chosen: Chosen) -> float:
    covariance = forms.network_fixed_covariance(mixing=chosen["mixing"], samples=ROWS)
    return float(ROWS * covariance[chosen["model"] - 1, chosen["model"] - 1])


def _left(chosen: Chosen, predicted: float) -> float:
    """Return what is still to come: the later terms of the sum of A^k (A^k)', bounded by norms."""
    power = numpy.linalg.matrix_power(numpy.asarray(chosen["mixing"]), chosen["generation"])
    covariance = ROWS * forms.network_fixed_covariance(mixing=chosen["mixing"], samples=ROWS)
    return float(numpy.square(numpy.linalg.norm(power, 2)) * numpy.linalg.norm(covariance, 2))


def _radius(chosen: Chosen, replicates: int, seed: int) -> Floats:
    """Return the factor by which errors shrink in the long run, by letting them pass on for many generations."""
    matrix = numpy.asarray(chosen["mixing"])
    errors, late = numpy.ones(len(matrix)), 0.0
    for step in range(1200):
        errors = matrix @ errors
        scale = float(numpy.abs(errors).max())
        errors, late = errors / scale, late + (numpy.log(scale) if step >= 600 else 0.0)
    return numpy.full(replicates, numpy.exp(late / 600))


def _matrix(rng: numpy.random.Generator) -> list[list[float]]:
    """Draw shares in hundredths, so that they give whole rows, each model with at least 5 % real data."""
    models = int(rng.integers(2, 5))
    shares = [rng.multinomial(95, rng.dirichlet(numpy.ones(models + 1))) for _ in range(models)]
    return [[int(each) / 100 for each in row[1:]] for row in shares]


def _any(rng: numpy.random.Generator) -> Chosen:
    mixing = _matrix(rng)
    return {"mixing": mixing, "model": int(rng.integers(len(mixing))) + 1, "generation": int(rng.integers(2, 20))}


def _long(rng: numpy.random.Generator) -> Chosen:
    return {**_any(rng), "generation": LONG}


add(
    Check(
        case="31",
        quantity="n times the mean square error of one of several models",
        kind="exact",
        predicted=_predicted,
        simulated=_simulated,
        stated=(
            *({"mixing": CYCLE, "model": 1, "generation": at} for at in (50, 100, 200)),
            {"mixing": APART, "model": 1, "generation": 200},
            {"mixing": APART, "model": 2, "generation": 200},
        ),
        draw=_any,
    ),
    Check(
        case="31",
        quantity="n times the squared difference of two models' means",
        kind="exact",
        predicted=_apart,
        simulated=_difference,
        stated=({"mixing": CYCLE, "generation": 50}, {"mixing": FED, "generation": 50}),
        draw=lambda rng: {name: value for name, value in _any(rng).items() if name != "model"},
    ),
    Check(
        case="31",
        quantity="fixed point of n times the mean square error of one of several models",
        kind="asymptotic",
        predicted=_settled,
        simulated=_simulated,
        stated=tuple({"mixing": FED, "model": model, "generation": LONG} for model in (1, 2, 3)),
        draw=_long,
        tolerance=_left,
        order="terms still to come: |A^t|² |C|",
    ),
    Check(
        case="31",
        quantity="factor per generation by which errors shrink: spectral radius",
        kind="asymptotic",
        predicted=lambda c: forms.network_spectral_radius(mixing=c["mixing"]),
        simulated=_radius,
        stated=({"mixing": FED},),
        draw=lambda rng: {"mixing": _matrix(rng)},
        tolerance=lambda c, predicted: predicted * 1e-6,
        order="late generations: 1e-6 of it",
        batch=2,
    ),
)
