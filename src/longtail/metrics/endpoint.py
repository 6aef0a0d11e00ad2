"""Endpoints: log ratios with their relabellings, and the decision of a family of them.

The decision is one of non-inferiority (Schuirmann 1987) with three answers: ok, shrunk, or not enough
data; watch is a loss that is significant and still inside the margin. Bounds of a family hold together: each
endpoint is studentised by its own permutation standard error and the quantile is that of the greatest.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from longtail.records import Baseline, Decision, Estimate, NotMeasured
from longtail.stats.jackknife import quantile
from longtail.stats.permutation import max_t, p_lower, standard_error
from longtail.summaries.units import FEWEST_DOCUMENTS

POWER = 0.80
DETECTABLE = 0.70

_Z_POWER = 0.8416212335729143


@dataclass(frozen=True)
class Endpoint:
    """One log ratio.

    Attributes:
        metric, view, baseline: What was compared, and with what.
        statistics: Log ratio by relabelling, shape (B + 1,), column 0 observed.
        error: Standard error of the observed log ratio.
        method: How value and interval were made.
        n: Documents of the candidate.
        baseline_value: The baseline's own value, where it has one.
        tau: Realised share of mass in the tail.
    """

    metric: str
    view: str
    baseline: Baseline
    statistics: npt.NDArray[np.float64]
    error: float
    method: str
    n: int
    baseline_value: float | None = None
    tau: float | None = None

    @property
    def log_value(self) -> float:
        """Return the observed log ratio."""
        return float(self.statistics[0])

    @property
    def p(self) -> float | None:
        """Return the one-sided p-value for loss, or None where nothing was relabelled."""
        return p_lower(self.statistics) if len(self.statistics) > 1 else None

    @property
    def studentised(self) -> npt.NDArray[np.float64]:
        """Return the permuted statistics over their standard error, the observed one left out, shape (B,)."""
        return self.statistics[1:] / standard_error(self.statistics)

    def estimate(self, lower: float, upper: float, level: float, decision: Decision | None = None, needed: int | None = None) -> Estimate:
        """Return the ratio with the bounds `lower` and `upper` standard errors away."""
        value = math.exp(self.log_value)
        return Estimate(
            metric=self.metric,
            view=self.view,
            kind="ratio",
            baseline=self.baseline,
            baseline_value=self.baseline_value,
            tau=self.tau,
            level=level,
            value=value,
            low=min(value, math.exp(self.log_value - lower * self.error)),
            high=max(value, math.exp(self.log_value + upper * self.error)),
            n=self.n,
            unit="ratio",
            resampling_unit="document",
            method=self.method,
            decision=decision,
            p=self.p,
            documents_needed=needed,
        )


def undecidable(endpoint: Endpoint) -> NotMeasured | None:
    """Return why an endpoint carries no decision, or None: all relabellings alike, or no finite error."""
    spread = standard_error(endpoint.statistics)
    if not math.isfinite(spread) or spread <= 0 or not math.isfinite(endpoint.error):
        return NotMeasured(reason="no variation between groups of documents", metric=endpoint.metric, view=endpoint.view)
    return None


def decide_family(endpoints: Sequence[Endpoint], alpha: float, margin: float) -> list[Estimate]:
    """Return the estimates of a family with simultaneous one-sided bounds at 1 - alpha and the decision of each.

    Args:
        endpoints: The family, all relabelled alike; none of them `undecidable`.
        alpha: One-sided error rate of the family.
        margin: Smallest ratio that counts as kept.
    """
    quantiles = max_t(np.stack([endpoint.studentised for endpoint in endpoints]), alpha)
    made = []
    for endpoint in endpoints:
        significant = -endpoint.log_value / standard_error(endpoint.statistics) > quantiles.upper
        low = endpoint.log_value - quantiles.lower * endpoint.error
        high = endpoint.log_value + quantiles.upper * endpoint.error
        decision = decision_of(low, high, math.log(margin), significant and endpoint.log_value < 0)
        needed = documents_needed(endpoint.n, endpoint.error, quantiles.upper, margin)
        made.append(endpoint.estimate(quantiles.lower, quantiles.upper, 1 - 2 * alpha, decision, needed))
    return made


def decision_of(low: float, high: float, margin: float, is_significant_loss: bool) -> Decision:
    """Return the answer from one-sided bounds and margin on the same scale."""
    if low > margin:
        return "watch" if is_significant_loss else "ok"
    if high < margin:
        return "shrunk"
    return "watch" if is_significant_loss else "inconclusive"


def documents_needed(n: int, error: float, quantile: float, margin: float) -> int | None:
    """Return the documents at which a true ratio of `DETECTABLE` is found shrunk with `POWER`, both samples growing alike.

    Args:
        n: Documents now.
        error: Standard error of the log ratio now.
        quantile: Bound in standard errors.
        margin: Smallest ratio that counts as kept; None is returned where it is not above `DETECTABLE`.
    """
    if margin <= DETECTABLE:
        return None
    wanted = math.log(margin / DETECTABLE) / (quantile + _Z_POWER)
    return max(FEWEST_DOCUMENTS, math.ceil(n * (error / wanted) ** 2))


def decide_smooth(endpoint: Endpoint, freedom: float, alpha: float, margin: float) -> Estimate:
    """Return the estimate of a smooth endpoint with Student bounds at 1 - alpha and its decision.

    Args:
        endpoint: The endpoint.
        freedom: Degrees of freedom of its error.
        alpha: One-sided error rate.
        margin: Smallest ratio that counts as kept.
    """
    z = quantile(1 - alpha, freedom)
    low, high = endpoint.log_value - z * endpoint.error, endpoint.log_value + z * endpoint.error
    decision = decision_of(low, high, math.log(margin), high < 0)
    return endpoint.estimate(z, z, 1 - 2 * alpha, decision, documents_needed(endpoint.n, endpoint.error, z, margin))
