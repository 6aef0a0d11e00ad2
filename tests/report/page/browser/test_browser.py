"""What a browser makes of the pages: nothing is loaded, nothing barred, all of it reachable, in both themes and at two sizes."""

import re
from pathlib import Path

import pytest

from longtail.report import stages, to_html
from longtail.report.words import one_line
from tests.report.conftest import load
from tests.report.page.samples import HOSTILE, giant, hostile

GRAVE = ("serious", "critical")


@pytest.fixture(scope="session")
def axe():
    module = pytest.importorskip("axe_core_python", reason="holds axe; comes with the pages-test extra")
    return (Path(module.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_axe_finds_nothing_grave(opened, written, axe, size, theme):
    shown = opened(written, size, theme)
    shown.run(axe)
    shown.run("document.querySelectorAll('details').forEach(each => each.open = true)")
    found = shown.run("axe.run(document, {resultTypes: ['violations']})")["violations"]
    assert [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in found if each["impact"] in GRAVE] == []


def test_axe_finds_what_is_planted(opened, full, axe):
    shown = opened(to_html(full).replace("</main>", '<p style="color: #ddd; background: #fff">Pale</p><button></button></main>'))
    shown.run(axe)
    assert {"color-contrast", "button-name"} <= {each["id"] for each in shown.run("axe.run()")["violations"]}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nothing_is_asked_of_the_network_and_the_console_is_silent(opened, written, theme):
    shown = opened(written, theme=theme)
    assert len(shown.requests) == 1 and shown.requests[0].startswith("file://")
    assert shown.console == [] and shown.run("window.refused") == []


def test_the_policy_of_the_page_refuses_what_would_be_loaded(opened, full):
    planted = to_html(full).replace("</main>", '<img src="http://127.0.0.1:9/x.png"><script>window.ran = 1</script></main>')
    shown = opened(planted)
    assert shown.run("window.refused.length") == 2 and shown.run("window.ran === undefined")


def test_the_page_does_not_scroll_sideways_on_a_phone_and_wide_tables_scroll_in_a_box_of_their_own(opened, written):
    shown = opened(written, "phone")
    shown.run("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert shown.run("document.documentElement.scrollWidth") == 390
    loose = "[...document.querySelectorAll('table')].filter(each => !each.closest('[role=region][tabindex=\"0\"][aria-label]')).length"
    assert shown.run(loose) == 0


def test_the_first_screen_holds_verdict_states_and_what_to_do(opened, full):
    shown = opened(to_html(full))
    edges = shown.run("['#headline', '.lede', '.tiles', '#first'].map(each => document.querySelector(each).getBoundingClientRect().bottom)")
    assert max(edges) <= 800


def test_keys_reach_the_skip_link_first_and_then_everything_that_does_something(opened, lineage):
    shown = opened(to_html(lineage))
    reached = []
    total = shown.run("[...document.querySelectorAll('a[href], summary, [tabindex=\"0\"]')].filter(each => each.checkVisibility()).length")
    for _ in range(total):
        shown.page.keyboard.press("Tab")
        reached.append(shown.run("[document.activeElement.outerHTML.slice(0, 300), getComputedStyle(document.activeElement).outlineStyle]"))
    assert 'class="skip"' in reached[0][0] and all(style == "solid" for _, style in reached)
    assert "<body" not in "".join(each for each, _ in reached)


def test_the_skip_link_shows_and_leads_to_the_verdict(opened, full):
    shown = opened(to_html(full))
    shown.page.keyboard.press("Tab")
    assert shown.run("document.activeElement.getBoundingClientRect().left") > 0
    shown.page.keyboard.press("Enter")
    assert shown.run("location.hash") == "#verdict"


@pytest.mark.parametrize("name", ["full", "lineage", "alone"])
def test_a_link_with_a_code_leads_to_what_came_of_the_check(opened, name):
    report = load(name)
    shown = opened(to_html(report))
    codes = sorted(stages.states(report))
    assert codes
    for code in codes:
        shown.run("code => { location.hash = code }", code)
        assert code in shown.run("document.querySelector(':target').innerText")


def test_headings_go_down_a_step_at_a_time_and_landmarks_are_there(opened, written):
    levels = [int(each) for each in re.findall(r"<h([1-6])", written)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    assert opened(written).run("document.querySelectorAll('main').length + document.querySelectorAll('html[lang]').length") == 2


def test_every_chart_has_a_name_and_a_description_that_are_read(opened, lineage):
    charts = opened(to_html(lineage)).run(
        "[...document.querySelectorAll('svg[role=img]')].map(each => each.getAttribute('aria-labelledby').split(' ')"
        ".map(id => document.getElementById(id).textContent.length))"
    )
    assert len(charts) >= 4 and all(len(each) == 2 and min(each) > 10 for each in charts)


def test_on_paper_the_details_are_open_and_no_table_is_cut(opened, written):
    shown = opened(written, theme="dark")
    shown.page.emulate_media(media="print")
    shown.page.set_viewport_size({"width": 703, "height": 1000})  # A4 less its margins
    hidden = (
        "[...document.querySelectorAll('details > :not(summary)')].filter(each => !each.checkVisibility() || !each.offsetHeight).length"
    )
    wide = "each => each.getBoundingClientRect().right > innerWidth + 1"
    cut = f"[...document.querySelectorAll('table')].filter({wide}).map(each => each.innerText)"
    assert (shown.run(hidden), shown.run(cut)) == (0, [])
    assert shown.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


@pytest.mark.parametrize("name", ["full", "lineage", "alone"])
def test_hostile_text_shows_as_text_in_every_field(opened, name):
    report = hostile(load(name))
    shown = opened(to_html(report))
    assert shown.run("document.querySelectorAll('img, iframe, object, script:not([type=\"application/json\"])').length") == 0
    assert shown.run("window.struck === undefined") and shown.console == [] and len(shown.requests) == 1
    text = shown.run("document.body.innerText")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert text.count("<script>window.struck") >= 20
    titles = shown.run("[...document.querySelectorAll('.finding h3 bdi')].map(each => each.innerText)")
    assert set(titles) == {one_line(HOSTILE, 200)}


def test_a_giant_report_opens(opened, record_property):
    written = to_html(giant())
    times = opened(written).run(
        "(({domContentLoadedEventEnd: ready, loadEventEnd: load}) => ({ready, load}))(performance.getEntriesByType('navigation')[0])"
    )
    record_property("bytes", len(written.encode()))
    record_property("milliseconds", times)
    assert times["load"] < 30_000
