"""Entropy against closed forms and the chain rule."""

import math

import numpy as np
import pytest

from longtail.errors import IncompatibleSummaries
from longtail.metrics.entropy import conditional_entropy, entropy
from longtail.metrics.richness import hill_1
from longtail.records import NotMeasured

from .corpora import clustered, profiled


def chain(documents, words, seed, order):
    """Documents of a Markov chain on `order` words that goes to either of two words from each: log 2 nats a word."""
    rng = np.random.default_rng(seed)
    steps = rng.integers(0, 2, (documents, words))
    states = np.zeros((documents, words), int)
    for at in range(1, words):
        states[:, at] = (2 * states[:, at - 1] + steps[:, at]) % order
    return states


def test_it_is_the_log_of_the_hill_number_of_order_one():
    words = profiled(clustered(300, 1)).frequencies["words_1"]
    found, hill = entropy(words), hill_1(words)
    assert found.value == pytest.approx(math.log(hill.value))
    assert (found.low, found.high) == (pytest.approx(math.log(hill.low)), pytest.approx(math.log(hill.high)))
    assert (found.metric, found.unit) == ("entropy", "nats")


def test_the_entropy_of_uniform_words_is_the_log_of_their_number_where_the_plain_formula_is_low():
    numbers = np.random.default_rng(0).integers(0, 500, (100, 20))
    shares = np.bincount(numbers.ravel(), minlength=500) / numbers.size
    plain = -(shares[shares > 0] * np.log(shares[shares > 0])).sum()
    found = entropy(profiled(numbers).frequencies["words_1"])
    assert abs(found.value - math.log(500)) < 0.2 * abs(plain - math.log(500))
    assert found.low <= math.log(500) <= found.high


def test_the_conditional_entropy_of_a_chain_is_that_of_its_steps():
    made = profiled(chain(400, 60, 1, 32)[:, 10:], views=("words_1", "words_2", "words_3")).frequencies
    for longer, shorter in (("words_2", "words_1"), ("words_3", "words_2")):
        found = conditional_entropy(made[longer], made[shorter])
        assert found.value == pytest.approx(math.log(2), abs=0.03)
        assert found.low < found.value < found.high
        assert found.view == longer
    assert found.high - found.low < 0.1


def test_what_has_no_entropy():
    empty = profiled(["", "..."]).frequencies["words_1"]
    assert isinstance(entropy(empty), NotMeasured)
    assert entropy(empty).metric == "entropy"
    both = profiled(["one two"] * 2, views=("words_1", "words_2")).frequencies
    assert "32 documents" in conditional_entropy(both["words_2"], both["words_1"]).enable
    once = profiled(["one two three four"], views=("words_1", "words_2")).frequencies
    assert "nothing occurs twice" in conditional_entropy(once["words_2"], once["words_1"]).reason
    sampled = profiled(clustered(50, 1), capacity=20, views=("words_1", "words_2")).frequencies
    assert "--exact" in conditional_entropy(sampled["words_2"], sampled["words_1"]).enable


def test_counts_of_unlike_seeds_are_refused():
    one, other = (profiled(clustered(50, 1), seed=seed, views=("words_1", "words_2")).frequencies for seed in (0, 1))
    with pytest.raises(IncompatibleSummaries):
        conditional_entropy(one["words_2"], other["words_1"])
