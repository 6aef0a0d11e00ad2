"""Numbering of tokens and n-grams, against brute force."""

from collections import Counter

import numpy as np
import pytest

from longtail.stats.surface.corpus import corpus_from, corpus_of, numbered

from .fixtures import CAT_WORDS


def brute(documents, order):
    return [[tuple(words[at : at + order]) for at in range(len(words) - order + 1)] for words in documents]


def by_document(grams):
    return [grams.ids[a:b].tolist() for a, b in zip(grams.starts[:-1], grams.starts[1:], strict=True)]


@pytest.mark.parametrize("order", [1, 2, 3, 4, 6])
def test_ngrams_are_equal_exactly_where_their_tokens_are_and_do_not_cross_documents(order):
    rng = np.random.default_rng(order)
    documents = [rng.integers(0, 4, size).tolist() for size in (0, 1, 3, 40, 2, 200, 5)]
    ours, theirs = by_document(corpus_of(documents).grams(order)), brute(documents, order)
    assert [len(each) for each in ours] == [len(each) for each in theirs]
    pairs = {pair for left, right in zip(ours, theirs, strict=True) for pair in zip(left, right, strict=True)}
    assert len({number for number, _ in pairs}) == len({gram for _, gram in pairs}) == len(pairs)


def test_strings_numbers_and_arrays_are_the_same_corpus():
    names = {word: number for number, word in enumerate(dict.fromkeys(word for words in CAT_WORDS for word in words))}
    numbers = [[names[word] for word in words] for words in CAT_WORDS]
    made = [corpus_of(CAT_WORDS), corpus_of(numbers), corpus_of([np.array(each) + 1000 for each in numbers])]
    assert len({tuple(each.tokens.tolist()) for each in made}) == 1
    assert made[0].types == len(names) and made[0].lengths.tolist() == [6, 6, 6, 8]


def test_hashes_up_to_the_largest_are_told_apart():
    hashes = np.array([0, 2**64 - 1, 1, 0, 2**63, 2**64 - 1], np.uint64)
    ids, types = numbered(hashes)
    assert ids.tolist() == [0, 1, 2, 0, 3, 1] and types == 4
    assert corpus_from(hashes, np.array([0, 3, 6])).types == 4


def test_many_numbers_are_numbered_as_a_dictionary_would():
    keys = np.random.default_rng(0).integers(0, 5000, 20_000).astype(np.uint64) << np.uint64(40)
    ids, types = numbered(keys)
    assert types == len(Counter(keys.tolist()))
    assert all(keys[np.argmax(ids == each)] == keys[at] for at, each in enumerate(ids[:200]))


def test_an_empty_corpus_has_no_documents_and_no_types():
    empty = corpus_of([])
    assert (len(empty), empty.types, empty.grams(3).types) == (0, 0, 0)
    assert corpus_of([[], []]).grams(2).starts.tolist() == [0, 0, 0]


def test_some_documents_are_taken_in_the_order_given():
    taken = corpus_of(CAT_WORDS).take(np.array([3, 0]))
    assert taken.lengths.tolist() == [8, 6]
    assert taken.tokens.tolist() == np.concatenate([by_document(corpus_of(CAT_WORDS).grams(1))[at] for at in (3, 0)]).tolist()
