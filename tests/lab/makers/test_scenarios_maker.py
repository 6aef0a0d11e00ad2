"""What the side by side reads from an audit."""

import pytest

from longtail.lab.makers import scenarios
from longtail.lab.makers.catalogue import asked, lacks
from longtail.lab.scenarios.catalogue import Audited, Told, fact


def row(failing=(), warned=(), labels=()):
    return Audited(generation=2, phase="early", labels=labels, status="fail", failing=failing, kept={}, warned=warned)


@pytest.mark.parametrize(
    ("audited", "untracked", "rare"),
    [
        (row(warned=("LT101",), failing=("LT301",)), True, True),
        (row(failing=("LT101", "LT308")), True, True),
        (row(labels=("tail-first",)), False, True),
        (row(warned=("LT101", "LT301")), True, False),
        (row(), False, False),
    ],
)
def test_the_two_causes_are_read_from_the_codes_and_the_labels(audited, untracked, rare):
    assert scenarios.flags(audited) == {"untracked": untracked, "rare_first": rare, "both": untracked and rare}


def test_a_run_reads_the_audit_that_is_asked_for_and_what_came_of_the_expectations(monkeypatch, tmp_path):
    rows = (row(), row(warned=("LT101",), failing=("LT301",)))
    told = Told(name="lm", title="x", folder=tmp_path, rows=rows, checks=(fact("off", True, "x", -1),))
    monkeypatch.setattr(scenarios, "perform", lambda *given, seed: told)
    last, first = (scenarios.values(asked("scenarios", {"scenario": "lm"} | more), 0) for more in ({}, {"row": 0}))
    assert last == {"untracked": [1.0], "rare_first": [1.0], "both": [1.0], "held": [1.0], "first": [-1.0]}
    assert first["both"] == [0.0]


def test_only_the_images_take_an_optional_part(monkeypatch):
    assert lacks("scenarios", asked("scenarios", {"scenario": "lm"})) is None
    assert lacks("human_value", asked("human_value", {})) is None

    def absent(feature):
        raise scenarios.MissingExtra(feature, "torch")

    monkeypatch.setattr(scenarios, "need", absent)
    assert lacks("scenarios", asked("scenarios", {"scenario": "images"})) == "torch"
