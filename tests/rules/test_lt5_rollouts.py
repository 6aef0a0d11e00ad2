"""LT502 to LT505, and LT306 of rollouts: what the guards said of a run reaches the rule of its code, and nothing else does."""

import pytest

from longtail.guards import GUARDS
from longtail.records import NotMeasured, Verdict
from longtail.rules import RULES
from longtail.rules.evidence import Evidence, Sample

from .test_lt3_formats import EVEN, NARROW, ratio

CODES = ("LT502", "LT503", "LT504", "LT505")
STATUSES = ("pass", "warn", "fail", "not_measured")
WHERE = "rollouts: steps 4 to 5 beside steps 0 to 1"


def said(status):
    return Verdict(status=status, because=f"{status} of the run", where=WHERE, remedy="mend it", enable="log it", evidence=("a line",))


def judged(code, status, *outcomes):
    sample = Sample(documents=1000, distinct=1000, words=30_000, tagged=1000)
    verdicts = None if status is None else dict.fromkeys((*CODES, "LT306"), said("pass")) | {code: said(status)}
    exact = NotMeasured(reason="exact")
    return RULES[code].member(Evidence(candidate=sample, duplicates=exact, fewest=96, outcomes=outcomes, rollouts=verdicts))


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("status", STATUSES)
def test_a_rule_says_what_was_judged_under_its_code(code, status):
    assert judged(code, status) == said(status)


@pytest.mark.parametrize("code", CODES)
def test_without_a_run_nothing_is_measured_and_the_option_is_named(code):
    found = judged(code, None)
    assert found.status == "not_measured"
    assert found.enable == "longtail audit DATA --rollouts RUN"


def test_each_guard_has_the_rule_of_its_code_and_states_the_same():
    assert sorted(entry.facts["code"] for entry in GUARDS) == ["LT306", *CODES]
    for entry in GUARDS:
        rule = RULES[entry.facts["code"]]
        assert entry.facts["convention"] in rule.facts["convention"]
        assert entry.facts["source"] == rule.facts["source"] or rule.name == "LT306"


DOCUMENTS = {
    "fail": (*NARROW, ratio(0.4, 0.45)),
    "warn": NARROW,
    "pass": EVEN,
    "not_measured": (),
}


@pytest.mark.parametrize(
    ("documents", "run", "whole"),
    [
        ("pass", "fail", "fail"),
        ("fail", "pass", "fail"),
        ("warn", "fail", "fail"),
        ("warn", "not_measured", "warn"),
        ("pass", "pass", "pass"),
        ("pass", "not_measured", "not_measured"),
        ("not_measured", "pass", "pass"),
        ("not_measured", "warn", "warn"),
        ("not_measured", "not_measured", "not_measured"),
        ("pass", None, "pass"),
    ],
)
def test_formats_of_documents_and_of_a_run_give_the_graver_verdict_and_an_unmeasured_run_is_no_pass(documents, run, whole):
    found = judged("LT306", run, *DOCUMENTS[documents])
    assert found.status == whole
    if run == "fail":
        assert "rollouts: fail of the run" in found.because
        assert found.where == WHERE
    if (documents, run) == ("fail", "pass"):
        assert found.where == "candidate"
        assert "rollouts: pass of the run" in found.because
