"""A Gaussian refitted to its own samples: each generation is fitted to what the one before it has drawn.

The truth is N(0, 1). Generation i is fitted to n_i rows; generation 1 to real ones. Every later one is drawn from
N(mean, scale * variance) of the generation before, where scale 1 means unbiased sampling. The new mean adds to the old
one an error of variance scale * s2 / n_i, and the new variance is the old one times an independent
scale * chi2(n_i - 1) / (n_i - ddof); every form below follows from these two facts.
"""

from collections.abc import Callable, Sequence

import numpy
from numpy.typing import NDArray
from scipy.special import gammaln, polygamma, psi

from longtail.lab.theory.forms import FORMS, Floats, Generations, pick, require, steps
from longtail.lab.theory.moments import check_ddof, schedule

_BY_SERIES = 50.0
_SHUMAILOV = "Shumailov et al., arXiv:2305.17493"
_ROWS = "samples >= 2, ddof 0 or 1, scale > 0"


def log_sd_factor(rows: Floats) -> Floats:
    """Return ln c4(n): the log of the mean of an unbiased sample's standard deviation, for numbers n > 1."""
    half = (numpy.asarray(rows, dtype=numpy.float64) - 1) / 2
    series = -1 / (8 * half) + 1 / (192 * half**3) - 1 / (640 * half**5)
    direct = gammaln(half + 0.5) - gammaln(half) - numpy.log(half) / 2
    return numpy.where(half > _BY_SERIES, series, direct)


@FORMS.add(case="1", kind="exact", unit="share of the true sd", valid="samples >= 2", source=_SHUMAILOV)
def gaussian_sd_factor(*, samples: int) -> float:
    """Return c4(n), the mean standard deviation (divisor n - 1) of n draws from N(0, 1).

    c4(n) = sqrt(2 / (n - 1)) Gamma(n / 2) / Gamma((n - 1) / 2).

    Raises:
        ConfigError: Fewer than two samples.
    """
    require(samples >= 2, f"{samples} samples, fewer than two")
    return float(numpy.exp(log_sd_factor(numpy.array([samples])))[0])


def _scales(rows: Floats, scale: float, biased_first: bool) -> Floats:
    require(scale > 0, f"scale {scale!r}, not above 0")
    scales = numpy.full(len(rows), float(scale))
    scales[: 0 if biased_first else 1] = 1.0
    return scales


def _rows(generations: Generations, samples: Sequence[int] | int, first: int | None, ddof: int) -> tuple[NDArray[numpy.int64], Floats]:
    """Return the generations asked for, and the rows of each generation up to the last."""
    check_ddof(ddof)
    asked = steps(generations)
    return asked, schedule(samples, first, int(asked.max(initial=0)))


def _shrinks(rows: Floats, ddof: int) -> Floats:
    return (rows - 1) / (rows - ddof)


@FORMS.add(
    case="2", kind="exact", unit="true variance", valid=_ROWS, source=f"{_SHUMAILOV}; Kazdan et al., arXiv:2410.16713; arXiv:2307.01850"
)
def gaussian_replace_variance(
    generations: Generations,
    *,
    samples: Sequence[int] | int,
    ddof: int = 1,
    scale: float = 1.0,
    first: int | None = None,
    biased_first: bool = False,
) -> Floats:
    """Return the mean over loops of the fitted variance: it stays 1 with divisor n - 1 while every single loop collapses.

    E[s2_t] = prod_i scale (1 - 1/n_i if ddof is 0). Holds for any law of the draws with that variance, also a cut one.

    Args:
        generations: Generations asked for, 1 is the first fit.
        samples: Rows of every generation, or of each.
        ddof: 0 divides by n, 1 by n - 1.
        scale: Variance of what is sampled, in variances of the model.
        first: Rows of generation 1 where they differ.
        biased_first: The first fit, too, is on draws with that scale (from a perfect model), not on real data.

    Raises:
        ConfigError: A setting is out of range.
    """
    asked, rows = _rows(generations, samples, first, ddof)
    return pick(numpy.cumprod(_scales(rows, scale, biased_first) * _shrinks(rows, ddof)), asked)


@FORMS.add(case="4", kind="exact", unit="true variance", valid=_ROWS, source=f"{_SHUMAILOV}; arXiv:2307.01850; arXiv:2505.13947")
def gaussian_replace_mean_square(
    generations: Generations,
    *,
    samples: Sequence[int] | int,
    ddof: int = 1,
    scale: float = 1.0,
    first: int | None = None,
    biased_first: bool = False,
) -> Floats:
    """Return the mean square of the fitted mean about the truth.

    E[mu_t^2] = sum_i scale E[s2_{i-1}] / n_i; with divisor n - 1 and scale 1 this is sum_i 1/n_i, bounded only where
    samples grow faster than linearly (arXiv:2505.13947, known from its abstract, says so for a wider class).
    Arguments as in `gaussian_replace_variance`.

    Raises:
        ConfigError: A setting is out of range.
    """
    asked, rows = _rows(generations, samples, first, ddof)
    scales = _scales(rows, scale, biased_first)
    before = numpy.concatenate(([1.0], numpy.cumprod(scales * _shrinks(rows, ddof))[:-1]))[: len(rows)]
    return pick(numpy.cumsum(scales * before / rows), asked)


