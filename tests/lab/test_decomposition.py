import math

import numpy
import pytest
from scipy import integrate, stats

from longtail.errors import ConfigError, UnknownName
from longtail.lab.decomposition import SOURCES, World, decomposed, deviations, divergence, mixture_divergence
from longtail.lab.sources import approximation, expressivity, statistical


@pytest.fixture(scope="module")
def found():
    return decomposed(World())


def parts(found):
    return numpy.array([source.part for source in found.sources])


def test_the_parts_sum_to_the_whole(found):
    assert parts(found).sum(axis=0) == pytest.approx(found.total)


def test_nothing_deviates_where_all_sources_are_off(found):
    assert found.combinations["none"] == pytest.approx([0.0] * 10, abs=1e-12)
    assert len(found.combinations) == 8


def test_a_source_that_is_off_brings_nothing_so_that_its_band_goes(found):
    for at, source in enumerate(SOURCES):
        others = frozenset(SOURCES) - {source}
        without = deviations(found.world, others).mean(axis=1)
        assert found.sources[at].removed == pytest.approx(numpy.array(found.total) - without)
        assert min(found.sources[at].removed) > 0


def test_bands_taken_one_by_one_sum_to_the_total_within_a_tenth_over_ten_generations(found):
    assert all(abs(share - 1) < 0.1 for share in found.removed_sum)


def test_over_twenty_generations_they_do_not_and_the_record_says_so():
    assert max(decomposed(World(generations=20)).removed_sum) > 1.1


def test_the_divergence_of_two_gaussians_is_that_of_quadrature():
    def integrand(x):
        return stats.norm.pdf(x, 0.3, math.sqrt(2.0)) * (
            stats.norm.logpdf(x, 0.3, math.sqrt(2.0)) - stats.norm.logpdf(x, -0.5, math.sqrt(0.7))
        )

    expected, _ = integrate.quad(integrand, -15, 15)
    assert divergence(0.3, 2.0, numpy.array([-0.5]), numpy.array([0.7]))[0] == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("modes", [0.5, 1.0, 2.0, 3.0])
def test_what_one_gaussian_loses_of_two_modes_is_that_of_a_fine_grid(modes):
    x = numpy.linspace(-modes - 12, modes + 12, 400_001)
    truth = (stats.norm.pdf(x, modes) + stats.norm.pdf(x, -modes)) / 2
    expected = integrate.trapezoid(truth * (numpy.log(truth) - stats.norm.logpdf(x, 0, math.sqrt(1 + modes**2))), x)
    assert mixture_divergence(modes=modes) == pytest.approx(expected, abs=1e-9)


def test_a_family_that_is_too_small_errs_at_once_and_no_further_without_sampling_noise(found):
    alone = found.combinations["expressivity"]
    assert alone[0] == pytest.approx(0.172, abs=5e-6)
    assert alone == pytest.approx([alone[0]] * 10)


def test_finite_samples_alone_follow_the_exact_moments_of_the_loop():
    n, generations = 60, 6
    drawn = deviations(World(samples=n, generations=generations, replicates=40_000), frozenset({"statistical"}))
    inverse = (n / (n - 3)) ** numpy.arange(1, generations + 1)
    step = math.log(2 / n) + float(stats.loggamma(c=(n - 1) / 2).mean())
    log_variance = step * numpy.arange(1, generations + 1)
    ratio = numpy.array([_mean_over_variance(n, t) for t in range(1, generations + 1)])
    expected = (inverse - 1 + log_variance + ratio) / 2
    se = drawn.std(axis=1, ddof=1) / math.sqrt(drawn.shape[1])
    assert numpy.all(numpy.abs(drawn.mean(axis=1) - expected) < 4 * se)


def _mean_over_variance(n, t):
    """E[mu_t² / v_t] under replace: the mean of step s has variance v_{s-1}/n, and v_t/v_{s-1} is t-s+1 factors χ²(n-1)/n."""
    return sum((n / (n - 3)) ** (t - s + 1) / n for s in range(1, t + 1))


def test_training_that_stops_short_alone_drifts_geometrically():
    world = World(pull=1 - 0.7**4, mean=3.0, generations=6)
    alone = deviations(world, frozenset({"approximation"}))[:, 0]
    assert 3 - math.sqrt(2 * alone[-1]) == pytest.approx(0.577644, abs=5e-7)
    assert alone == pytest.approx([(3 - 3 * world.pull**t) ** 2 / 2 for t in range(1, 7)])


def test_the_same_seed_gives_the_same_numbers(found):
    assert decomposed(World()) == found


def test_finite_samples_miss_what_is_rare_and_less_so_the_more_there_are():
    told = statistical(World(replicates=500))
    assert told.missed == pytest.approx(0.990050, abs=1e-6)
    assert sorted(row.held_last for row in told.rows) == [row.held_last for row in told.rows]
    assert all(row.held_last < row.held_first for row in told.rows)
    assert told.rows[-1].times_rows == pytest.approx(told.rows[1].times_rows, rel=0.15)


def test_the_two_modes_are_swept_without_noise():
    told = expressivity(World())
    assert [row.deviation_first for row in told.rows] == pytest.approx([row.quadrature for row in told.rows])
    assert [row.deviation_last for row in told.rows] == pytest.approx([row.quadrature for row in told.rows])


def test_a_temperature_below_one_narrows_every_seed():
    told = approximation(World())
    assert told.effective_types[0] == pytest.approx(26.9, abs=0.05)
    assert told.effective_types[-1] < 2 and told.sampled[-1] < 2
    assert told.falling == 1.0
    assert told.mean == pytest.approx([0.9**t for t in range(1, 13)])


@pytest.mark.parametrize(
    ("more", "error", "told"),
    [
        ({"samples": 5}, ConfigError, "samples is 5"),
        ({"modes": 0.0}, ConfigError, "modes is 0"),
        ({"pull": 1.0}, ConfigError, "pull is 1"),
        ({"mean": 0.0}, ConfigError, "mean is 0"),
        ({"policy": "replce"}, UnknownName, "did you mean 'replace'"),
        ({"policy": "fixed_budget"}, ConfigError, "draws rows from among others"),
    ],
)
def test_what_cannot_be_decomposed_is_refused(more, error, told):
    with pytest.raises(error, match=told):
        decomposed(World(**({"replicates": 10, "generations": 3} | more)))
