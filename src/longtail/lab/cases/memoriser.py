"""Checks of a model that knows exactly what it has seen, by drawing rows from Zipf's law: case 22."""

import numpy
from scipy.special import zeta

from longtail.lab.cases.check import Check, Chosen, add
from longtail.lab.learner import Flags, Floats
from longtail.lab.theory import memoriser as forms

HEAD = 3000
"""Facts whose rows are drawn as counts; rows of rarer facts are drawn one by one."""


def _law(exponent: float) -> Floats:
    return numpy.asarray(numpy.arange(1, HEAD + 1) ** -exponent / zeta(exponent))


def _rare(rows: int, exponent: float, rng: numpy.random.Generator) -> Floats:
    """Return the facts of rows beyond the head, by rejection from a Pareto law cut down to whole numbers."""
    found = numpy.empty(0)
    while len(found) < rows:
        fact = numpy.floor((HEAD + 1) * rng.random(2 * rows) ** (-1 / (exponent - 1)))
        fair = _over_pareto(fact, exponent) / _over_pareto(numpy.array(HEAD + 1.0), exponent)
        found = numpy.concatenate([found, fact[rng.random(2 * rows) < fair]])
    return found[:rows]


def _over_pareto(fact: Floats, exponent: float) -> Floats:
    """Return the chance of a fact over that of its interval under the Pareto law, up to a constant."""
    return numpy.asarray((1 / fact) / -numpy.expm1((1 - exponent) * numpy.log1p(1 / fact)))


def _seen(rows: int, exponent: float, rank: int | None, rng: numpy.random.Generator) -> tuple[Flags, Floats]:
    """Return which facts of the head were seen, and the rarer ones that were, in rows of the law cut after a rank or uncut."""
    law = _law(exponent)
    if rank is not None:
        law = numpy.where(numpy.arange(HEAD) < rank, law, 0.0)
        return rng.multinomial(rows, law / law.sum()) > 0, numpy.empty(0)
    counts = rng.multinomial(rows, numpy.append(law, 1 - law.sum()))
    return counts[:-1] > 0, numpy.unique(_rare(int(counts[-1]), exponent, rng))


def _lost(rows: int, exponent: float, rank: int | None, share: float, rng: numpy.random.Generator) -> float:
    """Return the mass of the facts not seen in rows of which each is uncut with chance `share`."""
    uncut = int(rng.binomial(rows, share))
    head, rare = _seen(uncut, exponent, None, rng)
    if rank is not None:
        head = head | _seen(rows - uncut, exponent, rank, rng)[0]
    return float(_law(exponent)[~head].sum() + zeta(exponent, HEAD + 1) / zeta(exponent) - (rare**-exponent).sum() / zeta(exponent))


def _losses(c: Chosen, replicates: int, seed: int) -> Floats:
    rng = numpy.random.default_rng([seed, 22])
    rank, share = c.get("rank"), c.get("share", 1.0)
    return numpy.array([_lost(c["rows"], c["exponent"], rank, share, rng) for _ in range(replicates)])


def _slope(c: Chosen, replicates: int, seed: int) -> Floats:
    """Return the slope of log loss between `rows` rows and thirty times as many."""
    few, many = (_losses({**c, "rows": times * c["rows"]}, replicates, seed + 1_000_000 * times) for times in (1, 30))
    return numpy.asarray(numpy.log(many / few) / numpy.log(30))


def _slope_order(c: Chosen, predicted: float) -> float:
    """Return the error of the slope: the logarithm's, half the relative variance of the loss, of order T^(−1/b), and 1/T."""
    return float(c["rows"] ** (-1 / c["exponent"]) / (2 * numpy.log(30)) + 1 / c["rows"])


def _zipf(rng: numpy.random.Generator) -> dict[str, float]:
    return {"exponent": round(rng.uniform(1.4, 3), 2), "rows": int(10 ** rng.uniform(2, 4.5))}


def _cut(rng: numpy.random.Generator) -> Chosen:
    return {**_zipf(rng), "rank": int(rng.integers(20, 500)), "share": float(rng.choice([0.003, 0.01, 0.05, 0.2, 0.5]))}


def _ended(rng: numpy.random.Generator) -> Chosen:
    return {"exponent": round(rng.uniform(1.4, 2.2), 2), "rank": int(rng.integers(20, 200)), "rows": 10_000_000, "share": 0.0}


def _long(rng: numpy.random.Generator) -> Chosen:
    return {**_zipf(rng), "rows": int(10 ** rng.uniform(3, 3.5))}


TWO = {"exponent": 2.0, "rank": 100}
MIXED = tuple(
    {**TWO, "share": share, "rows": rows}
    for share, sizes in ((0.0, (100, 10_000)), (0.01, (10_000, 1_000_000, 10_000_000)), (0.1, (10_000, 100_000, 10_000_000)))
    for rows in sizes
)

add(
    Check(
        case="22",
        quantity="loss after rows of Zipf's law",
        kind="exact",
        predicted=lambda c: forms.memoriser_loss([c["rows"]], exponent=c["exponent"])[0],
        simulated=_losses,
        stated=tuple({"exponent": 2.0, "rows": 10**power} for power in range(2, 8)),
        draw=_zipf,
        batch=400,
    ),
    Check(
        case="22",
        quantity="loss after rows of a cut law with a share of uncut ones",
        kind="exact",
        predicted=lambda c: forms.memoriser_mixed_loss([c["rows"]], exponent=c["exponent"], rank=c["rank"], share=c["share"])[0],
        simulated=_losses,
        stated=MIXED,
        draw=_cut,
        batch=400,
    ),
    Check(
        case="22",
        quantity="loss that no number of rows removes",
        kind="exact",
        predicted=lambda c: forms.memoriser_plateau(exponent=c["exponent"], rank=c["rank"]),
        simulated=_losses,
        stated=({**TWO, "rows": 10_000_000, "share": 0.0},),
        draw=_ended,
        batch=200,
    ),
    Check(
        case="22",
        quantity="loss times its power of rows",
        kind="asymptotic",
        predicted=lambda c: forms.memoriser_constant(exponent=c["exponent"]),
        simulated=lambda c, replicates, seed: _losses(c, replicates, seed) * c["rows"] ** (1 - 1 / c["exponent"]),
        stated=tuple({"exponent": exponent, "rows": 30_000} for exponent in (1.5, 2.0, 3.0)),
        draw=_long,
        tolerance=lambda c, predicted: predicted / c["rows"],
        order="1 / rows, relative",
        batch=400,
    ),
    Check(
        case="22",
        quantity="slope of log loss against log rows",
        kind="asymptotic",
        predicted=lambda c: forms.memoriser_slope(exponent=c["exponent"]),
        simulated=_slope,
        stated=tuple({"exponent": exponent, "rows": 1000} for exponent in (1.5, 2.0, 3.0)),
        draw=_long,
        tolerance=_slope_order,
        order="rows^(-1/b) / (2 ln 30) + 1 / rows",
        batch=400,
    ),
)
