import math

import numpy
import pytest
from scipy.stats import binom

from longtail.errors import ConfigError
from longtail.lab.theory import survival

ASKED = [1, 2, 5, 10, 20, 50]


def zipf(categories, shift=0.0):
    weights = 1 / (numpy.arange(1, categories + 1) + shift)
    return weights / weights.sum()


def alive_by_powers(samples, p, generations):
    counts = numpy.arange(samples + 1)
    chain = binom.pmf(counts[None, :], samples, counts[:, None] / samples)
    first = binom.pmf(counts, samples, p)
    return [1 - (first @ numpy.linalg.matrix_power(chain, k - 1))[0] for k in generations]


def test_the_factor_is_the_printed_one_and_lies_between_its_bounds():
    printed = [0.63212, 0.46854, 0.37408, 0.31208, 0.17225, 0.09164, 0.03838]
    assert survival.survival_factor([2, 3, 4, 5, 10, 20, 50]) == pytest.approx(printed, abs=5e-6)
    k = numpy.arange(1, 2001)
    factor = survival.survival_factor(k)
    assert factor[0] == 1
    assert (factor >= 1 / k).all() and (factor <= 3 / k).all()
    assert survival.survival_factor([50, 2]) == pytest.approx([0.03838, 0.63212], abs=5e-6)
    assert survival.survival_factor([]).shape == (0,)


def test_a_rare_category_lives_as_long_as_printed():
    assert survival.survival_missed_once(samples=1000, p=0.0005) == pytest.approx(0.6065, abs=1e-4)
    exact = survival.survival_exact(ASKED, samples=100, p=0.01)
    bound = survival.survival_bound(ASKED, samples=100, p=0.01)
    assert exact == pytest.approx([0.63397, 0.47095, 0.27101, 0.16139, 0.09087, 0.04112], abs=5e-6)
    assert bound == pytest.approx([0.63212, 0.46854, 0.26808, 0.15824, 0.08757, 0.03765], abs=5e-6)
    assert exact[0] == pytest.approx(1 - survival.survival_missed_once(samples=100, p=0.01))


@pytest.mark.parametrize(("samples", "p"), [(1, 0.3), (7, 0.1), (60, 0.05)])
def test_the_chain_is_that_of_matrix_powers_and_never_below_the_bound(samples, p):
    exact = survival.survival_exact(ASKED, samples=samples, p=p)
    assert exact == pytest.approx(alive_by_powers(samples, p, ASKED))
    assert (exact >= survival.survival_bound(ASKED, samples=samples, p=p)).all()


def test_a_vocabulary_shrinks_as_printed():
    law, asked = zipf(1000, 2.7), range(1, 11)
    printed = [390.00, 292.47, 239.26, 204.53, 179.66, 160.79, 145.90, 133.79, 123.72, 115.19]
    measured = [389.96, 292.40, 239.17, 204.56, 179.73, 160.85, 145.99, 133.84, 123.65, 115.31]
    exact = survival.expected_support(asked, samples=1000, law=law)
    assert survival.expected_support_bound(asked, samples=1000, law=law) == pytest.approx(printed, abs=0.005)
    assert exact == pytest.approx(measured, rel=0.005)
    assert (exact >= printed).all()


def test_the_support_is_the_sum_over_categories():
    law = [0.1, 0.1, 0.2, 0.6, 0.0]
    alive = sum(survival.survival_exact(ASKED, samples=20, p=p) for p in law[:4])
    assert survival.expected_support(ASKED, samples=20, law=law) == pytest.approx(alive)


def test_half_of_the_categories_are_gone_when_printed():
    assert survival.survival_half_life(mean=1.0) == 2
    assert survival.survival_half_life(mean=5.0) == 13
    assert survival.survival_factor([13]) == pytest.approx(0.1361, abs=5e-5)
    assert survival.survival_half_life(mean=0.5) == 1
    for mean in (0.5, 1.0, 5.0):
        half = int(survival.survival_half_life(mean=mean))
        assert survival.poisson_alive([half], samples=10, rate=mean / 10) <= 0.5
        assert half == 1 or survival.poisson_alive([half - 1], samples=10, rate=mean / 10) >= 0.5


