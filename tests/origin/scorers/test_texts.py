"""Which texts a model scores, and which of them together."""

import numpy as np
import pytest

from longtail.errors import ConfigError
from longtail.origin.scorers.texts import long_enough, packed


@pytest.mark.parametrize(("least", "kept"), [(1, [1, 3, 4]), (2, [3, 4]), (3, [4]), (4, [])])
def test_texts_with_so_many_words_are_kept_in_their_order(least, kept):
    assert long_enough([None, "one", "", "one\ttwo ", "one  two\nthree", " \n"], least).tolist() == kept


@pytest.mark.parametrize("least", [0, -5])
def test_a_text_without_a_word_is_never_kept(least):
    assert long_enough([None, "", " \u00a0\n", "one"], least).tolist() == [3]


def test_of_no_texts_none_are_kept_and_their_places_still_index():
    kept = long_enough([], 1)
    assert kept.dtype == np.int64 and np.zeros(3)[kept].shape == (0,)


@pytest.mark.parametrize("batch", [1, 3, 7, 20, 21])
def test_every_text_is_in_one_batch_and_none_is_shorter_than_one_of_a_later_batch(batch):
    rng = np.random.default_rng(batch)
    ids = [[0] * size for size in rng.integers(0, 9, 20)]
    parts = [part.tolist() for part in packed(ids, batch)]
    assert sorted(at for part in parts for at in part) == list(range(20))
    assert [len(part) for part in parts[:-1]] == [batch] * (len(parts) - 1) and 1 <= len(parts[-1]) <= batch
    lengths = [len(ids[at]) for part in parts for at in part]
    assert lengths == sorted(lengths, reverse=True)


def test_texts_of_one_length_keep_their_order():
    assert [part.tolist() for part in packed([[1], [2, 2], [3], [4, 4], [5]], 2)] == [[1, 3], [0, 2], [4]]


def test_no_texts_make_no_batch():
    assert list(packed([], 4)) == []


@pytest.mark.parametrize("batch", [0, -1])
def test_a_batch_of_nothing_is_refused(batch):
    with pytest.raises(ConfigError, match=f"batch is {batch}; take a whole number from 1 up"):
        list(packed([[1]], batch))
