"""The page and the screen of two audits side by side."""

import json
import re

import msgspec
import pytest
from rich.console import Console

from longtail.auditing.comparing import compare
from longtail.report import comparison, to_json
from longtail.report.page.compare import to_html
from longtail.report.screen.compare import compare_blocks

from .test_html import HOSTILE, Page


def lowered(report, by=0.2):
    """The same audit with every ratio lower."""
    estimates = tuple(
        msgspec.structs.replace(each, value=each.value - by, low=each.low - by, high=each.high - by) if each.kind == "ratio" else each
        for each in report.estimates
    )
    return msgspec.structs.replace(report, estimates=estimates)


def screen(found):
    console = Console(width=100, no_color=True, color_system=None)
    with console.capture() as capture:
        for block in compare_blocks(found):
            console.print(block, markup=False, highlight=False, emoji=False)
    return capture.get()


def other_reference(report):
    inputs = tuple(msgspec.structs.replace(each, sha256="f" * 64) if each.role == "reference" else each for each in report.inputs)
    return msgspec.structs.replace(report, inputs=inputs)


def test_the_first_line_says_who_kept_less_with_the_numbers_of_both(full):
    found = compare(full, lowered(full), ("old.json", "new.json"))
    page = to_html(found)
    assert "B kept less of the rare part than A" in Page(page).headings
    assert "how many rare items are left (single words), against generation 1: 63.9% in A, 43.9% in B" in page
    assert "B kept more of the rare part than A" in to_html(compare(lowered(full), full))
    assert "B kept less of the rare part than A" in screen(found)


def test_where_nothing_differs_that_is_no_proof_of_likeness(full):
    page = to_html(compare(full, full))
    assert "No difference in the rare part is shown" in page and "does not show that the two are alike" in page


def test_what_hinders_a_comparison_stands_on_the_first_screen_and_no_difference_is_marked(full):
    found = compare(full, lowered(other_reference(full)))
    page = to_html(found)
    first = page.split('id="measures"')[0]
    assert "cannot be held against each other" in first and "reference is not the same" in first
    assert "B lower" not in page and "B lower" not in screen(found) and "reference is not the same" in screen(found)


@pytest.mark.parametrize("name", ["full", "lineage", "alone", "empty"])
def test_it_is_one_page_that_fetches_nothing_and_whose_tags_close(request, name):
    report = request.getfixturevalue(name)
    page = Page(to_html(compare(report, report)))
    assert page.tags.count("h1") == 1 and len(page.ids) == len(set(page.ids)) and page.tags.count("script") == 1
    assert {value[0] for _, attribute, value in page.attributes if attribute in ("href", "xlink:href")} == {"#"}
    assert not [each for each in page.attributes if each[1] in ("src", "style", "action") or each[1].startswith("on")]


def test_the_picture_has_both_intervals_of_each_ratio_and_a_table_with_them(full):
    found = compare(full, lowered(full))
    page = to_html(found)
    chart = re.search(r'<svg viewBox[^>]*id="compared".*?</svg>', page, re.DOTALL)[0]
    assert chart.count('class="range s0"') == chart.count('class="range s2"') == len(comparison.drawn(found)) > 0
    assert "how many rare items are left: A 63.9%, between 61.2% and 66.7%, B 43.9%, between 41.2% and 46.7% (B lower)" in chart
    assert "63.9% [61.2%, 66.7%]" in page.split("The numbers behind this picture")[1]


def test_the_json_is_embedded_and_the_same_each_time(full):
    found = compare(full, lowered(full))
    inside = json.loads(Page(to_html(found)).scripts["longtail-comparison"])
    assert inside["rows"][0]["a"]["value"] == full.estimates[0].value and to_html(found) == to_html(found)


def test_hostile_text_is_shown_as_text(full):
    rows = [{"type": HOSTILE, "reference_documents": 9, "baseline_documents": 8, "example_id": "1"}]
    findings = tuple(msgspec.structs.replace(each, title=HOSTILE) for each in full.findings)
    inputs = tuple(msgspec.structs.replace(each, path=HOSTILE) for each in full.inputs)
    panels = full.panels | {"vanished": {"view": "words_1", "total": 1, "rows": rows}}
    evil = msgspec.structs.replace(full, findings=findings, inputs=inputs, summary=HOSTILE, panels=panels)
    other = msgspec.structs.replace(evil, panels={"vanished": {"view": "words_1", "total": 0, "rows": []}})
    found = compare(evil, other, (HOSTILE, "b"))
    page = Page(to_html(found))
    assert page.tags.count("script") == 1 and "img" not in page.tags
    assert "onerror" not in {name for _, name, _ in page.attributes}
    assert "\x1b" not in screen(found) and "\u202e" not in screen(found)


def test_the_command_writes_both_forms_and_refuses_what_it_cannot_compare(cli, full, tmp_path):
    a, b = tmp_path / "a.json", tmp_path / "b.json"
    a.write_text(to_json(full))
    b.write_text(to_json(lowered(full)))
    ran = cli("compare", a, b, "--out", tmp_path / "c.html", "--out", tmp_path / "c.json")
    assert (ran.code, ran.err) == (0, "") and "B kept less of the rare part than A" in ran.out
    assert "<h1" in (tmp_path / "c.html").read_text()
    assert json.loads((tmp_path / "c.json").read_text()) == cli("compare", a, b, "--json").report
    for arguments, said in (((a,), "name two"), ((a, b, "--out", "c.xml"), "suffix"), ((a, tmp_path / "none.json"), "cannot be read")):
        ran = cli("compare", *arguments)
        assert ran.code == 2 and said in ran.err and len(ran.err.splitlines()) == 1
