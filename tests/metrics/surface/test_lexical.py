"""Lexical variety averaged over documents, against lexicalrichness document by document."""

import numpy as np
import pytest

from longtail.metrics.surface import lexical

from .made import excerpts, prose

MEASURES = [lexical.hdd, lexical.mtld, lexical.mattr, lexical.msttr, lexical.yule_k]
TEXTS = prose(30, 2, 300, 120) + prose(30, 3, 40, 53)


@pytest.mark.parametrize(
    ("measure", "of"),
    [
        (lexical.hdd, lambda words: words.hdd(draws=42)),
        (lexical.mtld, lambda words: words.mtld(threshold=0.72)),
        (lexical.mattr, lambda words: words.mattr(window_size=50)),
        (lexical.msttr, lambda words: words.msttr(segment_window=50)),
        (lexical.yule_k, lambda words: words.yulek),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_values_are_the_means_of_the_package_s(measure, of):
    package = pytest.importorskip("lexicalrichness").LexicalRichness
    expected = [of(package(text.split(), preprocessor=None, tokenizer=None)) for text in TEXTS]
    assert measure(excerpts(TEXTS)).value == pytest.approx(np.mean(expected), rel=1e-9)


def test_the_frozen_means():
    found = [measure(excerpts(TEXTS)).value for measure in MEASURES]
    assert found == pytest.approx([0.5521770827495, 17.73854949432, 0.5238039906103, 0.5248333333333, 656.2876435531], rel=1e-9)


def test_documents_of_different_words_only_have_the_ends_of_the_scales():
    found = {measure.__name__: measure(excerpts([" ".join(f"w{at}" for at in range(60))] * 30)) for measure in MEASURES}
    assert [found[name].value for name in ("hdd", "mattr", "msttr", "mtld", "yule_k")] == pytest.approx([1.0, 1.0, 1.0, 60.0, 0.0])
    same = {measure.__name__: measure(excerpts(["word " * 60] * 30)).value for measure in MEASURES}
    assert same["hdd"] == pytest.approx(1 / 42) and same["mattr"] == pytest.approx(1 / 50) == same["msttr"]
    assert same["yule_k"] == pytest.approx(1e4 * (60**2 - 60) / 60**2)


def test_the_variant_of_mtld_is_computed_and_named():
    found = [lexical.mtld(excerpts(TEXTS), variant=variant) for variant in ("mean", "least_10", "wrap", "both_ways")]
    assert len({round(each.value, 6) for each in found}) == 4
    assert all(f"variant {name}, threshold 0.72" in each.method for name, each in zip(("mean", "least_10", "wrap"), found, strict=False))


def test_documents_that_are_too_short_are_left_out_and_counted():
    found = lexical.hdd(excerpts(prose(40) + ["too short"] * 60))
    assert found.n == 40 and "60 of 100 documents left out, which have not at least 42 words" in found.method
    assert lexical.mattr(excerpts(["too short"] * 60)).reason == "0 distinct documents with at least 50 words, fewer than 30"


@pytest.mark.parametrize("measure", MEASURES[1:], ids=lambda each: each.__name__)
def test_fifty_words_are_enough_and_forty_nine_are_not(measure):
    found = measure(excerpts(prose(40, 1, 30, 50) + prose(40, 2, 30, 49)))
    assert found.n == 40 and "40 of 80 documents left out, which have not at least 50 words" in found.method


def test_values_of_short_documents_are_no_numbers():
    found = lexical.long_enough(np.arange(3.0), excerpts(["a " * 49, "a " * 50, ""]))
    assert np.isnan(found).tolist() == [True, False, True] and found[1] == 1.0
