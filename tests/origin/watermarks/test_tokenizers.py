import hashlib
import json
import sys

import numpy as np
import pytest

from longtail.errors import MissingExtra, ReadError
from longtail.origin.watermarks import HuggingFace, Words
from longtail.origin.watermarks.huggingface import canonical
from longtail.origin.watermarks.tokenizers import pieces
from longtail.views.words import spans

MIXED = "Don't panic — Страсти по Матфею, 源氏物語の冒頭 ภาษาไทย العربية naïve 2.5e-3 🙂 e\u0301te\u0301"


def rows(texts):
    return [row.tolist() for row in Words().encode(texts)]


def test_words_are_those_that_the_view_counts():
    ids = Words().encode([MIXED])[0]
    words = [word.casefold() for _, word in spans(MIXED, 0)]
    assert len(ids) == len(words)
    same = ids[:, None] == ids[None, :]
    assert same.tolist() == [[one == other for other in words] for one in words]


def test_case_spacing_punctuation_and_composition_do_not_matter():
    assert rows(["The  cat, (sat).\nÉté"]) == rows(["the CAT sat\t«E\u0301te\u0301»"])
    assert rows(["the cat"]) != rows(["the cats"])


def test_ids_are_the_same_in_every_process_and_version():
    assert rows(["the"]) == [[-3899966383359112641]]
    assert Words.sha256 == hashlib.sha256(b"longtail words-1 watermark").hexdigest()


@pytest.mark.parametrize("text", ["", " \n", "...", "\ud800"])
def test_a_text_without_words_has_no_tokens(text):
    assert rows([text]) == [[]]


def test_no_texts_give_no_rows():
    assert rows([]) == []


@pytest.mark.parametrize("longest", [1, 2, 7, 50])
def test_a_text_cut_into_pieces_has_the_tokens_of_the_whole(longest):
    text = MIXED * 3 + " 'tis o'clock " + "x" * 120
    cut = list(pieces(text, longest))
    assert "".join(cut) == text
    assert [each for row in rows(cut) for each in row] == rows([text])[0]


def test_a_long_text_costs_no_more_than_its_pieces():
    words = 300_000
    text = "alpha beta " * words
    assert len(list(pieces(text))) > 3
    assert len(Words().encode([text])[0]) == 2 * words


@pytest.fixture
def folder(tmp_path):
    library = pytest.importorskip("tokenizers")
    made = library.Tokenizer(library.models.BPE())
    made.pre_tokenizer = library.pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = library.trainers.BpeTrainer(
        vocab_size=400, special_tokens=["<s>", "</s>"], initial_alphabet=library.pre_tokenizers.ByteLevel.alphabet(), show_progress=False
    )
    made.train_from_iterator(["the cat sat on the mat and the dog sat on the log"] * 20, trainer)
    made.post_processor = library.processors.TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 1)])
    made.enable_truncation(4)
    made.enable_padding(length=4)
    (tmp_path / "model").mkdir()
    made.save(str(tmp_path / "model" / "tokenizer.json"))
    return tmp_path / "model"


def test_a_tokenizer_of_hugging_face_adds_pads_and_cuts_off_nothing(folder):
    import tokenizers

    plain = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    plain.no_truncation()
    plain.no_padding()
    texts = ["the cat sat on the mat", "", MIXED, "the cat " * 300]
    expected = [plain.encode(text, add_special_tokens=False).ids for text in texts]
    assert [row.tolist() for row in HuggingFace(folder).encode(texts)] == expected
    assert HuggingFace(folder / "tokenizer.json").name == "model"


def test_a_long_text_is_cut_between_words(folder, monkeypatch):
    text = "the cat sat on the mat " * 100
    whole = HuggingFace(folder).encode([text])[0]
    monkeypatch.setattr("longtail.origin.watermarks.huggingface.pieces", lambda text: pieces(text, 64))
    assert (HuggingFace(folder).encode([text])[0] == whole).all()


def test_the_hash_is_that_of_what_matters_in_the_file(folder):
    path = folder / "tokenizer.json"
    before = HuggingFace(folder).sha256
    stored = json.loads(path.read_text())
    path.write_text(json.dumps(dict(reversed(stored.items())) | {"padding": None, "truncation": None}))
    assert HuggingFace(folder).sha256 == before
    stored["model"]["vocab"]["zebra"] = 999
    assert canonical(stored) != before


def test_a_folder_without_a_tokenizer_is_refused(folder, tmp_path):
    with pytest.raises(ReadError, match="cannot be read as a tokenizer"):
        HuggingFace(tmp_path)
    for content in ("{", '{"model": 3}'):
        (folder / "tokenizer.json").write_text(content)
        with pytest.raises(ReadError, match="is no tokenizer") as caught:
            HuggingFace(folder)
        assert "\n" not in str(caught.value)


def test_without_the_library_the_install_line_is_told(folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    with pytest.raises(MissingExtra, match=r"pip install 'longtail\[hf\]'"):
        HuggingFace(folder)


def test_ids_are_signed_64_bit_integers(folder):
    for tokenizer in (Words(), HuggingFace(folder)):
        assert {row.dtype for row in tokenizer.encode(["the cat", ""])} == {np.dtype(np.int64)}
