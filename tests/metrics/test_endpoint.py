"""The decision of an endpoint, and of a family of them."""

import math

import numpy as np
import pytest

from longtail.metrics.endpoint import DETECTABLE, Endpoint, decide_family, decide_smooth, decision_of, documents_needed, undecidable
from longtail.records import NotMeasured
from longtail.summaries.units import FEWEST_DOCUMENTS

MARGIN = math.log(0.9)


def endpoint(value, error=0.03, runs=999, seed=0, metric="tail_types_retained", permuted=None):
    drawn = np.random.default_rng(seed).normal(0, error, runs) if permuted is None else permuted
    statistics = np.concatenate([[math.log(value)], drawn])
    return Endpoint(metric=metric, view="words_1", baseline="reference", statistics=statistics, error=error, method="by hand", n=500)


@pytest.mark.parametrize(
    ("low", "high", "is_significant_loss", "decision"),
    [
        (0.95, 1.05, False, "ok"),
        (0.91, 0.97, True, "watch"),
        (0.80, 0.88, True, "shrunk"),
        (0.80, 0.88, False, "shrunk"),
        (0.85, 0.97, True, "watch"),
        (0.80, 1.10, False, "inconclusive"),
        (0.90, 1.10, False, "inconclusive"),
    ],
)
def test_the_bounds_and_the_margin_decide(low, high, is_significant_loss, decision):
    assert decision_of(math.log(low), math.log(high), MARGIN, is_significant_loss) == decision


@pytest.mark.parametrize(("value", "decision"), [(1.0, "ok"), (0.93, "watch"), (0.6, "shrunk")])
def test_a_family_of_one_decides_as_its_bounds_say(value, decision):
    (found,) = decide_family([endpoint(value, error=0.015)], 0.05, 0.9)
    assert found.decision == decision
    assert found.level == pytest.approx(0.9)
    assert found.low < found.value < found.high


def test_too_little_data_is_inconclusive_and_says_how_many_documents_would_do():
    (found,) = decide_family([endpoint(0.97, error=0.2)], 0.05, 0.9)
    assert found.decision == "inconclusive"
    assert found.documents_needed is not None and found.documents_needed > found.n


def test_bounds_of_a_family_are_wider_than_those_of_one_and_narrower_than_bonferroni():
    one = decide_family([endpoint(0.95)], 0.05, 0.9)[0]
    two = decide_family([endpoint(0.95), endpoint(0.95, seed=1, metric="tail_mass_retained")], 0.05, 0.9)[0]
    bonferroni = decide_family([endpoint(0.95)], 0.025, 0.9)[0]
    assert one.low > two.low >= bonferroni.low * 0.995


def test_alike_endpoints_cost_nothing_more_than_one():
    one = decide_family([endpoint(0.95)], 0.05, 0.9)[0]
    two = decide_family([endpoint(0.95), endpoint(0.95, metric="tail_mass_retained")], 0.05, 0.9)[0]
    assert (one.low, one.high) == pytest.approx((two.low, two.high))


def test_the_documents_asked_for_give_eighty_per_cent_power():
    """A normal log ratio whose error falls with the root of the documents: the chance to be found shrunk at the sizes asked for."""
    n, error, quantile = 200, 0.2, 1.645
    needed = documents_needed(n, error, quantile, 0.9)
    at = error * math.sqrt(n / needed)
    drawn = np.random.default_rng(1).normal(math.log(DETECTABLE), at, 200_000)
    assert (drawn + quantile * at < MARGIN).mean() == pytest.approx(0.8, abs=0.01)


def test_no_fewer_documents_are_asked_for_than_a_test_takes_and_none_where_the_margin_is_below_the_loss():
    assert documents_needed(500, 0.001, 1.645, 0.9) == FEWEST_DOCUMENTS
    assert documents_needed(500, 0.1, 1.645, 0.7) is None


def test_relabellings_that_all_agree_carry_no_decision():
    found = undecidable(endpoint(0.5, permuted=np.zeros(99)))
    assert isinstance(found, NotMeasured) and "no variation" in found.reason
    assert undecidable(endpoint(0.5)) is None


def test_a_smooth_endpoint_has_student_bounds():
    alone = endpoint(0.7, error=0.05, permuted=np.zeros(0))
    found = decide_smooth(alone, 10, 0.05, 0.9)
    assert found.decision == "shrunk"
    assert found.high == pytest.approx(0.7 * math.exp(1.8124611228 * 0.05))
    assert found.p is None
