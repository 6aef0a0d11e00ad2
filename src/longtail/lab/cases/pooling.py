"""Checks of pools that keep earlier generations: cases 5, 6, 7 and 20."""

from typing import Any

import numpy
from scipy import integrate, special, stats

from longtail.lab.cases.check import Check, Chosen, add, ends, last
from longtail.lab.learner import Floats
from longtail.lab.learners.categorical import law_of, tail
from longtail.lab.settings import Settings
from longtail.lab.theory import pooling as forms
from longtail.lab.theory.moments import Moments

CHEAP = ("replace", "accumulate", "grown", "augment", "window:3", "fresh:0.2", "expanding:0.3", "weighted:0.6,0.5")
COSTLY = ("fixed_budget", "fresh:0.2,3", "keep_original:0.4", "blend:0.5,0.25,0.25", "edit:0.4")
FIRST = {"samples": 100, "generation": 10}


def _gaussian(chosen: Chosen, policy: str, **options: Any) -> Settings:
    return Settings(family="gaussian", policy=policy, generations=chosen["generation"], samples=chosen["samples"], options=options)


def _types(chosen: Chosen, policy: str) -> Settings:
    options = {"types": chosen["types"], "law": chosen["law"]}
    return Settings(family="categorical", policy=policy, generations=chosen["generation"], samples=chosen["samples"], options=options)


def _variety(chosen: Chosen, policy: str, replicates: int, seed: int) -> Floats:
    """Return the chance that two draws from a model differ."""
    return 1 - last(_types(chosen, policy), "simpson", replicates, seed)


def _law(chosen: Chosen) -> Floats:
    return law_of(chosen["law"], chosen["types"])


def _expanding(chosen: Chosen, name: str, replicates: int, seed: int) -> Floats:
    settings = _gaussian(chosen, f"expanding:{chosen['share']}", variance_scale=chosen["scale"])
    return last(settings, name, replicates, seed)


def _accumulated(chosen: Chosen) -> Moments:
    human = round(chosen["share"] * chosen["samples"])
    settings = {"samples": chosen["samples"] - human, "real": human, "scale": chosen["scale"], "first": chosen["samples"]}
    return forms.accumulate_moments([chosen["generation"]], **settings)


def _budget(chosen: Chosen, name: str, replicates: int, seed: int) -> Floats:
    return last(_gaussian(chosen, "fixed_budget", variance_scale=chosen.get("scale", 1.0)), name, replicates, seed)


def _budgeted(chosen: Chosen) -> Moments:
    return forms.fixed_budget_moments([chosen["generation"]], samples=chosen["samples"], scale=chosen.get("scale", 1.0))


def _conserved(chosen: Chosen, replicates: int, seed: int) -> Floats:
    mean_square, variance = ends(_gaussian(chosen, chosen["policy"]), ("mean_square", "variance"), replicates, seed)
    return mean_square + variance


def _tail_mass(chosen: Chosen) -> float:
    law = _law(chosen)
    return float(law[tail(law)].sum())


def _poisson(chosen: Chosen, policy: str, replicates: int, seed: int) -> Floats:
    """Return the squared error of a Poisson mean in units of that of the first fit, rate/n."""
    options = {"rate": chosen["rate"]}
    settings = Settings(family="poisson", policy=policy, generations=chosen["generation"], samples=chosen["samples"], options=options)
    return last(settings, "mean_square", replicates, seed) * float(chosen["samples"] / chosen["rate"])


def _exponential(chosen: Chosen, replicates: int, seed: int) -> Floats:
    """Return the squared error of an exponential rate, fitted by maximum likelihood to everything so far, in units of 1/n."""
    rng, n = numpy.random.default_rng(seed), chosen["samples"]
    total, rate = numpy.zeros(replicates), numpy.ones(replicates)
    for generation in range(1, chosen["generation"] + 1):
        total += rng.standard_gamma(n, size=replicates) / rate
        rate = n * generation / total
    return numpy.asarray(n * numpy.square(rate - 1))


