"""An endpoint becomes an estimate: its bounds, its unit, and when it carries no decision."""

import math

import numpy as np
import pytest

from longtail.metrics.endpoint import Endpoint, undecidable
from longtail.records import NotMeasured


def endpoint(observed, error=0.03, unit="ratio", permuted=None, **named):
    drawn = np.random.default_rng(0).normal(0, 0.03, 999) if permuted is None else np.asarray(permuted, float)
    statistics = np.concatenate([[observed], drawn])
    return Endpoint(
        metric="tail_types_retained", view="words_1", baseline="reference", statistics=statistics, error=error, method="by hand", n=500,
        unit=unit, **named,
    )  # fmt: skip


def test_bounds_of_a_ratio_are_standard_errors_on_the_log_scale():
    found = endpoint(math.log(0.7), error=0.05).estimate(1.0, 2.0, 0.9)
    assert (found.value, found.low, found.high) == pytest.approx((0.7, 0.7 * math.exp(-0.05), 0.7 * math.exp(0.1)))
    assert (found.kind, found.unit, found.level) == ("ratio", "ratio", 0.9)


def test_a_loss_in_nats_is_shown_as_a_rise_with_its_bounds_turned_round():
    found = endpoint(-0.3, error=0.1, unit="nats/token").estimate(1.0, 2.0, 0.9)
    assert (found.value, found.low, found.high) == pytest.approx((0.3, 0.1, 0.4))
    assert (found.kind, found.unit) == ("value", "nats/token")


def test_a_difference_of_shares_is_shown_as_it_is():
    found = endpoint(-0.3, error=0.1, unit="share").estimate(1.0, 2.0, 0.9)
    assert (found.value, found.low, found.high) == pytest.approx((-0.3, -0.4, -0.1))


def test_the_p_value_counts_relabellings_with_as_great_a_loss_and_is_absent_without_any():
    assert endpoint(-1.0, permuted=[-2.0, -1.0, 0.0, 1.0]).p == pytest.approx(3 / 5)
    assert endpoint(-1.0, permuted=[]).p is None


def test_what_is_known_of_the_endpoint_goes_into_the_estimate():
    found = endpoint(0.0, slice="rare", tau=0.11, baseline_value=0.2).estimate(1.0, 1.0, 0.9, "ok", 700, 0.04)
    assert (found.slice, found.tau, found.baseline_value) == ("rare", 0.11, 0.2)
    assert (found.decision, found.documents_needed, found.p_adjusted, found.n) == ("ok", 700, 0.04, 500)


@pytest.mark.parametrize(
    ("error", "permuted"), [(0.03, [0.0] * 99), (math.inf, None), (math.nan, None)], ids=["all alike", "infinite", "none"]
)
def test_without_variation_or_a_finite_error_there_is_no_decision(error, permuted):
    found = undecidable(endpoint(math.log(0.5), error=error, permuted=permuted, slice="rare"))
    assert isinstance(found, NotMeasured) and "no variation" in found.reason
    assert (found.metric, found.view, found.slice) == ("tail_types_retained", "words_1", "rare")
    assert undecidable(endpoint(math.log(0.5))) is None
