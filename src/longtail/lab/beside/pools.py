"""What a policy does to the moments of its training sets, in any family whose rows keep their variance.

Maximum likelihood from unbiased samples shares a variance of 1 out between models and within them, by numbers of rows alone
(decision 0009). So the forms of one Gaussian serve laws over types as well: there the part within models is 1 − Σq² over 1 − Σp².
"""

from typing import TypeAlias

from longtail.lab.beside.asked import Asked, Form
from longtail.lab.theory import gaussian, mixing, pooling
from longtail.lab.theory.moments import Moments

Told: TypeAlias = tuple[Form, Moments]


def moments(asked: Asked, *, ddof: int = 0, scale: float = 1.0) -> Told | None:
    """Return a form and both moments over the generations, None where no form is known.

    Args:
        asked: A run without gates, its draws exact.
        ddof: The divisor of the variance is rows − ddof.
        scale: Variance of what is sampled, in variances of the model.
    """
    by_policy = {
        "replace": _replace,
        "grown": _replace,
        "accumulate": _accumulate,
        "expanding": _expanding,
        "fixed_budget": _fixed_budget,
        "fresh": _fresh,
        "augment": _augment,
    }
    return by_policy[asked.policy](asked, ddof, scale) if asked.policy in by_policy else None


def _replace(asked: Asked, ddof: int, scale: float) -> Told:
    square = gaussian.gaussian_replace_mean_square(asked.t, samples=asked.sizes, ddof=ddof, scale=scale)
    variance = gaussian.gaussian_replace_variance(asked.t, samples=asked.sizes, ddof=ddof, scale=scale)
    return gaussian.gaussian_replace_variance, Moments(square, variance)


def _accumulate(asked: Asked, ddof: int, scale: float) -> Told | None:
    if ddof:
        return None
    if scale != 1:
        return _expanding(asked, ddof, scale)
    written = [asked.first, *(step.writes for step in asked.steps[1:])]
    variance = pooling.accumulate_variance(asked.t, samples=written)
    return pooling.accumulate_variance, Moments(pooling.accumulate_mean_square(asked.t, samples=written), variance)


def _expanding(asked: Asked, ddof: int, scale: float) -> Told | None:
    """Return the moments of a pool that keeps everything and grows by the same rows each time."""
    step = asked.later
    if ddof or len({(each.writes, each.collects) for each in asked.steps[1:]}) != 1:
        return None
    told = pooling.accumulate_moments(asked.t, samples=step.writes, real=step.collects, scale=scale, first=asked.first)
    return pooling.accumulate_moments, told


def _fixed_budget(asked: Asked, ddof: int, scale: float) -> Told | None:
    if ddof or not asked.even:
        return None
    return pooling.fixed_budget_moments, pooling.fixed_budget_moments(asked.t, samples=asked.first, scale=scale)


def _fresh(asked: Asked, ddof: int, scale: float) -> Told | None:
    step = asked.later
    if not asked.even or not asked.newest_alone or not (step.collects and step.writes):
        return None
    told = mixing.fresh_moments(asked.t, real=step.collects, synthetic=step.writes, ddof=ddof, scale=scale, first=asked.first)
    return mixing.fresh_moments, told


def _augment(asked: Asked, ddof: int, scale: float) -> Told | None:
    if len(set(asked.sizes[1:])) != 1:
        return None
    told = mixing.augment_moments(asked.t, real=asked.first, synthetic=asked.later.writes, ddof=ddof, scale=scale)
    return mixing.augment_moments, told
