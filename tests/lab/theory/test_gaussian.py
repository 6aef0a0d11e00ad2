import numpy
import pytest
from scipy import stats
from scipy.special import gamma

from longtail.errors import ConfigError
from longtail.lab.theory import gaussian as forms

LOOPS = 40_000


def near(printed, *, digits=5):
    """The digits printed, and half a unit of the last one."""
    return pytest.approx(printed, abs=0.5000001 * 10.0**-digits)


def chain(samples, *, ddof, scale=1.0, biased_first=False, loops=LOOPS, seed=5):
    """Mean and variance of every generation of many loops, drawn from the laws of sufficient statistics."""
    rng = numpy.random.default_rng(seed)
    mean, variance = numpy.zeros(loops), numpy.ones(loops)
    for t, n in enumerate(samples):
        drawn = variance * (scale if t or biased_first else 1.0)
        mean = mean + numpy.sqrt(drawn / n) * rng.standard_normal(loops)
        variance = drawn * rng.chisquare(n - 1, loops) / (n - ddof)
        yield mean, variance


def agrees(measured, expected):
    measured = numpy.asarray(measured)
    return abs(measured.mean() - expected) < 4 * measured.std() / numpy.sqrt(len(measured))


SERIES = {
    (100, 10): (0.1000, 0.97506, 1.1000, 0.14987, -0.10135, 0.45175),
    (100, 50): (0.5000, 0.88139, 1.5000, 0.73723, -0.50675, 1.01014),
    (20, 20): (1.0000, 0.76871, 2.0000, 1.46257, -1.07108, 1.48995),
}


@pytest.mark.parametrize(("samples", "t"), SERIES)
def test_case_1_has_the_published_values(samples, t):
    found = [
        form([t], samples=samples)[0]
        for form in (
            forms.gaussian_replace_mean_square,
            forms.gaussian_replace_sd,
            forms.gaussian_replace_marginal_variance,
            forms.gaussian_replace_w2_squared,
            forms.gaussian_replace_log_variance,
            forms.gaussian_replace_log_variance_spread,
        )
    ]
    assert found == near(list(SERIES[samples, t]))
    assert forms.gaussian_replace_variance([t], samples=samples)[0] == 1


def test_the_drift_of_the_log_and_the_second_moment_have_the_published_values():
    assert forms.gaussian_replace_log_variance([1], samples=100) == near(-0.010135, digits=6)
    assert forms.gaussian_replace_log_variance([1], samples=20) == near(-0.053554, digits=6)
    assert forms.gaussian_replace_variance_square([20], samples=20) == near(7.4014, digits=4)


@pytest.mark.parametrize(("n", "values"), [(10, {10: 0.34868, 20: 0.12158}), (100, {10: 0.90438, 100: 0.36603})])
def test_case_2_has_the_published_values_and_keeps_the_total_at_1(n, values):
    found = forms.gaussian_replace_variance(list(values), samples=n, ddof=0)
    assert found == near(list(values.values()))
    assert forms.gaussian_replace_marginal_variance(list(values), samples=n, ddof=0) == pytest.approx(1)
    assert forms.gaussian_replace_mean_square(list(values), samples=n, ddof=0) == pytest.approx(1 - found)


def test_case_3_has_the_published_values():
    assert forms.gaussian_replace_log_det([1], samples=100, dim=10) == near(-0.57612)
    assert forms.gaussian_replace_log_det([20], samples=100, dim=10) == near(-11.522, digits=3)
    assert forms.gaussian_replace_log_det_spread([20], samples=100, dim=10) == near(2.069, digits=3)


def test_case_4_has_the_published_values():
    i = range(1, 51)
    grown = [forms.gaussian_replace_mean_square([50], samples=[100 * k**power for k in i])[0] for power in (0, 1, 2)]
    assert grown == near([0.5, 0.04499, 0.01625])
    assert grown[2] < 0.016449


