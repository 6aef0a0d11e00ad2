"""The shape over versions, and whether the tail went first while the mean held."""

from dataclasses import replace

import msgspec
import numpy as np
import pytest

from bench.audits import stream
from bench.lineages import losing, of_all
from bench.scores import scored
from bench.synthetic import concentrated, drawn, profiled, swapped, tempered, zipf
from longtail.auditing import audit
from longtail.diagnosis.signature import named, shape_of, signature_of
from longtail.records import Estimate, Explanation, GenerationRecord, LineageRecord, Phase, Report, Trend

NAMES = ("v1", "v2", "v3", "v4", "v5")
LAW = zipf()


def moved(law):
    """The law with the shares of its common types handed round: another content, as varied."""
    shares, common = law.shares.copy(), np.flatnonzero(~law.rare & ~law.tail)
    shares[common] = np.roll(shares[common], 7)
    return replace(law, shares=shares)


def five(laws, documents=400):
    rng = stream(3)
    return [profiled(drawn(law, documents, rng), 0) for law in laws]


CURVES = {
    "flat": lambda: five([LAW] * 5, 1000),
    "mild_narrowing": lambda: of_all(losing(LAW, [0.9**step for step in range(5)], 400, stream(2)), 0),
    "advanced_collapse": lambda: of_all(losing(LAW, [0.6**step for step in range(5)], 400, stream(2)), 0),
    "concentrating": lambda: five([concentrated(LAW, 2, 0.85**step) for step in range(5)]),
    "drift": lambda: five([LAW, *[moved(LAW)] * 4], 1000),
    "not_measured": lambda: five([LAW] * 5, 12),
}
CONTROLS = {
    "sampled more sharply once": (lambda: five([LAW, *[tempered(LAW, 0.8)] * 4]), "concentrating"),
    "half of the types replaced": (lambda: five([LAW, *[swapped(LAW, stream(5))] * 4]), "drift"),
}


@pytest.fixture(scope="module")
def reference():
    return profiled(drawn(LAW, 2000, stream(1)), 0)


@pytest.fixture(scope="module")
def audited(reference):
    made = {}

    def of(name, generations):
        if name not in made:
            made[name] = audit(lineage=generations(), reference=reference, views=("words_1",))
        return made[name]

    return of


@pytest.mark.parametrize("shape", CURVES)
def test_six_labelled_curves_have_their_six_shapes(shape, audited):
    assert shape_of(audited(shape, CURVES[shape])) == shape


@pytest.mark.parametrize("control", CONTROLS)
def test_what_is_no_collapse_is_not_called_one(control, audited):
    generations, shape = CONTROLS[control]
    report = audited(control, generations)
    assert report.phase.name in ("early", "narrowing", "late")
    assert shape_of(report) == shape
    assert signature_of(report, NAMES).status == "absent"


@pytest.mark.parametrize(
    ("curve", "status"),
    [("flat", "absent"), ("mild_narrowing", "present"), ("advanced_collapse", "present"), ("concentrating", "absent"), ("drift", "absent")],
)
def test_the_tail_is_said_to_have_gone_first_where_it_did(curve, status, audited):
    found = signature_of(audited(curve, CURVES[curve]), NAMES)
    assert (found.status, found.confidence) == (status, "medium")


def test_too_few_documents_measure_no_signature(audited):
    found = signature_of(audited("not_measured", CURVES["not_measured"]), NAMES)
    assert (found.status, found.confidence) == ("not_measured", "low")


def test_a_part_of_the_versions_is_flat_where_the_loss_was_made_good(reference):
    generations = of_all(losing(LAW, [1, 0.5, 0.5, 1, 1], 1000, stream(2)), 0)
    report = audit(lineage=generations, reference=reference, views=("words_1",))
    assert [each.phase for each in report.lineage.generations][1:3] == ["narrowing"] * 2
    assert shape_of(report) == "flat"


def test_one_version_has_a_signature_of_low_confidence_and_no_shape(reference):
    worn = of_all(losing(LAW, [0.6], 1000, stream(2)), 0)[0]
    report = audit(worn, reference, views=("words_1",))
    assert shape_of(report) == "not_measured"
    assert signature_of(report, ("v6",), "high").confidence == "low"
    assert shape_of(None) == "not_measured"
    assert signature_of(None, ()).status == "not_measured"


def estimate(metric, decision, value=0.8, low=0.75, high=0.85, generation=3, **more):
    given = {"baseline": "generation_1", "kind": "ratio", "unit": "ratio"} | more
    return Estimate(
        metric=metric, view="words_1", value=value, low=low, high=high, n=100, resampling_unit="documents", method="m",
        decision=decision, generation=generation, **given,
    )  # fmt: skip


def mean(decision, generation=3):
    return estimate("heldout_nll", decision, 0.0, -0.01, 0.01, generation, kind="value", unit="nats/token")


