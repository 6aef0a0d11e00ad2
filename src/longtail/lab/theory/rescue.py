"""All of K equal categories at once: leaving full support, and coming back to it after a collapse, with fresh real data.

Whether a set of categories is absent depends on its joint count only, which is a binomial chain of its own. Inclusion and
exclusion over the sets therefore give the chance of full support exactly, at any one generation. The chance of having had it
by a horizon is a first passage: it is bounded by the sum of those chances, and close to 1 - exp(-sum / m) where visits are
rare and come in groups of m on average.
"""

import math
from collections.abc import Callable

import numpy
from scipy.optimize import brentq
from scipy.special import comb

from longtail.lab.theory.chains import absence_by_start, check_open, check_samples, count_chain, first_counts, stationary
from longtail.lab.theory.forms import FORMS, Floats, Generations, check_share, last_of, pick, require

_RANGE = "2 <= categories <= 25, 2 <= samples <= 4000, horizon >= 1"
_LEAST_SHARE = 1e-6


@FORMS.add(case="16", kind="exact", unit="probability", valid="2 <= categories <= 25, samples <= 4000", source="derived here")
def full_support_chance(generations: Generations, *, samples: int, categories: int, share: float) -> Floats:
    """Return the chance that all of K equal categories are present in generation t of a loop that began on real data.

    Without fresh data (share 0) this is also the chance of never having left full support.

    Raises:
        ConfigError: Settings out of range.
    """

    def begin(part: int, absent: Floats) -> Floats:
        counts = first_counts(samples=samples, law=[part / categories])[0]
        return numpy.asarray(float(comb(categories, part)) * (absent @ counts))

    last = last_of(generations)
    return pick(_full(samples, categories, share, last - 1, begin), generations)


@FORMS.add(case="16", kind="exact", unit="probability", valid="2 <= categories <= 25, samples <= 4000", source="derived here")
def full_support_after_collapse(generations: Generations, *, samples: int, categories: int, share: float) -> Floats:
    """Return the chance that all of K equal categories are present t generations after only one was left.

    Raises:
        ConfigError: Settings out of range.
    """

    def begin(part: int, absent: Floats) -> Floats:
        others, own = float(comb(categories - 1, part)), float(comb(categories - 1, part - 1))
        return numpy.asarray(others * absent[:, 0] + own * absent[:, -1])

    last = last_of(generations)
    return pick(_full(samples, categories, share, last, begin)[1:], generations)


@FORMS.add(case="16", kind="exact", unit="generations", valid="2 <= categories <= 25, samples <= 4000, share 0", source="derived here")
def full_support_median_exit(*, samples: int, categories: int) -> float:
    """Return the first generation in which a loop without real data has lost one of K equal categories with chance 1/2 or more.

    Raises:
        ConfigError: Settings out of range.
    """
    last = 8
    while True:
        gone = numpy.flatnonzero(full_support_chance(range(1, last + 1), samples=samples, categories=categories, share=0.0) <= 0.5)
        if gone.size:
            return float(gone[0] + 1)
        last *= 2


@FORMS.add(case="16", kind="bound_upper", unit="probability", valid=_RANGE, source="derived here")
def rescue_chance_upper(*, samples: int, categories: int, share: float, horizon: int) -> float:
    """Return an upper bound on the chance that a collapsed loop reaches full support within the horizon: the sum of its chances.

    Raises:
        ConfigError: Settings out of range.
    """
    return min(1.0, _visits(samples, categories, share, horizon))


@FORMS.add(case="16", kind="asymptotic", unit="probability", valid=_RANGE + ", full support rare", source="derived here")
def rescue_chance(*, samples: int, categories: int, share: float, horizon: int) -> float:
    """Return the chance that a collapsed loop reaches full support of K equal categories within the horizon.

    1 - exp(-V / m): V is the exact mean number of generations with full support up to the horizon, and m the mean size of the
    group that an arrival at full support begins, 1 + v sum_k (s_k r_k^(K-1) - 1). Here v is the chance of full support at the
    horizon; s_k and r_k are the chance that a category is present k generations later, over that without knowing, for the one
    that has just come back and for one that is present. These chances are exact, their product over the categories is not.
    It makes groups too long, and the chance too low: by at most 0.03 of simulation where m is below 1.7 (11 to 20 categories at 4 to
    10 samples each), by about 0.1 at m = 3 and 0.2 at m = 6 (8 categories of 200 samples).

    Raises:
        ConfigError: Settings out of range.
    """
    check_share(share, zero=False)
    chances = full_support_after_collapse(range(1, horizon + 1), samples=samples, categories=categories, share=share)
    chain = count_chain(samples=samples, p=1 / categories, share=share)
    law = stationary(chain)[1:]
    later = (1 - absence_by_start(chain, horizon)[1:, 1:]) / law.sum()
    back, present = later @ chain[0, 1:] / chain[0, 1:].sum(), later @ law / law.sum()
    group = 1 + float(chances[-1]) * float(numpy.maximum(back * present ** (categories - 1) - 1, 0.0).sum())
    return -math.expm1(-float(chances.sum()) / group)


@FORMS.add(case="16", kind="bound_lower", unit="share", valid=_RANGE + ", 0 < chance < 1", source="derived here")
def rescue_share_floor(*, samples: int, categories: int, horizon: int, chance: float = 0.5) -> float:
    """Return a share of fresh real data below which a collapsed loop cannot reach full support in time with that chance.

    Where the bound of `rescue_chance_upper` meets the chance.

    Raises:
        ConfigError: Settings out of range.
    """
    return _least_share(lambda share: _visits(samples, categories, share, horizon), chance)


@FORMS.add(case="16", kind="asymptotic", unit="share", valid=_RANGE + ", 0 < chance < 1", source="derived here")
def rescue_share(*, samples: int, categories: int, horizon: int, chance: float = 0.5) -> float:
    """Return the least share of fresh real data at which a collapsed loop reaches full support within the horizon with that chance.

    Where `rescue_chance` meets the chance; infinite where it never does. Far below `keep_share`: full support once is not
    full support kept.

    Raises:
        ConfigError: Settings out of range.
    """
    return _least_share(lambda share: rescue_chance(samples=samples, categories=categories, share=share, horizon=horizon), chance)


def _full(samples: int, categories: int, share: float, last: int, begin: Callable[[int, Floats], Floats]) -> Floats:
    """Return the chance of full support after 0 … last steps; `begin` weighs the absence of `part` categories by the start."""
    check_samples(samples)
    require(2 <= categories <= 25, f"categories={categories}: from 2 to 25 are needed")
    full = numpy.ones(last + 1)
    for part in range(1, categories + 1):
        chain = count_chain(samples=samples, p=part / categories, share=share)
        full += (-1) ** part * begin(part, absence_by_start(chain, last))
    return numpy.clip(full, 0.0, 1.0)


def _visits(samples: int, categories: int, share: float, horizon: int) -> float:
    """Return the mean number of generations with full support, within the horizon after a collapse."""
    require(horizon >= 1, f"horizon={horizon}: at least 1 generation is needed")
    chances = full_support_after_collapse(range(1, horizon + 1), samples=samples, categories=categories, share=share)
    return float(chances.sum())


def _least_share(reached: Callable[[float], float], chance: float) -> float:
    check_open("chance", chance)
    if reached(1.0) < chance:
        return math.inf
    return math.exp(brentq(lambda log_share: reached(math.exp(log_share)) - chance, math.log(_LEAST_SHARE), 0.0, xtol=1e-6))
