"""How much of the wording of a document a store does not hold."""

import json

import numpy as np
import pytest

from longtail.errors import ConfigError, ReadError
from longtail.gates import Batch
from longtail.gates.text.novelty import Novelty
from tests.gates.triage.planting import stdlib


def runs(text):
    words = ["".join(letter for letter in word.casefold() if letter.isalnum()) for word in text.split()]
    words = [word for word in words if word]
    return {tuple(words[at : at + 5]) for at in range(len(words) - 4)}


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    path = tmp_path_factory.mktemp("store") / "store.jsonl"
    texts = stdlib()[:400]
    path.write_text("\n".join(json.dumps({"text": text, "lt_id": f"doc-{at}"}) for at, text in enumerate(texts)))
    return path, texts


def test_the_share_is_that_of_brute_force(store):
    path, texts = store
    held = set().union(*map(runs, texts))
    rng = np.random.default_rng(0)
    new = stdlib()[400:500]
    asked = [" ".join(rng.choice([texts[at], new[at]]) for _ in range(3)) for at in range(100)]
    found = Novelty(against=[str(path)])(Batch.of(asked))
    wanted = [len(runs(text) - held) / len(runs(text)) for text in asked]
    assert found.scores == pytest.approx(wanted) and 0 < np.mean(wanted) < 1


def test_a_short_restatement_of_a_long_text_is_found(store):
    path, texts = store
    at = max(range(len(texts)), key=lambda at: len(texts[at]))
    words = texts[at].split()
    found = Novelty(against=str(path))(
        Batch.of([" ".join(words[20:45]).upper() + "!", "Something else that nobody ever wrote down anywhere."])
    )
    assert found.at(0).decision == "reject" and found.at(0).matched_id == f"doc-{at}"
    assert found.at(0).reason == f"0% of its wording is new, at least 20%: restates doc-{at}"
    assert found.at(1) == ("keep", "", 1.0, None)


def test_the_decision_on_a_restatement_is_a_setting(store):
    path, texts = store
    assert Novelty(against=[str(path)], restated="review")(Batch.of(texts[:1])).at(0).decision == "review"


def test_what_is_too_short_to_tell_is_kept(store):
    assert Novelty(against=[str(store[0])])(Batch.of(["if and only if"])).at(0) == ("keep", "", None, None)


def test_stored_documents_without_an_id_are_named_as_a_gate_names_them(tmp_path):
    path = tmp_path / "plain.jsonl"
    path.write_text('{"text": "one two three four five six seven"}\n')
    batch = Batch.of(["one two three four five six seven"])
    assert Novelty(against=[str(path)])(batch).at(0).matched_id == batch.ids[0].as_py()


def test_settings_out_of_range_are_refused(store):
    for settings, says in (
        ({"threshold": 0}, "threshold is 0"),
        ({"restated": "keep"}, "restated is 'keep'"),
        ({"against": []}, "against is"),
    ):
        with pytest.raises(ConfigError, match=says):
            Novelty(**{"against": [str(store[0])]} | settings)
    with pytest.raises(ReadError, match="nowhere"):
        Novelty(against=["nowhere.jsonl"])
