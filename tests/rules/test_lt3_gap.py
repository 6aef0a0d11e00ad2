"""LT305, LT402 and LT501: when they fire, what they say, and the plan's cases on scores of two models."""

import math

import pytest

from longtail.metrics.gap import tail_gap
from longtail.metrics.likelihood import fidelity_endpoints
from longtail.metrics.perplexity import perplexity_pair
from longtail.records import NotMeasured
from longtail.rules import RULES, lt3_gap, lt5_likelihood
from tests.metrics.test_gap import answered
from tests.metrics.test_perplexity import models

from .likelihood_cases import FALLEN, LIKELIHOOD_CASES, change, copies, measured, pair, repeated
from .test_wording import ABSOLUTES, said


def judged(code, *outcomes):
    return RULES[code].member(measured(*outcomes))


@pytest.mark.parametrize(("code", "status", "given"), LIKELIHOOD_CASES)
def test_a_rule_fires_where_it_should_and_only_there(code, status, given):
    verdict = RULES[code].member(given)
    assert verdict.status == status
    assert ABSOLUTES.search(said(verdict)) is None
    assert verdict.enable or status != "not_measured"
    assert verdict.remedy or status not in ("warn", "fail")


def test_the_gap_is_named_with_both_moves():
    because = judged("LT305", *FALLEN).because
    assert "tail 0.60 -> 0.35, average 0.91 -> 0.90" in because
    assert "the tail lost 0.240 of answers beyond the average [0.220, 0.260]" in because
    assert "the tail lost less: -0.300 of answers" in judged("LT305", change("tail_gap", 0.3)).because


def test_the_gap_of_losses_is_told_in_nats():
    losses = [
        change(name, *move, unit="nats/token") for name, move in {"heldout_nll": (0.0, 0.02, 3.0), "tail_nll": (0.2, 0.02, 5.0)}.items()
    ]
    because = judged("LT305", *losses, change("tail_gap", 0.2, unit="nats/token")).because
    assert "tail loss 5.00 -> 5.20, average loss 3.00 -> 3.00, the tail lost 0.200 nats/token" in because


@pytest.mark.parametrize(("shares", "status"), [([(0.90, 0.35), (0.91, 0.60)], "fail"), ([(0.75, 0.75), (0.9, 0.9)], "pass")])
def test_on_answers_the_plans_gap_fails_and_a_common_fall_passes(shares, status):
    files = answered(shares, documents=4000, tail=800)
    average = [each.estimate(1.96, 1.96, 0.95) for each in fidelity_endpoints(*files, 99, 0) if not isinstance(each, NotMeasured)]
    verdict = judged("LT305", *average, *tail_gap(*files, 99, 0))
    assert verdict.status == status
    assert "average 0.9" in verdict.because


def test_both_perplexities_are_told_raw_with_the_interval_of_their_change():
    because = judged("LT501", *pair("shrunk", "ok")).because
    assert f"perplexity of human text {math.exp(3):.2f} -> {math.exp(3.2):.2f} (+0.200 nats/token [+0.190, +0.210])" in because
    assert f"perplexity of own output {math.exp(2):.2f} -> {math.exp(1.8):.2f} (-0.200 nats/token [-0.210, -0.190])" in because


@pytest.mark.parametrize(("human", "own", "status"), [(0.3, -0.3, "fail"), (-0.3, -0.3, "pass"), (0.3, 0.5, "warn")])
def test_the_crossing_of_two_models_is_the_alarm(human, own, status):
    assert judged("LT501", *perplexity_pair(*models(human, own))).status == status


def test_exact_and_near_copies_are_both_told_and_the_remedy_fits_the_kind():
    verdict = RULES["LT402"].member(repeated(0.0, 0.25))
    assert verdict.because == "0.0% of documents are exact copies of another, 25.0% exact or near ones"
    assert verdict.evidence == ("0 of 1,000 documents, exact", "250 of 1,000 documents, exact or near")
    assert "near_duplicates" in verdict.remedy
    assert "sort by text" in RULES["LT402"].member(repeated(0.2, 0.25)).remedy


def test_near_copies_that_were_not_looked_for_leave_exact_ones_to_decide():
    absent = NotMeasured(reason="not asked for", metric="near_duplicate_share")
    verdict = RULES["LT402"].member(measured(absent, duplicates=copies(0.2)))
    assert (verdict.status, verdict.because) == ("fail", "20.0% of documents are exact copies of another")


def test_the_rules_are_registered_under_their_codes():
    assert RULES["LT305"].member is lt3_gap.tail_average_gap
    assert RULES["LT501"].member is lt5_likelihood.perplexity_pair
