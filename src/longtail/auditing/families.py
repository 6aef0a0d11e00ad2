"""Which endpoints are decided together, and at which part of the level in force.

The tail family takes 0.8 of the level and the concentration family 0.2, plus what the tail family frees when it is lost
through and through: the graph of Bretz et al. 2009 with one arrow. Fidelity is tested at the whole level, and only where
the tail family found a loss, so that a late phase is no more frequent by chance than a loss of tail.
"""

import dataclasses
import math
from collections.abc import Sequence

from longtail.auditing.options import Options
from longtail.metrics.comparison import Comparison
from longtail.metrics.endpoint import Endpoint
from longtail.metrics.family import decide_family
from longtail.metrics.richness import smooth_endpoint
from longtail.metrics.tabular import classes
from longtail.metrics.tabular.exceedance import exceedance_endpoints
from longtail.metrics.tails import rare_endpoints
from longtail.records import Estimate, NotMeasured, Outcome
from longtail.stats.jackknife import NORMAL_95
from longtail.views.names import LABELS, view_of

TAIL_SHARE_OF_ALPHA = 0.8
FEWEST_RELABELLINGS = 999
MOST_RELABELLINGS = 399_999
_PER_LEVEL = 20

Outcomes = tuple[Outcome, ...]


def relabellings(level: float) -> int:
    """Return the number of permutations for a level in force: 20 over it, within what memory and time allow."""
    return min(MOST_RELABELLINGS, max(FEWEST_RELABELLINGS, math.ceil(_PER_LEVEL / level))) if level > 0 else FEWEST_RELABELLINGS


def tail_family(comparison: Comparison, options: Options, level: float) -> Outcomes:
    """Return the tail family of all views, decided together."""
    return decided(tail_endpoints(comparison, level), TAIL_SHARE_OF_ALPHA * level, math.log(options.margins["tail"]))


def tail_endpoints(comparison: Comparison, level: float) -> list[Endpoint | NotMeasured]:
    """Return tail types and tail mass in every view, the extremes of every column of numbers, and every class that can be audited."""
    found: list[Endpoint | NotMeasured] = []
    for view in comparison.pairing.candidate.counted:
        found += _tail_of(comparison.of(view))
    for column in comparison.pairing.candidate.by:
        found += classes.class_endpoints(comparison.of(LABELS + column), level)
    return found


def _tail_of(comparison: Comparison) -> list[Endpoint | NotMeasured]:
    """Return what stands for the tail of a view: the extremes of numbers, and the rare types of all else."""
    view = view_of(comparison.view)
    if view.kind == "number":
        return exceedance_endpoints(comparison, comparison.pairing.candidate.frame.edges[view.column])
    return classes.tail_endpoints(comparison) if view.kind in ("category", "pairs") else rare_endpoints(comparison)


def concentration_family(
    comparison: Comparison, options: Options, level: float, tail: Outcomes, more: Sequence[Endpoint | NotMeasured] = ()
) -> Outcomes:
    """Return the Hill numbers of order 1 and 2, with what else says how crowded a sample is, at what the tail family leaves or frees."""
    estimates = [outcome for outcome in tail if isinstance(outcome, Estimate)]
    is_freed = bool(estimates) and all(estimate.decision == "shrunk" for estimate in estimates)
    share = 1.0 if is_freed else 1 - TAIL_SHARE_OF_ALPHA
    endpoints = [*(smooth_endpoint(comparison, order) for order in (1, 2)), *more]
    return decided(endpoints, share * level, math.log(options.margins["tail"]))


def fidelity_family(found: Sequence[Endpoint | NotMeasured], options: Options, level: float, tail: Outcomes) -> Outcomes:
    """Return likelihood and accuracy on human text: decided where the tail family found a loss, else as they are."""
    margins = {"nats/token": -options.margins["nll"], "share": -options.margins["accuracy"]}
    placed = [dataclasses.replace(each, margin=margins[each.unit]) if isinstance(each, Endpoint) else each for each in found]
    if any(isinstance(outcome, Estimate) and outcome.decision in ("shrunk", "watch") for outcome in tail):
        return decided(placed, level)
    return tuple(map(plain, placed))


def decided(found: Sequence[Endpoint | NotMeasured], alpha: float, margin: float | None = None) -> Outcomes:
    """Return the estimates of a family decided at `alpha`, then what could not be measured."""
    endpoints = [each for each in found if isinstance(each, Endpoint)]
    absences = [each for each in found if isinstance(each, NotMeasured)]
    if not endpoints:
        return tuple(absences)
    runs = len(endpoints[0].statistics)
    if alpha * runs < 1:
        reason = f"alpha exhausted: a level of {alpha:.2g} is below what {runs - 1:,} relabellings can show"
        enable = "begin a new history with --history, or audit without one"
        return (NotMeasured(reason=reason, enable=enable, metric=endpoints[0].metric), *absences)
    placed = endpoints if margin is None else [dataclasses.replace(each, margin=margin) for each in endpoints]
    return (*decide_family(placed, alpha), *absences)


def plain(endpoint: Endpoint | NotMeasured) -> Outcome:
    """Return an endpoint as an estimate of its own, with a 95 % interval and no decision."""
    return endpoint if isinstance(endpoint, NotMeasured) else endpoint.estimate(NORMAL_95, NORMAL_95, 0.95)
