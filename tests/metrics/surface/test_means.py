"""Means over documents and their errors against closed forms, numpy and numbers by hand."""

import math

import numpy as np
import pytest

from longtail.metrics.surface import Excerpts
from longtail.metrics.surface.means import cluster_error, estimate, jackknife_half, mean_of, parts_of, too_few, too_few_prompts
from longtail.stats.jackknife import quantile


def lone(count):
    """As many empty documents, each in a cell of its own."""
    return Excerpts(("",) * count, np.arange(count, dtype=np.uint16))


def test_documents_of_one_prompt_are_taken_together_in_an_error():
    values, cells = np.repeat(np.random.default_rng(0).normal(size=50), 4), np.repeat(np.arange(50), 4).astype(np.uint16)
    apart = cluster_error(values, np.arange(200).astype(np.uint16))[0]
    assert apart == pytest.approx(values.std(ddof=1) / 200**0.5)
    assert cluster_error(values, cells)[0] == pytest.approx(values[::4].std(ddof=1) / 50**0.5)


def test_the_documents_of_one_cell_have_no_error():
    assert cluster_error(np.arange(5.0), np.full(5, 7, np.uint16)) == (math.inf, 1)
    assert cluster_error(np.full(6, 0.25), np.array([1, 1, 2, 3, 3, 3], np.uint16)) == (0.0, 3)
    by_hand = math.sqrt(3 / 2 * ((1 + 2 - 6) ** 2 + (3 - 3) ** 2 + (6 - 3) ** 2)) / 4
    assert cluster_error(np.array([1.0, 2.0, 3.0, 6.0]), np.array([9, 9, 0, 4], np.uint16))[0] == pytest.approx(by_hand)


def test_parts_hold_equally_many_documents_and_whole_prompts():
    cells = np.random.default_rng(0).integers(0, 4096, 640).astype(np.uint16)
    parts = parts_of(cells, 32)
    assert np.abs(np.bincount(parts) - 20).max() <= 4
    assert all(len(set(parts[cells % 2048 == each].tolist())) == 1 for each in np.unique(cells % 2048))


def test_parts_follow_bins_whatever_the_half_and_an_empty_sample_has_none():
    cells = np.array([5, 2048 + 5, 0, 2047, 7, 6, 2048, 4095], np.uint16)
    assert parts_of(cells, 4).tolist() == [1, 1, 0, 3, 2, 2, 0, 3]
    assert parts_of(cells[:0], 4).tolist() == []


def test_the_half_width_of_a_mean_s_jackknife_is_student_s():
    values = np.random.default_rng(0).normal(size=12)
    without = (values.sum() - values) / 11
    assert jackknife_half(without) == pytest.approx(quantile(0.975, 11) * values.std(ddof=1) / math.sqrt(12))


def test_a_mean_is_over_the_documents_that_have_a_value_and_counts_the_others():
    values = np.where(np.arange(50) < 40, np.arange(50) / 100, np.nan)
    found = mean_of(values, lone(50), "hdd", "words_1", "types per token", "a way", "at least 42 words")
    half = quantile(0.975, 39) * values[:40].std(ddof=1) / math.sqrt(40)
    assert (found.value, found.low, found.high) == pytest.approx((0.195, 0.195 - half, 0.195 + half))
    assert found.n == 40
    assert found.method == "a way; mean over documents, standard error; 10 of 50 documents left out, which have not at least 42 words"
    whole = mean_of(values[:40], lone(40), "hdd", "words_1", "types per token", "a way", "at least 42 words")
    assert whole.method == "a way; mean over documents, standard error" and whole.value == found.value


@pytest.mark.parametrize("count", [0, 29])
def test_few_values_have_no_mean(count):
    values = np.append(np.ones(count), np.nan)
    found = mean_of(values, lone(count + 1), "hdd", "words_1", "words", "a way", "at least 42 words")
    assert found.reason == f"{count} distinct documents with at least 42 words, fewer than 30"
    assert (found.metric, found.view, found.enable) == ("hdd", "words_1", "more or longer documents")


def test_documents_of_one_prompt_have_no_mean():
    alike = Excerpts(("",) * 60, np.zeros(60, np.uint16))
    assert mean_of(np.arange(60.0), alike, "hdd", "words_1", "words", "a way", "") == too_few_prompts("hdd", "words_1")
    assert too_few_prompts("hdd", "words_1").reason == "too few prompts"


@pytest.mark.parametrize(
    ("unit", "centre", "bounds"),
    [
        ("share", (0.9, 0.3), (0.6, 1.0)),
        ("share", (0.1, 0.3), (0.0, 0.4)),
        ("words", (90.0, 100.0), (0.0, 190.0)),
        ("10^-4", (120.0, 5.0), (115.0, 125.0)),
        ("log(1 + repeats)", (2.0, 0.5), (1.5, 2.5)),
        ("bytes per byte", (2.0, 0.5), (1.5, 2.5)),
    ],
)
def test_an_interval_keeps_to_the_values_there_can_be(unit, centre, bounds):
    found = estimate("m", "v", unit, centre, 7, "way")
    assert (found.value, found.low, found.high) == pytest.approx((centre[0], *bounds))
    assert (found.n, found.method, found.unit, found.resampling_unit) == (7, "way", unit, "document")


def test_too_few_say_how_many_there_are_and_how_many_it_takes():
    assert too_few(1234, "m", "v", "", 5000).reason == "1,234 distinct documents, fewer than 5000"
