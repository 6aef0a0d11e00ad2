import json
import sys
from itertools import permutations

import numpy as np
import pytest

from longtail.errors import ConfigError, MissingExtra, UsageError
from longtail.gates.entailment import LABELS, CrossEncoderEntailment, crossencoder, verifier_of
from longtail.gates.entailment.canaries import CANARIES
from longtail.gates.entailment.labels import columns_of
from longtail.gates.entailment.windows import OVERLAP, windows_of

ORDERS = [
    ("contradiction", "entailment", "neutral"),
    ("entailment", "neutral", "contradiction"),
    ("contradiction", "neutral", "entailment"),
]
"""Of nli-deberta-v3, of DeBERTa-v3-mnli-fever-anli, and of roberta-large-mnli."""
PAIRS = [(premise, hypothesis) for _, premise, hypothesis, _ in CANARIES]
CLAIM, EVIDENCE = "the key is red .", "a red key lies here ."
WORDS = ["river", "stone", "cloud", "paper", "wheel", "candle", "garden", "music", "window", "letter"]


def filler(words):
    return " ".join(np.random.default_rng(words).choice(WORDS, words))


@pytest.mark.parametrize("order", ORDERS)
def test_columns_are_found_by_name_whatever_their_order(order):
    found = columns_of(dict(enumerate(order)), "m")
    assert [order[column] for column in found] == list(LABELS)
    assert columns_of({str(at): label.upper() for at, label in enumerate(order)}, "m") == found


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        ({0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2"}, "LABEL_0, LABEL_1, LABEL_2"),
        ({0: "entailment", 1: "not_entailment"}, "2 labels"),
        ({0: "entailment"}, "1 labels"),
        ({0: "entailment", 1: "neutral", 2: "other"}, "other"),
        ({0: "entailment", 1: "neutral", 2: "neutral"}, "neutral, neutral"),
        ({0: "entailment", 1: "neutral", 2: "contradiction", 3: "other"}, "4 labels"),
        ({}, "0 labels"),
        (None, "0 labels"),
    ],
)
def test_labels_that_do_not_say_are_refused(labels, told):
    with pytest.raises(ConfigError, match=told):
        columns_of(labels, "m")


@pytest.mark.parametrize("order", ORDERS)
def test_a_model_judges_the_same_in_each_of_the_three_known_orders(trained, relabelled, order):
    given = CrossEncoderEntailment(model=trained)
    moved = CrossEncoderEntailment(model=relabelled(order, moved=True))
    assert [order[column] for column in moved.columns] == list(LABELS)
    assert moved(PAIRS) == pytest.approx(given(PAIRS), abs=1e-6)


@pytest.mark.parametrize("order", [order for order in permutations(LABELS) if order != LABELS])
def test_a_model_whose_labels_are_permuted_is_refused(relabelled, order):
    with pytest.raises(ConfigError, match="of 5 test pairs wrong.*not used"):
        CrossEncoderEntailment(model=relabelled(order))


def test_a_model_with_numbered_labels_is_refused(relabelled):
    with pytest.raises(ConfigError, match="id2label"):
        CrossEncoderEntailment(model=relabelled(["LABEL_0", "LABEL_1", "LABEL_2"]))


def test_a_model_that_knows_nothing_is_refused(trained, tmp_path):
    import shutil

    from safetensors.torch import load_file, save_file

    folder = tmp_path / "blank"
    shutil.copytree(trained, folder)
    weights = load_file(folder / "model.safetensors")
    save_file({name: weight * 0 for name, weight in weights.items()}, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ConfigError, match="test pairs"):
        CrossEncoderEntailment(model=folder)


def test_a_model_whose_weights_are_not_finite_is_refused(trained, tmp_path):
    import shutil

    from safetensors.torch import load_file, save_file

    folder = tmp_path / "nan"
    shutil.copytree(trained, folder)
    weights = load_file(folder / "model.safetensors")
    weights["classifier.bias"] = weights["classifier.bias"] * float("nan")
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ConfigError, match="not finite"):
        CrossEncoderEntailment(model=folder)


