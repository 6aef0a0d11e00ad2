"""Pools that keep every earlier generation and show a fit all of it, or a fixed budget out of it.

The truth is N(0, 1) unless a form says otherwise, and fits are by maximum likelihood (variances have divisor n).
"""

import math
from collections.abc import Sequence

import numpy

from longtail.lab.theory.forms import FORMS, Floats, Generations, pick, require, steps
from longtail.lab.theory.moments import Moments, schedule

_KAZDAN = "Kazdan et al., arXiv:2410.16713"


@FORMS.add(case="5", kind="exact", unit="true variance", valid="samples >= 2, fit with divisor n", source=_KAZDAN)
def accumulate_variance(generations: Generations, *, samples: Sequence[int] | int, first: int | None = None) -> Floats:
    """Return the mean fitted variance when every generation is fitted to all rows so far, real and synthetic.

    E[s2_t] = prod_i (1 - n_i / N_i^2), N_i being the rows up to i; for constant n that is prod_i (1 - 1/(n i^2)). The
    pool's mean is a martingale whose square grows by n_i s2 / N_i^2, and mean square plus variance stays 1.

    Args:
        generations: Generations asked for, 1 is the first fit.
        samples: Rows that every generation adds, or each.
        first: Real rows of generation 1 where they differ.

    Raises:
        ConfigError: A setting is out of range.
    """
    asked = steps(generations)
    rows = schedule(samples, first, int(asked.max(initial=0)))
    return pick(numpy.cumprod(1 - rows / numpy.cumsum(rows) ** 2), asked)


@FORMS.add(case="5", kind="exact", unit="true variance", valid="samples >= 2, fit with divisor n", source=_KAZDAN)
def accumulate_mean_square(generations: Generations, *, samples: Sequence[int] | int, first: int | None = None) -> Floats:
    """Return the mean square of the pool's mean about the truth, 1 - `accumulate_variance`.

    Raises:
        ConfigError: A setting is out of range.
    """
    variance: Floats = accumulate_variance(generations, samples=samples, first=first)
    return 1 - variance


@FORMS.add(case="5", kind="exact", unit="true variance", valid="samples >= 2, equal in every generation", source=_KAZDAN)
def accumulate_variance_limit(*, samples: int) -> float:
    """Return the limit of `accumulate_variance` after infinitely many generations: sin(pi/sqrt n) / (pi/sqrt n).

    Raises:
        ConfigError: Fewer than two samples.
    """
    require(samples >= 2, f"{samples} samples, fewer than two")
    return float(numpy.sinc(1 / math.sqrt(samples)))


@FORMS.add(
    case="5",
    kind="exact",
    unit="probability",
    valid="samples >= 2, shares that sum to 1",
    source="derived here, setting of arXiv:2410.16713",
)
def accumulate_heterozygosity(
    generations: Generations, *, samples: Sequence[int] | int, shares: Sequence[float], first: int | None = None
) -> Floats:
    """Return the mean chance that two draws from the accumulated frequencies differ: (1 - sum p^2) times `accumulate_variance`.

    A category's frequency is a martingale, and a new batch moves it by a multinomial error; so E[1 - sum q^2] shrinks
    by the same factors 1 - n_i / N_i^2.

    Raises:
        ConfigError: A setting is out of range.
    """
    kept: Floats = accumulate_variance(generations, samples=samples, first=first)
    return (1 - float((_law(shares) ** 2).sum())) * kept


@FORMS.add(case="5", kind="exact", unit="categories", valid="first >= 1, shares that sum to 1", source="derived here")
def accumulate_alive(generations: Generations, *, first: int, shares: Sequence[float]) -> Floats:
    """Return the mean number of categories in the pool: those in the first, real, sample, sum(1 - (1 - p)^first), for ever.

    Raises:
        ConfigError: A setting is out of range.
    """
    require(first >= 1, f"{first} samples")
    return numpy.full(len(steps(generations)), float((1 - (1 - _law(shares)) ** first).sum()))


def _law(shares: Sequence[float]) -> Floats:
    law = numpy.asarray(shares, dtype=numpy.float64)
    require(bool((law >= 0).all()) and abs(float(law.sum()) - 1) < 1e-9, "shares below 0, or whose sum is not 1")
    return law


@FORMS.add(
    case="5",
    kind="exact",
    unit="true variance",
    valid="samples >= 2, real >= 0, scale > 0",
    source="derived here, setting of arXiv:2410.16713",
)
def accumulate_moments(generations: Generations, *, samples: int, real: int = 0, scale: float = 1.0, first: int | None = None) -> Moments:
    """Return both moments of a pool that keeps everything, with biased sampling and fresh real rows in each batch.

    With pool size N, mean square V, variance D and second moment Q = V + D, a batch of `samples` synthetic rows of
    variance l D and `real` real ones gives, with N' = N + samples + real,
    V' = [(N + samples)^2 V + real + samples l D] / N'^2 and Q' = [N Q + real + samples (V + l D)] / N'.

    Args:
        generations: Generations asked for, 1 is the first fit.
        samples: Synthetic rows that every later generation adds.
        real: Fresh real rows that every later generation adds.
        scale: Variance of what is sampled, in variances of the model.
        first: Real rows of generation 1; `samples + real` if not given.

    Raises:
        ConfigError: A setting is out of range.
    """
    asked = steps(generations)
    pool = float(samples + real if first is None else first)
    require(pool >= 2 and samples >= 0 and real >= 0, "a number of rows out of range")
    require(scale > 0, f"scale {scale!r}, not above 0")
    series = [(1 / pool, 1 - 1 / pool)]
    for _ in range(1, int(asked.max(initial=0))):
        square, variance = series[-1]
        after = pool + samples + real
        second = (pool * (square + variance) + real + samples * (square + scale * variance)) / after
        square = ((pool + samples) ** 2 * square + real + samples * scale * variance) / after**2
        series.append((square, second - square))
        pool = after
    found = numpy.array(series)[asked - 1]
    return Moments(found[:, 0], found[:, 1])


