"""The pages of a plan for recovery and of the check after it."""

import json
import re

import msgspec
import pytest
from msgspec.structs import replace

from longtail.diagnosis.recovery import records
from longtail.diagnosis.restoring.records import Check, Regained
from longtail.records import Estimate, NotMeasured
from longtail.report.page.recover import check_html, plan_html
from tests.report.screen.test_recovery import PAID, option, plan

from .test_html import HOSTILE, Page


def page_of(found):
    return plan_html(found, msgspec.json.encode(found).decode())


def test_step_0_is_first_then_a_card_for_each_way_in_its_order():
    text = page_of(plan())
    places = [
        text.index(f"{order}. {title}") for order, title in enumerate(("Stop replacing", *(f"title of {name}" for name in records.ORDER)))
    ]
    assert places == sorted(places) and "min_real = 0.3" in text


def test_a_card_has_what_it_restores_with_its_ceiling_and_interval_what_it_needs_costs_and_the_command():
    text = page_of(plan(options=(option("re-anchor", 1, cost=PAID),)))
    chart = re.search(r'<svg viewBox[^>]*id="card-1".*?</svg>', text, re.DOTALL)[0]
    assert "after 3 generations: 72.0%, between 66.0% and 78.0%" in chart
    assert "in the long run: the ceiling: 81.0%, between 66.0% and 78.0%" in chart
    assert "90.0%" not in chart  # of the reference, another whole: told in words
    assert "90.0%" in text
    assert "120 real rows" in text and "hours * price = 3 * 2 = 6; 3 to 9 with price at 50% to 150%" in text
    assert "Odds that 400 documents then show the aim: 60.0%" in text
    assert "apply</span> <span>re-anchor" in text


def test_what_is_not_possible_has_no_bar_and_no_command():
    text = page_of(plan(options=(option("re-anchor", 1, best=None, because="there is no reservoir", courses=()),)))
    assert "No way back is possible" in text and "title of re-anchor: not possible" in text and "there is no reservoir" in text
    assert 'id="card-1"' not in text and "<span>apply</span>" not in text


def test_what_is_gone_and_what_to_look_for_are_told_item_by_item():
    text = page_of(plan())
    assert "1 of 50 is gone" in text
    rows = re.findall(r"<bdi>ostler</bdi></th>(.*?)</tr>", text)
    cells = [re.findall("<bdi>(.*?)</bdi>", row) for row in rows]
    assert cells == [["4", "0"], ["4", "1 to 9", "none"]]


def test_the_plan_is_embedded_nothing_is_fetched_and_hostile_text_is_text():
    evil = replace(plan().unrecoverable, items=(records.Gone(type=HOSTILE, reference_documents=1, example_id=HOSTILE),), statement=HOSTILE)
    found = plan(unrecoverable=evil, notes=(HOSTILE,), baseline=HOSTILE, options=(option("re-anchor", 1, because=HOSTILE, title=HOSTILE),))
    page = Page(page_of(found))
    assert json.loads(page.scripts["longtail-plan"])["notes"] == [HOSTILE]
    assert page.tags.count("script") == 1 and "img" not in page.tags and len(page.ids) == len(set(page.ids))
    assert "onerror" not in {name for _, name, _ in page.attributes}


def estimate(value, generation=None, metric="tail_types_retained", **fields):
    told = {"view": "words_1", "n": 500, "unit": "ratio", "kind": "ratio", "resampling_unit": "document", "method": "m"}
    return Estimate(metric=metric, value=value, low=value - 0.05, high=value + 0.05, generation=generation, **(told | fields))


def check(**given):
    regained = Regained(metric="tail_types_retained", view="words_1", value=0.4, low=0.2, high=0.6, level=0.95, n=500, method="m")
    told = {
        "longtail_version": "0",
        "created_at": "",
        "command": "",
        "seed": 0,
        "status": "pass",
        "because": "the interval lies above 1",
        "alpha": 0.05,
        "documents": {"before": 500, "after": 600, "reference": 900},
        "improvements": (estimate(1.3),),
        "rest": (estimate(0.5, metric="hill_2", decision="shrunk"),),
        "standing": (estimate(0.5, 0), estimate(0.65, 1)),
        "regained": (regained, NotMeasured(reason="nothing was lost", metric="tail_mass_retained")),
    }
    return Check(**told | given)


def test_the_proof_shows_before_and_after_with_their_intervals():
    found = check()
    text = check_html(found, msgspec.json.encode(found).decode())
    chart = re.search(r'<svg viewBox[^>]*id="before-after".*?</svg>', text, re.DOTALL)[0]
    assert "rare items left: before: 50.0%, between 45.0% and 55.0%; rare items left: after: 65.0%, between 60.0% and 70.0%" in chart
    assert "Rare things came back" in text and "of the loss, 40.0% came back (20.0% to 60.0%)" in text
    assert "130.0%" in text and "[125.0%, 135.0%]" in text and "nothing was lost" in text and "worse" in text


@pytest.mark.parametrize(
    ("status", "said"),
    [("not_shown", "It is not shown"), ("worse", "More rare things were lost"), ("not_measured", "Recovery was not measured")],
)
def test_what_is_not_shown_is_not_said_to_have_come_back(status, said):
    found = check(status=status, because=HOSTILE, standing=(), improvements=(), regained=(), rest=())
    text = check_html(found, msgspec.json.encode(found).decode())
    assert said in text and "Rare things came back" not in text and 'id="before-after"' not in text
    page = Page(text)
    assert page.tags.count("script") == 1 and "img" not in page.tags
