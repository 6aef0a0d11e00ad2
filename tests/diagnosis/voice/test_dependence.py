"""Neighbouring periods that are alike: how much is told, and how often a turn is told where a series only wanders."""

import numpy as np
import pytest

from longtail.diagnosis.voice.dependence import dependence_of, recoloured, wandering
from longtail.diagnosis.voice.turning import candidates, turning


def columns(periods):
    return [each.column for each in candidates(periods)]


def turned(series, seed=0):
    found = turning(series, np.ones(len(series)), np.arange(len(series)) / 4, relabellings=199, seed=seed)
    return found.p <= 0.05 and found.p_beyond <= 0.05


def test_series_that_wander_have_the_correlation_they_were_given():
    made = wandering(50, 0.6, 4000, np.random.default_rng(1))
    assert np.corrcoef(made[10], made[11])[0, 1] == pytest.approx(0.6, abs=0.03)
    assert made.std(axis=1) == pytest.approx(np.ones(50), abs=0.05)


@pytest.mark.parametrize("rho", [0.0, 0.3, 0.6])
def test_the_dependence_that_is_read_off_is_that_of_the_series_in_the_middle(rho):
    made = wandering(20, rho, 200, np.random.default_rng(2))
    found = [dependence_of(series, np.ones(20), columns(20)) for series in made.T]
    assert np.median(found) == pytest.approx(rho, abs=0.13)


def test_a_turn_is_no_dependence():
    step = -6 * (np.arange(20) >= 11)
    found = [dependence_of(series + step, np.ones(20), columns(20)) for series in wandering(20, 0.0, 60, np.random.default_rng(3)).T]
    assert np.median(found) < 0.2


def test_without_dependence_innovations_are_the_residuals():
    rng = np.random.default_rng(4)
    residual, orders = rng.standard_normal(9), np.stack([np.arange(9), *(rng.permutation(9) for _ in range(5))], axis=1)
    assert recoloured(residual, orders, 0.0) == pytest.approx(residual[orders])


def test_the_first_order_gives_the_residuals_back_and_all_others_are_as_much_alike():
    rng = np.random.default_rng(5)
    residual = wandering(200, 0.7, 1, rng)[:, 0]
    orders = np.stack([np.arange(200), *(rng.permutation(200) for _ in range(200))], axis=1)
    made = recoloured(residual, orders, 0.7)
    assert made[:, 0] == pytest.approx(residual)
    assert np.mean([np.corrcoef(each[:-1], each[1:])[0, 1] for each in made.T]) == pytest.approx(0.7, abs=0.05)


@pytest.mark.parametrize("rho", [0.0, 0.5])
def test_a_flat_series_that_wanders_is_told_to_turn_no_more_often_than_stated(rho):
    made = wandering(20, rho, 80, np.random.default_rng(6))
    assert np.mean([turned(series, seed) for seed, series in enumerate(made.T)]) <= 0.10  # .05 and its band; .17 without correction


def test_a_turn_is_found_in_a_series_that_wanders():
    made = wandering(20, 0.3, 30, np.random.default_rng(7)) - 5 * (np.arange(20) >= 11)[:, None]
    assert np.mean([turned(series, seed) for seed, series in enumerate(made.T)]) > 0.6
