"""JUnit XML, judged by the schema of the Jenkins plugin and by a parser of results."""

from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest

from longtail.report.formats.junit import to_junit
from tests.report.formats.hostile import SHOWN, planted

SCHEMA = Path(__file__).parent / "data" / "junit-10.xsd"


@pytest.fixture(scope="module")
def faults():
    etree = pytest.importorskip("lxml.etree", reason="lxml holds XML to an XML Schema")
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))

    def found(text):
        schema.validate(etree.fromstring(text.encode()))
        return [str(error) for error in schema.error_log]

    return found


def cases(report):
    return {case.get("name"): case for case in ElementTree.fromstring(to_junit(report)).iter("testcase")}


def test_every_report_is_valid(report, faults):
    assert faults(to_junit(report)) == []
    assert faults(to_junit(planted(report))) == []


def test_a_planted_fault_is_found(full, faults):
    assert faults(to_junit(full).replace("<testcase name=", "<testcase title=")) != []


def test_another_parser_counts_the_same(full):
    junitparser = pytest.importorskip("junitparser", reason="junitparser reads results independently of us")
    (suite,) = junitparser.JUnitXml.fromstring(to_junit(full).encode())
    listed = list(suite)
    assert (suite.tests, suite.failures, suite.skipped, suite.errors) == (9, 1, 3, 0)
    assert sum(case.is_passed for case in listed) == 5
    assert sum(case.is_skipped for case in listed) == 3
    assert [case.name for case in listed if case.is_failure] == ["LT301 rare words are disappearing"]


def test_each_outcome_has_its_element(full):
    found = cases(full)
    assert found["LT301 rare words are disappearing"].find("failure").get("message") == full.findings[1].because
    assert found["LT402 near-duplicates"].find("system-out").text.startswith("warn: Some documents")
    skipped = found["LT101 no provenance"].find("skipped")
    assert skipped.get("message") == "not measured: no ledger was given, so where rows came from is not known"
    assert skipped.text == "enable: longtail audit gen5.jsonl --ledger DIR"
    assert list(found["LT303 distinct n-grams and openings"]) == []


def test_a_finding_that_is_held_back_is_skipped_with_the_reason(full):
    row = {"finding": msgspec.to_builtins(full.findings[0]), "overrides": [{"reason": "known", "owner": "ann", "expires": "2027-01-01"}]}
    found = cases(msgspec.structs.replace(full, findings=(), panels={"suppressed": [row]}))
    assert found["LT402 near-duplicates"].find("skipped").get("message") == "accepted for now: until 2027-01-01, owner ann: known"


def test_two_findings_of_one_name_are_two_tests(full):
    twice = msgspec.structs.replace(full, findings=(full.findings[0],) * 2)
    assert {"LT402 near-duplicates", "LT402 near-duplicates (2)"} <= set(cases(twice))


def test_hostile_text_is_read_back_as_text(full):
    root = ElementTree.fromstring(to_junit(planted(full)))
    assert root.find(".//property[@name='summary']").get("value") == SHOWN[:2000]
    assert {element.tag for element in root.iter()} <= {
        "testsuites", "testsuite", "properties", "property", "testcase", "failure", "skipped", "system-out",
    }  # fmt: skip
