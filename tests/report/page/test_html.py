import json
import re
from html.parser import HTMLParser

import msgspec
import pytest

from longtail.records import Estimate, Phase
from longtail.report import to_html, to_json

VOID = {"meta", "br", "link", "img", "input", "hr"}
HOSTILE = "<script>alert(1)</script>\"'><img src=http://x onerror=1> \u202eevil\u202c שלום 😀 &amp; {{ 7*7 }} \x00\x1b[2J"


PICTURES = ("deciles", "maps", "losses", "copies", "fading", "usual", "common", "regime")
HOSTILE_MAP = {
    "column": HOSTILE, "explained": 0.5, "reference": "0,0 1,1", "candidate": "0.5,0.5", "baseline": HOSTILE, "regions": 3,
    "cells": [{"region": HOSTILE, "is_lost": True, "at": [0, 1], "terms": [HOSTILE], "examples": [HOSTILE], "documents": 9}],
}  # fmt: skip
HOSTILE_LOSS = {"model": HOSTILE, "text": "human", "documents": 3, "mean": 3.0, "low": 2.9, "high": 3.1, "shares": [0.5, 0.5]}


class Page(HTMLParser):
    """Checks that tags close in order; collects ids, attributes, headings and scripts."""

    def __init__(self, page):
        super().__init__()
        self.stack, self.ids, self.attributes, self.headings, self.tags, self.text = [], [], [], [], [], []
        self.scripts = {}
        self.feed(page)
        self.close()
        assert self.stack == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        self.ids += [value for name, value in attrs if name == "id"]
        if tag not in VOID:
            self.stack.append((tag, dict(attrs)))

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)

    def handle_endtag(self, tag):
        assert self.stack.pop()[0] == tag, (tag, self.getpos())

    def handle_data(self, data):
        tag, attrs = self.stack[-1] if self.stack else ("", {})
        if tag == "script":
            self.scripts[attrs["id"]] = self.scripts.get(attrs["id"], "") + data
        elif tag != "style":
            self.text.append(data)
        if tag in ("h1", "h2"):
            self.headings.append(data)


def embedded(page):
    return Page(page).scripts["longtail-report"]


def test_it_parses_and_ids_are_unique(report):
    page = Page(to_html(report))
    assert len(page.ids) == len(set(page.ids))
    assert page.tags.count("h1") == 1


def test_the_reading_order(full):
    assert Page(to_html(full)).headings == [
        "Rare things are disappearing", "Do these three things", "In full", "What was kept, from common to rare",
        "From the commonest to the rarest", "What vanished", "The data set by itself", "Findings and what to do",
        "Where to begin, and what is done", "Every number, with its range", "What was not measured", "Method and limits", "Every check",
    ]  # fmt: skip


def test_the_reading_order_of_a_lineage(lineage):
    assert Page(to_html(lineage)).headings[3:14] == [
        "Over the generations", "What was kept, from common to rare", "From the commonest to the rarest", "What else could explain it",
        "What vanished", "Which groups are affected", "The data set by itself", "Findings and what to do",
        "Where to begin, and what is done", "Every number, with its range", "Also looked at",
    ]  # fmt: skip


def test_the_list_of_contents_names_the_sections_that_are_there(report):
    written = to_html(report)
    listed = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a>', written.split('aria-label="On this page"')[1].split("</nav>")[0])
    sections = re.findall(r'<section id="([^"]+)"[^>]*>\s*<h2[^>]*>([^<]+)</h2>', written)
    assert listed == [each for each in sections if each[0] != "first"]


@pytest.mark.parametrize(("name", "picture"), [("full", 'id="kept"'), ("lineage", 'class="strip"')])
def test_no_statistics_words_before_the_first_picture(request, name, picture):
    before = to_html(request.getfixturevalue(name)).split("</style>")[1].split(picture)[0].lower()
    shown = re.sub("<[^>]*>", " ", before)
    assert not re.search(r"\b(interval|p-value|confidence|significan\w*|alpha|margin|permutation|estimate\w*|null|variance)\b", shown)


def test_nothing_is_fetched_and_nothing_runs(report):
    written = to_html(report)
    page = Page(written)
    assert not [found for found in page.attributes if found[1] in ("src", "srcset", "action", "data", "style") or found[1].startswith("on")]
    assert {value[0] for _, name, value in page.attributes if name in ("href", "xlink:href")} == {"#"}
    assert "url(" not in written
    assert "@import" not in written
    assert "<link" not in written
    assert page.tags.count("script") == 1
    assert ("script", "type", "application/json") in page.attributes


