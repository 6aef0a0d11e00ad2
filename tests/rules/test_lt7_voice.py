"""LT701 judges the variety that is left, and only where dates told it."""

import pytest

from longtail.records import Estimate, NotMeasured
from longtail.rules import Evidence, Sample
from longtail.rules.lt7_voice import voice_flattening


def judged(*outcomes):
    sample = Sample(documents=900, distinct=900, words=9000, tagged=0)
    return voice_flattening(Evidence(candidate=sample, duplicates=NotMeasured(reason="none"), fewest=0, outcomes=outcomes))


def variety(decision, low, high):
    return Estimate(
        metric="voice_variety", view="words_1", value=(low + high) / 2, low=low, high=high, n=400, unit="ratio", resampling_unit="document",
        method="test", kind="ratio", decision=decision, slice="2025-Q2" if decision in ("shrunk", "watch") else None,
    )  # fmt: skip


CASES = [
    ("shrunk", 0.6, 0.8, "fail"),
    ("watch", 0.85, 0.97, "warn"),
    ("ok", 0.95, 1.02, "pass"),
    ("inconclusive", 0.7, 1.3, "not_measured"),
]


@pytest.mark.parametrize(("decision", "low", "high", "status"), CASES)
def test_the_decision_is_the_status(decision, low, high, status):
    verdict = judged(variety(decision, low, high))
    assert verdict.status == status and f"[{low:.2f}, {high:.2f}]" in verdict.because
    assert ("2025-Q2" in verdict.because) == (status in ("fail", "warn")) == bool(verdict.remedy)


def test_without_dates_it_is_not_measured_and_says_what_to_do():
    verdict = judged()
    assert verdict.status == "not_measured" and verdict.because == "no dated content"
    assert verdict.enable == "longtail watch DATA --date-column COLUMN"


def test_the_reason_of_an_absence_is_told():
    verdict = judged(NotMeasured(reason="three periods", metric="voice_variety"))
    assert verdict.status == "not_measured" and verdict.because == "three periods"
