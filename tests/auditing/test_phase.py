"""The phase follows from the decisions alone."""

from types import SimpleNamespace

import pytest

from longtail.auditing.measure import Measurements
from longtail.auditing.phase import phase_of
from longtail.metrics.shift import Shift
from longtail.records import Estimate, NotMeasured

REFERENCE = SimpleNamespace(name="reference", view="words_1")
SHIFTED, STILL = Shift(0.3, 0.1, 0.001, 1024), Shift(0.1, 0.1, 0.4, 1024)
RATIOS = {"ok": 1.0, "watch": 0.93, "shrunk": 0.6, "inconclusive": 0.9}


def estimate(metric, decision=None, value=None, width=0.05, unit="ratio", p=None, **named):
    middle = RATIOS.get(decision, 1.0) if value is None else value
    return Estimate(
        metric=metric, view=named.pop("view", "words_1"), value=middle, low=middle - width, high=middle + width, n=500, unit=unit,
        resampling_unit="document", method="by hand", decision=decision, p=p, baseline=named.pop("baseline", "reference"), **named,
    )  # fmt: skip


def fidelity(decision, rise=None, metric="heldout_nll"):
    found = {"ok": 0.0, "shrunk": 0.3, "watch": 0.015, "inconclusive": 0.05, "better": -0.2}[decision] if rise is None else rise
    return estimate(metric, "ok" if decision == "better" else decision, found, 0.01, "nats/token", view="scores")


def contrast(value, p):
    return estimate("tail_first_contrast", value=value, width=0.3, unit="nats", p=p)


def phase(mass="ok", types="ok", d1="ok", d2="ok", *, others=(), worse=(), shift=STILL, classes=(), deciding=REFERENCE, level=0.05):
    tail = [estimate(f"tail_{name}_retained", decision, documents_needed=700) for name, decision in (("mass", mass), ("types", types))]
    tail += [estimate("class_share", decision, slice=f"class {at}", view="labels:topic") for at, decision in enumerate(classes)]
    hill = [estimate(f"hill_{order}", decision) for order, decision in ((1, d1), (2, d2)) if isinstance(decision, str)]
    hill += [decision for decision in (d1, d2) if isinstance(decision, Estimate)]
    return phase_of(Measurements((), tuple(tail), tuple(hill), tuple(others), deciding, tuple(worse), (), shift, level))


SHARPENED, FLATTENED = contrast(0.5, 0.9), contrast(-0.5, 0.001)
COLLAPSED = estimate("hill_1", "shrunk", 0.4)
GARBAGE, NOVEL = estimate("novel_mass", value=3.0), estimate("novel_mass", value=2.02)

TABLE = {
    "nothing lost": (phase(), "healthy"),
    "the tail loses inside the margin": (phase("ok", "watch"), "watch"),
    "types below the margin": (phase("ok", "shrunk"), "early"),
    "mass below the margin": (phase("shrunk", "ok"), "early"),
    "a loss beside an open question": (phase("shrunk", "inconclusive", "inconclusive", "inconclusive"), "early"),
    "a loss with better likelihood": (phase("ok", "shrunk", worse=[fidelity("better")]), "early"),
    "common types fewer, before rare ones": (phase(d2="shrunk", others=[SHARPENED]), "concentrating"),
    "effective types fewer, before rare ones": (phase(d1="shrunk", others=[SHARPENED]), "concentrating"),
    "the same with a watched tail": (phase("watch", "ok", d2="shrunk", others=[SHARPENED]), "concentrating"),
    "common types fewer, rare ones first": (phase("watch", "ok", d2="shrunk", others=[FLATTENED]), "watch"),
    "tail and common types": (phase("shrunk", "shrunk", d2="shrunk"), "narrowing"),
    "either of the tail and common types": (phase("ok", "shrunk", d2="shrunk"), "narrowing"),
    "tail and effective types only": (phase("shrunk", "shrunk", d1="shrunk"), "early"),
    "worse on human text and effective types below half": (phase("shrunk", "shrunk", COLLAPSED, worse=[fidelity("shrunk")]), "late"),
    "the same by accuracy": (phase("shrunk", "shrunk", COLLAPSED, worse=[fidelity("shrunk", metric="accuracy")]), "late"),
    "worse, and effective types below the margin only": (
        phase("shrunk", "shrunk", estimate("hill_1", "shrunk", 0.48), "shrunk", worse=[fidelity("shrunk")]),
        "narrowing",
    ),
    "effective types below half, human text as before": (phase("shrunk", "shrunk", COLLAPSED, worse=[fidelity("ok")]), "early"),
    "a lost tail and three times the unknown words": (phase("shrunk", "shrunk", others=[GARBAGE]), "late"),
    "a lost tail and about twice the unknown words": (phase("shrunk", "shrunk", others=[NOVEL]), "early"),
    "unknown words, and the tail kept": (phase(others=[GARBAGE]), "healthy"),
    "a shift and nothing lost": (phase(shift=SHIFTED), "drift"),
    "a shift and an open tail": (phase("ok", "inconclusive", shift=SHIFTED), "inconclusive"),
    "a shift and open common types": (phase(d2="inconclusive", shift=SHIFTED), "healthy"),
    "a shift and a loss": (phase("ok", "shrunk", shift=SHIFTED), "early"),
    "a shift that is not significant at the level in force": (phase(shift=SHIFTED, level=0.0001), "healthy"),
    "a shift that could not be measured": (phase(shift=NotMeasured(reason="needs exact counts")), "healthy"),
    "nothing decided": (phase("ok", "inconclusive"), "inconclusive"),
    "a class lost": (phase(classes=["shrunk", "ok"]), "healthy"),
}


