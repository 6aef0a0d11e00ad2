import json

import pytest
from msgspec.structs import replace

from longtail.records import Finding
from longtail.report import to_html, to_json
from longtail.report.page import embedded

from .samples import giant
from .test_html import Page


@pytest.fixture(scope="module")
def whole():
    return giant()


@pytest.fixture(scope="module")
def written(whole):
    return to_html(whole)


def data(page):
    return json.loads(Page(page).scripts["longtail-report"])


def test_a_giant_report_makes_a_page_of_two_megabytes_that_says_what_it_leaves_out(whole, written):
    assert len(to_json(whole).encode()) > 5_000_000 and len(written.encode()) <= 2_000_000
    method = written.split('id="method"')[1]
    assert "leave out what the pictures were drawn from; estimates beyond the first 200" in method
    assert "--out report.json</code> has everything" in method


def test_what_is_cut_is_gone_and_all_else_is_as_it_was(whole, written):
    small, cuts = embedded.cut(whole)
    assert data(written) == json.loads(to_json(small)) and len(cuts) >= 2
    before, after = json.loads(to_json(whole)), data(written)
    kept = {name for name in before if before[name] == after[name]}
    assert {"summary", "phase", "guarantee", "not_measured", "passed", "command"} <= kept and after["panels"] == {}
    assert [each["code"] for each in after["findings"]] == [each["code"] for each in before["findings"]]


def test_tables_stop_at_two_hundred_rows_and_say_how_many_are_left(written):
    assert "4,800 more in the JSON report" in written and "800 more in the JSON report" in written
    assert "Showing 200 of 10,000." in written and written.count('class="gone"') == 200
    slices = written.split('<section id="slices"')[1].split("</section>")[0]
    assert slices.count("<tr>") == 201 and "100 more in the JSON report" in slices


def test_a_small_report_is_embedded_whole(report):
    assert embedded.cut(report) == (report, [])


def test_parts_are_cut_in_order_until_the_rest_is_small_enough(full):
    sizes = iter([embedded.MOST_BYTES + 1, embedded.MOST_BYTES + 1, embedded.MOST_BYTES])
    small, cuts = embedded.cut(full, lambda _: next(sizes))
    assert small == replace(full, panels={}) and cuts == ["what the pictures were drawn from"]  # it has few estimates: nothing to say


def test_evidence_is_cut_last_of_the_findings_and_none_is_dropped(full):
    long = Finding(code="LT301", status="fail", title="t", because="b", where="", evidence=("x" * 5000,) * 400, remedy="")
    small, cuts = embedded.cut(replace(full, findings=(long,)))
    assert len(small.findings) == 1 and {len(line) for line in small.findings[0].evidence} == {300} and cuts[-1].startswith("evidence")
