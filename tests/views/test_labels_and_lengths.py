"""Prompts, labels and lengths as types, counted by hand and by brute force; prompts decide on cells."""

from collections import Counter
from math import floor, log2

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.views.batch import marks_of, texts_in, texts_of
from longtail.views.documents import documents, prompts
from longtail.views.keys import CELLS, cells_of, types_of
from longtail.views.labels import labels
from longtail.views.lengths import LEAST_WORDS, bucket_of, lengths
from longtail.views.words import ALL_TYPES, words

from .brute import grams

NAMES = st.sampled_from([None, "a", "b", " a ", "e\u0301", "\u00e9", "猫"])


def column(values):
    return pa.array(values, pa.string())


def batch(found, **columns):
    return pa.record_batch({"text": column(found), **{name: column(values) for name, values in columns.items()}})


def counts(typed):
    return Counter(types_of(typed.first).tolist())


def canonical(value):
    return {"e\u0301": "\u00e9"}.get(value.strip(), value.strip())


@given(st.lists(NAMES, max_size=20), st.integers(0, 2))
def test_labels_are_counted_once_for_each_document_that_has_one(values, seed):
    texts = texts_of(column([f"d{at}" for at in range(len(values))]), seed)
    counted = labels(marks_of(column(values)), texts, seed)
    expected = Counter(canonical(value) for value in values if value is not None)
    assert sorted(counts(counted).values()) == sorted(expected.values())
    assert len(counted.again) == 0
    has = np.array([value is not None for value in values], bool)
    assert cells_of(counted.first).tolist() == texts.cells[has].tolist()
    totals = np.bincount(texts.cells[has].astype(np.int64), minlength=CELLS).tolist()
    assert counted.tokens.tolist() == counted.documents.tolist() == totals


def test_a_label_has_one_type_whatever_its_batch_its_document_and_its_form():
    texts = texts_of(column(["x", "y", "z"]), 0)
    first, second, third = types_of(labels(marks_of(column([" e\u0301", "\u00e9", "e"])), texts, 0).first).tolist()
    assert first == second != third
    alone = labels(marks_of(column(["e"])), texts_of(column(["other"]), 0), 0)
    assert types_of(alone.first).tolist() == [third]
    assert types_of(labels(marks_of(column(["e"])), texts_of(column(["x"]), 1), 1).first).tolist() != [third]


def test_a_column_of_labels_that_is_a_slice_is_read_from_where_it_begins():
    texts = texts_of(column(["x", "y"]), 0)
    sliced = marks_of(column(["before", None, "b", "after"]).slice(1, 2))
    assert counts(labels(sliced, texts, 0)) == counts(labels(marks_of(column([None, "b"])), texts, 0))
    assert (sliced.given.tolist(), sliced.text(1)) == ([False, True], "b")


def test_all_documents_of_one_prompt_share_a_cell_and_are_otherwise_their_own():
    found = [f"answer {at}" for at in range(60)]
    asked = [f"question {at % 3}" if at % 4 else None for at in range(60)]
    prompted, plain = texts_in(batch(found, prompt=asked), 0), texts_in(batch(found), 0)
    questions = texts_of(column([f"question {at}" for at in range(3)]), 0).cells.tolist()
    for at, question in enumerate(asked):
        assert prompted.cells[at] == (plain.cells[at] if question is None else questions[at % 3])
    assert prompted.content.tolist() == plain.content.tolist()
    assert prompted.ranks(0, "sample").tolist() == plain.ranks(0, "sample").tolist()
    assert types_of(documents(prompted, 0).first).tolist() == types_of(documents(plain, 0).first).tolist()
    assert cells_of(words(prompted, [1], [ALL_TYPES], 0)[0].first).tolist() == np.repeat(prompted.cells, 2).tolist()


def test_prompts_are_counted_like_documents():
    texts = texts_in(batch(["a", "b", "c", "d"], prompt=["p", " p", None, "q"]), 0)
    counted = prompts(texts, 0)
    assert sorted(counts(counted).values()) == [1, 2]
    assert counted.documents.sum() == counted.tokens.sum() == 3
    assert counts(prompts(texts_in(batch(["x"], prompt=["q"]), 0), 0)).keys() < counts(counted).keys()
    none = prompts(texts_in(batch(["a", "b"]), 0), 0)
    assert (len(none.first), none.documents.sum()) == (0, 0)


def test_an_id_is_the_stated_one_or_the_hash_of_the_content():
    texts = texts_in(batch(["a", "b", " a"], lt_id=["one", None, None]), 0)
    assert texts.id(0) == "one"
    assert texts.id(2) == texts_in(batch(["a"]), 5).id(0) == f"{int(texts.content[0]):016x}"
    assert len(texts.id(1)) == 16
    assert texts.id(1) != texts.id(2)


@given(st.lists(st.integers(0, 2**31 - 1), max_size=30))
def test_a_bucket_is_a_fourth_of_an_octave(counted):
    expected = [0 if count == 0 else 1 + floor(4 * log2(count)) for count in counted]
    assert bucket_of(np.array(counted, np.int64)).tolist() == expected


def test_the_words_of_a_bucket_can_be_told_from_its_number():
    for bucket, least in enumerate(LEAST_WORDS.tolist(), 1):
        below, above = bucket_of(np.array([least - 1, least], np.int64)).tolist()
        assert below < bucket <= above
    assert LEAST_WORDS[[0, 4, 8, 40]].tolist() == [1, 2, 4, 1024]
    assert len(set(bucket_of(np.arange(8)).tolist())) == 8


@pytest.mark.parametrize("orders", [(1,), (1, 2, 3), (2, 3)])
def test_the_grams_of_each_document_are_those_of_brute_force(orders, monkeypatch):
    from longtail.views import grams as view

    found = ["a b c a", "", "…", "don't 猫猫", "x " * 300, "one"]
    for size in (8, 1 << 19):
        monkeypatch.setattr(view, "SLICE_BYTES", size)
        for order, counted in zip(orders, words(texts_of(column(found), 0), orders, [0] * len(orders), 0), strict=True):
            assert counted.lengths.tolist() == [len(grams(text, order)) for text in found]
            assert len(counted.first) == len(counted.again) == 0


def test_lengths_are_one_token_for_each_document_in_its_bucket():
    texts = texts_of(column(["a b c", "", "d e f", "g"]), 0)
    counted = lengths(texts, words(texts, [1], [ALL_TYPES], 0)[0].lengths)
    assert types_of(counted.first).tolist() == [7, 0, 7, 1]
    assert cells_of(counted.first).tolist() == texts.cells.tolist()
    assert counted.documents.sum() == counted.tokens.sum() == 4
