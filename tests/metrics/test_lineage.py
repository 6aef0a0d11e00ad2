"""Trends against least squares and permutations by hand; neutral drift against its known values and simulation."""

import math
from collections import Counter
from itertools import combinations

import numpy as np
import pyarrow as pa
import pytest

from longtail.metrics.lineage import TREND_METRICS, Ordered, neutral_loss, survival
from longtail.metrics.pairing import Settings
from longtail.records import NotMeasured
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Reference
from tests.metrics.corpora import clustered, profiled, written

FOUR = [clustered(120, seed) for seed in range(4)]
SURVIVAL = {1: 0.6321, 2: 0.4685, 3: 0.3741, 5: 0.2681, 10: 0.1582, 20: 0.0876}
"""Chance that a type with one copy survives so many generations: Galton-Watson with Poisson offspring of mean 1, by iteration."""


@pytest.fixture(scope="module")
def chooser():
    return Reference(profiled(clustered(600, 99))).whole


def prompted(numbers, seed=0):
    """Profile of documents that answer the prompts 0, 1, …, each its own."""
    made = Profile(("words_1",), seed)
    prompts = pa.array([f"prompt {number}" for number in range(len(numbers))], pa.string())
    made.add(pa.record_batch({"text": pa.array(written(numbers), pa.string()), "prompt": prompts}))
    return made


def ordered(chooser, generations, controls=(), permutations=199, profiling=profiled):
    settings = Settings(permutations=permutations)
    return Ordered([profiling(each) for each in generations], [profiling(each) for each in controls], chooser, "words_1", settings)


def test_the_contrast_is_the_least_squares_slope_in_every_relabelling(chooser):
    found = ordered(chooser, FOUR)
    for metric in TREND_METRICS:
        logs = found.logs[metric]
        assert logs.shape == (4, 200)
        np.testing.assert_allclose(found.contrast(metric), np.polyfit(range(4), logs, 1)[0], atol=1e-12)


def test_with_controls_the_contrast_is_the_difference_of_slopes(chooser):
    found = ordered(chooser, FOUR[:3], [clustered(150, seed) for seed in (7, 8, 9)])
    for metric in TREND_METRICS:
        logs = found.logs[metric]
        by_hand = np.polyfit(range(3), logs[:3], 1)[0] - np.polyfit(range(3), logs[3:], 1)[0]
        np.testing.assert_allclose(found.contrast(metric), by_hand, atol=1e-12)


def test_observed_logs_are_those_counted_by_hand(chooser):
    generations = [*FOUR[:2], clustered(120, 5, temperature=0.8)]
    found = ordered(chooser, generations)
    rare = tail_by_hand(600, 99)
    for at, documents in enumerate(generations):
        counts = Counter(documents.ravel().tolist())
        n = sum(counts.values())
        mass = sum(count for number, count in counts.items() if number in rare) / n
        pairs = sum(count * (count - 1) for count in counts.values())
        assert found.logs["tail_mass_retained"][at, 0] == pytest.approx(math.log(mass))
        assert found.logs["hill_2"][at, 0] == pytest.approx(math.log(n * (n - 1) / pairs))


def tail_by_hand(count, seed):
    """Types of a sample that are as rare as its last tenth of the mass, ties included."""
    counts = Counter(clustered(count, seed).ravel().tolist())
    total, held, cutoff = sum(counts.values()), 0, 0
    while held < 0.1 * total:
        cutoff += 1
        held += cutoff * sum(1 for each in counts.values() if each == cutoff)
    return {number for number, each in counts.items() if each <= cutoff}


def test_units_change_generations_and_keep_their_number(chooser):
    found = ordered(chooser, FOUR[:3])
    table, sizes = found.labels, found.rows.sizes
    assert table.shape == (sum(sizes), 200)
    for column in table.T:
        assert np.bincount(column).tolist() == list(sizes)
    assert table[:, 0].tolist() == [at for at, size in enumerate(sizes) for _ in range(size)]
    assert len({column.tobytes() for column in table.T}) == 200


def test_with_controls_units_change_places_with_the_control_of_their_own_generation_only(chooser):
    found = ordered(chooser, FOUR[:3], [clustered(120, seed) for seed in (7, 8, 9)])
    observed = found.labels[:, 0]
    moved = {(here, there) for here, column in zip(observed, found.labels, strict=True) for there in column}
    assert moved == {(a, b) for a in range(6) for b in range(6) if a % 3 == b % 3}
    for column in found.labels.T:
        assert np.bincount(column).tolist() == list(found.rows.sizes)


