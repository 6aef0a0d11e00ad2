import numpy as np
import pytest
from scipy.sparse import csr_array

from longtail.origin.scorers.logistic import fit_logistic

LogisticRegression = pytest.importorskip("sklearn.linear_model", reason="scikit-learn is the oracle").LogisticRegression


def clouds(classes, sizes, seed=0):
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(classes), sizes)
    return rng.normal(size=(len(labels), 5)) + rng.normal(size=(classes, 5))[labels], labels


@pytest.mark.parametrize("sizes", [(80, 80), (150, 30)])
def test_two_classes_equal_scikit_learn(sizes):
    features, labels = clouds(2, sizes)
    ours = fit_logistic(csr_array(features), labels, 2, 3.0, tolerance=1e-9)
    theirs = LogisticRegression(C=3.0, class_weight="balanced", tol=1e-10, max_iter=5000).fit(features, labels)
    np.testing.assert_allclose(ours.log_odds(features)[:, 0], theirs.decision_function(features), atol=1e-5)


def test_three_classes_without_a_ridge_equal_scikit_learn():
    features, labels = clouds(3, (60, 90, 70))
    ours = fit_logistic(features, labels, 3, 1e9, tolerance=1e-10, steps=5000).log_odds(features)
    theirs = LogisticRegression(C=1e9, class_weight="balanced", tol=1e-10, max_iter=20000).fit(features, labels).predict_log_proba(features)
    np.testing.assert_allclose(ours, theirs[:, 1:] - theirs[:, :1], atol=1e-3)


def test_log_odds_of_unlike_class_sizes_are_those_of_like_ones():
    features, labels = clouds(2, (3000, 3000), seed=3)
    fewer = np.concatenate([np.flatnonzero(labels == 0), np.flatnonzero(labels == 1)[:600]])
    full, part = fit_logistic(features, labels, 2, 1.0), fit_logistic(features[fewer], labels[fewer], 2, 1.0)
    assert np.abs(full.log_odds(features) - part.log_odds(features)).mean() < 0.25  # the prior alone would shift by log 5 = 1.6