def _median(chosen: Chosen, replicates: int, seed: int) -> Floats:
    """Return the squared error of a sample median that each generation replaces, in units of that of the first."""
    rng, n = numpy.random.default_rng(seed), chosen["samples"]
    centre = numpy.zeros(replicates)
    for _ in range(chosen["generation"]):
        centre += numpy.median(rng.standard_normal((replicates, n)), axis=1)
    half = (n + 1) / 2
    first, _ = integrate.quad(lambda u: special.ndtri(u) ** 2 * stats.beta.pdf(u, half, half), 0, 1, epsabs=1e-13)
    return numpy.asarray(numpy.square(centre) / first)


def _pool(rng: numpy.random.Generator) -> Chosen:
    return {"samples": int(rng.integers(5, 200)), "generation": int(rng.integers(2, 40))}


def _small(rng: numpy.random.Generator) -> Chosen:
    return {"samples": int(rng.integers(5, 40)), "generation": int(rng.integers(2, 15)), "scale": round(float(rng.uniform(0.6, 1.2)), 2)}


def _vocabulary(rng: numpy.random.Generator) -> Chosen:
    law = str(rng.choice(["uniform", "harmonic", "zipf:1.5"]))
    return {"types": int(rng.integers(3, 60)), "law": law, "samples": int(rng.integers(10, 200)), "generation": int(rng.integers(2, 20))}


def _mixed(rng: numpy.random.Generator) -> Chosen:
    """Draw a policy with its settings, each share a number of whole rows."""
    a, b = (int(each) * 0.1 for each in rng.integers(2, 8, size=2))
    specs = [f"window:{rng.integers(2, 6)}", f"fresh:{a:.1f}", f"fresh:{a:.1f},{rng.integers(2, 5)}", f"expanding:{a:.1f}"]
    specs += ["augment", "fixed_budget", f"keep_original:{a:.1f}", f"weighted:{b:.1f},{a:.1f}", f"edit:{a:.1f}"]
    return {"policy": str(rng.choice(specs)), "samples": int(rng.integers(1, 6)) * 10, "generation": int(rng.integers(2, 9))}


def _spread(rng: numpy.random.Generator) -> Chosen:
    share = int(rng.integers(1, 9)) / 10
    return {"share": share, "scale": round(float(rng.uniform(0.6, 1.3)), 2), "samples": 10 * int(rng.integers(1, 15)), "generation": 12}


def _shares(policy: str) -> Chosen:
    return {"policy": policy, "types": 30, "law": "harmonic", "samples": 60, "generation": 6}


def _counts(rng: numpy.random.Generator) -> Chosen:
    return {"rate": round(float(rng.uniform(0.5, 20)), 2), "samples": int(rng.integers(20, 300)), "generation": int(rng.integers(2, 40))}