def test_links_inside_the_page_lead_somewhere(report):
    page = Page(to_html(report))
    targets = {value[1:] for _, name, value in page.attributes if name == "href"}
    pointed = {one for _, name, value in page.attributes if name in ("aria-labelledby",) for one in value.split()}
    assert targets | pointed <= set(page.ids)


@pytest.mark.parametrize(("name", "pictures"), [("full", 3), ("lineage", 4)])
def test_every_chart_has_a_title_a_description_and_a_table(request, name, pictures):
    page = to_html(request.getfixturevalue(name))
    charts = re.findall(r'<svg viewBox[^>]*role="img".*?</svg>', page, re.DOTALL)
    assert len(charts) == pictures
    assert all("<title " in chart and "<desc " in chart for chart in charts)
    assert page.count("The numbers behind th") >= pictures - 1


def test_the_bars_are_told_in_words(full):
    assert "Rare (tail): 63.9%, between 61.2% and 66.7%" in to_html(full)


def test_it_is_deterministic(report):
    assert to_html(report) == to_html(report)


def test_the_json_is_embedded_and_canonical(report):
    assert embedded(to_html(report)).strip() == to_json(report).replace("<", "\\u003c").strip()


def test_every_finding_has_its_anchor(full):
    twice = msgspec.structs.replace(full, findings=(*full.findings, full.findings[1]))
    page = Page(to_html(twice))
    assert {"LT301", "LT301-2", "LT402"} <= set(page.ids)


def test_absences_are_shown_and_not_folded(full):
    section = to_html(full).split('id="not-measured"')[1].split("</section>")[0]
    assert "<details" not in section
    assert {"LT101", "LT203", "LT501"} == set(re.findall(r'<b id="(LT\d+)"', section))
    assert "<span>--scores</span>" in section


def test_the_inputs_carry_their_checksums(full):
    page = to_html(full)
    assert all(source.sha256 in page.split("</main>")[0] for source in full.inputs)


def test_hostile_text_stays_text(full):
    row = {"type": HOSTILE, "reference_documents": 1, "candidate_documents": 0, "example": f"a {HOSTILE} b", "example_id": HOSTILE}
    panels = {
        "vanished": {"view": HOSTILE, "total": 1, "rows": [row]},
        "self": {"openings": [{"text": HOSTILE, "example": HOSTILE}]},
        "read": {"content": HOSTILE, "quarantine": [{"path": HOSTILE, "line": 1, "reason": HOSTILE}]},
        "strata": {"rows": [{"stratum": HOSTILE, "mass_ratio": 0.5}]},
        "rank_frequency": {"view": HOSTILE, "lines": [{"name": HOSTILE, "points": [[1, 0.5], [2, 0.25]]}]},
        "slices": [{"column": HOSTILE, "status": HOSTILE, "chosen_by": HOSTILE, "rows": [{"slice": HOSTILE, "why_not": HOSTILE}]}],
        "shift": {"total_variation": 0.1, "expected": HOSTILE},
        "exploratory": {"title": HOSTILE, "adjustment": HOSTILE, "rows": [{"metric": HOSTILE, "view": HOSTILE}]},
        "deciles": [{"view": HOSTILE, "baseline": HOSTILE, "rows": [{"decile": 10, "items": 3, "baseline": 0.9, "candidate": 0.5}]}],
        "maps": [HOSTILE_MAP, {"column": HOSTILE, "not_measured": HOSTILE}],
        "losses": {"edges": [0, 1, 2], "rows": [HOSTILE_LOSS, HOSTILE_LOSS | {"model": f"{HOSTILE}2"}]},
        "copies": {
            "clusters": [{"documents": 2, "distinct": 2, "members": [HOSTILE], "text": HOSTILE, "difference": [["gone", HOSTILE]]}],
            "phrases": [{"kind": "opening", "text": HOSTILE, "documents": 3, "of": 4}],
        },
        "fading": {"samples": [{"name": HOSTILE, "documents": 9}] * 3, "rows": [[1, 2, 3]], "held": [1], "by_chance": 1},
        "usual": [{"metric": HOSTILE, "view": HOSTILE, "low": HOSTILE, "high": HOSTILE}],
    }
    finding = msgspec.structs.replace(full.findings[0], title=HOSTILE, because=HOSTILE, where=HOSTILE, evidence=(HOSTILE,), remedy=HOSTILE)
    planted = msgspec.structs.replace(
        full, panels=panels, findings=(finding,), summary=HOSTILE, settings={HOSTILE: HOSTILE}, command=HOSTILE
    )
    written = to_html(planted)
    page = Page(written)
    assert page.tags.count("script") == 1
    assert "img" not in page.tags
    assert "\x00" not in written
    assert "\x1b" not in written
    assert "{{ 7*7 }}" in written
    assert json.loads(embedded(written))["summary"] == HOSTILE


