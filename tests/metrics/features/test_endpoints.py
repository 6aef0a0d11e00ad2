"""Endpoints of concentration against the rows of every relabelling, and what they find in data of a known law."""

import math

import numpy as np
import pytest

from longtail.errors import IncompatibleSummaries
from longtail.metrics.comparison import baseline_pairing
from longtail.metrics.endpoint import Endpoint
from longtail.metrics.features import effective_rank_endpoint, rke_endpoint, total_variance_endpoint
from longtail.metrics.features.endpoints import equal_sides, folds_of
from longtail.metrics.pairing import Pairing, Settings
from longtail.records import NotMeasured
from longtail.rules.evidence import Evidence, Sample
from longtail.rules.lt3_features import variance_and_rank
from longtail.stats.features.kernels import median_distance
from longtail.stats.features.spectra import effective_rank, kernel_entropy, spectrum, total_variance
from longtail.summaries.moments import fit_standard
from longtail.summaries.profile import Profile
from longtail.summaries.reference import Reference
from longtail.summaries.vectors import VectorSample

from .featured import featured, mixture, paired

ENDPOINTS = [rke_endpoint, effective_rank_endpoint, total_variance_endpoint]


def once(candidate, reference, permutations=199):
    """A pairing in which half A chooses and half B measures, whatever the size of the reference."""
    held = Reference(reference)
    return Pairing(candidate, "reference", [(held.chooser, held.measurer)], Settings(permutations=permutations))


NULL = once(featured(mixture(500, 1), "a"), featured(mixture(1600, 2), "b"), 20)


def test_sides_of_equal_size_are_those_of_the_audit_s_relabellings_less_what_was_left_out_at_first():
    for pairing in (NULL, paired(featured(mixture(400, 1), "a"), featured(mixture(900, 2), "b"), 20)):
        for label in range(1, len(pairing.sizes)):
            table = equal_sides(pairing, label)
            kept = table != 255
            assert (table[kept] == pairing.labels[kept]).all() and kept[:, 0].any()
            counts = [(table == side).sum(axis=0) for side in (0, label)]
            assert (counts[0] == counts[1]).all() and counts[0][0] == min(pairing.sizes[0], pairing.sizes[label])


def side_of(fold, column, label):
    return fold.rows[np.isin(fold.unit, np.flatnonzero(column == label))]


@pytest.mark.parametrize("run", [0, 7, 20])
def test_every_relabelling_is_computed_from_the_rows_on_its_sides(run):
    fold = folds_of(NULL, "emb")[0]
    one, other = (side_of(fold, NULL.labels[:, run], label) for label in (0, 1))
    bandwidth, standard = median_distance(fold.chooser), fit_standard(fold.chooser)
    modes = math.log(kernel_entropy(one, bandwidth) / kernel_entropy(other, bandwidth))
    assert rke_endpoint(NULL, "emb").statistics[run] == pytest.approx(modes, abs=1e-9)
    variance = math.log(total_variance(standard.scaled(one)) / total_variance(standard.scaled(other)))
    assert total_variance_endpoint(NULL, "emb").statistics[run] == pytest.approx(variance, abs=1e-9)


def test_the_effective_rank_is_that_of_equally_many_units_along_the_frozen_directions():
    fold, found = folds_of(NULL, "emb")[0], effective_rank_endpoint(NULL, "emb")
    standard = fit_standard(fold.chooser, 32)
    table = equal_sides(NULL, 1)
    for run in (0, 9):
        column, ranks = table[:, run], []
        for label in (0, 1):
            units = np.flatnonzero(column == label)
            assert len(units) == min(NULL.sizes) and (NULL.labels[units, run] == label).all()
            along = standard.scaled(fold.rows[np.isin(fold.unit, units)]) @ standard.directions.T.astype(float)
            ranks.append(effective_rank(spectrum(along)))
        assert found.statistics[run] == pytest.approx(math.log(ranks[0] / ranks[1]), abs=1e-6)
        if run == 0:
            assert found.baseline_value == pytest.approx(ranks[1], rel=1e-6)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_the_error_is_that_of_leaving_out_each_unit(endpoint):
    found, fold = endpoint(NULL, "emb"), folds_of(NULL, "emb")[0]
    assert 0.3 < found.error / found.statistics[1:].std() < 3
    assert found.statistics.shape == (21,) and found.view == "vector:emb" and found.n == 500
    assert len(fold.rows) < 500 + 1600


def ruled(*estimates):
    sample = Sample(documents=1500, distinct=1500, words=4500, tagged=0)
    return variance_and_rank(Evidence(candidate=sample, duplicates=NotMeasured(reason="none"), fewest=96, decided_on="reference",
                                      outcomes=estimates))  # fmt: skip


