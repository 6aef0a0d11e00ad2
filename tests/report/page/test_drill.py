"""The page of a drill."""

import json

import pytest

from longtail.diagnosis.drilled import Audited, Drill, FalseAlarms
from longtail.report.page.drill import to_html

from .test_html import HOSTILE, Page


def audited(generation, lost, fails=(), warns=()):
    return Audited(generation=generation, lost=lost, lost_mass=lost / 2, phase="early", tail=None, level=0.05, fails=fails, warns=warns)


def drilled(**given):
    told = {
        "longtail_version": "0",
        "created_at": "2026-01-01T00:00:00Z",
        "command": HOSTILE,
        "seed": 0,
        "plant": "drop",
        "rate": 0.2,
        "generations": 5,
        "documents": 900,
        "baseline_documents": 800,
        "left_out": 0,
        "audits": (audited(1, 0.2), audited(2, 0.36, warns=("LT303",)), audited(3, 0.488, ("LT301",), ("LT301",))),
        "warned_at": 2,
        "alarmed_at": 3,
        "every_days": 7.0,
        "false_alarms": FalseAlarms(copies=20, fails=1, warns=2, low=0.001, high=0.25, standing=("LT206",)),
    }
    return Drill(**told | given)


def test_the_first_line_says_when_the_alarm_fired_and_what_was_gone():
    page = to_html(drilled())
    assert (
        "Alarm after 3 generations, 21 days at one audit every 7, a first warning after 2: by then 48.8% of the rare words were gone."
        in page
    )
    assert "generation 1: nothing said: 20.0%; generation 2: warning: 36.0%; generation 3: alarm: 48.8%" in page
    assert "1 raised an alarm: a rate between 0.1% and 25.0%" in page and "alarm: LT301<" in page


@pytest.mark.parametrize(("warned", "alarmed", "status"), [(2, 3, "pass"), (2, None, "warn"), (None, None, "fail")])
def test_a_drill_without_an_alarm_is_no_pass(warned, alarmed, status):
    assert f'class="verdict {status}"' in to_html(drilled(warned_at=warned, alarmed_at=alarmed))


def test_hostile_text_is_text_and_the_record_is_embedded():
    page = Page(to_html(drilled()))
    assert page.tags.count("script") == 1 and "img" not in page.tags
    assert json.loads(page.scripts["longtail-drill"])["command"] == HOSTILE
