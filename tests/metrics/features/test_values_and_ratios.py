"""Numbers of one sample of vectors, and of a candidate beside a baseline."""

import numpy as np
import pytest

from longtail.metrics.catalogue import RATIOS, VALUES
from longtail.metrics.features import feature_ratios, feature_values
from longtail.metrics.features.neighbouring import Surroundings, nearest_without
from longtail.metrics.features.ratios import METRICS, Apart, energy_distance, mmd2
from longtail.metrics.features.units import interval, placed_pair
from longtail.records import Estimate, NotMeasured
from longtail.stats.features import distances, frechet, kernels, neighbours, spectra
from longtail.stats.jackknife import Spread

from .featured import mixture, vectors

OF_ONE = ("rke", "vendi", "effective_rank", "total_variance")
CANDIDATE, MEASURED, CHOOSER = (vectors(mixture(count, seed), name) for count, seed, name in ((400, 1, "a"), (500, 2, "b"), (500, 3, "c")))


def ratios(candidate, measured=MEASURED, permutations=99):
    return {each.metric: each for each in feature_ratios(candidate, measured, CHOOSER, "reference", "vector:emb", permutations, 0)}


def test_every_number_is_in_a_catalogue_with_its_facts():
    assert set(OF_ONE) <= {entry.name for entry in VALUES}
    assert set(METRICS) <= {entry.name for entry in RATIOS}


def test_numbers_of_one_sample_are_those_of_its_rows():
    found = dict(zip(OF_ONE, feature_values(CANDIDATE, "vector:emb"), strict=True))
    rows = CANDIDATE.values
    assert found["rke"].value == pytest.approx(spectra.kernel_entropy(rows, kernels.median_distance(rows)), rel=1e-9)
    assert found["vendi"].value == pytest.approx(spectra.vendi(rows[:256]), rel=1e-9) and "of 256 rows" in found["vendi"].method
    assert found["effective_rank"].value == pytest.approx(spectra.effective_rank(spectra.spectrum(rows)), rel=1e-9)
    assert found["total_variance"].value == pytest.approx(np.var(rows.astype(float), axis=0, ddof=1).sum(), rel=1e-9)
    assert all(each.low < each.value < each.high and each.n == 400 and each.view == "vector:emb" for each in found.values())


def test_intervals_of_one_sample_cover_the_truth():
    rng, held = np.random.default_rng(5), 0
    for run in range(60):
        sample = vectors(rng.normal(size=(300, 4)).astype(np.float32), f"v{run} ")
        found = feature_values(sample, "v", 1.5)
        held += found[0].low <= (1 + 4 / 1.5**2) ** 2 <= found[0].high and found[3].low <= 4 <= found[3].high
    assert held >= 48


def test_few_rows_have_no_numbers_and_constant_rows_have_defined_ones():
    found = feature_values(vectors(mixture(95, 1), "a"), "v")
    assert all(isinstance(each, NotMeasured) and "95 documents have a vector" in each.reason for each in found)
    assert [each.metric for each in found] == list(OF_ONE)
    constant = feature_values(vectors(np.ones((200, 3), np.float32), "a"), "v")
    assert [each.value for each in constant] == pytest.approx([1.0, 1.0, 0.0, 0.0])


def test_rows_of_no_likeness_have_no_number_of_modes():
    apart = (np.arange(200)[:, None] * 1e4).astype(np.float32)
    found = feature_values(vectors(apart, "a"), "v", 1.0)[0]
    assert isinstance(found, NotMeasured) and "no two rows are alike" in found.reason


def test_ratios_are_the_plain_numbers_of_both_samples():
    placed = placed_pair(CANDIDATE, MEASURED)
    real, other = placed[1].rows, placed[0].rows
    found, plain = ratios(CANDIDATE), neighbours.fidelity(real, other)
    assert [found[name].value for name in ("precision", "recall", "density")] == pytest.approx(plain[:3])
    assert found["coverage_corrected"].value == pytest.approx(neighbours.corrected_coverage(real, other))
    tail = neighbours.tail_coverage(real, other, CHOOSER.values)
    assert found["tail_coverage"].value == pytest.approx(tail.value / tail.expected)
    assert found["energy_distance"].value == pytest.approx(distances.energy_distance(other, real), abs=1e-9)
    bandwidth = kernels.median_distance(CHOOSER.values)
    assert found["mmd2"].value == pytest.approx(distances.mmd2(other, real, kernels.gaussian(bandwidth)), abs=1e-9)
    assert found["frechet"].value == pytest.approx(frechet.frechet_distance(other, real), abs=1e-9)
    assert tuple(found) == METRICS and all(each.baseline == "reference" and each.n == len(other) for each in found.values())


