"""The phase follows from the decisions alone."""

from types import SimpleNamespace

import pytest

from longtail.auditing.measure import Measurements
from longtail.auditing.phase import phase_of
from longtail.records import Estimate, NotMeasured

REFERENCE = SimpleNamespace(name="reference")


def decided(metric, decision, needed=None):
    return Estimate(
        metric=metric,
        view="words_1",
        value=0.9,
        low=0.8,
        high=1.0,
        n=500,
        unit="ratio",
        resampling_unit="document",
        method="by hand",
        decision=decision,
        documents_needed=needed,
    )


def phase(mass, types, richness="ok", deciding=REFERENCE):
    tail = tuple(decided(f"tail_{name}_retained", decision, 700) for name, decision in (("mass", mass), ("types", types)) if decision)
    return phase_of(Measurements((), tail, (decided("hill_2", richness),), (), deciding))


@pytest.mark.parametrize(
    ("mass", "types", "richness", "name"),
    [
        ("ok", "ok", "ok", "healthy"),
        ("ok", "watch", "ok", "watch"),
        ("ok", "shrunk", "ok", "early"),
        ("shrunk", "inconclusive", "inconclusive", "early"),
        ("shrunk", "shrunk", "shrunk", "narrowing"),
        ("ok", "ok", "shrunk", "concentrating"),
        ("watch", "ok", "shrunk", "concentrating"),
        ("ok", "inconclusive", "ok", "inconclusive"),
    ],
)
def test_the_decisions_give_the_phase(mass, types, richness, name):
    assert phase(mass, types, richness).name == name


def test_what_decided_is_named_with_its_view():
    assert phase("ok", "shrunk").decided_by == ("tail_types_retained@words_1",)
    assert phase("shrunk", "shrunk", "shrunk").decided_by == tuple(
        f"{m}@words_1" for m in ("tail_mass_retained", "tail_types_retained", "hill_2")
    )


def test_an_open_phase_says_how_many_documents_would_close_it():
    assert phase("ok", "inconclusive").documents_needed == 700
    assert phase("ok", "ok").documents_needed is None


def test_without_anything_to_compare_with_or_without_a_tail_there_is_no_phase():
    assert phase("ok", "ok", deciding=None).name == "not_measured"
    absent = NotMeasured(reason="too sparse")
    measured = Measurements((), (absent,), (), (), REFERENCE)
    found = phase_of(measured)
    assert found.name == "inconclusive" and "tail" in found.missing


def test_fidelity_is_said_to_be_missing():
    assert "fidelity" in phase("ok", "shrunk").missing
