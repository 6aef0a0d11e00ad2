"""Delete-a-group jackknife for smooth statistics of sums over groups."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

Values = npt.NDArray[np.float64]


class Spread(NamedTuple):
    """Standard error and degrees of freedom."""

    error: float
    freedom: float


def delete_a_group(replicates: npt.ArrayLike) -> Spread:
    """Return the jackknife error of a statistic from its values with each of G groups left out.

    Args:
        replicates: Leave-one-group-out values, shape (G,), G at least 2. A value that does not exist gives no error (NaN).

    Source:
        Kott 2001: variance = (G-1)/G * sum (value_g - mean)^2, t with G-1 degrees of freedom.
    """
    values = np.asarray(replicates, dtype=float)
    groups = len(values)
    with np.errstate(invalid="ignore"):
        variance = (groups - 1) / groups * float(((values - values.mean()) ** 2).sum())
    return Spread(float(np.sqrt(variance)), groups - 1)


def combined(parts: list[Spread]) -> Spread:
    """Return the error of a sum of independent parts, with Welch-Satterthwaite degrees of freedom."""
    variances = np.array([part.error**2 for part in parts])
    total = float(variances.sum())
    if total == 0:
        return Spread(0.0, float(sum(part.freedom for part in parts)))
    freedom = total**2 / sum(v**2 / part.freedom for v, part in zip(variances, parts, strict=True))
    return Spread(float(np.sqrt(total)), float(freedom))


def ratio_of_sums(numerator: Values, denominator: Values) -> tuple[float, Values]:
    """Return the log ratio of two sums over groups and its leave-one-group-out values, shape (G,).

    Args:
        numerator: Sums per group, shape (G,).
        denominator: Sums per group, shape (G,), with a positive total.
    """
    top, bottom = numerator.sum(), denominator.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(np.log(top / bottom)), np.log((top - numerator) / (bottom - denominator))


def quantile(level: float, freedom: float) -> float:
    """Return the quantile of Student's t at `level`."""
    return float(student.ppf(level, freedom))


NORMAL_95 = quantile(0.975, np.inf)
"""Half-width of a two-sided 95 % interval in standard errors."""
