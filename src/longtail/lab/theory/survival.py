"""How long rare categories live when each generation replaces the data: the g_k recursion, the exact chain, published bounds."""

import math

import numpy
import numpy.typing as npt

from longtail.lab.theory.chains import absence_by_start, check_open, check_samples, count_chain, first_counts, law_of
from longtail.lab.theory.forms import FORMS, Floats, Generations, last_of, pick, require, steps

_SURESH = "Suresh et al., arXiv:2412.17646"
_SEDDIK = "Seddik et al., arXiv:2404.05090"


@FORMS.add(case="12", kind="exact", unit="factor", valid="generations >= 1", source=_SURESH)
def survival_factor(generations: Generations) -> Floats:
    """Return g_k, by which k generations of replacement act like one generation of a smaller sample.

    g_1 = 1, g_{k+1} = 1 - exp(-g_k); 1/k <= g_k <= 3/k.

    Raises:
        ConfigError: Settings out of range.
    """
    series = [1.0]
    for _ in range(last_of(generations) - 1):
        series.append(-math.expm1(-series[-1]))
    return pick(series, generations)


@FORMS.add(case="12", kind="exact", unit="probability", valid="samples >= 1, 0 <= p <= 1", source="binomial law")
def survival_missed_once(*, samples: int, p: float) -> float:
    """Return the chance that one sample misses a category of probability p: (1 - p)^n.

    Raises:
        ConfigError: Settings out of range.
    """
    check_samples(samples, least=1)
    require(0 <= p <= 1, f"p={p}: from 0 to 1 is needed")
    return float((1 - p) ** samples)


@FORMS.add(case="12", kind="bound_lower", unit="probability", valid="samples >= 1, 0 < p < 1", source=_SURESH)
def survival_bound(generations: Generations, *, samples: int, p: float) -> Floats:
    """Return a lower bound on the chance that a category is alive after k generations: 1 - exp(-n p g_k).

    It is the exact chance for Poisson counts, and the lower of the two published bounds for Bernoulli data.

    Raises:
        ConfigError: Settings out of range.
    """
    check_samples(samples, least=1)
    check_open("p", p)
    return numpy.asarray(-numpy.expm1(-samples * p * survival_factor(generations)))


@FORMS.add(case="12", kind="exact", unit="probability", valid="1 <= samples <= 4000, 0 < p < 1", source="derived here")
def survival_exact(generations: Generations, *, samples: int, p: float) -> Floats:
    """Return the chance that a category is alive after k generations of replacement, from the exact chain of its count.

    The first fit draws a binomial (n, p) count; then x of n becomes a binomial (n, x / n) count.

    Raises:
        ConfigError: Settings out of range.
    """
    check_open("p", p)
    return numpy.asarray(_alive(generations, samples, numpy.array([p]))[0])


@FORMS.add(case="12", kind="exact", unit="categories", valid="1 <= samples <= 4000", source="derived here")
def expected_support(generations: Generations, *, samples: int, law: npt.ArrayLike) -> Floats:
    """Return the mean number of categories alive after k generations of replacement, from the exact chain of each.

    Raises:
        ConfigError: Settings out of range.
    """
    return numpy.asarray(_alive(generations, samples, law_of(law)).sum(axis=0))


@FORMS.add(case="12", kind="bound_lower", unit="categories", valid="samples >= 1", source=_SURESH)
def expected_support_bound(generations: Generations, *, samples: int, law: npt.ArrayLike) -> Floats:
    """Return a lower bound on the mean number of categories alive after k generations: sum of 1 - exp(-n p_i g_k).

    Raises:
        ConfigError: Settings out of range.
    """
    check_samples(samples, least=1)
    means = samples * law_of(law)
    return numpy.asarray(-numpy.expm1(-means[None, :] * survival_factor(generations)[:, None]).sum(axis=1))


@FORMS.add(case="12", kind="bound_lower", unit="generations", valid="mean > 0", source="derived here from arXiv:2412.17646")
def survival_half_life(*, mean: float) -> float:
    """Return the first generation k at which half of the categories with n p = `mean` may be gone: least k with mean g_k < ln 2.

    The exact answer for Poisson counts; earlier than or equal to it for multinomial ones.

    Raises:
        ConfigError: Settings out of range.
    """
    require(0 < mean <= 1e6, f"mean={mean}: above 0 and at most 1e6 is needed")
    k, g = 1, 1.0
    while mean * g >= math.log(2):
        k, g = k + 1, -math.expm1(-g)
    return float(k)


