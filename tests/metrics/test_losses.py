"""Losses of one model against numpy, and of unigram models against their closed form."""

import numpy as np
import pytest

from longtail.metrics.likelihood import train_gap
from longtail.metrics.losses import nll_cvar95, nll_q90, nll_q95, nll_q99, quantile_bounds, self_gap, worst_mean
from longtail.readers.scores import scores_of
from longtail.records import Estimate, NotMeasured


def scored(losses, tokens=None, own=None, **columns):
    """Scores of documents with these losses per token; `own` adds (losses, tokens) of the model's own samples."""
    tokens = np.ones(len(losses), int) if tokens is None else np.asarray(tokens)
    rows = {"lt_id": [f"d{at}" for at in range(len(losses))], "nll": list(losses * tokens), "tokens": tokens.tolist()}
    rows |= {"split": ["heldout"] * len(losses)} | {name: list(values) for name, values in columns.items()}
    if own is not None:
        rows["lt_id"] += [f"own{at}" for at in range(len(own[0]))]
        rows["nll"] += list(own[0] * own[1])
        rows["tokens"] += own[1].tolist()
        rows["split"] += ["own"] * len(own[0])
        for name in columns:
            rows[name] += [None] * len(own[0])
    return scores_of(rows)


def test_the_self_gap_of_unigram_models_is_their_relative_entropy_and_more():
    """A model q writes its own text: NLL(real) - NLL(own) is the cross-entropy of p under q less the entropy of q."""
    rng = np.random.default_rng(0)
    p, q = np.array([0.5, 0.3, 0.15, 0.05]), np.array([0.7, 0.2, 0.08, 0.02])
    tokens = np.full(2000, 50)
    real, own = (-np.log(q)[rng.choice(4, (2000, 50), p=law)].mean(axis=1) for law in (p, q))
    truth = float(-(p * np.log(q)).sum() + (q * np.log(q)).sum())
    found = self_gap(scored(real, tokens, (own, tokens)))
    assert found.low <= truth <= found.high
    assert found.value == pytest.approx(real.mean() - own.mean())
    assert (found.metric, found.unit, found.n) == ("self_gap", "nats/token", 2000)
    assert found.high - found.low < 0.03


def test_the_interval_of_the_self_gap_holds_the_truth_as_often_as_it_says():
    rng, held = np.random.default_rng(1), 0
    for _ in range(200):
        real, own = rng.gamma(4, 0.5, 200), rng.gamma(3, 0.5, 100)
        found = self_gap(scored(real, own=(own, np.ones(100, int))))
        held += found.low <= 0.5 <= found.high
    assert 180 <= held <= 199


def test_without_own_output_there_is_no_self_gap():
    found = self_gap(scored(np.ones(200)))
    assert isinstance(found, NotMeasured)
    assert "split 'own'" in found.reason
    assert "only 3 documents" in self_gap(scored(np.ones(200), own=(np.ones(3), np.ones(3, int)))).reason
    assert isinstance(train_gap(scored(np.ones(200), own=(np.ones(50), np.ones(50, int)))), NotMeasured)


@pytest.mark.parametrize(("metric", "level"), [(nll_q90, 0.9), (nll_q95, 0.95), (nll_q99, 0.99)])
def test_quantiles_are_those_of_numpy_with_order_statistics_around(metric, level):
    rng = np.random.default_rng(2)
    losses, tokens = rng.gamma(3, 1.0, 1000), rng.integers(1, 80, 1000)
    found = metric(scored(losses, tokens))
    assert found.value == pytest.approx(np.quantile(losses, level))
    assert found.low < found.value < found.high
    assert found.metric == metric.__name__
    assert all(np.isclose(losses, bound).any() for bound in (found.low, found.high))


@pytest.mark.parametrize("level", [0.9, 0.95, 0.99])
def test_the_interval_of_a_quantile_holds_the_truth_as_often_as_it_says(level):
    rng = np.random.default_rng(3)
    truth, held = -np.log(1 - level), 0
    for _ in range(400):
        _, low, high = quantile_bounds(rng.exponential(1.0, 600), level)
        held += low <= truth <= high
    assert 0.925 <= held / 400 <= 0.995


def test_too_few_documents_hold_no_interval_of_a_high_quantile():
    assert quantile_bounds(np.arange(300.0), 0.99) is None
    assert isinstance(nll_q99(scored(np.arange(300.0))), NotMeasured)
    assert isinstance(nll_q95(scored(np.arange(300.0))), Estimate)


def test_the_mean_of_the_worst_counts_the_last_of_them_in_part():
    assert worst_mean(np.arange(1.0, 101.0)) == pytest.approx(np.mean([96, 97, 98, 99, 100]))
    assert worst_mean(np.arange(1.0, 111.0)) == pytest.approx((106 + 107 + 108 + 109 + 110 + 0.5 * 105) / 5.5)


def test_cvar_is_the_integral_of_the_quantiles():
    """Rockafellar and Uryasev's second form: min over c of c + E[(loss - c)+] / .05."""
    losses = np.random.default_rng(4).gamma(3, 1.0, 777)
    found = nll_cvar95(scored(losses))
    second = min(c + np.maximum(losses - c, 0).mean() / 0.05 for c in losses)
    assert found.value == pytest.approx(second)
    assert found.low < found.value < found.high
    assert isinstance(nll_cvar95(scored(losses[:95])), NotMeasured)
