import numpy as np
import pytest

from longtail.errors import UsageError
from longtail.origin.filtering import cost_of_filtering

RNG = np.random.default_rng(0)
SCORES = np.r_[RNG.normal(0, 1, 4000), RNG.normal(4, 1, 2000)]
LABELS = np.repeat([0, 1], [4000, 2000])


def test_the_expected_rows_are_those_that_a_filtered_corpus_loses():
    found = cost_of_filtering(SCORES, LABELS, 0.3, 0.28, 0.32, 100_000)
    at = found.chosen.point.threshold
    human, machine = RNG.normal(0, 1, 70_000), RNG.normal(4, 1, 30_000)
    assert found.chosen.lost.low <= (human >= at).sum() <= found.chosen.lost.high
    assert found.chosen.removed.low <= (machine >= at).sum() <= found.chosen.removed.high
    assert found.chosen.human.value == pytest.approx(70_000)


def test_the_lowest_threshold_is_chosen_that_keeps_the_human_mass():
    found = cost_of_filtering(SCORES, LABELS, 0.3, 0.3, 0.3, 1000, keep=0.98)
    assert found.chosen.point.fpr.high <= 0.02
    lower = [cost for cost in found.curve if cost.point.threshold < found.chosen.point.threshold]
    assert min(cost.point.fpr.high for cost in lower) > 0.02


def test_a_small_reference_can_promise_nothing():
    few = np.r_[0:75, 4000:4075]
    found = cost_of_filtering(SCORES[few], LABELS[few], 0.3, 0.2, 0.4, 1000)
    assert found.chosen is None
    assert found.curve[-1].point.fpr.flagged == 0


def test_a_share_outside_its_interval_is_refused():
    with pytest.raises(UsageError, match="0 <= low <= share <= high <= 1"):
        cost_of_filtering(SCORES, LABELS, 0.5, 0.1, 0.3, 1000)
