"""Checks of loops that hold real data, against biased sampling and with weights: cases 8, 9 and 10."""

import math
from typing import Any

import numpy

from longtail.lab.cases.check import Check, Chosen, add, last
from longtail.lab.learner import Floats
from longtail.lab.settings import Settings
from longtail.lab.theory import gaussian, mixing
from longtail.lab.theory.moments import Moments, Point

SETTLED = 1e-4
"""Share of the first deviation that may be left where a fixed point is compared."""
MIXED = tuple(
    {"real": real, "synthetic": synthetic, "ddof": ddof, "scale": scale, "loop": loop}
    for loop, real, synthetic, ddof, scale in (
        ("fresh", 20, 80, 0, 1.0),
        ("fresh", 20, 80, 1, 1.0),
        ("fresh", 100, 900, 1, 1.0),
        ("fresh", 50, 50, 1, 1.0),
        ("fresh", 20, 80, 1, 0.8),
        ("fresh", 100, 900, 1, 0.8),
        ("augment", 20, 80, 0, 1.0),
        ("augment", 50, 50, 0, 1.0),
    )
)
EFFECTIVE = tuple(
    {"real": real, "synthetic": synthetic, "ddof": 1, "scale": scale, "loop": "fresh"}
    for real, scale, synthetics in ((100, 1.0, (10, 100, 1000)), (100, 0.85, (10, 100, 1000)), (1000, 0.85, (100, 300)))
    for synthetic in synthetics
)
RATIOS = tuple({"real": 100, "synthetic": synthetic} for synthetic in (100, 400, 25, 10_000))


def _policy(chosen: Chosen) -> str:
    return "augment" if chosen["loop"] == "augment" else f"fresh:{chosen['real'] / (chosen['real'] + chosen['synthetic'])!r}"


def _loop(chosen: Chosen, name: str, replicates: int, seed: int) -> Floats:
    """Return a series of a loop on so many real and synthetic rows, whose first fit is on the real ones alone."""
    settings = Settings(
        family="gaussian",
        policy=_policy(chosen),
        generations=chosen.get("generation", _settled(chosen)),
        samples=chosen["synthetic"] + (0 if chosen["loop"] == "augment" else chosen["real"]),
        real=chosen["real"],
        options={"ddof": chosen["ddof"], "variance_scale": chosen["scale"]},
    )
    return last(settings, name, replicates, seed)


def _settled(chosen: Chosen) -> int:
    """Return a generation at which a loop is within `SETTLED` of its fixed point."""
    return 2 + math.ceil(math.log(SETTLED) / math.log(chosen["synthetic"] / (chosen["real"] + chosen["synthetic"])))


def _moments(chosen: Chosen) -> Moments:
    names = ("real", "synthetic", "ddof", "scale")
    form = mixing.augment_moments if chosen["loop"] == "augment" else mixing.fresh_moments
    found: Moments = form([chosen["generation"]], **{name: chosen[name] for name in names})
    return found


def _point(chosen: Chosen) -> Point:
    form = mixing.augment_fixed_point if chosen["loop"] == "augment" else mixing.fresh_fixed_point
    found: Point = form(**{name: chosen[name] for name in ("real", "synthetic", "ddof", "scale")})
    return found


def _left(chosen: Chosen, predicted: float) -> float:
    return SETTLED * predicted


def _any(rng: numpy.random.Generator) -> Chosen:
    loop = str(rng.choice(["fresh", "augment"]))
    real, synthetic = (int(each) for each in rng.integers(10, 150, size=2))
    scale = round(float(rng.uniform(0.6, 1.0)), 2)
    return {"real": real, "synthetic": synthetic, "ddof": int(rng.integers(2)), "scale": scale, "loop": loop}


def _fresh(rng: numpy.random.Generator) -> Chosen:
    return {**_any(rng), "loop": "fresh"}


def _large(rng: numpy.random.Generator) -> Chosen:
    real, synthetic = int(rng.integers(100, 400)), int(rng.integers(50, 1000))
    return {"real": real, "synthetic": synthetic, "ddof": 1, "scale": round(float(rng.uniform(0.6, 1.0)), 2), "loop": "fresh"}


