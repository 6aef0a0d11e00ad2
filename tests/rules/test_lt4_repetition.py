"""LT402 on shares made by hand."""

import pytest

from longtail.records import NotMeasured
from longtail.rules import RULES
from longtail.rules.lt4_repetition import FAIL_SHARE, WARN_SHARE, duplicates

from .likelihood_cases import LIKELIHOOD_CASES, copies, measured, repeated
from .test_wording import ABSOLUTES, said

CASES = [(status, given) for code, status, given in LIKELIHOOD_CASES if code == "LT402"]


@pytest.mark.parametrize(("status", "given"), CASES)
def test_it_fires_where_it_should_and_only_there(status, given):
    verdict = duplicates(given)
    assert verdict.status == status, verdict.because
    assert ABSOLUTES.search(said(verdict)) is None
    assert bool(verdict.enable) == (status == "not_measured")
    assert bool(verdict.remedy) == (verdict.where == "candidate") == (status in ("warn", "fail"))


def test_it_is_registered_under_its_code():
    assert RULES["LT402"].member is duplicates


def test_exact_and_near_copies_are_both_told_and_the_remedy_fits_the_kind():
    verdict = duplicates(repeated(0.0, 0.25))
    assert verdict.because == "0.0% of documents are exact copies of another, 25.0% exact or near ones"
    assert verdict.evidence == ("0 of 1,000 documents, exact", "250 of 1,000 documents, exact or near")
    assert "near_duplicates" in verdict.remedy
    assert "sort by text" in duplicates(repeated(0.2, 0.25)).remedy


def test_near_copies_that_were_not_looked_for_leave_exact_ones_to_decide():
    absent = NotMeasured(reason="not asked for", metric="near_duplicate_share")
    verdict = duplicates(measured(absent, duplicates=copies(0.2)))
    assert (verdict.status, verdict.because) == ("fail", "20.0% of documents are exact copies of another")
    assert verdict.evidence == ("200 of 1,000 documents, exact",)


@pytest.mark.parametrize("both", [None, 0.0])
def test_each_bound_belongs_to_what_it_begins(both):
    shares = (WARN_SHARE - 1e-9, WARN_SHARE, FAIL_SHARE - 1e-9, FAIL_SHARE)
    assert [duplicates(repeated(exact, both)).status for exact in shares] == ["pass", "warn", "warn", "fail"]


def test_without_documents_nothing_is_measured_and_the_reason_stands():
    verdict = duplicates(measured(duplicates=NotMeasured(reason="no documents")))
    assert (verdict.because, verdict.enable) == ("no documents", "longtail audit DATA")


def test_a_clean_data_set_is_told_with_both_numbers():
    assert duplicates(repeated(0.001, 0.002)).because == "0.1% of documents are exact copies of another, 0.2% exact or near ones"
