"""What the forms about categories share: checks of their settings, and the exact chain of the count of one category."""

import numpy
import numpy.typing as npt
from scipy.stats import binom

from longtail.lab.theory.forms import Floats, check_share, require

LARGEST_CHAIN = 4000


def law_of(law: npt.ArrayLike) -> Floats:
    """Return a law as probabilities, shape (categories,).

    Raises:
        ConfigError: Fewer than two categories, a negative probability, or a sum other than 1.
    """
    shares = numpy.asarray(law, dtype=numpy.float64)
    require(shares.ndim == 1 and shares.size >= 2, f"a law of shape {shares.shape}: at least two categories in one row are needed")
    require(bool((shares >= 0).all()) and abs(float(shares.sum()) - 1) < 1e-9, f"a law that sums to {shares.sum()}, or below 0 somewhere")
    return shares


def check_samples(samples: int, least: int = 2) -> None:
    """Refuse a sample below `least`.

    Raises:
        ConfigError: It is.
    """
    require(samples >= least, f"samples={samples}: at least {least} are needed")


def check_open(name: str, value: float) -> None:
    """Refuse a number that does not lie between 0 and 1, both excluded.

    Raises:
        ConfigError: It does not.
    """
    require(0 < value < 1, f"{name}={value}: between 0 and 1, both excluded, is needed")


def count_chain(*, samples: int, p: float, share: float = 0.0) -> Floats:
    """Return the transition matrix of the count of one category, shape (samples + 1, samples + 1), row = count before.

    With x of n samples now, the next count is binomial (n, a p + (1 - a) x / n), a being the share of real data.

    Raises:
        ConfigError: Settings out of range.
    """
    require(1 <= samples <= LARGEST_CHAIN, f"samples={samples}: from 1 to {LARGEST_CHAIN} are needed for an exact chain")
    require(0 <= p <= 1, f"p={p}: from 0 to 1 is needed")
    check_share(share)
    counts = numpy.arange(samples + 1)
    chance = numpy.clip(share * p + (1 - share) * counts / samples, 0.0, 1.0)
    return numpy.asarray(binom.pmf(counts[None, :], samples, chance[:, None]), dtype=numpy.float64)


def first_counts(*, samples: int, law: npt.ArrayLike) -> Floats:
    """Return the law of the count of each category in the first fit, shape (categories, samples + 1)."""
    shares = numpy.asarray(law, dtype=numpy.float64).reshape(-1, 1)
    return numpy.asarray(binom.pmf(numpy.arange(samples + 1)[None, :], samples, shares))


def absence_by_start(chain: Floats, last: int) -> Floats:
    """Return the chance of a count of 0 after t = 0 … last generations by the count before, shape (last + 1, counts)."""
    absent = numpy.zeros((last + 1, len(chain)))
    absent[0, 0] = 1.0
    for t in range(last):
        absent[t + 1] = chain @ absent[t]
    return absent


def stationary(chain: Floats) -> Floats:
    """Return the stationary law of a chain that has exactly one, shape (counts,)."""
    size = len(chain)
    system = chain.T - numpy.eye(size)
    system[-1] = 1.0
    law = numpy.linalg.solve(system, numpy.eye(size)[-1])
    return numpy.maximum(law, 0.0)