def test_evidence_at_the_end_of_a_long_premise_is_found(trained):
    verifier = CrossEncoderEntailment(model=trained)
    long = filler(300)
    rows = verifier([(f"{long} {EVIDENCE}", CLAIM), (long, CLAIM), (f"{EVIDENCE} {long}", CLAIM), (f"{long} {EVIDENCE} {long}", CLAIM)])
    assert rows[[0, 2, 3], 0].min() > 0.9
    assert rows[1, 0] < 0.5
    cut = " ".join(f"{long} {EVIDENCE}".split()[: verifier.limit])
    assert verifier([(cut, CLAIM)])[0, 0] < 0.5, "the first window alone does not hold it, so that cutting would lose it"


def test_every_window_fits_and_together_they_hold_every_word(trained):
    verifier = CrossEncoderEntailment(model=trained)
    words = [f"{word}{at}" for at, word in enumerate(filler(400).split())]
    windows = verifier.windows(" ".join(words), CLAIM)
    sizes = [len(verifier._tokenizer(window, CLAIM)["input_ids"]) for window in windows]
    assert max(sizes) <= verifier.limit == 64
    assert {word for window in windows for word in window.split()} >= set(words)


def test_a_claim_that_leaves_no_room_for_evidence_is_neutral(trained):
    verifier = CrossEncoderEntailment(model=trained)
    assert verifier([(EVIDENCE, filler(200))]).tolist() == [[0, 1, 0]]
    assert verifier([]).shape == (0, 3)


def test_a_batch_is_judged_as_its_pairs_are_one_by_one(trained):
    verifier = CrossEncoderEntailment(model=trained, batch=3)
    pairs = [*PAIRS, (filler(150), CLAIM), (f"{filler(99)} {EVIDENCE}", CLAIM)]
    assert verifier(pairs) == pytest.approx(np.concatenate([verifier([pair]) for pair in pairs]), abs=1e-5)


def test_probabilities_that_are_not_finite_are_raised_on(trained, monkeypatch):
    verifier = CrossEncoderEntailment(model=trained)
    monkeypatch.setattr(crossencoder, "probabilities", lambda _, pairs, __: np.full((len(pairs), 3), np.nan))
    with pytest.raises(UsageError, match="not finite"):
        verifier(PAIRS)


@pytest.mark.parametrize("tokens", [0, 1, 5, 63, 64, 65, 100, 1000])
@pytest.mark.parametrize("room", [1, 2, 16, 64, 400])
def test_windows_cover_every_token_and_overlap(tokens, room):
    offsets = [(3 * at, 3 * at + 2) for at in range(tokens)]
    windows = windows_of(offsets, room)
    covered = [{at for at, (start, end) in enumerate(offsets) if first <= start and end <= last} for first, last in windows]
    assert set().union(*covered) == set(range(tokens))
    assert all(0 < len(window) <= room for window in covered)
    shared = min(OVERLAP, room // 2)
    assert all(len(one & other) >= shared for one, other in zip(covered, covered[1:], strict=False))
    assert len(windows) <= 1 + max(0, tokens - room) / max(1, room - shared) + 1


def test_a_model_that_is_not_here_is_refused_without_a_fetch(tmp_path):
    pytest.importorskip("sentence_transformers", reason="the extra embed is not installed")
    with pytest.raises(ConfigError, match="cannot be loaded.*download it first"):
        CrossEncoderEntailment(model=str(tmp_path / "none"))
    for spec in (str(tmp_path / "none"), "rule", ""):
        with pytest.raises(ConfigError, match="no such folder"):
            verifier_of(spec)
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(ConfigError, match="cannot be loaded"):
        verifier_of(str(tmp_path))


def test_without_the_extra_a_model_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    with pytest.raises(MissingExtra, match=r"longtail\[embed\]"):
        CrossEncoderEntailment(model="somewhere")


def test_a_model_is_loaded_once_for_all_gates_that_name_it(trained):
    assert verifier_of(str(trained)) is verifier_of(str(trained))
