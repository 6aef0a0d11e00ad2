"""LT501 on changes made by hand and on scores of two models."""

import itertools
import math

import pytest

from longtail.metrics.perplexity import perplexity_pair
from longtail.records import NotMeasured
from longtail.rules import RULES, lt5_likelihood
from tests.metrics.test_perplexity import models

from .likelihood_cases import LIKELIHOOD_CASES, NO_OWN, change, measured, pair
from .test_wording import ABSOLUTES, said

CASES = [(status, given) for code, status, given in LIKELIHOOD_CASES if code == "LT501"]
DECISIONS = ("ok", "watch", "shrunk", "inconclusive")


def judged(*outcomes):
    return lt5_likelihood.perplexity_pair(measured(*outcomes))


@pytest.mark.parametrize(("status", "given"), CASES)
def test_it_fires_where_it_should_and_only_there(status, given):
    verdict = lt5_likelihood.perplexity_pair(given)
    assert verdict.status == status, verdict.because
    assert ABSOLUTES.search(said(verdict)) is None
    assert bool(verdict.enable) == (status == "not_measured")
    assert bool(verdict.remedy) == (verdict.where == "candidate") == (status in ("warn", "fail"))


def test_it_is_registered_under_its_code():
    assert RULES["LT501"].member is lt5_likelihood.perplexity_pair


def test_of_all_pairs_of_decisions_only_the_crossing_fails():
    found = {pair_: judged(*pair(*pair_)).status for pair_ in itertools.product(DECISIONS, repeat=2)}
    assert [pair_ for pair_, status in found.items() if status == "fail"] == [("shrunk", "ok")]
    assert {human for (human, _), status in found.items() if status == "warn"} == {"shrunk", "watch"}
    assert {human for (human, _), status in found.items() if status == "not_measured"} == {"inconclusive"}
    assert {human for (human, _), status in found.items() if status == "pass"} == {"ok"}


def test_both_perplexities_are_told_raw_with_the_interval_of_their_change():
    because = judged(*pair("shrunk", "ok")).because
    assert f"perplexity of human text {math.exp(3):.2f} -> {math.exp(3.2):.2f} (+0.200 nats/token [+0.190, +0.210])" in because
    assert f"perplexity of own output {math.exp(2):.2f} -> {math.exp(1.8):.2f} (-0.200 nats/token [-0.210, -0.190])" in because


@pytest.mark.parametrize(("human", "own", "status"), [(0.3, -0.3, "fail"), (-0.3, -0.3, "pass"), (0.3, 0.5, "warn")])
def test_the_crossing_of_two_models_is_the_alarm(human, own, status):
    assert judged(*perplexity_pair(*models(human, own))).status == status


def test_what_is_missing_is_named_the_human_text_first():
    human, own = pair("shrunk", "ok")
    no_human = NotMeasured(reason="3 documents in both files", enable="more of them", metric="human_nll_change")
    assert judged(no_human, NO_OWN).because == no_human.reason
    assert judged(no_human, own).enable == "more of them"
    assert judged(human, NO_OWN).because == NO_OWN.reason
    assert "split own" in judged(human, NO_OWN).enable
    assert judged(human).because == judged(own).because == "no scores of human text and of own output by two models were given"


def test_losses_whose_perplexity_no_number_holds_are_told_as_powers():
    huge = [change(metric, 1.0, before=3000.0, unit="nats/token", decision="ok") for metric in ("human_nll_change", "own_nll_change")]
    assert "perplexity of human text e^3000.0 -> e^3001.0 (+1.000 nats/token" in judged(*huge).because