@FORMS.add(case="13", kind="exact", unit="probability", valid="samples >= 1, rate > 0", source=_SURESH)
def poisson_alive(generations: Generations, *, samples: int, rate: float) -> Floats:
    """Return the chance that a Poisson rate, refitted as the mean of n draws each generation, is not 0 after k: 1 - exp(-n rate g_k).

    Raises:
        ConfigError: Settings out of range.
    """
    check_samples(samples, least=1)
    require(rate > 0, f"rate={rate}: above 0 is needed")
    return numpy.asarray(-numpy.expm1(-samples * rate * survival_factor(generations)))


@FORMS.add(case="14", kind="bound_lower", unit="probability", valid="samples >= 1, 0 < p < 1", source=_SURESH)
def bernoulli_alive_lower(generations: Generations, *, samples: int, p: float) -> Floats:
    """Return the published lower bound on the chance that a Bernoulli probability is not 0 after k: 1 - exp(-n p g_k).

    Raises:
        ConfigError: Settings out of range.
    """
    return numpy.asarray(survival_bound(generations, samples=samples, p=p))


@FORMS.add(case="14", kind="bound_upper", unit="probability", valid="samples >= 1, 0 < p < 1", source=_SURESH)
def bernoulli_alive_upper(generations: Generations, *, samples: int, p: float) -> Floats:
    """Return an upper bound on the chance that a Bernoulli probability is not 0 after k.

    1 - exp(-n p g_k) max(1 - 3 n p^2 - 3 k p, 0).

    Raises:
        ConfigError: Settings out of range.
    """
    gone = 1 - survival_bound(generations, samples=samples, p=p)
    return numpy.asarray(1 - gone * numpy.maximum(1 - 3 * samples * p**2 - 3 * steps(generations) * p, 0.0))


@FORMS.add(case="14", kind="bound_lower", unit="probability", valid="samples >= 2, 0 < p < 1", source=_SEDDIK)
def bernoulli_unabsorbed_lower(generations: Generations, *, samples: int, p: float) -> Floats:
    """Return a lower bound on the chance that a Bernoulli probability is neither 0 nor 1 after k: 4 p (1 - p) (1 - 1/n)^k.

    Raises:
        ConfigError: Settings out of range.
    """
    check_samples(samples)
    check_open("p", p)
    return numpy.asarray(4 * p * (1 - p) * (1 - 1 / samples) ** steps(generations))


@FORMS.add(case="14", kind="bound_upper", unit="probability", valid="samples >= 2, 0 < p < 1", source=_SEDDIK)
def bernoulli_unabsorbed_upper(generations: Generations, *, samples: int, p: float) -> Floats:
    """Return an upper bound on the chance that a Bernoulli probability is neither 0 nor 1 after k: 2 n p (1 - p) (1 - 1/n)^k, at most 1.

    Raises:
        ConfigError: Settings out of range.
    """
    check_samples(samples)
    check_open("p", p)
    return numpy.asarray(numpy.minimum(1.0, 2 * samples * p * (1 - p) * (1 - 1 / samples) ** steps(generations)))


@FORMS.add(case="34", kind="exact", unit="modes", valid="1 <= samples <= 4000, well separated equal modes", source="derived here")
def modes_alive(generations: Generations, *, samples: int, modes: int) -> Floats:
    """Return the mean number of equal, well separated modes alive after k generations: a mode dies when no sample falls in it.

    Raises:
        ConfigError: Settings out of range.
    """
    return numpy.asarray(expected_support(generations, samples=samples, law=_equal(modes)))


@FORMS.add(case="34", kind="bound_lower", unit="modes", valid="samples >= 1, well separated equal modes", source=_SURESH)
def modes_alive_bound(generations: Generations, *, samples: int, modes: int) -> Floats:
    """Return a lower bound on the mean number of equal, well separated modes alive after k generations: K (1 - exp(-n g_k / K)).

    Raises:
        ConfigError: Settings out of range.
    """
    return numpy.asarray(expected_support_bound(generations, samples=samples, law=_equal(modes)))


def _equal(modes: int) -> Floats:
    require(modes >= 2, f"modes={modes}: at least 2 are needed")
    return numpy.full(modes, 1 / modes)


def _alive(generations: Generations, samples: int, law: Floats) -> Floats:
    """Return the chance that each category is alive in each generation, shape (categories, generations)."""
    absent = absence_by_start(count_chain(samples=samples, p=0.0), last_of(generations) - 1)[steps(generations) - 1]
    different, owner = numpy.unique(law, return_inverse=True)
    return numpy.asarray((first_counts(samples=samples, law=different) @ (1 - absent).T)[owner])
