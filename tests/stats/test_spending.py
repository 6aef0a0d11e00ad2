"""Alpha spending against sums of exact fractions and a simulated series."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.errors import ConfigError
from longtail.stats.spending import left, level, spent

ALPHA = 0.05
alphas = st.floats(0.001, 0.5)
horizons = st.none() | st.integers(1, 40)


@given(st.integers(1, 200))
def test_an_open_series_telescopes_to_k_over_k_plus_one(audits):
    exact = sum((Fraction(1, k * (k + 1)) for k in range(1, audits + 1)), Fraction(0))
    assert exact == Fraction(audits, audits + 1)
    assert spent(ALPHA, audits) == pytest.approx(ALPHA * float(exact), rel=1e-14)


@given(alphas, st.integers(0, 100), horizons)
def test_what_is_spent_is_the_sum_of_the_levels_and_never_above_alpha(alpha, audits, horizon):
    summed = math.fsum(level(alpha, number, horizon) for number in range(1, audits + 1))
    assert spent(alpha, audits, horizon) == pytest.approx(summed, rel=1e-12)
    assert spent(alpha, audits, horizon) <= alpha
    assert summed <= alpha * (1 + 1e-12)


@given(alphas, st.integers(0, 100), horizons)
def test_what_is_spent_and_what_is_left_make_alpha(alpha, audits, horizon):
    assert spent(alpha, audits, horizon) + left(alpha, audits, horizon) == pytest.approx(alpha, rel=1e-12)
    assert left(alpha, audits, horizon) >= 0


def test_the_first_levels_are_those_worked_out_by_hand():
    assert [level(0.06, number) for number in (1, 2, 3)] == pytest.approx([0.03, 0.01, 0.005])
    assert [level(0.06, number, 3) for number in (1, 2, 3, 4)] == pytest.approx([0.02, 0.02, 0.02, 0.0])
    assert level(0.06, 4, 3) == 0.0
    assert left(0.06, 3, 3) == 0.0


def test_a_level_never_rises_from_one_audit_to_the_next():
    for horizon in (None, 7):
        levels = [level(ALPHA, number, horizon) for number in range(1, 30)]
        assert levels == sorted(levels, reverse=True)


@pytest.mark.parametrize("horizon", [None, 20])
def test_a_series_of_audits_of_nothing_keeps_its_error_rate(horizon):
    """Twenty audits with p-values that are uniform, once independent and once all the same."""
    rng = np.random.default_rng(0)
    levels = np.array([level(ALPHA, number, horizon) for number in range(1, 21)])
    runs = 100_000
    band = 2.576 * math.sqrt(ALPHA * (1 - ALPHA) / runs)
    fresh = (rng.random((runs, 20)) <= levels).any(axis=1).mean()
    shared = (rng.random((runs, 1)) <= levels).any(axis=1).mean()
    unadjusted = (rng.random((runs, 20)) <= ALPHA).any(axis=1).mean()
    assert max(fresh, shared) <= ALPHA + band
    assert 0.9 * spent(ALPHA, 20, horizon) < fresh
    assert unadjusted > 0.6


@pytest.mark.parametrize("rate", [0.0, 1.0, -0.1, math.nan])
def test_a_rate_that_is_none_is_refused(rate):
    for function in (level, spent, left):
        with pytest.raises(ConfigError, match=r"alpha is .*between 0 and 1"):
            function(rate, 1)


def test_audits_are_counted_from_one():
    with pytest.raises(ConfigError, match="audit number 0; audits are counted from 1"):
        level(ALPHA, 0)
    with pytest.raises(ConfigError, match="audit number -1"):
        spent(ALPHA, -1)
    assert spent(ALPHA, 0) == 0.0
    assert left(ALPHA, 0) == ALPHA


def test_a_horizon_of_no_audits_is_refused():
    with pytest.raises(ConfigError, match="horizon is 0; plan at least one audit"):
        left(ALPHA, 1, 0)
