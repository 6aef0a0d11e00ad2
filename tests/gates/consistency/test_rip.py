"""A prompt is kept by the worst of the responses to it."""

import numpy as np
import pytest

from longtail.errors import ConfigError
from longtail.gates.batch import Batch
from longtail.gates.consistency.rip import Rip


def documents(count=200, seed=0):
    rng = np.random.default_rng(seed)
    return [
        {"text": f"prompt {at}", "rewards": rng.normal(size=4).round(3).tolist(), "lengths": rng.integers(10, 400, 4).tolist()}
        for at in range(count)
    ]


def decided(gate, given):
    return [gate(Batch.of(given)).at(at) for at in range(len(given))]


def brute(given, reward=0.5, length=0.5, gap=0.5):
    worst = [min(range(4), key=lambda at: each["rewards"][at]) for each in given]
    low = np.array([each["rewards"][at] for each, at in zip(given, worst, strict=True)])
    long = np.array([each["lengths"][at] for each, at in zip(given, worst, strict=True)])
    wide = np.array([max(each["rewards"]) for each in given]) - low
    return (low >= np.quantile(low, reward)) & (long >= np.quantile(long, length)) & (wide <= np.quantile(wide, gap))


@pytest.mark.parametrize("quantiles", [(0.5, 0.5, 0.5), (0.2, 0.0, 1.0), (0.0, 0.3, 0.8)])
def test_what_is_kept_is_what_the_three_quantiles_leave(quantiles):
    given = documents()
    reward, length, gap = quantiles
    gate = Rip(lengths="lengths", reward=reward, length=length, gap=gap)
    assert (gate(Batch.of(given)).decisions == 0).tolist() == brute(given, *quantiles).tolist()


def test_the_reasons_name_each_threshold_that_is_missed():
    given = [
        {"text": "good", "rewards": [1.0, 0.9], "responses": ["long enough", "long enough"]},
        {"text": "bad", "rewards": [1.0, -2.0], "responses": ["long enough", "no"]},
        {"text": "fair", "rewards": [1.0, 0.8], "responses": ["long enough", "long enough"]},
    ]
    found = decided(Rip(), given)
    assert [each.decision for each in found] == ["keep", "reject", "keep"]
    assert found[1].reason == (
        "the rejected response's reward is -2, below 0.8; its length is 2, below 11; the best response's reward is 3 higher, above 0.2"
    )
    assert found[1].score == -2.0


def test_the_thresholds_are_those_of_the_whole_data_set_in_any_parts():
    given = documents()
    batch, gate = Batch.of(given), Rip(lengths="lengths")
    parts = [batch.take(np.arange(start, start + 50)) for start in range(0, 200, 50)]
    judge = gate.over(lambda: iter(parts))
    assert np.concatenate([judge(part).decisions for part in parts]).tolist() == gate(batch).decisions.tolist()


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({}, "no pair of responses"),
        ({"rewards": [1.0]}, "no pair of responses"),
        ({"rewards": [1.0, float("nan")]}, "all finite numbers"),
        ({"rewards": [1.0, "2"]}, "all finite numbers"),
        ({"rewards": [1.0, 2.0]}, "no lengths"),
        ({"rewards": [1.0, 2.0], "responses": ["one"]}, "for each of 2 rewards"),
    ],
)
def test_a_document_without_rewards_or_lengths_is_no_pass_and_moves_no_threshold(columns, told):
    sound = [{"text": f"s{at}", "rewards": [at, at + 1.0], "responses": ["same", "same"]} for at in range(10)]
    alone = [each.decision for each in decided(Rip(), sound)]
    found = decided(Rip(), [*sound, {"text": "odd", **columns}])
    assert [each.decision for each in found[:-1]] == alone
    assert found[-1].decision == "reject" and told in found[-1].reason


def test_lengths_that_are_not_looked_at_need_not_be_there():
    given = [{"text": f"s{at}", "rewards": [at, at + 1.0]} for at in range(10)]
    assert [each.decision for each in decided(Rip(length=0, otherwise="review"), given)] == ["review"] * 5 + ["keep"] * 5


@pytest.mark.parametrize(
    ("settings", "told"), [({"reward": -1}, "reward is -1"), ({"otherwise": "keep"}, "reject or review"), ({"rewards": 1}, "name a column")]
)
def test_a_setting_out_of_range_is_refused(settings, told):
    with pytest.raises(ConfigError, match=told):
        Rip(**settings)