def test_a_script_end_inside_the_data_does_not_end_the_script(full):
    planted = msgspec.structs.replace(full, summary="</script><!-- <script>")
    assert json.loads(embedded(to_html(planted)))["summary"] == "</script><!-- <script>"


def test_the_vanished_type_is_highlighted(full):
    assert "dropped into a <mark>valley</mark> where" in to_html(full)


def test_a_long_table_is_cut_and_the_count_is_said(full):
    rows = [{"type": f"word{i}", "reference_documents": 3, "candidate_documents": 0, "example": "x " * 3000} for i in range(10_000)]
    page = to_html(msgspec.structs.replace(full, panels={"vanished": {"view": "words_1", "total": 12_345, "rows": rows}}))
    assert "Showing 200 of 12,345." in page
    assert page.count('<b class="gone">') == 200
    assert len(page.encode()) <= 2_000_000
    assert "leave out what the pictures were drawn from" in page
    assert json.loads(embedded(page))["panels"] == {}


@pytest.mark.parametrize(
    "panel", [None, {}, [], "text", {"rows": None}, {"rows": [None, 3]}, {"lines": [{}]}, {"rows": [{}], "lines": [{"points": 3}]}]
)
def test_a_panel_of_an_unknown_shape_is_no_crash(full, text, panel):
    names = ("read", "self", "strata", "rank_frequency", "vanished", "novel", "slices", "shift", "exploratory", *PICTURES)
    odd = msgspec.structs.replace(full, panels=dict.fromkeys(names, panel))
    Page(to_html(odd))
    assert "EARLY" in text(odd)


def test_hostile_classes_stay_text_over_the_generations(lineage):
    decided = [each for each in lineage.estimates if each.metric == "tail_types_retained" and each.generation is not None]
    hostile = [
        msgspec.structs.replace(each, metric="class_share", view=f"labels:{HOSTILE}", slice=HOSTILE, baseline="generation_1")
        for each in decided
    ]
    page = Page(to_html(msgspec.structs.replace(lineage, estimates=(*lineage.estimates, *hostile))))
    assert page.tags.count("script") == 1 and "img" not in page.tags and "Classes over the generations" in page.headings


def test_without_strata_the_page_says_not_measured_and_how_to(alone, empty):
    assert "Common and rare items were not compared: no reference was given." in to_html(alone)
    assert "<span>--reference</span>" in to_html(empty)


@pytest.mark.parametrize(
    "name", ["healthy", "watch", "early", "concentrating", "narrowing", "late", "drift", "inconclusive", "not_measured"]
)
def test_every_phase_has_words(full, text, name):
    shown = msgspec.structs.replace(full, phase=Phase(name=name, decided_by=(), definition="d", documents_needed=6000))
    page = to_html(shown)
    assert "About 6,000 documents would be enough." in page
    assert name.replace("_", " ").upper() in text(shown)


def test_the_lights_are_decided_apart(full):
    def lights(decision):
        fidelity = Estimate(
            metric="heldout_nll", view="words_1", value=0.0, low=-0.01, high=0.01, n=9, unit="nats", resampling_unit="document",
            method="m", decision=decision,
        )  # fmt: skip
        page = to_html(msgspec.structs.replace(full, estimates=(fidelity,)))
        return re.findall(r'class="light (\w+)"', page)

    assert lights("ok") == ["fail", "not_measured", "pass"]
    assert lights("shrunk") == ["fail", "not_measured", "fail"]
    assert lights(None) == ["fail", "not_measured"]


def test_the_captions_of_the_strata_say_what_they_compare_with(full):
    captions = re.findall(r"<figcaption><b>How.*?</figcaption>", to_html(full))
    assert len(captions) == 2
    assert all(caption.endswith(", against generation 1</figcaption>") for caption in captions)


def test_a_rule_that_stands_alone_carries_its_title(empty):
    assert '<b id="LT901">LT901</b> <b class="quiet">too few documents:</b>' in to_html(empty)


def test_the_margin_of_the_settings_is_drawn(full):
    other = msgspec.structs.replace(full, settings={"margin": {"tail": 0.8}})
    assert "Dashed line: 80%" in to_html(other)
    assert "Dashed line: 90%" in to_html(msgspec.structs.replace(full, settings={}))
