"""Generating with a watermark: every text has its row and its receipt."""

import json

import numpy as np
import pytest

from longtail.errors import ConfigError, ReadError, UsageError
from longtail.ledger.columns import identity
from longtail.origin.recognising.generating import Files, generate
from longtail.origin.recognising.receipts import green_rate, receipts
from longtail.origin.watermarks import Key, Words, detect
from tests.origin.recognising.conftest import VOCABULARY

WORDS = Words()


def flat(prompts, favour, words=150, seed=0):
    """A flat law over words, sampled as a favour says."""
    rng = np.random.default_rng(seed)
    ids = np.concatenate(WORDS.encode(VOCABULARY))
    texts = []
    for _ in prompts if prompts is not None else range(3):
        chosen = []
        for _ in range(words):
            weights = np.exp(favour.bias(ids[chosen], np.zeros(len(ids)), ids))
            chosen.append(int(rng.choice(len(ids), p=weights / weights.sum())))
        texts.append(" ".join(VOCABULARY[at] for at in chosen))
    return texts


def test_all_that_is_generated_stands_in_the_ledger_with_model_depth_and_receipt(key, ledger):
    made = generate(flat, ["one", "two"], key, WORDS, ledger, model="flat", revision="r1", trained_on=0, decoding={"temperature": 1.0})
    ledger.flush()
    rows = {row["lt_id"]: row for batch in ledger.current() for row in batch.to_pylist()}
    held = {each.lt_id: each for each in receipts(ledger)}
    assert rows.keys() == held.keys() == {identity({"text": text}) for text in made}
    assert {(row["lt_origin"], row["lt_model"], row["lt_depth"]) for row in rows.values()} == {("synthetic", "flat@r1", 1)}
    assert all("prompt_id" in row["lt_decoding"] for row in rows.values())
    for text in made:
        found, receipt = detect(key, text, WORDS), held[identity({"text": text})]
        assert (receipt.scored, receipt.green, receipt.tokens) == (found.scored, found.green, found.tokens)
        assert (receipt.key_id, receipt.tokenizer) == (key.key_id, WORDS.sha256)
        assert found.log10_p < -10
    assert list(receipts(ledger, "0" * 16)) == []
    total = [sum(each) for each in zip(*((one.green, one.scored) for one in held.values()), strict=True)]
    assert green_rate(key, held.values()) == total[0] / total[1] > 0.5


def test_no_secret_is_written_anywhere(key, tmp_path):
    generate(flat, None, key, WORDS, tmp_path / "out.jsonl", model="flat")
    for path in tmp_path.iterdir():
        assert key.secret not in path.read_text()


def test_a_file_has_its_receipts_beside_it_and_reads_back(key, tmp_path):
    made = generate(flat, None, key, WORDS, tmp_path / "out.jsonl", model="flat", depth=1)
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [row["text"] for row in rows] == made
    assert [row["lt_origin"] for row in rows] == ["synthetic"] * 3
    held = list(receipts(tmp_path / "out.receipts.jsonl"))
    assert [each.lt_id for each in held] == [row["lt_id"] for row in rows]
    with pytest.raises(ReadError, match=r"out\.jsonl:1: is no receipt"):
        list(receipts(tmp_path / "out.jsonl"))


def test_a_file_and_a_ledger_can_take_the_same(key, ledger, tmp_path):
    generate(flat, None, key, WORDS, Files(tmp_path / "out.jsonl", ledger), model="flat")
    ledger.flush()
    assert len(list(receipts(ledger))) == len(list(receipts(tmp_path / "out.receipts.jsonl"))) == 3


@pytest.mark.parametrize(("answer", "words"), [(["one"], "1 texts for 2 prompts"), (["one", 2], "a int")])
def test_a_sampler_that_answers_wrongly_is_refused_and_nothing_is_recorded(key, ledger, answer, words):
    with pytest.raises(UsageError, match=words):
        generate(lambda prompts, favour: answer, ["a", "b"], key, WORDS, ledger, model="m")
    assert list(receipts(ledger)) == []


def test_a_sampler_that_ignores_the_favour_is_found_out(key, ledger):
    from tests.origin.recognising.conftest import written

    generate(lambda prompts, favour: written(None, 20, seed=5), None, key, WORDS, ledger, model="m")
    with pytest.raises(UsageError, match="is the sampler handed the favour"):
        green_rate(Key(secret=key.secret, tokenizer=key.tokenizer, gamma=0.4), receipts(ledger))
    with pytest.raises(UsageError, match="no receipt of key"):
        green_rate(key, [])


def test_another_tokenizer_than_the_keys_is_refused_before_anything_is_written(ledger):
    key = Key(secret="01" * 32, tokenizer="cd" * 32)
    with pytest.raises(ConfigError, match="is not that of key"):
        generate(lambda prompts, favour: pytest.fail("it was asked"), ["a"], key, WORDS, ledger, model="m")


def test_a_model_of_transformers_writes_with_the_processor(tiny, tmp_path, ledger):
    import torch

    from longtail.origin.watermarks import HuggingFace

    names = [f"w{n}" for n in range(300)]
    model, cutter = tiny.gpt("GPT2LMHeadModel", 302), tiny.words(names)
    tiny.saved(tmp_path / "model", model, cutter)
    tokenizer = HuggingFace(tmp_path / "model")
    key = Key(secret="03" * 32, tokenizer=tokenizer.sha256)

    def sample(prompts, favour):
        with torch.random.fork_rng():
            torch.manual_seed(0)
            given = cutter(list(prompts), return_tensors="pt")
            made = model.generate(
                **given,
                do_sample=True,
                top_k=0,
                max_new_tokens=120,
                min_new_tokens=120,
                pad_token_id=1,
                logits_processor=[favour.processor()],
            )
        return [cutter.decode(row[given["input_ids"].shape[1] :], skip_special_tokens=False) for row in made]

    made = generate(sample, ["w1 w2", "w3 w4"], key, tokenizer, ledger, model="tiny")
    assert all(detect(key, text, tokenizer).log10_p < -6 for text in made)
    assert all(each.tokenizer == tokenizer.sha256 and each.green > 0.4 * each.scored for each in receipts(ledger))
