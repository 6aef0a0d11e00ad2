"""What became of each rule, by stage, moment and step, and what somebody has accepted."""

import msgspec
import pytest

from longtail.records import Report
from longtail.report import stages, to_html
from longtail.rules.stages import PLACES

from .page.test_html import Page
from .test_chain import finding, report_of, suppressed


@pytest.mark.parametrize(("by", "count"), [("stage", 6), ("moment", 4), ("step", 7)])
def test_every_code_of_a_report_stands_in_one_group_once(empty, by, count):
    codes = sorted(PLACES)
    report = report_of(empty, codes[:9], passed=codes[9:20], silent=codes[20:])
    groups = stages.grouped(report, by)
    assert len(groups) == count and [group["number"] for group in groups] == list(range(1, count + 1))
    assert sorted(code for group in groups for named in group["codes"].values() for code in named) == codes


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ({"found": ["LT802"], "passed": ["LT804", "LT890"]}, "fail"),
        ({"found": [finding("LT802", "warn")], "passed": ["LT804"]}, "warn"),
        ({"passed": ["LT802", "LT804", "LT890"]}, "pass"),
        ({"passed": ["LT802"], "silent": ["LT804"]}, "partly"),
        ({"passed": ["LT804"], "suppressed": suppressed("LT802")}, "partly"),
        ({"silent": ["LT802", "LT804"]}, "not_measured"),
        ({}, "not_measured"),
    ],
)
def test_a_step_is_done_only_where_all_of_it_passed(empty, given, state):
    assert stages.grouped(report_of(empty, **given), "step")[6]["state"] == state


@pytest.mark.parametrize("odd", [3, [3], [{}], [{"finding": 3}], [{"finding": {}}], {"accepted": 3}, {"accepted": [{"finding": {}}]}])
def test_a_panel_of_another_shape_breaks_nothing(empty, text, odd):
    report = report_of(empty, ("LT101",), suppressed=odd, ratchet=odd)
    Page(to_html(report))
    assert text(report) and isinstance(report, Report)


def test_accepted_findings_stand_on_the_screen_with_their_reason_and_are_counted(empty, text):
    panel = {"accepted": [{"finding": msgspec.to_builtins(finding("LT301")), "because": ["no worse"]}], "refused": []}
    shown = text(report_of(empty, (), passed=("LT402",), suppressed=suppressed("LT101"), ratchet=panel), 200)
    assert "suppressed: until 2026-12-31, owner ann: by law" in shown and "accepted: no worse" in shown
    assert "accepted for now 2" in shown and "accepted for now" not in text(report_of(empty, ("LT101",)))
