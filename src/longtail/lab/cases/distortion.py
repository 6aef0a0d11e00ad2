"""Checks of errors that more data do not mend: kernels, sharpened and cut sampling, the three errors; cases 28, 29 and 30."""

from functools import cache
from typing import Any

import numpy

from longtail.lab.cases.check import Check, Chosen, add, every, last
from longtail.lab.learner import Floats
from longtail.lab.learners.categorical import law_of
from longtail.lab.settings import Settings
from longtail.lab.theory import distortion, gaussian, mixing, sampling

KERNEL = tuple({"samples": 200, "bandwidth": 0.3, "generation": at} for at in (2, 11, 51))
WIDE = {"share": 0.5, "bandwidth": 0.6, "spread": 0.36, "samples": 400}


def _kde(chosen: Chosen, replicates: int, seed: int, policy: str = "replace", **options: Any) -> Floats:
    """Return the variance of the rows to which a kernel density is fitted."""
    settings = Settings(family="kde", policy=policy, generations=chosen["generation"], samples=chosen["samples"], options=options)
    return last(settings, "variance", replicates, seed)


def _kernel_mean(chosen: Chosen, replicates: int, seed: int) -> Floats:
    """Return the squared mean of the rows of a kernel density, each generation drawn row by row."""
    rng, n = numpy.random.default_rng(seed), chosen["samples"]
    rows = rng.standard_normal((replicates, n))
    for _ in range(chosen["generation"] - 1):
        at = rng.integers(n, size=rows.shape)
        rows = numpy.take_along_axis(rows, at, axis=1) + chosen["bandwidth"] * rng.standard_normal(rows.shape)
    return numpy.asarray(numpy.square(rows.mean(axis=1)))


def _rows(chosen: Chosen) -> dict[str, Any]:
    return {name: chosen[name] for name in ("samples", "bandwidth")}


def _mixed_kernel(chosen: Chosen) -> float:
    human = round(chosen["share"] * chosen["samples"])
    rows = {"real": human, "synthetic": chosen["samples"] - human, "first": chosen["samples"]}
    moments = mixing.fresh_moments([chosen["generation"]], **rows, bandwidth=chosen["bandwidth"])
    return float(moments.variance[0])


def _kernel(rng: numpy.random.Generator) -> Chosen:
    bandwidth = round(float(rng.uniform(0.1, 0.8)), 2)
    return {"samples": int(rng.integers(10, 150)), "bandwidth": bandwidth, "generation": int(rng.integers(2, 15))}


def _mixture(rng: numpy.random.Generator) -> Chosen:
    return {**_kernel(rng), "samples": 10 * int(rng.integers(2, 15)), "share": int(rng.integers(1, 9)) / 10}


def _sharpened(chosen: Chosen, name: str, replicates: int, seed: int, **options: Any) -> Floats:
    """Return a series of what a generation writes, without sampling error: it is what the next one is fitted to."""
    settings = Settings(
        family="categorical",
        generations=chosen["generation"] + 1,
        options={"types": chosen["types"], "law": chosen["law"], "sampling_error": False, **options},
    )
    return last(settings, name, replicates, seed)


def _law(chosen: Chosen) -> Floats:
    return law_of(chosen["law"], chosen["types"])


def _probability(chosen: Chosen, replicates: int, seed: int) -> Floats:
    """Return the probability of the commonest category after repeated sampling at a temperature."""
    law = _law(chosen)
    for _ in range(chosen["generation"]):
        law = law ** (1 / chosen["temperature"])
        law = law / law.sum()
    return numpy.full(replicates, law.max())


def _kept_mass(chosen: Chosen, replicates: int, seed: int) -> Floats:
    """Return the original mass of what is left, the rarest categories dropped one by one while enough remains."""
    real = sorted(map(float, _law(chosen)), reverse=True)
    law = list(real)
    for _ in range(chosen["generation"]):
        total = sum(law)
        aim, held, kept = chosen["top_p"] * total - 1e-12, 0.0, 0
        while held < aim:
            held, kept = held + law[kept], kept + 1
        law = [each / held for each in law[:kept]]
    return numpy.full(replicates, sum(real[: len(law)]))


def _cut(chosen: Chosen, replicates: int, seed: int) -> Floats:
    """Return the unbiased variance where every generation's draws beyond so many standard deviations are thrown away."""
    rng, n = numpy.random.default_rng(seed), chosen["samples"]
    mean, variance = numpy.zeros(replicates), numpy.ones(replicates)
    for generation in range(1, chosen["generation"] + 1):
        z = rng.standard_normal((replicates, n))
        while generation > 1 or chosen["biased_first"]:
            far = numpy.abs(z) >= chosen["threshold"]
            if not far.any():
                break
            z[far] = rng.standard_normal(int(far.sum()))
        rows = mean[:, None] + numpy.sqrt(variance)[:, None] * z
        mean, variance = rows.mean(axis=1), rows.var(axis=1, ddof=1)
    return variance


