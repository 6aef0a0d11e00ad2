import math
from collections import Counter

import pytest

from longtail.stats.interpolated import KEPT, Interpolated, numbered

TRAIN = ["a b a b c", "b c a", "a b"]
NEW = ["a b c", "c d a"]


def brute_force(train, new, order):
    """Return the mean negative log-likelihood by dictionaries of word tuples."""
    vocabulary = {word for document in train for word in document.split()}
    base = len(vocabulary) + 2  # and the end, and the unknown word

    def places(documents):
        for document in documents:
            words = ["<"] * (order - 1) + [word if word in vocabulary else "?" for word in document.split()] + [">"]
            for at in range(order - 1, len(words)):
                yield tuple(words[at - order + 1 : at]), words[at]

    grams, contexts = Counter(), Counter()
    for context, word in places(train):
        for length in range(order):
            tail = context[len(context) - length :]
            grams[tail, word] += 1
            contexts[tail] += 1

    def law(context, word, length):
        below = 1 / base if length == 0 else law(context, word, length - 1)
        tail = context[len(context) - length :]
        return KEPT * grams[tail, word] / contexts[tail] + (1 - KEPT) * below if contexts[tail] else below

    logs = [math.log(law(context, word, order - 1)) for context, word in places(new)]
    return -sum(logs) / len(logs)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_the_likelihood_equals_brute_force(order):
    vocabulary = numbered(TRAIN)
    model = Interpolated.learnt(TRAIN, order, vocabulary)
    assert model.nll(NEW, vocabulary) == pytest.approx(brute_force(TRAIN, NEW, order), rel=1e-12)


def test_ten_copies_of_a_training_set_are_the_same_model():
    vocabulary = numbered(TRAIN)
    once, often = (Interpolated.learnt(TRAIN * copies, 3, vocabulary).nll(NEW, vocabulary) for copies in (1, 10))
    assert once == pytest.approx(often, rel=1e-12)


def test_text_that_was_learnt_is_likelier_than_text_that_was_not():
    vocabulary = numbered(TRAIN)
    model = Interpolated.learnt(TRAIN, 3, vocabulary)
    assert model.nll(TRAIN, vocabulary) < model.nll(["c c c"], vocabulary) < model.nll(["x y z"], vocabulary)
