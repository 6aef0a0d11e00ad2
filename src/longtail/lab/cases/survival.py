"""Checks of how long rare types, Poisson rates, modes and words live under replacement: cases 12, 13, 14 and 34."""

from collections.abc import Callable
from typing import Any

import numpy

from longtail.lab.cases.check import Check, Chosen, add, last
from longtail.lab.learner import Floats
from longtail.lab.learners.categorical import law_of
from longtail.lab.learners.ngram import NGram
from longtail.lab.settings import Settings
from longtail.lab.theory import survival as forms

Counted = Callable[[Chosen, int, int], Floats]


def _series(family: str, series: str, *options: str) -> Counted:
    """Return a simulation of replacement that ends in generation `generation` and hands the family some settings."""

    def simulated(c: Chosen, replicates: int, seed: int) -> Floats:
        handed = {name: c[name] for name in options}
        return last(Settings(family=family, generations=c["generation"], samples=c["samples"], options=handed), series, replicates, seed)

    return simulated


present = _series("bernoulli", "present", "p")
unabsorbed = _series("bernoulli", "alive", "p")
poisson_alive = _series("poisson", "alive", "rate")
vocabulary = _series("categorical", "support", "types", "law")
modes = _series("gmm", "modes_alive", "components")


def _at(form: Callable[..., Any], *names: str) -> Callable[[Chosen], float]:
    """Return the prediction of a form of generations and some settings."""
    return lambda c: float(form([c["generation"]], **{name: c[name] for name in names})[0])


def _vocabulary(form: Callable[..., Any]) -> Callable[[Chosen], float]:
    return lambda c: float(form([c["generation"]], samples=c["samples"], law=law_of(c["law"], c["types"]))[0])


def _modes(form: Callable[..., Any]) -> Callable[[Chosen], float]:
    return lambda c: float(form([c["generation"]], samples=c["samples"], modes=c["components"])[0])


def _half(c: Chosen, step: int) -> Chosen:
    """Return the settings of a Poisson loop that is `step` generations from its half-life."""
    return {"samples": 10, "rate": c["mean"] / 10, "generation": int(forms.survival_half_life(mean=c["mean"])) + step}


