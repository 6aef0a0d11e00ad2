"""Every rule and every metric has a page of ten parts, whose facts hold and whose commands exist."""

import itertools
import re

import pytest

from longtail.metrics import RATIOS, VALUES
from longtail.rules import RULES
from longtail.rules.pages import PARTS, all_pages, codes, find, matching, metrics, readers, rule_page
from longtail.rules.pipeline import UNWAIVABLE
from longtail.rules.stages import PLACES
from tests.docs.commands import INLINE, fault

PAGES = list(all_pages())
OF_RULES = [page for page in PAGES if page.kind == "rule"]
PROSE = ("What", "Why", "How measured", "Formula", "False positives", "Fix", "See it")
"""Parts that two rules have no business to share; a minimum, a source and how to silence are facts that several can have."""
CITATION = re.compile(r"\b(1[89]|20)\d\d\b")


def undefined(formula):
    """Symbols of a formula, a letter with or without a digit, that its text neither defines by `=` nor names after `where`."""
    formula = re.sub("n-grams?|half [AB]", "", formula)
    named = formula.partition("where ")[2] + " ".join(re.findall(r"(\w+) = ", formula))
    symbols = set(re.findall(r"(?<![\w'’])[A-Za-z]\d?(?![\w'’])", formula)) - {"a", "p"}
    return sorted(symbols - set(re.findall(r"(?<![\w'’])[A-Za-z]\d?(?![\w'’])", named)))


