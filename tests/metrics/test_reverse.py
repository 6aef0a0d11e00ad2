"""Reverse cross-entropy against a loop over dictionaries, and draws where nothing or something was lost."""

import math
from collections import Counter

import numpy as np
import pytest

from longtail.metrics import reverse as module
from longtail.metrics.reverse import compared, reverse_cross_entropy, rise
from longtail.metrics.wording import types_of, words_of
from longtail.records import NotMeasured
from longtail.summaries.sample import Entry
from longtail.views.words import spans

from .corpora import clustered, written


def entries(numbers):
    texts = written(numbers) if isinstance(numbers, np.ndarray) else numbers
    return [Entry(str(at), text, 1, 0) for at, text in enumerate(texts)]


def drawn(seed, documents=200, temperature=1.0, **how):
    first = entries(clustered(documents, 3 * seed, temperature, **how))
    return first, *(entries(clustered(documents, 3 * seed + further)) for further in (1, 2))


def by_hand(training, scored, vocabulary):
    """Mean loss of an interpolated Witten-Bell bigram model, document by document."""
    pairs, words = Counter(), Counter()
    for document in training:
        pairs.update(zip((None, *document), document, strict=False))
        words.update(document)
    seen, kinds = Counter(), Counter()
    for (context, _), count in pairs.items():
        seen[context] += count
        kinds[context] += 1
    loss = 0.0
    for document in scored:
        for context, word in zip((None, *document), document, strict=False):
            alone = (words[word] + len(words) / vocabulary) / (words.total() + len(words))
            mixed = (pairs[context, word] + kinds[context] * alone) / (seen[context] + kinds[context]) if seen[context] else alone
            loss -= math.log(mixed)
    return loss / sum(map(len, scored))


def test_the_value_is_that_of_a_loop_over_dictionaries_at_equal_training_size():
    candidate, baseline, target = drawn(1, 120)
    candidate = candidate[:100]
    split = [[entry.text.split() for entry in side] for side in (candidate, baseline, target)]
    vocabulary = len({word for side in (split[0], split[1][:100], split[2]) for document in side for word in document})
    losses = [by_hand(side, split[2], vocabulary) for side in (split[0], split[1][:100])]
    found = rise(candidate, baseline, target, name="generation_1")
    assert found.value == pytest.approx(losses[0] - losses[1], abs=1e-12)
    assert found.baseline_value == pytest.approx(losses[1], abs=1e-12)
    assert "6,000 words of either side" in found.method
    assert (found.baseline, found.expected, found.unit) == ("generation_1", 0.0, "nats/word")


def test_text_of_the_same_law_teaches_as_much():
    found = [reverse_cross_entropy(*drawn(seed, 100)) for seed in range(2, 32)]
    assert sum(each.low <= 0 <= each.high for each in found) >= 27
    values = np.array([each.value for each in found])
    assert abs(values.mean()) < 3 * values.std() / math.sqrt(len(values))


def test_text_that_lost_its_tail_or_was_sharpened_teaches_less():
    kept = np.arange(3000) < 300
    assert reverse_cross_entropy(*drawn(1, kept=kept)).low > 0
    assert reverse_cross_entropy(*drawn(2, temperature=0.5)).low > 0


def test_the_hash_of_words_does_not_matter():
    samples = drawn(4, 100)
    assert rise(*samples, seed=7).value == pytest.approx(rise(*samples, seed=0).value)


def test_samples_without_words_or_with_few_documents():
    one, other, target = drawn(5, 100)
    assert isinstance(reverse_cross_entropy(one[:95], other, target), NotMeasured)
    assert "0 documents with words" in reverse_cross_entropy(entries(["..."] * 100), other, target).reason
    assert "0 documents with words" in reverse_cross_entropy(one, other, entries([""] * 100)).reason
    short = reverse_cross_entropy(one, entries([f"w{at}" for at in range(100)]), target)
    assert "at an equal number of words (100) a sample has 2 documents" in short.reason


def test_long_samples_are_cut_to_whole_numbers_of_words(monkeypatch):
    monkeypatch.setattr(module, "MOST_WORDS", 3000)
    samples = drawn(7, 100)
    found = reverse_cross_entropy(*samples)
    assert "3,000 words of either side" in found.method
    assert found.value == pytest.approx(reverse_cross_entropy(*samples[:2], samples[2][:50] + entries([""] * 50)).value)


def test_alike_samples_have_no_rise():
    one, _, target = drawn(6, 100)
    value, before, _ = compared(words_of(one, 0), words_of(one, 0), words_of(target, 0))
    assert value == 0.0
    assert before > 0


def test_words_are_those_of_the_views_in_their_order():
    texts = ["The cat, the DON'T cat", "", "猫が好き  e\u0301té", "..."]
    found = words_of(entries(texts), 3)
    assert types_of(found).tolist() == [kind for text in texts for kind, _ in spans(text, 3)]
    assert found.document.tolist() == [at for at, text in enumerate(texts) for _ in spans(text, 3)]
