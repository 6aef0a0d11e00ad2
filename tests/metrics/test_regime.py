"""The regime of a loop from its manifests, against the policies that the lab and the mix run."""

import pytest

from longtail.ledger.manifest import Manifest
from longtail.metrics.regime import regime_of, steps_of
from longtail.policies import POLICIES
from longtail.policies.plan import Pool, compose

ROWS = 1200


def manifests(policy, generations):
    """Manifests of a loop run by a policy, pool by pool and by expectation."""
    bound = POLICIES.bind(policy)
    pools = [Pool(kind="human", generation=0, rows=ROWS)]
    made = [Manifest(generation=1, rows=ROWS, origins={"human": ROWS}, original=ROWS, original_available=ROWS)]
    for generation in range(2, generations + 1):
        fresh = Pool(kind="human", generation=generation - 1, rows=None)
        newest = Pool(kind="synthetic", generation=generation - 1, rows=None)
        offered = [*pools, fresh, newest]
        plan = compose(bound, offered, ROWS)
        sizes = [plan.collects if at == len(pools) else plan.writes if at > len(pools) else pool.rows for at, pool in enumerate(offered)]
        taken = [0.0] * len(offered)
        for draw in plan.draws:
            there = sum(sizes[at] for at in draw.pools)
            for at in draw.pools:
                taken[at] += draw.rows * sizes[at] / there if there else 0
        human = round(sum(rows for rows, pool in zip(taken, offered, strict=True) if pool.kind == "human"))
        total = round(sum(taken))
        made.append(
            Manifest(
                generation=generation,
                rows=total,
                origins={"human": human, "synthetic": total - human},
                original=round(taken[0]),
                original_available=ROWS,
            )
        )
        pools += [Pool(kind=pool.kind, generation=pool.generation, rows=sizes[len(pools) + at]) for at, pool in enumerate((fresh, newest))]
    return made


@pytest.mark.parametrize(
    ("policy", "regime"),
    [
        ("replace", "replace"),
        ("grown", "replace"),
        ("accumulate", "accumulate"),
        ("fixed_budget", "fixed_budget"),
        ("augment", "mixed"),
        ("fresh:0.3", "mixed"),
        ("keep_original:0.5", "mixed"),
        ("keep_original:0.8", "mixed"),
    ],
)
@pytest.mark.parametrize("generations", [3, 5, 12])
def test_a_loop_is_called_by_the_policy_that_ran_it(policy, regime, generations):
    found = regime_of(manifests(policy, generations))
    assert found.name == regime, found.reason


def by_hand(*steps):
    """Manifests of (rows, human rows, original rows)."""
    return [
        Manifest(generation=at, rows=rows, origins={"human": human}, original=original, original_available=1000)
        for at, (rows, human, original) in enumerate(steps, 1)
    ]


@pytest.mark.parametrize(
    ("steps", "regime"),
    [
        (((1000, 1000, 1000), (1000, 0, 0), (1000, 0, 0)), "replace"),
        (((1000, 1000, 1000), (2000, 1000, 1000), (3000, 1000, 1000)), "accumulate"),
        (((1000, 1000, 1000), (2000, 1000, 1000), (1900, 600, 600), (1000, 100, 100)), "mixed"),
        (((1000, 1000, 1000), (1000, 300, 0), (1000, 300, 0)), "mixed"),
        (((1000, 1000, 1000), (1000, 500, 500)), "mixed"),
        (((1000, 1000, 1000), (1020, 1000, 1000)), "mixed"),
        (((1000, 1000, 1000), (1021, 980, 980)), "accumulate"),
        (((1000, 1000, 1000), (2000, 979, 979)), "mixed"),
        (((1000, 1000, 1000), (1000, 50, 50)), "replace"),
        (((1000, 1000, 1000), (1000, 51, 0)), "mixed"),
        (((1000, 1000, 1000),), "unknown"),
        ((), "unknown"),
    ],
)
def test_sets_of_manifests_made_by_hand_are_called_right(steps, regime):
    assert regime_of(by_hand(*steps)).name == regime


def test_the_order_in_which_manifests_are_given_does_not_matter():
    found = manifests("accumulate", 4)
    assert regime_of(found) == regime_of(found[::-1])


def test_a_manifest_that_does_not_say_what_it_retains_leaves_the_regime_unknown_and_is_named():
    found = [*by_hand((1000, 1000, 1000), (2000, 1000, 1000)), Manifest(generation=3, rows=3000)]
    assert regime_of(found).name == "unknown"
    assert "generation 3 does not say" in regime_of(found).reason


def test_what_there_is_to_retain_is_the_first_training_set_where_nothing_else_says():
    found = [Manifest(generation=1, rows=800, original=800), Manifest(generation=2, rows=900, original=400)]
    assert [step.retained for step in steps_of(found)] == [1.0, 0.5]


def test_an_empty_training_set_has_no_share():
    (step,) = steps_of([Manifest(generation=1, rows=0)])
    assert (step.retained, step.real_share, step.most_real) == (None, None, None)
