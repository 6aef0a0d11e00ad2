import pytest

from longtail.errors import ConfigError
from longtail.lab.schedule import sizes
from longtail.lab.script import script, strict
from longtail.lab.settings import Change, Settings, parse_change


def steps(policy="replace", **given):
    return script(Settings(family="gaussian", policy=policy, generations=given.pop("generations", 5), **given))


def test_a_script_says_what_each_generation_trains_on_before_anything_is_drawn():
    told = [(step.writes, step.collects, step.rows) for step in steps("fresh:0.2", samples=50)]
    assert told == [(0, 0, 50)] + [(40, 10, 50)] * 4
    assert [step.rows for step in steps("accumulate", samples=10)] == [10, 20, 30, 40, 50]
    assert [step.rows for step in steps("grown", samples=10)] == [10, 20, 30, 40, 50]
    assert [step.rows for step in steps("augment", samples=80, real=20)] == [20, 100, 100, 100, 100]


def test_rows_are_simulated_only_where_some_are_drawn_from_among_others():
    assert not strict(steps("accumulate"))
    assert not strict(steps("fresh:0.3"))
    assert strict(steps("fixed_budget"))
    assert strict(steps("keep_original:0.1"))
    assert strict(steps("edit:0.5"))


def test_a_pool_is_given_up_after_its_last_use():
    replaced = steps("replace", generations=3)
    assert [step.spent[-1] for step in replaced] == [("human", 0), ("synthetic", 1), ("synthetic", 2)]
    assert not any(step.spent for step in steps("accumulate", generations=3)[:-1])


def test_a_change_of_policy_or_gate_holds_from_its_generation_on():
    changes = (Change(generation=3, policy="fresh:0.5"), Change(generation=4, gate="top:0.5"))
    told = steps(samples=10, changes=changes)
    assert [step.collects for step in told] == [0, 0, 5, 5, 5]
    assert [step.gate for step in told] == ["none", "none", "none", "top:0.5", "top:0.5"]


def test_dropped_generations_leave_the_pool_for_good():
    told = steps("accumulate", samples=10, changes=(Change(generation=4, drop=(1, 2)),))
    assert [step.rows for step in told] == [10, 20, 30, 20, 30]


def test_a_reset_lets_an_older_model_write():
    assert [step.writer for step in steps(changes=(Change(generation=4, reset=1),))] == [0, 1, 2, 1, 4]


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("6:policy=fresh:0.1", Change(generation=6, policy="fresh:0.1")),
        ("6:gate=top:0.5,1", Change(generation=6, gate="top:0.5,1")),
        ("6:drop=1-5", Change(generation=6, drop=(1, 5))),
        ("6:drop=2", Change(generation=6, drop=(2, 2))),
        ("6:reset=2", Change(generation=6, reset=2)),
    ],
)
def test_a_change_is_read_from_its_text(text, change):
    assert parse_change(text) == change


@pytest.mark.parametrize("text", ["6", "x:reset=1", "6:reset=x", "6:what=1", "policy=replace"])
def test_a_change_that_is_not_understood_is_refused(text):
    with pytest.raises(ConfigError, match="is not understood"):
        parse_change(text)


@pytest.mark.parametrize(
    "change",
    [
        Change(generation=1, policy="replace"),
        Change(generation=9, reset=1),
        Change(generation=3, reset=3),
        Change(generation=3, drop=(2, 1)),
    ],
)
def test_a_change_that_cannot_take_place_is_refused(change):
    with pytest.raises(ConfigError):
        steps(changes=(change,))


@pytest.mark.parametrize(("name", "value"), [("samples", 0), ("generations", 0), ("replicates", 0), ("real", 0), ("seed", -1)])
def test_numbers_that_no_run_can_have_are_refused(name, value):
    with pytest.raises(ConfigError, match=f"{name} is {value}"):
        Settings(family="gaussian", **{name: value})


def test_more_rows_than_there_are_is_refused_with_the_arithmetic():
    with pytest.raises(ConfigError, match="50 rows are wanted of a pool that holds 10"):
        steps("blend:0,0,1", samples=50, real=10)


def test_schedules_grow_as_they_say():
    assert sizes("constant", 10, 3) == (10, 10, 10)
    assert sizes("linear", 10, 3) == (10, 20, 30)
    assert sizes("quadratic", 10, 3) == (10, 40, 90)
    assert sizes("power:0.5", 100, 4) == (100, 141, 173, 200)
    assert sizes("list:5,6,7", 10, 3) == (5, 6, 7)


@pytest.mark.parametrize("schedule", ["cubic", "power:x", "list:1,2", "list:1,b,3", "list:1,0,1"])
def test_a_schedule_that_is_not_understood_is_refused(schedule):
    with pytest.raises(ConfigError, match="schedule"):
        sizes(schedule, 10, 3)
