"""Divergences beside exact ones of categorical laws; entropy and dependence beside closed forms."""

import math

import numpy as np
import pytest
from scipy.stats import entropy as scipy_kl

from longtail.errors import ConfigError
from longtail.metrics.rollouts.drift import divergence, exact_kl, k1, k3
from longtail.metrics.rollouts.entropies import dependence, entropy_ratio

P, Q = np.array([0.5, 0.3, 0.15, 0.05]), np.array([0.25, 0.25, 0.25, 0.25])


def test_the_exact_divergence_is_that_of_scipy():
    assert exact_kl(P, Q) == pytest.approx(scipy_kl(P, Q), abs=1e-12)
    assert exact_kl(P, P) == 0
    assert exact_kl([0.5, 0.5], [1.0, 0.0]) == math.inf


@pytest.mark.parametrize("term", [k1, k3])
def test_the_expectation_of_the_estimators_is_the_divergence(term):
    assert float((P * term(np.log(P), np.log(Q))).sum()) == pytest.approx(exact_kl(P, Q), abs=1e-12)


def test_k3_is_never_negative_and_k1_is_at_times():
    assert k3(np.log(P), np.log(Q)).min() >= 0
    assert k1(np.log(P), np.log(Q)).min() < 0


def test_the_interval_over_prompts_covers_the_exact_divergence():
    rng = np.random.default_rng(5)
    covered, trials = 0, 400
    for _ in range(trials):
        wrote = rng.choice(4, size=(40, 25), p=P)
        sums = k1(np.log(P)[wrote], np.log(Q)[wrote]).sum(axis=1)
        found = divergence(sums, np.full(40, 25), [f"p{at // 2}" for at in range(40)])
        covered += found.low <= exact_kl(P, Q) <= found.high
    assert found.n == 20
    assert 0.93 <= covered / trials <= 0.995  # a little wide, lest prompts whose neighbours are alike make it too narrow


def test_a_divergence_needs_two_prompts_with_tokens():
    assert divergence([1.0, 2.0], [5, 5], ["a", "a"]) is None
    assert divergence([1.0, 0.0], [5, 0], ["a", "b"]) is None


@pytest.mark.parametrize("laws", [([0.5, 0.4], [0.5, 0.5]), ([1.0], [0.5, 0.5]), ([1.5, -0.5], [0.5, 0.5])])
def test_what_is_no_law_is_refused(laws):
    with pytest.raises(ConfigError, match="two laws"):
        exact_kl(*laws)


def test_a_ratio_of_entropies_is_found_and_its_interval_covers_it():
    rng = np.random.default_rng(9)
    covered, values = 0, []
    for _ in range(300):
        own, foreign = rng.gamma(4, 0.1 / 4, 64), rng.gamma(4, 0.35 / 4, 64)
        found = entropy_ratio(own, foreign)
        covered += found.low <= 3.5 <= found.high
        values.append(found.value)
    assert np.mean(values) == pytest.approx(3.5, abs=0.1)
    assert 0.92 <= covered / 300 <= 0.98


def test_a_ratio_needs_two_prompts_a_side_and_some_entropy():
    assert entropy_ratio([0.1], [0.3, 0.4]) is None
    assert entropy_ratio([0.0, 0.0], [0.3, 0.4]) is None


def test_answers_that_copy_the_prompt_carry_all_information_and_a_template_none():
    copied = np.where(np.eye(16, dtype=bool), 0.0, -np.inf)
    found = dependence(copied)
    assert found.information == pytest.approx(math.log(16), abs=1e-12)
    assert found.retrieved == 1
    template = dependence(np.full((16, 16), -3.0))
    assert template.information == pytest.approx(0, abs=1e-12)
    assert template.retrieved == pytest.approx(1 / 16)
    assert template.conditional == pytest.approx(3.0)


def test_the_information_is_that_of_the_joint_law():
    rng = np.random.default_rng(2)
    law = rng.dirichlet(np.ones(6), size=6)
    expected = float((law * np.log(law / law.mean(axis=0))).sum() / 6)
    wrote = [rng.choice(6, size=3000, p=row) for row in law]
    drawn = [dependence(np.log(law)[:, [answers[at] for answers in wrote]].T).information for at in range(3000)]
    assert np.mean(drawn) == pytest.approx(expected, abs=0.03)


@pytest.mark.parametrize("matrix", [np.zeros((2, 3)), np.zeros((1, 1)), np.full((2, 2), np.nan)])
def test_what_is_no_matrix_of_answers_by_prompts_is_refused(matrix):
    with pytest.raises(ConfigError, match="matrix of shape"):
        dependence(matrix)
