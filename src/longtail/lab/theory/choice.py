"""Curation by choosing one of K answers, its limits, and how much synthetic data a loop with real data stands."""

import math

import numpy
import numpy.typing as npt
from scipy.integrate import quad

from longtail.lab.theory.chains import law_of
from longtail.lab.theory.forms import FORMS, Floats, Generations, check_share, last_of, pick, require

_CURATION = "Ferbach et al., arXiv:2407.09499"
_STABILITY = "Bertrand et al., arXiv:2310.00429"
_RANGE = "choices >= 1 or infinite, no sampling error"
_STEPS = 100_000


@FORMS.add(case="26", kind="exact", unit="probability", valid=_RANGE, source=_CURATION)
def choose_best_law(*, law: npt.ArrayLike, rewards: npt.ArrayLike, choices: float) -> Floats:
    """Return the law of what is kept when K answers are drawn and one is kept with odds e^reward, shape (categories,).

    p'(x) = p(x) E[K e^r(x) / (e^r(x) + S)], S the sum over K - 1 others; p(x) e^r(x) / E e^r for infinite K. The mean is an
    integral without sampling: 1 / (w + S) = int e^-u(w + S) du, so E = int e^-uw M(u)^(K-1) du with M(u) = E e^(-u e^r).

    Raises:
        ConfigError: Settings out of range.
    """
    return _kept(*_checked(law, rewards, choices), choices)


@FORMS.add(case="26", kind="exact", unit="probability", valid=_RANGE + ", 0 < share <= 1", source=_CURATION)
def choose_best_fixed_point(*, law: npt.ArrayLike, rewards: npt.ArrayLike, choices: float, share: float) -> Floats:
    """Return the law at which curation with real data at that share settles: p = share law + (1 - share) kept(p).

    Found by repeating the step from the real law. A published weight lambda on the model's own data is share = 1 / (1 + lambda).

    Raises:
        ConfigError: Settings out of range, or the steps did not settle.
    """
    check_share(share, zero=False)
    real, odds = _checked(law, rewards, choices)
    now = real
    for _ in range(_STEPS):
        then = share * real + (1 - share) * _kept(now, odds, choices)
        if float(numpy.abs(then - now).max()) < 1e-13:
            return then
        now = then
    require(False, f"no fixed point after {_STEPS} steps at share={share}")
    return now


@FORMS.add(case="26", kind="exact", unit="mean of e^reward", valid=_RANGE, source=_CURATION)
def choose_best_reward(generations: Generations, *, law: npt.ArrayLike, rewards: npt.ArrayLike, choices: float) -> Floats:
    """Return E e^reward after t rounds of curation without real data; it rises every round.

    Raises:
        ConfigError: Settings out of range.
    """
    shares, odds = _checked(law, rewards, choices)
    top, series = float(numpy.asarray(rewards).max()), []
    for _ in range(last_of(generations)):
        shares = _kept(shares, odds, choices)
        series.append(float(shares @ odds) * math.exp(top))
    return pick(series, generations)


@FORMS.add(case="26", kind="bound_lower", unit="mean of e^reward", valid=_RANGE, source=_CURATION)
def choose_best_rise_lower(*, law: npt.ArrayLike, rewards: npt.ArrayLike, choices: float) -> float:
    """Return a lower bound on the rise of E e^reward in one round: ((K - 1) / K) Var(e^r) / e^(largest r).

    Raises:
        ConfigError: Settings out of range.
    """
    shares, odds = _checked(law, rewards, choices)
    spread = float(shares @ (odds - shares @ odds) ** 2) * math.exp(float(numpy.asarray(rewards).max()))
    return (1 - 1 / choices) * spread


@FORMS.add(case="27", kind="bound_upper", unit="factor per generation", valid="ratio below stability_ratio_bound", source=_STABILITY)
def stability_rate_bound(*, ratio: float, curvature: float = 1.0, lipschitz: float = 0.0, error: float = 0.0) -> float:
    """Return a bound on the contraction of a loop with real data: l (a + e L) / (a - l (a + e L)).

    l is synthetic over real rows, a the curvature of the loss, L its Lipschitz constant and e the error of the first model. One
    way only: a loop beyond its range may be stable.

    Raises:
        ConfigError: Settings out of range.
    """
    limit = float(stability_ratio_bound(curvature=curvature, lipschitz=lipschitz, error=error))
    require(0 <= ratio < limit, f"ratio={ratio}: at least 0 and below {limit} is needed")
    load = ratio * (curvature + error * lipschitz)
    return load / (curvature - load)


@FORMS.add(case="27", kind="bound_lower", unit="synthetic rows per real row", valid="curvature > 0, other settings >= 0", source=_STABILITY)
def stability_ratio_bound(*, curvature: float = 1.0, lipschitz: float = 0.0, error: float = 0.0) -> float:
    """Return the ratio of synthetic to real rows below which a loop is known to be locally stable: (1/2) / (1 + L e / a).

    The true limit is at least this, and infinite for the mean of a normal law; see `gaussian_mean_contraction`.

    Raises:
        ConfigError: Settings out of range.
    """
    require(curvature > 0, f"curvature={curvature}: above 0 is needed")
    require(lipschitz >= 0 and error >= 0, f"lipschitz={lipschitz}, error={error}: at least 0 are needed")
    return 0.5 / (1 + lipschitz * error / curvature)


@FORMS.add(case="27", kind="exact", unit="factor per generation", valid="ratio >= 0, mean of a normal law", source="derived here")
def gaussian_mean_contraction(*, ratio: float) -> float:
    """Return the factor by which the deviation of a fitted mean shrinks per generation: l / (1 + l), l synthetic over real rows.

    Raises:
        ConfigError: Settings out of range.
    """
    require(ratio >= 0, f"ratio={ratio}: at least 0 is needed")
    return ratio / (1 + ratio)


def _checked(law: npt.ArrayLike, rewards: npt.ArrayLike, choices: float) -> tuple[Floats, Floats]:
    """Return the law and e^(reward - largest reward)."""
    shares, gains = law_of(law), numpy.asarray(rewards, dtype=numpy.float64)
    require(gains.shape == shares.shape and bool(numpy.isfinite(gains).all()), f"{gains.size} rewards for {shares.size} categories")
    require(choices >= 1 and (choices == math.inf or float(choices).is_integer()), f"choices={choices}: a whole number or infinity")
    return shares, numpy.asarray(numpy.exp(gains - gains.max()), dtype=numpy.float64)


def _kept(shares: Floats, odds: Floats, choices: float) -> Floats:
    if choices == math.inf:
        return numpy.asarray(shares * odds / (shares @ odds))
    chances = [choices * odd * _mean_inverse(float(odd), shares, odds, int(choices)) for odd in odds]
    kept = shares * numpy.asarray(chances)
    return numpy.asarray(kept / kept.sum())


def _mean_inverse(odd: float, shares: Floats, odds: Floats, choices: int) -> float:
    """Return E[1 / (odd + sum of K - 1 draws of odds)], the variable of the integral in units of the mean of that sum."""
    scale = odd + (choices - 1) * float(shares @ odds)

    def inner(u: float) -> float:
        return math.exp(-u * odd / scale) * float(shares @ numpy.exp(-u * odds / scale)) ** (choices - 1)

    return float(quad(inner, 0, math.inf, epsabs=0, epsrel=1e-11, limit=400)[0]) / scale
