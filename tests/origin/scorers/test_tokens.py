from collections import Counter

import numpy as np
import xxhash

from longtail.origin.scorers.tokens import counted, found, least_texts, tokens

STEP, MASK = 0x9E3779B97F4A7C15, (1 << 64) - 1


def mixed(value):
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK
    return value ^ (value >> 31)


def brute(words, order):
    """Hash n-grams one by one with Python's integers."""
    out = Counter()
    for at in range(len(words)):
        state = xxhash.xxh3_64_intdigest(words[at].casefold().encode())
        out[state] += 1
        for word in words[at + 1 : at + order]:
            state = mixed((state * STEP + xxhash.xxh3_64_intdigest(word.casefold().encode())) & MASK)
            out[state] += 1
    return out


def test_words_marks_and_line_ends_are_tokens_and_letters_of_scripts_without_spaces_stand_alone():
    assert tokens("Don't stop,\n\nnow 3.5 漢字 ไทย") == ["Don", "'", "t", "stop", ",", "\n\n", "now", "3", ".", "5", "漢", "字", *"ไทย"]


def test_composed_and_decomposed_letters_are_the_same_token():
    assert tokens("e\u0301tude") == tokens("\u00e9tude") == ["\u00e9tude"]


def test_counts_equal_a_brute_force_over_every_n_gram():
    texts = [tokens(text) for text in ("The cat, the Cat, THE dog.", "", "one", "the cat")]
    found_ = counted(texts, 3)
    for at, words in enumerate(texts):
        part = slice(found_.starts[at], found_.starts[at + 1])
        assert dict(zip(found_.grams[part].tolist(), found_.counts[part].tolist(), strict=True)) == dict(brute(words, 3))


def test_rows_that_are_taken_are_the_rows_in_that_order():
    texts = [tokens(text) for text in ("a b c", "", "d e", "f")]
    taken, alone = counted(texts, 2).take(np.array([2, 1, 0])), counted([texts[2], texts[1], texts[0]], 2)
    assert taken.starts.tolist() == alone.starts.tolist()
    assert taken.grams.tolist() == alone.grams.tolist()


def test_the_rarest_n_grams_are_left_out_where_there_are_too_many():
    texts = [tokens(text) for text in ("a b c", "a b c", "a b", "a z")]
    assert len(counted(texts, 1).most_shared(9)) == 3
    assert len(counted(texts, 1).most_shared(2)) == 2
    assert len(counted(texts, 1).most_shared(1)) == 1
    assert least_texts(np.array([4, 4, 2]), 1) == 5


def test_places_of_hashes_are_those_of_a_list():
    known = np.array([3, 5, 9], dtype=np.uint64)
    assert found(known, np.array([9, 4, 3, 10], dtype=np.uint64)).tolist() == [2, -1, 0, -1]
    assert found(known[:0], known).tolist() == [-1, -1, -1]
