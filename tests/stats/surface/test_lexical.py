"""HD-D, MTLD, MATTR, MSTTR and Yule's K against brute force, frozen numbers and packages."""

import math
from collections import Counter

import numpy as np
import pytest

from longtail.stats.rarefaction import expected_types
from longtail.stats.surface import lexical
from longtail.stats.surface.corpus import corpus_of

from .fixtures import RIVER_WORDS

RIVER = corpus_of([RIVER_WORDS])


def zipf(seed, size, types=60):
    law = 1 / np.arange(1, types + 1)
    return np.random.default_rng(seed).choice(types, size, p=law / law.sum()).tolist()


TEXTS = [zipf(seed, size) for seed, size in enumerate((10, 41, 42, 43, 49, 50, 51, 100, 150, 777))]


def partly(words):
    """Factors of McCarthy & Jarvis 2010, one way."""
    whole, found, size = 0.0, set(), 0
    for word in words:
        found.add(word)
        size += 1
        if len(found) / size <= 0.72:
            whole, found, size = whole + 1, set(), 0
    whole += (1 - len(found) / size) / (1 - 0.72) if size else 0.0
    return len(words) / whole if whole else len(words)


def test_the_known_values_of_a_text():
    assert lexical.hdd(RIVER)[0] == pytest.approx(0.49459764, abs=5e-9)
    assert lexical.mattr(RIVER)[0] == pytest.approx(0.56517241, abs=5e-9)
    assert lexical.msttr(RIVER)[0] == pytest.approx(0.57333333, abs=5e-9)


@pytest.mark.parametrize(
    ("variant", "value"), [("mean", 20.76498869), ("least_10", 23.57142857), ("wrap", 21.8), ("both_ways", 21.83859416)]
)
def test_each_variant_of_mtld_has_the_value_of_its_package(variant, value):
    assert lexical.mtld(RIVER, variant)[0] == pytest.approx(value, abs=5e-9)


def test_hdd_is_the_expected_number_of_types_among_42():
    expected = [expected_types(list(Counter(text).values()), 42) / 42 if len(text) >= 42 else math.nan for text in TEXTS]
    assert lexical.hdd(corpus_of(TEXTS)) == pytest.approx(expected, abs=1e-12, nan_ok=True)


def test_hdd_is_the_mean_over_random_draws():
    text, rng = zipf(3, 120), np.random.default_rng(0)
    drawn = [len(set(rng.permutation(text)[:42].tolist())) / 42 for _ in range(4000)]
    assert abs(lexical.hdd(corpus_of([text]))[0] - np.mean(drawn)) < 4 * np.std(drawn) / 4000**0.5


def test_mtld_is_the_mean_of_both_readings():
    expected = [(partly(text) + partly(text[::-1])) / 2 for text in TEXTS]
    assert lexical.mtld(corpus_of(TEXTS)) == pytest.approx(expected, abs=1e-12)


def test_windows_and_segments_are_those_of_brute_force():
    def ratio(words):
        return len(set(words)) / len(words)

    windows = [[ratio(text[at : at + 50]) for at in range(len(text) - 49)] for text in TEXTS]
    segments = [[ratio(text[at : at + 50]) for at in range(0, len(text) - 49, 50)] for text in TEXTS]
    for ours, theirs in ((lexical.mattr, windows), (lexical.msttr, segments)):
        expected = [np.mean(each) if each else math.nan for each in theirs]
        assert ours(corpus_of(TEXTS)) == pytest.approx(expected, abs=1e-12, nan_ok=True)


def test_yules_k_is_its_formula():
    expected = [1e4 * (sum(count**2 for count in Counter(text).values()) - len(text)) / len(text) ** 2 for text in TEXTS]
    assert lexical.yule_k(corpus_of(TEXTS)) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("variant", ["mean", "least_10", "both_ways"])
def test_a_text_without_a_repeat_has_its_own_length_and_not_zero(variant):
    assert lexical.mtld(corpus_of([list(range(35))]), variant).tolist() == [35.0]


def test_a_text_without_a_repeat_that_runs_on_around_its_end_repeats_there():
    assert lexical.mtld(corpus_of([list(range(100))]), "wrap")[0] == pytest.approx(139.0)


def test_an_empty_text_has_no_value_and_disturbs_no_other():
    both = corpus_of([[], RIVER_WORDS, []])
    for measure in (lexical.hdd, lexical.mtld, lexical.mattr, lexical.msttr, lexical.yule_k):
        found = measure(both)
        assert np.isnan(found[[0, 2]]).all() and found[1] == measure(RIVER)[0]


def test_one_word_repeated_is_the_least_varied_text():
    same = corpus_of([["x"] * 100])
    assert lexical.mattr(same)[0] == 0.02 and lexical.hdd(same)[0] == pytest.approx(1 / 42)
    assert lexical.mtld(same)[0] == 2.0 and lexical.yule_k(same)[0] == pytest.approx(9900.0)


def test_lexicalrichness_agrees():
    module = pytest.importorskip("lexicalrichness")
    for text in TEXTS[-4:]:
        words = [f"w{number}" for number in text]
        theirs, ours = module.LexicalRichness(words, preprocessor=None, tokenizer=None), corpus_of([words])
        assert lexical.hdd(ours)[0] == pytest.approx(theirs.hdd(42), abs=1e-9)
        assert lexical.mtld(ours)[0] == pytest.approx(theirs.mtld(0.72), abs=1e-9)
        assert lexical.yule_k(ours)[0] == pytest.approx(theirs.yulek, abs=1e-9)
        if len(words) > 50:
            assert lexical.mattr(ours)[0] == pytest.approx(theirs.mattr(50), abs=1e-9)