def test_every_rule_metric_and_code_has_a_page():
    assert {page.name for page in PAGES} == {entry.name for catalogue in (RULES, VALUES, RATIOS) for entry in catalogue} | {"LT900"}
    assert set(codes()) == set(PLACES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_has_all_ten_parts_and_none_is_empty(page):
    assert tuple(page.parts) == PARTS and len(PARTS) == 10
    assert [part for part, text in page.parts.items() if len(text.strip()) < 10] == []
    assert page.symptoms and page.title
    assert page.address == f"{page.kind}s/{page.name}/"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_defines_the_symbols_of_its_formula(page):
    assert undefined(page.parts["Formula"]) == []


def test_a_planted_symbol_without_a_definition_is_found():
    assert undefined("x / n, where n is the number of words.") == ["x"]
    assert undefined("R = 1 - S; fail where R > 1.") == ["S"]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_shows_a_command_that_exists(page):
    shown = INLINE.findall(page.parts["See it"])
    assert shown
    assert {command: fault(command) for command in shown} == dict.fromkeys(shown, "")


@pytest.mark.parametrize("command", ["longtail lab experiment nothing", "longtail lab run gaussian --nothing", "longtail lab nothing"])
def test_a_planted_command_that_does_not_exist_is_found(command):
    assert fault(command) != ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_source_is_a_citation_a_decision_or_said_to_be_our_own(page):
    sources = page.parts["Sources"]
    assert CITATION.search(sources) or re.search(
        "own definition|decision 0|exact count|trace of the covariance|total variation", sources, re.I
    )


def test_no_part_of_a_rule_is_copied_from_another_rule():
    own = {page.name: {part: page.parts[part].replace(page.name, "LT") for part in PROSE} for page in OF_RULES}
    copied = [(one, other, part) for one, other in itertools.combinations(own, 2) for part in PROSE if own[one][part] == own[other][part]]
    assert copied == []


@pytest.mark.parametrize("page", OF_RULES, ids=lambda page: page.name)
def test_a_rule_says_how_its_finding_is_waived_or_that_it_cannot_be(page):
    silence = page.parts["Silence"]
    assert ("No override holds it back" in silence) is (page.name in UNWAIVABLE)
    assert (f'code = "{page.name}"' in silence) is (page.name not in UNWAIVABLE)
    assert re.search(r"\bnone yet\b", silence, re.I) is None


def test_the_override_that_a_page_shows_is_one_that_a_pipeline_takes(tmp_path):
    from longtail.auditing.pipeline import read_pipeline

    shown = re.search(r"\[\[override\]\] with (.+?)\. It is then", rule_page("LT303").parts["Silence"])[1]
    keys = re.findall(r"(\w+) = (\"[^\"]*\"|\S+)", shown.replace("YYYY-MM-DD", "2030-01-31"))
    path = tmp_path / "pipeline.toml"
    path.write_text("[[override]]\n" + "\n".join(f"{key} = {value}" for key, value in keys), encoding="utf-8")
    (override,) = read_pipeline(path).overrides
    assert (override.code, str(override.expires)) == ("LT303", "2030-01-31")


def test_a_number_that_a_page_states_is_the_one_that_the_rule_uses():
    from longtail.metrics.regime import SAME
    from longtail.metrics.rollouts import conventions
    from longtail.rules import (
        lt2_mix,
        lt3_features,
        lt3_formats,
        lt3_gap,
        lt3_surface,
        lt4_repetition,
        lt6_retrieval,
        lt7_voice,
        lt9_validity,
    )
    from longtail.rules.measures import NOTICED
    from longtail.summaries.units import DOCUMENTS_PER_UNIT, FEWEST_DOCUMENTS, FEWEST_UNITS

    stated = {
        "LT102": f"machine share of all of unknown origin > {NOTICED}",
        "LT105": f"machine share of human documents > {NOTICED}",
        "LT201": f"retained < {1 - SAME:.2f} *",
        "LT202": f"human share < {1 - SAME:.2f} *",
        "LT204": f"discount < {lt2_mix.PAR}",
        "LT205": f"influence >= {lt2_mix.MOST_INFLUENCE}",
        "LT302": f"upper bound < {lt3_features.LEAST_SPREAD}",
        "LT303": f"upper bound < {lt3_surface.RATIO_MARGIN:.2f} and p <= {lt3_surface.LEVEL} / number",
        "LT304": f"lower bound > 1 / {lt3_surface.RATIO_MARGIN:.2f}",
        "LT305": f"a loss of at least {lt3_gap.GAP_MARGIN}",
        "LT306": f"one s >= {lt3_formats.TAKEN:.2f}",
        "LT502": f"upper bound of R < {conventions.HALF} or its lower bound > {1 / conventions.HALF:.0f}, warn where the upper bound < "
        f"{conventions.KEPT:.2f}",
        "LT503": f"begin < {conventions.HALF}, or a share rose by a lower bound > the greater of {100 * conventions.LEAST:.0f} %",
        "LT504": f"lower bound of S >= {conventions.LUCKY}, fail where moreover groups whose rewards differ < {conventions.INFORMATIVE}",
        "LT402": f"share >= {lt4_repetition.WARN_SHARE:.2f}, fail where share >= {lt4_repetition.FAIL_SHARE:.2f}",
        "LT403": f"lower bound > {1 - lt3_surface.RATIO_MARGIN:.2f}",
        **{code: f"bound >= {lt6_retrieval.WARN_SHARE:.2f}, fail where >= {lt6_retrieval.FAIL_SHARE:.2f}" for code in ("LT601", "LT602")},
        "LT604": f"warn where >= {lt6_retrieval.WARN_ECHOES:.2f}",
        "LT701": f"upper bound < {lt7_voice.MARGIN:.2f}",
        "LT901": f"{FEWEST_UNITS} groups * {DOCUMENTS_PER_UNIT} documents = {FEWEST_DOCUMENTS}",
        "LT902": f"ratio > {lt9_validity.LENGTH_RATIO}",
        "LT903": f">= {lt9_validity.WARN_SHARED}, fail where either >= {lt9_validity.FAIL_SHARED}",
        "LT904": f"head < {lt9_validity.LEAST_HEAD}",
        "LT905": f"found >= {lt9_validity.SATURATED}",
    }
    assert {code: text for code, text in stated.items() if text not in rule_page(code).parts["Formula"]} == {}


def test_a_metric_names_the_rules_that_read_it_and_they_it():
    assert readers("self_bleu") == ("LT304",)
    assert find("self_bleu").related == ("LT304",)
    assert "self_bleu" in find("LT304").related
    assert all(page.related for page in PAGES if page.kind == "metric")


def test_a_metric_of_both_kinds_tells_both():
    assert "Against a baseline: ratio = " in find("self_bleu").parts["Formula"]
    assert find("SELF_BLEU") == find("self_bleu")
    assert find("nothing") is None


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("loss goes down but outputs worse", "LT301"),
        ("fine-tuned model repeats itself", "LT303"),
        ("minority class disappeared", "LT308"),
        ("how much synthetic data is too much", "LT203"),
        ("leaked test set", "LT903"),
        ("blog posts sound alike", "LT701"),
        ("entropy collapse during reinforcement", "LT502"),
        ("completions get shorter", "LT503"),
        ("hard problems made the model worse", "LT504"),
        ("RAG indexing its own answers", "LT601"),
        ("recalled memories extracted as new memories", "LT604"),
    ],
)
def test_what_people_say_leads_to_the_rule(asked, first):
    assert matching(asked, PAGES)[0].name == first


def test_nothing_is_found_for_words_that_no_page_holds():
    assert matching("zebra quantum", PAGES) == []
    assert matching("", PAGES) == []


def test_metrics_and_codes_are_listed_in_order():
    assert codes() == sorted(codes()) and metrics() == sorted(metrics())
