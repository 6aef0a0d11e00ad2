"""Whether a model can still learn: areas under curves, copies that learn, and models that were made to learn badly."""

import numpy as np
import pytest

from longtail.errors import ConfigError
from longtail.integrations.plasticity import plasticity, supervised

PROMPTS, TEXTS = ["w0 w1", "w2", "w3", "w4"], ["w5 w5", "w4 w4", "w3", "w0 w1 w2"]


def curves(*scores):
    """A probe task that gives one curve after the other."""
    left = iter(scores)
    return lambda model: next(left)


@pytest.mark.parametrize(("here", "ratio", "status"), [([0.5, 0.5], 1.0, "pass"), ([0.4, 0.4], 0.8, "warn"), ([0.1, 0.5], 0.6, "fail")])
def test_the_ratio_is_that_of_the_areas_under_the_curves(random_model, here, ratio, status):
    found = plasticity(random_model(), random_model(), curves([0.4, 0.6], here))
    assert (found.ratio, found.status) == (pytest.approx(ratio), status)
    assert plasticity(random_model(), [0.4, 0.6], curves(here)) == found


def test_a_model_learns_as_well_as_itself_and_stays_as_it_was(torch, random_model, tokenizer):
    model = random_model().train()
    before = {name: weight.clone() for name, weight in model.state_dict().items()}
    chance = torch.random.get_rng_state()
    learn = supervised(tokenizer, PROMPTS, TEXTS, steps=6, rate=3e-3)
    found = plasticity(model, model, learn)
    assert (found.ratio, found.status) == (1.0, "pass")
    assert found.here[-1] > found.here[0]
    assert all(torch.equal(weight, before[name]) for name, weight in model.state_dict().items())
    assert model.training and torch.equal(torch.random.get_rng_state(), chance)
    assert plasticity(model, found.base, learn) == found


def test_the_first_score_is_the_probability_before_anything_is_learnt(uniform, tokenizer):
    found = plasticity(uniform, uniform, supervised(tokenizer, PROMPTS, TEXTS, steps=1))
    assert found.base == (pytest.approx(1 / 8),)


def test_a_model_that_is_sure_of_something_else_learns_worse_than_its_base(torch, random_model, tokenizer):
    sure = random_model()
    with torch.no_grad():
        sure.transformer.ln_f.weight.mul_(8)
    learn = supervised(tokenizer, PROMPTS, TEXTS, steps=8, rate=3e-3)
    found = plasticity(sure, random_model(), learn)
    assert found.ratio < 0.9
    assert found.status in ("warn", "fail")


def exploring(tokenizer):
    """A short run of reinforcement whose reward is the token w3 after w0; its score is the share of that token."""

    def learn(model):
        import torch

        optimizer = torch.optim.AdamW(model.parameters(), lr=0.02)
        shares = []
        for _ in range(12):
            logs = torch.log_softmax(model(input_ids=torch.tensor([[2]])).logits[0, -1], dim=0)
            drawn = torch.multinomial(logs.exp().detach(), 64, replacement=True)
            reward = (drawn == 5).float()
            shares.append(float(reward.mean()))
            optimizer.zero_grad()
            (-(reward - reward.mean()) * logs[drawn]).mean().backward()
            optimizer.step()
        return shares

    return learn


def test_a_policy_that_left_a_format_can_be_taught_it_and_does_not_find_it(bigram, uniform, tokenizer):
    """Both halves of what is said of the probe: the supervised task sees far less of the loss than the one that explores."""
    table = np.zeros((8, 8))
    table[:, 5] = -12.0
    table[0, 5] = 7 * 12.0
    left = bigram(table)
    assert plasticity(left, uniform, exploring(tokenizer)).ratio < 0.05
    taught = plasticity(left, uniform, supervised(tokenizer, ["w0"], ["w3"], steps=40, rate=0.1))
    assert taught.here[-1] > 0.9
    assert taught.ratio > 0.3


def test_a_base_that_learns_nothing_measures_nothing(random_model):
    found = plasticity(random_model(), [0.0, 0.0], curves([0.5, 0.5]))
    assert (found.status, found.ratio) == ("not_measured", None)


@pytest.mark.parametrize("scores", [[], [np.nan], [-0.1], [np.inf]])
def test_scores_that_are_none_are_refused(random_model, scores):
    with pytest.raises(ConfigError, match="must be a number from 0"):
        plasticity(random_model(), [1.0], curves(scores))


def test_curves_of_unlike_length_and_tasks_without_answers_are_refused(random_model, tokenizer):
    with pytest.raises(ConfigError, match="1 scores of the model, 2 of its base"):
        plasticity(random_model(), [1.0, 1.0], curves([1.0]))
    with pytest.raises(ConfigError, match="1 completions to 4 prompts"):
        supervised(tokenizer, PROMPTS, ["w0"])