def test_a_poisson_rate_lives_as_printed():
    alive = survival.poisson_alive([5, 20, 100, 500], samples=10, rate=1.0)
    assert alive == pytest.approx([0.95588, 0.60006, 0.17752, 0.03899], abs=5e-6)


def test_a_poisson_rate_lives_as_in_a_truncated_chain():
    totals = numpy.arange(60)
    steps = numpy.exp(-totals[:, None] + totals[None, :] * numpy.log(numpy.maximum(totals[:, None], 1e-300)))
    chain = steps / numpy.array([math.factorial(total) for total in totals], dtype=float)
    first = numpy.array([math.exp(-2) * 2.0**total / math.factorial(total) for total in totals])
    expected = [1 - (first @ numpy.linalg.matrix_power(chain, k - 1))[0] for k in (1, 2, 3)]
    assert survival.poisson_alive([1, 2, 3], samples=4, rate=0.5) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("samples", "p"), [(100, 0.01), (1000, 0.0005), (20, 0.02)])
def test_the_exact_chance_lies_between_the_published_bounds(samples, p):
    alive = survival.survival_exact(ASKED, samples=samples, p=p)
    assert (survival.bernoulli_alive_lower(ASKED, samples=samples, p=p) <= alive).all()
    assert (alive <= survival.bernoulli_alive_upper(ASKED, samples=samples, p=p)).all()
    other = survival.survival_exact(ASKED, samples=samples, p=1 - p)
    unabsorbed = alive + other - 1
    assert (survival.bernoulli_unabsorbed_lower(ASKED, samples=samples, p=p) <= unabsorbed + 1e-12).all()
    assert (unabsorbed <= survival.bernoulli_unabsorbed_upper(ASKED, samples=samples, p=p)).all()


def test_the_older_upper_bound_says_nothing_at_the_printed_settings():
    assert survival.bernoulli_unabsorbed_upper(ASKED, samples=100, p=0.01).tolist() == [1.0] * 6


def test_modes_and_words_are_categories():
    assert survival.modes_alive([50], samples=100, modes=25) == pytest.approx(3.90, abs=0.005)
    assert survival.modes_alive_bound([50], samples=100, modes=25) == pytest.approx(3.56, abs=0.005)
    words = survival.expected_support_bound([1, 2, 5, 10], samples=1000, law=zipf(50))
    assert words == pytest.approx([49.90, 49.30, 45.61, 39.17], abs=0.006)


@pytest.mark.parametrize(
    "refused",
    [
        lambda: survival.survival_factor([0]),
        lambda: survival.survival_missed_once(samples=0, p=0.1),
        lambda: survival.survival_missed_once(samples=5, p=1.1),
        lambda: survival.survival_bound([1], samples=10, p=0.0),
        lambda: survival.survival_exact([1], samples=4001, p=0.1),
        lambda: survival.survival_exact([1], samples=10, p=1.0),
        lambda: survival.expected_support([1], samples=0, law=[0.5, 0.5]),
        lambda: survival.expected_support_bound([1], samples=10, law=[0.5, 0.4]),
        lambda: survival.survival_half_life(mean=0.0),
        lambda: survival.poisson_alive([1], samples=10, rate=0.0),
        lambda: survival.bernoulli_alive_upper([1], samples=10, p=0.0),
        lambda: survival.bernoulli_unabsorbed_lower([1], samples=1, p=0.5),
        lambda: survival.bernoulli_unabsorbed_upper([1], samples=10, p=1.0),
        lambda: survival.modes_alive([1], samples=10, modes=1),
    ],
)
def test_settings_out_of_range_are_refused(refused):
    with pytest.raises(ConfigError, match="does not apply outside that range|the first fit is generation 1"):
        refused()