add(
    Check(
        case="5",
        quantity="mean variance, accumulate",
        kind="exact",
        predicted=lambda c: forms.accumulate_variance([c["generation"]], samples=c["samples"])[0],
        simulated=lambda c, replicates, seed: last(_gaussian(c, "accumulate"), "variance", replicates, seed),
        stated=tuple({"samples": n, "generation": t} for n in (10, 100) for t in (1, 2, 5, 20)),
        draw=_pool,
    ),
    Check(
        case="5",
        quantity="mean square of the mean, accumulate",
        kind="exact",
        predicted=lambda c: forms.accumulate_mean_square([c["generation"]], samples=c["samples"])[0],
        simulated=lambda c, replicates, seed: last(_gaussian(c, "accumulate"), "mean_square", replicates, seed),
        stated=({"samples": 10, "generation": 20}, {"samples": 100, "generation": 20}),
        draw=_pool,
    ),
    Check(
        case="5",
        quantity="limit of the mean variance, accumulate",
        kind="asymptotic",
        predicted=lambda c: forms.accumulate_variance_limit(samples=c["samples"]),
        simulated=lambda c, replicates, seed: last(_gaussian(c, "accumulate"), "variance", replicates, seed),
        stated=({"samples": 10, "generation": 200}, {"samples": 100, "generation": 200}),
        draw=lambda rng: {"samples": int(rng.integers(4, 100)), "generation": 150},
        tolerance=lambda c, predicted: predicted / (c["samples"] * c["generation"]),
        order="factors still to come: 1/(n t) of it",
    ),
    Check(
        case="5",
        quantity="chance that two draws differ, accumulate",
        kind="exact",
        predicted=lambda c: forms.accumulate_heterozygosity([c["generation"]], samples=c["samples"], shares=list(_law(c)))[0],
        simulated=lambda c, replicates, seed: _variety(c, "accumulate", replicates, seed),
        stated=(
            {"types": 20, "law": "harmonic", "samples": 20, "generation": 10},
            {"types": 20, "law": "harmonic", "samples": 200, "generation": 50},
        ),
        draw=_vocabulary,
        batch=2_000,
    ),
    Check(
        case="5",
        quantity="categories alive, accumulate: those of the first sample",
        kind="exact",
        predicted=lambda c: forms.accumulate_alive([c["generation"]], first=c["samples"], shares=list(_law(c)))[0],
        simulated=lambda c, replicates, seed: last(_types(c, "accumulate"), "support", replicates, seed),
        stated=({"types": 50, "law": "harmonic", "samples": 20, "generation": 50},),
        draw=_vocabulary,
        batch=2_000,
    ),
    Check(
        case="5",
        quantity="mean variance, everything kept, fresh share, biased sampling",
        kind="exact",
        predicted=lambda c: _accumulated(c).variance[0],
        simulated=lambda c, replicates, seed: _expanding(c, "variance", replicates, seed),
        stated=({"share": 0.25, "scale": 1.0, "samples": 100, "generation": 50},),
        draw=_spread,
    ),
    Check(
        case="5",
        quantity="mean square of the mean, everything kept, fresh share, biased sampling",
        kind="exact",
        predicted=lambda c: _accumulated(c).mean_square[0],
        simulated=lambda c, replicates, seed: _expanding(c, "mean_square", replicates, seed),
        stated=({"share": 0.25, "scale": 1.0, "samples": 100, "generation": 50},),
        draw=_spread,
    ),
    Check(
        case="6",
        quantity="mean variance, fixed budget",
        kind="exact",
        predicted=lambda c: _budgeted(c).variance[0],
        simulated=lambda c, replicates, seed: _budget(c, "variance", replicates, seed),
        stated=tuple({"samples": n, "generation": t} for n, t in ((10, 2), (10, 10), (10, 50), (50, 20), (100, 20))),
        draw=_small,
        batch=500,
    ),
    Check(
        case="6",
        quantity="mean square of the mean, fixed budget",
        kind="exact",
        predicted=lambda c: _budgeted(c).mean_square[0],
        simulated=lambda c, replicates, seed: _budget(c, "mean_square", replicates, seed),
        stated=({"samples": 10, "generation": 10}, {"samples": 10, "generation": 20}, {"samples": 50, "generation": 10}),
        draw=_small,
        batch=4_000,
    ),
    Check(
        case="6",
        quantity="n times the mean square of the mean, fixed budget",
        kind="asymptotic",
        predicted=lambda c: forms.fixed_budget_loss([c["generation"]])[0],
        simulated=lambda c, replicates, seed: c["samples"] * _budget(c, "mean_square", replicates, seed),
        stated=({"samples": 100, "generation": 10},),
        draw=lambda rng: {"samples": int(rng.integers(20, 80)), "generation": int(rng.integers(2, 10))},
        tolerance=lambda c, predicted: 1.2 * predicted / c["samples"],
        order="1.2/n of it",
        batch=4_000,
    ),
    Check(
        case="6",
        quantity="limit of n times the mean square of the mean, fixed budget",
        kind="asymptotic",
        predicted=lambda c: forms.fixed_budget_loss_limit(),
        simulated=lambda c, replicates, seed: c["samples"] * _budget(c, "mean_square", replicates, seed),
        stated=({"samples": 20, "generation": 30},),
        draw=lambda rng: {"samples": int(rng.integers(10, 30)), "generation": int(rng.integers(15, 25))},
        tolerance=lambda c, predicted: 1.2 * predicted * (1 / c["samples"] + 1 / c["generation"]),
        order="1.2 (1/n + 1/t) of it",
        batch=4_000,
    ),
    Check(
        case="6",
        quantity="chance that two draws differ, fixed budget",
        kind="exact",
        predicted=lambda c: (1 - float(numpy.square(_law(c)).sum())) * float(_budgeted(c).variance[0]),
        simulated=lambda c, replicates, seed: _variety(c, "fixed_budget", replicates, seed),
        stated=({"types": 20, "law": "harmonic", "samples": 50, "generation": 20},),
        draw=_vocabulary,
        batch=200,
    ),
    Check(
        case="7",
        quantity="variance plus mean square of the mean, any policy",
        kind="exact",
        predicted=lambda c: forms.conserved_total([c["generation"]])[0],
        simulated=_conserved,
        stated=tuple({"policy": policy, **FIRST} for policy in CHEAP),
        draw=_mixed,
        batch=4_000,
    ),
    Check(
        case="7",
        quantity="variance plus mean square of the mean, policies that draw rows",
        kind="exact",
        predicted=lambda c: forms.conserved_total([c["generation"]])[0],
        simulated=_conserved,
        stated=tuple({"policy": policy, "samples": 20, "generation": 8} for policy in COSTLY),
        draw=_mixed,
        batch=2_000,
    ),
    Check(
        case="7",
        quantity="mean share of the rare tenth, any policy",
        kind="exact",
        predicted=_tail_mass,
        simulated=lambda c, replicates, seed: last(_types(c, c["policy"]), "tail_mass", replicates, seed),
        stated=tuple(_shares(policy) for policy in ("replace", "accumulate", "augment", "window:3", "fresh:0.2", "weighted:0.6,0.5")),
        draw=lambda rng: {**_vocabulary(rng), "policy": f"fresh:{int(rng.integers(1, 9)) / 10}", "samples": 50},
        batch=4_000,
    ),
    Check(
        case="20",
        quantity="squared error of a Poisson mean in first errors, accumulate",
        kind="asymptotic",
        predicted=lambda c: forms.accumulate_error_ratio([c["generation"]])[0],
        simulated=lambda c, replicates, seed: _poisson(c, "accumulate", replicates, seed),
        stated=({"rate": 1.0, "samples": 100, "generation": 30},),
        draw=_counts,
        order="none needed: exact for a mean",
    ),
    Check(
        case="20",
        quantity="squared error of an exponential rate in first errors, accumulate",
        kind="asymptotic",
        predicted=lambda c: forms.accumulate_error_ratio([c["generation"]])[0],
        simulated=_exponential,
        stated=({"samples": 1000, "generation": 30},),
        draw=lambda rng: {"samples": int(rng.integers(200, 2000)), "generation": int(rng.integers(2, 40))},
        tolerance=lambda c, predicted: 6 * predicted / c["samples"],
        order="6/n of it",
    ),
    Check(
        case="20",
        quantity="limit of the squared error in first errors, accumulate",
        kind="asymptotic",
        predicted=lambda c: forms.accumulate_error_ratio_limit(),
        simulated=lambda c, replicates, seed: _poisson(c, "accumulate", replicates, seed),
        stated=({"rate": 1.0, "samples": 100, "generation": 100},),
        draw=lambda rng: {**_counts(rng), "generation": 80},
        tolerance=lambda c, predicted: 1 / c["generation"],
        order="terms still to come: 1/t",
    ),
    Check(
        case="20",
        quantity="squared error of a Poisson mean in first errors, replace",
        kind="asymptotic",
        predicted=lambda c: forms.replace_error_ratio([c["generation"]])[0],
        simulated=lambda c, replicates, seed: _poisson(c, "replace", replicates, seed),
        stated=({"rate": 1.0, "samples": 100, "generation": 10},),
        draw=_counts,
        order="none needed: exact for a mean",
    ),
    Check(
        case="20",
        quantity="squared error of a sample median in first errors, replace",
        kind="asymptotic",
        predicted=lambda c: forms.replace_error_ratio([c["generation"]])[0],
        simulated=_median,
        stated=({"samples": 101, "generation": 10},),
        draw=lambda rng: {"samples": 2 * int(rng.integers(5, 60)) + 1, "generation": int(rng.integers(2, 8))},
        batch=4_000,
        order="none needed: exact where only the location is fitted",
    ),
)