@FORMS.add(case="1", kind="exact", unit="true variance", valid=_ROWS, source=_SHUMAILOV)
def gaussian_replace_marginal_variance(
    generations: Generations, *, samples: Sequence[int] | int, ddof: int = 1, scale: float = 1.0, first: int | None = None
) -> Floats:
    """Return the variance, over loops and draws, of one draw from the fitted model: E[mu_t^2] + E[s2_t].

    With divisor n - 1 and constant n it is 1 + t/n without remainder; with divisor n it is 1.

    Raises:
        ConfigError: A setting is out of range.
    """
    between: Floats = gaussian_replace_mean_square(generations, samples=samples, ddof=ddof, scale=scale, first=first)
    within: Floats = gaussian_replace_variance(generations, samples=samples, ddof=ddof, scale=scale, first=first)
    return between + within


@FORMS.add(case="1", kind="exact", unit="true sd", valid=_ROWS, source=_SHUMAILOV)
def gaussian_replace_sd(
    generations: Generations, *, samples: Sequence[int] | int, ddof: int = 1, scale: float = 1.0, first: int | None = None
) -> Floats:
    """Return the mean over loops of the fitted standard deviation, prod_i sqrt(scale (n_i - 1)/(n_i - ddof)) c4(n_i).

    Raises:
        ConfigError: A setting is out of range.
    """
    asked, rows = _rows(generations, samples, first, ddof)
    logs = log_sd_factor(rows) + numpy.log(_scales(rows, scale, False) * _shrinks(rows, ddof)) / 2
    return pick(numpy.exp(numpy.cumsum(logs)), asked)


@FORMS.add(case="1", kind="exact", unit="squared true variance", valid=_ROWS, source=_SHUMAILOV)
def gaussian_replace_variance_square(
    generations: Generations, *, samples: Sequence[int] | int, ddof: int = 1, scale: float = 1.0, first: int | None = None
) -> Floats:
    """Return E[s2_t^2] = prod_i scale^2 (n_i^2 - 1)/(n_i - ddof)^2; it grows without limit when ddof is 1.

    The relative standard error of the mean variance of R loops is sqrt((E[s2_t^2] / E[s2_t]^2 - 1) / R).

    Raises:
        ConfigError: A setting is out of range.
    """
    asked, rows = _rows(generations, samples, first, ddof)
    return pick(numpy.cumprod(_scales(rows, scale, False) ** 2 * (rows**2 - 1) / (rows - ddof) ** 2), asked)


@FORMS.add(case="1", kind="exact", unit="true variance", valid=_ROWS, source=_SHUMAILOV)
def gaussian_replace_w2_squared(
    generations: Generations, *, samples: Sequence[int] | int, ddof: int = 1, scale: float = 1.0, first: int | None = None
) -> Floats:
    """Return the mean squared 2-Wasserstein distance to the truth: E[mu_t^2] + E[s2_t] + 1 - 2 E[s_t].

    Raises:
        ConfigError: A setting is out of range.
    """
    marginal: Floats = gaussian_replace_marginal_variance(generations, samples=samples, ddof=ddof, scale=scale, first=first)
    spread: Floats = gaussian_replace_sd(generations, samples=samples, ddof=ddof, scale=scale, first=first)
    return marginal + 1 - 2 * spread


@FORMS.add(case="1", kind="asymptotic", unit="true variance", valid="samples >= 2, sum of 1/samples small", source=_SHUMAILOV)
def gaussian_replace_w2_squared_first_order(generations: Generations, *, samples: Sequence[int] | int, first: int | None = None) -> Floats:
    """Return (3/2) sum_i 1/n_i, the first order in 1/n of `gaussian_replace_w2_squared` for either divisor.

    Raises:
        ConfigError: A setting is out of range.
    """
    asked, rows = _rows(generations, samples, first, 1)
    return pick(numpy.cumsum(1.5 / rows), asked)


def _over_dimensions(term: Callable[[Floats], Floats], rows: Floats, dim: int) -> Floats:
    """Return the sum over i = 1 to dim of term((n - i) / 2), the degrees of freedom of Bartlett's diagonal."""
    require(dim >= 1, f"{dim} dimensions")
    require(bool((rows > dim).all()), f"{dim} dimensions need more than {dim} rows in every generation")
    total = numpy.zeros(len(rows))
    for i in range(1, dim + 1):
        total += term((rows - i) / 2)
    return total


