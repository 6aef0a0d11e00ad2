"""What log-probabilities say of one model and of two, held against sums made by hand."""

import dataclasses

import numpy as np
import pytest

import longtail
from longtail.auditing.inputs import Inputs
from longtail.auditing.modelside import of_model, of_models
from longtail.auditing.options import Options
from longtail.errors import IncompatibleSummaries
from longtail.records import Estimate, NotMeasured

from .made import names, scored

STATED = {"predictive_entropy": "entropy", "top1_mass": "top1"}


@pytest.fixture(scope="module")
def candidate():
    return longtail.profile(["one text"])


def pair(candidate, here, there):
    return Inputs(candidate, None, None, None, scores=here, baseline_scores=there)


def told(outcomes):
    return {outcome.metric: outcome for outcome in outcomes}


def test_scores_of_one_model_say_what_they_state_and_nothing_else():
    always = {"heldout_nll", "train_gap", "nll_q90", "nll_q95", "nll_q99", "nll_cvar95"}
    assert names(of_model(scored(1))) == always
    assert names(of_model(scored(1, own=True))) == always | {"self_gap"}
    for metric, column in STATED.items():
        assert names(of_model(scored(1, **{column: [0.5] * 400}))) == always | {metric}


def test_the_loss_of_one_model_is_that_of_the_sums():
    scores = scored(1)
    found = told(of_model(scores))
    assert found["heldout_nll"].value == pytest.approx(scores.nll.sum() / scores.tokens.sum(), rel=1e-12)
    assert found["nll_q95"].value == pytest.approx(np.quantile(scores.nll / 50, 0.95), rel=1e-12)
    assert found["nll_cvar95"].value == pytest.approx(np.sort(scores.nll / 50)[-20:].mean(), rel=1e-12)
    assert isinstance(found["train_gap"], NotMeasured) and "split 'train'" in found["train_gap"].reason


def test_a_model_that_suits_its_own_output_has_a_gap():
    scores = scored(1, own=True)
    by_hand = scores.nll.sum() / scores.tokens.sum() - scores.own.nll.sum() / scores.own.tokens.sum()
    assert told(of_model(scores))["self_gap"].value == pytest.approx(by_hand, abs=1e-12)


def test_scores_of_two_models_give_the_pair_and_the_gap(candidate):
    found = told(of_models(pair(candidate, scored(1, 0.5, own=True), scored(2, own=True)), Options(), 0.05))
    assert found.keys() == {"tail_accuracy", "tail_gap", "human_nll_change", "own_nll_change"}
    assert found["human_nll_change"].value == pytest.approx(0.5, abs=0.05)
    assert found["human_nll_change"].decision == "shrunk"


@pytest.mark.parametrize("present", ["neither", "here", "there"])
def test_of_one_file_or_none_nothing_is_said_of_two(candidate, present):
    made = scored(1)
    inputs = pair(candidate, made if present == "here" else None, made if present == "there" else None)
    assert of_models(inputs, Options(), 0.05) == ()


def test_the_margin_of_the_options_decides_the_pair(candidate):
    inputs = pair(candidate, scored(1, 0.1), scored(2))
    decisions = {
        margin: told(of_models(inputs, Options(margin={"nll": margin}), 0.05))["human_nll_change"].decision for margin in (0.02, 0.5)
    }
    assert decisions[0.02] == "shrunk"
    assert decisions[0.5] == "watch"


def test_the_level_sets_the_number_of_swaps_and_so_the_least_p(candidate):
    right = np.arange(400) % 10 > 0
    marks = {"tail": (np.arange(400) < 200).astype(float)}
    inputs = pair(
        candidate, scored(1, correct=np.where(np.arange(400) < 200, 0.0, right), **marks), scored(2, correct=right * 1.0, **marks)
    )
    least = [told(of_models(inputs, Options(), level))["tail_gap"].p for level in (0.05, 0.001)]
    assert least == pytest.approx([1 / 1000, 1 / 20_001])


@pytest.mark.parametrize(("metric", "column"), STATED.items())
def test_a_column_that_one_file_lacks_is_compared_by_neither(candidate, metric, column):
    stated, silent = scored(1, **{column: np.full(400, 0.4)}), scored(2)
    assert metric not in names(of_models(pair(candidate, stated, silent), Options(), 0.05))
    assert metric not in names(of_models(pair(candidate, silent, stated), Options(), 0.05))
    ratio = told(of_models(pair(candidate, stated, scored(2, **{column: np.full(400, 0.8)})), Options(), 0.05))[metric]
    assert isinstance(ratio, Estimate) and ratio.value == pytest.approx(0.5) and ratio.baseline_value == pytest.approx(0.8)


def test_two_tokenizers_are_refused(candidate):
    other = scored(2)
    unlike = dataclasses.replace(other, tokens=other.tokens + 1)
    with pytest.raises(IncompatibleSummaries, match="unlike tokenizers: 400 of 400 documents"):
        of_models(pair(candidate, scored(1), unlike), Options(), 0.05)
