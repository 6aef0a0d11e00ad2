"""Remedies and next tasks on tiny policies: what is skipped moves nothing, what is not looked at changes nothing."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the worlds are small networks")
pytest.importorskip("sklearn", reason="comes with the extra torch")

from longtail.lab.learners.torch.door import device_of, torch
from longtail.lab.makers import hard, modes, plasticity
from longtail.lab.worlds import base
from longtail.lab.worlds.arithmetic import all_sums, lessons
from longtail.lab.worlds.policy import fresh, taught
from longtail.lab.worlds.reinforcement import How, reinforced

SMALL = How(prompts=4, each=4)


@pytest.fixture(scope="module")
def policy():
    rng = np.random.default_rng(0)
    return taught(fresh(16, rng, device_of("cpu")), (lessons(all_sums().take(np.arange(32)), (1, 0, 0), rng) for _ in range(20)), 20)


@pytest.fixture
def short(monkeypatch):
    """Worlds whose first teaching is of a few steps."""
    monkeypatch.setattr(hard, "TAUGHT", 5)
    monkeypatch.setattr(hard, "WIDTH", 16)
    monkeypatch.setattr(hard, "POOL", 8)
    monkeypatch.setattr(hard, "NOTED", 1)
    monkeypatch.setattr(plasticity, "NOTED", 1)
    monkeypatch.setattr(plasticity, "LESSONS", 2)
    monkeypatch.setattr(modes, "NOTED", 1)
    monkeypatch.setattr(base, "CAP", 2)
    hard._base.cache_clear()
    yield
    hard._base.cache_clear()


def trained(policy, **how):
    def reward(sums, said):
        return np.array([float(text.startswith("D1")) for text in said])

    return reinforced(policy, all_sums(), reward, 3, np.random.default_rng(1), SMALL._replace(**how)).weights


def same(first, second):
    return all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


def test_a_step_that_is_left_out_leaves_the_policy_as_it_is(policy):
    assert same(trained(policy, shape=lambda problems, worth, gain: None), policy.weights)
    assert same(trained(policy, shape=lambda problems, worth, gain: gain), trained(policy))
    assert not same(trained(policy), policy.weights)


def test_what_is_not_looked_at_changes_nothing(policy):
    whole, part = trained(policy), trained(policy, tells_likelihoods=False)
    assert all(torch.allclose(a, b, atol=2e-6) for a, b in zip(whole, part, strict=True))


def test_a_leash_that_is_annealed_holds_less_than_one_that_is_not(policy):
    def moved(**how):
        return sum(float((a - b).square().sum()) for a, b in zip(trained(policy, **how), policy.weights, strict=True))

    assert moved(beta=5.0) < moved(beta=5.0, annealed=True)


def test_the_loss_is_told_at_each_step():
    losses = []
    rows = lessons(all_sums().take(np.arange(32)), (1, 0, 0), np.random.default_rng(0))
    taught(fresh(16, np.random.default_rng(1), device_of("cpu")), iter([rows] * 20), 20, on_loss=losses.append)
    assert len(losses) == 20
    assert losses[-1] < losses[0]


@pytest.mark.parametrize("rule", ["none", "pass_rate"])
def test_the_world_of_hard_prompts_has_a_number_at_each_point_and_is_the_same_for_one_seed(short, rule):
    asked = hard.Asked(generations=2, rule=rule, tries=2)
    first = hard.values(asked, 0)
    assert {len(series) for series in first.values()} == {2}
    assert first["sums_change"][0] == 0
    np.testing.assert_equal(hard.values(asked, 0), first)


def test_next_tasks_have_a_number_at_each_point(short):
    for start in ("base", "reinforced", "fresh"):
        found = plasticity.values(plasticity.Asked(generations=2, start=start, steps=1, width=16), 0)
        assert {len(series) for series in found.values()} == {2}
        assert np.isnan(found["area"][0]) == (start == "fresh")
        assert found["drift"][0] == pytest.approx(0) or start != "base"


@pytest.mark.parametrize("arm", ["plain", "annealed", "threshold", "steered"])
def test_ways_to_reinforce_have_a_number_at_each_point(short, arm):
    found = modes.values(modes.Asked(generations=2, arm=arm, width=16, level=0.0), 0)
    assert {len(series) for series in found.values()} == {2}
    assert found["rarest_at_level"] == [found["rarest"][0]] * 2
