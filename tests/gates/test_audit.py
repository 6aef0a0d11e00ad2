import math

import numpy
import pytest
from scipy import stats

from longtail.errors import ConfigError, UsageError
from longtail.gates.audit import Judged, audit, effective_real, pool_variance
from longtail.gates.intervals import exact_interval
from longtail.lab.theory.selection import (
    effective_real_samples,
    selection_accumulate_variance,
    selection_ratio,
    truncated_mean_step,
    verifier_break_point,
    verifier_wrong_share,
)


def flags(*counts):
    """Columns kept and right from counts of (kept right, dropped right, kept wrong, dropped wrong)."""
    kept = numpy.repeat([True, False, True, False], counts)
    return kept, numpy.repeat([1.0, 1.0, 0.0, 0.0], counts)


def test_the_rates_of_a_verifier_its_break_point_and_the_wrong_share_are_those_of_the_counts():
    found = audit(Judged(*flags(720, 80, 60, 140)))
    values = {each.metric: each.value for each in found.estimates}
    assert values["keep_right"] == 0.9 and values["keep_wrong"] == 0.3
    assert values["break_point"] == pytest.approx(verifier_break_point(keep_right=0.9, keep_wrong=0.3)) == pytest.approx(0.75)
    assert values["wrong_share"] == 0.2
    assert values["wrong_share_kept"] == pytest.approx(verifier_wrong_share(p=0.2, keep_right=0.9, keep_wrong=0.3))
    assert "below the break point (p* = 0.75)" in found.says[0] and "unlimited data" in found.says[0]


@pytest.mark.parametrize(("phi", "psi", "point"), [(1.0, 1.0, 0.5), (0.9, 0.3, 0.75), (0.7, 0.05, 0.9333)])
def test_the_side_of_the_break_point_follows_from_what_is_kept(phi, psi, point):
    rows = 40_000
    for p, side in ((point - 0.05, "below"), (point + 0.05, "above")):
        wrong, right = round(rows * p), rows - round(rows * p)
        counts = (round(right * phi), right - round(right * phi), round(wrong * psi), wrong - round(wrong * psi))
        assert f"lies {side} the break point" in audit(Judged(*flags(*counts))).says[0]


def test_a_side_that_the_rows_do_not_show_is_not_decided():
    assert "is not decided; judge more rows" in audit(Judged(*flags(10, 5, 9, 6))).says[0]


@pytest.mark.parametrize(("hits", "of"), [(0, 10), (10, 10), (3, 17), (250, 400)])
def test_the_interval_of_a_rate_is_that_of_scipy(hits, of):
    expected = stats.binomtest(hits, of).proportion_ci(0.95, method="exact")
    assert exact_interval(hits, of, 0.95) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_the_spread_and_centre_of_a_gate_with_a_closed_form():
    value = stats.norm.ppf((numpy.arange(200_000) + 0.5) / 200_000)
    found = audit(Judged(numpy.abs(value) <= stats.norm.ppf(0.75), value=value))
    assert found.get("variance_ratio").value == pytest.approx(selection_ratio(alpha=0.5), abs=1e-4)
    assert found.get("centre_shift").value == pytest.approx(0, abs=1e-9)
    assert "t^-0.86" in found.says[0] and "a shift is not shown" in found.says[1]
    off = audit(Judged(numpy.abs(value - 0.5) <= 1, value=value)).get("centre_shift")
    assert off.value == pytest.approx(truncated_mean_step(mean=0.0, centre=0.5, radius=1.0), abs=1e-3)


def test_what_accumulate_would_leave_is_the_closed_form():
    for generation in (1, 10, 100):
        expected = selection_accumulate_variance([generation], alpha=0.5)[0]
        assert pool_variance(selection_ratio(alpha=0.5), generation) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("tpr", "fpr", "rows"), [(0.5, 0.5, 160), (0.8, 0.2, 329.4), (0.95, 0.05, 628.3), (0.99, 0.001, 788.8), (1, 0, 800)]
)
def test_a_detector_is_worth_as_many_real_rows_as_the_closed_form_says(tpr, fpr, rows):
    assert effective_real(4000, 0.2, tpr, fpr) == pytest.approx(rows, abs=0.05)
    expected = effective_real_samples(samples=4000, share=0.2, true_positive=tpr, false_positive=fpr)
    assert effective_real(4000, 0.2, tpr, fpr) == pytest.approx(expected)


