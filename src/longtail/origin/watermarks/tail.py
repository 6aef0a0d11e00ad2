"""The exact upper tail of a binomial law, also where it is too small for a number of double precision."""

import math

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_LEAST = 1e-290


def upper(successes: npt.ArrayLike, trials: npt.ArrayLike, rate: float) -> tuple[Floats, Floats]:
    """Return P(X >= s) and its logarithm to base 10 for X ~ Binomial(T, rate), each of shape (n,).

    P = I_rate(s, T - s + 1), the regularised incomplete beta function; where it is below 1e-290 its logarithm is that of the first
    term plus that of the sum of the others over it, which shrinks faster than a geometric series.

    Args:
        successes: s, shape (n,), 0 to T.
        trials: T, shape (n,).
        rate: Above 0 and below 1.
    """
    from scipy.special import betainc

    s, t = np.atleast_1d(np.asarray(successes, dtype=np.float64)), np.atleast_1d(np.asarray(trials, dtype=np.float64))
    p = np.where(s > 0, betainc(np.maximum(s, 1), t - s + 1, rate), 1.0)
    small = p < _LEAST
    logarithms = np.log10(np.where(small, 1.0, p))
    if small.any():
        logarithms[small] = _far(s[small], t[small], rate)
    return p, logarithms


def _far(s: Floats, t: Floats, rate: float) -> Floats:
    from scipy.special import gammaln

    first = gammaln(t + 1) - gammaln(s + 1) - gammaln(t - s + 1) + s * math.log(rate) + (t - s) * math.log1p(-rate)
    term, total, step = np.ones_like(s), np.ones_like(s), 0
    while (term > 1e-15 * total).any():
        step += 1
        term = term * np.maximum(t - s - step + 1, 0) / (s + step) * (rate / (1 - rate))
        total = total + term
    return np.asarray((first + np.log(total)) / math.log(10))
