from collections import Counter, defaultdict
from math import sqrt

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.errors import ConfigError, UsageError
from longtail.lab.learners.ngram import NGram

corpora = st.lists(st.lists(st.sampled_from("abcdé"), max_size=6).map(" ".join), min_size=1, max_size=12)


def brute_force_law(documents, order, temperature=1.0):
    """The definition, with dictionaries: counts of what follows each context, raised to 1/T and normalised."""
    counts = defaultdict(Counter)
    for document in documents:
        padded = [""] * (order - 1) + document.split()
        for place in range(order - 1, len(padded) + 1):
            word = padded[place] if place < len(padded) else ""
            counts[tuple(padded[place - order + 1 : place])][word] += 1
    law = {}
    for context, followers in counts.items():
        powers = {word: (count / sum(followers.values())) ** (1 / temperature) for word, count in followers.items()}
        law[context] = {word: power / sum(powers.values()) for word, power in powers.items()}
    return law


def rng(seed=0):
    return numpy.random.default_rng(seed)


@given(corpora, st.integers(1, 4), st.sampled_from([0.5, 0.8, 1.0, 1.7]))
@settings(deadline=None)
def test_contexts_and_probabilities_are_those_of_brute_force_counting(documents, order, temperature):
    law = NGram(order, temperature).fit(documents).law()
    expected = brute_force_law(documents, order, temperature)
    assert law.keys() == expected.keys()
    for context, followers in expected.items():
        assert law[context] == pytest.approx(followers, rel=1e-9)


@given(corpora, st.integers(1, 4), st.integers(0, 5))
@settings(deadline=None)
def test_what_is_written_holds_only_transitions_that_were_learnt(documents, order, seed):
    law = brute_force_law(documents, order)
    for context, followers in brute_force_law(NGram(order).fit(documents).sample(20, rng(seed)), order).items():
        assert followers.keys() <= law[context].keys()


def test_a_known_bigram_law_is_recovered_in_what_is_written():
    documents = ["a b"] * 30 + ["a c"] * 70
    written = Counter(NGram(2).fit(documents).sample(20_000, rng()))
    assert written.keys() == {"a b", "a c"}
    assert abs(written["a b"] / 20_000 - 0.3) < 4 * sqrt(0.21 / 20_000)


def test_a_known_trigram_law_is_recovered_and_a_bigram_model_cannot_tell_the_contexts_apart():
    documents = ["x a b"] * 30 + ["x a c"] * 70 + ["y a b"] * 90 + ["y a c"] * 10
    law = brute_force_law(NGram(3).fit(documents).sample(40_000, rng()), 3)
    assert abs(law["x", "a"]["b"] - 0.3) < 4 * sqrt(0.21 / 19_000)
    assert abs(law["y", "a"]["b"] - 0.9) < 4 * sqrt(0.09 / 19_000)
    blurred = brute_force_law(NGram(2).fit(documents).sample(40_000, rng()), 3)
    assert abs(blurred["x", "a"]["b"] - 0.6) < 4 * sqrt(0.24 / 19_000)


@pytest.mark.parametrize("temperature", [0.25, 0.8, 1.5])
def test_temperature_gives_the_closed_form(temperature):
    written = Counter(NGram(2, temperature).fit(["a"] * 20 + ["b"] * 30 + ["c"] * 50).sample(40_000, rng()))
    powers = {word: p ** (1 / temperature) for word, p in {"a": 0.2, "b": 0.3, "c": 0.5}.items()}
    for word, power in powers.items():
        share = power / sum(powers.values())
        assert abs(written[word] / 40_000 - share) < 4 * sqrt(share * (1 - share) / 40_000)


def test_a_temperature_near_zero_takes_the_likeliest_word_without_overflow():
    assert set(NGram(2, 1e-3).fit(["a"] * 600 + ["b"] * 500).sample(100, rng())) == {"a"}


def test_document_lengths_follow_the_training_law():
    documents = [" ".join("abcdefghij"[:length]) for length in [2] * 50 + [5] * 30 + [9] * 20]
    lengths = Counter(len(document.split()) for document in NGram(3).fit(documents).sample(20_000, rng()))
    assert lengths.keys() == {2, 5, 9}
    for length, share in {2: 0.5, 5: 0.3, 9: 0.2}.items():
        assert abs(lengths[length] / 20_000 - share) < 4 * sqrt(share * (1 - share) / 20_000)


def test_a_document_that_never_ends_is_cut_at_the_cap():
    endless = NGram(2, 0.01, max_words=50).fit(["a " * 200])
    assert {len(document.split()) for document in endless.sample(10, rng())} == {50}


def test_same_seed_same_output_and_the_order_of_the_training_documents_does_not_matter():
    documents = [f"{a} {b} {a}{b}" for a in "abcd" for b in "xyz"]
    model = NGram(2).fit(documents)
    assert model.sample(50, rng(7)) == model.sample(50, rng(7)) == NGram(2).fit(documents[::-1]).sample(50, rng(7))
    assert model.sample(50, rng(7)) != model.sample(50, rng(8))


def test_fitting_again_forgets_what_was_learnt_before():
    assert set(NGram(2).fit(["a b"]).fit(["c d"]).sample(5, rng())) == {"c d"}


def test_the_share_of_a_type_is_a_martingale_of_the_unigram_model():
    documents = ["a a b c"] * 5 + ["a d"] * 5 + ["e"] * 2
    tokens = Counter(" ".join(documents).split())
    expected = {word: count / tokens.total() for word, count in tokens.items()}
    model = NGram(1).fit(documents)
    shares = defaultdict(list)
    for seed in range(300):
        written = Counter(" ".join(model.sample(400, rng(seed))).split())
        for word in expected:
            shares[word].append(written[word] / written.total())
    for word, share in expected.items():
        assert abs(numpy.mean(shares[word]) - share) < 4 * numpy.std(shares[word], ddof=1) / sqrt(300)


def test_empty_documents_are_learnt_as_such():
    written = Counter(NGram(3).fit(["", "a"]).sample(4000, rng()))
    assert written.keys() == {"", "a"}
    assert abs(written[""] - 2000) < 4 * sqrt(1000)


def test_no_documents_are_asked_for_and_none_come():
    assert NGram(2).fit(["a"]).sample(0, rng()) == []


@pytest.mark.parametrize("wrong", [{"order": 0}, {"temperature": 0.0}, {"temperature": float("nan")}, {"max_words": 0}])
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        NGram(**wrong)


def test_misuse_raises_and_says_what_to_do():
    with pytest.raises(UsageError, match="pass at least one"):
        NGram().fit([])
    with pytest.raises(UsageError, match="call fit"):
        NGram().sample(1, rng())
    with pytest.raises(UsageError, match="ask for 0 or more"):
        NGram().fit(["a"]).sample(-1, rng())
