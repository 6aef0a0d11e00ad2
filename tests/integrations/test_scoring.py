"""What a model writes and how likely it finds it, held against laws in closed form; the model is left as it was."""

import math

import numpy as np
import pytest

from longtail.errors import ConfigError
from longtail.integrations.scoring import answers, encoded, sampled, scored
from tests.integrations.conftest import END, laws_of

TABLE = np.random.default_rng(0).normal(0, 2, (8, 8))
ROWS = [[2], [3, 4], [5, 2, 6, 7]]
WRITTEN = [[3, 3, END], [], [7]]


def test_a_uniform_model_has_entropy_log_v_at_every_token(uniform):
    (found,) = scored(uniform, [[2, 3]], [[4, 5, END]])
    assert np.allclose(found.entropy, math.log(8), atol=1e-6)
    assert np.allclose(found.logp, -math.log(8), atol=1e-6)


def test_log_probabilities_and_entropies_are_those_of_the_table(bigram):
    laws = laws_of(TABLE)
    found = scored(bigram(TABLE), ROWS, WRITTEN)
    for asked, written, one in zip(ROWS, WRITTEN, found, strict=True):
        path = [*asked, *written][len(asked) - 1 :]
        assert np.allclose(one.logp, [laws[before, after] for before, after in zip(path, path[1:], strict=False)], atol=1e-4)
        assert np.allclose(one.entropy, [-(np.exp(laws[before]) * laws[before]).sum() for before in path[:-1]], atol=1e-4)


@pytest.mark.parametrize("batch", [1, 2])
def test_what_else_is_in_a_batch_changes_nothing(random_model, batch):
    whole = scored(random_model(), ROWS, WRITTEN)
    for one, other in zip(whole, scored(random_model(), ROWS, WRITTEN, batch), strict=True):
        assert np.allclose(one.logp, other.logp, atol=1e-5)
        assert np.allclose(one.entropy, other.entropy, atol=1e-5)


def test_what_a_model_writes_follows_its_law_whatever_its_settings_of_generation(bigram, tokenizer):
    model = bigram(TABLE)
    model.generation_config.repetition_penalty = 9.0
    model.generation_config.top_k = 1
    model.generation_config.do_sample = False
    kept = model.generation_config
    found = sampled(model, tokenizer, [[2]], each=3000, tokens=1, batch=3000)
    shares = np.bincount([sample.ids[0] for sample in found], minlength=8) / len(found)
    law = np.exp(laws_of(TABLE)[2])
    assert (np.abs(shares - law) < 5 * np.sqrt(law * (1 - law) / len(found)) + 1e-3).all()
    assert model.generation_config is kept


def test_a_completion_ends_with_the_sign_of_the_end_or_is_told_to_be_cut_off(bigram, tokenizer):
    table = np.full((8, 8), -30.0)
    table[2, 3] = table[3, END] = table[4, 5] = table[5, 4] = 30.0
    ended, cut = sampled(bigram(table), tokenizer, [[2], [4]], each=1, tokens=5)
    assert (ended.ids, ended.text, ended.truncated) == ((3, END), "w1", False)
    assert (cut.ids, cut.text, cut.truncated) == ((5, 4, 5, 4, 5), "w3 w2 w3 w2 w3", True)


def test_draws_depend_on_the_seed_alone_and_leave_no_trace(torch, random_model, tokenizer):
    model = random_model().train()
    before = torch.random.get_rng_state()
    one, other = (sampled(model, tokenizer, [[2], [3]], tokens=4, seed=seed) for seed in (5, 6))
    torch.manual_seed(99)
    assert sampled(model, tokenizer, [[2], [3]], tokens=4, seed=5) == one != other
    torch.random.set_rng_state(before)
    scored(model, [[2]], [[3]])
    sampled(model, tokenizer, [[2]], tokens=2)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert all(part.training for part in model.modules())
    assert all(weight.grad is None for weight in model.parameters())


def test_prompts_are_texts_or_conversations(tokenizer):
    assert encoded(tokenizer, ["w0 w1", [{"role": "user", "content": "w0 w1"}]]) == [[2, 3], [2, 3]]
    assert answers(tokenizer, ["w0", ""]) == [[2, END], [END]]


@pytest.mark.parametrize(("prompts", "told"), [([], "at least one"), ("w0", "give a list"), (["w0", " "], "prompt 1 has no tokens: ' '")])
def test_prompts_that_nothing_can_follow_are_refused(tokenizer, prompts, told):
    with pytest.raises(ConfigError, match=told):
        encoded(tokenizer, prompts)


def test_what_passes_the_room_of_a_model_is_refused(random_model, tokenizer):
    assert len(sampled(random_model(), tokenizer, [[2] * 254], each=1, tokens=2)) == 1
    with pytest.raises(ConfigError, match="a prompt of 254 tokens and 3 to be written pass the 256 that the model takes"):
        sampled(random_model(), tokenizer, [[2], [2] * 254], tokens=3)
