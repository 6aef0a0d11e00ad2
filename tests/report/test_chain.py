"""The seven mistakes as one chain, and the findings by stage, moment and step: the same codes, nothing judged again."""

import itertools
import math

import msgspec
import pytest

from longtail.records import Finding, Unmeasured
from longtail.report import chain, stages, to_html
from longtail.report.drawing import spiral

from .page.test_html import HOSTILE, Page

CLASSIC = ("LT101", "LT801", "LT202", "LT401", "LT802")


def finding(code, status="fail", **more):
    given = {"code": code, "status": status, "title": "t", "because": "b", "where": "candidate", "evidence": (), "remedy": "r"}
    return Finding(**given | more)


def report_of(empty, found=(), passed=(), silent=(), **panels):
    return msgspec.structs.replace(
        empty,
        findings=tuple(one if isinstance(one, Finding) else finding(one) for one in found),
        passed=tuple(passed),
        not_measured=tuple(Unmeasured(code=code, reason="r", enable="e") for code in silent),
        panels=panels,
    )


def suppressed(code):
    override = {"code": code, "reason": "by law", "owner": "ann", "expires": "2026-12-31", "where": ""}
    return [{"finding": msgspec.to_builtins(finding(code)), "overrides": [override]}]


def test_the_classic_mistakes_make_one_chain_in_order_and_the_first_is_where_to_begin(empty):
    report = report_of(empty, reversed(CLASSIC), passed=("LT102", "LT204"))
    made = [link for link in chain.links(report) if link.is_made]
    assert [code for link in made for code in link.codes if code in CLASSIC] == list(CLASSIC)
    assert [link.is_foundation for link in made] == [True, False, False, False, False]
    assert made[0].leads_to == tuple(link.name for link in made[1:]) and made[-1].leads_to == ()
    assert [link.told for link in chain.links(report) if not link.is_made] == ["not made here"] * 2


@pytest.mark.parametrize("mended", CLASSIC)
def test_mending_one_takes_its_link_out_and_moves_the_foundation_on(empty, mended):
    left = [code for code in CLASSIC if code != mended]
    made = [link for link in chain.links(report_of(empty, left, passed=(mended,))) if link.is_made]
    assert [code for link in made for code in link.codes if code in CLASSIC] == left
    assert [link.is_foundation for link in made] == [True, False, False, False]


def test_a_fix_says_what_it_unlocks_and_which_mistakes_it_takes_the_ground_from(empty):
    report = report_of(empty, (finding("LT101", unlocks=("LT102", "LT204")), finding("LT801")))
    first = chain.links(report)[0]
    said = "begin here; mending it takes away what leads to: only task accuracy; mending it makes measurable: LT102 LT204"
    assert chain.sentence(first) == said and said in "\n".join(chain.lines(report)) and said in to_html(report)


def test_what_is_not_measured_is_no_link_and_no_pass(empty):
    told = {link.name: (link.is_made, link.told) for link in chain.links(report_of(empty, (), silent=("LT101",), passed=("LT801",)))}
    assert told["no provenance tracking"] == (False, "not measured") and told["discarding rare cases"] == (False, "not measured")
    assert told["only task accuracy"] == (False, "not made here")
    half = report_of(empty, (), silent=("LT201",), passed=("LT202",))
    assert chain.links(half)[4].told == "not measured"
    assert chain.links(report_of(empty, (), passed=("LT201", "LT202")))[4].told == "not made here"


def test_an_accepted_mistake_is_still_a_link(empty):
    report = report_of(empty, ("LT801",), suppressed=suppressed("LT101"))
    assert [(link.state, link.is_made) for link in chain.links(report)[:1]] == [("suppressed", True)]
    assert stages.states(report) == {"LT801": "fail", "LT101": "suppressed"}


def test_a_failed_check_after_training_says_what_comes_next(empty):
    (line,) = chain.after_a_failure(report_of(empty, ["LT301"]))
    assert "longtail recover plan" in line and "do not train on this output" in to_html(report_of(empty, ["LT301"]))
    assert chain.after_a_failure(report_of(empty, ["LT101"], passed=["LT301"])) == []


def test_the_picture_has_a_knot_for_each_mistake_and_joins_those_made_here(empty):
    drawn = str(chain.drawn(chain.links(report_of(empty, CLASSIC))))
    assert drawn.count('class="knot') == 7 and drawn.count('class="joined"') == 4 and drawn.count('class="ring"') == 1
    assert drawn.count(": begin here") == 1 and "1 no provenance tracking: to mend, leads to only task accuracy: begin here" in drawn
    assert "<title " in drawn and "<desc " in drawn
    places = [spiral.place(at) for at in range(7)]
    assert min(math.dist(one, other) for one, other in itertools.combinations(places, 2)) > 2 * 21
    assert "<svg" not in to_html(report_of(empty, (), passed=("LT301",))).split('id="chain"')[1].split("<h3>")[0].replace(
        '<svg class="icon', ""
    )


def test_a_report_without_rules_has_no_such_section(empty):
    bare = report_of(empty)
    assert chain.page(bare) is None and 'id="chain"' not in to_html(bare)


def test_names_of_others_are_shown_as_text_and_nothing_else(empty):
    rows = suppressed("LT101")
    rows[0]["finding"]["because"] = rows[0]["overrides"][0]["reason"] = HOSTILE
    panel = {"accepted": [{"finding": rows[0]["finding"], "because": [HOSTILE]}], "refused": [{"code": "LT301", "because": [HOSTILE]}]}
    page = Page(to_html(report_of(empty, (), suppressed=rows, ratchet=panel)))
    assert page.tags.count("script") == 1 and "onerror" not in {name for _, name, _ in page.attributes}
