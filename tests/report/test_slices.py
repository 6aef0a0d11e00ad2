import re

import msgspec
import pytest

from longtail.records import Estimate
from longtail.report import slices, to_html
from longtail.report.page import context


def with_slices(report, listed):
    return msgspec.structs.replace(report, panels=report.panels | {"slices": listed})


def row(name, decision=None, ratio=None, **more):
    return {"slice": name, "decision": decision, "ratio": ratio, "auditable": decision is not None} | more


@pytest.fixture
def column(lineage):
    return lambda *rows, **more: slices.columns(with_slices(lineage, [{"column": "label", "rows": list(rows)} | more]))[0]


def test_the_worst_comes_first_and_what_cannot_be_judged_last(column):
    found = column(
        row("none"), row("fine", "ok", 0.97), row("worse", "shrunk", 0.3), row("unsure", "inconclusive", 0.5), row("bad", "shrunk", 0.6),
        row("less", "watch", 0.9), row("better", "ok", 1.1),
    )  # fmt: skip
    assert [each.name for each in found.rows] == ["worse", "bad", "less", "unsure", "fine", "better", "none"]


def test_a_group_that_is_too_rare_is_blank_and_says_why(column):
    blank = column(row("psalm", expected=2.8, seen=0, why_not="2.8 documents expected, at least 7 are needed")).rows[0]
    assert (blank.expected, blank.seen, blank.left, blank.interval, blank.p, blank.decision) == ("2.8", "0", "–", "–", "–", "")
    assert blank.judged == "no: 2.8 documents expected, at least 7 are needed"
    assert blank.status is None


def test_the_page_shows_each_group_with_its_numbers(lineage):
    shown = to_html(lineage).split('<section id="slices"')[1].split("</section>")[0]
    cells = [re.sub(r"\s+", " ", re.sub("<[^>]*>", " ", line)).strip() for line in re.findall("<tr><th.*</tr>", shown)]
    assert "recipe 12.0% 480 149 31.0% 23.0% to 42.0% 0.001 shrunk yes" in cells
    assert "psalm 0.07% 2.8 0 – – not judged no: 2.8 documents expected, at least 7 are needed" in cells
    assert "only some of them are shrinking" in shown
    assert "Chosen with --by" in shown
    assert "Found automatically in the reference" in shown


def test_columns_without_rows_and_other_shapes_are_left_out(lineage):
    assert slices.columns(with_slices(lineage, [{"column": "a", "rows": []}, None, {"column": "b"}])) == []
    assert slices.columns(with_slices(lineage, "text")) == []
    assert 'id="slices"' not in to_html(with_slices(lineage, []))


def test_many_groups_are_cut_and_counted(column, lineage):
    rows = [row(f"class {at}", "ok", 1.0) for at in range(250)]
    assert (len(column(*rows).rows), column(*rows).hidden) == (200, 50)
    assert "50 more in the JSON report" in to_html(with_slices(lineage, [{"column": "label", "rows": rows}]))


@pytest.mark.parametrize(("decision", "light"), [("shrunk", "fail"), ("ok", "pass")])
def test_a_group_that_shrank_turns_the_light_of_variety_red_whatever_the_phase(lineage, decision, light):
    phase = msgspec.structs.replace(lineage.phase, name="healthy")
    share = Estimate(
        metric="class_share", view="labels:lang", value=0.3, low=0.2, high=0.5, n=900, unit="ratio", resampling_unit="document",
        method="by hand", kind="ratio", decision=decision, slice="gd",
    )  # fmt: skip
    report = msgspec.structs.replace(lineage, phase=phase, estimates=(share,))
    assert context.lights(report)[0].status == light
