import time
from fractions import Fraction

import pytest

from longtail.errors import ConfigError
from longtail.gates.batch import Batch
from longtail.gates.verifiers import ExactMatch
from longtail.gates.verifiers.exact import number_of
from longtail.gates.verifiers.extracting import boxed, fenced, final


def decision(answer, expected, **settings):
    return ExactMatch(**settings)(Batch.of([{"text": answer, "expected": expected}])).at(0).decision


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("Paris", "paris"),
        ("  New\n York ", "New York"),
        ("1,000", "1000.0"),
        ("$1,000.50", 1000.5),
        ("1/2", "0.5"),
        ("2.5e-3", "0.0025"),
        ("007", 7),
        ("thus\n#### 72", "72"),
        (r"so \boxed{\frac{1}{2}} holds", r"\frac{1}{2}"),
        ("first #### 3\nthen \\boxed{4}", "4"),
        ("b", ["a", "B"]),
        ("True", True),
        ("E\u0301t\u00e9", "\u00c9te\u0301"),
    ],
)
def test_an_answer_that_is_the_expected_one_is_kept(answer, expected):
    assert decision(answer, expected) == "keep"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [("0.33", "1/3"), ("1", True), ("Lyon", "Paris"), ("12", "1,2"), ("1.0000000001", "1"), ("nan", "1"), ("1e999", "1")],
)
def test_another_answer_is_rejected_with_a_score_of_0(answer, expected):
    found = ExactMatch()(Batch.of([{"text": answer, "expected": expected}])).at(0)
    assert found == ("reject", "the answer is not the expected one", 0.0, None)


def test_each_normalisation_can_be_left_out():
    assert decision("paris", "Paris", ignore_case=False) == "reject"
    assert decision("a  b", "a b", ignore_space=False) == "reject"
    assert decision("1.0", "1", numbers=False) == "reject"
    assert decision("It's: Paris!", "its paris") == "reject"
    assert decision("It's: Paris!", "its paris", ignore_punctuation=True) == "keep"


def test_how_the_answer_is_found_is_a_setting():
    assert decision("I say 72", "72", extract="final") == "reject"
    assert decision("#### 72", "72", extract="none") == "reject"
    assert decision("Answer: 3. Answer: 72.", "72", pattern=r"Answer: (\d+)") == "keep"
    assert decision("no digits", "72", pattern=r"\d+") == "reject"


def test_a_document_without_an_expected_answer_is_for_review_and_one_without_an_answer_is_rejected():
    found = ExactMatch(answer="said")(Batch.of([{"text": "a", "said": "x"}, {"text": "b", "expected": "x"}]))
    assert found.at(0) == ("review", "not judged: nothing in column 'expected'", None, None)
    assert found.at(1).reason == "no answer"


@pytest.mark.parametrize(("settings", "told"), [({"extract": "last"}, "extract is 'last'"), ({"pattern": "("}, "no regular expression")])
def test_settings_out_of_range_are_refused(settings, told):
    with pytest.raises(ConfigError, match=told):
        ExactMatch(**settings)


def test_a_pattern_that_runs_away_finds_no_answer_and_the_run_goes_on():
    gate = ExactMatch(pattern=r"(a+)+$")
    found = gate(Batch.of([{"text": "a" * 40 + "b", "expected": "a"}, {"text": "a", "expected": "a"}]))
    assert [found.at(at).decision for at in (0, 1)] == ["reject", "keep"]


def test_numbers_are_exact_and_none_costs_time():
    assert number_of("0.1") == Fraction(1, 10) and number_of("-3/6") == Fraction(-1, 2)
    assert number_of("1/0") is None and number_of("1e400000000") is None and number_of("9" * 10_000) is None


@pytest.mark.parametrize(
    "text", ["\\boxed{" * 40_000, "{" * 200_000, "~~~x\n" * 40_000, "```\n" * 40_000, "\n" * 300_000, "####" + " " * 300_000]
)
def test_hostile_texts_are_searched_in_linear_time(text):
    start = time.process_time()
    final(text), fenced(text, "json")
    assert time.process_time() - start < 2


def test_fences_and_boxes():
    assert fenced("```json\n{}\n```\n~~~\nlast\n~~~\n```sql\nno\n```", "json") == "last\n"
    assert fenced("````json\n```\ninside\n```\n````", "json") == "```\ninside\n```\n"
    assert fenced("```json\nopen", "json") is None
    assert boxed(r"\boxed{a\}b{c}} and \fbox{ d }") == "d" and boxed(r"\boxed{a\}b{c}}") == r"a\}b{c}" and boxed(r"\boxed{open") is None