@pytest.mark.parametrize(("variance", "status"), [(0.6, "fail"), (0.85, "warn"), (1.0, "pass")])
def test_a_fall_of_variance_is_reported_with_its_interval_and_judged(variance, status):
    rng = np.random.default_rng(0)
    narrow = (rng.normal(size=(1500, 8)) * math.sqrt(variance)).astype(np.float32)
    pairing = paired(featured(narrow, "a"), featured(rng.normal(size=(3000, 8)).astype(np.float32), "b"))
    found = total_variance_endpoint(pairing, "emb").estimate(1.96, 1.96, 0.95)
    assert found.value == pytest.approx(variance, abs=0.05) and found.low < variance < found.high
    assert found.kind == "ratio" and (variance == 1 or found.p <= 0.01)
    assert ruled(found).status == status


def test_lost_modes_and_lost_directions_are_found_and_no_change_is_not():
    reference = featured(mixture(3000, 2), "b")
    few = paired(featured(mixture(1200, 1, modes=2), "a"), reference)
    assert math.exp(effective_rank_endpoint(few, "emb").observed) < 0.9
    assert math.exp(rke_endpoint(few, "emb").observed) < 0.9
    assert rke_endpoint(few, "emb").p <= 0.01
    same = paired(featured(mixture(1200, 3), "c"), reference)
    assert all(abs(endpoint(same, "emb").observed) < 4 * endpoint(same, "emb").error for endpoint in ENDPOINTS)


def test_samples_of_unlike_shares_are_thinned_alike():
    pairing = once(featured(mixture(400, 1), "a"), featured(mixture(3000, 2), "b", size=1000))
    fold = folds_of(pairing, "emb")[0]
    per_unit = np.bincount(fold.unit, minlength=fold.count)
    sizes = pairing.sizes
    assert per_unit[: sizes[0]].mean() == pytest.approx(per_unit[sizes[0] :].mean(), rel=0.25)
    assert pairing.candidate.vectors["emb"].rows().below(fold_bound(pairing)).values.shape[0] >= per_unit[: sizes[0]].sum()


def fold_bound(pairing):
    return pairing.roles[0][0].profile.vectors["emb"].bound


def test_a_small_reference_takes_both_roles_in_turn():
    pairing = paired(featured(mixture(400, 1), "a"), featured(mixture(900, 2), "b"), 20)
    folds = folds_of(pairing, "emb")
    assert sorted(fold.label for fold in folds) == [1, 2] and len({len(fold.chooser) for fold in folds}) == 2
    found = total_variance_endpoint(pairing, "emb")
    by_hand = []
    for fold in folds:
        standard = fit_standard(fold.chooser)
        one, other = (side_of(fold, pairing.labels[:, 0], label) for label in (0, fold.label))
        by_hand.append(math.log(total_variance(standard.scaled(one)) / total_variance(standard.scaled(other))))
    assert found.observed == pytest.approx(np.mean(by_hand), abs=1e-9)


def test_another_data_set_as_baseline_is_measured_whole():
    reference = Reference(featured(mixture(600, 3), "r"))
    pairing = baseline_pairing(featured(mixture(500, 1), "a"), featured(mixture(500, 2), "b"), reference, Settings(permutations=20))
    fold = folds_of(pairing, "emb")[0]
    assert len(fold.chooser) == 600 and len(fold.rows) == 1000
    assert all(isinstance(endpoint(pairing, "emb"), Endpoint) for endpoint in ENDPOINTS)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_what_cannot_be_compared_says_why(endpoint):
    few = mixture(400, 1)
    few[50:] = np.nan
    reference = featured(mixture(1600, 2), "b")
    found = endpoint(once(featured(few, "a"), reference), "emb")
    assert isinstance(found, NotMeasured) and "50 documents of one side have a vector" in found.reason
    assert found.metric and found.view == "vector:emb" and found.enable
    without = featured(mixture(400, 1), "a")
    without.vectors = {}
    assert "the candidate has no vectors in the column 'emb'" in endpoint(once(without, reference), "emb").reason
    constant = np.ones((1600, 16), np.float32)
    same = once(featured(constant[:400], "a"), featured(constant, "b"))
    assert endpoint(same, "emb").reason == "no variation between groups of documents"
    small = once(featured(mixture(50, 1), "a"), reference)
    assert "fewer than the 96" in endpoint(small, "emb").reason


def test_vectors_of_another_width_are_refused():
    other = featured(mixture(400, 1), "a")
    other.vectors = {"emb": VectorSample("emb", 3, 0)}
    with pytest.raises(IncompatibleSummaries, match=r"width \(16 and 3\)|width \(3 and 16\)"):
        total_variance_endpoint(once(other, featured(mixture(1600, 2), "b")), "emb")


def test_the_profiles_of_these_tests_are_profiles():
    assert isinstance(NULL.candidate, Profile)
