"""Which overrides hold back which verdict."""

import msgspec
import pytest

from longtail.rules import RULES
from longtail.rules.pipeline import UNWAIVABLE
from longtail.rules.waiving import holding, in_force, lost_slices

from .loop_cases import TAGGED, evidence
from .test_lt8_suppressions import LOST, PARTS, REPLACED, judged, override
from .test_rules import share


def held(code, *overrides, **changes):
    given = judged(*overrides, **changes)
    return holding(code, RULES[code].member(given), given, in_force(given))


def test_slices_are_held_back_only_where_each_that_lost_has_its_override():
    one, two, idle = (override("LT308", where=f"class {at}") for at in (1, 2, 0))
    assert held("LT308", one, **PARTS) == ()
    assert held("LT308", one, idle, **PARTS) == ()
    assert held("LT308", one, two, **PARTS) == (one, two)
    assert held("LT308", override("LT308"), **PARTS) == (override("LT308"),)


def test_a_loss_of_all_is_covered_by_no_override_of_a_slice():
    assert lost_slices("LT308", judged(classes=LOST, outcomes=(*LOST[:2], share(0.1)))) == {"class 1"}
    blank = msgspec.structs.replace(LOST[1], slice=None)
    assert held("LT308", override("LT308", where="class 1"), classes=LOST, outcomes=(*LOST, blank), decided_on="generation_1") == ()


def test_the_last_day_itself_still_counts_and_the_next_does_not():
    assert [bool(held("LT202", override(days=days), manifests=REPLACED)) for days in (1, 0, -1)] == [True, True, False]


def test_a_required_rule_and_another_code_are_not_held_back():
    assert held("LT202", override(), manifests=REPLACED, required=frozenset({"LT202"})) == ()
    assert held("LT202", override("LT201"), manifests=REPLACED) == ()


def test_without_a_day_nothing_is_in_force():
    assert in_force(judged(override(), today=None)) == () == in_force(evidence(*TAGGED))


@pytest.mark.parametrize("code", UNWAIVABLE)
def test_what_speaks_of_overrides_or_of_required_rules_cannot_be_overridden(code):
    with pytest.raises(ValueError, match=f"{code} cannot be overridden: .*; "):
        override(code)


@pytest.mark.parametrize("name", ["reason", "owner"])
def test_an_override_says_why_and_who(name):
    with pytest.raises(ValueError, match=f"the override of LT202 has an empty {name}"):
        override(**{name: " "})
