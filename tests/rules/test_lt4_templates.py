"""LT403 on evidence made by hand: it warns of shared runs of words and does not fail an audit."""

import inspect

import pytest

from longtail.rules import RULES
from longtail.rules.lt3_surface import LEVEL
from longtail.rules.lt4_templates import templates

from .surface_cases import SURFACE_CASES, alone, compared, ratio, share, template
from .test_wording import ABSOLUTES, said

CASES = [(status, given) for code, status, given in SURFACE_CASES if code == "LT403"]
WORDS = "thank you for your question and"


@pytest.mark.parametrize(("status", "given"), CASES)
def test_it_fires_where_it_should_and_only_there(status, given):
    verdict = templates(given)
    assert verdict.status == status, verdict.because
    assert ABSOLUTES.search(said(verdict)) is None
    assert bool(verdict.remedy) == (verdict.where == "candidate") == (status == "warn")
    assert bool(verdict.enable) == (status == "not_measured")


def test_it_is_in_the_catalogue_and_states_its_level():
    assert RULES["LT403"].member is templates
    assert str(LEVEL) in RULES["LT403"].facts["convention"]


def test_a_rise_is_told_as_a_difference_and_not_as_a_ratio():
    assert templates(compared(template(0.3))).because == "share of documents with a template +0.30 beside generation 1 [0.28, 0.32]"


def test_the_words_that_documents_share_are_quoted_before_the_comparison():
    verdict = templates(compared(share("commonest_template", 0.25, WORDS), template(0.3)))
    assert verdict.because.startswith(f"25.0% [23.0%, 27.0%] of documents hold {WORDS!r}; share of documents with a template +0.30")
    assert verdict.evidence == ("share of documents with a template +0.30 beside generation 1 [0.28, 0.32]",)


def test_a_share_whose_lower_bound_is_at_one_in_ten_is_not_told():
    assert templates(alone(share("commonest_template", 0.125, WORDS, 0.025))).status == "not_measured"
    assert templates(alone(share("commonest_template", 0.126, WORDS, 0.025))).status == "warn"


def test_documents_with_fewer_templates_than_the_baseline_pass():
    assert templates(compared(template(-0.5))).status == "pass"


def test_the_level_is_shared_with_the_other_surface_measures():
    others = [ratio(each, 1.0, p=0.5) for each in ("mattr", "hdd", "mtld", "self_bleu")]
    assert templates(compared(template(0.3, p=0.02))).status == "warn"
    assert templates(compared(template(0.3, p=0.02), *others)).status == "pass"


def test_a_loss_however_great_fails_no_audit():
    assert templates(compared(template(0.97), share("commonest_template", 1.0, WORDS))).status == "warn"


def test_without_a_baseline_it_asks_for_one():
    assert "--reference" in templates(alone()).enable


def test_its_page_has_all_sections():
    page = inspect.getdoc(templates)
    assert all(f"{section}: " in page for section in ("Why", "How measured", "Minimum", "False positives", "Fix", "Silence"))
