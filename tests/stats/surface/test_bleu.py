"""Self-BLEU against the definition, nltk, sacrebleu and fast-bleu."""

import math
import time
from collections import Counter

import numpy as np
import pytest

from longtail.errors import UsageError
from longtail.stats.surface.bleu import bleu_against, closest_other, drawn, self_bleu
from longtail.stats.surface.corpus import corpus_of

from .fixtures import CAT_WORDS


def counted(words, order):
    return Counter(tuple(words[at : at + order]) for at in range(len(words) - order + 1))


def brute(hypothesis, references, orders=4):
    """BLEU by its definition, smoothing method 1."""
    logs, matched = [], []
    for order in range(1, orders + 1):
        own, others = counted(hypothesis, order), [counted(reference, order) for reference in references]
        matched.append(sum(min(count, max(other[gram] for other in others)) for gram, count in own.items()))
        logs.append(math.log((matched[-1] or 0.1) / max(1, sum(own.values()))) / orders)
    if matched[0] == 0:
        return 0.0
    closest = min((abs(len(reference) - len(hypothesis)), len(reference)) for reference in references)[1]
    return min(1.0, math.exp(1 - closest / len(hypothesis))) * math.exp(math.fsum(logs))


def texts_of(seed, documents=60, types=30):
    """Random texts of a Zipf law, with an empty one, one word, a repeat of one word, a copy and a stranger."""
    rng = np.random.default_rng(seed)
    law = 1 / np.arange(1, types + 1)
    made = [rng.choice(types, rng.integers(2, 40), p=law / law.sum()).tolist() for _ in range(documents)]
    return [*made, [], [0], [0] * 30, list(made[0]), [types + 1, types + 2]]


@pytest.mark.parametrize("seed", range(3))
def test_against_all_others_it_is_the_definition(seed):
    texts = texts_of(seed)
    expected = [brute(text, texts[:at] + texts[at + 1 :]) for at, text in enumerate(texts)]
    assert np.abs(self_bleu(corpus_of(texts)) - expected).max() < 1e-12


@pytest.mark.parametrize("references", [1, 2, 7])
def test_against_drawn_references_it_is_the_definition(references):
    texts = texts_of(9)
    others = drawn(len(texts), references, 4)
    expected = [brute(text, [texts[other] for other in others[at]]) for at, text in enumerate(texts)]
    assert np.abs(bleu_against(corpus_of(texts), others) - expected).max() < 1e-12
    assert np.abs(self_bleu(corpus_of(texts), references=references, seed=4) - expected).max() < 1e-12


def test_the_known_values_of_four_sentences():
    assert self_bleu(corpus_of(CAT_WORDS)) == pytest.approx([0.759836, 0.759836, 0.040825, 0.058739], abs=5e-7)


@pytest.mark.parametrize("orders", [2, 3, 5])
def test_other_longest_ngrams(orders):
    texts = texts_of(5, 20)
    expected = [brute(text, texts[:at] + texts[at + 1 :], orders) for at, text in enumerate(texts)]
    assert np.abs(self_bleu(corpus_of(texts), orders) - expected).max() < 1e-12


def test_nltk_agrees_to_its_last_digits(shared_prose):
    nltk = pytest.importorskip("nltk.translate.bleu_score")
    texts = [text.lower().split()[:60] for text in shared_prose[:120]]
    smooth = nltk.SmoothingFunction().method1
    expected = [nltk.sentence_bleu(texts[:at] + texts[at + 1 :], text, smoothing_function=smooth) for at, text in enumerate(texts)]
    assert np.abs(self_bleu(corpus_of(texts)) - expected).max() < 1e-12


def test_sacrebleu_agrees_on_a_hundred_sentences():
    sacrebleu = pytest.importorskip("sacrebleu")
    rng = np.random.default_rng(1)
    texts = [[f"w{number}" for number in rng.choice(12, rng.integers(8, 20))] for _ in range(100)]
    metric = sacrebleu.metrics.BLEU(tokenize="none", smooth_method="floor", smooth_value=0.1, effective_order=True)
    lines = [" ".join(words) for words in texts]
    expected = [metric.sentence_score(line, lines[:at] + lines[at + 1 :]).score / 100 for at, line in enumerate(lines)]
    assert np.abs(self_bleu(corpus_of(texts)) - expected).max() < 1e-6


def test_the_document_itself_is_no_reference():
    assert self_bleu(corpus_of([["a", "b", "c", "d"], ["e", "f", "g", "h"]])).tolist() == [0.0, 0.0]
    assert self_bleu(corpus_of([["a", "b", "c", "d"]] * 2)).tolist() == [1.0, 1.0]
    every = drawn(50, 20, 0)
    assert all(at not in every[at] and len(set(every[at].tolist())) == 20 for at in range(50))
    assert np.bincount(every.ravel()).tolist() == [20] * 50


def test_as_many_references_as_there_are_others_is_all_others():
    corpus = corpus_of(texts_of(2, 20))
    assert self_bleu(corpus, references=500).tolist() == self_bleu(corpus).tolist()
    assert np.abs(bleu_against(corpus, drawn(len(corpus), len(corpus) - 1, 0)) - self_bleu(corpus)).max() < 1e-15


def test_one_document_is_refused():
    with pytest.raises(UsageError, match=r"got 1; give at least two"):
        self_bleu(corpus_of([["a"]]))


def test_the_closest_length_is_that_of_another_and_the_shorter_of_two():
    lengths = np.array([5, 5, 9, 1, 3, 12])
    brute_force = [min((abs(b - a), b) for j, b in enumerate(lengths) if j != i)[1] for i, a in enumerate(lengths)]
    assert closest_other(lengths).tolist() == brute_force


def test_time_grows_with_the_documents_and_not_with_their_square():
    def seconds(documents):
        corpus = corpus_of(texts_of(0, documents, 2000))
        best = math.inf
        for _ in range(3):
            began = time.process_time()
            self_bleu(corpus)
            best = min(best, time.process_time() - began)
        return best

    self_bleu(corpus_of(texts_of(0, 50)))
    assert seconds(8000) < 5 * 8 * max(seconds(1000), 1e-3)