def _truncating(rng: numpy.random.Generator) -> Chosen:
    threshold, first = round(float(rng.uniform(0.8, 3)), 2), bool(rng.integers(2))
    return {"threshold": threshold, "samples": 100, "generation": int(rng.integers(2, 6)), "biased_first": first}


def _tempering(rng: numpy.random.Generator) -> Chosen:
    chosen = {"types": int(rng.integers(5, 200)), "law": str(rng.choice(["harmonic", "zipf:1.5", "zipf:1:2.7"]))}
    return {**chosen, "temperature": round(float(rng.uniform(0.6, 1.6)), 2), "generation": int(rng.integers(1, 8))}


def _nucleus(rng: numpy.random.Generator) -> Chosen:
    chosen = {"types": int(rng.integers(50, 1000)), "law": str(rng.choice(["harmonic", "zipf:1.5", "zipf:1:2.7"]))}
    return {**chosen, "top_p": round(float(rng.uniform(0.7, 0.99)), 2), "generation": int(rng.integers(1, 8))}


def _one_for_two(chosen: Chosen, replicates: int, seed: int) -> Floats:
    """Return the variance of one Gaussian for two modes, without sampling error."""
    options = {"modes": chosen["separation"] / 2, "sampling_error": False}
    settings = Settings(family="gaussian", generations=chosen["generation"], options=options)
    return last(settings, "variance", replicates, seed)


@cache
def _fitted(separation: float, generation: int) -> float:
    return float(_one_for_two({"separation": separation, "generation": generation}, 1, 0)[0])


def _divergence(chosen: Chosen, replicates: int, seed: int) -> Floats:
    """Return log ratios of the truth's density to that of the lab's fit at draws from the truth, whose mean is the divergence."""
    rng, half = numpy.random.default_rng(seed), chosen["separation"] / 2
    variance = _fitted(chosen["separation"], chosen["generation"])
    x = rng.standard_normal(replicates) + half * rng.choice([-1.0, 1.0], size=replicates)
    truth = numpy.logaddexp(-numpy.square(x - half) / 2, -numpy.square(x + half) / 2) - numpy.log(2)
    return numpy.asarray(truth + numpy.square(x) / (2 * variance) + numpy.log(variance) / 2)


def _descended(chosen: Chosen, replicates: int, seed: int) -> Floats:
    """Return the mean after generations that each take some gradient steps from 0 towards the mean of the one before."""
    mean = chosen["start_mean"]
    for _ in range(chosen["generation"]):
        target, mean = mean, 0.0
        for _ in range(chosen["steps_taken"]):
            mean -= chosen["rate"] * (mean - target)
    return numpy.full(replicates, mean)


def _distilled(chosen: Chosen, replicates: int, seed: int) -> Floats:
    """Return what kernel ridge regression on its own predictions leaves of a component of the labels."""
    rng = numpy.random.default_rng(seed)
    basis, _ = numpy.linalg.qr(rng.standard_normal((12, 12)))
    values = numpy.array([chosen["eigenvalue"], *rng.uniform(0.1, 5, size=11)])
    gram = basis @ numpy.diag(values) @ basis.T
    labels = basis @ rng.standard_normal(12)
    first = float(basis[:, 0] @ labels)
    for _ in range(chosen["generation"]):
        labels = gram @ numpy.linalg.solve(gram + chosen["penalty"] * numpy.eye(12), labels)
    return numpy.full(replicates, float(basis[:, 0] @ labels) / first)


def _optimised(rng: numpy.random.Generator) -> Chosen:
    start, rate = round(float(rng.uniform(-5, 5)), 2), round(float(rng.uniform(0.05, 1.5)), 2)
    return {"start_mean": start, "rate": rate, "steps_taken": int(rng.integers(1, 8)), "generation": int(rng.integers(1, 12))}


def _shrunk(rng: numpy.random.Generator) -> Chosen:
    eigenvalue, penalty = round(float(rng.uniform(0.2, 6)), 2), round(float(rng.uniform(0.05, 2)), 2)
    return {"eigenvalue": eigenvalue, "penalty": penalty, "generation": int(rng.integers(1, 10))}


def _apart(rng: numpy.random.Generator) -> Chosen:
    return {"separation": round(float(rng.uniform(1, 10)), 2), "generation": int(rng.integers(1, 10))}


