"""Keys of n-grams against counts by brute force."""

import tracemalloc
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.views import grams as view
from longtail.views.batch import texts_of
from longtail.views.keys import CELLS, cells_of, types_of
from longtail.views.words import ALL_TYPES, words

from .brute import first_and_again, grams, hash_of

ORDERS = (1, 2, 3)
WORDS = st.sampled_from(["a", "b", "A", "don't", "e\u0301", "猫", "c", "🙂"])
TEXTS = st.lists(
    st.one_of(st.lists(WORDS, max_size=25).map(" ".join), st.text(st.characters(exclude_categories=["Cs"]), max_size=15)), max_size=6
)


def texts(documents, seed=0):
    return texts_of(pa.array(documents, pa.string()), seed)


def counted(documents, orders=ORDERS, seed=0, thetas=None):
    return words(texts(documents, seed), orders, thetas or [ALL_TYPES] * len(orders), seed)


def hashed(counter, seed=0):
    """A counter of n-grams as one of their hashes."""
    return Counter({hash_of(gram, seed): count for gram, count in counter.items()})


def kinds(keys):
    return Counter(types_of(keys).tolist())


@given(TEXTS, st.integers(0, 2))
@settings(max_examples=120)
def test_first_and_again_are_those_of_brute_force(documents, seed):
    for order, batch in zip(ORDERS, counted(documents, seed=seed), strict=True):
        first, again = first_and_again(documents, order)
        assert kinds(batch.first) == hashed(first, seed)
        assert kinds(batch.again) == hashed(again, seed)


@given(TEXTS)
@settings(max_examples=60)
def test_totals_by_cell_are_those_of_brute_force(documents):
    cells = texts(documents).cells.astype(np.int64)
    for order, batch in zip(ORDERS, counted(documents), strict=True):
        lengths = [len(grams(text, order)) for text in documents]
        assert batch.tokens.tolist() == np.bincount(cells, weights=lengths, minlength=CELLS).tolist()
        assert batch.documents.tolist() == np.bincount(cells, minlength=CELLS).tolist()
        assert batch.tokens.sum() == len(batch.first) + len(batch.again)


@given(TEXTS)
@settings(max_examples=60)
def test_every_key_carries_the_cell_of_its_document(documents):
    cells = texts(documents).cells
    batch = counted(documents)[0]
    expected = {(hash_of(gram), int(cell)) for text, cell in zip(documents, cells, strict=True) for gram in grams(text, 1)}
    for keys in (batch.first, batch.again):
        assert set(zip(types_of(keys).tolist(), cells_of(keys).tolist(), strict=True)) <= expected
    assert set(zip(types_of(batch.first).tolist(), cells_of(batch.first).tolist(), strict=True)) == expected


@given(TEXTS, st.floats(0.05, 0.95))
@settings(max_examples=60)
def test_a_threshold_keeps_the_types_below_it_and_all_totals(documents, share):
    theta = int(ALL_TYPES * share)
    for whole, part in zip(counted(documents), counted(documents, thetas=[theta] * 3), strict=True):
        assert sorted(part.first) == sorted(whole.first[types_of(whole.first) < theta])
        assert sorted(part.again) == sorted(whole.again[types_of(whole.again) < theta])
        assert part.tokens.tolist() == whole.tokens.tolist()


@pytest.mark.parametrize("orders", [(1,), (2,), (3,), (1, 3), (2, 3), (5,)])
def test_any_orders_can_be_asked_for_alone(orders):
    documents = ["a b c a b c d", "one", "", "x y z w v"]
    for order, batch in zip(orders, counted(documents, orders), strict=True):
        assert kinds(batch.first) == hashed(first_and_again(documents, order)[0])


def test_ngrams_do_not_cross_documents():
    apart, together = counted(["a b", "c d"])[1], counted(["a b c d"])[1]
    assert kinds(apart.first) == hashed(Counter([("a", "b"), ("c", "d")]))
    assert set(kinds(together.first)) - set(kinds(apart.first)) == {hash_of(("b", "c"))}


def test_the_order_of_words_and_the_length_of_a_gram_are_part_of_its_type():
    assert len({hash_of(gram) for gram in [("a",), ("a", "b"), ("b", "a"), ("a", "b", "a"), ("ab",)]}) == 5
    assert kinds(counted(["a b"])[1].first) != kinds(counted(["b a"])[1].first)


def test_a_batch_without_documents_has_no_keys():
    for batch in counted([]):
        assert (len(batch.first), len(batch.again), batch.documents.sum(), batch.tokens.sum()) == (0, 0, 0, 0)


def test_documents_without_words_are_documents():
    for batch in counted(["", "  ", "…!"]):
        assert (len(batch.first), batch.documents.sum(), batch.tokens.sum()) == (0, 3, 0)


def test_a_column_that_is_a_slice_is_read_from_where_it_begins():
    column = pa.array(["before", "a b", "é ü", "after"], pa.string()).slice(1, 2)
    there, here = words(texts_of(column, 0), [1], [ALL_TYPES], 0)[0], counted(["a b", "é ü"], (1,))[0]
    assert sorted(there.first) == sorted(here.first)


def test_documents_longer_than_a_slice_are_counted_as_in_one(monkeypatch):
    documents = ["short one", "a b c " * 40, "", "b c d " * 30, "x", "last one here"]
    whole = counted(documents)
    for size in (1, 7, 64):
        monkeypatch.setattr(view, "SLICE_BYTES", size)
        for one, other in zip(whole, counted(documents), strict=True):
            assert one.first.tolist() == other.first.tolist()
            assert one.again.tolist() == other.again.tolist()
            assert one.tokens.tolist() == other.tokens.tolist()


def test_slices_hold_every_document_once_in_order(monkeypatch):
    documents = texts(["x" * length for length in (0, 3, 9, 0, 1, 30, 2, 2)])
    for size in (1, 4, 10, 1000):
        monkeypatch.setattr(view, "SLICE_BYTES", size)
        assert [part.text(row) for part in view.slices_of(documents) for row in range(len(part))] == [
            documents.text(row) for row in range(8)
        ]


def test_a_very_long_document_is_counted_in_memory_proportional_to_it():
    text = " ".join(f"w{number % 5000}" for number in range(200_000))
    tracemalloc.start()
    batch = counted([text], (1,))[0]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(batch.first) == 5000
    assert len(batch.again) == 195_000
    assert peak < 100 * len(text)


def test_documents_of_one_letter_have_room_for_their_words():
    batch = counted(["a"] * 999 + ["b"], (1,))[0]
    assert kinds(batch.first) == {hash_of(("a",)): 999, hash_of(("b",)): 1}
    for some in (["a", "b", "a b"] * 50, ["猫", "a"] * 50, ["a猫b"] * 50):
        for order, found in zip(ORDERS, counted(some), strict=True):
            assert kinds(found.first) == hashed(first_and_again(some, order)[0])