def test_case_9_has_the_published_values_where_the_first_fit_too_is_on_biased_draws():
    setting = {"samples": 50, "scale": 0.9, "biased_first": True}
    assert forms.gaussian_replace_variance([5, 10], **setting) == near([0.59049, 0.34868])
    assert forms.gaussian_replace_mean_square([5, 10], **setting) == near([0.073712, 0.117238], digits=6)


def test_a_first_fit_on_real_data_is_one_generation_ahead_of_one_on_biased_draws():
    assert forms.gaussian_replace_variance([1, 6], samples=50, scale=0.9) == pytest.approx([1, 0.9**5])
    assert forms.gaussian_replace_mean_square([6], samples=50, scale=0.9) == pytest.approx(0.0737118 + 1 / 50, abs=1e-6)


def test_case_14_has_the_published_values():
    setting = {"threshold": 0.1, "samples": 10}
    suresh = forms.gaussian_exceeding_bound([100, 150, 200], **setting)
    markov = forms.gaussian_exceeding_markov_bound([100, 150, 200], **setting)
    assert suresh == near([0.770, 0.214, 0.059], digits=3)
    assert markov == near([0.625, 0.156, 0.039], digits=3)
    assert (numpy.array([0.0810, 0.0178, 0.0040]) < markov).all()
    assert forms.gmm_exceeding_bound([100], **setting) == pytest.approx(10 * numpy.exp(-2.5))
    assert forms.gmm_exceeding_bound([1], **setting) == forms.gaussian_exceeding_bound([1], **setting) == 1


def test_the_bounds_hold_over_simulated_loops():
    setting = {"threshold": 0.3, "samples": 5}
    for t, (_, variance) in enumerate(chain([5] * 40, ddof=1), start=1):
        above = (numpy.sqrt(variance) > 0.3).mean()
        assert above <= forms.gaussian_exceeding_markov_bound([t], **setting)[0] <= forms.gaussian_exceeding_bound([t], **setting)[0]


@pytest.mark.parametrize("ddof", [0, 1])
@pytest.mark.parametrize(("scale", "biased_first"), [(1.0, False), (0.8, False), (0.8, True)])
def test_the_moments_agree_with_loops_of_a_varying_size(ddof, scale, biased_first):
    samples = [6, 12, 9, 20, 15]
    setting = {"samples": samples, "ddof": ddof, "scale": scale}
    for t, (mean, variance) in enumerate(chain(samples, ddof=ddof, scale=scale, biased_first=biased_first), start=1):
        assert agrees(variance, forms.gaussian_replace_variance([t], **setting, biased_first=biased_first)[0])
        assert agrees(mean**2, forms.gaussian_replace_mean_square([t], **setting, biased_first=biased_first)[0])
        if biased_first:
            continue
        assert agrees(numpy.sqrt(variance), forms.gaussian_replace_sd([t], **setting)[0])
        assert agrees(variance**2, forms.gaussian_replace_variance_square([t], **setting)[0])
        assert agrees(mean**2 + (numpy.sqrt(variance) - 1) ** 2, forms.gaussian_replace_w2_squared([t], **setting)[0])
        assert agrees(numpy.log(variance), forms.gaussian_replace_log_variance([t], **setting)[0])
        assert numpy.log(variance).std() == pytest.approx(forms.gaussian_replace_log_variance_spread([t], samples=samples)[0], rel=0.03)


