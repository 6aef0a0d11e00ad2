"""How much of a loss came back: a ratio of two losses that are held against the same generation 1, with Fieller's interval."""

import math
from collections.abc import Sequence
from typing import NamedTuple

from longtail.diagnosis.restoring.records import Regained
from longtail.metrics.endpoint import Endpoint
from longtail.records import NotMeasured
from longtail.stats.jackknife import NORMAL_95

METHOD = "(after - before) / (1 - before), each over generation 1; Fieller (1954), errors of the three comparisons"
LEVEL = 0.95


class Three(NamedTuple):
    """One endpoint in three comparisons, on the log scale: before and after over generation 1, and after over before."""

    before: Endpoint
    after: Endpoint
    between: Endpoint


def regained(three: Three) -> Regained | NotMeasured:
    """Return the share of a loss that came back, or why none is stated: no loss is shown that could come back.

    With b and a the ratios to generation 1 before and after, the share is 1 - (1 - a) / (1 - b). Generation 1 is in both, so on
    the log scale cov(a, b) = (var a + var b - var(a - b)) / 2, the last being that of after over before; a ratio varies as its
    logarithm does, times itself.
    """
    a, b = three.after, three.before
    covariance = (a.error**2 + b.error**2 - three.between.error**2) / 2
    here, there = math.exp(a.observed), math.exp(b.observed)
    variances = ((here * a.error) ** 2, (there * b.error) ** 2, here * there * covariance)
    bounds = fieller((1 - here, 1 - there), variances, NORMAL_95)
    if there >= 1 or bounds is None:
        reason = "no loss before recovery is shown against generation 1, so there is no share of it that came back"
        return NotMeasured(reason=reason, enable="more documents, or another generation 1", metric=a.metric, view=a.view)
    low, high = bounds
    value = 1 - (1 - here) / (1 - there)
    return Regained(metric=a.metric, view=a.view, value=value, low=1 - high, high=1 - low, level=LEVEL, n=a.n, method=METHOD)


def fieller(values: Sequence[float], variances: Sequence[float], quantile: float) -> tuple[float, float] | None:
    """Return the interval of a / b, None where it is not bounded because b is not apart from 0.

    Args:
        values: a and b.
        variances: Of a, of b, and their covariance.
        quantile: Bound in standard errors.

    Source:
        Fieller 1954, J. R. Stat. Soc. B 16: 175-185.
    """
    (a, b), (of_a, of_b, both), square = values, variances, quantile**2
    bend = b * b - square * of_b
    if bend <= 0:
        return None
    middle = a * b - square * both
    root = math.sqrt(max(0.0, middle * middle - bend * (a * a - square * of_a)))
    return (middle - root) / bend, (middle + root) / bend
