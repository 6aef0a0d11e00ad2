"""A floor of human rows is met to the row or refused with the arithmetic; original rows are not dropped unasked; discounts weigh."""

import math
import os
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from longtail.errors import ConfigError, LongtailError, UsageError
from longtail.policies.mixing import Asked, mix, mixture
from longtail.policies.mixing.choosing import allotted
from longtail.policies.mixing.drawing import taken_by
from longtail.policies.mixing.feasible import exact
from longtail.policies.mixing.gathering import ORIGINS, Rows

from .mixing_help import draw, human, ids, put, take, written

POLICIES = ["accumulate", "fixed_budget", "augment", "keep_original:0.1", "window:2", "fresh:0.2", "expanding:0.1", "blend:0.5,0.3,0.2"]


def rows_of(real, fresh, outputs):
    """Rows as a pass keeps them: `real` original and `fresh` new human ones, and so many of each generation."""
    sizes = [real, fresh, *outputs]
    total = sum(sizes)
    depths = np.repeat([0, 0, *range(1, len(outputs) + 1)], sizes).astype(np.int16)
    origins = np.where(depths == 0, ORIGINS.index("human"), ORIGINS.index("synthetic")).astype(np.uint8)
    keys = np.random.default_rng(total).integers(0, 2**63, total, dtype=np.uint64)
    return Rows(keys, origins, depths, np.zeros(total, np.uint16), np.repeat([False, True, *[False] * len(outputs)], sizes), ("",))


counts = st.integers(0, 60)


@given(
    st.sampled_from(POLICIES),
    st.integers(1, 60),
    counts,
    st.lists(st.integers(1, 60), min_size=1, max_size=3),
    st.integers(1, 80),
    st.decimals(0, 1, places=3),
)
def test_a_floor_is_met_to_the_row_whatever_the_sizes(policy, real, fresh, outputs, size, share):
    rows = rows_of(real, fresh, outputs)
    try:
        _, free = allotted(Asked(policy=policy, size=size), rows)
    except LongtailError:
        assume(False)
    needed = math.ceil(Fraction(share) * free.rows)
    asked = Asked(policy=policy, size=size, min_real=exact(str(share)))
    if needed > real + fresh:
        with pytest.raises(UsageError, match=f"{needed:,} of {free.rows:,} rows would have to be human .* and {real + fresh:,} are held"):
            allotted(asked, rows)
        return
    pools, found = allotted(asked, rows)
    before = free.human(pools)
    assert found.rows == free.rows
    assert found.human(pools) == max(before, needed)
    assert all(0 <= took <= held for took, held in zip(found.taken, pools.held, strict=True))
    assert int(taken_by(found.taken, pools, rows.keys).sum()) == free.rows
    if needed <= before:
        assert found == free


@given(st.integers(1, 60), st.lists(st.integers(1, 60), min_size=1, max_size=3), st.integers(1, 80), st.decimals(0, 1, places=2))
def test_what_is_named_as_feasible_is_and_no_larger_size_is(real, outputs, size, share):
    rows = rows_of(real, 0, outputs)
    policy = "fixed_budget"

    def fits(**asked):
        try:
            return bool(allotted(Asked(policy=policy, **asked), rows))
        except UsageError:
            return False

    try:
        allotted(Asked(policy=policy, size=size, min_real=exact(str(share))), rows)
    except UsageError as error:
        said = str(error)
    else:
        assume(False)
    if "--size " in said:
        named = int(said.partition("--size ")[2].split()[0].strip(","))
        assert fits(size=named, min_real=exact(str(share))) or "min-real" not in said
        assert not fits(size=named + 1, min_real=exact(str(share)))
    if "feasible" in said and "--min-real" in said.partition("feasible")[2]:
        lower = said.rpartition("--min-real ")[2].split()[0]
        assert fits(size=size, min_real=exact(lower))
        assert not fits(size=size, min_real=exact(lower) + Fraction(1, 9999))


@pytest.mark.parametrize(
    ("share", "rows", "needed"), [(0.3, 10, 3), ("0.3", 10, 3), (0.1, 30, 3), (0.07, 100, 7), ("1/3", 9, 3), (0.29, 100, 29), (0.0, 5, 0)]
)
def test_a_share_is_the_number_that_was_written(share, rows, needed):
    assert math.ceil(exact(share) * rows) == needed


@pytest.mark.parametrize("share", [1.1, -0.1, "much", "nan", "inf", "1/0"])
def test_what_is_no_share_is_refused(share):
    with pytest.raises(ConfigError, match="take a number from 0 to 1"):
        exact(share)


def test_thirty_per_cent_asked_for_are_thirty_per_cent(here):
    put("a.jsonl", human(500) + written(1, 1000))
    made = mix("a.jsonl", "fixed_budget", min_real=0.3, output="out.jsonl")
    planned = {part.kind: part.planned for part in made.parts}
    assert planned["human"] + planned["synthetic"] == made.rows == 1000
    assert made.origins["human"] == max(300, planned["human"])
    put("b.jsonl", human(250) + written(1, 5000))
    made = mix("b.jsonl", "fixed_budget", size=700, min_real=0.3, output="out.jsonl")
    assert made.origins == {"human": 210, "synthetic": 490}
    with pytest.raises(
        UsageError,
        match=r"300 of 1,000 rows would have to be human \(0.3 x 1,000\), and 250 are held; feasible: --size 833 or --min-real 0.25",
    ):
        mix("b.jsonl", "fixed_budget", size=1000, min_real=0.3, output="out.jsonl")
    assert mix("b.jsonl", "fixed_budget", size=833, min_real=0.3, output="out.jsonl").origins["human"] == 250


