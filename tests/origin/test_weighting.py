import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.errors import UsageError
from longtail.origin.weighting import human_weights, keep_by_expected_human_mass, posteriors

RNG = np.random.default_rng(0)


def test_posteriors_are_the_rule_of_bayes():
    ratios, shares = RNG.normal(size=(20, 2)), np.array([0.2, 0.3])
    joint = np.column_stack([np.full(20, 0.5), shares * np.exp(ratios)])
    np.testing.assert_allclose(posteriors(ratios, shares), joint / joint.sum(1, keepdims=True))


def test_weights_add_up_to_the_human_documents_and_their_mean_is_the_human_mean():
    truth = RNG.random(200_000) < 0.4
    x = RNG.normal(size=200_000) + 2 * truth
    weights = human_weights((2 * x - 2)[:, None], np.array([0.4]))
    assert weights.mean() == pytest.approx(0.6, abs=0.005)
    assert np.average(x, weights=weights) == pytest.approx(0, abs=0.02)
    assert x.mean() > 0.7


def test_a_corpus_without_machine_text_is_human_throughout():
    assert human_weights(np.array([[5.0], [-5.0]]), np.zeros(1)).tolist() == [1, 1]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=30).filter(any), st.floats(0.01, 1))
def test_the_mass_that_was_asked_for_stays_and_nothing_that_may_be_human_is_thrown_away(weights, mass):
    weights = np.array(weights)
    drawn = keep_by_expected_human_mass(weights, mass)
    assert drawn @ weights == pytest.approx(mass * weights.sum(), rel=1e-9)
    assert ((drawn >= 0) & (drawn <= 1)).all()
    assert (drawn[weights > 1e-150] > 0).all()
    order = np.argsort(weights)
    assert (np.diff(drawn[order]) >= -1e-12).all()


@pytest.mark.parametrize(("weights", "mass"), [([0.5], 0), ([0.5], 1.1), ([0.0], 0.5), ([1.5], 0.5), ([np.nan], 0.5)])
def test_weights_and_masses_out_of_range_are_refused(weights, mass):
    with pytest.raises(UsageError, match="mass|weights"):
        keep_by_expected_human_mass(np.array(weights), mass)


def test_shares_that_do_not_fit_are_refused():
    with pytest.raises(UsageError, match="one share for each column"):
        posteriors(np.zeros((3, 2)), np.array([0.5]))
    with pytest.raises(UsageError, match="add up to 1"):
        posteriors(np.zeros((3, 2)), np.array([0.7, 0.7]))
