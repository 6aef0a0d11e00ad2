import numpy as np
import pytest
from scipy.stats import binomtest

from longtail.errors import UsageError
from longtail.origin.operating import exact, operating_points

SCORES = np.array([0.1, 0.2, 0.3, 0.9, np.nan, 0.25, 0.8, 0.9, 1.0])
LABELS = np.array([0, 0, 0, 0, 0, 1, 1, 2, 1])
BY = ["en", "en", "fr", "fr", "fr", None, None, None, None]


@pytest.mark.parametrize(("count", "total"), [(0, 30), (30, 30), (3, 200)])
def test_bounds_are_those_of_clopper_and_pearson(count, total):
    theirs = binomtest(count, total).proportion_ci(0.95, method="exact")
    assert exact(count, total, 0.95) == pytest.approx((theirs.low, theirs.high))


def test_rates_are_counts_at_or_above_the_threshold_and_a_missing_score_is_below():
    (point,) = operating_points(SCORES, LABELS, BY, [0.8])
    assert (point.tpr.flagged, point.tpr.documents) == (3, 4)
    assert (point.fpr.flagged, point.fpr.documents) == (1, 5)
    assert {name: (rate.flagged, rate.documents) for name, rate in point.groups.items()} == {"en": (0, 2), "fr": (1, 3)}


def test_a_group_that_may_be_wronged_is_named_and_a_large_one_without_alarms_is_not():
    scores = np.r_[np.zeros(1000), np.full(5, 1.0), np.full(100, 2.0)]
    labels, by = np.r_[np.zeros(1005, int), np.ones(100, int)], ["native"] * 1000 + ["learner"] * 5 + [None] * 100
    low, high = operating_points(scores, labels, by, [1.0, 1.5])
    assert [text.split(":")[0] for text in high.refusals()] == ["learner"]
    assert "5 of 5" in low.refusals()[-1]
    (alone,) = operating_points(np.r_[scores[:1000], scores[-100:]], np.r_[labels[:1000], labels[-100:]], thresholds=[1.0])
    assert alone.refusals() == ()


def test_thresholds_left_out_are_the_distinct_scores_or_two_hundred_of_them():
    assert [point.threshold for point in operating_points(SCORES, LABELS)] == sorted(set(SCORES[~np.isnan(SCORES)].tolist()))
    many = operating_points(np.linspace(0, 1, 1000), np.arange(1000) % 2)
    assert len(many) == 200
    assert (many[0].threshold, many[-1].threshold) == (0, 1)
    assert all(low.fpr.flagged >= high.fpr.flagged for low, high in zip(many, many[1:], strict=False))


def test_what_cannot_be_judged_is_refused():
    with pytest.raises(UsageError, match="lacks one of them"):
        operating_points(SCORES[:4], LABELS[:4])
    with pytest.raises(UsageError, match="no document of the reference has a score"):
        operating_points(np.full(9, np.nan), LABELS)
    with pytest.raises(UsageError, match="do not fit"):
        operating_points(SCORES, LABELS, ["en"])
