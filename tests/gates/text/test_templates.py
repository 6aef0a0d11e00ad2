"""Openings and skeletons that too many documents share."""

import numpy as np
import pyarrow as pa
import pytest

from longtail.errors import ConfigError
from longtail.gates import Batch
from longtail.gates.text.templates import Templates, opening, skeleton
from tests.gates.triage.planting import stdlib

CITIES = ["Oslo", "Lima", "New Delhi", "Rome", "Cairo", "Quito", "Hanoi", "Bern", "Accra", "Dakar", "Minsk", "Riga"]


def with_templates(count=40):
    plain = stdlib()[:300]
    sure = [f"Sure! Here is a short answer for you: {text}" for text in stdlib()[300 : 300 + count]]
    capitals = [f"{CITIES[at % 12]} has {at * 37:,} people and is the capital of a country since {1800 + at}." for at in range(count)]
    return plain, sure, capitals


def test_an_opening_is_words_without_case_and_punctuation():
    assert opening("Sure! Here's the answer, as asked.", 4) == "sure here's the answer" and opening("Too short", 4) == ""


def test_a_skeleton_has_names_numbers_and_quotations_masked():
    left, right = (
        f"The capital of {one} is {two}, with {n} people." for one, two, n in (("Peru", "Lima", "10,092"), ("New Spain", "La Paz", "7"))
    )
    assert skeleton(left, 32) == skeleton(right, 32) != ""
    assert skeleton('He said "no" to it all', 32) == skeleton("He said “never again” to it all", 32)
    assert skeleton("NASA ESA JAXA", 32) == ""


def test_only_the_quota_of_a_template_passes():
    plain, sure, capitals = with_templates()
    found = Templates(most=0.02, beyond="reject")(Batch.of([*plain, *sure, *capitals]))
    quota = int(0.02 * 380)
    assert [int((part < 2).sum()) for part in (found.decisions[300:340], found.decisions[340:])] == [quota, quota]
    assert (found.decisions[:300] == 0).all()
    reasons = {reason for reason in found.reasons if reason}
    assert any(reason == "10.5% of the documents begin as “sure here is a short”, at most 2.0%" for reason in reasons)
    assert any("are built as “§ has # people" in reason for reason in reasons)


def test_who_passes_does_not_depend_on_the_order_or_on_the_batches():
    plain, sure, capitals = with_templates()
    texts = np.array([*plain, *sure, *capitals], object)
    batch = Batch.of(texts)
    whole = Templates()(batch)
    order = np.random.default_rng(0).permutation(len(texts))
    other = Templates()(Batch.of(texts[order]))
    assert (other.decisions == whole.decisions[order]).all()
    parts = [batch.take(part) for part in np.array_split(np.arange(0, len(texts)), 7)]
    judge = Templates().over(lambda: parts)
    assert (np.concatenate([judge(part).decisions for part in parts]) == whole.decisions).all()
    assert (Templates(seed=1)(batch).decisions != whole.decisions).any()


def test_human_documents_take_the_places_first():
    rows = [{"text": f"Sure! Here is a short answer: {at}", "lt_origin": "human" if at % 10 == 3 else "synthetic"} for at in range(50)]
    found = Templates(most=0.1, fewest=1)(Batch.of(rows))
    assert np.flatnonzero(found.decisions == 0).tolist() == [3, 13, 23, 33, 43]


def test_positions_may_have_holes():
    plain, sure, _ = with_templates()
    batch = Batch.of([*plain, *sure]).take(np.arange(0, 340, 3))
    judge = Templates(most=0.02, fewest=1).over(lambda: [batch])
    assert judge(batch.take([0, 110])).decisions.tolist() == [0, judge(batch).decisions[110]]


def test_few_documents_are_left_alone():
    assert (Templates()(Batch.of([f"Dear friend, thank you for your letter of {day}." for day in range(5)])).decisions == 0).all()


def test_a_missing_text_is_no_text():
    found = Templates()(Batch(pa.array(["a"]), pa.array([None], pa.string())))
    assert found.at(0).reason == "no text"


@pytest.mark.parametrize("settings", [{"most": 0}, {"most": 1.2}, {"fewest": 0}, {"opening": -1}, {"beyond": "drop"}, {"most": True}])
def test_settings_out_of_range_are_refused(settings):
    with pytest.raises(ConfigError, match=f"templates: {next(iter(settings))} is"):
        Templates(**settings)
