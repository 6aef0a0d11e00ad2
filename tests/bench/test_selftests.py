"""The self-tests: each must fail where audits err, which is planted here, and say so in its table."""

import math

import pytest

from bench import selftests
from bench.audits import Audited, Case, Plan
from longtail.metrics.shift import Shift
from longtail.records import Estimate

METRICS = ("tail_types_retained", "tail_mass_retained", "hill_1", "hill_2")
UNITS = {"heldout_nll": "nats/token", "accuracy": "share"}


def estimate(metric="tail_mass_retained", value=1.0, spread=0.05, decision="ok", p=0.5):
    return Estimate(
        metric=metric, view="words_1", value=value, low=value - spread, high=value + spread, n=100, unit=UNITS.get(metric, "ratio"),
        resampling_unit="document", method="made up", decision=decision, p=p,
    )  # fmt: skip


def families(**fields):
    return {metric: estimate(metric, **fields) for metric in METRICS}


def audit(contrast=0.0, phase="healthy", moved=0.5, **fields):
    return Audited(families(**fields), estimate("tail_first_contrast", contrast), phase, Shift(0.1, 0.1, moved, 1024))


def uniform(at, **fields):
    return audit(p=(at + 0.5) / 200, moved=(at + 0.5) / 200, **fields)


def at_levels(audits):
    return [{0.05: each, 0.01: each} for each in audits]


def planned(*outcomes, confidence=0.99):
    """Return a plan of 200 repetitions whose outcomes are made up, taken in turn."""
    return Plan(200, lambda _, numbers: [outcomes[number % len(outcomes)] for number in numbers], confidence)


def failing(rows, head="endpoint"):
    return {row[head] for row in rows if not row["holds"]}


ONE = (Case(1500, 3000),)
ENDPOINTS = (*METRICS, "shift", "any loss")


def test_bands_are_those_of_the_binomial():
    assert Plan(400).bands(0.05) == pytest.approx((0.0225, 0.08), abs=0.003)
    assert Plan(200).bands(0.05) == pytest.approx((0.01, 0.09), abs=0.006)
    plan = Plan(10, confidence=0.99)
    assert [plan.at_most(found, 0.5) for found in (0.9, 1.0)] == [True, False]
    assert [plan.at_least(found, 0.5) for found in (0.0, 0.1)] == [False, True]
    assert [plan.within(found, 0.5) for found in (0.0, 0.1, 0.9, 1.0)] == [False, True, True, False]


def test_cases_say_their_ratio_and_grow_without_making_the_reference_smaller():
    cases = [Case(1500, 3000), Case(300, 3000), Case(7500, 3000), Case(500, 3000, 1000)]
    assert [case.ratio for case in cases] == ["1:1", "1:5", "5:1", "1:2"]
    assert Case(100, 300).grown(0.5) == Case(50, 300)
    assert Case(100, 300, 100).grown(2.5) == Case(250, 750, 250)
    assert str(Case(1, 2)) == "1 / 2"
    assert str(Case(1, 2, 3)) == "1 / 2 / 3"


def test_a_part_of_a_plan_has_so_many_times_fewer_repetitions():
    assert [Plan(200).part(by).repetitions for by in (4, 7, 500)] == [50, 28, 1]


def null(audits, alphas=(0.05,)):
    return list(selftests.null(planned(*at_levels(audits)), ONE, alphas))


def test_uniform_p_values_hold():
    rows = null([uniform(at) for at in range(200)], (0.05, 0.01))
    assert failing(rows) == set()
    assert [row["endpoint"] for row in rows] == [*ENDPOINTS] * 2
    assert rows[0]["p ≤ α"] == pytest.approx(0.05)


@pytest.mark.parametrize("power", [2, 0.5], ids=["too small", "too large"])
def test_p_values_that_are_too_small_or_too_large_fail(power):
    skewed = [((at + 0.5) / 200) ** power for at in range(200)]
    assert failing(null([audit(p=p, moved=p) for p in skewed])) == {*METRICS, "shift"}


def test_false_alarms_of_the_families_fail_even_where_each_endpoint_holds():
    alarmed = [uniform(at, decision="watch" if at % 8 == 0 else "ok") for at in range(200)]
    assert failing(null(alarmed)) == {"any loss"}


def test_a_biased_ratio_of_tail_mass_fails():
    assert failing(null([uniform(at, value=1.03) for at in range(200)])) == {"tail_mass_retained"}


def test_endpoints_without_a_p_value_are_judged_by_their_decisions():
    rows = null([audit(p=None, moved=(at + 0.5) / 200, decision="shrunk" if at % 5 == 0 else "ok") for at in range(200)])
    assert rows[0]["p ≤ α"] is None
    assert failing(rows) == {*METRICS, "any loss"}


def test_later_cases_have_a_quarter_of_the_audits_and_say_so():
    plan = Plan(200, lambda _, numbers: at_levels(uniform(at) for at in numbers), confidence=0.9999)
    rows = list(selftests.null(plan, ONE * 4, (0.05,)))
    assert [row["audits"] for row in rows if row["endpoint"] == "shift"] == [200, 200, 200, 50]


@pytest.mark.parametrize("often", [{"decision": "shrunk"}, {"value": 0.97}], ids=["shrunk", "kept"])
def test_decisions_at_the_margin_fail_where_they_are_frequent(often):
    usual = {"value": 0.9, "decision": "inconclusive"}
    assert failing(selftests.margin(planned(families(**usual)), ONE, ())) == set()
    frequent = [families(**(usual | often if at % 8 == 0 else usual)) for at in range(200)]
    assert failing(selftests.margin(planned(*frequent), ONE, ())) == set(METRICS)


