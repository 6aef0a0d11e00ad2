import math

import numpy
import pytest

from longtail.errors import ConfigError
from longtail.lab.loop import trajectory
from longtail.lab.rare import absence, absence_after, fixed_budget_absence
from longtail.lab.run import prepared
from longtail.lab.script import script
from longtail.lab.settings import Settings
from longtail.lab.theory.stationary import category_absence
from longtail.lab.theory.survival import survival_factor


def absent(policy, *, samples, types, generations, replicates=200, draws="exact"):
    """Share of absent types in each generation and replicate, where all types are equal."""
    options = {"types": types, "law": "uniform"}
    told = Settings(family="categorical", policy=policy, generations=generations, samples=samples, draws=draws, options=options)
    steps = script(told)
    models = [each.model for each in trajectory(prepared(told, steps), steps, replicates, 1, 0, draws)]
    return numpy.array([(model[:, :-1] == 0).mean(axis=1) for model in models])


@pytest.mark.parametrize(("samples", "p", "share"), [(1000, 0.002, 0.3), (1000, 0.01, 0.1), (1000, 0.01, 0.01), (800, 0.005, 0.02)])
def test_the_limit_is_near_the_exact_chain_for_many_rows_and_a_small_share(samples, p, share):
    exact = category_absence(samples=samples, p=p, share=share)
    assert absence(mean=samples * p, share=share) == pytest.approx(exact, rel=0.015)


@pytest.mark.parametrize("share", [0.003, 0.05, 0.5])
@pytest.mark.parametrize("window", [1, 4, 16])
def test_the_long_run_is_where_the_chance_after_many_generations_goes(share, window):
    assert absence(mean=2.0, share=share, window=window) == pytest.approx(
        absence_after(mean=2.0, share=share, generations=20_000, window=window), rel=2e-3
    )


def test_real_data_alone_miss_a_type_as_a_poisson_count_does():
    assert absence(mean=3.0, share=1.0) == absence_after(mean=3.0, share=1.0, generations=9) == pytest.approx(math.exp(-3))
    assert absence(mean=3.0, share=0.0) == 1.0


@pytest.mark.parametrize(("window", "share"), [(1, 0.2), (4, 0.2), (8, 0.1)])
def test_a_simulated_loop_on_a_window_of_outputs_loses_types_as_often(window, share):
    found = absent(f"fresh:{share},{window}", samples=400, types=200, generations=100)[60:]
    mean, se = found.mean(), found.mean(axis=0).std(ddof=1) / math.sqrt(found.shape[1])
    expected = absence(mean=2.0, share=share, window=window)
    assert abs(mean - expected) < 4 * se + 0.008 * expected


def test_a_fixed_budget_misses_a_type_more_often_as_the_pool_grows():
    found = absent("fixed_budget", samples=400, types=100, generations=40)
    for generation in (1, 2, 5, 40):
        column = found[generation - 1]
        expected = fixed_budget_absence(mean=4.0, generation=generation)
        assert abs(column.mean() - expected) < 4 * column.std(ddof=1) / math.sqrt(len(column)) + 0.04 * expected


def test_without_real_data_two_generations_of_a_fixed_budget_follow_the_published_factor_on_half_the_rows():
    assert fixed_budget_absence(mean=4.0, generation=1) == pytest.approx(math.exp(-4.0 * survival_factor([1])[0]))
    assert fixed_budget_absence(mean=4.0, generation=2) == pytest.approx(math.exp(-4.0 * (1 - 0.5 * math.exp(-0.5))))


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: absence(mean=0.0, share=0.5), "mean of 0.0 rows"),
        (lambda: absence(mean=1.0, share=1.5), "share is 1.5"),
        (lambda: absence(mean=1.0, share=0.5, window=0), "window is 0"),
        (lambda: absence_after(mean=1.0, share=0.5, generations=0), "0 generations"),
        (lambda: fixed_budget_absence(mean=1.0, generation=0), "generation 0"),
    ],
)
def test_settings_out_of_range_are_refused(call, told):
    with pytest.raises(ConfigError, match=told):
        call()
