import numpy as np
import pytest

from longtail.errors import UsageError
from longtail.origin.calibration import calibrate, calibrate_many


def gaussian(sizes, means, seed=0):
    """Scores of classes with unit variance: log f_k / f_0 is a straight line that is known."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(sizes)), sizes)
    return rng.normal(size=(len(labels), len(means) - 1)) + np.asarray(means)[labels], labels


def test_two_gaussians_give_their_own_log_ratio_whatever_their_sizes():
    scores, labels = gaussian((60000, 20000), [[0.0], [2.0]])
    found = calibrate(scores, labels)
    assert found.slopes[0, 0] == pytest.approx(2, abs=0.05)
    assert found.intercepts[0] == pytest.approx(-2, abs=0.05)


def test_three_gaussians_give_their_own_log_ratios():
    scores, labels = gaussian((40000, 30000, 20000), [[0.0, 0.0], [2.0, 0.0], [1.0, 1.5]])
    found = calibrate(scores, labels)
    np.testing.assert_allclose(found.slopes, [[2, 0], [1, 1.5]], atol=0.08)
    np.testing.assert_allclose(found.intercepts, [-2, -(1 + 1.5**2) / 2], atol=0.08)


@pytest.mark.parametrize("means", [[[0.0], [1.5]], [[0.0, 0.0], [1.5, 0.0], [0.0, 1.0]]])
def test_weighted_fits_equal_scikit_learn(means):
    model = pytest.importorskip("sklearn.linear_model", reason="scikit-learn is the oracle").LogisticRegression
    scores, labels = gaussian((150,) * len(means), means)
    weights = np.random.default_rng(1).poisson(1, (3, len(labels))).astype(float)
    found = calibrate_many(scores, labels, weights, ridge=1e-9)
    for at, row in enumerate(weights):
        theirs = model(C=1e9, tol=1e-12, max_iter=10000).fit(scores, labels, sample_weight=row).predict_log_proba(scores)
        totals = np.bincount(labels, row)
        lines = theirs[:, 1:] - theirs[:, :1] - np.log(totals[1:] / totals[0])
        np.testing.assert_allclose(found.take(at).log_ratios(scores), np.clip(lines, -found.caps, found.caps), atol=2e-3)


def test_the_ridge_is_that_of_scikit_learn_on_standardised_scores():
    model = pytest.importorskip("sklearn.linear_model", reason="scikit-learn is the oracle").LogisticRegression
    scores, labels = gaussian((40, 40), [[0.0], [5.0]])
    scaled = (scores - scores.mean()) / scores.std()
    theirs = model(C=1 / 0.7, tol=1e-12).fit(scaled, labels)
    assert calibrate(scores, labels, ridge=0.7).slopes[0, 0] * scores.std() == pytest.approx(theirs.coef_[0, 0], rel=1e-5)


def test_many_weightings_are_one_by_one_fits():
    scores, labels = gaussian((80, 70), [[0.0], [1.0]])
    weights = np.random.default_rng(0).poisson(1, (40, 150)).astype(float)
    many = calibrate_many(scores, labels, weights)
    one = calibrate(scores, labels, weights[17])
    assert many.take(17).slopes == pytest.approx(one.slopes, rel=1e-9)
    assert many.log_ratios(scores).shape == (40, 150, 1)
    np.testing.assert_allclose(many.log_ratios(scores)[17], one.log_ratios(scores), rtol=1e-9)


def test_a_weight_of_two_is_the_document_twice():
    scores, labels = gaussian((30, 30), [[0.0], [1.0]])
    weights = np.where(np.arange(60) % 3 == 0, 2.0, 1.0)
    twice = np.repeat(np.arange(60), weights.astype(int))
    once, doubled = calibrate(scores, labels, weights, ridge=0), calibrate(scores[twice], labels[twice], ridge=0)
    assert once.slopes == pytest.approx(doubled.slopes, rel=1e-6)


def test_classes_that_scores_part_entirely_stay_finite_and_are_capped():
    found = calibrate(np.r_[np.zeros(50), np.ones(80)][:, None], np.repeat([0, 1], [50, 80]))
    assert np.isfinite(found.slopes).all()
    assert found.log_ratios(np.array([[-9.0], [9.0]]))[:, 0] == pytest.approx([-np.log(50), np.log(50)])


def test_scores_that_are_all_alike_say_nothing():
    found = calibrate(np.ones((40, 1)), np.repeat([0, 1], [10, 30]))
    assert found.log_ratios(np.ones((1, 1)))[0, 0] == pytest.approx(0, abs=1e-9)


def test_documents_without_a_score_or_not_valid_say_nothing_and_teach_nothing():
    scores, labels = gaussian((40, 40), [[0.0], [1.0]])
    holed = np.r_[scores, [[np.nan]]]
    found = calibrate(holed, np.r_[labels, 1])
    assert found.slopes == pytest.approx(calibrate(scores, labels).slopes)
    valid = np.arange(81) != 3
    ratios = found.log_ratios(holed, valid)[:, 0]
    assert ratios[[3, 80]].tolist() == [0, 0]
    assert (ratios[[0, 1, 2]] != 0).all()


def test_a_class_without_scores_is_refused():
    with pytest.raises(UsageError, match="machine origin 1 has a score"):
        calibrate(np.array([[1.0], [np.nan]]), np.array([0, 1]))


def test_log_ratios_are_calibrated_on_new_texts():
    """Among texts with a log ratio of about l, machine texts are exp(l) times as many as human ones."""
    scores, labels = gaussian((300, 300), [[0.0], [1.5]])
    new, truth = gaussian((50000, 50000), [[0.0], [1.5]], seed=9)
    ratios = calibrate(scores, labels).log_ratios(new)[:, 0]
    for low in (-1.5, -0.5, 0.5):
        part = truth[(ratios >= low) & (ratios < low + 0.5)]
        assert np.log(part.mean() / (1 - part.mean())) == pytest.approx(low + 0.25, abs=0.25)
