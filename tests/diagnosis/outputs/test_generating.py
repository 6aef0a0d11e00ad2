"""Texts of a causal model in a folder."""

import pytest

from longtail.diagnosis.outputs import from_checkpoints
from longtail.diagnosis.outputs.generating import written
from longtail.diagnosis.outputs.producers import producer_of
from longtail.diagnosis.outputs.prompts import Prompts

torch = pytest.importorskip("torch", reason="needs the extra hf")
pytest.importorskip("transformers", reason="needs the extra hf")

from tests.origin.conftest import gpt, words_tokenizer  # noqa: E402

WORDS = [f"w{number}" for number in range(30)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    found = tmp_path_factory.mktemp("ckpt") / "v1"
    gpt("GPT2LMHeadModel", 32, limit=64).save_pretrained(found)
    words_tokenizer(WORDS, limit=64).save_pretrained(found)
    return found


def test_a_model_goes_on_after_each_prompt_with_its_own_words_and_the_same_seed_says_the_same(folder):
    prompts = [f"w{number} w2 w3" + " w4" * (number % 5) for number in range(10)]
    state = torch.random.get_rng_state()
    found = written(prompts, str(folder), seed=3, tokens=12)
    assert torch.equal(torch.random.get_rng_state(), state)
    assert len(found) == 10
    assert {word for text in found for word in text.split()} <= {*WORDS, "[UNK]"}
    assert max(len(text.split()) for text in found) <= 12
    assert written(prompts, str(folder), seed=3, tokens=12) == found
    assert written(prompts, str(folder), seed=4, tokens=12) != found


def test_prompts_that_are_too_long_are_cut_and_folders_without_a_model_are_told(folder, tmp_path):
    assert len(written(["w1 " * 200], str(folder), seed=0)) == 1
    (tmp_path / "v2").mkdir()
    given = {"v1": str(folder), "v2": str(tmp_path / "v2"), "v3": str(tmp_path / "none")}
    found = from_checkpoints(given, Prompts(("w1 w2", "w3"), ""), producer_of(None))
    assert found[0].documents > 0
    assert "cannot be loaded" in found[1].unread
    assert "No such file" in found[2].unread
