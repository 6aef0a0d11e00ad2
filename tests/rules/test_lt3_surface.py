"""LT303 and LT304 on evidence made by hand, and the bounds that all rules on the surface of texts share."""

import inspect

import pytest

from longtail.records import NotMeasured
from longtail.rules import RULES
from longtail.rules.lt3_surface import (
    COMPARED,
    LEVEL,
    compared_of,
    distinct_and_openings,
    is_lost,
    judged,
    self_similarity,
    sentence,
    share_of,
)

from .surface_cases import SURFACE_CASES, UNCOMPARED, alone, compared, ratio, share, template
from .test_wording import ABSOLUTES, said

CASES = [case for case in SURFACE_CASES if case[0] in ("LT303", "LT304")]


@pytest.mark.parametrize(("code", "status", "given"), CASES, ids=[f"{c}-{s}-{n}" for n, (c, s, _) in enumerate(CASES)])
def test_a_surface_rule_fires_where_it_should_and_only_there(code, status, given):
    verdict = RULES[code].member(given)
    assert verdict.status == status, verdict.because
    assert ABSOLUTES.search(said(verdict)) is None
    assert bool(verdict.remedy) == (verdict.where == "candidate") == (status == "warn")
    assert bool(verdict.enable) == (status == "not_measured")


def test_the_rules_are_in_the_catalogue():
    assert [RULES[code].member for code in ("LT303", "LT304")] == [distinct_and_openings, self_similarity]
    assert all(str(LEVEL) in RULES[code].facts["convention"] for code in ("LT303", "LT304"))


def test_the_level_is_shared_by_all_surface_measures_that_were_compared():
    lost = ratio("self_bleu", 1.5, p=0.02)
    assert self_similarity(compared(lost, ratio("mattr", 1.0, p=0.5))).status == "warn"
    assert self_similarity(compared(lost, *(ratio(each, 1.0, p=0.5) for each in ("mattr", "hdd", "mtld")))).status == "pass"
    assert self_similarity(compared(lost, *(ratio(each, 1.0, p=0.5) for each in ("fid", "psi", "mmd2")))).status == "warn"


def test_a_measure_without_a_test_takes_no_part_of_the_level():
    untested = [ratio(each, 1.0, p=None) for each in COMPARED if each != "self_bleu"]
    assert self_similarity(compared(ratio("self_bleu", 1.5, p=0.04), *untested)).status == "warn"
    assert compared_of(compared(*untested, UNCOMPARED, share("hdd", 0.5, None)), *COMPARED) == []


def test_a_warning_names_number_interval_baseline_and_the_words_in_question():
    given = compared(ratio("distinct_n", 0.7, view="words_2"), share("opening_share", 0.4, "As an AI"))
    assert distinct_and_openings(given).because == (
        "40.0% [38.0%, 42.0%] of documents begin with 'As an AI'; different words in a row (words_2) 0.70 of generation 1 [0.68, 0.72]"
    )


@pytest.mark.parametrize(("metric", "edge", "towards"), [("hdd", 0.90, 0), ("self_bleu", 1 / 0.90, 1), ("template_share", 1 - 0.90, 1)])
def test_a_loss_begins_past_the_margin_and_at_the_level(metric, edge, towards):
    made = template if metric == "template_share" else lambda value, **more: ratio(metric, value, **more)
    step = 1e-6 if towards else -1e-6
    at, past = (made(edge + move, width=0.0, p=0.05) for move in (0.0, step))
    assert [is_lost(each, 0.05) for each in (at, past)] == [False, True]
    assert not is_lost(past, 0.049)
    assert not is_lost(made(edge + 10 * step, width=2e-5, p=0.0), 0.05)


def test_what_was_not_tested_is_not_lost():
    assert not is_lost(ratio("hdd", 0.1, p=None), 1.0)


def test_a_share_of_openings_warns_where_its_lower_bound_is_above_one_in_ten():
    assert distinct_and_openings(alone(share("opening_share", 0.125, "It is a", 0.025))).status == "not_measured"
    assert distinct_and_openings(alone(share("opening_share", 0.13, "It is a", 0.025))).status == "warn"


def test_what_speaks_against_the_candidate_alone_comes_first_and_the_remedy_is_the_callers():
    verdict = judged(compared(ratio("self_bleu", 1.5)), ("self_bleu",), ["one sentence"], "do this")
    assert verdict.because.startswith("one sentence; self-BLEU 1.50 of generation 1")
    assert (verdict.remedy, verdict.evidence) == ("do this", ("self-BLEU 1.50 of generation 1 [1.48, 1.52]",))


def test_numbers_in_words():
    assert share_of(share("opening_share", 0.005, "a b c")) == "0.5% [0.0%, 2.5%] of documents"
    assert sentence(ratio("openings", 0.5)) == "different openings 0.50 of generation 1 [0.48, 0.52]"


def test_without_a_baseline_the_rule_asks_for_one():
    assert "--reference" in self_similarity(alone()).enable


def test_why_nothing_was_compared_is_passed_on():
    verdict = self_similarity(compared(UNCOMPARED))
    assert (verdict.because, verdict.enable) == (UNCOMPARED.reason, UNCOMPARED.enable)
    unmended = NotMeasured(reason="no words", metric="self_bleu")
    assert "--reference" in self_similarity(compared(unmended)).enable
    assert self_similarity(compared()).because == "no text was compared"


def test_no_loss_however_great_fails_an_audit():
    worst = ratio("distinct_n", 0.03), ratio("openings", 0.03), ratio("self_bleu", 30.0), template(0.97)
    assert [rule(compared(*worst)).status for rule in (distinct_and_openings, self_similarity)] == ["warn"] * 2


@pytest.mark.parametrize("rule", [distinct_and_openings, self_similarity])
def test_its_page_has_all_sections(rule):
    page = inspect.getdoc(rule)
    assert all(f"{section}: " in page for section in ("Why", "How measured", "Minimum", "False positives", "Fix", "Silence"))
