"""Predictive entropy and top-1 mass against numpy and a closed form."""

import numpy as np
import pytest

from longtail.metrics.prediction import predictive_entropy, predictive_entropy_ratio, top1_mass, top1_mass_ratio
from longtail.records import NotMeasured

from .test_losses import scored


def laws(temperature, documents=400, seed=0):
    """Scores with the entropy and the greatest probability of softmax laws, means over 20 positions of each document."""
    logits = np.random.default_rng(seed).normal(0, 2, (documents, 20, 50)) / temperature
    shares = np.exp(logits - logits.max(axis=2, keepdims=True))
    shares /= shares.sum(axis=2, keepdims=True)
    entropy = -(shares * np.log(shares)).sum(axis=2).mean(axis=1)
    return scored(np.ones(documents), np.arange(1, documents + 1), entropy=entropy, top1=shares.max(axis=2).mean(axis=1))


def test_values_are_means_over_tokens():
    scores = laws(1.0)
    for metric, column in ((predictive_entropy, scores.entropy), (top1_mass, scores.top1)):
        found = metric(scores)
        assert found.value == pytest.approx(np.average(column, weights=scores.tokens))
        assert found.low < found.value < found.high
    assert top1_mass(scores).high <= 1


def test_a_ratio_is_that_of_the_means_and_paired():
    cold, warm = laws(0.4), laws(1.0)
    found = predictive_entropy_ratio(cold, warm)
    assert found.value == pytest.approx(predictive_entropy(cold).value / predictive_entropy(warm).value)
    assert found.high < 1 < top1_mass_ratio(cold, warm).low
    apart = predictive_entropy_ratio(cold, laws(1.0, seed=9))
    assert found.high - found.low < apart.high - apart.low


def test_a_fall_by_a_factor_is_told_as_that_factor():
    scores = laws(1.0)
    fallen = scored(np.ones(400), np.arange(1, 401), entropy=scores.entropy[np.argsort([int(n[1:]) for n in scores.names])] / 3.5)
    found = predictive_entropy_ratio(fallen, scores)
    assert 1 / found.value == pytest.approx(3.5)
    assert (found.low, found.high) == (pytest.approx(found.value), pytest.approx(found.value))


def test_absent_columns_few_documents_and_nothing_but_zeros():
    plain = scored(np.ones(200))
    for metric in (predictive_entropy, top1_mass):
        assert isinstance(metric(plain), NotMeasured)
    assert "column 'entropy'" in predictive_entropy_ratio(plain, laws(1.0, 200)).reason
    half = [1.0] * 10 + [None] * 190
    assert "only 10 documents" in predictive_entropy(scored(np.ones(200), entropy=half)).reason
    assert "only 10 documents" in predictive_entropy_ratio(*[scored(np.ones(200), entropy=half)] * 2).reason
    still = scored(np.ones(200), entropy=np.zeros(200))
    assert predictive_entropy(still).value == 0.0
    assert isinstance(predictive_entropy_ratio(still, still), NotMeasured)
    one = scored(np.ones(200), entropy=[1.0] + [0.0] * 199)
    assert isinstance(predictive_entropy_ratio(one, one), NotMeasured)
    assert isinstance(predictive_entropy_ratio(*[scored(np.ones(20), entropy=np.ones(20))] * 2), NotMeasured)