def test_no_change_is_near_what_is_expected_and_dropped_modes_are_not():
    same, fewer = ratios(CANDIDATE), ratios(vectors(mixture(400, 4, modes=9), "d"))
    assert all(same[name].low <= same[name].expected <= same[name].high for name in ("coverage_corrected", "tail_coverage", "frechet"))
    assert same["energy_distance"].p > 0.01 < same["mmd2"].p
    assert fewer["coverage_corrected"].high < 0.9 and fewer["recall"].value < same["recall"].value
    assert fewer["energy_distance"].p == fewer["mmd2"].p == 0.01
    assert fewer["energy_distance"].value > 3 * fewer["energy_distance"].expected
    assert fewer["frechet"].value > 2 * fewer["frechet"].expected


def test_a_tail_cut_off_is_seen_by_tail_coverage_more_than_by_coverage():
    rng = np.random.default_rng(0)
    rows = [rng.standard_t(4, size=(900, 4)).astype(np.float32) for _ in range(3)]
    inner = rows[0][(rows[0] ** 2).sum(axis=1) < np.quantile((rows[0] ** 2).sum(axis=1), 0.7)]
    found = {
        each.metric: each
        for each in feature_ratios(vectors(inner, "i"), vectors(rows[1], "m"), vectors(rows[2], "c"), "reference", "v", 19, 0)
    }
    assert found["tail_coverage"].value < found["coverage_corrected"].value - 0.05 and found["tail_coverage"].high < 1


def brute_coverage(real, other, k=5):
    return neighbours.corrected_coverage(real, other, k)


def test_leaving_a_unit_out_is_leaving_its_rows_out():
    placed = placed_pair(CANDIDATE, MEASURED)
    candidate, measured = placed
    around = Surroundings(candidate, measured, CHOOSER.values, "reference", "v")
    for unit in (0, 5):
        kept = measured.unit != unit
        squared = neighbours.neighbours(measured.rows[kept], k=5).squared[:, -1]
        assert nearest_without(around.own, measured.unit, unit, 5)[kept] == pytest.approx(squared)
        crossed = neighbours.neighbours(measured.rows, candidate.rows[candidate.unit != unit], 1).squared[:, -1]
        assert nearest_without(around.crossed, candidate.unit, unit, 1) == pytest.approx(crossed)


def test_what_is_too_small_or_too_wide_says_so():
    found = ratios(vectors(mixture(95, 1), "a"))
    assert tuple(found) == METRICS
    assert all("95 documents of the candidate have a vector" in each.reason and each.view == "vector:emb" for each in found.values())
    few = feature_ratios(CANDIDATE, MEASURED, vectors(mixture(50, 1), "x"), "reference", "v", 9, 0)
    assert all("50 documents of the half that chooses" in each.reason for each in few)
    rng = np.random.default_rng(0)
    wide = [vectors(rng.normal(size=(120, 600)).astype(np.float32), name) for name in "abc"]
    last = feature_ratios(*wide, "reference", "v", 9, 0)[-1]
    assert isinstance(last, NotMeasured) and last.metric == "frechet" and "600 numbers" in last.reason


def test_constant_data_cover_one_another_and_are_at_distance_0():
    constant = [vectors(np.ones((200, 3), np.float32), name) for name in "abc"]
    found = {each.metric: each for each in feature_ratios(*constant, "reference", "v", 19, 0)}
    assert found["precision"].value == found["recall"].value == 1.0
    assert found["coverage_corrected"].value == pytest.approx(1 / neighbours.expected_coverage(200, 200), rel=0.01)
    assert found["mmd2"].value == pytest.approx(0, abs=1e-12) and found["energy_distance"].value == 0 == found["frechet"].value


def test_an_interval_is_cut_to_its_range_and_holds_its_value():
    assert interval(0.5, Spread(1.0, 30), 0.0, 1.0) == (0.0, 1.0)
    assert interval(1.2, Spread(0.0, 30), 0.0, 1.0) == (1.2, 1.2)


def test_p_values_come_from_group_permutation_and_are_the_same_for_the_same_seed():
    placed = placed_pair(CANDIDATE, MEASURED)
    one, again = (Apart(*placed, CHOOSER.values, "reference", "v", 49, 3) for _ in range(2))
    assert isinstance(mmd2(one), Estimate) and mmd2(one) == mmd2(again) and energy_distance(one) == energy_distance(again)
    assert mmd2(Apart(*placed, CHOOSER.values, "reference", "v", 0, 3)).p is None
