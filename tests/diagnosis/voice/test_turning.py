"""A turn in a series: against brute force, in its error rates, and its dates."""

import numpy as np
import pytest

from longtail.diagnosis.voice.turning import candidates, turning


def found(values, seed=0, relabellings=299):
    return turning(values, np.full(len(values), 0.03), np.arange(len(values)) / 4, relabellings=relabellings, seed=seed)


def simulated(shape, series=200):
    rng = np.random.default_rng(7)
    return [found(shape + rng.normal(0, 0.03, 12), seed) for seed in range(series)]


def test_every_turn_has_two_periods_on_both_sides():
    every = candidates(8)
    assert {each.at for each in every} == {2, 3, 4, 5, 6} and len(every) == 15
    columns = {each.shape: each.column.tolist() for each in every if each.at == 3}
    assert columns["step"] == [0, 0, 0, 1, 1, 1, 1, 1] and columns["slope"] == [0, 0, 0, 1, 2, 3, 4, 5]
    assert columns["curve"] == [0, 0, 0, 1, 4, 9, 16, 25]


def greatest(values):
    best = 0.0
    for each in candidates(len(values)):
        design = np.column_stack((np.ones(len(values)), each.column))
        coefficients, left, *_ = np.linalg.lstsq(design, values, rcond=None)
        whole = ((values - values.mean()) ** 2).sum()
        best = max(best, (whole - left[0]) / left[0] if coefficients[1] < 0 else 0.0)
    return best


def test_the_p_value_is_that_of_all_orders_of_the_periods():
    values = np.array([0.02, -0.01, 0.03, 0.0, -0.015, -0.05, -0.02, -0.06])
    observed = greatest(values)
    rng = np.random.default_rng(0)
    orders = [rng.permutation(8) for _ in range(3000)]
    share = np.mean([greatest(values[order]) >= observed * (1 - 1e-9) for order in orders])
    p = turning(values, np.full(8, 0.02), np.arange(8.0), relabellings=3999).p
    assert p == pytest.approx(share, abs=0.015)


def test_flat_series_are_silent_at_the_level():
    every = simulated(np.zeros(12))
    assert np.mean([each.p <= 0.05 for each in every]) < 0.09
    assert np.mean([each.p <= 0.05 and each.p_beyond <= 0.05 for each in every]) < 0.05


def test_a_steady_drift_is_no_turn():
    every = simulated(-0.03 * np.arange(12))
    assert np.mean([each.p <= 0.05 for each in every]) > 0.95
    assert np.mean([each.p <= 0.05 and each.p_beyond <= 0.05 for each in every]) < 0.09
    assert np.mean([each.p_slope <= 0.05 for each in every]) > 0.95


@pytest.mark.parametrize(("shape", "size"), [("step", 0.2), ("slope", 0.08), ("curve", 0.03)])
def test_a_turn_is_found_and_its_date_is_among_those_that_are_kept(shape, size):
    column = next(each.column for each in candidates(12) if each.at == 7 and each.shape == shape)
    every = simulated(-size * column, 200)
    turned = [each for each in every if each.p <= 0.05 and each.p_beyond <= 0.05]
    assert len(turned) > 0.8 * len(every)
    assert np.mean([7 in each.could_be for each in every]) > 0.90
    assert np.mean([abs(each.at - 7) <= 1 for each in every]) > 0.80


def test_a_rise_is_no_fall():
    assert found(0.1 * (np.arange(12) >= 6)).p > 0.5


def test_the_date_of_least_squares_is_that_of_another_program():
    ruptures = pytest.importorskip("ruptures")
    rng = np.random.default_rng(3)
    for seed in range(20):
        values = -0.3 * (np.arange(14) >= 5 + seed % 4) + rng.normal(0, 0.03, 14)
        theirs = ruptures.Dynp(model="l2", min_size=2, jump=1).fit(values).predict(n_bkps=1)[0]
        assert found(values, seed).at == theirs