@FORMS.add(
    case="3", kind="exact", unit="nats", valid="samples > dim, ddof 0 or 1, scale > 0", source="derived here, setting of arXiv:2305.17493"
)
def gaussian_replace_log_det(
    generations: Generations,
    *,
    samples: Sequence[int] | int,
    dim: int,
    ddof: int = 1,
    scale: float = 1.0,
    first: int | None = None,
) -> Floats:
    """Return the mean log-determinant of the fitted covariance in `dim` dimensions; the truth, the identity, has 0.

    The scatter of n rows is a Wishart matrix of n - 1 degrees of freedom, whose determinant is that of the old
    covariance times prod_i chi2(n - i), i = 1 to dim (Bartlett), and E[ln chi2(k)] = psi(k/2) + ln 2. So each
    generation adds sum_i psi((n - i)/2) - dim ln((n - ddof)/2) + dim ln(scale), while the mean trace stays at dim.

    Raises:
        ConfigError: A setting is out of range.
    """
    asked, rows = _rows(generations, samples, first, ddof)
    divisors = dim * numpy.log((rows - ddof) / 2 / _scales(rows, scale, False))
    return pick(numpy.cumsum(_over_dimensions(psi, rows, dim) - divisors), asked)


@FORMS.add(case="3", kind="exact", unit="nats", valid="samples > dim", source="derived here, setting of arXiv:2305.17493")
def gaussian_replace_log_det_spread(
    generations: Generations, *, samples: Sequence[int] | int, dim: int, first: int | None = None
) -> Floats:
    """Return the standard deviation over loops of the log-determinant, sqrt(sum over generations and i of psi1((n - i)/2)).

    Raises:
        ConfigError: A setting is out of range.
    """
    asked, rows = _rows(generations, samples, first, 1)
    return pick(numpy.sqrt(numpy.cumsum(_over_dimensions(lambda half: polygamma(1, half), rows, dim))), asked)


@FORMS.add(case="1", kind="exact", unit="nats", valid=_ROWS, source=_SHUMAILOV)
def gaussian_replace_log_variance(
    generations: Generations, *, samples: Sequence[int] | int, ddof: int = 1, scale: float = 1.0, first: int | None = None
) -> Floats:
    """Return the mean log variance, sum_i psi((n_i - 1)/2) - ln((n_i - ddof)/2) + ln(scale): its drift is the collapse.

    Raises:
        ConfigError: A setting is out of range.
    """
    logs: Floats = gaussian_replace_log_det(generations, samples=samples, dim=1, ddof=ddof, scale=scale, first=first)
    return logs


@FORMS.add(case="1", kind="exact", unit="nats", valid="samples >= 2", source=_SHUMAILOV)
def gaussian_replace_log_variance_spread(generations: Generations, *, samples: Sequence[int] | int, first: int | None = None) -> Floats:
    """Return the standard deviation over loops of the log variance, sqrt(sum_i psi1((n_i - 1)/2)), for either divisor.

    Raises:
        ConfigError: A setting is out of range.
    """
    spread: Floats = gaussian_replace_log_det_spread(generations, samples=samples, dim=1, first=first)
    return spread


def _check_exceeding(threshold: float, samples: int, start_sd: float) -> None:
    require(threshold > 0 and start_sd > 0, "a standard deviation that is not above 0")
    require(samples >= 2, f"{samples} samples, fewer than two")


@FORMS.add(case="14", kind="bound_upper", unit="probability", valid="samples >= 2, threshold > 0", source="Suresh et al., arXiv:2412.17646")
def gaussian_exceeding_bound(generations: Generations, *, threshold: float, samples: int, start_sd: float = 1.0) -> Floats:
    """Return a bound on P(s_k > threshold): min(1, (s_0 / threshold) exp(-k / (4 n - 1))).

    Raises:
        ConfigError: A setting is out of range.
    """
    _check_exceeding(threshold, samples, start_sd)
    return numpy.minimum(1.0, start_sd / threshold * numpy.exp(-steps(generations) / (4.0 * samples - 1)))


@FORMS.add(
    case="14",
    kind="bound_upper",
    unit="probability",
    valid="samples >= 2, threshold > 0",
    source="Bertrand et al., arXiv:2310.00429, with Markov",
)
def gaussian_exceeding_markov_bound(
    generations: Generations, *, threshold: float, samples: int, start_sd: float = 1.0, ddof: int = 1
) -> Floats:
    """Return the bound on P(s_k > threshold) that Markov's inequality gives: min(1, E[s_k] / threshold).

    With divisor n - 1 it is (s_0 / threshold) c4(n)^k, which is below `gaussian_exceeding_bound` for every n.

    Raises:
        ConfigError: A setting is out of range.
    """
    _check_exceeding(threshold, samples, start_sd)
    spread: Floats = gaussian_replace_sd(generations, samples=samples, ddof=ddof)
    return numpy.minimum(1.0, start_sd / threshold * spread)


@FORMS.add(case="14", kind="bound_upper", unit="probability", valid="samples >= 2, threshold > 0", source="Suresh et al., arXiv:2412.17646")
def gmm_exceeding_bound(generations: Generations, *, threshold: float, samples: int, start_sd: float = 1.0) -> Floats:
    """Return a bound on P(s_k > threshold) for two components and that paper's approximate fit.

    min(1, (s_0 / threshold) exp(-k / (4 n))).

    Raises:
        ConfigError: A setting is out of range.
    """
    _check_exceeding(threshold, samples, start_sd)
    return numpy.minimum(1.0, start_sd / threshold * numpy.exp(-steps(generations) / (4.0 * samples)))
