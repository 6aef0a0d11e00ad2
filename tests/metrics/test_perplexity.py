"""The perplexity pair: crossing, both down, both up, and what cannot be told."""

import numpy as np
import pytest

from longtail.metrics.perplexity import perplexity_pair
from longtail.records import NotMeasured

from .test_losses import scored


def models(human=0.0, own=0.0, documents=800, seed=0):
    """Scores of two models: the candidate's loss on human text and on its own output changed by so many nats per token."""
    rng = np.random.default_rng(seed)
    shared, tokens = rng.gamma(9, 0.35, documents), rng.integers(20, 120, documents)
    ones = rng.integers(20, 120, documents)
    noise = rng.normal(0, 0.03, documents)
    baseline = scored(shared, tokens, (rng.gamma(16, 0.12, documents), ones))
    candidate = scored(np.maximum(shared + human + noise, 0.01), tokens, (rng.gamma(16, 0.12, documents) + own, ones))
    return candidate, baseline


@pytest.mark.parametrize(
    ("human", "own", "decisions"),
    [(0.2, -0.3, ("shrunk", "ok")), (-0.2, -0.3, ("ok", "ok")), (0.2, 0.3, ("shrunk", "shrunk")), (0.0, 0.0, ("ok", None))],
)
def test_each_change_is_decided_by_its_own_interval(human, own, decisions):
    changes = perplexity_pair(*models(human, own))
    assert changes[0].decision == decisions[0]
    assert decisions[1] in (None, changes[1].decision)
    assert changes[0].low <= human <= changes[0].high
    assert changes[1].value == pytest.approx(own, abs=0.1)


def test_values_are_those_of_the_sums():
    candidate, baseline = models(0.1, -0.1, seed=3)
    human, own = perplexity_pair(candidate, baseline)
    assert human.value == pytest.approx(candidate.nll.sum() / candidate.tokens.sum() - baseline.nll.sum() / baseline.tokens.sum())
    assert human.baseline_value == pytest.approx(baseline.nll.sum() / baseline.tokens.sum())
    assert own.value == pytest.approx(
        candidate.own.nll.sum() / candidate.own.tokens.sum() - baseline.own.nll.sum() / baseline.own.tokens.sum()
    )
    assert "margin 0.02" in human.method


def test_the_paired_interval_is_narrower_than_that_of_apart_documents():
    human, own = perplexity_pair(*models(0.1, 0.1))
    assert human.high - human.low < 0.25 * (own.high - own.low)


def test_intervals_hold_the_truth_as_often_as_they_say():
    held = np.zeros(2)
    for seed in range(150):
        changes = perplexity_pair(*models(0.05, 0.05, documents=200, seed=seed))
        held += [change.low <= 0.05 <= change.high for change in changes]
    assert (held >= 134).all(), held


def test_a_rise_inside_the_margin_is_watched_and_a_wide_interval_is_open():
    human, _ = perplexity_pair(*models(0.015), margin=0.02)
    assert human.decision == "watch"
    _, own = perplexity_pair(*models(own=0.0, documents=120))
    assert own.decision == "inconclusive"


def test_without_own_output_only_the_human_half_is_measured():
    candidate, baseline = models()
    alone = scored(np.ones(800))
    human, own = perplexity_pair(candidate, baseline.__class__(**{**vars(baseline), "own": None}))
    assert human.decision == "ok"
    assert isinstance(own, NotMeasured)
    assert "split = own" in own.enable
    few = perplexity_pair(scored(np.ones(20)), alone)
    assert [type(each) for each in few] == [NotMeasured, NotMeasured]
    assert [each.metric for each in few] == ["human_nll_change", "own_nll_change"]
