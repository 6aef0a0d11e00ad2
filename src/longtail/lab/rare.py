"""One rare type in a loop, in the limit of many rows and a small share: how often it is absent, as a branching process.

In the limit a row of the type writes a Poisson number of rows for later generations, and real rows come in as a Poisson
stream of `mean` · share a generation. A row that enters `lag` generations before the one looked at has a descendant in it with
chance u(lag); the type is absent there with chance exp(−mean · share · Σ u). Without real data u is the factor g of
Suresh et al., arXiv:2412.17646.
"""

import math
from collections import deque
from collections.abc import Iterator

from longtail.errors import ConfigError
from longtail.lab.theory.recovery import window_rate

LONGEST = 100_000
SLOW = 2e-3
"""Chance of a descendant below which the rest of the sum is taken from the slow decay u' = −r u − c u²."""


def absence_after(*, mean: float, share: float, generations: int, window: int = 1) -> float:
    """Return the chance that a type is absent from the training set, `generations` after it was absent from everything.

    Args:
        mean: Rows of the type in a training set of real data alone: rows times its share.
        share: Share of new real data in each generation, 0 to 1.
        generations: Generations that real data have come in, 1 to `LONGEST`.
        window: Outputs that synthetic rows are drawn from.

    Raises:
        ConfigError: A setting is out of range.
    """
    _check(mean, share, window)
    if not 1 <= generations <= LONGEST:
        raise ConfigError(f"{generations} generations; take 1 to {LONGEST:,}")
    chances = _descent(share, window)
    return math.exp(-mean * share * math.fsum(next(chances) for _ in range(generations)))


def absence(*, mean: float, share: float, window: int = 1) -> float:
    """Return the share of generations in which a type is absent from the training set, in the long run.

    Args and errors are those of `absence_after`; without real data it is 1.
    """
    _check(mean, share, window)
    if share in (0.0, 1.0):
        return math.exp(-mean * share)
    total, last, chances = 0.0, 1.0, _descent(share, window)
    for lag, chance in enumerate(chances):
        total += chance
        if (chance < SLOW and lag > 3 * window) or lag == LONGEST:
            rate = float(window_rate(share=share, window=window))
            curving = max((1 - chance / last - rate) / chance, 1e-12)
            return math.exp(-mean * share * (total + math.log1p(curving * chance / rate) / curving))
        last = chance
    return math.exp(-mean * share * total)


def fixed_budget_absence(*, mean: float, generation: int) -> float:
    """Return the chance that a type is absent from the training set of a generation, where `fixed_budget` draws it from all that was kept.

    A row of the pool is drawn with chance 1/t in generation t and then writes a Poisson number of rows of mean 1.

    Args:
        mean: Rows of the type that a sample of real data holds on average.
        generation: 1 to `LONGEST`.

    Raises:
        ConfigError: A setting is out of range.
    """
    _check(mean, 1.0, 1)
    if not 1 <= generation <= LONGEST:
        raise ConfigError(f"generation {generation}; take 1 to {LONGEST:,}")
    without = 1 - 1 / generation
    for t in range(generation - 1, 0, -1):
        without *= 1 - 1 / t + math.exp(without - 1) / t
    return math.exp(-mean * (1 - without))


def _descent(share: float, window: int) -> Iterator[float]:
    """Yield u(0), u(1), …: the chance that a row of a training set has a descendant in the one `lag` generations later."""
    drawn = 1 / window
    none_by_use = deque([1 - drawn], maxlen=window)
    yield 1.0
    while True:
        none = math.exp(-(1 - share) * (1 - math.prod(none_by_use)))
        yield 1 - none
        none_by_use.append(1 - drawn + drawn * none)


def _check(mean: float, share: float, window: int) -> None:
    if not 0 < mean < math.inf:
        raise ConfigError(f"a mean of {mean!r} rows; take a number above 0")
    if not 0 <= share <= 1:
        raise ConfigError(f"share is {share!r}; take a number from 0 to 1")
    if window < 1:
        raise ConfigError(f"window is {window!r}; take a whole number from 1 up")
