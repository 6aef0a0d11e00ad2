"""A reference that was also training data hides a loss; what is said about it, and what --baseline does."""

import json

import pytest

from longtail.auditing import audit
from longtail.summaries.profiling import profile


@pytest.fixture(scope="module")
def data(five_generations):
    files = {"held_out": five_generations.human, "leaked": five_generations.train}
    files |= {"first": five_generations.lineages["replace"][0], "last": five_generations.lineages["replace"][-1]}
    return {name: profile(path) for name, path in files.items()}


def types(report):
    return next(e for e in report.estimates if e.metric == "tail_types_retained" and e.view == "words_1" and e.decision)


def statuses(report):
    return {finding.code: finding.status for finding in report.findings}


def test_a_reference_the_model_was_trained_on_hides_the_loss(data):
    honest, flattered = (types(audit(data["last"], data[reference])) for reference in ("held_out", "leaked"))
    assert honest.value < 0.75  # measured .66 [.59, .74]
    assert flattered.value > honest.high + 0.05  # measured .86


def test_a_baseline_keeps_a_leaked_reference_from_hiding_the_loss(data):
    honest, leaked = (types(audit(data["last"], data[reference], data["first"])) for reference in ("held_out", "leaked"))
    assert honest.decision == leaked.decision == "shrunk"
    assert abs(leaked.value - honest.value) < 0.12  # measured .54 and .62: what the leak leaves errs towards loss
    assert leaked.low < honest.high and honest.low < leaked.high


def test_training_on_the_reference_fails_where_the_training_set_is_named(data):
    report = audit(data["last"], data["leaked"], trained_on=data["leaked"])
    assert statuses(report)["LT903"] == "fail"
    assert "100.00% of reference documents stand in the training set" in next(f.because for f in report.findings if f.code == "LT903")


def test_a_held_out_reference_passes_and_without_a_training_set_the_assumption_is_told(data):
    assert "LT903" in audit(data["last"], data["held_out"], trained_on=data["leaked"]).passed
    report = audit(data["last"], data["held_out"]).to_dict()
    told = json.dumps([report[part] for part in ("summary", "guarantee", "phase", "findings", "not_measured", "passed")])
    assert "assum" in told, "where nothing says what the model was trained on, the report states the assumption"


def test_a_training_leak_that_the_baseline_cancels_only_warns(data):
    """Eleven short documents that the model says again by itself (0.3 %) are a warning of their own, not a reason to fail."""
    report = audit(data["last"], data["leaked"], data["first"], trained_on=data["leaked"])
    assert statuses(report)["LT903"] == "warn"


def test_reference_documents_among_the_candidate_fail(five_generations, tmp_path):
    mixed = tmp_path / "mixed.jsonl"
    human = five_generations.human.read_bytes().splitlines(keepends=True)
    mixed.write_bytes(five_generations.train.read_bytes() + b"".join(human[:200]))
    report = audit(mixed, five_generations.human, views=("words_1",))
    assert statuses(report)["LT903"] == "fail"
