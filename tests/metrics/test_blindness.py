"""Benchmark blindness: a benchmark of the head, one like the reference, and the closed form of what is expected."""

from functools import cache

import msgspec
import numpy as np
import pytest

from longtail.errors import IncompatibleSummaries
from longtail.metrics.blindness import BLIND, benchmark_blindness, benchmark_common_mass, blindness_warning
from longtail.records import NotMeasured
from longtail.summaries.reference import Choosing, Reference
from longtail.summaries.strata import HEAD, TORSO
from longtail.views.words import spans

from .corpora import clustered, law, profiled, written


@pytest.fixture(scope="module")
def reference():
    return Reference(profiled(clustered(1500, 0)))


def items(count, words, seed, types=3000):
    rng = np.random.default_rng(seed)
    return rng.choice(types, (count, words), p=law()[:types] / law()[:types].sum())


@cache
def common_types(reference):
    strata = Choosing(reference.profile, 0).strata("words_1", 0.1, 1 << 52)
    return set(strata.types[np.isin(strata.codes, (HEAD, TORSO))].tolist())


def by_hand(texts, reference, seed=0):
    """The share of texts all of whose words are head or torso of half A, looked up word by word."""
    common = common_types(reference)
    return np.mean([all(kind in common for kind, _ in spans(text, seed)) for text in texts])


def test_a_benchmark_of_the_head_is_blind_and_warned_of(reference):
    found = benchmark_blindness(profiled(items(300, 25, 1, types=60)), reference)
    assert found.value >= BLIND
    assert found.expected < 0.3
    warning = blindness_warning(found)
    assert "benchmark-blind: 1.00" in warning
    assert "\n" not in warning
    mass = benchmark_common_mass(profiled(items(300, 25, 1, types=60)), reference)
    assert mass.low > 1.05


def test_items_like_the_reference_are_as_common_as_expected(reference):
    benchmark = profiled(clustered(400, 9)[:, :12])
    found = benchmark_blindness(benchmark, reference)
    assert found.value == pytest.approx(found.expected, abs=0.07)
    assert blindness_warning(found) is None
    mass = benchmark_common_mass(profiled(clustered(400, 9)), reference)
    assert mass.low <= 1 <= mass.high
    flags = [kind in common_types(reference) for entry in reference.profile.sample.entries(1) for kind, _ in spans(entry.text, 0)]
    assert mass.baseline_value == pytest.approx(np.mean(flags))


def test_short_items_are_not_called_blind_for_being_short(reference):
    found = benchmark_blindness(profiled(clustered(1500, 11)[:, :2]), reference)
    assert found.value == pytest.approx(found.expected, abs=0.05)
    assert found.value > 0.6
    assert blindness_warning(found) is None
    usual = msgspec.structs.replace(found, value=0.95, low=0.93, high=0.97, expected=0.94)
    assert blindness_warning(usual) is None
    assert blindness_warning(msgspec.structs.replace(usual, expected=0.7)) is not None


def test_the_share_is_that_of_looking_every_word_up(reference):
    texts = written(items(200, 9, 3))
    found = benchmark_blindness(profiled(texts), reference)
    assert found.value == pytest.approx(by_hand(sorted(set(texts)), reference))
    assert found.low < found.value < found.high
    assert found.tau == Choosing(reference.profile, 0).strata("words_1", 0.1, 1 << 52).realised_tau


def test_the_expected_share_is_that_of_all_places_in_documents_of_half_b(reference):
    common = common_types(reference)
    texts = [entry.text for entry in reference.profile.sample.entries(1)]
    flags = [[kind in common for kind, _ in spans(text, 0)] for text in texts]
    places = [all(row[at : at + 9]) for row in flags for at in range(len(row) - 9 + 1)]
    found = benchmark_blindness(profiled(written(items(200, 9, 3))), reference)
    assert found.expected == pytest.approx(np.mean(places))
    long = benchmark_blindness(profiled(written(items(50, 500, 3))), reference)
    assert long.expected == pytest.approx(np.mean([all(row) for row in flags]))


def test_words_that_the_reference_lacks_are_rare(reference):
    texts = [f"w1 w2 unheard{at}" for at in range(50)]
    assert benchmark_blindness(profiled(texts), reference).value == 0.0


def test_few_items_no_tail_and_other_settings(reference):
    assert isinstance(benchmark_blindness(profiled(["w1 w2"] * 100), reference), NotMeasured)
    assert isinstance(benchmark_blindness(profiled(["..."] * 100), reference), NotMeasured)
    assert isinstance(benchmark_common_mass(profiled(["..."] * 100), reference), NotMeasured)
    assert blindness_warning(benchmark_blindness(profiled(["w1"]), reference)) is None
    sparse = Reference(profiled([f"only{at} once{at}" for at in range(300)]))
    assert isinstance(benchmark_blindness(profiled(items(100, 5, 1)), sparse), NotMeasured)
    with pytest.raises(IncompatibleSummaries):
        benchmark_blindness(profiled(items(100, 5, 1), seed=3), reference)
    bigrams = profiled(items(100, 5, 1), views=("words_2",))
    assert "words_1 was not counted" in benchmark_common_mass(bigrams, reference).reason
