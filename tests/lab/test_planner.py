import math

import numpy
import pytest

from longtail.errors import ConfigError, UnknownName, UsageError
from longtail.lab.loop import trajectory
from longtail.lab.planner import plan
from longtail.lab.planner_records import Ask
from longtail.lab.run import prepared
from longtail.lab.script import script
from longtail.lab.settings import Settings, parse_change


def answer(policy, tail_share, budget, horizon, **more):
    return plan(Ask(policy=policy, tail_share=tail_share, budget=budget, horizon=horizon, **more))


def facts(found):
    return {fact.name: fact.value for fact in found.facts}


def models(policy, *, samples, types, generations, replicates, changes=()):
    options = {"types": types, "law": "uniform"}
    told = Settings(
        family="categorical",
        policy=policy,
        generations=generations,
        samples=samples,
        draws="random",
        options=options,
        changes=tuple(parse_change(each) for each in changes),
    )
    steps = script(told)
    return [each.model[:, :-1] for each in trajectory(prepared(told, steps), steps, replicates, 2, 0, "random")]


@pytest.mark.parametrize(
    ("types", "budget", "share"), [(8, 50, 0.2872), (8, 200, 0.02901), (10, 50, 0.5141), (20, 200, 0.1238)], ids=lambda value: str(value)
)
def test_the_share_that_keeps_one_of_some_equal_types(types, budget, share):
    need = answer("fresh", 1 / types, budget, 100).keep
    assert need.share == pytest.approx(share, rel=1e-3)
    assert need.kind == "exact"
    assert need.rows == pytest.approx(need.share * budget)


@pytest.mark.parametrize(("types", "budget", "share"), [(10, 50, 0.0255), (20, 200, 0.0204)])
def test_the_share_that_brings_all_types_back_is_far_below_the_one_that_keeps_them(types, budget, share):
    found = answer("fresh", 1 / types, budget, 500, event="all")
    assert found.rescue.share == pytest.approx(share, rel=0.04)
    assert found.keep.share > 5 * found.rescue.share
    assert facts(found)["keep_over_rescue"] == pytest.approx(found.keep.share / found.rescue.share)


def test_a_type_that_real_data_alone_miss_too_often_cannot_be_kept_and_the_reason_says_how_often():
    found = answer("fresh", 1 / 20, 50, 500, event="all")
    assert found.keep.share is None and found.keep.rows is None
    assert "(1 - Q)^N = 0.0769" in found.keep.reason and "raise the budget" in found.keep.reason
    assert found.rescue.share is not None and found.rescue.reason == ""


def test_the_planned_share_keeps_a_type_in_a_simulated_loop():
    need = answer("fresh", 0.125, 50, 100).keep
    found = numpy.array(models(f"fresh:{need.share}", samples=50, types=8, generations=400, replicates=100))[50:]
    missing = (found[:, :, 0] == 0).mean(axis=0)
    rows = round(need.share * 50) / 50
    expected = facts(answer(f"fresh:{rows}", 0.125, 50, 100))["absence_at_share"]
    assert abs(missing.mean() - expected) < 4 * missing.std(ddof=1) / math.sqrt(len(missing))


@pytest.mark.parametrize("event", ["return", "present"])
def test_the_planned_share_rescues_a_type_in_a_simulated_loop_with_the_chance_that_was_asked(event):
    budget, horizon, gone = 400, 12, 1500
    need = answer("fresh", 0.01, budget, horizon, event=event).rescue
    share = max(round(need.share * budget), 1) / budget
    told = facts(answer(f"fresh:{share}", 0.01, budget, horizon))
    after = models(
        "replace", samples=budget, types=100, generations=gone + horizon, replicates=400, changes=(f"{gone + 1}:policy=fresh:{share}",)
    )[gone:]
    lost = models("replace", samples=budget, types=100, generations=gone, replicates=400)[-1] == 0
    present = numpy.array([model > 0 for model in after])
    back = present.any(axis=0) if event == "return" else present[-1]
    each = numpy.array([back[at][lost[at]].mean() for at in range(len(lost))])
    expected = told["return_chance_at_share" if event == "return" else "present_at_horizon_at_share"]
    assert abs(each.mean() - expected) < 4 * each.std(ddof=1) / math.sqrt(len(each))


def test_the_first_return_is_a_closed_form_and_real_data_alone_may_fail_it():
    need = answer("fresh", 0.001, 500, 20, chance=0.9).rescue
    assert 1 - (1 - need.share * 0.001) ** (500 * 20) == pytest.approx(0.9)
    assert answer("fresh", 0.00001, 500, 20, chance=0.9).rescue.share is None


def test_a_share_that_is_named_is_judged_beside_the_two_numbers():
    found = answer("fresh:0.1", 0.002, 1000, 50)
    told = facts(found)
    assert told["wait_at_share"] == pytest.approx(5.516, abs=1e-3)
    assert told["half_life_at_share"] == pytest.approx(math.log(2) / -math.log(0.9))
    assert found.keep.share is None and "absence_at_share" in told


