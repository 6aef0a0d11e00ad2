"""Means and histograms of losses against numpy."""

import numpy as np
import pytest

import longtail
from longtail.auditing.inputs import Inputs
from longtail.auditing.pictures.losses import BINS, losses_of
from longtail.readers.scores import scores_of
from tests.auditing.made import scored

PROFILE = longtail.profile(["one text here"])


def inputs(**scores):
    return Inputs(PROFILE, None, None, None, **scores)


def test_shares_and_means_are_those_of_the_documents():
    scores = scored(1, own=True)
    found = losses_of([inputs(scores=scores)])
    human, own = found["rows"]
    assert [(row["model"], row["text"], row["documents"]) for row in found["rows"]] == [
        ("candidate", "human", 400),
        ("candidate", "own", 200),
    ]
    assert human["mean"] == pytest.approx(scores.nll.sum() / scores.tokens.sum()) and human["low"] < human["mean"] < human["high"]
    inside = np.clip(scores.nll / scores.tokens, found["edges"][0], found["edges"][-1])
    assert human["shares"] == pytest.approx(np.histogram(inside, found["edges"])[0] / 400, abs=1e-6)
    assert sum(own["shares"]) == pytest.approx(1, abs=1e-4) and len(own["shares"]) == BINS == len(found["edges"]) - 1


def test_a_lineage_has_a_row_for_each_generation_in_order():
    first, second, third = (scored(seed, shift=seed / 10) for seed in (1, 2, 3))
    found = losses_of([inputs(scores=second, baseline_scores=first), inputs(scores=third, baseline_scores=first)])
    assert [(row["model"], row["generation"]) for row in found["rows"]] == [(f"generation {at}", at) for at in (1, 2, 3)]
    means = [row["mean"] for row in found["rows"]]
    assert means == sorted(means)


def test_without_scores_or_with_too_few_there_is_nothing():
    few = scores_of({"lt_id": ["a", "b"], "nll": [3.0, 4.0], "tokens": [2, 2]})
    assert losses_of([inputs()]) == {} == losses_of([inputs(scores=few)])


def test_equal_losses_have_bins_too():
    same = scores_of({"lt_id": [f"d{at}" for at in range(100)], "nll": [3.0] * 100, "tokens": [2] * 100})
    found = losses_of([inputs(scores=same)])
    assert found["edges"] == sorted(set(found["edges"])) and sum(found["rows"][0]["shares"]) == 1