def test_where_all_answer_the_same_prompts_units_change_places_within_a_prompt_only(chooser):
    found = ordered(chooser, FOUR[:3], profiling=prompted)
    assert found.is_paired and found.refusal is None
    assert not ordered(chooser, FOUR[:3]).is_paired
    units = found.rows.sizes[0]
    assert found.rows.sizes == (units,) * 3
    shares = found.labels.reshape(3, units, 200)
    assert (np.sort(shares, axis=0) == np.arange(3)[:, None, None]).all()
    assert (shares[:, :, 1:] != shares[:, :, :1]).any()


def test_a_fall_is_found_and_the_same_fall_backwards_is_a_gain(chooser):
    falling = [clustered(150, seed, temperature=cooled) for seed, cooled in enumerate((1.0, 0.93, 0.86, 0.8))]
    there, back = ordered(chooser, falling), ordered(chooser, falling[::-1])
    for trend, reverse in zip(there.trends(0.05), back.trends(0.05), strict=True):
        assert (trend.direction, reverse.direction) == ("loss", "none")
        assert trend.p == 1 / 200 and reverse.p > 0.95
        assert trend.slope == pytest.approx(-reverse.slope, abs=0.02) and trend.slope < 0
        assert trend.p <= trend.p_adjusted <= 0.05
        assert trend.half_life == pytest.approx(math.log(0.5) / trend.slope)
        assert reverse.half_life is None


def test_a_fall_beside_a_control_that_falls_alike_is_none(chooser):
    cooling = (1.0, 0.93, 0.86, 0.8)
    falling, alike = ([clustered(150, seed + at, temperature=each) for at, each in enumerate(cooling)] for seed in (0, 50))
    level = [clustered(150, 80 + at) for at in range(4)]
    assert {trend.direction for trend in ordered(chooser, falling, alike).trends(0.05)} == {"none"}
    assert {trend.direction for trend in ordered(chooser, falling, level).trends(0.05)} == {"loss"}


def test_the_slope_is_the_median_of_the_slopes_of_all_pairs(chooser):
    found = ordered(chooser, FOUR)
    for trend in found.trends(0.05):
        path = found.logs[trend.metric][:, 0]
        assert trend.slope == pytest.approx(np.median([(path[b] - path[a]) / (b - a) for a, b in combinations(range(4), 2)]))


@pytest.mark.parametrize(
    ("generations", "reason"),
    [
        (FOUR[:2], "2 generations; a trend needs 3"),
        ([*FOUR[:2], clustered(20, 3)], "a generation has 20 distinct documents, fewer than the 96 that a test needs"),
        ([clustered(count, count)[:, :5] for count in (200, 201, 14_000)], "at least 64 times as much text as another"),
    ],
    ids=["too short", "too few documents", "unlike sizes"],
)
def test_where_there_is_no_trend_the_reason_is_said(chooser, generations, reason):
    refused = ordered(chooser, generations).refusal
    assert isinstance(refused, NotMeasured)
    assert reason in refused.reason and refused.enable


@pytest.mark.parametrize(("generations", "chance"), SURVIVAL.items())
def test_survival_of_one_copy_is_that_of_the_branching_process(generations, chance):
    assert survival(np.array([1]), generations)[0] == pytest.approx(chance, abs=5e-5)


def test_copies_survive_independently():
    copies = np.array([1, 2, 5])
    alone = survival(copies[:1], 4)[0]
    np.testing.assert_allclose(survival(copies, 4), 1 - (1 - alone) ** copies)


def test_survival_is_that_of_multinomial_resampling():
    rng, size, runs = np.random.default_rng(0), 20_000, 40
    counts = np.repeat([1, 2, 4], [2000, 2000, 1500])
    counts = np.append(counts, size - counts.sum())
    kept = np.zeros(3)
    for _ in range(runs):
        drawn = counts
        for _ in range(3):
            drawn = rng.multinomial(size, drawn / size)
        kept += [(drawn[counts == copies] > 0).mean() for copies in (1, 2, 4)]
    np.testing.assert_allclose(kept / runs, survival(np.array([1, 2, 4]), 3), atol=0.01)


def test_neutral_loss_is_the_mean_over_the_tail_types_of_the_first_generation(chooser):
    rare = tail_by_hand(600, 99)
    counts = Counter(number for number in FOUR[0].ravel().tolist() if number in rare)
    lost = {generations: 1 - chance for generations, chance in SURVIVAL.items()}
    for generations in (1, 3):
        by_hand = np.mean([lost[generations] ** copies for copies in counts.values()])
        assert neutral_loss(profiled(FOUR[0]), chooser, "words_1", 0.1, generations) == pytest.approx(by_hand, abs=1e-4)


def test_a_first_generation_without_tail_types_has_no_neutral_loss(chooser):
    assert neutral_loss(profiled(["w0 w0 w0", "w0 w1"]), chooser, "words_1", 0.1, 1) is None
