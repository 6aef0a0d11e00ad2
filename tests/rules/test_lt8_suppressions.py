"""Overrides: what they hold back, what runs out, what is of no use."""

from datetime import timedelta

import pytest

from longtail.rules import Override, lt8_suppressions

from .loop_cases import ALL_THREE, TAGGED, TODAY, evidence, piped, sized
from .test_rules import classes

REPLACED = sized((1000, 1000), (1000, 400))
GROWN = sized((1000, 1000), (2500, 1000))


def override(code="LT202", days=0, **more):
    return Override(**{"code": code, "reason": "a fixed budget", "owner": "ann", "expires": TODAY + timedelta(days=days)} | more)


def judged(*overrides, **changes):
    return evidence(*TAGGED, **(changes | piped(overrides=overrides)))


LOST = classes("ok", "shrunk", "watch")  # names of slices: class 0, 1, 2
PARTS = {"classes": LOST, "outcomes": LOST, "decided_on": "generation_1"}

CASES = [
    ("not_measured", evidence(*TAGGED)),
    ("pass", judged()),
    ("pass", judged(override(), manifests=REPLACED)),
    ("warn", judged(override(), manifests=GROWN)),
    ("not_measured", judged(override())),
    ("pass", judged(override(days=-1), manifests=GROWN)),
    ("warn", judged(override(), manifests=REPLACED, required=frozenset({"LT202"}))),
    ("warn", judged(override(where="generation 7"), manifests=REPLACED)),
    ("pass", judged(override(where="generation 2"), manifests=REPLACED)),
    ("pass", judged(override("LT308", where="class 1"), **PARTS)),
    ("warn", judged(override("LT308", where="class 0"), **PARTS)),
    ("warn", judged(override("LT402"), override())),
]


@pytest.mark.parametrize(("status", "given"), CASES, ids=[f"{n}-{status}" for n, (status, _) in enumerate(CASES)])
def test_an_override_is_told_unused_only_where_its_rule_says_so(status, given):
    verdict = lt8_suppressions.unused_suppression(given)
    assert verdict.status == status, verdict.because
    assert status != "warn" or (verdict.remedy and verdict.where == "candidate")
    assert status != "not_measured" or verdict.enable


def test_the_finding_names_code_place_owner_and_why():
    (line,) = lt8_suppressions.unused_suppression(judged(override(where="generation 7"), manifests=REPLACED)).evidence
    assert line == "the override of LT202 in generation 7 (owner ann) matches no finding there"
    (line,) = lt8_suppressions.unused_suppression(judged(override(), manifests=REPLACED, required=frozenset({"LT202"}))).evidence
    assert line.endswith("holds nothing back: the rule is required")


def test_a_loop_with_its_safeguards_needs_no_override():
    given = judged(override("LT211"))
    safe = evidence(*TAGGED, **piped(overrides=(override("LT211"),), loop=True, **ALL_THREE))
    assert lt8_suppressions.unused_suppression(safe).status == "warn"
    assert lt8_suppressions.unused_suppression(given).status == "not_measured"
