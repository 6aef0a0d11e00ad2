import numpy
import pytest

from longtail.errors import ConfigError
from longtail.lab.theory import mixing as forms
from longtail.lab.theory import network
from longtail.lab.theory.moments import Point


def near(printed, *, digits=5):
    """The digits printed, and half a unit of the last one."""
    return pytest.approx(printed, abs=0.5000001 * 10.0**-digits)


def agrees(measured, expected):
    return abs(measured.mean() - expected) < 4 * measured.std() / numpy.sqrt(len(measured))


@pytest.mark.parametrize(
    ("sizes", "setting", "mean_square", "variance"),
    [
        ((20, 80), {"ddof": 0}, 0.02717, 0.97283),
        ((20, 80), {"ddof": 1}, 0.02829, 1.02286),
        ((100, 900), {"ddof": 1}, 0.00529, 1.00476),
        ((50, 50), {"ddof": 1}, 0.01338, 1.00676),
        ((20, 80), {"ddof": 1, "scale": 0.8}, 0.01556, 0.56254),
        ((100, 900), {"ddof": 1, "scale": 0.8}, 0.00188, 0.35775),
    ],
)
def test_case_8_fresh_loops_settle_at_the_published_values_whatever_the_first_sample(sizes, setting, mean_square, variance):
    size = {"real": sizes[0], "synthetic": sizes[1]} | setting
    found = forms.fresh_fixed_point(**size)
    assert found == near((mean_square, variance))
    for first in (2, 5000):
        late = forms.fresh_moments([3000], **size, first=first)
        assert (late.mean_square[0], late.variance[0]) == pytest.approx(found)


@pytest.mark.parametrize(("sizes", "values"), [((20, 80), (0.07065, 0.92935)), ((50, 50), (0.02649, 0.97351))])
def test_case_8_augmentation_settles_at_the_published_values(sizes, values):
    size = {"real": sizes[0], "synthetic": sizes[1]}
    found = forms.augment_fixed_point(**size)
    assert found == near(values)
    for start in (None, Point(9.0, 0.01)):
        late = forms.augment_moments([3000], **size, start=start)
        assert (late.mean_square[0], late.variance[0]) == pytest.approx(found)


@pytest.mark.parametrize("fixed", [True, False])
@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize("start", [None, Point(0.5, 2.0)])
def test_both_loops_agree_with_refitted_rows(fixed, ddof, start):
    rng = numpy.random.default_rng(17)
    loops, real, synthetic, scale, bandwidth = 20_000, 4, 6, 0.7, 0.3
    kept = rng.standard_normal((loops, real))
    mean, variance = kept.mean(axis=1), kept.var(axis=1, ddof=ddof)
    if start:
        mean, variance = rng.standard_normal(loops) * numpy.sqrt(start.mean_square), numpy.full(loops, start.variance)
    form = forms.augment_moments if fixed else forms.fresh_moments
    setting = {"real": real, "synthetic": synthetic, "ddof": ddof, "scale": scale, "bandwidth": bandwidth, "start": start}
    for t in range(2, 6):
        spread = numpy.sqrt(scale * variance + bandwidth**2)[:, None]
        drawn = mean[:, None] + spread * rng.standard_normal((loops, synthetic))
        rows = numpy.hstack((kept if fixed else rng.standard_normal((loops, real)), drawn))
        mean, variance = rows.mean(axis=1), rows.var(axis=1, ddof=ddof)
        found = form([t], **setting)
        assert agrees(mean**2, found.mean_square[0])
        assert agrees(variance, found.variance[0])


def test_a_start_is_generation_1():
    found = forms.fresh_moments([1], real=5, synthetic=5, start=Point(0.3, 0.4))
    assert (found.mean_square[0], found.variance[0]) == (0.3, 0.4)
    assert forms.fresh_moments([1], real=5, synthetic=5).variance == pytest.approx(0.8)


def test_case_9_has_the_published_large_sample_limits():
    assert forms.fresh_variance_limit(share=0.1, scale=0.85) == near(0.42553)
    assert forms.fresh_variance_limit(share=0.5, scale=0.85) == near(0.86957)
    many = forms.fresh_fixed_point(real=10**6, synthetic=9 * 10**6, scale=0.85).variance
    assert many == pytest.approx(forms.fresh_variance_limit(share=0.1, scale=0.85), rel=1e-5)


