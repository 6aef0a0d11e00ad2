"""The recipes that come with longtail: each can be read, and the one for scrapes lets little of a model pass at a stated price."""

import numpy as np
import pytest
from scipy.stats import norm

from longtail.gates import Batch, Gate, attribution, consistency, duplicates, entailment, text, triage
from longtail.gates.recipe import presets, read_recipe
from tests.gates.triage import planting

assert all((attribution, consistency, duplicates, entailment, text, triage))
SYNTHETIC = 0.4


@pytest.mark.parametrize("name", ["synth", "scrape", "consistency", "writeback"])
def test_a_preset_is_a_recipe_whose_gates_exist(name):
    assert presets()[name].endswith(".")
    assert Gate.read(name).spare == ("human",) == read_recipe(name).spare


@pytest.mark.parametrize("name", ["scrape", "writeback"])
def test_what_is_unsure_is_held_where_an_error_is_dear(name):
    assert Gate.read(name).unsure == "hold"


def posterior(rng, synthetic, distance):
    """Probability of a model by a detector whose score is normal, `distance` apart: area under the ROC Phi(distance / sqrt 2)."""
    score = rng.normal(size=len(synthetic)) + distance * synthetic
    odds = np.log(SYNTHETIC / (1 - SYNTHETIC)) + distance * score - distance**2 / 2
    return 1 / (1 + np.exp(-odds))


def expected(distance, threshold):
    """Share of a model in what passes, and share of human text that is lost, in closed form."""
    edge = (np.log(threshold / (1 - threshold)) - np.log(SYNTHETIC / (1 - SYNTHETIC)) + distance**2 / 2) / distance
    human, model = norm.cdf(edge) * (1 - SYNTHETIC), norm.cdf(edge - distance) * SYNTHETIC
    return model / (human + model), 1 - norm.cdf(edge)


@pytest.mark.parametrize(("distance", "least_area"), [(1.6, 0.87), (2.0, 0.92), (3.0, 0.98)])
def test_a_scrape_that_is_two_fifths_synthetic_leaves_a_tenth_at_a_stated_price(distance, least_area):
    """The stage that reads the detector, with the preset's threshold, on 40,000 rows of a detector of known ROC."""
    rng = np.random.default_rng(5)
    assert norm.cdf(distance / np.sqrt(2)) >= least_area
    synthetic = rng.random(40_000) < SYNTHETIC
    scores = posterior(rng, synthetic, distance)
    stage = Gate.read("scrape").stages[-1]
    found = stage.gate(Batch.of([{"text": "x", "detector_score": float(score)} for score in scores]))
    passed = found.decisions == 0
    residual, lost = expected(distance, stage.gate.threshold)
    assert synthetic[passed].mean() == pytest.approx(residual, abs=0.01) and residual <= 0.10
    assert 1 - passed[~synthetic].mean() == pytest.approx(lost, abs=0.015)


def test_a_weak_detector_does_not_reach_a_tenth_but_keeps_the_promise_of_its_threshold():
    residual, lost = expected(0.8, 0.2)
    assert 0.1 < residual <= 0.2 and lost > 0.5


def test_the_whole_preset_on_text():
    """Long passages of one corpus, two fifths of them called synthetic: the other stages cost next to no human text."""
    rng = np.random.default_rng(6)
    texts = planting.addresses(150)[:1500]
    synthetic = rng.random(len(texts)) < SYNTHETIC
    rows = [{"text": text, "detector_score": float(score)} for text, score in zip(texts, posterior(rng, synthetic, 2.0), strict=True)]
    gate = Gate.read("scrape")
    passed = gate.passes(gate.judge(rows))
    residual, lost = expected(2.0, 0.2)
    assert synthetic[passed].mean() <= 0.10
    assert 1 - passed[~synthetic].mean() == pytest.approx(lost, abs=0.06)


def test_a_scrape_without_the_score_is_held_and_not_passed():
    gate = Gate.read("scrape")
    found = gate.judge([{"text": text} for text in [" ".join(planting.stdlib()[at : at + 6]) for at in range(0, 60, 6)]])
    assert not gate.passes(found).any() and any("no score" in reason for reason in found.reasons)


def test_human_rows_of_a_scrape_are_not_judged():
    rows = [{"text": f"short {at}", "lt_origin": "human", "detector_score": 0.99} for at in range(3)]
    gate = Gate.read("scrape")
    assert gate.passes(gate.judge(rows)).all()