def test_the_rows_that_come_in_for_a_floor_have_the_smallest_keys_and_those_that_go_the_greatest(here):
    put("a.jsonl", human(50) + written(1, 100))
    real, model = ([row["lt_id"] for row in rows] for rows in (human(50), written(1, 100)))
    free = draw(60, real, model)
    first = [name for name in free if name in real]
    mix("a.jsonl", "fixed_budget", size=60, min_real=0.5, output="out.jsonl")
    wanted = draw(30, real) + draw(30, model)
    assert len(first) < 30
    assert ids("out.jsonl") == sorted(wanted)
    put("b.jsonl", human(50) + written(1, 100) + written(2, 100))
    both = model + [row["lt_id"] for row in written(2, 100)]
    free = draw(100, real, both)
    kept = [name for name in free if name in both][:60]
    assert len([name for name in free if name in both]) > 65
    mix("b.jsonl", "fixed_budget", size=100, min_real=0.4, output="out.jsonl")
    assert ids("out.jsonl") == sorted(draw(40, real) + kept)


def test_original_rows_are_not_dropped_unasked(here):
    put("a.jsonl", human(10) + written(1, 20))
    put("model.jsonl", written(1, 20))
    for data, said in (
        ("a.jsonl", r"LT201 real data dropped: 10 of 10 original human rows .* \(h0, h1, h2 and 7 more\)"),
        ("model.jsonl", "LT201 .* there are no original"),
    ):
        with pytest.raises(UsageError, match=said):
            mix(data, "replace", output="out.jsonl")
        assert not os.path.exists("out.jsonl")
        assert mix(data, "replace", output="out.jsonl", allow_replace=True).origins == {"synthetic": 20}
        os.remove("out.jsonl")
    with pytest.raises(UsageError, match=r"LT201 .* of 10 original human rows .* or a floor such as --min-real 0.3"):
        mix("a.jsonl", "fixed_budget", output="out.jsonl")
    for more in ({"min_real": 0.2}, {"allow_replace": True}):
        assert mix("a.jsonl", "fixed_budget", output="out.jsonl", **more).rows == 20
    with pytest.raises(UsageError, match="LT201"):
        mix("a.jsonl", "fixed_budget", output="out.jsonl", min_real=0)
    assert mix("a.jsonl", "accumulate", output="out.jsonl").original == 10


def test_a_floor_met_by_new_rows_does_not_excuse_dropping_all_original_ones(here):
    put("a.jsonl", human(10) + written(1, 20))
    put("n.jsonl", human(10, start=100))
    with pytest.raises(UsageError, match="LT201 real data dropped: 10 of 10"):
        mix("a.jsonl", "fresh:0.5", fresh="n.jsonl", min_real=0.5, output="out.jsonl")


def test_a_thousand_real_and_a_thousand_synthetic_rows_at_a_discount_are_worth_the_share_that_is_told(here):
    put("a.jsonl", human(1000) + written(1, 1000))
    made = mix("a.jsonl", "accumulate", discount=0.3, output="out.jsonl")
    assert made.effective_real_share == pytest.approx(1000 / 1300, abs=1e-15)
    assert f"{made.effective_real_share:.2f}" == "0.77"
    assert made.weights == {"human": 1.0, "synthetic": 0.3}
    assert {(row["lt_origin"], row["lt_weight"]) for row in take("out.jsonl")} == {("human", 1.0), ("synthetic", 0.3)}
    assert mix("a.jsonl", "accumulate", output="out.jsonl").effective_real_share == 0.5
    assert mix("a.jsonl", "accumulate", discount=0, output="out.jsonl").effective_real_share == 1


@pytest.mark.parametrize("asked", [{"discount": 1.1}, {"discount": math.nan}, {"size": 0}, {"unknown": "human"}, {"reference": "r.jsonl"}])
def test_settings_out_of_range_are_refused(asked):
    with pytest.raises(ConfigError, match=next(iter(asked))):
        Asked(policy="accumulate", **asked)


def test_how_much_of_the_set_before_is_retained_is_counted_by_ids_where_its_file_is_there(here):
    put("a.jsonl", human(100))
    first = mix("a.jsonl", "accumulate", output="one.jsonl")
    put("b.jsonl", human(60) + human(30, start=500) + written(1, 80))
    made = mixture(Asked(policy="accumulate"), "b.jsonl", previous="one.jsonl.manifest.json", output="two.jsonl")
    assert (made.retained, made.retained_by, made.manifest.previous) == (0.6, "ids", first.sha256)
    os.remove("one.jsonl")
    made = mixture(Asked(policy="accumulate"), "b.jsonl", previous="one.jsonl.manifest.json", output="two.jsonl")
    assert (made.retained, made.retained_by) == (0.9, "rows")
    put("one.jsonl", human(100))
    assert mixture(Asked(policy="accumulate"), "b.jsonl", previous="one.jsonl.manifest.json").retained_by == "rows"
