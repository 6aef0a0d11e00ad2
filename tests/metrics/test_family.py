"""The decision of a family of endpoints."""

import math

import numpy as np
import pytest
from scipy.stats import binom, norm

from longtail.metrics.endpoint import Endpoint
from longtail.metrics.family import DETECTABLE, SAFETY, decide_family, decision_of, detectable, documents_needed, growth
from longtail.stats.permutation import p_lower
from longtail.summaries.units import FEWEST_DOCUMENTS

MARGIN = math.log(0.9)
LOSS = math.log(DETECTABLE)


def endpoint(value, error=0.03, runs=999, seed=0, metric="tail_types_retained", margin=MARGIN, unit="ratio"):
    drawn = np.random.default_rng(seed).normal(0, error, runs)
    statistics = np.concatenate([[math.log(value) if unit == "ratio" else value], drawn])
    return Endpoint(
        metric=metric, view="words_1", baseline="reference", statistics=statistics, error=error, method="by hand", n=500, margin=margin,
        unit=unit,
    )  # fmt: skip


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
    alone = endpoint(value, error=0.015)
    (found,) = decide_family([alone], 0.05)
    assert found.decision == decision
    assert found.level == pytest.approx(0.9)
    assert found.low < found.value < found.high
    assert found.p == found.p_adjusted == p_lower(alone.statistics)


def test_the_margin_is_that_of_the_endpoint():
    assert decide_family([endpoint(0.8, error=0.015, margin=math.log(0.7))], 0.05)[0].decision == "watch"
    assert decide_family([endpoint(0.8, error=0.015, margin=math.log(0.9))], 0.05)[0].decision == "shrunk"


def test_a_gain_is_not_called_a_loss_however_significant():
    """Unlike relabellings: all of them above the observed gain."""
    gained = Endpoint("m", "words_1", "reference", np.concatenate([[0.1], np.random.default_rng(0).normal(5, 1, 999)]), 0.2, "hand", 500)
    assert decide_family([gained], 0.05)[0].decision == "inconclusive"


def test_too_little_data_is_inconclusive_and_says_how_many_documents_would_do():
    (found,) = decide_family([endpoint(0.97, error=0.2)], 0.05)
    assert found.decision == "inconclusive"
    assert found.documents_needed is not None and found.documents_needed > found.n


def test_bounds_of_a_family_are_wider_than_those_of_one_and_narrower_than_bonferroni():
    one = decide_family([endpoint(0.95)], 0.05)[0]
    two = decide_family([endpoint(0.95), endpoint(0.95, seed=1, metric="tail_mass_retained")], 0.05)[0]
    bonferroni = decide_family([endpoint(0.95)], 0.025)[0]
    assert one.low > two.low >= bonferroni.low * 0.995


def test_alike_endpoints_cost_nothing_more_than_one():
    one = decide_family([endpoint(0.95)], 0.05)[0]
    two = decide_family([endpoint(0.95), endpoint(0.95, metric="tail_mass_retained")], 0.05)[0]
    assert (one.low, one.high, one.p_adjusted) == pytest.approx((two.low, two.high, two.p_adjusted))


def test_endpoints_of_unlike_scale_are_studentised_first():
    """One that varies a hundred times as much does not widen the bounds of the other beyond what a second one does."""
    alike = decide_family([endpoint(0.95), endpoint(0.95, seed=1)], 0.05)[0]
    unlike = decide_family([endpoint(0.95), endpoint(0.95, error=3.0, seed=1)], 0.05)[0]
    assert (unlike.low, unlike.high) == pytest.approx((alike.low, alike.high), rel=1e-6)


def test_a_loss_is_significant_by_the_p_value_that_holds_for_all():
    """Alone .04 is below .05; among eight endpoints that are as likely it is not."""
    value = math.exp(norm.ppf(0.035) * 0.03)
    assert decide_family([endpoint(value, runs=4999)], 0.05)[0].decision == "watch"
    others = [endpoint(1.0, runs=4999, seed=seed) for seed in range(1, 8)]
    found = decide_family([endpoint(value, runs=4999), *others], 0.05)[0]
    assert found.decision != "watch" and found.p <= 0.05 < found.p_adjusted


def test_no_loss_is_called_where_nothing_changed_more_often_than_alpha():
    called, runs = 0, 400
    for run in range(runs):
        rng = np.random.default_rng(run)
        drawn = rng.normal(0, 0.03, (3, 400)) + rng.normal(0, 0.03, 400)
        family = [Endpoint(f"m{at}", "words_1", "reference", values, 0.042, "hand", 500) for at, values in enumerate(drawn)]
        called += any(found.decision in ("watch", "shrunk") for found in decide_family(family, 0.05))
    assert called <= binom.ppf(0.999, runs, 0.05)


def test_the_documents_asked_for_give_eighty_per_cent_power_where_the_error_is_as_great_as_allowed_for():
    """A normal log ratio whose error falls with the root of the documents."""
    n, error, quantile = 200, 0.2, 1.645
    needed = documents_needed(n, error, quantile, MARGIN, LOSS)
    at = error * math.sqrt(SAFETY * growth(LOSS) * n / needed)
    drawn = np.random.default_rng(1).normal(LOSS, at, 200_000)
    assert (drawn + quantile * at < MARGIN).mean() == pytest.approx(0.8, abs=0.01)


@pytest.mark.parametrize("kept", [0.7, 0.9, 1.0])
def test_a_loss_raises_the_squared_error_of_a_ratio_of_counts_as_foreseen(kept):
    rng = np.random.default_rng(3)
    here, there, before = (rng.poisson(rate, 400_000) for rate in (400 * kept, 400, 400))
    squared = np.log(here / there).var() / np.log(before / there).var()
    assert growth(math.log(kept)) == pytest.approx(squared, rel=0.02)


def test_no_fewer_documents_are_asked_for_than_a_test_takes_and_none_where_the_margin_is_below_the_loss():
    assert documents_needed(500, 0.001, 1.645, MARGIN, LOSS) == FEWEST_DOCUMENTS
    assert documents_needed(500, 0.1, 1.645, LOSS, LOSS) is None
    assert decide_family([endpoint(0.9, margin=math.log(0.5))], 0.05)[0].documents_needed is None


def test_what_must_be_found_is_a_ratio_or_three_margins_of_a_difference():
    assert detectable(endpoint(1.0)) == LOSS
    assert detectable(endpoint(0.0, unit="nats/token", margin=-0.02)) == pytest.approx(-0.06)
