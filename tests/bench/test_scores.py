"""Scores with a known difference between two models."""

import numpy as np
import pytest

from bench.scores import NOISE, scored


def both(documents=40_000, nats=0.05, share=0.02, seed=1):
    return scored(documents, nats, share, np.random.default_rng(seed))


def test_both_models_score_the_same_documents_in_the_order_of_their_ids():
    candidate, baseline = both(1000)
    assert np.array_equal(candidate.ids, baseline.ids)
    assert (np.diff(candidate.ids.astype(float)) > 0).all()
    assert np.array_equal(candidate.tokens, baseline.tokens)
    assert candidate.tokens.min() >= 1


def test_the_candidate_is_worse_by_the_difference_asked_for():
    candidate, baseline = both()
    apart = (candidate.nll - baseline.nll) / candidate.tokens
    assert apart.mean() == pytest.approx(0.05, abs=4 * NOISE * np.sqrt(2 / 40_000))
    assert apart.std() == pytest.approx(NOISE * np.sqrt(2), rel=0.03)
    assert candidate.correct.mean() - baseline.correct.mean() == pytest.approx(-0.02, abs=4 * np.sqrt(2 * 0.24 / 40_000))


def test_the_difference_is_the_same_on_documents_that_both_models_find_hard():
    candidate, baseline = both()
    hard = np.argsort(-(candidate.nll + baseline.nll) / candidate.tokens)[:2000]
    apart = ((candidate.nll - baseline.nll) / candidate.tokens)[hard]
    assert apart.mean() == pytest.approx(0.05, abs=4 * apart.std() / np.sqrt(2000))


def test_documents_are_hard_for_both_models_or_for_neither():
    candidate, baseline = both()
    losses = [each.nll / each.tokens for each in (candidate, baseline)]
    assert np.corrcoef(losses)[0, 1] > 0.9
    assert np.corrcoef(candidate.correct, baseline.correct)[0, 1] > 0.05
