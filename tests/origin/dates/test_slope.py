"""Slopes over dates and the excess over the pre-trend, on mixes whose truth is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from longtail.errors import UsageError
from longtail.origin.dates.pretrend import over_pretrend
from longtail.origin.dates.slope import isotonic, slope

YEARS = np.arange(2018, 2026) + 0.5
REPLICATES = 300


def measured(shares, rng, documents=400, reference=300, replicates=REPLICATES, rates=(0.1, 0.9)):
    """Shares by a detector whose two error rates come from one reference: its noise is common to all periods."""
    low, high = (rng.binomial(reference, rate) / reference for rate in rates)
    flagged = rng.binomial(documents, rates[0] + np.asarray(shares) * (rates[1] - rates[0])) / documents
    lows, highs = (rng.binomial(reference, rate, replicates) / reference for rate in (low, high))
    again = rng.binomial(documents, flagged[:, None], (len(flagged), replicates)) / documents
    return (flagged - low) / (high - low), (again - lows) / (highs - lows)


def test_a_rising_mix_has_a_slope_above_zero():
    found = slope(YEARS, *measured(np.linspace(0.0, 0.35, 8), np.random.default_rng(1)))
    assert found.status == "ok"
    assert 0 < found.low < 0.05 < found.high
    assert found.per_year == pytest.approx(0.05, abs=0.01)
    assert found.falling < 0.01 < found.rising
    assert found.bent > 0.01


@pytest.mark.parametrize("share", [0.0, 0.05, 0.5, 1.0])
def test_a_constant_mix_is_covered(share):
    draws = [slope(YEARS, *measured(np.full(8, share), np.random.default_rng([2, draw]), replicates=200)) for draw in range(300)]
    assert np.mean([each.low <= 0 <= each.high for each in draws]) >= 0.92  # .93 less 0.7 standard errors of 300 draws
    assert np.mean([each.bent < 0.01 for each in draws]) < 0.04


def test_the_slope_of_a_rising_mix_is_covered_too():
    truth = np.linspace(0.0, 0.35, 8)
    draws = [slope(YEARS, *measured(truth, np.random.default_rng([3, draw]), replicates=200)) for draw in range(200)]
    assert np.mean([each.low <= 0.05 <= each.high for each in draws]) >= 0.92


def test_weights_are_those_of_least_squares():
    rng = np.random.default_rng(4)
    draws = rng.normal(0, rng.uniform(0.01, 0.05, (8, 1)), (8, 5000))
    y = rng.normal(size=8)
    weights = 1 / draws.var(axis=1, ddof=1)
    assert slope(YEARS, y, draws + y[:, None]).per_year == pytest.approx(np.polyfit(YEARS, y, 1, w=np.sqrt(weights))[0])


def test_the_error_that_periods_share_is_not_taken_for_a_trend_nor_does_it_hide_one():
    rng = np.random.default_rng(5)
    common = rng.normal(0, 0.3, REPLICATES)
    own = rng.normal(0, 0.001, (8, REPLICATES))
    found = slope(YEARS, np.linspace(0, 0.07, 8), np.linspace(0, 0.07, 8)[:, None] + common + own)
    assert 0.009 < found.low < found.high < 0.011


def test_a_step_is_no_line_but_rises():
    steps = np.repeat([0.0, 0.4], 4)
    found = slope(YEARS, *measured(steps, np.random.default_rng(6), documents=2000))
    assert (found.status, found.bent < 0.01, found.rising > 0.05, found.falling < 0.01) == ("weak", True, True, True)
    assert "do not follow a line" in found.reasons[0]
    assert found.low > 0


def test_up_and_down_is_neither():
    found = slope(YEARS, *measured([0, 0.3, 0, 0.3, 0, 0.3, 0, 0.3], np.random.default_rng(7)))
    assert max(found.rising, found.falling) < 0.01


def test_too_few_periods_are_refused():
    shares, draws = measured(np.linspace(0, 0.3, 8), np.random.default_rng(8))
    shares[3:] = np.nan
    found = slope(YEARS, shares, draws)
    assert (found.status, found.periods, found.per_year, found.low) == ("refused", 3, None, None)
    assert found.reasons == ("3 periods with an estimate; a slope needs 4",)


def test_the_order_of_periods_does_not_matter():
    shares, draws = measured(np.linspace(0, 0.3, 8), np.random.default_rng(9))
    order = np.random.default_rng(0).permutation(8)
    here, there = slope(YEARS, shares, draws), slope(YEARS[order], shares[order], draws[order])
    assert here == there


def test_periods_of_one_share_in_all_replicates_do_not_break_it():
    found = slope(YEARS, np.zeros(8), np.zeros((8, 100)))
    assert (found.per_year, found.low, found.high, found.status) == (0, 0, 0, "ok")


def test_shapes_and_numbers_of_replicates_are_checked():
    with pytest.raises(UsageError, match=r"times \(8,\), shares \(7,\) and replicates \(8, 100\) do not fit"):
        slope(YEARS, np.zeros(7), np.zeros((8, 100)))
    with pytest.raises(UsageError, match="99 bootstrap replicates; an interval needs 100"):
        slope(YEARS, np.zeros(8), np.zeros((8, 99)))


@given(arrays.arrays(float, 6, elements=st.floats(-1, 1)), arrays.arrays(float, 6, elements=st.floats(0.1, 5)))
def test_the_isotonic_fit_is_that_of_scikit_learn(shares, weights):
    sklearn = pytest.importorskip("sklearn.isotonic")
    assert isotonic(shares, weights) == pytest.approx(sklearn.isotonic_regression(shares, sample_weight=weights), abs=1e-9)


NAMES = [str(int(year)) for year in YEARS]
BEFORE, AFTER = YEARS < 2022, YEARS > 2023
TRUTH = np.array([0, 0, 0, 0, 0.05, 0.1, 0.2, 0.3])


def test_later_shares_are_reported_as_excess_over_the_controls():
    shares, draws = measured(TRUTH, np.random.default_rng(10), documents=2000, reference=2000)
    found = over_pretrend(NAMES, YEARS, shares, draws, BEFORE, AFTER)
    assert (found.status, found.before) == ("ok", ("2018", "2019", "2020", "2021"))
    assert [each.period for each in found.periods] == ["2023", "2024", "2025"]
    for each, truth in zip(found.periods, TRUTH[5:], strict=True):
        assert each.low < truth < each.high
        assert each.value == pytest.approx(shares[NAMES.index(each.period)] - shares[:4].mean())


def test_a_shift_common_to_all_periods_leaves_the_excess_where_it_was_and_the_truth_is_covered():
    inside = []
    for draw in range(200):
        shares, draws = measured(TRUTH, np.random.default_rng([11, draw]), documents=1000, reference=1000)
        found = over_pretrend(NAMES, YEARS, shares + 0.01, draws + 0.01, BEFORE, AFTER)
        assert found.periods or found.control_high > 0.05
        inside += [each.low <= truth <= each.high for each, truth in zip(found.periods, TRUTH[5:], strict=False)]
    assert len(inside) > 500
    assert np.mean(inside) >= 0.92


def test_a_control_that_fails_refuses_the_slice_and_nothing_is_subtracted():
    shares, draws = measured(TRUTH + 0.06, np.random.default_rng(12), documents=2000, reference=2000)
    found = over_pretrend(NAMES, YEARS, shares, draws, BEFORE, AFTER)
    assert (found.status, found.periods) == ("refused", ())
    assert found.control_high > 0.05
    assert "the negative control fails" in found.reasons[0]


def test_without_controls_or_later_periods_there_is_no_excess():
    shares, draws = measured(TRUTH, np.random.default_rng(13), documents=2000, reference=2000)
    none = np.zeros(8, bool)
    assert "no negative control" in over_pretrend(NAMES, YEARS, shares, draws, none, AFTER).reasons[0]
    assert over_pretrend(NAMES, YEARS, shares, draws, BEFORE, none).status == "refused"
    assert over_pretrend(NAMES, YEARS, shares, draws, YEARS < 2019, AFTER).status == "weak"