def _without(chosen: Chosen, *names: str) -> dict[str, Any]:
    return {name: value for name, value in chosen.items() if name not in ("generation", *names)}


add(
    Check(
        case="28",
        quantity="mean variance of the rows of a kernel density, replace",
        kind="exact",
        predicted=lambda c: distortion.kernel_data_variance([c["generation"]], **_rows(c))[0],
        simulated=lambda c, replicates, seed: _kde(c, replicates, seed, bandwidth=c["bandwidth"]),
        stated=KERNEL,
        draw=_kernel,
        batch=1_000,
    ),
    Check(
        case="28",
        quantity="mean variance of a kernel density, replace",
        kind="exact",
        predicted=lambda c: distortion.kernel_model_variance([c["generation"]], **_rows(c))[0],
        simulated=lambda c, replicates, seed: _kde(c, replicates, seed, bandwidth=c["bandwidth"]) + c["bandwidth"] ** 2,
        stated=KERNEL[:2],
        draw=_kernel,
        batch=1_000,
    ),
    Check(
        case="28",
        quantity="mean square of the mean of a kernel density, replace",
        kind="exact",
        predicted=lambda c: distortion.kernel_mean_square([c["generation"]], **_rows(c))[0],
        simulated=_kernel_mean,
        stated=({"samples": 200, "bandwidth": 0.3, "generation": 11},),
        draw=_kernel,
        batch=4_000,
    ),
    Check(
        case="28",
        quantity="mean variance of the rows, bandwidth by the rule of thumb",
        kind="exact",
        predicted=lambda c: (1 - 1 / c["samples"]) * distortion.kernel_rule_growth(samples=c["samples"]) ** (c["generation"] - 1),
        simulated=lambda c, replicates, seed: _kde(c, replicates, seed, bandwidth="scott"),
        stated=({"samples": 100, "generation": 2}, {"samples": 100, "generation": 11}),
        draw=lambda rng: {"samples": int(rng.integers(20, 150)), "generation": int(rng.integers(2, 10))},
        batch=1_000,
    ),
    Check(
        case="28",
        quantity="mean variance of the rows of a kernel density, fresh share",
        kind="exact",
        predicted=_mixed_kernel,
        simulated=lambda c, replicates, seed: _kde(c, replicates, seed, f"fresh:{c['share']}", bandwidth=c["bandwidth"]),
        stated=({"share": 0.5, "bandwidth": 0.6, "samples": 100, "generation": 10},),
        draw=_mixture,
        batch=1_000,
    ),
    Check(
        case="28",
        quantity="variance of a kernel density, fresh share, large samples",
        kind="asymptotic",
        predicted=lambda c: distortion.kernel_mixing_variance(
            [c["generation"]], share=c["share"], bandwidth=c["bandwidth"], real_variance=c["spread"]
        )[0],
        simulated=lambda c, replicates, seed: (
            _kde(c, replicates, seed, f"fresh:{c['share']}", bandwidth=c["bandwidth"], spread=c["spread"]) + c["bandwidth"] ** 2
        ),
        stated=tuple({**WIDE, "generation": at} for at in (1, 2, 10)),
        draw=lambda rng: {**WIDE, "share": int(rng.integers(2, 9)) / 10, "generation": int(rng.integers(2, 10))},
        tolerance=lambda c, predicted: predicted / (c["share"] * c["samples"]),
        order="1/(a n) of it",
        batch=500,
    ),
    Check(
        case="29",
        quantity="entropy of what is written, temperature",
        kind="exact",
        predicted=lambda c: sampling.tempered_entropy([c["generation"]], law=_law(c), temperature=c["temperature"])[0],
        simulated=lambda c, replicates, seed: _sharpened(c, "entropy", replicates, seed, temperature=c["temperature"]),
        stated=tuple({"types": 100, "law": "harmonic", "temperature": tau, "generation": 5} for tau in (0.8, 1.25)),
        draw=_tempering,
        batch=2,
    ),
    Check(
        case="29",
        quantity="probability of the commonest category, temperature",
        kind="exact",
        predicted=lambda c: float(sampling.tempered_law(law=_law(c), temperature=c["temperature"], generation=c["generation"]).max()),
        simulated=_probability,
        stated=({"types": 100, "law": "harmonic", "temperature": 0.8, "generation": 5},),
        draw=_tempering,
        batch=2,
    ),
    Check(
        case="29",
        quantity="categories left, top-p",
        kind="exact",
        predicted=lambda c: sampling.top_p_support([c["generation"]], law=_law(c), top_p=c["top_p"])[0],
        simulated=lambda c, replicates, seed: _sharpened(c, "support", replicates, seed, top_p=c["top_p"]),
        stated=tuple({"types": 1000, "law": "harmonic", "top_p": 0.95, "generation": at} for at in (1, 2, 3, 4, 5)),
        draw=_nucleus,
        batch=2,
    ),
    Check(
        case="29",
        quantity="original mass of the categories left, top-p",
        kind="exact",
        predicted=lambda c: sampling.top_p_mass([c["generation"]], law=_law(c), top_p=c["top_p"])[0],
        simulated=_kept_mass,
        stated=tuple({"types": 1000, "law": "harmonic", "top_p": 0.95, "generation": at} for at in (1, 2, 3, 4, 5)),
        draw=_nucleus,
        batch=2,
    ),
    Check(
        case="29",
        quantity="variance left of a cut Gaussian",
        kind="exact",
        predicted=lambda c: distortion.gaussian_cut_factor(threshold=c["threshold"]),
        simulated=lambda c, replicates, seed: _cut({**c, "samples": 100, "generation": 1, "biased_first": True}, replicates, seed),
        stated=tuple({"threshold": threshold} for threshold in (1.0, 1.645, 2.0, 3.0)),
        draw=lambda rng: {"threshold": round(float(rng.uniform(0.8, 3)), 2)},
        batch=4_000,
    ),
    Check(
        case="29",
        quantity="mean variance of a Gaussian cut in every generation",
        kind="exact",
        predicted=lambda c: distortion.gaussian_cut_variance([c["generation"]], threshold=c["threshold"], biased_first=c["biased_first"])[
            0
        ],
        simulated=_cut,
        stated=tuple({"threshold": 2.0, "samples": 100, "generation": 5, "biased_first": first} for first in (True, False)),
        draw=_truncating,
        batch=4_000,
    ),
    Check(
        case="30",
        quantity="statistical error alone: mean square of the mean, of the order 1/n",
        kind="exact",
        predicted=lambda c: gaussian.gaussian_replace_mean_square([c["generation"]], samples=c["samples"], ddof=0)[0],
        simulated=lambda c, replicates, seed: last(
            Settings(family="gaussian", generations=c["generation"], samples=c["samples"]), "mean_square", replicates, seed
        ),
        stated=tuple({"samples": samples, "generation": 10} for samples in (50, 200, 800)),
        draw=lambda rng: {"samples": int(rng.integers(30, 1000)), "generation": int(rng.integers(2, 15))},
    ),
    Check(
        case="30",
        quantity="too small a family alone: variance of one Gaussian for two modes",
        kind="exact",
        predicted=lambda c: distortion.single_gaussian_variance([c["generation"]], separation=c["separation"])[0],
        simulated=_one_for_two,
        stated=tuple({"separation": 4.0, "generation": at} for at in (1, 2, 10)),
        draw=_apart,
        batch=2,
    ),
    Check(
        case="30",
        quantity="too small a family alone: divergence from the truth",
        kind="exact",
        predicted=lambda c: distortion.single_gaussian_divergence([c["generation"]], separation=c["separation"])[0],
        simulated=_divergence,
        stated=tuple({"separation": 4.0, "generation": at} for at in (1, 10)),
        draw=_apart,
    ),
    Check(
        case="30",
        quantity="imperfect optimiser alone: mean after a few gradient steps",
        kind="exact",
        predicted=lambda c: distortion.gradient_fit_mean([c["generation"]], **_without(c))[0],
        simulated=_descended,
        stated=({"start_mean": 3.0, "rate": 0.3, "steps_taken": 4, "generation": 6},),
        draw=_optimised,
        batch=2,
    ),
    Check(
        case="30",
        quantity="imperfect optimiser alone: the lab's mean, trained part of the way",
        kind="exact",
        predicted=lambda c: distortion.gradient_fit_mean([c["generation"]], start_mean=3.0, rate=c["rate"], steps_taken=1)[0] ** 2,
        simulated=lambda c, replicates, seed: every(
            Settings(
                family="gaussian",
                generations=c["generation"],
                options={"pull": c["rate"], "true_mean": 3.0, "sampling_error": False},
            ),
            "mean_square",
            replicates,
            seed,
        )[-1],
        stated=({"rate": 0.7, "generation": 6},),
        draw=lambda rng: {"rate": round(float(rng.uniform(0.1, 1)), 2), "generation": int(rng.integers(1, 10))},
        batch=2,
    ),
    Check(
        case="30",
        quantity="regularisation alone: component left by ridge self-distillation",
        kind="exact",
        predicted=lambda c: distortion.ridge_component([c["generation"]], **_without(c))[0],
        simulated=_distilled,
        stated=({"eigenvalue": 2.0, "penalty": 0.5, "generation": 5},),
        draw=_shrunk,
        batch=2,
    ),
)
