"""Rules on spread and distance on evidence made by hand."""

import pytest

from longtail.records import Estimate, NotMeasured
from longtail.rules.lt3_features import distance_from_baseline, variance_and_rank

from .test_rules import alone, evidence
from .test_wording import ABSOLUTES, said


def spread(value, half=0.05, metric="total_variance", kind="ratio", **more):
    return Estimate(**({
        "metric": metric, "view": "vector:emb", "value": value, "low": value - half, "high": value + half, "n": 1000, "unit": "ratio",
        "resampling_unit": "document", "method": "hand", "kind": kind, "baseline": "generation_1",
    } | more))  # fmt: skip


def distance(p, metric="energy_distance", value=0.06, expected=0.02, **more):
    return spread(value, metric=metric, kind="value", p=p, expected=expected, unit="distance", **more)


UNMEASURED = NotMeasured(reason="12 documents have a vector", enable="more documents", metric="total_variance")
CASES = [
    (variance_and_rank, "pass", (spread(1.0),)),
    (variance_and_rank, "pass", (spread(0.85, p=0.2), spread(1.3, metric="effective_rank"))),
    (variance_and_rank, "pass", (spread(1.1, p=0.01),)),
    (variance_and_rank, "fail", (spread(0.6),)),
    (variance_and_rank, "fail", (spread(1.0), spread(0.6, metric="effective_rank"))),
    (variance_and_rank, "fail", (spread(0.6, view="number:income"), UNMEASURED)),
    (variance_and_rank, "warn", (spread(0.85, decision="watch"),)),
    (variance_and_rank, "warn", (spread(0.72, decision="shrunk", p=0.001),)),
    (variance_and_rank, "warn", (spread(0.85, p=0.01), spread(0.7, 0.2, metric="effective_rank"))),
    (variance_and_rank, "pass", (spread(0.85, p=0.01, decision="ok"),)),
    (variance_and_rank, "not_measured", (spread(0.8, 0.1),)),
    (variance_and_rank, "not_measured", (spread(0.2, kind="value"),)),
    (variance_and_rank, "not_measured", (UNMEASURED,)),
    (variance_and_rank, "not_measured", ()),
    (distance_from_baseline, "pass", (distance(0.2),)),
    (distance_from_baseline, "pass", (distance(0.03), distance(0.9, "mmd2"))),
    (distance_from_baseline, "warn", (distance(0.02), distance(0.9, "mmd2"))),
    (distance_from_baseline, "warn", (distance(0.001, "total_variation"),)),
    (distance_from_baseline, "warn", (distance(0.001, "mmd2", -1e-6, -1e-9, half=1e-6),)),
    (distance_from_baseline, "not_measured", (distance(None),)),
    (distance_from_baseline, "not_measured", (NotMeasured(reason="12 documents have a vector", metric="mmd2"),)),
    (distance_from_baseline, "not_measured", ()),
]


@pytest.mark.parametrize(
    ("rule", "status", "outcomes"), CASES, ids=[f"{rule.__name__}-{status}-{n}" for n, (rule, status, _) in enumerate(CASES)]
)
def test_a_rule_fires_where_it_should_and_only_there(rule, status, outcomes):
    verdict = rule(evidence(outcomes=outcomes))
    assert verdict.status == status, verdict.because
    assert not ABSOLUTES.search(said(verdict))
    if status in ("warn", "fail"):
        assert verdict.remedy and verdict.where == "candidate"
    if status == "not_measured":
        assert verdict.enable


@pytest.mark.parametrize("rule", [variance_and_rank, distance_from_baseline])
def test_nothing_is_measured_without_a_baseline(rule):
    verdict = rule(alone())
    assert verdict.status == "not_measured" and "--reference" in verdict.enable


def test_a_lost_spread_is_told_with_its_interval_and_its_column():
    because = variance_and_rank(evidence(outcomes=(spread(0.6, view="number:income"),))).because
    assert because == "total variance (number:income) 0.60 of generation 1 [0.55, 0.65]"


def test_of_many_lost_columns_five_are_told():
    lost = tuple(spread(0.6, view=f"number:c{n}") for n in range(8))
    because = variance_and_rank(evidence(outcomes=lost)).because
    assert because.count("total variance") == 5 and because.endswith(" and 3 more")


def test_a_shift_is_told_as_a_multiple_of_what_chance_gives_and_not_as_a_loss():
    because = distance_from_baseline(evidence(outcomes=(distance(0.001),))).because
    assert because.startswith("a shift, which need not be a loss: energy distance (vector:emb) 0.06, 3.0 times what it comes to where")
    assert because.endswith("p = 0.001")
    assert "times" not in distance_from_baseline(evidence(outcomes=(distance(0.001, "mmd2"),))).because