@pytest.mark.parametrize("ddof", [0, 1])
def test_the_log_determinant_agrees_with_a_wishart_law_and_with_refits_of_points(ddof):
    scatter = stats.wishart(df=11, scale=numpy.eye(3)).rvs(4000, random_state=1) / (12 - ddof)
    assert agrees(numpy.linalg.slogdet(scatter)[1], forms.gaussian_replace_log_det([1], samples=12, dim=3, ddof=ddof)[0])
    rng = numpy.random.default_rng(4)
    points = rng.standard_normal((4000, 12, 3))
    first = numpy.array([numpy.cov(rows.T, ddof=ddof) for rows in points])
    again = numpy.linalg.cholesky(first) @ rng.standard_normal((4000, 3, 12)) * numpy.sqrt(0.7)
    logs = numpy.linalg.slogdet(numpy.array([numpy.cov(rows, ddof=ddof) for rows in again]))[1]
    assert agrees(logs, forms.gaussian_replace_log_det([2], samples=12, dim=3, ddof=ddof, scale=0.7)[0])
    assert logs.std() == pytest.approx(forms.gaussian_replace_log_det_spread([2], samples=12, dim=3)[0], rel=0.05)


def test_the_factor_of_the_sd_is_the_gamma_ratio_and_its_series_joins_it():
    expected = [numpy.sqrt(2 / (n - 1)) * gamma(n / 2) / gamma((n - 1) / 2) for n in (2, 10, 100, 150)]
    assert [forms.gaussian_sd_factor(samples=n) for n in (2, 10, 100, 150)] == pytest.approx(expected, rel=1e-12)
    assert numpy.diff(forms.log_sd_factor(numpy.array([100.9999999, 101.0000001])))[0] == pytest.approx(0, abs=1e-10)


@pytest.mark.parametrize("ddof", [0, 1])
def test_the_first_order_distance_is_what_many_samples_give(ddof):
    exact = forms.gaussian_replace_w2_squared([10], samples=10**5, ddof=ddof)
    assert exact == pytest.approx(forms.gaussian_replace_w2_squared_first_order([10], samples=10**5), rel=1e-3)


def test_a_first_sample_of_another_size_takes_the_place_of_the_first_in_the_schedule():
    found = forms.gaussian_replace_mean_square([1, 3], samples=10, first=50)
    assert found == pytest.approx([0.02, 0.22])
    assert (found == forms.gaussian_replace_mean_square([1, 3], samples=[50, 10, 10])).all()


def test_generations_come_back_in_the_order_asked_and_none_gives_none():
    forward = forms.gaussian_replace_sd([1, 2, 3], samples=9)
    assert (forms.gaussian_replace_sd([3, 1, 2], samples=9) == forward[[2, 0, 1]]).all()
    assert forms.gaussian_replace_mean_square([], samples=9).shape == (0,)


@pytest.mark.parametrize(
    "setting",
    [{"samples": 1}, {"samples": [5, 5]}, {"samples": 5, "first": 1}, {"samples": 5, "ddof": 2}, {"samples": 5, "scale": 0}],
    ids=str,
)
def test_settings_out_of_range_are_refused(setting):
    for form in (forms.gaussian_replace_variance, forms.gaussian_replace_mean_square, forms.gaussian_replace_w2_squared):
        with pytest.raises(ConfigError, match="outside that range"):
            form([3], **setting)


def test_a_generation_before_the_first_is_refused():
    with pytest.raises(ConfigError, match="the first fit is generation 1"):
        forms.gaussian_replace_variance([0], samples=5)


@pytest.mark.parametrize("dim", [0, 5])
def test_too_few_rows_for_the_dimensions_are_refused(dim):
    with pytest.raises(ConfigError, match="dimensions"):
        forms.gaussian_replace_log_det([1], samples=5, dim=dim)


def test_bounds_refuse_a_threshold_or_a_sample_of_nothing():
    for form in (forms.gaussian_exceeding_bound, forms.gaussian_exceeding_markov_bound, forms.gmm_exceeding_bound):
        with pytest.raises(ConfigError, match="not above 0"):
            form([1], threshold=0, samples=5)
        with pytest.raises(ConfigError, match="fewer than two"):
            form([1], threshold=0.1, samples=1)
    with pytest.raises(ConfigError, match="fewer than two"):
        forms.gaussian_sd_factor(samples=1)
