import pyarrow.parquet as pq
import pytest

from bench import corpora


def texts(path):
    return pq.read_table(path).column("text").to_pylist()


@pytest.fixture(autouse=True)
def _prose_that_is_always_at_hand(monkeypatch, tmp_path):
    monkeypatch.setattr(corpora, "HUMAN", tmp_path / "absent")
    monkeypatch.setattr(corpora, "CHUNK", 400)
    monkeypatch.setattr(corpora, "SIZES", {"small": 300, "larger": 900})


def test_documents_have_the_number_and_the_length_that_is_promised(tmp_path):
    documents = texts(corpora.build("larger", tmp_path))
    assert len(documents) == 900
    assert sum(len(text.split()) for text in documents) / 900 == pytest.approx(corpora.WORDS_PER_DOCUMENT, rel=0.05)


def test_the_same_seed_gives_the_same_text_and_a_smaller_corpus_opens_a_larger_one(tmp_path):
    small = texts(corpora.build("small", tmp_path))
    assert small == texts(corpora.build("small", tmp_path / "again"))
    assert small == texts(corpora.build("larger", tmp_path))[:300]


def test_redrawn_words_keep_new_pairs_appearing(tmp_path, monkeypatch):
    def pairs(folder):
        documents = [text.split() for text in texts(corpora.build("larger", tmp_path / folder))]
        return {pair for words in documents for pair in zip(words, words[1:], strict=False)}

    redrawn = len(pairs("redrawn"))
    monkeypatch.setattr(corpora, "REDRAWN", 0.0)
    assert redrawn > 1.1 * len(pairs("plain"))


def test_a_corpus_that_exists_is_not_written_again(tmp_path):
    first = corpora.build("small", tmp_path).stat().st_mtime_ns
    assert corpora.build("small", tmp_path).stat().st_mtime_ns == first


def test_text_bytes_count_text_and_not_the_file(tmp_path):
    path = corpora.build("small", tmp_path)
    assert corpora.text_bytes(path) == sum(len(text.encode()) for text in texts(path))
