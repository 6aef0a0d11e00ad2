"""The exponent of samples whose law is known."""

import numpy as np
import pytest

import longtail
from longtail.auditing.pictures.ranks import FEWEST_RANKS, ranks_of
from longtail.auditing.pictures.ranks import _slope as slope


def zipf(exponent, seed, documents=500, kinds=1500):
    rng = np.random.default_rng(seed)
    often = 1.0 / np.arange(1, kinds + 1) ** exponent
    names = np.array([f"w{at}x" for at in range(kinds)])
    drawn = rng.choice(kinds, (documents, 120), p=often / often.sum())
    return longtail.profile([f"{' '.join(names[row])} end{seed}n{at}" for at, row in enumerate(drawn)], views=["words_1"])


@pytest.fixture(scope="module")
def found():
    return ranks_of({"reference": zipf(1.0, 1), "candidate": zipf(1.2, 2)}, "words_1")


def test_the_interval_holds_the_exponent_of_the_law_and_tells_two_laws_apart(found):
    flat, steep = found["lines"]
    assert flat["low"] <= 1.0 <= flat["high"] and steep["low"] <= 1.2 <= steep["high"]
    assert flat["high"] < steep["low"] and steep["high"] - steep["low"] < 0.1


def test_all_lines_are_measured_over_the_same_ranks(found):
    assert found["ranks"][0] == 1 and FEWEST_RANKS <= found["ranks"][1] < 1500
    alone = ranks_of({"candidate": zipf(1.0, 1)}, "words_1")
    assert alone["ranks"][1] >= found["ranks"][1]


def test_the_slope_of_an_exact_power_law_is_its_exponent():
    edges = np.array([0, 1, 3, 9, 30, 100])
    often = 1e6 / np.arange(1, 101)
    assert slope(often, often, edges) == pytest.approx(1.0)
    shuffled = np.random.default_rng(0).permutation(100)
    assert slope(often[shuffled], often[shuffled], edges) == pytest.approx(1.0)


def test_few_common_items_have_a_curve_and_no_exponent():
    found = ranks_of({"candidate": longtail.profile(["a a a b c", "a b d"])}, "words_1")
    assert found["ranks"] is None and found["lines"][0].keys() == {"name", "points"}


def test_a_lucky_rank_does_not_steepen_the_slope():
    """Items of one frequency: ranked by their own counts they would fall, ranked by the other half's they do not."""
    rng = np.random.default_rng(3)
    first, second = rng.poisson(20, 2000), rng.poisson(20, 2000)
    edges = np.array([0, 1, 4, 20, 100, 500, 2000])
    assert abs(slope(first, second, edges)) < 0.05 < slope(first, first, edges)
