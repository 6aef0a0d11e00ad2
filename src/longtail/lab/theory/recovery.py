"""How a pool leaves a collapsed past behind: by a window, by adding real data to everything kept, category by category."""

import math
from collections.abc import Sequence

import numpy
from scipy.optimize import brentq
from scipy.special import gammaln

from longtail.lab.theory.forms import FORMS, Floats, Generations, check_share, require, steps


@FORMS.add(case="17", kind="exact", unit="start deviation", valid="0 <= share <= 1, window >= 1", source="derived here")
def window_mean_deviation(generations: Generations, *, share: float, window: int, history: Sequence[float] = (1.0,)) -> Floats:
    """Return the mean deviation from the truth when fits see real data at `share` and the last `window` generations.

    d_{t+1} = (1 - share) * mean(d_t, ..., d_{t-window+1}), over what exists while there are fewer.

    Args:
        generations: Generations asked for; 1 is the last one of `history`.
        share: Real share of each training draw.
        window: Generations in the pool.
        history: Deviations up to generation 1, such as that of a collapsed model `window` times.

    Raises:
        ConfigError: A setting is out of range.
    """
    check_share(share)
    require(window >= 1 and len(history) >= 1, "an empty window or history")
    asked = steps(generations)
    series = [float(value) for value in history]
    for _ in range(1, int(asked.max(initial=0))):
        recent = series[-window:]
        series.append((1 - share) * math.fsum(recent) / len(recent))
    return numpy.array(series)[asked - 2 + len(history)]


@FORMS.add(case="17", kind="exact", unit="nats per generation", valid="0 <= share < 1, window >= 1", source="derived here")
def window_rate(*, share: float, window: int) -> float:
    """Return the slow rate at which `window_mean_deviation` falls: -ln of the largest root of its companion matrix.

    Trying d_t = exp(-r t) gives (1 - share) * mean(exp(r i), i = 1 to window) = 1, which rises in r, so that it has one
    root, between 0 and the lesser of -ln(1 - share) and ln(window / (1 - share)) / window; the matrix is not negative,
    so its largest root is the positive one.

    Raises:
        ConfigError: A setting is out of range.
    """
    check_share(share)
    require(share < 1 and window >= 1, "a share of 1, or an empty window")
    ages = numpy.arange(1, window + 1)
    if share == 0 or window == 1:
        return -math.log1p(-share)
    top = min(-math.log1p(-share), math.log(window / (1 - share)) / window)
    return float(brentq(lambda r: (1 - share) * numpy.expm1(r * ages).mean() - share, 0, top, xtol=1e-14 * share))


@FORMS.add(case="17", kind="asymptotic", unit="nats per generation", valid="share small", source="derived here")
def window_rate_first_order(*, share: float, window: int) -> float:
    """Return 2 share / (window + 1), the first order in share of `window_rate`: the share over the mean age in the pool.

    Raises:
        ConfigError: A setting is out of range.
    """
    check_share(share)
    require(window >= 1, "an empty window")
    return 2 * share / (window + 1)


@FORMS.add(case="33", kind="exact", unit="start deviation", valid="generations >= collapsed >= 1, 0 <= share <= 1", source="derived here")
def accumulate_recovery(generations: Generations, *, collapsed: int, share: float) -> Floats:
    """Return what is left of a pool's mean deviation once new batches carry a real share: prod_{u=collapsed+1..t} (1 - share/u).

    Batch u is real at `share` and else has the pool's deviation d, so d' = [(u - 1) d + (1 - share) d] / u.

    Args:
        generations: Batches in the pool, the collapsed ones included.
        collapsed: Batches that were there when real data began to come in.
        share: Real share of each new batch.

    Raises:
        ConfigError: A setting is out of range.
    """
    asked = steps(generations)
    check_share(share)
    require(collapsed >= 1 and bool((asked >= collapsed).all()), "no collapsed batch, or fewer batches than collapsed ones")
    logs = gammaln(asked + 1 - share) - gammaln(asked + 1) + gammaln(collapsed + 1) - gammaln(collapsed + 1 - share)
    return numpy.asarray(numpy.exp(logs), dtype=numpy.float64)


@FORMS.add(case="33", kind="asymptotic", unit="start deviation", valid="collapsed large, 0 <= share <= 1", source="derived here")
def accumulate_recovery_power_law(generations: Generations, *, collapsed: int, share: float) -> Floats:
    """Return (collapsed / t)^share, the power law that `accumulate_recovery` follows and stays just above.

    Raises:
        ConfigError: A setting is out of range.
    """
    asked = steps(generations)
    check_share(share)
    require(collapsed >= 1 and bool((asked >= collapsed).all()), "no collapsed batch, or fewer batches than collapsed ones")
    return (collapsed / asked) ** share


@FORMS.add(case="33", kind="asymptotic", unit="times the collapsed pool", valid="0 < share <= 1, 0 < left <= 1", source="derived here")
def accumulate_recovery_pool(*, share: float, left: float = 0.5) -> float:
    """Return how many times its size a pool must reach until `left` of its deviation is left: left^(-1/share).

    Raises:
        ConfigError: A setting is out of range.
    """
    check_share(share, zero=False)
    check_share(left, zero=False)
    return float(left ** (-1 / share))


@FORMS.add(case="33", kind="exact", unit="probability per generation", valid="samples >= 1, shares from 0 to 1", source="derived here")
def lost_category_return(*, samples: int, share: float, probability: float) -> float:
    """Return the chance per generation that a lost category comes back through real data: 1 - (1 - share * probability)^samples.

    Raises:
        ConfigError: A setting is out of range.
    """
    check_share(share)
    check_share(probability)
    require(samples >= 1, f"{samples} samples")
    chance = share * probability
    return -math.expm1(samples * math.log1p(-chance)) if chance < 1 else 1.0


@FORMS.add(case="33", kind="exact", unit="generations", valid="samples >= 1, shares above 0", source="derived here")
def lost_category_wait(*, samples: int, share: float, probability: float) -> float:
    """Return the mean number of generations until a lost category first comes back, 1 / `lost_category_return`.

    Raises:
        ConfigError: A setting is out of range.
    """
    check_share(share, zero=False)
    check_share(probability, zero=False)
    chance: float = lost_category_return(samples=samples, share=share, probability=probability)
    return 1 / chance
