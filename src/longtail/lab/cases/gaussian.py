"""Checks of one Gaussian that learns from itself: cases 1, 2, 3, 4 and the Gaussian bounds of case 14."""

from typing import Any

import numpy

from longtail.lab.cases.check import ENOUGH, Check, Chosen, add, ends, last, squared_deviations
from longtail.lab.learner import Floats
from longtail.lab.learners import make
from longtail.lab.settings import Settings
from longtail.lab.theory import gaussian as forms

SKEWED = 50_000
"""Replicates that average a variance whose logarithm is normal with a variance up to 2."""
POWERS = {"constant": 0.0, "linear": 1.0, "power:1.5": 1.5, "quadratic": 2.0}
STATED = ({"samples": 100, "generation": 10}, {"samples": 100, "generation": 50}, {"samples": 20, "generation": 20})
SHORT = ({"samples": 10, "generation": 10}, {"samples": 10, "generation": 20}, {"samples": 100, "generation": 100})


def _settings(chosen: Chosen, policy: str = "replace", **options: Any) -> Settings:
    schedule = chosen.get("schedule", "constant")
    return Settings(
        family="gaussian",
        policy=policy,
        generations=chosen["generation"],
        samples=chosen["samples"],
        schedule=schedule,
        options={name: chosen[name] for name in ("ddof", "dim") if name in chosen} | options,
    )


def _unbiased(chosen: Chosen, name: str, replicates: int, seed: int) -> Floats:
    return last(_settings(chosen, ddof=1), name, replicates, seed)


def _any(rng: numpy.random.Generator) -> Chosen:
    return {"samples": int(rng.integers(5, 200)), "generation": int(rng.integers(1, 40))}


def _mild(rng: numpy.random.Generator) -> Chosen:
    """Draw settings at which the variance is not skewed beyond what 200,000 replicates average."""
    samples = int(rng.integers(5, 200))
    return {"samples": samples, "generation": int(rng.integers(1, min(samples, 40)))}


