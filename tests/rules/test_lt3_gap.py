"""LT305 on estimates made by hand and on answers of two models."""

import pytest

from longtail.metrics.gap import tail_gap
from longtail.metrics.likelihood import fidelity_endpoints
from longtail.records import NotMeasured
from longtail.rules import RULES
from longtail.rules.lt3_gap import GAP_MARGIN, tail_average_gap
from tests.metrics.test_gap import answered

from .likelihood_cases import FALLEN, LIKELIHOOD_CASES, change, measured
from .test_wording import ABSOLUTES, said

CASES = [(status, given) for code, status, given in LIKELIHOOD_CASES if code == "LT305"]


def judged(*outcomes):
    return tail_average_gap(measured(*outcomes))


@pytest.mark.parametrize(("status", "given"), CASES)
def test_it_fires_where_it_should_and_only_there(status, given):
    verdict = tail_average_gap(given)
    assert verdict.status == status, verdict.because
    assert ABSOLUTES.search(said(verdict)) is None
    assert bool(verdict.enable) == (status == "not_measured")
    assert bool(verdict.remedy) == (verdict.where == "candidate") == (status in ("warn", "fail"))


def test_it_is_registered_under_its_code():
    assert RULES["LT305"].member is tail_average_gap


def test_the_gap_is_named_with_both_moves():
    because = judged(*FALLEN).because
    assert "tail 0.60 -> 0.35, average 0.91 -> 0.90" in because
    assert "the tail lost 0.240 of answers beyond the average [0.220, 0.260]" in because
    assert "the tail lost less: -0.300 of answers" in judged(change("tail_gap", 0.3)).because


def test_the_gap_of_losses_is_told_in_nats():
    losses = [
        change(name, *move, unit="nats/token") for name, move in {"heldout_nll": (0.0, 0.02, 3.0), "tail_nll": (0.2, 0.02, 5.0)}.items()
    ]
    because = judged(*losses, change("tail_gap", 0.2, unit="nats/token")).because
    assert "tail loss 5.00 -> 5.20, average loss 3.00 -> 3.00, the tail lost 0.200 nats/token" in because


@pytest.mark.parametrize(("shares", "status"), [([(0.90, 0.35), (0.91, 0.60)], "fail"), ([(0.75, 0.75), (0.9, 0.9)], "pass")])
def test_on_answers_the_plans_gap_fails_and_a_common_fall_passes(shares, status):
    files = answered(shares, documents=4000, tail=800)
    average = [each.estimate(1.96, 1.96, 0.95) for each in fidelity_endpoints(*files, 99, 0) if not isinstance(each, NotMeasured)]
    verdict = judged(*average, *tail_gap(*files, 99, 0))
    assert verdict.status == status
    assert "average 0.9" in verdict.because


@pytest.mark.parametrize(("unit", "sign"), [("share", -1), ("nats/token", 1)])
def test_the_bound_nearest_nothing_decides_in_either_unit(unit, sign):
    half = 2**-6
    found = [judged(change("tail_gap", sign * (lost + half), half=half, unit=unit)).status for lost in (0.0, 2**-10, GAP_MARGIN + 2**-20)]
    assert found == ["pass", "warn", "fail"]


def test_an_interval_around_nothing_passes_only_where_it_stays_below_the_margin():
    assert judged(change("tail_gap", 0.0, half=GAP_MARGIN - 1e-9)).status == "pass"
    verdict = judged(change("tail_gap", 0.0, half=GAP_MARGIN))
    assert verdict.status == "not_measured" and verdict.because.startswith("inconclusive: ")
    assert "more documents of the tail" in verdict.enable


def test_an_absence_is_passed_on_and_a_missing_file_asked_for():
    absent = judged(NotMeasured(reason="60 documents in 3 groups", enable="more scores", metric="tail_gap"))
    assert (absent.because, absent.enable) == ("60 documents in 3 groups", "more scores")
    assert "--baseline-scores" in judged().enable
    assert "--baseline-scores" in judged(NotMeasured(reason="none", metric="tail_gap")).enable


def test_moves_without_a_value_before_them_are_left_out():
    silent = change("accuracy", -0.1, before=None)
    assert judged(silent, change("tail_gap", -0.24)).because.startswith("the tail lost 0.240")