def test_a_window_lowers_the_share_that_keeps_and_slows_the_recovery():
    one, four = answer("fresh:0.05,1", 0.001, 20_000, 50), answer("fresh:0.05,4", 0.001, 20_000, 50)
    assert four.keep.share < one.keep.share
    assert facts(four)["half_life_at_share"] == pytest.approx(math.log(2) / 0.02041, rel=1e-3)
    assert one.keep.kind == four.keep.kind == "asymptotic"
    assert "N large" in four.keep.condition


def test_keeping_everything_needs_no_real_data_to_keep_and_much_to_rescue():
    found = answer("accumulate", 0.01, 1000, 20, collapsed=20)
    assert found.keep.share == 0.0
    assert facts(found)["in_generation_1"] == pytest.approx(1 - 0.99**1000)
    assert found.rescue.share == pytest.approx(1.0, abs=0.03)
    assert found.instead.ask.policy == "fresh"
    assert found.instead.rescue.share == pytest.approx(1 - 0.5 ** (1 / 20), rel=1e-5)
    assert "drop the collapsed generations" in found.instead_because


@pytest.mark.parametrize(("last", "left"), [(40, 0.9341), (100, 0.8529), (200, 0.7959), (400, 0.7427)])
def test_a_collapsed_pool_that_keeps_everything_recovers_by_a_power_law(last, left):
    told = facts(answer("expanding:0.1", 0.02, 200, last - 20, collapsed=20))
    assert told["left_at_horizon_at_share"] == pytest.approx(left, abs=5e-5)
    assert told["pool_growth_at_share"] == pytest.approx(1024)


def test_half_of_what_was_lost_is_back_later_where_the_window_is_longer():
    shares = [answer(f"fresh:0.1,{window}", 0.02, 200, 20, event="half").rescue.share for window in (1, 4, 16)]
    assert shares[0] == pytest.approx(1 - 0.5 ** (1 / 20), rel=1e-5)
    assert shares == sorted(shares)
    deviation = [1.0] * 4
    for _ in range(20):
        deviation.append((1 - shares[1]) * numpy.mean(deviation[-4:]))
    assert deviation[-1] == pytest.approx(0.5, abs=1e-5)


def test_a_short_horizon_beside_a_long_collapsed_past_cannot_be_met_in_the_pool():
    need = answer("accumulate", 0.01, 1000, 10, collapsed=20).rescue
    assert need.share is None
    assert "leave 0.667 of the deviation" in need.reason and "drop" in need.reason


def test_a_type_that_generation_1_may_miss_is_kept_by_an_expanding_pool_alone():
    assert answer("accumulate", 0.002, 1000, 50, collapsed=5).keep.share is None
    need = answer("expanding", 0.002, 1000, 50, collapsed=5).keep
    assert (1 - 0.002) ** 1000 * (1 - need.share * 0.002) ** (1000 * 49) == pytest.approx(0.01)


@pytest.mark.parametrize(("policy", "window"), [("replace", 1), ("window:4", 4)])
def test_loops_without_new_real_data_reach_neither_aim_and_name_what_would(policy, window):
    found = answer(policy, 0.005, 1000, 50)
    assert found.keep.share is None and found.rescue.share is None
    assert found.keep.reason and found.rescue.reason
    assert found.instead.rescue.share is not None
    assert facts(found).get("half_gone") == (13.0 if window == 1 else None)


def test_a_fixed_budget_has_a_price_and_no_rescue():
    found = answer("fixed_budget", 0.01, 1000, 50)
    assert facts(found)["price"] == pytest.approx(2.9348e-3, rel=1e-4)
    assert found.keep.share == 0.0 and found.rescue.share is None
    assert answer("fixed_budget", 0.005, 1000, 50).keep.share is None


def test_every_need_and_fact_states_its_kind_and_condition():
    for policy in ("fresh:0.2", "accumulate", "replace", "fixed_budget", "window:3", "expanding:0.1"):
        found = answer(policy, 0.02, 300, 30, collapsed=4)
        for each in (found.keep, found.rescue, *found.facts):
            assert each.kind in ("exact", "asymptotic") and each.condition
        for need in (found.keep, found.rescue):
            assert (need.share is None) == bool(need.reason)


@pytest.mark.parametrize(
    ("more", "error", "told"),
    [
        ({"policy": "augment"}, UsageError, "no plan for the policy 'augment'"),
        ({"policy": "frsh"}, UnknownName, "did you mean 'fresh'"),
        ({"policy": "fresh:2"}, ConfigError, "share is 2"),
        ({"policy": "accumulate"}, UsageError, "add --collapsed T0"),
        ({"tail_share": 0.0}, ConfigError, "tail share is 0.0"),
        ({"budget": 0}, ConfigError, "budget is 0"),
        ({"horizon": 0}, ConfigError, "horizon is 0"),
        ({"chance": 1.0}, ConfigError, "chance is 1.0"),
    ],
)
def test_what_cannot_be_planned_is_refused(more, error, told):
    with pytest.raises(error, match=told):
        plan(Ask(**({"policy": "fresh", "tail_share": 0.01, "budget": 100, "horizon": 10} | more)))


def test_a_common_type_with_many_rows_has_no_form_and_says_so():
    found = answer("fresh", 0.2, 5000, 10, event="present")
    assert found.keep.share is None and "no form is known" in found.keep.reason
    assert found.rescue.share is None and "no form is known" in found.rescue.reason
