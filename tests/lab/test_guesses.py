import math
from collections import Counter, defaultdict

import numpy
import pytest

from longtail.lab.guesses import covered, rare_guessed
from longtail.stats.interpolated import Interpolated, numbered

WORDS = list("abcdefg")


def drawn(seed, count=40):
    rng = numpy.random.default_rng(seed)
    return [" ".join(rng.choice(WORDS, size=rng.integers(1, 9), p=[0.4, 0.2, 0.1, 0.1, 0.1, 0.05, 0.05])) for _ in range(count)]


def places(text, order):
    words = [""] * (order - 1) + text.split() + [""]
    return [(tuple(words[at - order + 1 : at]), words[at]) for at in range(order - 1, len(words))]


def law(texts, order):
    """The interpolated law by dictionaries, what the uniform law adds left out."""
    counts = defaultdict(Counter)
    for context, word in (place for text in texts for place in places(text, order)):
        for start in range(order):
            counts[context[start:]][word] += 1

    def chance(context, word):
        shorter = chance(context[1:], word) if context else 0.0
        return 0.5 * counts[context][word] / counts[context].total() + 0.5 * shorter if context in counts else shorter

    return chance


@pytest.mark.parametrize("order", [1, 2, 3])
def test_the_law_by_dictionaries_is_that_of_the_interpolated_model(order):
    texts = drawn(3)
    vocabulary, chance = numbered(texts), law(texts, order)
    model = Interpolated.learnt(texts, order, vocabulary)
    uniform = 0.5**order / (model.base - 1)
    logs = [math.log(chance(*place) + uniform) for text in texts for place in places(text, order)]
    assert model.nll(texts, vocabulary) == pytest.approx(-numpy.mean(logs), rel=1e-12)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_what_is_guessed_is_the_likeliest_of_all_words(seed, order):
    texts, held_out = drawn(seed), drawn(seed + 100)
    chance = law(texts, order)
    vocabulary = numbered([*texts, *held_out])
    asked = [place for text in held_out for place in places(text, order)]
    best = {context: max(["", *WORDS], key=lambda word: chance(context, word)) for context, _ in asked}
    for rare in ({"a"}, {"b"}, {"f", "g"}, set(WORDS)):
        mine = [best[context] == word for context, word in asked if word in rare]
        assert rare_guessed(texts, held_out, rare, order, vocabulary) == pytest.approx(numpy.mean(mine))


def test_rare_words_are_guessed_where_the_context_is_known():
    texts = ["the cat sat on a mat", "the cat sat on a mat", "the dog ran"]
    held_out = ["the cat sat on a mat", "the dog sat on a mat", "we saw a dog"]
    vocabulary = numbered([*texts, *held_out])
    assert rare_guessed(texts, held_out[:1], {"mat"}, 3, vocabulary) == 1.0
    assert rare_guessed(texts, held_out[1:], {"dog"}, 3, vocabulary) == 0.0
    assert rare_guessed([], held_out, {"mat"}, 3, vocabulary) == 0.0


def test_coverage_counts_each_rare_word_once():
    assert covered(["a b", "b c"], {"b", "c", "d", "e"}) == 0.5
    assert covered([], {"b"}) == 0.0
