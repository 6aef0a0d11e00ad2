"""Rules on the surface of texts: they warn where all of an interval is beyond, and do not fail an audit."""

import inspect

import pytest

from longtail.rules import RULES
from longtail.rules.lt3_surface import LEVEL, distinct_and_openings, self_similarity
from longtail.rules.lt4_templates import templates

from .surface_cases import SURFACE_CASES, alone, compared, ratio, share, template
from .test_wording import ABSOLUTES, said


@pytest.mark.parametrize(("code", "status", "given"), SURFACE_CASES, ids=[f"{c}-{s}-{n}" for n, (c, s, _) in enumerate(SURFACE_CASES)])
def test_a_surface_rule_fires_where_it_should_and_only_there(code, status, given):
    verdict = RULES[code].member(given)
    assert verdict.status == status, verdict.because
    assert ABSOLUTES.search(said(verdict)) is None
    assert bool(verdict.remedy) == (verdict.where == "candidate") == (status == "warn")
    assert bool(verdict.enable) == (status == "not_measured")


def test_the_rules_are_in_the_catalogue():
    assert [RULES[code].member for code in ("LT303", "LT304", "LT403")] == [distinct_and_openings, self_similarity, templates]
    assert all(str(LEVEL) in RULES[code].facts["convention"] for code in ("LT303", "LT304", "LT403"))


def test_the_level_is_shared_by_all_surface_measures_that_were_compared():
    lost = ratio("self_bleu", 1.5, p=0.02)
    assert RULES["LT304"].member(compared(lost, ratio("mattr", 1.0, p=0.5))).status == "warn"
    assert RULES["LT304"].member(compared(lost, *(ratio(each, 1.0, p=0.5) for each in ("mattr", "hdd", "mtld")))).status == "pass"
    assert RULES["LT304"].member(compared(lost, *(ratio(each, 1.0, p=0.5) for each in ("fid", "psi", "mmd2")))).status == "warn"


def test_a_warning_names_number_interval_baseline_and_the_words_in_question():
    verdict = RULES["LT303"].member(compared(ratio("distinct_n", 0.7, view="words_2"), share("opening_share", 0.4, "As an AI")))
    assert verdict.because == (
        "40.0% [38.0%, 42.0%] of documents begin with 'As an AI'; different words in a row (words_2) 0.70 of generation 1 [0.68, 0.72]"
    )
    assert RULES["LT403"].member(compared(template(0.3))).because == (
        "share of documents with a template +0.30 beside generation 1 [0.28, 0.32]"
    )


def test_without_a_baseline_the_rule_asks_for_one():
    assert "--reference" in RULES["LT304"].member(alone()).enable


def test_why_nothing_was_compared_is_passed_on():
    assert [RULES[code].member(given).because for code, status, given in SURFACE_CASES if (code, status) == ("LT304", "not_measured")][
        0
    ] == ("20 distinct documents on the smaller side")


def test_no_loss_however_great_fails_an_audit():
    worst = ratio("distinct_n", 0.03), ratio("openings", 0.03), ratio("self_bleu", 30.0), template(0.97)
    assert [RULES[code].member(compared(*worst)).status for code in ("LT303", "LT304", "LT403")] == ["warn"] * 3


@pytest.mark.parametrize("code", ["LT303", "LT304", "LT403"])
def test_no_page_of_a_surface_rule_speaks_in_absolutes(code):
    page = inspect.getdoc(RULES[code].member)
    assert ABSOLUTES.search(page + RULES[code].facts["convention"]) is None
    assert all(f"{section}: " in page for section in ("Why", "How measured", "Minimum", "False positives", "Fix", "Silence"))
