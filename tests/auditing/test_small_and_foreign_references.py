"""References that are too small or of another kind of text: what a first user meets, and must not be misled by."""

import re

import numpy as np
import pytest

from longtail.auditing import audit


def status_of(report, code):
    found = {f.code: f.status for f in report.findings} | {u.code: "not_measured" for u in report.not_measured}
    return found.get(code, "pass")


@pytest.fixture(scope="module")
def sample(stdlib_paragraphs):
    order = np.random.default_rng(3).permutation(len(stdlib_paragraphs))
    return lambda start, size: [stdlib_paragraphs[place] for place in order[start : start + size]]


@pytest.mark.parametrize("size", [96, 150, 185])
def test_a_reference_whose_halves_are_too_small_is_not_called_large_enough(sample, size):
    """A reference is split in two, so it needs twice what a baseline needs."""
    report = audit(iter(sample(0, 1000)), iter(sample(1000, size)), views=("words_1",))
    assert status_of(report, "LT301") == "not_measured"
    assert status_of(report, "LT901") == "warn"


def test_the_number_of_documents_asked_for_is_more_than_what_is_there(sample):
    report = audit(iter(sample(0, 1000)), iter(sample(1000, 150)), views=("words_1",))
    absence = next(u for u in report.not_measured if u.code == "LT301")
    asked = [int(number.replace(",", "")) for number in re.findall(r"at least ([\d,]+)", absence.enable)]
    assert asked and min(asked) > 150


def test_what_it_asks_for_is_enough(sample):
    report = audit(iter(sample(0, 1000)), iter(sample(1000, 240)), views=("words_1",))
    assert any(estimate.decision for estimate in report.estimates)


def test_nothing_is_said_of_a_comparison_that_was_not_made(sample):
    report = audit(iter(sample(0, 1000)), iter(sample(1000, 150)), views=("words_1",))
    assert report.phase.name == "inconclusive"
    assert "sampling loss is included" not in report.summary
    assert report.guarantee.alpha_spent == 0


def test_human_text_of_another_kind_is_not_said_to_be_a_model_copying_itself(stdlib_paragraphs, shared_prose):
    """Speeches, plays and manuals differ in their rare words: against a reference alone another subject is the likelier cause."""
    report = audit(iter(shared_prose[:3000]), iter(stdlib_paragraphs), views=("words_1",))
    assert "as expected when a model copies its own" not in report.summary
    if report.phase.name != "healthy":
        assert re.search("subject|topic|kind of text|another source", report.summary), report.summary