@pytest.fixture
def made(audited):
    """Make a report of three versions out of a real one."""
    whole = audited("flat", CURVES["flat"])

    def make(phase, *estimates, labels=(), falling=(), **more):
        generations = (
            GenerationRecord(generation=1, path="1", documents=9),
            GenerationRecord(generation=2, path="2", documents=9, phase="healthy"),
            GenerationRecord(generation=3, path="3", documents=9, phase=phase, labels=labels),
        )
        trend = tuple(Trend(metric=each, view="words_1", p=0.001, p_adjusted=0.001, direction="loss", slope=-0.1) for each in falling)
        lineage: LineageRecord = msgspec.structs.replace(whole.lineage, generations=generations, trend=trend, onset=None)
        told = Phase(name=phase, decided_by=(), definition="d", labels=labels)
        report: Report = msgspec.structs.replace(whole, phase=told, lineage=lineage, estimates=estimates, **({"differential": ()} | more))
        return report

    return make


LOST = estimate("tail_types_retained", "shrunk")


@pytest.mark.parametrize(
    ("estimates", "labels", "status", "confidence"),
    [
        ((LOST,), (), "not_measured", "low"),
        ((LOST,), ("tail-first",), "present", "medium"),
        ((LOST, mean("ok")), (), "present", "medium"),
        ((LOST, mean("ok")), ("tail-first",), "present", "high"),
        ((LOST, mean("shrunk")), ("tail-first",), "absent", "high"),
        ((LOST, mean("inconclusive")), (), "not_measured", "low"),
        ((estimate("tail_types_retained", "watch"), mean("ok")), (), "present", "medium"),
        ((estimate("tail_types_retained", "ok"), mean("ok")), (), "absent", "high"),
        ((LOST, estimate("tail_first_contrast", None, 0.5, 0.1, 0.9)), (), "absent", "medium"),
        ((LOST, estimate("tail_first_contrast", None, 0.5, -0.1, 0.9)), (), "not_measured", "low"),
        ((estimate("tail_types_retained", "shrunk", baseline="previous"),), ("tail-first",), "absent", "high"),
    ],
)
def test_the_signature_follows_its_rule(made, estimates, labels, status, confidence):
    found = signature_of(made("early", *estimates, labels=labels), NAMES[:3], "high")
    assert (found.status, found.confidence) == (status, confidence)
    assert signature_of(made("early", *estimates, labels=labels), NAMES[:3], "low").confidence == "low"


def explained(name):
    return (Explanation(name=name, status="supported", because="b"),)


@pytest.mark.parametrize(
    ("phase", "estimates", "more", "shape"),
    [
        ("early", (LOST,), {}, "mild_narrowing"),
        ("early", (estimate("tail_types_retained", "shrunk", 0.4, 0.3, 0.49),), {}, "advanced_collapse"),
        ("early", (estimate("tail_types_retained", "shrunk", 0.4, 0.3, 0.51),), {}, "mild_narrowing"),
        ("early", (estimate("tail_types_retained", "shrunk", 0.4, 0.3, 0.49, generation=2),), {}, "mild_narrowing"),
        ("narrowing", (estimate("hill_1", "shrunk", 0.4, 0.3, 0.49),), {}, "advanced_collapse"),
        ("narrowing", (estimate("hill_1", "shrunk", 0.4, 0.3, 0.49),), {"differential": explained("sharpening")}, "concentrating"),
        ("late", (LOST,), {}, "advanced_collapse"),
        ("late", (LOST,), {"differential": explained("drift")}, "drift"),
        ("watch", (), {}, "mild_narrowing"),
        ("healthy", (), {}, "flat"),
        ("healthy", (), {"falling": ("tail_types_retained",)}, "mild_narrowing"),
        ("healthy", (), {"falling": ("hill_1",)}, "flat"),
        ("inconclusive", (), {}, "not_measured"),
    ],
)
def test_the_shape_follows_its_rule(made, phase, estimates, more, shape):
    assert shape_of(made(phase, *estimates, **more)) == shape


def test_the_margin_that_was_set_decides_what_is_advanced(made):
    report = made("early", LOST)
    assert shape_of(msgspec.structs.replace(report, settings={"margin": {"late": 0.9}})) == "advanced_collapse"


@pytest.mark.parametrize(
    ("nats", "status", "because"), [(0.0, "present", "the mean on human text holds"), (0.5, "absent", "got worse with it")]
)
def test_scores_tell_whether_the_mean_held(nats, status, because, reference):
    candidate, baseline = scored(1500, nats, 0.0, stream(8))
    generations = of_all(losing(LAW, [1, 0.6], 400, stream(2)), 0)
    report = audit(lineage=generations, reference=reference, views=("words_1",), scores=[baseline, candidate])
    found = signature_of(report, NAMES[:2])
    assert found.status == status
    assert because in found.because


def test_generations_are_called_by_the_names_of_versions():
    assert named("Generation 2 to generation 3; generation 1, generation 9.", ("a", "b", "c")) == "b to c; a, generation 9."