def _early(rng: numpy.random.Generator) -> Chosen:
    return {**_any(rng), "generation": int(rng.integers(2, 10))}


def _biased(chosen: Chosen, name: str, replicates: int, seed: int) -> Floats:
    options = {"ddof": 1, "variance_scale": chosen["scale"]}
    settings = Settings(family="gaussian", generations=chosen["generation"], samples=chosen["samples"], options=options)
    return last(settings, name, replicates, seed)


def _biased_from_a_perfect_model(chosen: Chosen, replicates: int, seed: int) -> tuple[Floats, Floats]:
    """Return means and variances where generation 1, too, is fitted to draws of that scale, row by row."""
    rng, n = numpy.random.default_rng(seed), chosen["samples"]
    mean, variance = numpy.zeros(replicates), numpy.ones(replicates)
    for _ in range(chosen["generation"]):
        rows = mean[:, None] + numpy.sqrt(chosen["scale"] * variance)[:, None] * rng.standard_normal((replicates, n))
        mean, variance = rows.mean(axis=1), rows.var(axis=1, ddof=1)
    return mean, variance


def _published(chosen: Chosen) -> dict[str, Any]:
    return {**{name: chosen[name] for name in ("samples", "scale")}, "biased_first": True}


def _sharp(rng: numpy.random.Generator) -> Chosen:
    samples = int(rng.integers(20, 100))
    return {"samples": samples, "scale": round(float(rng.uniform(0.7, 1.1)), 2), "generation": int(rng.integers(2, samples // 5))}


def _shared(chosen: Chosen, replicates: int, seed: int) -> Floats:
    options = {"variance_scale": chosen["scale"]}
    settings = Settings(
        family="gaussian",
        policy=f"fresh:{chosen['share']}",
        generations=2 + math.ceil(math.log(SETTLED) / math.log(1 - chosen["share"])),
        samples=chosen["samples"],
        options=options,
    )
    return last(settings, "variance", replicates, seed)


def _effective(chosen: Chosen) -> float:
    """Return the squared distance to the truth of a fit to as many real rows as the loop is said to be worth."""
    names = ("real", "synthetic", "ddof", "scale")
    rows = float(mixing.fresh_effective_samples(**{name: chosen[name] for name in names}))
    return 1 / rows - 2 * math.expm1(float(gaussian.log_sd_factor(numpy.array(rows))))


def _weighted(chosen: Chosen, weight: str, replicates: int, seed: int) -> Floats:
    rows = chosen["real"] + chosen["synthetic"]
    settings = Settings(
        family="gaussian",
        policy=f"weighted:{weight},{chosen['real'] / rows!r}",
        generations=chosen["generation"],
        samples=rows,
        real=chosen["real"],
        options={"known_variance": True},
    )
    return last(settings, "mean_square", replicates, seed)


def _weigh(rng: numpy.random.Generator) -> Chosen:
    real, synthetic = (int(each) for each in rng.integers(5, 300, size=2))
    weight = round(float(rng.uniform(0.15, 0.95)), 3)
    return {"real": real, "synthetic": synthetic, "weight": weight, "generation": int(rng.integers(2, 12))}


def _long(rng: numpy.random.Generator) -> Chosen:
    return {**_weigh(rng), "generation": 60}


def _golden(rng: numpy.random.Generator) -> Chosen:
    real = int(rng.integers(20, 300))
    return {"real": real, "synthetic": int(rng.integers(real // 4, 6 * real)), "generation": 60}


def _rows(chosen: Chosen) -> dict[str, int]:
    return {"real": chosen["real"], "synthetic": chosen["synthetic"]}


add(
    Check(
        case="8",
        quantity="mean variance, loop on real and synthetic rows",
        kind="exact",
        predicted=lambda c: _moments(c).variance[0],
        simulated=lambda c, replicates, seed: _loop(c, "variance", replicates, seed),
        stated=({**MIXED[0], "generation": 30}, {**MIXED[4], "generation": 5}, {**MIXED[6], "generation": 5}),
        draw=_early,
    ),
    Check(
        case="8",
        quantity="mean square of the mean, loop on real and synthetic rows",
        kind="exact",
        predicted=lambda c: _moments(c).mean_square[0],
        simulated=lambda c, replicates, seed: _loop(c, "mean_square", replicates, seed),
        stated=({**MIXED[0], "generation": 30}, {**MIXED[4], "generation": 5}, {**MIXED[6], "generation": 5}),
        draw=_early,
    ),
    Check(
        case="8",
        quantity="fixed point of the mean variance",
        kind="asymptotic",
        predicted=lambda c: _point(c).variance,
        simulated=lambda c, replicates, seed: _loop(c, "variance", replicates, seed),
        stated=MIXED,
        draw=_any,
        tolerance=_left,
        order="what is left of the start: 1e-4 of it",
    ),
    Check(
        case="8",
        quantity="fixed point of the mean square of the mean",
        kind="asymptotic",
        predicted=lambda c: _point(c).mean_square,
        simulated=lambda c, replicates, seed: _loop(c, "mean_square", replicates, seed),
        stated=MIXED,
        draw=_any,
        tolerance=_left,
        order="what is left of the start: 1e-4 of it",
    ),
    Check(
        case="9",
        quantity="mean variance, biased sampling",
        kind="exact",
        predicted=lambda c: gaussian.gaussian_replace_variance([c["generation"]], samples=c["samples"], scale=c["scale"])[0],
        simulated=lambda c, replicates, seed: _biased(c, "variance", replicates, seed),
        stated=tuple({"samples": 50, "scale": 0.9, "generation": at} for at in (6, 11)),
        draw=_sharp,
    ),
    Check(
        case="9",
        quantity="mean square of the mean, biased sampling",
        kind="exact",
        predicted=lambda c: gaussian.gaussian_replace_mean_square([c["generation"]], samples=c["samples"], scale=c["scale"])[0],
        simulated=lambda c, replicates, seed: _biased(c, "mean_square", replicates, seed),
        stated=tuple({"samples": 50, "scale": 0.9, "generation": at} for at in (6, 11)),
        draw=_sharp,
    ),
    Check(
        case="9",
        quantity="mean variance, biased sampling from a perfect model on",
        kind="exact",
        predicted=lambda c: gaussian.gaussian_replace_variance([c["generation"]], **_published(c))[0],
        simulated=lambda c, replicates, seed: _biased_from_a_perfect_model(c, replicates, seed)[1],
        stated=tuple({"samples": 50, "scale": 0.9, "generation": at} for at in (5, 10)),
        draw=_sharp,
        batch=4_000,
    ),
    Check(
        case="9",
        quantity="mean square of the mean, biased sampling from a perfect model on",
        kind="exact",
        predicted=lambda c: gaussian.gaussian_replace_mean_square([c["generation"]], **_published(c))[0],
        simulated=lambda c, replicates, seed: numpy.square(_biased_from_a_perfect_model(c, replicates, seed)[0]),
        stated=tuple({"samples": 50, "scale": 0.9, "generation": at} for at in (5, 10)),
        draw=_sharp,
        batch=4_000,
    ),
    Check(
        case="9",
        quantity="variance where a real share balances biased sampling, large samples",
        kind="asymptotic",
        predicted=lambda c: mixing.fresh_variance_limit(share=c["share"], scale=c["scale"]),
        simulated=_shared,
        stated=({"share": 0.1, "scale": 0.85, "samples": 2000}, {"share": 0.5, "scale": 0.85, "samples": 2000}),
        draw=lambda rng: {"share": int(rng.integers(1, 9)) / 10, "scale": round(float(rng.uniform(0.5, 1.0)), 2), "samples": 2000},
        tolerance=lambda c, predicted: predicted / (c["share"] * c["samples"]) + _left(c, predicted),
        order="1/(a n) of it",
        batch=2_000,
    ),
    Check(
        case="9",
        quantity="mean squared variance at the fixed point",
        kind="asymptotic",
        predicted=lambda c: mixing.fresh_fixed_powers(**{name: c[name] for name in ("real", "synthetic", "ddof", "scale")})[2],
        simulated=lambda c, replicates, seed: numpy.square(_loop(c, "variance", replicates, seed)),
        stated=(MIXED[1], MIXED[4]),
        draw=_fresh,
        tolerance=lambda c, predicted: 2 * _left(c, predicted),
        order="what is left of the start: 2e-4 of it",
    ),
    Check(
        case="9",
        quantity="squared distance at the fixed point, as of the effective number of real rows",
        kind="asymptotic",
        predicted=_effective,
        simulated=lambda c, replicates, seed: _loop(c, "w2_squared", replicates, seed),
        stated=EFFECTIVE,
        draw=_large,
        tolerance=lambda c, predicted: 0.15 * predicted / c["real"] + 2 * _left(c, predicted),
        order="0.15/n_r of it, and what is left of the start",
    ),
    Check(
        case="9",
        quantity="squared distance at the fixed point, by a chi-squared law",
        kind="asymptotic",
        predicted=lambda c: mixing.fresh_fixed_w2_squared(**{name: c[name] for name in ("real", "synthetic", "ddof", "scale")}),
        simulated=lambda c, replicates, seed: _loop(c, "w2_squared", replicates, seed),
        stated=({"real": 100, "synthetic": 900, "ddof": 1, "scale": 0.95, "loop": "fresh"},),
        draw=_large,
        tolerance=lambda c, predicted: 0.15 * predicted / c["real"] + 2 * _left(c, predicted),
        order="0.15/n_r of it, and what is left of the start",
    ),
    Check(
        case="10",
        quantity="mean square error, weighted real data",
        kind="exact",
        predicted=lambda c: mixing.weighted_mean_square([c["generation"]], weight=c["weight"], **_rows(c))[0],
        simulated=lambda c, replicates, seed: _weighted(c, str(c["weight"]), replicates, seed),
        stated=({"real": 100, "synthetic": 100, "weight": 0.618, "generation": 3},),
        draw=_weigh,
    ),
    Check(
        case="10",
        quantity="fixed point of the mean square error, weighted real data",
        kind="asymptotic",
        predicted=lambda c: mixing.weighted_fixed_mean_square(weight=c["weight"], **_rows(c)),
        simulated=lambda c, replicates, seed: _weighted(c, str(c["weight"]), replicates, seed),
        stated=({"real": 100, "synthetic": 400, "weight": 0.5, "generation": 60},),
        draw=_long,
        tolerance=lambda c, predicted: (1 - c["weight"]) ** (2 * c["generation"] - 2) / c["real"],
        order="what is left of the start: (1 - w)^(2t - 2)/n_r",
    ),
    Check(
        case="10",
        quantity="fixed point of the mean square error, golden weight",
        kind="asymptotic",
        predicted=lambda c: mixing.golden_mean_square(**_rows(c)),
        simulated=lambda c, replicates, seed: _weighted(c, "golden", replicates, seed),
        stated=tuple({**each, "generation": 80} for each in RATIOS),
        draw=_golden,
        tolerance=lambda c, predicted: (1 - predicted * c["real"]) ** (2 * c["generation"] - 2) / c["real"],
        order="what is left of the start: (1 - w)^(2t - 2)/n_r",
    ),
    Check(
        case="10",
        quantity="fixed point of the mean square error, proportional weight",
        kind="asymptotic",
        predicted=lambda c: mixing.weighted_fixed_mean_square(weight=mixing.proportional_weight(**_rows(c)), **_rows(c)),
        simulated=lambda c, replicates, seed: _weighted(c, repr(c["real"] / sum(_rows(c).values())), replicates, seed),
        stated=({"real": 100, "synthetic": 400, "generation": 60},),
        draw=_golden,
        tolerance=lambda c, predicted: (1 - mixing.proportional_weight(**_rows(c))) ** (2 * c["generation"] - 2) / c["real"],
        order="what is left of the start: (1 - w)^(2t - 2)/n_r",
    ),
    Check(
        case="10",
        quantity="mean square error at another weight: above that of the golden one",
        kind="bound_lower",
        predicted=lambda c: mixing.golden_weight(**_rows(c)) / c["real"],
        simulated=lambda c, replicates, seed: _weighted(c, str(c["weight"]), replicates, seed),
        stated=({"real": 100, "synthetic": 100, "weight": 0.5, "generation": 60},),
        draw=_long,
    ),
)
