import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.errors import ConfigError, UnknownName, UsageError
from longtail.policies import POLICIES, Draw, Plan, Pool, bound, compose
from longtail.policies.weighing import golden

REAL, FIRST, SECOND, NEW, NEWEST = range(5)
POOLS = [
    Pool(kind="human", generation=0, rows=100),
    Pool(kind="synthetic", generation=1, rows=100),
    Pool(kind="synthetic", generation=2, rows=100),
    Pool(kind="human", generation=4),
    Pool(kind="synthetic", generation=3),
]

PLANS = {
    "replace": Plan(writes=100, draws=(Draw((NEWEST,), 100),)),
    "accumulate": Plan(writes=100, draws=(Draw((REAL,), 100), Draw((FIRST,), 100), Draw((SECOND,), 100), Draw((NEWEST,), 100))),
    "fixed_budget": Plan(writes=100, draws=(Draw((REAL, FIRST, SECOND, NEWEST), 100),)),
    "window:1": Plan(writes=100, draws=(Draw((NEWEST,), 100),)),
    "window:2": Plan(writes=100, draws=(Draw((SECOND,), 100), Draw((NEWEST,), 100))),
    "window:9": Plan(writes=100, draws=(Draw((REAL,), 100), Draw((FIRST,), 100), Draw((SECOND,), 100), Draw((NEWEST,), 100))),
    "grown": Plan(writes=400, draws=(Draw((NEWEST,), 400),)),
    "augment": Plan(writes=100, draws=(Draw((REAL,), 100), Draw((NEWEST,), 100))),
    "fresh:0.1": Plan(writes=90, collects=10, draws=(Draw((NEW,), 10), Draw((NEWEST,), 90))),
    "fresh:0.1,2": Plan(writes=90, collects=10, draws=(Draw((NEW,), 10), Draw((SECOND, NEWEST), 90))),
    "fresh:0.1,1,0.2": Plan(writes=70, collects=10, draws=(Draw((NEW,), 10), Draw((REAL,), 20), Draw((NEWEST,), 70))),
    "fresh:0": Plan(writes=100, draws=(Draw((NEWEST,), 100),)),
    "fresh:1": Plan(collects=100, draws=(Draw((NEW,), 100),)),
    "expanding:0.3": Plan(
        writes=70,
        collects=30,
        draws=(Draw((REAL,), 100), Draw((FIRST,), 100), Draw((SECOND,), 100), Draw((NEW,), 30), Draw((NEWEST,), 70)),
    ),
    "keep_original:0.25": Plan(writes=75, draws=(Draw((REAL,), 25), Draw((NEWEST,), 75))),
    "blend:0.5,0.3,0.2": Plan(writes=50, draws=(Draw((NEWEST,), 50), Draw((SECOND,), 30), Draw((REAL,), 20))),
    "blend:0.2,0.5,0.3": Plan(writes=50, draws=(Draw((NEWEST,), 20), Draw((SECOND,), 50), Draw((REAL,), 30))),
    "weighted:0.8": Plan(writes=50, collects=50, draws=(Draw((NEW,), 50, 1.6), Draw((NEWEST,), 50, 0.4))),
    "edit:0.4,0.5": Plan(edits=10),
}


@pytest.mark.parametrize("spec", PLANS)
def test_a_policy_draws_exactly_what_it_says(spec):
    plan = compose(bound(spec), POOLS, 100)
    assert [(draw.pools, draw.rows) for draw in plan.draws] == [(draw.pools, draw.rows) for draw in PLANS[spec].draws]
    assert [draw.weight for draw in plan.draws] == pytest.approx([draw.weight for draw in PLANS[spec].draws])
    assert (plan.writes, plan.collects, plan.edits) == (PLANS[spec].writes, PLANS[spec].collects, PLANS[spec].edits)


def test_every_policy_has_a_row_in_the_table():
    assert {spec.partition(":")[0] for spec in PLANS} == {entry.name for entry in POLICIES}


@pytest.mark.parametrize("spec", PLANS)
def test_the_first_model_is_trained_on_the_real_data_under_every_policy(spec):
    assert compose(bound(spec), POOLS[:1], 100) == Plan(draws=(Draw((0,), 100),))


@given(st.integers(1, 5000), st.floats(0, 1))
def test_a_fresh_share_is_met_exactly_and_the_rows_add_up(rows, share):
    plan = compose(bound(f"fresh:{share!r}"), POOLS, rows)
    assert (plan.collects, plan.writes + plan.collects, plan.rows) == (round(share * rows), rows, rows)


@given(st.floats(0.01, 0.99), st.integers(2, 1000))
def test_weights_keep_the_sum_of_all_weight_and_give_real_data_their_part(weight, rows):
    plan = compose(bound(f"weighted:{weight!r}"), POOLS, rows)
    heavy = [draw.rows * draw.weight for draw in plan.draws]
    assert sum(heavy) == pytest.approx(rows)
    assert heavy[0] == pytest.approx(weight * rows)


def test_the_golden_weight_solves_its_equation_and_is_the_golden_ratio_at_equal_sizes():
    assert golden(1) == pytest.approx((math.sqrt(5) - 1) / 2)
    for k in (0.01, 0.25, 4.0):
        assert golden(k) ** 2 + k * golden(k) - k == pytest.approx(0, abs=1e-12)
    assert compose(bound("weighted:golden"), POOLS, 100).draws[0].weight == pytest.approx(2 * golden(1))


@pytest.mark.parametrize(
    ("spec", "named"),
    [
        ("fresh:1.5", "1.5"),
        ("fresh:-0.1", "-0.1"),
        ("fresh:a", "'a'"),
        ("fresh", "fresh:SHARE"),
        ("fresh:0.1,2,0,3", "4 settings"),
        ("fresh:0.6,1,0.6", "more than 1 together"),
        ("window:0", "window"),
        ("window:1.5", "1.5"),
        ("blend:0.5,0.5,0.5", "sum to 1.5"),
        ("weighted:2", "weight"),
        ("weighted:0.5,0", "both"),
        ("edit:2", "share"),
        ("keep_original:2", "share"),
        ("expanding:2", "share"),
    ],
)
def test_a_setting_out_of_range_is_refused_and_named(spec, named):
    with pytest.raises(ConfigError, match=named):
        compose(bound(spec), POOLS, 100)


def test_an_unknown_policy_is_refused_with_the_nearest_name():
    with pytest.raises(UnknownName, match="did you mean 'replace'"):
        bound("replcae")


def test_no_rows_and_lost_originals_are_refused():
    with pytest.raises(UsageError, match="0 rows"):
        compose(bound("replace"), POOLS, 0)
    with pytest.raises(UsageError, match="original real data"):
        compose(bound("augment"), POOLS[1:], 100)
