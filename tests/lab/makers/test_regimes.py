import numpy
import pytest

from longtail.lab.makers.regimes import ORIGINAL, Asked, composed, manifest_of, values
from longtail.lab.settings import Settings


def sets(policy, seed=0, rows=10_000, generations=6):
    told = Settings(family="categorical", policy=policy, generations=generations, samples=rows)
    return composed(told, numpy.random.default_rng(seed))


def test_a_fixed_budget_keeps_what_a_sample_of_the_pool_would():
    kept = numpy.mean([[held[ORIGINAL] / held.total() for held in sets("fixed_budget", seed)] for seed in range(20)], axis=0)
    assert kept == pytest.approx([1 / generation for generation in range(1, 7)], abs=0.004)


def test_rows_that_are_rewritten_in_place_leave_the_others_where_they_are():
    kept = numpy.mean([[held[ORIGINAL] / held.total() for held in sets("edit:0.3", seed)] for seed in range(20)], axis=0)
    assert kept == pytest.approx([0.7**at for at in range(6)], abs=0.004)


def test_a_training_set_loses_up_to_one_row_in_a_hundred_and_no_more():
    for at, held in enumerate(sets("accumulate"), 1):
        assert 0.99 * at * 10_000 <= held.total() <= at * 10_000


def test_a_manifest_counts_new_human_rows_as_human_and_not_as_original():
    manifest = manifest_of(3, {ORIGINAL: 10, ("human", 3): 5, ("synthetic", 2): 85}, 40)
    assert (manifest.rows, manifest.original, manifest.original_available) == (100, 10, 40)
    assert manifest.origins == {"human": 15, "synthetic": 85}


@pytest.mark.parametrize(
    ("policy", "regime", "dropped", "swapped"),
    [
        ("replace", "replace", 2, 2),
        ("accumulate", "accumulate", None, None),
        ("fixed_budget", "fixed_budget", 2, 2),
        ("augment", "mixed", None, None),
    ],
)
def test_what_is_told_is_right_only_where_the_truth_is_the_right_one(policy, regime, dropped, swapped):
    found = values(Asked(policy=policy, regime=regime, dropped=dropped, swapped=swapped, generations=5), 1)
    assert (found["named"], found["dropped"], found["swapped"]) == ([1.0], [1.0], [1.0])
    wrong = values(Asked(policy=policy, regime="unknown", dropped=5, swapped=5, generations=5), 1)
    assert (wrong["named"], wrong["dropped"], wrong["swapped"]) == ([0.0], [0.0], [0.0])


def test_a_slide_is_dated_although_sizes_do_not_show_it():
    for replicate in range(5):
        found = values(Asked(policy="accumulate", slides="grown", generations=7), replicate)
        assert found["dropped"] == [1.0]
        assert found["rows"] == pytest.approx(range(1, 8), rel=0.01)


def test_retained_shares_that_are_told_are_dated_to_the_first_loss():
    shares = (1.0, 1.0, 0.6, 0.1)
    assert values(Asked(retained=shares, dropped=3, generations=4), 0)["dropped"] == [1.0]
    assert values(Asked(retained=shares, dropped=4, generations=4), 0)["dropped"] == [0.0]