def test_the_worth_of_a_detector_stands_between_none_and_all_with_its_interval():
    kept = numpy.repeat([True, False, True, False], (640, 160, 640, 2560))
    human = numpy.repeat([1.0, 0.0], (800, 3200))
    found = audit(Judged(kept, human=human))
    worth = found.get("effective_real_rows")
    assert worth.value == pytest.approx(329.4, abs=0.05)
    assert 160 < worth.low < worth.value < worth.high < 800
    assert "between 160 without it and 800" in found.says[0]
    blind = audit(Judged(numpy.tile([True, False], 2000), human=human)).get("effective_real_rows")
    assert blind.value == pytest.approx(160) == blind.low


def covered(truths, columns, *, repeats=400, seed=3):
    rng = numpy.random.default_rng(seed)
    found = [audit(Judged(*columns(rng))) for _ in range(repeats)]
    return {name: numpy.mean([each.get(name).low <= truth <= each.get(name).high for each in found]) for name, truth in truths.items()}


def test_the_intervals_of_rates_cover_at_least_as_often_as_they_say():
    def columns(rng):
        right = rng.random(300) >= 0.2
        return numpy.where(right, rng.random(300) < 0.9, rng.random(300) < 0.3), right.astype(float)

    truths = {
        "keep_right": 0.9,
        "keep_wrong": 0.3,
        "break_point": 0.75,
        "wrong_share_kept": verifier_wrong_share(p=0.2, keep_right=0.9, keep_wrong=0.3),
    }
    assert min(covered(truths, columns).values()) > 0.95 - 4 * math.sqrt(0.95 * 0.05 / 400)


@pytest.mark.parametrize("draw", ["standard_normal", "standard_exponential"])
def test_the_intervals_of_spread_and_centre_cover_about_as_often_as_they_say(draw):
    rng = numpy.random.default_rng(0)
    many = getattr(rng, draw)(4_000_000)
    inside = many[numpy.abs(many - 0.5) <= 1]
    truths = {"variance_ratio": inside.var() / many.var(), "centre_shift": (inside.mean() - many.mean()) / many.std()}

    def columns(rng):
        value = getattr(rng, draw)(1000)
        return numpy.abs(value - 0.5) <= 1, None, None, value

    share = covered(truths, columns)
    assert all(0.90 < each < 0.99 for each in share.values()), share


def test_what_a_column_is_lacking_for_is_not_measured_and_says_what_to_add():
    found = audit(Judged(numpy.array([True, False, True])))
    assert [each.metric for each in found.estimates] == ["keep_rate"]
    assert {each.metric for each in found.not_measured} >= {"break_point", "variance_ratio", "effective_real_rows"}
    assert all("add" in each.enable for each in found.not_measured)
    assert found.says == ()


@pytest.mark.parametrize(
    ("judged", "metric", "reason"),
    [
        (Judged(numpy.ones(30, bool), right=numpy.ones(30)), "keep_wrong", "all 30 rows that say so are right"),
        (Judged(numpy.zeros(30, bool), right=numpy.tile([1.0, 0.0], 15)), "break_point", "kept none"),
        (Judged(numpy.zeros(30, bool), value=numpy.arange(30.0)), "variance_ratio", "0 kept rows have a number"),
        (Judged(numpy.ones(30, bool), value=numpy.ones(30)), "variance_ratio", "the same number"),
        (Judged(numpy.ones(30, bool), human=numpy.zeros(30)), "effective_real_rows", "are model output"),
    ],
)
def test_what_the_rows_cannot_show_is_not_measured(judged, metric, reason):
    assert any(reason in each.reason for each in audit(judged).not_measured if each.metric == metric)


def test_rows_that_say_nothing_are_left_out_of_their_measure_alone():
    kept, right = flags(30, 10, 5, 15)
    unknown = right.copy()
    unknown[::2] = numpy.nan
    found = audit(Judged(kept, right=unknown))
    assert found.rows == 60 and found.get("keep_rate").n == 60
    assert found.get("break_point").n == 30


def test_a_gate_that_keeps_the_ends_shows_no_narrowing():
    value = numpy.random.default_rng(0).standard_normal(2000)
    assert "no narrowing" in audit(Judged(numpy.abs(value) > 0.7, value=value)).says[0]


def test_bad_input_is_refused():
    with pytest.raises(UsageError, match="columns of equal length"):
        audit(Judged(numpy.ones(3, bool), right=numpy.ones(4)))
    with pytest.raises(UsageError, match="no judged rows"):
        audit(Judged(numpy.ones(0, bool)))
    with pytest.raises(ConfigError, match="level is 1"):
        audit(Judged(numpy.ones(3, bool)), level=1.0)
