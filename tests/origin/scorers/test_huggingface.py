import json

import numpy as np
import pytest

from longtail.errors import ConfigError
from longtail.origin.scorers.huggingface import Classifier, machine_labels

WORDS = [f"w{at}" for at in range(40)]
rng = np.random.default_rng(1)
TEXTS = [" ".join(rng.choice(WORDS, length)) for length in (30, 7, 12, 30, 3)]


@pytest.fixture(scope="module")
def make(tiny, tmp_path_factory):
    def made(labels, **more):
        tokenizer = tiny.words(WORDS)
        names = dict(enumerate(labels))
        model = tiny.gpt("GPT2ForSequenceClassification", len(tokenizer), id2label=names, label2id={name: at for at, name in names.items()})
        return tiny.saved(tmp_path_factory.mktemp("classifier"), model, tokenizer)

    return made


def logits(folder, text, limit=None):
    import torch
    import transformers

    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModelForSequenceClassification.from_pretrained(folder).eval()
    with torch.no_grad():
        return np.asarray(model(torch.tensor([tokenizer(text)["input_ids"][:limit]])).logits[0].double())


@pytest.mark.parametrize("batch", [1, 3])
def test_two_labels_give_the_difference_of_their_logits(make, batch):
    folder = make(["Human", "ChatGPT"])
    scorer = Classifier(folder, min_words=0, batch=batch, device="cpu")
    right = [[one[1] - one[0]] for one in (logits(folder, text) for text in TEXTS)]
    assert np.allclose(scorer.scores(TEXTS), right, atol=1e-4)
    assert np.std(right) > 0.1
    assert scorer.machine == ("ChatGPT",)


def test_several_labels_give_log_odds(make):
    folder = make(["human", "gpt", "llama"])
    found = Classifier(folder, ["gpt", "llama"], min_words=0, device="cpu").scores(TEXTS)[:, 0]
    odds = [np.log((np.exp(one[1]) + np.exp(one[2])) / np.exp(one[0])) for one in (logits(folder, text) for text in TEXTS)]
    assert np.allclose(found, odds, atol=1e-4)


def test_one_output_is_its_own_log_odds(make):
    folder = make(["generated"])
    found = Classifier(folder, "generated", min_words=0, device="cpu").scores(TEXTS)[:, 0]
    assert np.allclose(found, [logits(folder, text)[0] for text in TEXTS], atol=1e-4)


def test_only_the_first_tokens_are_read_and_the_card_says_so(make):
    folder = make(["real", "fake"])
    scorer = Classifier(folder, min_words=0, max_tokens=5, device="cpu")
    right = [one[1] - one[0] for one in (logits(folder, text, 5) for text in TEXTS)]
    assert np.allclose(scorer.scores(TEXTS)[:, 0], right, atol=1e-4)
    assert "first 5 tokens" in scorer.card.source


def test_short_and_null_texts_have_no_score(make):
    scorer = Classifier(make(["real", "fake"]), min_words=10, device="cpu")
    assert np.isnan(scorer.scores([TEXTS[0], TEXTS[1], "", None])[:, 0]).tolist() == [False, True, True, True]
    assert scorer.scores([]).shape == (0, 1)


@pytest.mark.parametrize(
    "labels, machine",
    [(["Fake", "Real"], "Fake"), (["human-written", "AI-generated"], "AI-generated"), (["LABEL_0", "machine"], "machine"),
     (["human", "other"], "other"), (["Human", "bot"], "bot")],
)  # fmt: skip
def test_the_label_is_guessed_from_names_that_say_it(labels, machine):
    assert machine_labels(labels) == (machine,)


@pytest.mark.parametrize(
    "labels", [["LABEL_0", "LABEL_1"], ["human", "real"], ["ai", "gpt"], ["human", "ai", "mixed"], ["human", "not human"], ["score"]]
)
def test_the_label_is_asked_for_where_names_do_not_say_it(labels):
    with pytest.raises(ConfigError, match="do not say which one means a machine text; name it with machine="):
        machine_labels(labels)


@pytest.mark.parametrize("asked, told", [("robot", "no label 'robot'"), (["a", "b"], "2 of 2 labels"), ([], "0 of 2 labels")])
def test_labels_that_cannot_be_meant_are_refused(asked, told):
    with pytest.raises(ConfigError, match=told):
        machine_labels(["a", "b"], asked)


def test_a_model_without_the_head_of_a_classifier_is_refused(tiny, tmp_path):
    tokenizer = tiny.words(WORDS)
    folder = tiny.saved(tmp_path, tiny.gpt("GPT2LMHeadModel", len(tokenizer)), tokenizer)
    with pytest.raises(ConfigError, match=r"is no AutoModelForSequenceClassification: its files lack 'score.weight'"):
        Classifier(folder, "LABEL_1", device="cpu")


def test_no_code_that_lies_beside_a_model_is_run(make):
    folder = make(["real", "fake"])
    config = json.loads((folder / "config.json").read_text())
    config |= {"model_type": "their_own", "auto_map": {"AutoConfig": "code.Config", "AutoModelForSequenceClassification": "code.Model"}}
    (folder / "config.json").write_text(json.dumps(config))
    (folder / "code.py").write_text("raise SystemExit('their code was run')\n")
    with pytest.raises(ConfigError, match="cannot be loaded"):
        Classifier(folder, device="cpu")


def test_a_classifier_that_learnt_a_word_tells_the_texts_that_hold_it(tiny, tmp_path):
    import torch

    chance = np.random.default_rng(2)
    tokenizer = tiny.words(WORDS)
    model = tiny.gpt(
        "GPT2ForSequenceClassification", len(tokenizer), spread=0.05, id2label={0: "human", 1: "ai"}, label2id={"human": 0, "ai": 1}
    )
    model.config.pad_token_id = 1
    labels = chance.random(400) < 0.5
    texts = [" ".join(chance.choice(WORDS[:30] if label else WORDS[10:], 20)) for label in labels]
    given, right = torch.tensor([tokenizer(text)["input_ids"] for text in texts]), torch.tensor(labels.astype(int))
    best = torch.optim.AdamW(model.train().parameters(), lr=3e-3)
    for step in range(40):
        part = slice(step * 32 % 288, step * 32 % 288 + 32)
        loss = model(given[part], labels=right[part]).loss
        best.zero_grad()
        loss.backward()
        best.step()
    found = Classifier(tiny.saved(tmp_path, model, tokenizer), min_words=5, device="cpu").scores(texts[320:])[:, 0]
    held = labels[320:]
    assert (found[held][:, None] > found[~held]).mean() > 0.99
