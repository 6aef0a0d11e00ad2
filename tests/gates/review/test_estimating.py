"""How often a gate errs, from a sample."""

import numpy as np
import pytest
from scipy.stats import hypergeom

from longtail.gates.review.estimating import Sampled, estimated, finite_interval, stratified
from longtail.records import Estimate, NotMeasured


@pytest.mark.parametrize(("hits", "seen", "population"), [(0, 5, 40), (2, 5, 40), (5, 5, 40), (3, 30, 31), (1, 12, 500)])
def test_the_interval_of_a_cell_is_that_of_brute_force(hits, seen, population):
    possible = range(hits, population - seen + hits + 1)
    low = min(marked for marked in possible if hypergeom.sf(hits - 1, population, marked, seen) > 0.025)
    high = max(marked for marked in possible if hypergeom.cdf(hits, population, marked, seen) > 0.025)
    assert finite_interval(hits, seen, population, 0.95) == (low / population, high / population)


def test_a_census_leaves_no_doubt_and_nothing_found_leaves_some():
    assert finite_interval(3, 10, 10, 0.95) == (0.3, 0.3)
    found = stratified([Sampled(1000, 10, 0), Sampled(100, 10, 0)])
    assert found.value == 0 == found.low and found.high > 0.2


def test_the_estimate_is_unbiased_and_its_interval_covers_whatever_the_mixture():
    rng = np.random.default_rng(0)
    populations, seen, wrong = (900, 80, 20), (6, 12, 7), (90, 40, 10)
    truth = sum(wrong) / sum(populations)
    rounds = [
        stratified([Sampled(p, n, int(rng.hypergeometric(w, p - w, n))) for p, n, w in zip(populations, seen, wrong, strict=True)])
        for _ in range(800)
    ]
    values = np.array([each.value for each in rounds])
    naive = sum(n * w / p for p, n, w in zip(populations, seen, wrong, strict=True)) / sum(seen)
    assert abs(values.mean() - truth) < 4 * values.std() / np.sqrt(800) < 0.02
    assert abs(naive - truth) > 0.2  # what counting answers without weights would say
    assert np.mean([each.low <= truth <= each.high for each in rounds]) >= 0.95


def test_a_cell_without_a_decision_leaves_the_share_unmeasured():
    absent = estimated("false_accept", [Sampled(10, 2, 0), Sampled(90, 0, 0)], "that the gate kept")
    assert isinstance(absent, NotMeasured) and "90 of the 100 documents that the gate kept" in absent.reason
    little = estimated("false_accept", [Sampled(97, 97, 10), Sampled(3, 0, 0)], "that the gate kept")
    assert (little.low, little.value, little.high) == pytest.approx((0.1, 10 / 97, 0.13))
    assert isinstance(estimated("false_accept", [], "that the gate kept"), NotMeasured)
    assert isinstance(estimated("false_accept", [Sampled(10, 2, 1)], "kept"), Estimate)