def words_left(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return how many words a bigram model writes when each generation learns from as many words of the last, as one document."""
    rng = numpy.random.default_rng([seed, 34])
    law, found = law_of(c["law"], c["types"]), []
    for _ in range(replicates):
        words = numpy.asarray(rng.choice(c["types"], size=c["samples"], p=law)).astype(str).tolist()
        for _ in range(c["generation"] - 1):
            words = _written(NGram(2, max_words=c["samples"]).fit([" ".join(words)]), c["samples"], rng)
        found.append(len(set(words)))
    return numpy.array(found, dtype=numpy.float64)


def _written(model: NGram, length: int, rng: numpy.random.Generator) -> list[str]:
    """Return words of a model, which begins again where its document ends."""
    words: list[str] = []
    while len(words) < length:
        words += model.sample(1, rng)[0].split()
    return words[:length]


def _rare(rng: numpy.random.Generator) -> Chosen:
    n = int(rng.integers(30, 400))
    return {"samples": n, "p": round(rng.uniform(0.5, 4) / n, 5), "generation": int(rng.integers(1, 40))}


def _rate(rng: numpy.random.Generator) -> Chosen:
    n, k = int(rng.integers(2, 40)), int(rng.integers(1, 60))
    return {"samples": n, "rate": round(rng.uniform(0.1, 1.2) * k / n, 3), "generation": k}


def _words(rng: numpy.random.Generator) -> Chosen:
    law = str(rng.choice(["zipf:1:2.7", "harmonic", "zipf:0.8"]))
    return {
        "types": int(rng.integers(100, 600)),
        "law": law,
        "samples": int(rng.integers(200, 1000)),
        "generation": int(rng.integers(1, 12)),
    }


def _separate(rng: numpy.random.Generator) -> Chosen:
    return {"components": int(rng.integers(3, 20)), "samples": int(rng.integers(30, 150)), "generation": int(rng.integers(2, 60))}


def _spoken(rng: numpy.random.Generator) -> Chosen:
    sizes = {"types": int(rng.integers(20, 60)), "samples": int(rng.integers(400, 800))}
    return {**sizes, "law": "harmonic", "generation": int(rng.integers(3, 6))}


ZIPF = tuple({"types": 1000, "law": "zipf:1:2.7", "samples": 1000, "generation": k} for k in (1, 2, 5, 10))
TAIL = tuple({"samples": 100, "p": 0.01, "generation": k} for k in (1, 2, 5, 10, 20, 50))
MODES = ({"components": 25, "samples": 100, "generation": 50},)
HALF = ({"mean": 1.0}, {"mean": 5.0})


def _mean(rng: numpy.random.Generator) -> Chosen:
    return {"mean": round(rng.uniform(0.8, 15), 1)}


def _bounds(case: str, what: str, simulated: Counted, lower: Callable[..., Any], upper: Callable[..., Any] | None) -> None:
    """Put bounds on the chances of a rare type on the list."""
    for side, form in (("lower", lower), ("upper", upper)):
        if form is None:
            continue
        add(
            Check(
                case=case,
                quantity=f"{what}, {side} bound",
                kind="bound_lower" if side == "lower" else "bound_upper",
                predicted=_at(form, "samples", "p"),
                simulated=simulated,
                stated=TAIL,
                draw=_rare,
                batch=20_000,
            )
        )


add(
    Check(
        case="12",
        quantity="chance that one sample misses a type",
        kind="exact",
        predicted=lambda c: forms.survival_missed_once(samples=c["samples"], p=c["p"]),
        simulated=lambda c, replicates, seed: 1 - present({**c, "generation": 1}, replicates, seed),
        stated=({"samples": 1000, "p": 0.0005},),
        draw=lambda rng: {name: _rare(rng)[name] for name in ("samples", "p")},
        batch=2000,
    ),
    Check(
        case="12",
        quantity="chance that a type is alive, exact chain",
        kind="exact",
        predicted=_at(forms.survival_exact, "samples", "p"),
        simulated=present,
        stated=TAIL,
        draw=_rare,
        batch=20_000,
    ),
    Check(
        case="12",
        quantity="types alive, exact chain",
        kind="exact",
        predicted=_vocabulary(forms.expected_support),
        simulated=vocabulary,
        stated=ZIPF,
        draw=_words,
        batch=500,
    ),
    Check(
        case="12",
        quantity="types alive, lower bound",
        kind="bound_lower",
        predicted=_vocabulary(forms.expected_support_bound),
        simulated=vocabulary,
        stated=ZIPF,
        draw=_words,
        batch=500,
    ),
    Check(
        case="12",
        quantity="alive in the generation before the half-life (at least 1/2)",
        kind="bound_lower",
        predicted=lambda c: 0.5,
        simulated=lambda c, replicates, seed: poisson_alive(_half(c, -1), replicates, seed),
        stated=HALF,
        draw=_mean,
        batch=2000,
    ),
    Check(
        case="12",
        quantity="alive in the generation of the half-life (at most 1/2)",
        kind="bound_upper",
        predicted=lambda c: 0.5,
        simulated=lambda c, replicates, seed: poisson_alive(_half(c, 0), replicates, seed),
        stated=HALF,
        draw=_mean,
        batch=2000,
    ),
    Check(
        case="13",
        quantity="chance that a Poisson rate is not 0",
        kind="exact",
        predicted=_at(forms.poisson_alive, "samples", "rate"),
        simulated=poisson_alive,
        stated=tuple({"samples": 10, "rate": 1.0, "generation": k} for k in (5, 20, 100, 500)),
        draw=_rate,
        batch=20_000,
    ),
    Check(
        case="34",
        quantity="modes alive, exact chain",
        kind="exact",
        predicted=_modes(forms.modes_alive),
        simulated=modes,
        stated=MODES,
        draw=_separate,
        batch=2000,
    ),
    Check(
        case="34",
        quantity="modes alive, lower bound",
        kind="bound_lower",
        predicted=_modes(forms.modes_alive_bound),
        simulated=modes,
        stated=MODES,
        draw=_separate,
        batch=2000,
    ),
    Check(
        case="34",
        quantity="words that a bigram model writes, lower bound",
        kind="bound_lower",
        predicted=_vocabulary(forms.expected_support_bound),
        simulated=words_left,
        stated=tuple({"types": 50, "law": "harmonic", "samples": 1000, "generation": k} for k in (1, 2, 5, 10)),
        draw=_spoken,
        batch=20,
    ),
)
_bounds("12", "chance that a type is alive", present, forms.survival_bound, None)
_bounds("14", "chance that a share is not 0", present, forms.bernoulli_alive_lower, forms.bernoulli_alive_upper)
_bounds("14", "chance that a share is neither 0 nor 1", unabsorbed, forms.bernoulli_unabsorbed_lower, forms.bernoulli_unabsorbed_upper)
