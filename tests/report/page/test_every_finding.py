"""Whatever the findings are, each of them is on the page and in the data that it embeds."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from longtail.records import Finding, Unmeasured
from longtail.report import to_html
from longtail.report.words import one_line
from longtail.rules import RULES
from tests.report.conftest import load

from .test_html import Page

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
CODES = sorted({entry.name for entry in RULES})
FINDING = st.builds(
    Finding, code=st.sampled_from(CODES), status=st.sampled_from(["warn", "fail"]), title=TEXT, because=TEXT, where=TEXT,
    evidence=st.lists(TEXT, max_size=3).map(tuple), remedy=TEXT, generation=st.none() | st.integers(1, 9),
)  # fmt: skip
ABSENT = st.builds(Unmeasured, code=st.sampled_from(CODES), reason=TEXT, enable=TEXT)
BASE = load("empty")


def shown(page):
    return one_line(" ".join(page.text))


def holds(page, text):
    return " ".join(one_line(text).split()) in shown(page)


def test_every_finding_of_the_samples_is_on_the_page(report):
    page = Page(to_html(report))
    for found in report.findings:
        assert found.code in page.ids and holds(page, found.title) and holds(page, found.because)
        assert all(holds(page, line) for line in found.evidence)


@settings(max_examples=40)
@given(st.lists(FINDING, max_size=6), st.lists(ABSENT, max_size=6), st.lists(st.sampled_from(CODES), max_size=6, unique=True))
def test_every_finding_is_on_the_page_with_an_anchor_and_in_its_data(findings, absent, passed):
    report = replace(BASE, findings=tuple(findings), not_measured=tuple(absent), passed=tuple(passed))
    page = Page(to_html(report))
    assert len(page.ids) == len(set(page.ids))
    assert {each.code for each in (*findings, *absent)} | set(passed) <= set(page.ids)
    assert sum(found[:2] == ("article", "aria-labelledby") for found in page.attributes) == len(findings)
    for found in findings:
        assert all(holds(page, text) for text in (found.title, found.because, *found.evidence))
    data = json.loads(page.scripts["longtail-report"])
    assert [each["title"] for each in data["findings"]] == [found.title for found in findings]
    assert [each["reason"] for each in data["not_measured"]] == [each.reason for each in absent] and data["passed"] == list(passed)
