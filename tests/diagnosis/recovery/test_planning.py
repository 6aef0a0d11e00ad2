"""A plan on lineages of a known law: what it promises, in which order, and what it says where something is missing."""

from datetime import UTC, datetime

import msgspec
import numpy as np
import pytest

from longtail.diagnosis.recovery import Plan, plan
from longtail.diagnosis.recovery.costs import Prices
from longtail.diagnosis.recovery.course import rarefied
from longtail.diagnosis.recovery.holdings import Profiles, holdings
from longtail.errors import ConfigError, UnknownName, UsageError
from longtail.ledger.manifest import Manifest
from longtail.summaries.rows import type_counts
from tests.diagnosis.recovery.lineages import Lineage, diagnosis

NOW = datetime(2026, 1, 2, tzinfo=UTC)
STATED = Prices({name: 2.0 for name in ("training_hours", "price_per_hour", "staff_hours", "price_per_staff_hour", "price_per_row")})


def planned(lineage, **given):
    phases = [None, *["early"] * (len(lineage.profiles) - 1)]
    told = {"outputs": lineage.profiles, "reservoir": lineage.reservoir, "diagnosis": diagnosis(phases, "version 2"), "replicates": 40}
    return plan(reference=lineage.reference, now=NOW, **told | given)


def retained(lineage, outputs, names):
    held = holdings(Profiles(lineage.reference, tuple(lineage.profiles), lineage.reservoir), names, 0.10)
    types, _, documents = type_counts(outputs.frequencies["words_1"], None, 1 << 52)
    tail, size = np.isin(types, held.tail), outputs.documents
    return tail.sum() / rarefied(held.baseline, size), documents[tail].sum() / size / held.baseline.mass


def test_what_is_promised_is_what_an_independent_simulator_finds():
    names, inside, gaps = ("version 1", "version 2", "version 3"), {"types": [], "mass": []}, []
    for seed in range(60):
        lineage = Lineage(seed, gap=1.0 if seed % 2 else 0.85, human=300, rows=150, real=70)
        found = planned(lineage, size=lineage.rows, generations=2, shares=(0.4,), seed=seed)
        option = found.options[seed % 2]
        best = option.best
        start, bad = (lineage.outputs[-1], lineage.outputs[1:]) if option.name == "re-anchor" else (lineage.outputs[0], [])
        made = lineage.realised(start, best.share, best.policy, 2, bad, found.settings["documents"])
        for name, value in zip(("types", "mass"), retained(lineage, made, names), strict=True):
            promised = getattr(best, name)
            inside[name].append(promised.low <= value <= promised.high)
        gaps.append(best.types.high - best.types.low)
    assert np.mean(inside["types"]) >= 0.90
    assert np.mean(inside["mass"]) >= 0.90
    assert np.mean(gaps) < 0.35  # an interval that holds everything would promise nothing


def test_the_order_is_fixed_and_step_0_comes_first(lineage):
    found = planned(lineage)
    assert [option.name for option in found.options] == ["re-anchor", "roll-back", "re-source"]
    assert [option.order for option in found.options] == [1, 2, 3]
    assert found.order_reason == ""
    assert found.stop.status == "not known"


def test_another_order_is_recorded_with_its_reason(lineage):
    found = planned(lineage, first="roll-back", first_reason="the current weights are lost")
    assert [option.name for option in found.options] == ["roll-back", "re-anchor", "re-source"]
    assert found.order_reason == "the current weights are lost"
    with pytest.raises(UsageError, match="say why"):
        planned(lineage, first="roll-back")


def test_more_real_rows_promise_more_and_the_reservoir_bounds_them(lineage):
    found = planned(lineage, shares=(0.1, 0.3, 0.5, 0.9))
    assert found.settings["shares"] == [0.1, 0.3, 0.5, pytest.approx(140 / 250)]
    by_share = {each.share: each.types.value for each in found.options[0].courses if each.policy == "drop" and each.generation}
    assert list(by_share.values()) == sorted(by_share.values())
    assert found.options[0].best.types.value > found.now.value
    assert any("140 rows" in note for note in found.notes)