EFFECTIVE = {
    (100, 1.0): {10: 1.11, 100: 1.48, 1000: 1.92},
    (100, 0.95): {10: 1.10, 100: 1.51, 1000: 0.40},
    (100, 0.85): {10: 1.10, 100: 1.15, 1000: 0.12},
    (100, 0.7): {10: 1.12, 100: 0.67, 1000: 0.07},
    (1000, 0.85): {100: 1.06, 300: 0.92, 1000: 0.28},
}


@pytest.mark.parametrize(("real", "scale"), EFFECTIVE)
def test_case_9_effective_samples_are_within_two_per_cent_or_one_row_of_the_published_simulations(real, scale):
    for synthetic, ratio in EFFECTIVE[real, scale].items():
        found = forms.fresh_effective_samples(real=real, synthetic=synthetic, scale=scale)
        assert abs(found - ratio * real) <= max(0.02 * ratio * real, 1)


def fresh_loops(real, synthetic, scale, *, loops, generations):
    rng = numpy.random.default_rng(19)
    mean, variance, n = numpy.zeros(loops), numpy.ones(loops), real + synthetic
    for _ in range(generations):
        ours = rng.standard_normal(loops) / numpy.sqrt(real)
        theirs = mean + numpy.sqrt(scale * variance / synthetic) * rng.standard_normal(loops)
        scatter = rng.chisquare(real - 1, loops) + scale * variance * rng.chisquare(synthetic - 1, loops)
        mean, variance = (real * ours + synthetic * theirs) / n, (scatter + real * synthetic / n * (ours - theirs) ** 2) / (n - 1)
    return mean, variance


@pytest.mark.parametrize("sizes", [(5, 5), (30, 10)])
def test_the_second_and_fourth_moments_settle_where_simulated_loops_do(sizes):
    mean, variance = fresh_loops(*sizes, 0.9, loops=100_000, generations=30)
    found = forms.fresh_fixed_powers(real=sizes[0], synthetic=sizes[1], scale=0.9)
    assert found[:2] == pytest.approx(forms.fresh_fixed_point(real=sizes[0], synthetic=sizes[1], scale=0.9, ddof=1))
    for measured, expected in zip((mean**2, variance, variance**2), found, strict=True):
        assert agrees(measured, expected)


def test_the_distance_at_the_fixed_point_agrees_with_simulated_loops():
    mean, variance = fresh_loops(100, 300, 0.85, loops=100_000, generations=30)
    distance = forms.fresh_fixed_w2_squared(real=100, synthetic=300, scale=0.85)
    assert (mean**2 + (numpy.sqrt(variance) - 1) ** 2).mean() == pytest.approx(distance, rel=0.005)


@pytest.mark.parametrize(("sizes", "weight"), [((9, 9), 0.618034), ((1, 4), 0.390388), ((4, 1), 0.828427), ((1, 100), 0.095125)])
def test_case_10_has_the_published_weights(sizes, weight):
    assert forms.golden_weight(real=sizes[0], synthetic=sizes[1]) == near(weight, digits=6)


def test_case_10_has_the_published_errors():
    size = {"real": 100, "synthetic": 400}
    naive = forms.proportional_weight(**size)
    assert forms.weighted_fixed_mean_square(weight=naive, **size) == near(0.005556, digits=6)
    assert forms.golden_mean_square(**size) == near(0.003904, digits=6)
    assert forms.weighted_fixed_mean_square(weight=1, **size) == near(0.010000, digits=6)


@pytest.mark.parametrize("sizes", [(100, 400), (100, 100), (400, 100)])
def test_no_other_weight_is_better_than_the_golden_one(sizes):
    size = {"real": sizes[0], "synthetic": sizes[1]}
    errors = [forms.weighted_fixed_mean_square(weight=w, **size) for w in numpy.linspace(0.001, 1, 1000)]
    best = forms.golden_mean_square(**size)
    assert best == pytest.approx(forms.weighted_fixed_mean_square(weight=forms.golden_weight(**size), **size))
    assert best == pytest.approx(min(errors), rel=1e-4)
    assert best <= min(errors)


@pytest.mark.parametrize("weight", [0, 0.3, 1])
def test_the_weighted_series_is_its_recursion(weight):
    value, size = 0.7, {"real": 8, "synthetic": 5}
    for t in range(1, 6):
        found = forms.weighted_mean_square([t], weight=weight, **size, start_mean_square=0.7)
        assert found == pytest.approx(value)
        value = weight**2 / 8 + (1 - weight) ** 2 * (value + 1 / 5)
    assert forms.weighted_mean_square([1], weight=weight, **size) == pytest.approx(1 / 8)


