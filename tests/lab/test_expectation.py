import math

import numpy
import pytest
from scipy import stats

from longtail.errors import ConfigError
from longtail.lab.expectation import ALPHA, Expect, Interval, Quantity, judged, mean_of, measured, median_of, numbers, share_of

SERIES = {"a": {"x": [numpy.array([1.0, 2.0, 4.0, 0.0]), numpy.array([0.5, 2.0, 1.0, 1.0]), numpy.array([0.25, 3.0, 1.0, 2.0])]}}


def test_a_quantity_is_one_number_for_each_replicate():
    assert numbers(Quantity(run="a", series="x"), SERIES).tolist() == [0.25, 3.0, 1.0, 2.0]
    assert numbers(Quantity(run="a", series="x", generation=2), SERIES).tolist() == [0.5, 2.0, 1.0, 1.0]
    ratio = numbers(Quantity(run="a", series="x", over=1), SERIES)
    assert ratio[:3].tolist() == [0.25, 1.5, 0.25]
    assert math.isnan(ratio[3])
    assert numbers(Quantity(run="a", series="x", rise=True), SERIES).tolist() == [-0.25, 1.0, 0.0, 1.0]
    assert numbers(Quantity(run="a", series="x", take="complement"), SERIES)[0] == 0.75
    assert numbers(Quantity(run="a", series="x", take="exp"), SERIES)[2] == pytest.approx(math.e)


def test_the_first_generation_that_reaches_a_share_is_found_and_never_is_one_more_than_there_are():
    assert numbers(Quantity(run="a", series="x", reaches=0.5), SERIES)[:3].tolist() == [2, 4, 2]
    assert numbers(Quantity(run="a", series="x", reaches=1.5), SERIES)[:3].tolist() == [4, 3, 4]


def test_the_bounds_of_a_mean_are_those_of_a_one_sided_t_test():
    found = numpy.random.default_rng(1).normal(2, 1, 12)
    low, high = stats.ttest_1samp(found, 0).confidence_interval(1 - 2 * ALPHA)
    assert mean_of(found)[1:] == pytest.approx((low, high))
    assert mean_of(found[:1]) == Interval(found[0], -math.inf, math.inf)


@pytest.mark.parametrize("size", [3, 8, 25, 200])
def test_the_bounds_of_a_median_hold_in_at_least_99_percent_of_samples(size):
    rng = numpy.random.default_rng(size)
    medians = [median_of(rng.exponential(size=size)) for _ in range(4000)]
    missed = sum(each.low > math.log(2) for each in medians)
    assert missed <= 4000 * ALPHA + 4 * math.sqrt(4000 * ALPHA)
    assert math.isinf(medians[0].low) == (0.5**size > ALPHA)


def test_the_bounds_of_a_share_are_clopper_and_pearsons():
    expected = stats.binomtest(17, 20).proportion_ci(1 - 2 * ALPHA, method="exact")
    met = numpy.arange(20) < 17
    assert share_of(met)[1:] == pytest.approx((expected.low, expected.high))
    assert share_of(numpy.ones(5, dtype=bool)).high == 1
    assert share_of(numpy.zeros(5, dtype=bool)).low == 0


@pytest.mark.parametrize(
    ("low", "high", "bounds", "verdict"),
    [
        (0.1, 0.2, [("at_most", 0.2)], "holds"),
        (0.1, 0.2, [("below", 0.2)], "undecided"),
        (0.1, 0.2, [("at_least", 0.3)], "fails"),
        (0.1, 0.2, [("above", 0.15)], "undecided"),
        (-0.1, 0.1, [("above", -0.2), ("below", 0.2)], "holds"),
        (0.3, 0.4, [("above", -0.2), ("below", 0.2)], "fails"),
        (-math.inf, math.inf, [("below", 0)], "undecided"),
        (0.0, 0.0, [("below", 0)], "fails"),
    ],
)
def test_an_expectation_is_decided_by_the_whole_interval(low, high, bounds, verdict):
    assert judged(Interval(low, low, high), bounds) == verdict


def test_replicates_without_a_number_are_left_out_and_counted():
    found = measured(Expect(says="s", of=Quantity(run="a", series="x", over=1), below=100), SERIES)
    assert (found.replicates, found.left_out, found.verdict) == (3, 1, "holds")
    none = measured(Expect(says="s", of=Quantity(run="b", series="x"), below=1), {"b": {"x": [numpy.array([math.nan])]}})
    assert (none.value, none.verdict, none.left_out) == (None, "undecided", 1)


def test_a_bound_can_be_asked_of_a_share_of_the_replicates():
    values = {"a": {"x": [numpy.r_[numpy.zeros(500), numpy.ones(20)]]}}
    expect = Expect(says="s", of=Quantity(run="a", series="x"), at_most=0, in_at_least=0.9)
    found = measured(expect, values)
    assert (found.value, found.verdict) == (500 / 520, "holds")
    assert found.asked == "at most 0 in 90% of replicates or more"


@pytest.mark.parametrize("given", [{}, {"minus": Quantity(run="a", series="x"), "by": Quantity(run="a", series="x"), "below": 1}])
def test_an_expectation_that_cannot_be_met_or_missed_is_refused(given):
    with pytest.raises(ConfigError, match="give"):
        Expect(says="s", of=Quantity(run="a", series="x"), **given)


def test_a_share_of_replicates_lies_between_0_and_1():
    with pytest.raises(ConfigError, match="in_at_least is 1"):
        Expect(says="s", of=Quantity(run="a", series="x"), below=1, in_at_least=1)


@pytest.mark.parametrize(
    ("found", "asked", "verdict", "met"),
    [
        ([1, 1, 1, 1, 0], "4 of 5", "holds", 4),
        ([1, 1, 1, 0, 0], "4 of 5", "fails", 3),
        ([1, 1, 1, math.nan, math.nan], "4 of 5", "fails", 3),
        ([1, 1], "4 of 5", "undecided", 2),
        ([0, 0], "4 of 5", "fails", 0),
        ([1, 1, 1, 1], "4 of 5", "holds", 4),
        ([1] * 7 + [0] * 3, "4 of 5", "fails", 7),
        ([1] * 8 + [0] * 2, "4 of 5", "holds", 8),
    ],
)
def test_a_bound_can_be_asked_of_a_count_of_the_replicates(found, asked, verdict, met):
    expect = Expect(says="s", of=Quantity(run="a", series="x"), above=0.5, on_at_least=asked)
    told = measured(expect, {"a": {"x": [numpy.array(found, float)]}})
    assert (told.verdict, told.met, told.value) == (verdict, met, pytest.approx(met / len(found)))
    assert told.asked == "above 0.5 on at least 4 of 5 seeds"


@pytest.mark.parametrize("count", ["4", "0 of 5", "6 of 5", "four of five"])
def test_a_count_of_replicates_that_cannot_be_is_refused(count):
    with pytest.raises(ConfigError, match="write a count"):
        Expect(says="s", of=Quantity(run="a", series="x"), above=0.5, on_at_least=count)


def test_a_count_and_a_share_are_not_asked_at_once():
    with pytest.raises(ConfigError, match="both in_at_least and on_at_least"):
        Expect(says="s", of=Quantity(run="a", series="x"), above=0.5, on_at_least="1 of 2", in_at_least=0.5)
