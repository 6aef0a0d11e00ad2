"""Endpoints: a comparison's statistic in every relabelling, with its error and its margin, and how it becomes an estimate."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from longtail.records import Baseline, Decision, Estimate, NotMeasured
from longtail.stats.permutation import p_lower, standard_error

TAIL_MARGIN = math.log(0.90)
"""Default margin of a ratio, on its log scale."""


@dataclass(frozen=True)
class Endpoint:
    """One comparison, on a scale on which loss is negative and no change is 0.

    Attributes:
        metric, view, baseline: What was compared, and with what.
        statistics: Value by relabelling, shape (B + 1,), column 0 observed: log ratios where the unit is "ratio";
            differences else, such as the baseline's loss in nats per token less the candidate's, or a difference of shares.
        error: Standard error of the observed value.
        method: How value and interval were made.
        n: Documents of the candidate.
        baseline_value: The baseline's own value, where it has one.
        tau: Realised share of mass in the tail.
        slice: Class of documents that it is about.
        unit: "ratio", "nats/token" or "share".
        margin: Smallest value that counts as kept, on this scale.
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
    slice: str | None = None
    unit: str = "ratio"
    margin: float = TAIL_MARGIN

    @property
    def observed(self) -> float:
        """Return the observed value on the scale on which loss is negative."""
        return float(self.statistics[0])

    @property
    def p(self) -> float | None:
        """Return the one-sided p-value for loss, or None where nothing was relabelled."""
        return p_lower(self.statistics) if len(self.statistics) > 1 else None

    @property
    def studentised(self) -> npt.NDArray[np.float64]:
        """Return the permuted statistics over their standard error, the observed one left out, shape (B,)."""
        return self.statistics[1:] / standard_error(self.statistics)

    def estimate(
        self,
        lower: float,
        upper: float,
        level: float,
        decision: Decision | None = None,
        needed: int | None = None,
        p_adjusted: float | None = None,
    ) -> Estimate:
        """Return the estimate with the bounds `lower` and `upper` standard errors away."""
        value, low, high = self._shown(self.observed - lower * self.error, self.observed + upper * self.error)
        return Estimate(
            metric=self.metric,
            view=self.view,
            kind="ratio" if self.unit == "ratio" else "value",
            baseline=self.baseline,
            baseline_value=self.baseline_value,
            tau=self.tau,
            level=level,
            value=value,
            low=min(value, low),
            high=max(value, high),
            n=self.n,
            unit=self.unit,
            resampling_unit="document",
            method=self.method,
            decision=decision,
            p=self.p,
            p_adjusted=p_adjusted,
            documents_needed=needed,
            slice=self.slice,
        )

    def _shown(self, low: float, high: float) -> tuple[float, float, float]:
        """Return value and bounds as they are printed: ratios as such, a loss in nats as a rise."""
        if self.unit == "ratio":
            return math.exp(self.observed), math.exp(low), math.exp(high)
        if self.unit == "nats/token":
            return -self.observed, -high, -low
        return self.observed, low, high


def undecidable(endpoint: Endpoint) -> NotMeasured | None:
    """Return why an endpoint carries no decision, or None: all relabellings alike, or no finite error."""
    spread = standard_error(endpoint.statistics)
    if not math.isfinite(spread) or spread <= 0 or not math.isfinite(endpoint.error):
        return NotMeasured(
            reason="no variation between groups of documents", metric=endpoint.metric, view=endpoint.view, slice=endpoint.slice or ""
        )
    return None
