"""The decision of a family of endpoints: one of non-inferiority, with bounds and p-values that hold together.

Three answers: ok, shrunk, or not enough data (Schuirmann 1987); watch is a loss that is significant and still inside the
margin. Each endpoint is studentised by its own permutation standard error. A loss is significant by step-down max-T;
ok and shrunk use simultaneous bounds, whose quantile is that of the greatest (Westfall & Young 1993).
"""

import math
from collections.abc import Sequence

import numpy as np

from longtail.metrics.endpoint import Endpoint
from longtail.records import Decision, Estimate
from longtail.stats.permutation import max_t, step_down
from longtail.summaries.units import FEWEST_DOCUMENTS

POWER = 0.80
DETECTABLE = 0.70
DETECTABLE_MARGINS = 3.0
"""What a difference must reach to be found, in margins, where it is not a ratio."""

Z_POWER = 0.8416212335729143

SAFETY = 1.2
"""By what the error of the samples asked for may exceed what is foreseen: it is an estimate, and few units have wider tails."""


def decide_family(endpoints: Sequence[Endpoint], alpha: float) -> list[Estimate]:
    """Return the estimates of a family with simultaneous one-sided bounds at 1 - alpha and the decision of each.

    Args:
        endpoints: The family, all relabelled alike; none of them undecidable.
        alpha: One-sided error rate of the family.
    """
    quantiles = max_t(np.stack([endpoint.studentised for endpoint in endpoints]), alpha)
    adjusted = step_down(np.stack([endpoint.statistics for endpoint in endpoints]))
    made = []
    for endpoint, p in zip(endpoints, adjusted.tolist(), strict=True):
        low = endpoint.observed - quantiles.lower * endpoint.error
        high = endpoint.observed + quantiles.upper * endpoint.error
        decision = decision_of(low, high, endpoint.margin, p <= alpha and endpoint.observed < 0)
        needed = documents_needed(endpoint.n, endpoint.error, quantiles.upper, endpoint.margin, detectable(endpoint))
        if decision == "inconclusive" and needed is not None and needed <= endpoint.n:
            needed = documents_to_clear(endpoint.n, endpoint.error, quantiles.lower, endpoint.margin)
        made.append(endpoint.estimate(quantiles.lower, quantiles.upper, 1 - 2 * alpha, decision, needed, p))
    return made


def decision_of(low: float, high: float, margin: float, is_significant_loss: bool) -> Decision:
    """Return the answer from one-sided bounds and margin on the same scale, on which loss is negative."""
    if low > margin:
        return "watch" if is_significant_loss else "ok"
    if high < margin:
        return "shrunk"
    return "watch" if is_significant_loss else "inconclusive"


def detectable(endpoint: Endpoint) -> float:
    """Return the loss for which `documents_needed` asks: a ratio of `DETECTABLE`, or a difference of three margins."""
    return math.log(DETECTABLE) if endpoint.unit == "ratio" else DETECTABLE_MARGINS * endpoint.margin


def documents_needed(n: int, error: float, quantile: float, margin: float, loss: float) -> int | None:
    """Return the documents at which a true loss is found shrunk with `POWER`, both samples growing alike.

    Args:
        n: Documents now.
        error: Standard error now.
        quantile: Bound in standard errors.
        margin: Smallest value that counts as kept; None is returned where it is not above the loss.
        loss: True value, on the scale of the margin.
    """
    if margin <= loss:
        return None
    wanted = (margin - loss) / (quantile + Z_POWER)
    return max(FEWEST_DOCUMENTS, math.ceil(n * SAFETY * growth(loss) * (error / wanted) ** 2))


def documents_to_clear(n: int, error: float, quantile: float, margin: float) -> int:
    """Return the documents at which a sample that lost nothing is found ok with `POWER`, both samples growing alike.

    Args:
        n: Documents now.
        error: Standard error now.
        quantile: Bound in standard errors.
        margin: Smallest value that counts as kept, below 0.
    """
    return math.ceil(n * SAFETY * (error * (quantile + Z_POWER) / margin) ** 2)


def growth(loss: float) -> float:
    """Return by what a true loss raises the squared error of a log ratio: of what is left, fewer are counted on one side."""
    return (1 + math.exp(min(-loss, math.log(4)))) / 2