@FORMS.add(
    case="6",
    kind="exact",
    unit="true variance",
    valid="samples >= 2, scale > 0, fit with divisor n",
    source="derived here, regime of arXiv:2410.16713",
)
def fixed_budget_moments(generations: Generations, *, samples: int, scale: float = 1.0) -> Moments:
    """Return both moments when the pool keeps everything but each fit sees `samples` of its rows, without replacement.

    With N = t n rows in the pool, A its mean variance and B the mean square of its mean, the unbiased variance is
    U = A N/(N - 1); the fit has D = (1 - 1/n) U and C = B + (U/n)(1 - 1/t), the last factor for the finite pool. The
    batch drawn from it has variance l D, lies W = (U/n)(1 - 1/t) + l D/n from the pool's mean (mean square), and
    A' = [t A + l D (1 - 1/n)]/(t + 1) + t W/(t + 1)^2, B' = [(t^2 + 2 t) B + C + l D/n]/(t + 1)^2.

    Args:
        generations: Generations asked for, 1 is the first fit.
        samples: Rows n that each generation adds to the pool and that each fit sees.
        scale: Variance l of what is sampled, in variances of the model.

    Raises:
        ConfigError: A setting is out of range.
    """
    asked = steps(generations)
    require(samples >= 2 and scale > 0, "fewer than two samples, or a scale that is not above 0")
    within, between = 1 - 1 / samples, 1 / samples
    series = []
    for t in range(1, int(asked.max(initial=0)) + 1):
        unbiased = within * t * samples / (t * samples - 1)
        chosen = unbiased / samples * (1 - 1 / t)
        variance, square = (1 - 1 / samples) * unbiased, between + chosen
        series.append((square, variance))
        drawn = scale * variance
        apart = chosen + drawn / samples
        within = (t * within + drawn * (1 - 1 / samples)) / (t + 1) + t * apart / (t + 1) ** 2
        between = ((t**2 + 2 * t) * between + square + drawn / samples) / (t + 1) ** 2
    found = numpy.array(series).reshape(-1, 2)[asked - 1]
    return Moments(found[:, 0], found[:, 1])


@FORMS.add(
    case="6",
    kind="asymptotic",
    unit="true variance / samples",
    valid="samples large, scale 1",
    source="derived here, regime of arXiv:2410.16713",
)
def fixed_budget_loss(generations: Generations) -> Floats:
    """Return n (1 - E[s2_t]) of `fixed_budget_moments` for large n, which is also n E[mu_t^2].

    Equals V_t + 1 - 1/t with V_1 = 1 and V_t = V_{t-1} + (2 - 1/(t - 1))/t^2.

    Raises:
        ConfigError: A generation is below 1.
    """
    asked = steps(generations)
    t = numpy.arange(2, asked.max(initial=1) + 1, dtype=numpy.float64)
    pool = numpy.cumsum(numpy.concatenate(([1.0], (2 - 1 / (t - 1)) / t**2)))
    return pool[asked - 1] + 1 - 1 / asked


@FORMS.add(
    case="6",
    kind="asymptotic",
    unit="true variance / samples",
    valid="samples and generations large",
    source="derived here, regime of arXiv:2410.16713",
)
def fixed_budget_loss_limit() -> float:
    """Return the limit of `fixed_budget_loss`, pi^2/2 - 2; keeping everything costs pi^2/6 instead."""
    return math.pi**2 / 2 - 2


@FORMS.add(
    case="7", kind="exact", unit="true variance", valid="divisor n, unbiased sampling, no selection, no kernel", source="derived here"
)
def conserved_total(generations: Generations) -> Floats:
    """Return E[mu_t^2] + E[s2_t] = 1 for any mixture of real rows and rows of earlier generations.

    Every row has mean 0 and variance 1 when the loop, too, is averaged over: a synthetic one has the second moment
    mu^2 + s2 of its model, which is that of the rows the model was fitted to. Sampling bias, selection, a kernel or
    divisor n - 1 break the law, and must.

    Raises:
        ConfigError: A generation is below 1.
    """
    return numpy.ones(len(steps(generations)))


@FORMS.add(
    case="20", kind="asymptotic", unit="first mean square error", valid="samples large, a regular estimator", source="arXiv:2410.22812"
)
def accumulate_error_ratio(generations: Generations) -> Floats:
    """Return MSE_t / MSE_1 when everything is kept: sum_{i<=t} 1/i^2, at most pi^2/6, whatever the family or estimator.

    Raises:
        ConfigError: A generation is below 1.
    """
    asked = steps(generations)
    return pick(numpy.cumsum(1 / numpy.arange(1, asked.max(initial=0) + 1, dtype=numpy.float64) ** 2), asked)


@FORMS.add(case="20", kind="asymptotic", unit="first mean square error", valid="samples and generations large", source="arXiv:2410.22812")
def accumulate_error_ratio_limit() -> float:
    """Return the limit of `accumulate_error_ratio`, pi^2/6."""
    return math.pi**2 / 6


@FORMS.add(
    case="20", kind="asymptotic", unit="first mean square error", valid="samples large, a regular estimator", source="arXiv:2410.22812"
)
def replace_error_ratio(generations: Generations) -> Floats:
    """Return MSE_t / MSE_1 when each generation replaces the one before: t, whatever the family or estimator.

    Raises:
        ConfigError: A generation is below 1.
    """
    return steps(generations).astype(numpy.float64)
