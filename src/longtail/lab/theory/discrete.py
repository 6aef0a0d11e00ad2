"""Categories refitted by counting: heterozygosity, fixation, entropy, and the effect of fresh real data on them.

Each generation draws n samples; the shares counted there are the law of the next. Without real data this is the
Wright-Fisher model of genetic drift.
"""

import math

import numpy
import numpy.typing as npt

from longtail.lab.theory.chains import check_open, check_samples, count_chain, first_counts, law_of
from longtail.lab.theory.forms import FORMS, Floats, Generations, check_share, require, steps

_DRIFT = "Shumailov et al., arXiv:2305.17493; Seddik et al., arXiv:2404.05090"


@FORMS.add(case="11", kind="exact", unit="probability", valid="samples >= 2", source=_DRIFT)
def categorical_replace_heterozygosity(generations: Generations, *, samples: int, law: npt.ArrayLike) -> Floats:
    """Return the mean chance that two draws differ, E[1 - sum q_t^2], when each generation replaces the data.

    (1 - sum p^2) (1 - 1/n)^t.

    Raises:
        ConfigError: Settings out of range.
    """
    check_samples(samples)
    start = 1 - float((law_of(law) ** 2).sum())
    return numpy.asarray(start * (1 - 1 / samples) ** steps(generations))


@FORMS.add(case="11", kind="exact", unit="probability", valid="any law", source=_DRIFT)
def categorical_fixation_chances(*, law: npt.ArrayLike) -> Floats:
    """Return the chance that each category is the one left in the end, shape (categories,): its true probability.

    The shares are a martingale and only laws with one category are absorbing.

    Raises:
        ConfigError: Settings out of range.
    """
    return law_of(law)


@FORMS.add(case="11", kind="asymptotic", unit="generations", valid="two categories, samples large", source="Kimura's diffusion; " + _DRIFT)
def absorption_time_diffusion(*, samples: int, p: float) -> float:
    """Return the mean number of generations until one of two categories is left, in the diffusion limit.

    -2 n [p ln p + (1 - p) ln(1 - p)].

    Raises:
        ConfigError: Settings out of range.
    """
    check_samples(samples)
    check_open("p", p)
    return -2 * samples * (p * math.log(p) + (1 - p) * math.log1p(-p))


@FORMS.add(case="11", kind="exact", unit="generations", valid="two categories, 2 <= samples <= 4000", source="derived here")
def absorption_time_exact(*, samples: int, p: float) -> float:
    """Return the mean number of generations until one of two categories is left, from the binomial chain.

    With Q the chain among the counts 1 … n-1, the mean time from each count solves (I - Q) T = 1; the first fit adds 1
    and starts from a binomial (n, p) count.

    Raises:
        ConfigError: Settings out of range.
    """
    check_samples(samples)
    check_open("p", p)
    inner = count_chain(samples=samples, p=p)[1:-1, 1:-1]
    left = numpy.linalg.solve(numpy.eye(samples - 1) - inner, numpy.ones(samples - 1))
    return 1 + float(first_counts(samples=samples, law=[p])[0, 1:-1] @ left)


@FORMS.add(case="11", kind="asymptotic", unit="generations", valid="equal categories, samples large", source="diffusion; " + _DRIFT)
def absorption_time_equal(*, samples: int, categories: int) -> float:
    """Return the mean number of generations until one of K equal categories is left, in the diffusion limit.

    -2 n (K - 1) ln(1 - 1/K).

    Raises:
        ConfigError: Settings out of range.
    """
    check_samples(samples)
    require(categories >= 2, f"categories={categories}: at least 2 are needed")
    return -2 * samples * (categories - 1) * math.log1p(-1 / categories)


@FORMS.add(case="11", kind="asymptotic", unit="nats", valid="generations * categories much below samples", source="derived here")
def categorical_replace_entropy(generations: Generations, *, samples: int, law: npt.ArrayLike) -> Floats:
    """Return the mean entropy of the fitted law while little was lost: H_0 - (K - 1) t / (2 n).

    Each generation costs the bias (K - 1) / (2 n) of the counted entropy, to first order; K counts positive probabilities.

    Raises:
        ConfigError: Settings out of range.
    """
    check_samples(samples)
    shares = law_of(law)
    present = shares[shares > 0]
    return numpy.asarray(-(present * numpy.log(present)).sum() - (present.size - 1) * steps(generations) / (2 * samples))


@FORMS.add(case="15", kind="exact", unit="probability", valid="samples >= 2, 0 <= share <= 1", source="derived here")
def categorical_fresh_simpson(generations: Generations, *, samples: int, law: npt.ArrayLike, share: float) -> Floats:
    """Return the mean chance that two draws agree, J_t = E[sum q_t^2], with fresh real data at share a every generation.

    J_0 = sum p^2 and J' = 1/n + (1 - 1/n) [(2a - a^2) J_0 + (1 - a)^2 J]: two samples are the same one with chance 1/n;
    otherwise each comes from the real law with chance a, and E q = p.

    Raises:
        ConfigError: Settings out of range.
    """
    start = float((law_of(law) ** 2).sum())
    return numpy.asarray(categorical_recovery_simpson(generations, samples=samples, law=law, share=share, start=start))


@FORMS.add(case="15", kind="exact", unit="probability", valid="samples >= 2, 0 <= share <= 1", source="derived here")
def categorical_fresh_simpson_limit(*, samples: int, law: npt.ArrayLike, share: float) -> float:
    """Return the mean chance that two draws agree in the long run, with fresh real data at share a every generation.

    J* = [1/n + (1 - 1/n) (2a - a^2) J_0] / [1 - (1 - 1/n) (1 - a)^2], which is 1 at a = 0.

    Raises:
        ConfigError: Settings out of range.
    """
    check_samples(samples)
    check_share(share)
    first, apart = float((law_of(law) ** 2).sum()), 1 - 1 / samples
    return (1 / samples + apart * share * (2 - share) * first) / (1 - apart * (1 - share) ** 2)


@FORMS.add(case="33", kind="exact", unit="probability", valid="samples >= 2, 0 <= share <= 1, 0 < start <= 1", source="derived here")
def categorical_recovery_simpson(generations: Generations, *, samples: int, law: npt.ArrayLike, share: float, start: float) -> Floats:
    """Return the mean chance that two draws agree, t generations after real data at share a came into a loop that stood at `start`.

    J* + (start - J*) r^t with r = (1 - 1/n) (1 - a)^2. `E q = p` must hold at the start, as it does after any number of
    generations of replacement.

    Raises:
        ConfigError: Settings out of range.
    """
    require(0 < start <= 1, f"start={start}: above 0 and at most 1 is needed")
    limit = categorical_fresh_simpson_limit(samples=samples, law=law, share=share)
    return numpy.asarray(limit + (start - limit) * categorical_recovery_factor(samples=samples, share=share) ** steps(generations))


@FORMS.add(case="33", kind="exact", unit="factor per generation", valid="samples >= 2, 0 <= share <= 1", source="derived here")
def categorical_recovery_factor(*, samples: int, share: float) -> float:
    """Return the factor by which J - J* shrinks per generation: (1 - 1/n) (1 - a)^2.

    Raises:
        ConfigError: Settings out of range.
    """
    check_samples(samples)
    check_share(share)
    return (1 - 1 / samples) * (1 - share) ** 2
