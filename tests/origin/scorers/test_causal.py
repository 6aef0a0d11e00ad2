import json

import numpy as np
import pytest
from scipy.special import log_softmax

from longtail.errors import ConfigError
from longtail.origin.scorers.causal import Causal

WORDS = [f"w{at}" for at in range(40)]
rng = np.random.default_rng(1)
TEXTS = [" ".join(rng.choice(WORDS, length)) for length in (30, 7, 12, 2, 30)]


@pytest.fixture(scope="module")
def folders(tiny, tmp_path_factory):
    tokenizer = tiny.words(WORDS)
    base = tmp_path_factory.mktemp("causal")
    return [tiny.saved(base / str(seed), tiny.gpt("GPT2LMHeadModel", len(tokenizer), seed=seed), tokenizer) for seed in (0, 1)]


def logits(folder, text, limit=None):
    import torch
    import transformers

    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    model = transformers.AutoModelForCausalLM.from_pretrained(folder).eval()
    ids = tokenizer(text)["input_ids"][:limit]
    with torch.no_grad():
        return np.asarray(model(torch.tensor([ids])).logits[0].double()), ids


def brute(form, observer, performer, text, limit=None):
    """Both forms by loops over tokens and words."""
    seen, ids = logits(observer, text, limit)
    scored, _ = logits(performer, text, limit)
    likely = mean = variance = 0.0
    for at in range(len(ids) - 1):
        law, logs = np.exp(log_softmax(seen[at])), log_softmax(scored[at])
        here = sum(law[v] * logs[v] for v in range(len(logs)))
        likely += logs[ids[at + 1]]
        mean += here
        variance += sum(law[v] * (logs[v] - here) ** 2 for v in range(len(logs)))
    return -likely / mean if form == "binoculars" else (likely - mean) / np.sqrt(variance)


@pytest.mark.parametrize("form", ["binoculars", "curvature"])
@pytest.mark.parametrize("batch", [1, 3])
def test_a_pair_gives_the_numbers_of_a_sum_over_all_words(folders, form, batch):
    scorer = Causal(*folders, form=form, min_words=0, batch=batch, device="cpu")
    right = [[brute(form, *folders, text)] for text in TEXTS]
    assert np.allclose(scorer.scores(TEXTS), right, rtol=1e-4)
    assert not np.allclose(scorer.scores(TEXTS), Causal(*folders[::-1], form=form, min_words=0, device="cpu").scores(TEXTS), rtol=1e-2)


@pytest.mark.parametrize("form", ["binoculars", "curvature"])
def test_one_model_plays_both_parts(folders, form):
    found = Causal(folders[0], form=form, min_words=0, device="cpu").scores(TEXTS[:2])
    assert np.allclose(found[:, 0], [brute(form, folders[0], folders[0], text) for text in TEXTS[:2]], rtol=1e-4)


def test_only_the_first_tokens_are_read(folders):
    scorer = Causal(*folders, min_words=0, max_tokens=6, device="cpu")
    assert np.allclose(scorer.scores(TEXTS[:2]), [[brute("binoculars", *folders, text, 6)] for text in TEXTS[:2]], rtol=1e-4)
    assert "first 6 tokens" in scorer.card.source


def test_text_that_cannot_be_scored_has_no_score(folders):
    scorer = Causal(*folders, min_words=10, device="cpu")
    found = scorer.scores([TEXTS[0], "", TEXTS[1], None])
    assert np.isnan(found[:, 0]).tolist() == [False, True, True, True]
    assert np.isnan(Causal(folders[0], min_words=0, device="cpu").scores(["w1"])).all()
    assert scorer.scores([]).shape == (0, 1)


def test_bfloat16_is_near_float32(folders):
    exact, rough = (Causal(*folders, min_words=0, device="cpu", precision=each).scores(TEXTS) for each in ("float32", "bfloat16"))
    assert not np.array_equal(exact, rough)
    assert np.allclose(exact, rough, rtol=0.03)


def test_models_of_other_tokenizers_are_refused(tiny, folders, tmp_path):
    tokenizer = tiny.words(WORDS[::-1])
    other = tiny.saved(tmp_path / "other", tiny.gpt("GPT2LMHeadModel", len(tokenizer)), tokenizer)
    with pytest.raises(ConfigError, match=r"tokenizers of '0' and 'other' differ in 40 tokens"):
        Causal(folders[0], other, device="cpu")


@pytest.mark.parametrize(
    "options, told",
    [({"form": "detectgpt"}, "take binoculars or curvature"),
     ({"max_tokens": 300}, "takes 2 to 256"), ({"max_tokens": 1}, "takes 2 to 256"),
     ({"device": "tpu"}, "take auto, cpu or cuda"), ({"precision": "int4"}, "take float32 or bfloat16")],
)  # fmt: skip
def test_settings_out_of_range_are_refused(folders, options, told):
    with pytest.raises(ConfigError, match=told):
        Causal(folders[0], **({"device": "cpu"} | options))


def test_the_version_changes_with_the_weights(folders):
    one, two = (Causal(folder, device="cpu").card.version for folder in folders)
    assert one != two
    assert Causal(*folders, device="cpu").card.version == f"{one}+{two}"


def trained(model, tokenizer, texts, steps):
    import torch

    best = torch.optim.AdamW(model.train().parameters(), lr=1e-2)
    for step in range(steps):
        given = torch.tensor([tokenizer(text)["input_ids"] for text in texts[step * 8 % len(texts) :][:8]])
        loss = model(given, labels=given).loss
        best.zero_grad()
        loss.backward()
        best.step()
    return model.eval()


@pytest.mark.parametrize("form", ["binoculars", "curvature"])
def test_what_the_performer_learnt_is_told_from_what_it_did_not(tiny, tmp_path, form):
    """A machine that walks the words with small steps, and a person who jumps."""
    chance = np.random.default_rng(3)

    def walk(step):
        return " ".join(WORDS[at % 40] for at in np.cumsum(chance.integers(1, step, 60)))

    tokenizer = tiny.words(WORDS)
    machine, person = [walk(5) for _ in range(160)], [walk(40) for _ in range(40)]
    model = trained(tiny.gpt("GPT2LMHeadModel", len(tokenizer), spread=0.05), tokenizer, machine[:120], 60)
    folder = tiny.saved(tmp_path / "learnt", model, tokenizer)
    scorer = Causal(folder, form=form, device="cpu")
    ours, theirs = scorer.scores(machine[120:])[:, 0], scorer.scores(person)[:, 0]
    assert (ours[:, None] > theirs).mean() > 0.99


def test_a_folder_without_a_model_is_refused(tmp_path, folders):
    with pytest.raises(ConfigError, match="no model folder"):
        Causal("a-name/of-the-hub", device="cpu")
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "unheard_of"}))
    with pytest.raises(ConfigError, match="cannot be loaded"):
        Causal(tmp_path, device="cpu")
