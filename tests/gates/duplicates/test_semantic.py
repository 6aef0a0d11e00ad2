"""Semantic duplicates against brute force, and with a tiny model that is made here."""

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from longtail.errors import ConfigError, MissingExtra
from longtail.gates import GATES, REJECT, Batch
from longtail.gates.duplicates.semantic import SemanticDuplicates
from tests.gates.duplicates.planted import judged

WIDTH = 12
TOKENS = ["the", "a", "cat", "sat", "on", "mat", "hill", "moon", "sea", "salt"]


def clustered(many, rng):
    """Vectors in clouds, so that cosines lie on both sides of the threshold."""
    centres = rng.normal(size=(many // 10, WIDTH))
    return centres[rng.integers(0, len(centres), many)] + rng.normal(scale=0.25, size=(many, WIDTH))


def greedy(vectors, threshold):
    """The resolution over all pairs; of each that is removed the kept one that is nearest."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    kept, partners = [], []
    for at, mine in enumerate(unit):
        cosines = unit[kept] @ mine if kept else np.zeros(0)
        near = len(cosines) and cosines.max() >= threshold
        partners.append(kept[int(cosines.argmax())] if near else None)
        if not near:
            kept.append(at)
    return partners


def records(vectors, **columns):
    return [{"lt_id": f"d{at}", "text": f"t{at}", "embedding": list(map(float, each)), **columns} for at, each in enumerate(vectors)]


@pytest.mark.parametrize("block, wide", [(1024, 8192), (7, 5)])
def test_greedy_over_all_pairs(monkeypatch, block, wide):
    monkeypatch.setattr("longtail.gates.duplicates.semantic._BLOCK", block)
    monkeypatch.setattr("longtail.gates.duplicates.semantic._WIDE", wide)
    vectors = clustered(400, np.random.default_rng(1))
    expected = greedy(vectors, 0.93)
    removed, scores, matched, facts = judged(SemanticDuplicates(threshold=0.93, column="embedding"), records(vectors), 33)
    assert 50 < removed.sum() < 350
    assert matched == [None if partner is None else f"d{partner}" for partner in expected]
    assert (scores[removed] >= 0.93 - 1e-6).all()
    assert (scores[removed] <= 1).all()
    assert facts["removed"] == removed.sum()


def test_batches_and_temporary_files_do_not_matter():
    rows = records(clustered(300, np.random.default_rng(2)))
    first = judged(SemanticDuplicates(column="embedding"), rows)
    for size, megabytes in ((1, 1024), (50, 0.001)):
        other = judged(SemanticDuplicates(column="embedding", memory_mb=megabytes), rows, size)
        assert other[1].tobytes() == first[1].tobytes()
        assert other[2:] == first[2:]


def test_a_function_makes_vectors_of_texts_alone():
    asked = []

    def encode(texts):
        asked.extend(texts)
        return np.array([[len(text), 1.0] for text in texts])

    batch = Batch(pa.array(list("abcde")), pa.array(["x" * 9, None, "y" * 9, "z", " "]))
    verdicts = SemanticDuplicates(encode=encode)(batch)
    assert asked == ["x" * 9, "y" * 9, "z"]
    assert verdicts.decisions.tolist() == [0, REJECT, REJECT, 0, REJECT]
    assert verdicts.matched == [None, None, "a", None, None]
    assert verdicts.reasons[1] == "no text"
    assert verdicts.scores[2] == pytest.approx(1)


def test_a_document_without_a_fit_vector_is_rejected_as_such():
    column = [[1.0, 0.0], None, [0.0, 0.0], [float("nan"), 1.0], [1.0], "text", [1e300, 1e300], [3.0, 0.0]]
    rows = [{"lt_id": f"d{at}", "text": "t", "embedding": each} for at, each in enumerate(column)]
    removed, scores, matched, facts = judged(SemanticDuplicates(column="embedding"), rows)
    assert removed.tolist() == [False, True, True, True, True, True, False, True]
    assert matched == [None] * 7 + ["d0"]
    assert np.isnan(scores[:7]).all()
    assert facts["unfit"] == 5


def test_human_documents_come_first_and_against_loses_nothing(tmp_path):
    rows = records([[1.0, 0.0], [1.0, 0.01], [0.0, 1.0]])
    rows[1]["lt_origin"] = "human"
    assert judged(SemanticDuplicates(column="embedding"), rows)[2] == ["d1", None, None]
    reference = pa.table({"lt_id": ["r0", "r1"], "text": ["t", "t"], "embedding": [[0.0, 2.0], [0.0, 2.0]]})
    pq.write_table(reference, tmp_path / "reference.parquet")
    gate = SemanticDuplicates(column="embedding", against=[str(tmp_path / "reference.parquet")])
    assert judged(gate, rows)[2] == ["d1", None, "r0"]


@pytest.mark.parametrize(
    "settings, message",
    [
        ({}, "exactly|one of column"),
        ({"column": "a", "encode": len}, "one of column"),
        ({"column": "a", "threshold": 0}, "threshold is 0"),
        ({"column": "a", "most_removed": 2}, "most_removed is 2"),
    ],
)
def test_settings_out_of_range_are_refused(settings, message):
    with pytest.raises(ConfigError, match=message):
        SemanticDuplicates(**settings)


def test_a_function_that_returns_something_else_is_refused():
    with pytest.raises(ConfigError, match=r"shape \(2,\) for 2 texts"):
        SemanticDuplicates(encode=lambda texts: [1.0] * len(texts))(Batch.of(["a", "b"]))


def test_without_the_extra_the_line_that_installs_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "sentence_transformers", None)
    with pytest.raises(MissingExtra, match=r"pip install 'longtail\[embed\]'"):
        SemanticDuplicates(model="somewhere")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A BERT of two layers with random weights, saved as sentence-transformers saves."""
    pytest.importorskip("sentence_transformers", reason="the extra embed is not installed")
    torch = pytest.importorskip("torch", reason="the extra embed is not installed")
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizerFast

    folder = tmp_path_factory.mktemp("model")
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *TOKENS]
    (folder / "vocab.txt").write_text("\n".join(words))
    torch.manual_seed(0)
    sizes = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}
    config = BertConfig(vocab_size=len(words), max_position_embeddings=64, **sizes)
    BertModel(config).save_pretrained(folder / "bert")
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder / "bert")
    parts = Transformer(str(folder / "bert"), max_seq_length=32)
    SentenceTransformer(modules=[parts, Pooling(16)], device="cpu").save(str(folder / "whole"))
    return str(folder / "whole")


def test_a_model_of_sentence_transformers(model):
    from sentence_transformers import SentenceTransformer

    texts = ["the cat sat on the mat", "moon sea salt hill", "The cat sat on the mat", None]
    batch = Batch(pa.array(list("abcd")), pa.array(texts))
    verdicts = SemanticDuplicates(model=model, threshold=0.999)(batch)
    expected = SentenceTransformer(model, device="cpu").encode(texts[:3], normalize_embeddings=True)
    assert expected[0] @ expected[1] < 0.999
    assert verdicts.decisions.tolist() == [0, 0, REJECT, REJECT]
    assert verdicts.matched[2] == "a"
    assert verdicts.scores[2] == pytest.approx(min(1, float(expected[0] @ expected[2])), abs=1e-5)


def test_a_folder_that_holds_no_model_is_refused(model, tmp_path):
    with pytest.raises(ConfigError, match="no such folder"):
        SemanticDuplicates(model="sentence-transformers/all-MiniLM-L6-v2")
    with pytest.raises(ConfigError, match="cannot be loaded"):
        SemanticDuplicates(model=str(tmp_path))


def test_it_is_in_the_catalogue():
    assert GATES["semantic_duplicates"].member is SemanticDuplicates
