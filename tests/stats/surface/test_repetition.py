"""Self-repetition, openings, templates, ROUGE-L and blocks of bytes, against brute force and packages."""

import math
import zlib
from collections import Counter

import numpy as np
import pytest

from longtail.errors import UsageError
from longtail.stats.surface import compression, repetition
from longtail.stats.surface.corpus import corpus_of

from .fixtures import CAT_WORDS, CATS
from .test_bleu import texts_of


def ngrams(words, order):
    return {tuple(words[at : at + order]) for at in range(len(words) - order + 1)}


def subsequence(left, right):
    row = [0] * (len(right) + 1)
    for word in left:
        before = 0
        for at, other in enumerate(right, 1):
            before, row[at] = row[at], before + 1 if word == other else max(row[at], row[at - 1])
    return row[-1]


@pytest.mark.parametrize(("order", "value"), [(4, 0.5493061443), (2, 1.1705328068)])
def test_the_known_self_repetition_of_four_sentences(order, value):
    assert repetition.self_repetition(corpus_of(CAT_WORDS), order).mean() == pytest.approx(value, abs=5e-11)


def test_self_repetition_counts_the_other_documents_that_hold_each_ngram():
    texts = texts_of(1)
    holders = Counter(gram for text in texts for gram in ngrams(text, 2))
    expected = [math.log1p(sum(holders[gram] - 1 for gram in ngrams(text, 2))) for text in texts]
    assert repetition.self_repetition(corpus_of(texts), 2) == pytest.approx(expected, abs=1e-12)


def test_openings_are_equal_where_the_first_words_are():
    found = repetition.openings(corpus_of([*CAT_WORDS, ["the", "cat"], []]), 3).tolist()
    assert found[0] == found[1] and len(set(found[:4])) == 3 and found[4:] == [-1, -1]


@pytest.mark.parametrize("least", [2, 3])
def test_templates_are_ngrams_that_enough_documents_hold(least):
    texts = texts_of(6, 80, 6)
    holders = Counter(gram for text in texts for gram in ngrams(text, 6))
    expected = [any(holders[gram] >= least for gram in ngrams(text, 6)) for text in texts]
    assert repetition.in_template(corpus_of(texts), least).tolist() == expected
    assert any(expected) and not all(expected)


def test_holders_name_documents_and_places():
    texts = texts_of(6, 30, 5)
    found = repetition.holders_of(corpus_of(texts).grams(2), 3)
    named = Counter(tuple(texts[d][p : p + 2]) for d, p in zip(found.document, found.place, strict=True))
    expected = Counter(gram for text in texts for gram in ngrams(text, 2))
    assert named == {gram: count for gram, count in expected.items() if count >= 3}
    assert [count for _, count in repetition.commonest(found, 3)] == sorted(named.values(), reverse=True)


def test_common_subsequences_are_those_of_the_table():
    texts = [*texts_of(3, 12, 8), *[np.random.default_rng(s).integers(0, 9, size).tolist() for s, size in enumerate((64, 65, 130, 300))]]
    pairs = np.array([(a, b) for a in range(len(texts)) for b in range(len(texts)) if a != b])
    expected = [2 * subsequence(texts[a], texts[b]) / max(1, len(texts[a]) + len(texts[b])) for a, b in pairs]
    assert repetition.rouge_l(corpus_of(texts), pairs) == pytest.approx(expected, abs=1e-12)


def test_the_known_homogenisation_of_four_sentences():
    every = np.array([(a, b) for a in range(4) for b in range(a)])
    assert repetition.rouge_l(corpus_of(CAT_WORDS), every).mean() == pytest.approx(0.313, abs=5e-4)


def test_documents_with_nothing_in_common_are_not_homogeneous():
    assert repetition.homogenisation(corpus_of([["a"], ["b"], ["c"]])).value == 0.0
    assert repetition.homogenisation(corpus_of([["a"]] * 5)).value == 1.0
    with pytest.raises(UsageError, match="got 2"):
        repetition.homogenisation(corpus_of([["a"], ["b"]]))


def test_rouge_score_agrees():
    scorer = pytest.importorskip("rouge_score.rouge_scorer").RougeScorer(["rougeL"], use_stemmer=False)
    texts = [[f"w{number}" for number in text] for text in texts_of(3, 12, 8) if text]
    pairs = np.array([(a, b) for a in range(len(texts)) for b in range(a)])
    expected = [scorer.score(" ".join(texts[a]), " ".join(texts[b]))["rougeL"].fmeasure for a, b in pairs]
    assert repetition.rouge_l(corpus_of(texts), pairs) == pytest.approx(expected, abs=1e-12)


def test_the_error_over_random_pairs_is_that_of_the_mean_over_all_pairs():
    rng, values, errors = np.random.default_rng(0), [], []
    for seed in range(200):
        corpus = corpus_of([rng.integers(0, rng.integers(3, 30), 12).tolist() for _ in range(60)])
        found = repetition.homogenisation(corpus, 8, seed)
        values.append(found.value)
        errors.append(found.error)
    assert 0.9 < np.mean(errors) / np.std(values) < 1.35


def test_pairs_are_of_different_documents_and_each_takes_part_equally_often():
    pairs = repetition.circle_pairs(41, 5, 0)
    assert (pairs[:, 0] != pairs[:, 1]).all() and np.bincount(pairs.ravel()).tolist() == [10] * 41
    assert len({frozenset(pair) for pair in pairs.tolist()}) == len(pairs)


def test_a_block_is_compressed_once():
    text = " ".join(CATS)
    assert compression.ratio(text.encode()) == len(text) / len(zlib.compress(text.encode(), 6))
    assert compression.ratio(b"the same line again\n" * 2000) > 100


def test_blocks_are_whole_and_shuffled_by_seed():
    texts = [f"document {number} says {number * number}" for number in range(3000)]
    data = "\n".join(texts).encode()
    plain = compression.block_ratios(texts, 4096)
    assert len(plain) == len(data) // 4096 and plain[1] == compression.ratio(data[4096:8192])
    assert compression.block_ratios(texts, 4096, 1).tolist() == compression.block_ratios(texts, 4096, 1).tolist()
    assert compression.block_ratios(texts, 4096, 1).tolist() != plain.tolist()
    assert len(compression.block_ratios(["short"], 4096)) == 0
