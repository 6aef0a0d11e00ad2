import numpy
import pytest
from scipy import stats

from longtail.errors import ConfigError
from longtail.lab.theory import distortion as forms
from longtail.lab.theory.mixing import fresh_moments


def near(printed, *, digits):
    """The digits printed, and half a unit of the last one."""
    return pytest.approx(printed, abs=0.5000001 * 10.0**-digits)


def test_case_28_has_the_published_values_which_count_rounds_of_resampling():
    rounds = numpy.array([1, 10, 50])
    assert forms.kernel_data_variance(rounds + 1, samples=200, bandwidth=0.3) == near([1.0796, 1.8220, 4.7448], digits=4)
    assert forms.kernel_data_variance([10**6], samples=200, bandwidth=0.3) == pytest.approx(199 * 0.09)
    assert forms.kernel_rule_growth(samples=100) == near(1.1663, digits=4)
    found = forms.kernel_mixing_variance([1, 2, 10], share=0.5, bandwidth=0.6, real_variance=0.36)
    assert found == near([0.7200, 0.9000, 1.0793], digits=4)


def resampled(n, rounds, *, bandwidth=0.0, multiple=0.0, ddof=0, loops=20_000):
    rng = numpy.random.default_rng(3)
    rows = rng.standard_normal((loops, n))
    for _ in range(rounds):
        width = bandwidth + multiple * rows.std(axis=1, ddof=ddof, keepdims=True) * n**-0.2
        rows = numpy.take_along_axis(rows, rng.integers(n, size=rows.shape), axis=1) + width * rng.standard_normal(rows.shape)
    return rows


def agrees(measured, expected):
    return abs(measured.mean() - expected) < 4 * measured.std() / numpy.sqrt(len(measured))


@pytest.mark.parametrize("rounds", [0, 1, 4])
def test_the_kernel_loop_agrees_with_resampled_rows(rounds):
    rows = resampled(8, rounds, bandwidth=0.5)
    setting = {"samples": 8, "bandwidth": 0.5}
    assert agrees(rows.var(axis=1), forms.kernel_data_variance([rounds + 1], **setting)[0])
    assert agrees(rows.var(axis=1) + 0.25, forms.kernel_model_variance([rounds + 1], **setting)[0])
    assert agrees(rows.mean(axis=1) ** 2, forms.kernel_mean_square([rounds + 1], **setting)[0])


@pytest.mark.parametrize("ddof", [0, 1])
def test_the_rule_of_thumb_agrees_with_resampled_rows(ddof):
    rows = resampled(8, 3, multiple=1.06, ddof=ddof)
    assert agrees(rows.var(axis=1), 7 / 8 * forms.kernel_rule_growth(samples=8, ddof=ddof) ** 3)


def test_a_real_share_of_none_blurs_in_a_straight_line_and_many_samples_give_the_limit():
    assert forms.kernel_mixing_variance([1, 5], share=0, bandwidth=0.6) == pytest.approx([1.36, 2.8])
    many = fresh_moments([6], real=3 * 10**6, synthetic=7 * 10**6, bandwidth=0.4).variance + 0.16
    assert many == pytest.approx(forms.kernel_mixing_variance([6], share=0.3, bandwidth=0.4), abs=1e-5)


def test_case_29_has_the_published_values():
    found = [forms.gaussian_cut_factor(threshold=k) for k in (1, 1.645, 2, 3)]
    assert found == near([0.29113, 0.62309, 0.77374, 0.97334], digits=5)


@pytest.mark.parametrize("k", [0.0499999, 0.0500001, 0.7, 2.5])
def test_the_cut_factor_is_the_variance_of_a_truncated_normal_law(k):
    density = stats.norm.pdf(numpy.linspace(-k, k, 20_001))
    grid = numpy.linspace(-k, k, 20_001)
    assert forms.gaussian_cut_factor(threshold=k) == pytest.approx(numpy.trapezoid(density * grid**2) / numpy.trapezoid(density), rel=1e-6)