def test_models_worse_by_the_margin_are_held_against_the_margin_of_their_unit():
    here = {"heldout_nll": estimate("heldout_nll", 0.02, 0.01), "accuracy": estimate("accuracy", -0.01, 0.005)}
    assert failing(selftests.margin(planned((here, {})), (), (500,))) == set()
    far = {"heldout_nll": estimate("heldout_nll", 0.005, 0.01), "accuracy": estimate("accuracy", 0.0, 0.005)}
    assert failing(selftests.margin(planned((far, {}), (here, {})), (), (500,))) == set(UNITS)


def test_kept_is_a_bound_inside_the_margin_whatever_its_unit():
    inside = [estimate(value=0.96), estimate("heldout_nll", -0.04), estimate("accuracy", 0.05)]
    assert all(map(selftests.is_kept, inside))
    outside = [estimate(value=0.94), estimate("heldout_nll", -0.02), estimate("accuracy", 0.03)]
    assert not any(map(selftests.is_kept, outside))


def asking(outcomes, needed):
    """Return a plan in which audits of no loss ask for documents, and audits of a loss end in outcomes, taken in turn."""

    def run(function, numbers):
        made = [outcomes[number % len(outcomes)] for number in numbers]
        return [needed] * len(made) if function.func is selftests.foreseen else made

    return Plan(200, run)


def test_power_below_four_fifths_fails():
    needed = dict.fromkeys(METRICS, 100)
    found = [families(decision="shrunk" if at % 10 < 8 else "inconclusive") for at in range(200)]
    assert failing(selftests.power(asking(found, needed), ONE, ())) == set()
    weak = [families(decision="shrunk" if at % 10 < 7 else "inconclusive") for at in range(200)]
    rows = list(selftests.power(asking(weak, needed), ONE, ()))
    assert failing(rows) == set(METRICS)
    assert rows[0]["asked"] == "100 / 3000"


def test_power_of_fidelity_is_judged_at_the_documents_asked_for():
    weak = [({"heldout_nll": estimate("heldout_nll", decision=now)}, {"heldout_nll": 300}) for now in ["shrunk"] * 7 + ["watch"] * 3]
    rows = list(selftests.power(planned(*weak), (), (2000,)))
    assert [(row["asked"], row["shrunk"], row["holds"]) for row in rows] == [("300 scored", pytest.approx(0.7), False)]


def test_the_median_of_documents_counts_those_without_a_number_as_infinitely_many():
    assert selftests.median([1, None, 3]) == 3
    assert math.isinf(selftests.median([1, None, None]))


def test_losses_must_be_found_at_the_documents_printed_and_are_not_judged_where_none_are():
    key, other = ("hill_1", 0.2), ("hill_2", 0.1)
    found = [{key: (90, at % 10 < 8), other: None} for at in range(200)]
    cases = ((3000, 0, 1),)
    assert [row["holds"] for row in selftests.printed(planned(*found), cases)] == [True, None]
    weak = [{key: None if at % 2 else (90, at % 10 < 6), other: None} for at in range(200)]
    rows = list(selftests.printed(planned(*weak), cases))
    assert [(row["audits"], row["not possible"], row["found"], row["documents"], row["holds"]) for row in rows] == [
        (100, 0.5, pytest.approx(0.6), 90, False),
        (0, 1.0, None, None, None),
    ]


def test_a_shift_that_is_missed_fails():
    assert failing(selftests.shift(planned(audit(moved=0.001)), ONE), "documents") == set()
    assert failing(selftests.shift(planned(audit(moved=0.001), audit(moved=0.2)), ONE), "documents") == {"1500 / 3000"}


def test_a_series_fails_where_alarms_are_frequent_or_the_late_loss_is_missed():
    def series(alarms, finds):
        answers = {selftests.followed: alarms, selftests.found_late: finds}
        plan = Plan(200, lambda function, numbers: [answers[function.func][number % 20] for number in numbers])
        return failing(selftests.series(plan, audits=2), "what")

    never, always = [False] * 20, [True] * 20
    assert series(never, always) == set()
    assert series([True] * 2 + [False] * 18, always) == {"any alarm in 2 audits of no loss"}
    assert series([True] + [False] * 19, [False] + [True] * 19) == {"loss of one half in audit 2 found"}


def test_estimates_that_depend_on_size_fail():
    values = [0.98, 1.0, 1.02]
    steady = [(audit(value=value), audit(value=value + 0.005)) for value in values]
    assert failing(selftests.sizes(planned(*steady))) == set()
    drifting = [(audit(value=value), audit(value=value + 0.03)) for value in values]
    rows = list(selftests.sizes(planned(*drifting)))
    assert failing(rows) == set(METRICS)
    assert rows[0]["mean move, signed"] > 1


@pytest.mark.parametrize(("contrast", "right"), [(-1.0, "recursion, 1 generation"), (0.0, "no change"), (1.0, "head × 3")])
def test_a_contrast_of_one_sign_is_right_only_where_that_sign_is_expected(contrast, right):
    rows = list(selftests.contrast(planned((contrast, audit(contrast=contrast)))))
    sign = {row["scenario"]: row["sign"] for row in rows}
    assert {row["scenario"] for row in rows if row["holds"]} == {name for name in sign if sign[name] == sign[right]}


def test_bytes_must_be_alike_under_order_and_sharding_and_phases_under_seeds_and_names():
    names = [*selftests.IDENTICAL, "seed", "names of types"]
    assert failing(selftests.invariance(planned(dict.fromkeys(names, (False, True)))), "varied") == set(selftests.IDENTICAL)
    assert failing(selftests.invariance(planned(dict.fromkeys(names, (True, False)))), "varied") == set(names[2:])
