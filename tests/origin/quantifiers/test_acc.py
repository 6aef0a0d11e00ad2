"""Counts above a threshold, mean posteriors and histograms, each corrected."""

import numpy as np
import pytest

from longtail.errors import UsageError
from longtail.origin.quantifiers import QUANTIFIERS, Scored
from longtail.origin.quantifiers.acc import count
from longtail.origin.quantifiers.rates import rogan_gladen
from longtail.origin.quantifiers.simplex import nearest

METHODS = ["acc", "pacc", "hdy"]


def sample(share, n, rng, gap=2.0):
    labels = (rng.random(n) < share).astype(np.int64)
    return (gap * (rng.normal(size=n) + gap * labels) - gap**2 / 2)[:, None], labels


def scored(share, n=4000, size=4000, seed=0):
    rng = np.random.default_rng(seed)
    return Scored(sample(share, n, rng)[0], *sample(0.5, size, rng))


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 1.0])
def test_the_share_is_found(name, share):
    assert QUANTIFIERS[name].member(scored(share))[0, 0] == pytest.approx(share, abs=0.05)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_a_plain_count_is_biased_where_the_corrected_one_is_not(share):
    assert abs(count(scored(share))[0, 0] - share) > 0.1
    assert abs(QUANTIFIERS["acc"].member(scored(share))[0, 0] - share) < 0.03


def test_of_one_machine_origin_it_is_the_formula_of_rogan_and_gladen():
    given = scored(0.3, n=500, size=300)
    flagged, known = given.target[:, 0] > 0, given.reference[:, 0] > 0
    hits, alarms = (int(known[given.labels == kind].sum()) for kind in (1, 0))
    sizes = np.bincount(given.labels)
    formula = rogan_gladen(int(flagged.sum()), 500, tpr=(hits, int(sizes[1])), fpr=(alarms, int(sizes[0])))
    assert QUANTIFIERS["acc"].member(given)[0, 0] == pytest.approx(formula.share, abs=1e-9)
    assert count(given)[0, 0] == pytest.approx(formula.flagged)


def test_the_threshold_that_does_best_on_the_reference_does_worse_elsewhere():
    """Why a document is flagged from a log-ratio of 0, and not from where TPR - FPR is seen to be largest."""
    rng = np.random.default_rng(5)
    seen, true, fixed = [], [], []
    for _ in range(200):
        log_ratios, labels = sample(0.5, 150, rng, gap=1.8)
        fresh, theirs = sample(0.5, 4000, rng, gap=1.8)
        gaps = {cut: gap_of(log_ratios, labels, cut) for cut in (*log_ratios[:, 0], 0.0)}
        cut = max(gaps, key=gaps.__getitem__)
        seen.append(gaps[cut]), true.append(gap_of(fresh, theirs, cut)), fixed.append(gaps[0.0] - gap_of(fresh, theirs, 0.0))
    assert 0.03 < np.mean(seen) - np.mean(true) < 0.08
    assert abs(np.mean(fixed)) < 0.02


def gap_of(log_ratios, labels, cut):
    flagged = log_ratios[:, 0] >= cut
    return flagged[labels == 1].mean() - flagged[labels == 0].mean()


@pytest.mark.parametrize("name", METHODS)
def test_weights_are_copies_of_rows(name):
    given = scored(0.3, n=150, size=120)
    rng = np.random.default_rng(4)
    theirs, ours = rng.poisson(1, (3, 150)), rng.poisson(1, (3, 120))
    quantify = QUANTIFIERS[name].member
    found = quantify(Scored(given.target, given.reference, given.labels, theirs, ours))
    for row in range(3):
        copied = Scored(
            np.repeat(given.target, theirs[row], axis=0),
            np.repeat(given.reference, ours[row], axis=0),
            np.repeat(given.labels, ours[row]),
        )
        assert found[row] == pytest.approx(quantify(copied)[0], abs=1e-9)


@pytest.mark.parametrize("name", METHODS)
def test_documents_without_a_score_are_left_out(name):
    given = scored(0.3, n=200, size=200)
    padded = Scored(np.vstack([given.target, np.zeros((300, 1))]), given.reference, given.labels)
    assert QUANTIFIERS[name].member(padded) == pytest.approx(QUANTIFIERS[name].member(given), abs=1e-12)


@pytest.mark.parametrize("name", METHODS)
def test_a_reference_of_one_origin_is_not_measured(name):
    given = scored(0.3, n=50, size=50)
    assert np.isnan(QUANTIFIERS[name].member(Scored(given.target, given.reference, np.zeros(50, dtype=np.int64)))).all()


@pytest.mark.parametrize("name", METHODS)
def test_scores_that_say_nothing_are_not_measured(name):
    nothing = Scored(np.zeros((10, 1)), np.zeros((10, 1)), np.arange(10) % 2)
    assert np.isnan(QUANTIFIERS[name].member(nothing)).all()


def test_histograms_are_of_one_machine_origin():
    with pytest.raises(UsageError, match="one machine origin and was given 2"):
        QUANTIFIERS["hdy"].member(Scored(np.ones((5, 2)), np.ones((5, 2)), np.arange(5) % 3))


def test_the_nearest_point_of_the_simplex_is_no_further_than_any_other():
    rng = np.random.default_rng(6)
    for _ in range(20):
        matrix, rates = rng.random((4, 4)), rng.random(4)
        found = nearest(matrix, rates)
        assert found.min() >= 0 and found.sum() == pytest.approx(1)
        others = rng.dirichlet(np.ones(4) * 0.3, size=5000)
        assert np.linalg.norm(matrix @ found - rates) <= np.linalg.norm(others @ matrix.T - rates, axis=1).min() + 1e-12
