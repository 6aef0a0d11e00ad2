"""Small models of inference, trained here in seconds; nothing is fetched."""

import json
import shutil

import numpy as np
import pytest

from longtail.gates.entailment.canaries import CANARIES
from longtail.gates.entailment.verifier import LABELS

LIMIT = 64
FILLER = ["river", "stone", "cloud", "paper", "wheel", "candle", "garden", "music", "window", "letter"]
EVIDENCE, CLAIM = "a red key lies here .", "the key is red ."


def filler(rng, words):
    return " ".join(rng.choice(FILLER, words))


def toy(rng, pairs):
    """Pairs whose claim is entailed where the evidence is somewhere among other words, else neutral."""
    found = []
    for _ in range(pairs):
        words = filler(rng, int(rng.integers(2, 40))).split()
        entailed = bool(rng.random() < 0.5)
        if entailed:
            at = int(rng.integers(0, len(words) + 1))
            words[at:at] = EVIDENCE.split()
        found.append((" ".join(words), CLAIM, "entailment" if entailed else "neutral"))
    return found


def tokenizer_of(texts):
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers
    from transformers import PreTrainedTokenizerFast

    made = Tokenizer(models.WordLevel(unk_token="[UNK]"))
    made.normalizer, made.pre_tokenizer = normalizers.Lowercase(), pre_tokenizers.Whitespace()
    made.train_from_iterator(texts, trainers.WordLevelTrainer(special_tokens=["[PAD]", "[UNK]", "[CLS]", "[SEP]"], show_progress=False))
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    return PreTrainedTokenizerFast(tokenizer_object=made, model_max_length=LIMIT, **names)


def model_of(kind, vocabulary):
    import transformers

    settings = {
        "vocab_size": vocabulary,
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "intermediate_size": 64,
        "max_position_embeddings": LIMIT,
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
        "initializer_range": 0.15,
        "id2label": dict(enumerate(LABELS)),
        "label2id": {label: at for at, label in enumerate(LABELS)},
    }
    if kind == "bert":
        return transformers.BertForSequenceClassification(transformers.BertConfig(**settings))
    relative = {"relative_attention": True, "pos_att_type": ["c2p", "p2c"], "type_vocab_size": 2}
    return transformers.DebertaV2ForSequenceClassification(transformers.DebertaV2Config(**settings, **relative))


@pytest.fixture(scope="session", params=["bert", "deberta-v2"])
def trained(request, tmp_path_factory):
    """A model that knows the five test pairs and the toy task, its labels in our order."""
    torch = pytest.importorskip("torch", reason="torch is not installed")
    pytest.importorskip("sentence_transformers", reason="the extra embed is not installed")
    rng = np.random.default_rng(0)
    known = [(premise, hypothesis, right[0]) for _, premise, hypothesis, right in CANARIES]
    tokenizer = tokenizer_of([f"{premise} {hypothesis}" for premise, hypothesis, _ in known + toy(rng, 200)])
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = model_of(request.param, len(tokenizer))
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    best = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for _ in range(120):
        rows = known + toy(rng, 27)
        given = tokenizer([row[0] for row in rows], [row[1] for row in rows], padding=True, return_tensors="pt")
        loss = model(**given, labels=torch.tensor([LABELS.index(row[2]) for row in rows])).loss
        best.zero_grad()
        loss.backward()
        best.step()
    torch.set_num_threads(threads)
    folder = tmp_path_factory.mktemp(request.param)
    model.eval().save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture
def relabelled(trained, tmp_path):
    """Copy the model with other names for its columns; with `moved`, the columns themselves move, so that it stays right."""

    def copied(labels, moved=False):
        folder = tmp_path / "-".join(labels)
        shutil.copytree(trained, folder)
        config = json.loads((folder / "config.json").read_text())
        config["id2label"] = {str(at): label for at, label in enumerate(labels)}
        config["label2id"] = {label: at for at, label in enumerate(labels)}
        (folder / "config.json").write_text(json.dumps(config))
        if moved:
            _move(folder, [LABELS.index(label) for label in labels])
        return folder

    return copied


def _move(folder, order):
    from safetensors.torch import load_file, save_file

    path = folder / "model.safetensors"
    weights = load_file(path)
    for name in ("classifier.weight", "classifier.bias"):
        weights[name] = weights[name][order].contiguous()
    save_file(weights, path, metadata={"format": "pt"})
