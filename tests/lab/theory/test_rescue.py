import math
from itertools import product

import numpy
import pytest
from scipy.stats import binom, multinomial

from longtail.errors import ConfigError
from longtail.lab.theory import rescue, stationary


def equal(categories):
    return numpy.full(categories, 1 / categories)


def enumerated(categories, samples, share):
    """Counts of few samples, their chain, which have full support, the first fit's law, the state of one category."""
    states = numpy.array([counts for counts in product(range(samples + 1), repeat=categories) if sum(counts) == samples])
    chain = numpy.array([multinomial.pmf(states, samples, share / categories + (1 - share) * row / samples) for row in states])
    first = multinomial.pmf(states, samples, equal(categories))
    return chain, (states > 0).all(axis=1), first, (states[:, 0] == samples).astype(float)


def test_a_category_is_absent_and_vanishes_as_printed():
    settings = {"samples": 50, "p": 0.1, "share": 0.05}
    assert stationary.category_absence(**settings) == pytest.approx(0.25596, abs=5e-6)
    assert stationary.category_vanish_chance(**settings) == pytest.approx(0.07626, abs=5e-6)


@pytest.mark.parametrize(("samples", "p", "share"), [(50, 0.1, 0.05), (12, 0.4, 0.3), (30, 0.02, 1.0)])
def test_the_stationary_law_is_the_limit_of_matrix_powers(samples, p, share):
    counts = numpy.arange(samples + 1)
    chain = binom.pmf(counts[None, :], samples, (share * p + (1 - share) * counts / samples)[:, None])
    limit = numpy.linalg.matrix_power(chain, 2**12)[0]
    law = stationary.category_stationary_law(samples=samples, p=p, share=share)
    assert law == pytest.approx(limit, abs=1e-12)
    assert law @ counts == pytest.approx(samples * p)
    lost = (limit[1:] @ chain[1:, 0]) / limit[1:].sum()
    assert stationary.category_vanish_chance(samples=samples, p=p, share=share) == pytest.approx(lost)


def test_the_mean_support_is_the_measured_one():
    weights = 1 / numpy.arange(1, 51)
    for share, support in ((0.05, 22.8), (0.1, 28.7), (0.5, 39.4)):
        found = stationary.stationary_support(samples=200, law=weights / weights.sum(), share=share)
        assert found == pytest.approx(support, abs=0.1)
    absent = stationary.category_absence(samples=20, p=0.25, share=0.1)
    assert stationary.stationary_support(samples=20, law=[0.25] * 4 + [0.0], share=0.1) == pytest.approx(4 * (1 - absent))


def test_the_share_that_keeps_everything_is_the_printed_one():
    assert stationary.keep_share(samples=50, law=equal(8)) == pytest.approx(0.2872, abs=5e-5)
    assert stationary.keep_share(samples=200, law=equal(8)) == pytest.approx(0.02901, abs=6e-6)
    assert stationary.keep_share(samples=50, law=equal(10)) == pytest.approx(0.5141, abs=5e-5)
    assert stationary.keep_share(samples=200, law=equal(20)) == pytest.approx(0.1238, abs=5e-5)
    assert stationary.keep_share(samples=50, law=equal(20)) == math.inf


def test_the_rarest_category_decides_what_must_be_kept():
    assert stationary.keep_share(samples=100, law=[0.1, 0.9, 0.0]) == stationary.keep_share(samples=100, law=[0.1, 0.2, 0.7])


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3])
def test_the_chance_of_full_support_is_that_of_the_enumerated_chain(share):
    chain, full, now, collapsed = enumerated(3, 7, share)
    for generation in (1, 2, 3, 4):
        collapsed = collapsed @ chain
        settings = {"samples": 7, "categories": 3, "share": share}
        assert rescue.full_support_chance([generation], **settings) == pytest.approx(now[full].sum())
        assert rescue.full_support_after_collapse([generation], **settings) == pytest.approx(collapsed[full].sum(), abs=1e-14)
        now = now @ chain


def test_half_of_the_loops_leave_full_support_within_four_generations():
    assert rescue.full_support_median_exit(samples=50, categories=8) == 4
    assert rescue.full_support_median_exit(samples=400, categories=4) > 100


@pytest.mark.parametrize(("share", "within"), [(0.01, 0.05), (0.02, 0.01), (0.05, 0.01)])
def test_the_chance_of_rescue_is_near_that_of_the_enumerated_chain_and_below_its_bound(share, within):
    chain, full, _, waiting = enumerated(3, 8, share)
    for _ in range(40):
        waiting = numpy.where(full, 0, waiting @ chain)
    reached = 1 - waiting.sum()
    settings = {"samples": 8, "categories": 3, "share": share, "horizon": 40}
    assert rescue.rescue_chance(**settings) == pytest.approx(reached, abs=within)
    assert reached <= rescue.rescue_chance_upper(**settings)


def test_the_chance_of_rescue_is_near_the_measured_one():
    for share, measured in ((0.005, 0.003), (0.01, 0.214), (0.02, 0.994)):
        assert rescue.rescue_chance(samples=50, categories=8, share=share, horizon=1000) == pytest.approx(measured, abs=0.03)


def test_rescue_needs_the_printed_share_and_far_less_than_keeping():
    for samples, categories, measured in ((50, 10, 0.0255), (200, 20, 0.0204)):
        settings = {"samples": samples, "categories": categories, "horizon": 500}
        needed = rescue.rescue_share(**settings)
        assert needed == pytest.approx(measured, rel=0.03)
        assert rescue.rescue_share_floor(**settings) < measured
        assert rescue.rescue_chance(**settings, share=needed) == pytest.approx(0.5, abs=1e-4)
        assert stationary.keep_share(samples=samples, law=equal(categories)) > 5 * needed


def test_more_time_needs_less_and_too_few_samples_never_do():
    short, long = (rescue.rescue_share(samples=30, categories=5, horizon=horizon) for horizon in (50, 400))
    assert long < short
    assert rescue.rescue_share(samples=4, categories=5, horizon=50) == math.inf
    assert rescue.rescue_share_floor(samples=4, categories=5, horizon=50) == math.inf


@pytest.mark.parametrize(
    "refused",
    [
        lambda: stationary.category_stationary_law(samples=10, p=0.1, share=0.0),
        lambda: stationary.category_absence(samples=10, p=0.0, share=0.1),
        lambda: stationary.category_vanish_chance(samples=5000, p=0.1, share=0.1),
        lambda: stationary.stationary_support(samples=10, law=[0.5, 0.5], share=0.0),
        lambda: stationary.keep_share(samples=10, law=[0.5, 0.5], absence=0.0),
        lambda: stationary.keep_share(samples=10, law=[0.5, 0.6]),
        lambda: rescue.full_support_chance([1], samples=10, categories=26, share=0.1),
        lambda: rescue.full_support_after_collapse([0], samples=10, categories=2, share=0.1),
        lambda: rescue.full_support_median_exit(samples=10, categories=1),
        lambda: rescue.rescue_chance(samples=10, categories=2, share=0.0, horizon=10),
        lambda: rescue.rescue_chance_upper(samples=10, categories=2, share=0.1, horizon=0),
        lambda: rescue.rescue_share(samples=10, categories=2, horizon=10, chance=1.0),
        lambda: rescue.rescue_share_floor(samples=1, categories=2, horizon=10),
    ],
)
def test_settings_out_of_range_are_refused(refused):
    with pytest.raises(ConfigError, match="does not apply outside that range|the first fit is generation 1"):
        refused()
