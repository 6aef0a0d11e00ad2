import numpy
import pytest
from scipy import stats

from longtail.errors import ConfigError, UsageError
from longtail.lab.cases import CHECKS, Check, verify
from longtail.lab.cases.check import ENOUGH, FAMILY_WISE, QUICK, limit, squared_deviations


def check(predicted, kind="exact", sd=1.0, **given):
    return Check(
        case="test",
        quantity="mean of a normal law",
        kind=kind,
        predicted=lambda chosen: predicted,
        simulated=lambda chosen, replicates, seed: chosen["mean"] + sd * numpy.random.default_rng(seed).standard_normal(replicates),
        stated=({"mean": 2.0},),
        draw=lambda rng: {"mean": 2.0},
        **given,
    )


def row(predicted, **given):
    return verify([check(predicted, **given)], drawn=0)[0]


def test_a_right_formula_holds_and_a_wrong_one_does_not():
    right, wrong = row(2.0), row(2.2)
    assert right.holds
    assert abs(right.z) < 4
    assert not wrong.holds
    assert wrong.z < -10


@pytest.mark.parametrize("kind, inside, outside", [("bound_upper", 2.3, 1.7), ("bound_lower", 1.7, 2.3)])
def test_a_bound_is_tested_on_its_own_side_only(kind, inside, outside):
    assert row(inside, kind=kind).holds
    assert row(inside, kind=kind).z == 0
    assert not row(outside, kind=kind).holds


def test_the_limit_is_bonferronis_for_one_error_in_a_thousand_tables():
    assert limit("exact", 50) == pytest.approx(stats.norm.ppf(1 - 1e-3 / 100), abs=1e-9)
    assert limit("bound_upper", 50) == pytest.approx(stats.norm.ppf(1 - 1e-3 / 50), abs=1e-9)
    assert [each.limit for each in verify([check(2.0), check(2.0)], drawn=4)] == [limit("exact", 10)] * 10
    assert FAMILY_WISE == 1e-3


def test_true_tables_fail_no_more_often_than_they_say():
    worst = [max(abs(each.z) for each in verify([check(2.0)], seed=seed, drawn=9, quick=True)) for seed in range(200)]
    rate = numpy.mean(numpy.array(worst) > stats.norm.isf(0.1 / 20))
    assert rate == pytest.approx(0.1, abs=4 * (0.1 * 0.9 / 200) ** 0.5)


def test_a_tolerance_is_taken_off_the_distance():
    allowed = row(2.1, kind="asymptotic", tolerance=lambda chosen, predicted: 0.15)
    short = row(2.1, kind="asymptotic", tolerance=lambda chosen, predicted: 0.02)
    assert allowed.holds
    assert abs(allowed.z) == 0
    assert not short.holds
    assert short.z == pytest.approx((short.simulated - 2.1 + 0.02) / short.se, rel=1e-6)


@pytest.mark.parametrize("off, holds", [(0.0, True), (1e-13, True), (1e-6, False)])
def test_values_without_error_must_agree_to_rounding(off, holds):
    assert row(2.0 + off, sd=0.0).holds is holds


def test_a_check_stops_at_one_percent_or_when_enough_was_simulated():
    assert row(2.0, sd=0.1).replicates == 20_000
    assert row(2.0, sd=100.0).replicates == ENOUGH
    assert row(2.0, sd=5.0).se <= 0.02
    assert row(2.0, sd=5.0).precise
    assert row(2.0, sd=0.1, batch=500).replicates == 500
    assert row(2.0, sd=0.1, batch=500, least=1_200).replicates == 1_500


def test_quick_simulates_less_but_never_less_than_a_skewed_law_needs():
    assert verify([check(2.0, sd=100.0)], drawn=0, quick=True)[0].replicates == QUICK
    assert verify([check(2.0, sd=100.0, least=30_000)], drawn=0, quick=True)[0].replicates == 30_000
    assert verify([check(2.0, sd=100.0, least=30_000)], drawn=0, most=700)[0].replicates == 700


def test_the_standard_error_is_that_of_the_mean():
    found = row(2.0, sd=100.0)
    assert found.se == pytest.approx(100 / ENOUGH**0.5, rel=0.01)


def test_simulated_rows_do_not_depend_on_the_workers_or_on_the_rest_of_the_table():
    few = [each for each in CHECKS if each.case == "10"][:2]
    alone, shared = verify(few, quick=True), verify(few, quick=True, workers=2)
    assert alone == shared
    assert [each.simulated for each in verify(few[1:], quick=True)] == [
        each.simulated for each in alone if each.quantity == few[1].quantity
    ]
    assert [each.simulated for each in verify(few, quick=True, seed=1)] != [each.simulated for each in alone]


def test_rows_have_chance_of_their_own():
    first, second = verify([check(2.0)], drawn=1)
    assert first.settings == second.settings
    assert first.simulated != second.simulated


def test_checks_that_are_not_on_the_list_need_one_worker():
    with pytest.raises(UsageError, match="several workers need checks that are on the list"):
        verify([check(2.0)], workers=2)


@pytest.mark.parametrize("given, said", [({"workers": 0}, "workers is 0"), ({"most": 0}, "most is 0"), ({"drawn": -1}, "drawn is -1")])
def test_numbers_that_make_no_table_are_refused(given, said):
    with pytest.raises(UsageError, match=said):
        verify([check(2.0)], **given)


def test_values_that_do_not_exist_are_refused():
    with pytest.raises(ConfigError, match="case test, mean of a normal law"):
        row(2.0, sd=float("nan"))


def test_squared_deviations_average_to_the_unbiased_variance():
    values = numpy.random.default_rng(0).standard_normal(50)
    assert squared_deviations(values).mean() == pytest.approx(values.var(ddof=1))
