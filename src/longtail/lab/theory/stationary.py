"""One category in a loop with fresh real data: its exact stationary law, its absence, and the share that keeps everything."""

import math

import numpy
import numpy.typing as npt
from scipy.optimize import brentq

from longtail.lab.theory.chains import check_open, count_chain, law_of, stationary
from longtail.lab.theory.forms import FORMS, Floats, check_share

_RANGE = "1 <= samples <= 4000, 0 < p < 1, 0 < share <= 1"


@FORMS.add(case="15", kind="exact", unit="probability", valid=_RANGE, source="derived here")
def category_stationary_law(*, samples: int, p: float, share: float) -> Floats:
    """Return the long-run law of the count of one category of true probability p, shape (samples + 1,).

    The count follows the chain x -> binomial (n, a p + (1 - a) x / n), whatever the other categories do.

    Raises:
        ConfigError: Settings out of range.
    """
    check_open("p", p)
    check_share(share, zero=False)
    return stationary(count_chain(samples=samples, p=p, share=share))


@FORMS.add(case="15", kind="exact", unit="probability", valid=_RANGE, source="derived here")
def category_absence(*, samples: int, p: float, share: float) -> float:
    """Return the share of generations in which a category of true probability p is absent, in the long run.

    Raises:
        ConfigError: Settings out of range.
    """
    return float(category_stationary_law(samples=samples, p=p, share=share)[0])


@FORMS.add(case="15", kind="exact", unit="probability", valid=_RANGE, source="derived here")
def category_vanish_chance(*, samples: int, p: float, share: float) -> float:
    """Return the chance that a category present now is absent in the next generation, in the long run.

    Not (1 - p)^n: the model has drifted from p.

    Raises:
        ConfigError: Settings out of range.
    """
    law = category_stationary_law(samples=samples, p=p, share=share)
    missed = count_chain(samples=samples, p=p, share=share)[:, 0]
    return float(law[1:] @ missed[1:]) / float(law[1:].sum())


@FORMS.add(case="15", kind="exact", unit="categories", valid="1 <= samples <= 4000, 0 < share <= 1", source="derived here")
def stationary_support(*, samples: int, law: npt.ArrayLike, share: float) -> float:
    """Return the mean number of categories present in a generation, in the long run.

    Raises:
        ConfigError: Settings out of range.
    """
    different, times = numpy.unique(law_of(law), return_counts=True)
    present = [1 - category_absence(samples=samples, p=float(p), share=share) for p in different[different > 0]]
    return float(numpy.dot(present, times[different > 0]))


@FORMS.add(case="16", kind="exact", unit="share", valid="1 <= samples <= 4000, 0 < absence < 1", source="derived here")
def keep_share(*, samples: int, law: npt.ArrayLike, absence: float = 0.01) -> float:
    """Return the least share of fresh real data at which no category is absent in more than `absence` of the generations.

    The rarest category decides; its long-run absence falls from 1 to (1 - p)^n as the share goes from 0 to 1. Infinite where
    even real data alone miss it more often than asked. Says nothing about a loop that has collapsed: see `rescue_share`.

    Raises:
        ConfigError: Settings out of range.
    """
    check_open("absence", absence)
    shares = law_of(law)
    rarest = float(shares[shares > 0].min())
    if category_absence(samples=samples, p=rarest, share=1.0) > absence:
        return math.inf
    return float(brentq(lambda share: category_absence(samples=samples, p=rarest, share=share) - absence, 1e-6, 1.0, xtol=1e-10))
