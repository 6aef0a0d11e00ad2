"""A model that knows exactly what it has seen, on facts that follow Zipf's law: scaling, the plateau of a cut tail, mixing.

Fact i has probability p_i = c i^-b, i = 1, 2, …, c = 1 / zeta(b). After T rows the loss is the mass of the facts not seen.
"""

import math
from collections.abc import Sequence

import numpy
import numpy.typing as npt
from scipy.special import beta, betainc, gamma, zeta

from longtail.lab.theory.chains import check_samples
from longtail.lab.theory.forms import FORMS, Floats, check_share, require

_SOURCE = "Dohmatob et al., arXiv:2402.07043"
_SUMMED = 100_000


@FORMS.add(case="22", kind="exact", unit="probability", valid="exponent > 1, rows >= 1", source=_SOURCE)
def memoriser_loss(rows: Sequence[int] | npt.NDArray[numpy.int64], *, exponent: float) -> Floats:
    """Return the mean loss after T rows, L(T) = sum_i p_i (1 - p_i)^T, shape (rows,).

    The first 100,000 facts are summed; the others are the integral from half a rank before them, an incomplete beta
    function: c^(1/b) / b * B(p(N + 1/2); 1 - 1/b, T + 1).

    Raises:
        ConfigError: Settings out of range.
    """
    return numpy.asarray(memoriser_mixed_loss(rows, exponent=exponent, rank=_SUMMED, share=1.0))


@FORMS.add(case="22", kind="asymptotic", unit="power of rows", valid="exponent > 1, rows large", source=_SOURCE)
def memoriser_slope(*, exponent: float) -> float:
    """Return the slope of log loss against log rows for many rows: -(b - 1) / b.

    Raises:
        ConfigError: Settings out of range.
    """
    _check(exponent)
    return -(exponent - 1) / exponent


@FORMS.add(case="22", kind="asymptotic", unit="probability * rows^((b-1)/b)", valid="exponent > 1, rows large", source="derived here")
def memoriser_constant(*, exponent: float) -> float:
    """Return the limit of L(T) T^((b-1)/b): Gamma(1 - 1/b) / b * zeta(b)^(-1/b).

    The sum becomes an integral, and with u = T p it is the integral of u^(-1/b) e^-u.

    Raises:
        ConfigError: Settings out of range.
    """
    _check(exponent)
    return float(gamma(1 - 1 / exponent) / exponent * zeta(exponent) ** (-1 / exponent))


@FORMS.add(case="22", kind="exact", unit="probability", valid="exponent > 1, rank >= 1", source=_SOURCE)
def memoriser_plateau(*, exponent: float, rank: int) -> float:
    """Return the loss that no number of rows removes when the data end at a rank: the mass beyond it, zeta(b, k + 1) / zeta(b).

    Raises:
        ConfigError: Settings out of range.
    """
    _check(exponent)
    check_samples(rank, least=1)
    return float(zeta(exponent, rank + 1)) / float(zeta(exponent))


@FORMS.add(case="22", kind="asymptotic", unit="rank", valid="exponent > 1, samples >= 1, up to a constant", source=_SOURCE)
def memoriser_cut_rank(*, samples: int, exponent: float) -> float:
    """Return the order of the rank at which a sample of T_0 rows ends: T_0^(1/b).

    Raises:
        ConfigError: Settings out of range.
    """
    _check(exponent)
    check_samples(samples, least=1)
    return float(samples ** (1 / exponent))


@FORMS.add(case="22", kind="asymptotic", unit="rows", valid="exponent > 1, rank >= 1, 0 < share <= 1, up to a constant", source=_SOURCE)
def memoriser_recovery_rows(*, exponent: float, rank: int, share: float) -> float:
    """Return the order of the number of rows at which uncut rows at that share end the plateau: k^b / share.

    Raises:
        ConfigError: Settings out of range.
    """
    _check(exponent)
    check_samples(rank, least=1)
    check_share(share, zero=False)
    return float(rank**exponent / share)


@FORMS.add(case="22", kind="exact", unit="probability", valid="exponent > 1, 1 <= rank <= 100000, 0 <= share <= 1", source=_SOURCE)
def memoriser_mixed_loss(rows: Sequence[int] | npt.NDArray[numpy.int64], *, exponent: float, rank: int, share: float) -> Floats:
    """Return the mean loss after T rows of which each is uncut with chance `share`, otherwise from the law cut after `rank`.

    L(T) = sum_i p_i (1 - q_i)^T, q_i = share p_i + (1 - share) p_i / mass(rank) up to the rank and share p_i beyond. Shape (rows,).

    Raises:
        ConfigError: Settings out of range.
    """
    _check(exponent)
    check_share(share)
    require(1 <= rank <= _SUMMED, f"rank={rank}: from 1 to {_SUMMED} is needed")
    sizes = numpy.asarray(rows, dtype=numpy.float64).reshape(-1)
    require(not sizes.size or float(sizes.min()) >= 1, "fewer than 1 row")
    law = numpy.arange(1, _SUMMED + 1, dtype=numpy.float64) ** -exponent / float(zeta(exponent))
    seen = share * law
    seen[:rank] += (1 - share) * law[:rank] / (1 - memoriser_plateau(exponent=exponent, rank=rank))
    near = [float((law * numpy.exp(size * numpy.log1p(-seen))).sum()) for size in sizes]
    return numpy.asarray(near) + _beyond(sizes, exponent, share)


def _beyond(sizes: Floats, exponent: float, share: float) -> Floats:
    """Return what the facts after the last one summed add: the integral over ranks of p (1 - share p)^T.

    With u = share p it is (c share)^(1/b) / (b share) times the incomplete beta function of (1 - 1/b, T + 1) at u(N + 1/2).
    """
    if share == 0:
        return numpy.full(sizes.shape, memoriser_plateau(exponent=exponent, rank=_SUMMED))
    scale, power = share / float(zeta(exponent)), 1 - 1 / exponent
    edge = scale * (_SUMMED + 0.5) ** -exponent
    factor = scale ** (1 / exponent) / (exponent * share)
    return numpy.asarray(factor * betainc(power, sizes + 1, edge) * beta(power, sizes + 1), dtype=numpy.float64)


def _check(exponent: float) -> None:
    require(exponent > 1 and math.isfinite(exponent), f"exponent={exponent}: a finite number above 1 is needed")