RING = [[0, 1, 0], [0, 0, 1], [1, 0, 0]]
FED_RING = [[0, 1, 0], [0, 0, 1], [0.8, 0, 0]]


def test_case_31_has_the_published_values():
    assert network.network_mean_squares([50, 100, 200], mixing=RING, samples=40) * 40 == pytest.approx(
        numpy.array([[50.0] * 3, [100.0] * 3, [200.0] * 3])
    )
    settled = network.network_fixed_covariance(mixing=FED_RING, samples=40) * 40
    assert numpy.diagonal(settled) == near([8.333, 7.333, 6.333], digits=3)
    assert network.network_spectral_radius(mixing=FED_RING) == near(0.9283, digits=4)
    apart = network.network_mean_squares([200], mixing=[[0.5, 0, 0], [0, 0, 1], [0, 1, 0]], samples=40)[0] * 40
    assert apart[:2] == near([1.33, 200], digits=2)


def test_the_networks_covariance_settles_at_its_fixed_point_and_agrees_with_simulated_models():
    rng = numpy.random.default_rng(23)
    mixing, samples = rng.dirichlet(numpy.ones(4), size=3)[:, :3], [10, 40, 25]
    setting = {"mixing": mixing, "samples": samples}
    fixed = network.network_fixed_covariance(**setting)
    assert network.network_covariance([500], **setting)[0] == pytest.approx(fixed)
    errors = rng.standard_normal((50_000, 3)) / numpy.sqrt(samples)
    for _ in range(3):
        errors = errors @ mixing.T + rng.standard_normal((50_000, 3)) / numpy.sqrt(samples)
    assert numpy.cov(errors.T) == pytest.approx(network.network_covariance([4], **setting)[0], abs=0.002)


@pytest.mark.parametrize(
    ("mixing", "samples"),
    [([[0.5, 0.6], [0, 0]], 5), ([[-0.1, 0], [0, 0]], 5), ([[0.1, 0]], 5), ([[0.5, 0], [0, 0.5]], [5, 5, 5]), ([[0.5]], 0)],
)
def test_networks_out_of_range_are_refused(mixing, samples):
    with pytest.raises(ConfigError, match="outside that range"):
        network.network_covariance([1], mixing=mixing, samples=samples)


def test_a_closed_group_without_real_data_has_no_fixed_covariance():
    with pytest.raises(ConfigError, match="sees no real data"):
        network.network_fixed_covariance(mixing=RING, samples=5)


SIZE = {"real": 5, "synthetic": 5}


@pytest.mark.parametrize("setting", [{"real": 0}, {"synthetic": 0}, {"ddof": 2}, {"scale": 0}, {"bandwidth": -1}, {"real": 1}], ids=str)
def test_loops_out_of_range_are_refused(setting):
    for form in (forms.fresh_moments, forms.augment_moments):
        with pytest.raises(ConfigError, match="outside that range"):
            form([2], **SIZE | setting)


def test_a_first_sample_of_nothing_is_not_taken_for_the_default():
    with pytest.raises(ConfigError, match="0 rows in the first fit"):
        forms.fresh_moments([2], **SIZE, first=0)


def test_a_loop_that_inflates_faster_than_real_rows_hold_it_has_no_fixed_point():
    for form in (forms.fresh_fixed_point, forms.augment_fixed_point, forms.fresh_fixed_powers):
        with pytest.raises(ConfigError, match="no fixed point"):
            form(real=5, synthetic=95, scale=1.2)
    assert forms.fresh_fixed_point(real=10, synthetic=90, scale=1.1, ddof=1).variance > 1
    with pytest.raises(ConfigError, match="fourth moments have no fixed point"):
        forms.fresh_fixed_powers(real=10, synthetic=90, scale=1.1)


@pytest.mark.parametrize(
    ("form", "setting"),
    [
        (forms.fresh_variance_limit, {"share": 0, "scale": 0.5}),
        (forms.fresh_variance_limit, {"share": 0.1, "scale": 1.2}),
        (forms.golden_weight, {"real": 0, "synthetic": 5}),
        (forms.proportional_weight, {"real": 5, "synthetic": 0}),
        (forms.weighted_fixed_mean_square, {"weight": 0, "real": 5, "synthetic": 5}),
    ],
)
def test_scalars_refuse_settings_out_of_range(form, setting):
    with pytest.raises(ConfigError, match="outside that range"):
        form(**setting)