def _milder(rng: numpy.random.Generator) -> Chosen:
    """Draw settings at which the squared variance is not."""
    samples = int(rng.integers(20, 300))
    return {"samples": samples, "generation": int(rng.integers(1, max(2, samples // 10)))}


def _many(rng: numpy.random.Generator) -> Chosen:
    dim = int(rng.integers(2, 5))
    return {"dim": dim, "samples": int(rng.integers(dim + 3, 80)), "generation": int(rng.integers(1, 12)), "ddof": int(rng.integers(2))}


def _growing(rng: numpy.random.Generator) -> Chosen:
    schedule = str(rng.choice(list(POWERS)))
    return {"schedule": schedule, "samples": int(rng.integers(10, 200)), "generation": int(rng.integers(2, 40))}


def _exceeding(rng: numpy.random.Generator) -> Chosen:
    samples = int(rng.integers(3, 40))
    generation = int(rng.integers(samples, 12 * samples))
    return {"samples": samples, "threshold": round(float(rng.uniform(0.05, 0.6)), 3), "generation": generation}


def _sizes(chosen: Chosen, power: float) -> list[int]:
    return [round(chosen["samples"] * at**power) for at in range(1, chosen["generation"] + 1)]


def _second_order(chosen: Chosen, predicted: float) -> float:
    x = float(chosen["generation"] / chosen["samples"])
    return x * x / 16 + x / (2 * float(chosen["samples"]))


def _exceeds(chosen: Chosen, replicates: int, seed: int) -> Floats:
    variance = last(_settings(chosen, ddof=1), "variance", replicates, seed)
    return numpy.asarray(variance > chosen["threshold"] ** 2, dtype=numpy.float64)


def _mode_exceeds(chosen: Chosen, replicates: int, seed: int) -> Floats:
    """Tell where a mode of two is alive and its standard deviation exceeds a threshold; each is fitted to its own rows."""
    rng = numpy.random.default_rng(seed)
    learner = make("gmm", {"components": 2}, rows=False)
    model = learner.fit(learner.real(replicates, chosen["samples"], rng, 0), None, rng)
    for _ in range(chosen["generation"] - 1):
        model = learner.fit(learner.sample(model, chosen["samples"], rng), model, rng)
    exceeds = (model.weight[:, 0] > 0) & (model.variance[:, 0] > chosen["threshold"] ** 2)
    return numpy.asarray(exceeds, dtype=numpy.float64)


def _at(chosen: Chosen) -> tuple[list[int], dict[str, Any]]:
    """Return the generation and the settings that forms are called with."""
    return [chosen["generation"]], {name: chosen[name] for name in ("samples", "dim", "ddof", "threshold") if name in chosen}


def _of(form: Any) -> Any:
    """Return a form as a function of the settings of a row."""

    def predicted(chosen: Chosen) -> float:
        generations, settings = _at(chosen)
        return float(form(generations, **settings)[0])

    return predicted


add(
    Check(
        case="1",
        quantity="mean of ln variance, replace, unbiased",
        kind="exact",
        predicted=_of(forms.gaussian_replace_log_variance),
        simulated=lambda c, replicates, seed: _unbiased(c, "log_variance", replicates, seed),
        stated=STATED,
        draw=_any,
    ),
    Check(
        case="1",
        quantity="variance of ln variance over loops, replace",
        kind="exact",
        predicted=lambda c: float(_of(forms.gaussian_replace_log_variance_spread)(c)) ** 2,
        simulated=lambda c, replicates, seed: squared_deviations(_unbiased(c, "log_variance", replicates, seed)),
        stated=STATED,
        draw=_any,
    ),
    Check(
        case="1",
        quantity="mean square of the mean, replace, unbiased",
        kind="exact",
        predicted=_of(forms.gaussian_replace_mean_square),
        simulated=lambda c, replicates, seed: _unbiased(c, "mean_square", replicates, seed),
        stated=STATED,
        draw=_mild,
    ),
    Check(
        case="1",
        quantity="mean variance, replace, unbiased",
        kind="exact",
        predicted=_of(forms.gaussian_replace_variance),
        simulated=lambda c, replicates, seed: _unbiased(c, "variance", replicates, seed),
        stated=STATED,
        draw=_mild,
        least=SKEWED,
    ),
    Check(
        case="1",
        quantity="mean standard deviation, replace, unbiased",
        kind="exact",
        predicted=_of(forms.gaussian_replace_sd),
        simulated=lambda c, replicates, seed: numpy.sqrt(_unbiased(c, "variance", replicates, seed)),
        stated=STATED,
        draw=_mild,
    ),
    Check(
        case="1",
        quantity="mean standard deviation of the first fit, c4",
        kind="exact",
        predicted=lambda c: forms.gaussian_sd_factor(samples=c["samples"]),
        simulated=lambda c, replicates, seed: numpy.sqrt(_unbiased({**c, "generation": 1}, "variance", replicates, seed)),
        stated=({"samples": 20}, {"samples": 100}),
        draw=lambda rng: {"samples": int(rng.integers(2, 30))},
    ),
    Check(
        case="1",
        quantity="mean squared variance, replace, unbiased",
        kind="exact",
        predicted=_of(forms.gaussian_replace_variance_square),
        simulated=lambda c, replicates, seed: numpy.square(_unbiased(c, "variance", replicates, seed)),
        stated=({"samples": 100, "generation": 10},),
        draw=_milder,
        least=SKEWED,
    ),
    Check(
        case="1",
        quantity="variance of one draw over loops, replace, unbiased",
        kind="exact",
        predicted=_of(forms.gaussian_replace_marginal_variance),
        simulated=lambda c, replicates, seed: numpy.add(*ends(_settings(c, ddof=1), ("mean_square", "variance"), replicates, seed)),
        stated=STATED,
        draw=_mild,
        least=SKEWED,
    ),
    Check(
        case="1",
        quantity="mean squared Wasserstein distance, replace, unbiased",
        kind="exact",
        predicted=_of(forms.gaussian_replace_w2_squared),
        simulated=lambda c, replicates, seed: _unbiased(c, "w2_squared", replicates, seed),
        stated=STATED,
        draw=_mild,
        least=SKEWED,
    ),
    Check(
        case="1",
        quantity="mean squared Wasserstein distance, first order",
        kind="asymptotic",
        predicted=_of(forms.gaussian_replace_w2_squared_first_order),
        simulated=lambda c, replicates, seed: _unbiased(c, "w2_squared", replicates, seed),
        stated=({"samples": 100, "generation": 10},),
        draw=_milder,
        tolerance=_second_order,
        order="second order in x = t/n: x²/16 + x/(2n)",
    ),
    Check(
        case="2",
        quantity="mean variance, replace, maximum likelihood",
        kind="exact",
        predicted=_of(forms.gaussian_replace_variance),
        simulated=lambda c, replicates, seed: last(_settings(c), "variance", replicates, seed),
        stated=tuple({**each, "ddof": 0} for each in SHORT),
        draw=lambda rng: {**_mild(rng), "ddof": 0},
        least=ENOUGH,
        most=600_000,
    ),
    Check(
        case="2",
        quantity="mean square of the mean, replace, maximum likelihood",
        kind="exact",
        predicted=_of(forms.gaussian_replace_mean_square),
        simulated=lambda c, replicates, seed: last(_settings(c), "mean_square", replicates, seed),
        stated=tuple({**each, "ddof": 0} for each in SHORT),
        draw=lambda rng: {**_mild(rng), "ddof": 0},
    ),
    Check(
        case="3",
        quantity="mean log-determinant, replace",
        kind="exact",
        predicted=_of(forms.gaussian_replace_log_det),
        simulated=lambda c, replicates, seed: last(_settings(c), "log_det", replicates, seed),
        stated=({"dim": 10, "samples": 100, "generation": 20, "ddof": 1},),
        draw=_many,
        batch=2_000,
    ),
    Check(
        case="3",
        quantity="variance of the log-determinant over loops, replace",
        kind="exact",
        predicted=lambda c: float(forms.gaussian_replace_log_det_spread([c["generation"]], samples=c["samples"], dim=c["dim"])[0]) ** 2,
        simulated=lambda c, replicates, seed: squared_deviations(last(_settings(c), "log_det", replicates, seed)),
        stated=({"dim": 10, "samples": 100, "generation": 20, "ddof": 1},),
        draw=_many,
        batch=2_000,
    ),
    Check(
        case="3",
        quantity="mean trace per dimension, replace: blind to the collapse",
        kind="exact",
        predicted=lambda c: forms.gaussian_replace_variance([c["generation"]], samples=c["samples"], ddof=c["ddof"])[0],
        simulated=lambda c, replicates, seed: last(_settings(c), "variance", replicates, seed),
        stated=({"dim": 10, "samples": 100, "generation": 20, "ddof": 1},),
        draw=_many,
        batch=4_000,
    ),
    Check(
        case="4",
        quantity="mean square of the mean, replace, growing samples",
        kind="exact",
        predicted=lambda c: forms.gaussian_replace_mean_square([c["generation"]], samples=_sizes(c, POWERS[c["schedule"]]))[0],
        simulated=lambda c, replicates, seed: _unbiased(c, "mean_square", replicates, seed),
        stated=tuple({"schedule": name, "samples": 100, "generation": 50} for name in ("constant", "linear", "quadratic")),
        draw=_growing,
    ),
    Check(
        case="4",
        quantity="mean square of the mean, policy grown",
        kind="exact",
        predicted=lambda c: forms.gaussian_replace_mean_square([c["generation"]], samples=_sizes(c, 1.0))[0],
        simulated=lambda c, replicates, seed: last(_settings(c, "grown", ddof=1), "mean_square", replicates, seed),
        stated=({"samples": 100, "generation": 50},),
        draw=_mild,
    ),
    Check(
        case="14",
        quantity="chance that the standard deviation exceeds a threshold, Suresh's bound",
        kind="bound_upper",
        predicted=_of(forms.gaussian_exceeding_bound),
        simulated=_exceeds,
        stated=tuple({"samples": 10, "threshold": 0.1, "generation": at} for at in (100, 150, 200)),
        draw=_exceeding,
    ),
    Check(
        case="14",
        quantity="chance that the standard deviation exceeds a threshold, Markov's bound",
        kind="bound_upper",
        predicted=_of(forms.gaussian_exceeding_markov_bound),
        simulated=_exceeds,
        stated=tuple({"samples": 10, "threshold": 0.1, "generation": at} for at in (100, 150, 200)),
        draw=_exceeding,
    ),
    Check(
        case="14",
        quantity="chance that the standard deviation of a mode of two exceeds a threshold",
        kind="bound_upper",
        predicted=_of(forms.gmm_exceeding_bound),
        simulated=_mode_exceeds,
        stated=tuple({"samples": 20, "threshold": 0.1, "generation": at} for at in (100, 200)),
        draw=_exceeding,
    ),
)