@pytest.mark.parametrize(("found", "name"), TABLE.values(), ids=TABLE)
def test_the_decisions_give_the_phase(found, name):
    assert found.name == name


def test_what_decided_is_named_with_its_view():
    assert phase("ok", "shrunk").decided_by == ("tail_types_retained@words_1",)
    assert phase("shrunk", "shrunk", d2="shrunk").decided_by == tuple(
        f"{metric}@words_1" for metric in ("tail_mass_retained", "tail_types_retained", "hill_2")
    )
    late = phase("shrunk", "shrunk", COLLAPSED, worse=[fidelity("shrunk")])
    assert late.decided_by == ("heldout_nll@scores", "hill_1@words_1")
    assert phase("shrunk", "ok", others=[GARBAGE]).decided_by == ("tail_mass_retained@words_1", "novel_mass@words_1")


def test_an_open_phase_says_how_many_documents_would_close_it():
    assert phase("ok", "inconclusive").documents_needed == 700
    assert phase("ok", "ok").documents_needed is None


def test_without_anything_to_compare_with_or_without_a_tail_there_is_no_phase():
    assert phase(deciding=None).name == "not_measured"
    found = phase_of(Measurements((), (NotMeasured(reason="too sparse"),), (), (), REFERENCE))
    assert found.name == "inconclusive" and "tail" in found.missing


def test_parts_of_the_definition_that_were_not_measured_are_named():
    assert phase("ok", "shrunk").missing == ("fidelity",)
    assert phase(worse=[fidelity("ok")]).missing == ()
    absent = NotMeasured(reason="needs exact counts")
    tail = (estimate("tail_types_retained", "ok"),)
    assert phase_of(Measurements((), tail, (absent,), (), REFERENCE)).missing == ("concentration", "fidelity")


LABELLED = {
    "rare types first": (phase("ok", "shrunk", others=[FLATTENED]), ("tail-first",)),
    "rare types first, not significantly": (phase("ok", "shrunk", others=[contrast(-0.5, 0.06)]), ()),
    "rare types first, in an audit that has used up its part of alpha": (
        phase("ok", "shrunk", others=[FLATTENED], level=0.0001),
        ("tail-first",),
    ),
    "rare types first, and none lost": (phase(others=[FLATTENED]), ()),
    "common types first": (phase("ok", "shrunk", others=[contrast(0.5, 0.99)]), ()),
    "likelihood improved meanwhile": (phase("ok", "shrunk", worse=[fidelity("better")]), ("masked",)),
    "likelihood improved within its error": (phase("ok", "shrunk", worse=[fidelity("ok", -0.005)]), ()),
    "likelihood improved and nothing lost": (phase(worse=[fidelity("better")]), ()),
    "the worst documents alone improved": (phase("ok", "shrunk", worse=[fidelity("better", metric="tail_nll")]), ()),
    "human text is worse, short of late": (phase("ok", "shrunk", worse=[fidelity("shrunk")]), ("fidelity-loss",)),
    "human text is worse and late": (phase("shrunk", "ok", COLLAPSED, worse=[fidelity("shrunk")]), ()),
    "some classes": (phase("ok", "shrunk", classes=["shrunk", "ok", "inconclusive"]), ("partial",)),
    "all classes": (phase("ok", "shrunk", classes=["shrunk", "shrunk"]), ()),
    "some classes, and the tail kept": (phase(classes=["shrunk", "ok"]), ("partial",)),
    "all at once": (
        phase(
            "shrunk",
            others=[FLATTENED],
            worse=[fidelity("better"), fidelity("shrunk", metric="tail_nll")],
            classes=["ok", "shrunk"],
        ),
        ("tail-first", "masked", "fidelity-loss", "partial"),
    ),
    "an open phase": (phase("ok", "inconclusive", classes=["shrunk", "ok"]), ("partial",)),
}


@pytest.mark.parametrize(("found", "labels"), LABELLED.values(), ids=LABELLED)
def test_what_qualifies_a_phase_is_said_beside_it(found, labels):
    assert found.labels == labels


def test_an_estimate_against_another_baseline_than_the_deciding_one_qualifies_nothing():
    other = estimate("tail_first_contrast", value=-0.5, width=0.1, unit="nats", p=0.001, baseline="previous")
    assert phase("ok", "shrunk", others=[other]).labels == ()


def test_the_late_margin_is_a_setting():
    tail = (estimate("tail_types_retained", "shrunk"),)
    measured = Measurements((), tail, (estimate("hill_1", "shrunk", 0.4),), (), REFERENCE, (fidelity("shrunk"),))
    assert phase_of(measured, 0.5).name == "late"
    assert phase_of(measured, 0.3).name == "early"