def test_the_most_that_is_held_is_told_beside_each_way(lineage):
    anchor, back, source = planned(lineage).options
    assert 0 < anchor.at_best.low <= anchor.at_best.value <= anchor.at_best.high <= 1
    assert back.at_best.value > anchor.at_best.value  # the first version holds more than the last
    assert source.at_best is None


def test_the_pool_is_told_with_both_numbers(lineage):
    pool = planned(lineage).pool
    assert pool.collapsed == 2
    assert pool.keep.policy == "keep" and pool.drop.policy == "drop"
    assert pool.growth == pytest.approx(2 ** (1 / pool.share))
    assert f"{pool.keep.types.value:.0%}" in pool.statement and f"{pool.drop.types.value:.0%}" in pool.statement


def test_many_bad_generations_of_a_tail_that_is_gone_must_leave_the_pool():
    lineage = Lineage(3, versions=6, gap=0.3)
    assert planned(lineage, shares=(0.5,), size=250).pool.verdict == "drop"


def test_keep_and_rescue_are_two_numbers(lineage):
    shares = planned(lineage).shares
    assert 0 < shares.rescue < 1
    assert shares.keep is None or shares.keep > shares.rescue


def test_early_costs_less_than_late_by_one_formula_and_the_same_inputs():
    lineage = Lineage(8, versions=5, gap=0.8)
    found = planned(lineage, cost=STATED, shares=(0.5,)).asymmetry
    assert (found.early.version, found.late.version) == ("version 2", "version 5")
    assert found.early.cost.formula == found.late.cost.formula
    assert found.early.cost.total < found.late.cost.total
    assert found.early.rows_to_source < found.late.rows_to_source


def test_what_is_not_stated_is_not_invented(lineage):
    found = planned(lineage)
    assert all(option.cost.total is None and option.cost.missing for option in found.options)
    assert "not stated" in found.asymmetry.because


def test_without_a_reservoir_nothing_can_be_put_back(lineage):
    found = planned(lineage, reservoir=None)
    anchor, back, source = found.options
    assert not anchor.is_possible and "no reservoir" in anchor.because
    assert back.is_possible and back.best.share == 0
    assert source.is_possible
    assert found.pool is None


def test_one_version_alone_is_held_against_half_of_the_reference(lineage):
    found = planned(lineage, outputs=(), current=lineage.profiles[-1], diagnosis=None)
    assert found.baseline == "half B of the reference"
    assert found.clean.version is None and not found.options[1].is_possible
    assert "one bad version only" in found.asymmetry.because
    assert any("one version only" in note for note in found.notes)


def test_a_reservoir_that_stands_in_the_reference_is_told(lineage):
    found = planned(lineage, reservoir=lineage.reference)
    assert any("700 documents of the reservoir stand in the reference" in note for note in found.notes)


def test_the_same_plan_twice_is_the_same_bytes(lineage):
    first, again = (msgspec.json.encode(planned(lineage)) for _ in range(2))
    assert first == again
    assert b"NaN" not in first and b"Infinity" not in first
    assert msgspec.json.decode(first, type=Plan).options[0].name == "re-anchor"


def test_manifests_give_the_size_and_step_0(lineage):
    manifests = [
        Manifest(generation=1, rows=250, origins={"human": 250}, original=250, original_available=250),
        Manifest(generation=2, rows=240, origins={"synthetic": 240}, original=0, original_available=250),
    ]
    found = planned(lineage, manifests=manifests)
    assert found.settings["size"] == 240
    assert found.stop.status == "to do" and found.stop.regime == "replace"


@pytest.mark.parametrize(
    ("given", "error", "told"),
    [
        ({"size": 0}, ConfigError, "size is 0"),
        ({"generations": 99}, ConfigError, "generations is 99"),
        ({"shares": (1.5,)}, ConfigError, "share is 1.5"),
        ({"sizes": 3}, UnknownName, "size"),
        ({"outputs": ()}, UsageError, "no outputs"),
    ],
)
def test_bad_input_is_told_in_a_line(lineage, given, error, told):
    with pytest.raises(error, match=told):
        planned(lineage, **given)


def test_a_tiny_reference_has_no_tail_to_plan_for(lineage):
    few = Lineage(1, human=2, rows=30, real=10, versions=2)
    with pytest.raises(UsageError, match="too small"):
        planned(few)
