import pytest

from longtail.origin.vocabulary.result import ExcessVocabulary
from longtail.rules import RULES
from longtail.rules.measures import HUMAN_PART, LATE_PART, NOTICED, UNKNOWN_PART, Measures, worded

from .loop_cases import ABOVE, TAGGED, WEB, dated, evidence, row, shared, told

PARTS = (UNKNOWN_PART, HUMAN_PART, LATE_PART)


def test_nothing_measured_is_neither_noticed_nor_sure_nor_told():
    empty = Measures()
    assert not any(empty.noticed(part) or empty.is_sure(part) or empty.lines(part) for part in PARTS)


@pytest.mark.parametrize(("low", "noticed"), [(None, False), (0.0, False), (NOTICED, False), (ABOVE, True)])
def test_a_part_is_noticed_where_the_lower_end_passes_what_an_error_could_be(low, noticed):
    measures = Measures(parts={HUMAN_PART: shared(low)})
    assert measures.noticed(HUMAN_PART) is noticed
    assert not measures.noticed(UNKNOWN_PART)


@pytest.mark.parametrize(("status", "sure"), [("ok", True), ("weak", False), ("refused", False)])
def test_only_an_ok_estimate_is_sure(status, sure):
    assert Measures(parts={HUMAN_PART: shared(ABOVE, status)}).is_sure(HUMAN_PART) is sure


def test_a_bound_from_dates_speaks_of_what_is_unknown_and_not_of_what_is_called_human():
    found = dated(ABOVE, "delve", "showcasing")["measures"]
    assert (found.noticed(UNKNOWN_PART), found.noticed(HUMAN_PART)) == (True, False)
    assert not dated(ABOVE, status="weak")["measures"].noticed(UNKNOWN_PART)
    assert found.lines(HUMAN_PART) == ()
    (line,) = found.lines(UNKNOWN_PART)
    assert line.startswith("at least 0.021 of the documents of 2024") and "delve, showcasing" in line and "(bound, ok)" in line


def test_an_estimate_is_told_in_place_of_a_bound():
    both = Measures(parts={UNKNOWN_PART: shared(0.0)}, vocabulary=dated(0.5)["measures"].vocabulary)
    assert not both.noticed(UNKNOWN_PART)
    assert both.lines(UNKNOWN_PART)[0].startswith("estimate: ")


def test_a_bound_that_was_refused_says_why():
    assert dated(None)["measures"].lines(UNKNOWN_PART) == ("no bound from the dates in year: too few years",)
    silent = ExcessVocabulary(
        status="refused", reasons=(), documents=0, undated=9, passed=0, kind="published", unit="year", cutoff="2022-11-30"
    )
    assert Measures(vocabulary=silent, date_column="d").lines(UNKNOWN_PART)[0].endswith("in d: no period could be measured")
    assert not Measures(vocabulary=silent).noticed(UNKNOWN_PART)


def test_words_hold_the_share_the_interval_and_the_status_and_a_refusal_no_number_of_a_share():
    assert worded(shared(0.25, "weak")) == "estimate: 0.400 of 700 documents are machine-made (0.250 to 0.600; weak)"
    assert worded(shared(None)) == "estimate refused (700 documents)"


def test_a_rule_shows_the_estimate_its_reasons_and_then_the_sites():
    found = RULES["LT102"].member(evidence(WEB, **told(UNKNOWN_PART, ABOVE, "weak", reasons=("one kind only",))))
    estimate = "estimate: 0.400 of 700 documents are machine-made (0.021 to 0.600; weak)"
    assert found.because == f"700 of 700 documents of unknown origin are from the web: https://b.org: 700 documents; {estimate}"
    assert found.evidence == (estimate, "one kind only", "https://b.org: 700 documents")


def test_machine_text_among_untagged_documents_that_state_no_source_is_told_without_a_site():
    found = RULES["LT102"].member(evidence((700, row()), **told(UNKNOWN_PART, ABOVE)))
    assert found.because.startswith("700 documents are of unknown origin; estimate: 0.400")


def test_a_contradiction_measured_stands_beside_those_that_are_counted():
    counted = RULES["LT105"].member(evidence((1, row("human", depth=1)), *TAGGED, **told(HUMAN_PART, ABOVE, "weak", reasons=("why",))))
    assert counted.evidence[0] == "1 human documents have a depth above 0"
    assert counted.evidence[1].startswith("of the documents called human, estimate: 0.400 of 700 documents")
    assert counted.evidence[2] == "why" and not counted.because.endswith("why")


def test_late_documents_are_told_with_what_was_measured_of_them():
    late = RULES["LT103"].member(evidence((3, row("human", time="2025-01-01")), **told(LATE_PART, ABOVE)))
    assert late.because.startswith("3 of 3 human documents are dated 2022-11-30 or later") and "estimate: 0.400" in late.because
    assert late.evidence[0].startswith("estimate: 0.400") and late.evidence[-1] == "2025: 3 documents"