def test_the_cut_starts_to_act_at_generation_2_unless_the_first_sample_is_cut_too():
    factor = forms.gaussian_cut_factor(threshold=2)
    assert forms.gaussian_cut_variance([1, 3], threshold=2) == pytest.approx([1, factor**2])
    assert forms.gaussian_cut_variance([1, 3], threshold=2, biased_first=True) == pytest.approx([factor, factor**3])


def test_case_30_has_the_published_values():
    """The published divergence, 0.172000, is 0.171999 when the integral is taken further."""
    assert forms.single_gaussian_variance([1, 7], separation=4).tolist() == [5, 5]
    assert forms.single_gaussian_divergence([1, 7], separation=4) == pytest.approx(numpy.full(2, 0.1719988), abs=5e-8)
    assert forms.gradient_fit_mean([6], start_mean=3, rate=0.3, steps_taken=4) == near(0.577644, digits=6)


@pytest.mark.parametrize(("separation", "weight"), [(4, 0.5), (-3, 0.2), (0, 0.5), (25, 0.7), (5, 0), (5, 1)])
def test_the_divergence_agrees_with_a_sum_over_a_grid(separation, weight):
    grid = numpy.linspace(-40, 40, 400_001)
    truth = stats.norm(0, 1).pdf(grid) * (1 - weight) + stats.norm(separation, 1).pdf(grid) * weight
    fit = stats.norm(weight * separation, numpy.sqrt(1 + weight * (1 - weight) * separation**2)).logpdf(grid)
    inside = truth > 0
    expected = numpy.trapezoid(truth[inside] * (numpy.log(truth[inside]) - fit[inside]), grid[inside])
    assert forms.single_gaussian_divergence([1], separation=separation, weight=weight) == pytest.approx(expected, abs=1e-8)


def test_a_few_gradient_steps_give_the_drift():
    target = 3.0
    for t in range(1, 5):
        mean = 0.0
        for _ in range(3):
            mean += 0.4 * (target - mean)
        target = mean
        assert forms.gradient_fit_mean([t], start_mean=3.0, rate=0.4, steps_taken=3) == pytest.approx(mean)


def test_ridge_self_distillation_shrinks_each_component_by_its_ratio():
    rng = numpy.random.default_rng(2)
    gram = rng.standard_normal((6, 4))
    gram = gram @ gram.T + 0.1 * numpy.eye(6)
    values, vectors = numpy.linalg.eigh(gram)
    labels = vectors.sum(axis=1)
    for _ in range(3):
        labels = gram @ numpy.linalg.solve(gram + 0.5 * numpy.eye(6), labels)
    expected = [forms.ridge_component([3], eigenvalue=value, penalty=0.5)[0] for value in values]
    assert vectors.T @ labels == pytest.approx(expected)


@pytest.mark.parametrize(
    ("form", "setting"),
    [
        (forms.kernel_data_variance, {"samples": 1, "bandwidth": 0.1}),
        (forms.kernel_model_variance, {"samples": 5, "bandwidth": -0.1}),
        (forms.kernel_mean_square, {"samples": 5, "bandwidth": -0.1}),
        (forms.kernel_mixing_variance, {"share": 1.1, "bandwidth": 0.1}),
        (forms.kernel_mixing_variance, {"share": 0.1, "bandwidth": -0.1}),
        (forms.gaussian_cut_variance, {"threshold": 0}),
        (forms.single_gaussian_variance, {"separation": 1, "weight": -0.1}),
        (forms.single_gaussian_divergence, {"separation": 41}),
        (forms.gradient_fit_mean, {"start_mean": 1, "rate": 2, "steps_taken": 1}),
        (forms.gradient_fit_mean, {"start_mean": 1, "rate": 1, "steps_taken": 0}),
        (forms.ridge_component, {"eigenvalue": 0, "penalty": 1}),
    ],
)
def test_settings_out_of_range_are_refused(form, setting):
    with pytest.raises(ConfigError, match="outside that range"):
        form([1], **setting)


@pytest.mark.parametrize("setting", [{"samples": 1}, {"samples": 5, "ddof": 2}, {"samples": 5, "multiple": -1}])
def test_the_rule_of_thumb_refuses_settings_out_of_range(setting):
    with pytest.raises(ConfigError, match="outside that range"):
        forms.kernel_rule_growth(**setting)
