import math

import numpy
import pytest

from longtail.errors import ConfigError
from longtail.lab.theory import mixing, recovery
from longtail.lab.theory import pooling as forms
from longtail.lab.theory.gaussian import gaussian_replace_mean_square, gaussian_replace_variance


def near(printed, *, digits=5):
    """The digits printed, and half a unit of the last one."""
    return pytest.approx(printed, abs=0.5000001 * 10.0**-digits)


def agrees(measured, expected):
    return abs(measured.mean() - expected) < 4 * measured.std() / numpy.sqrt(len(measured))


def harmonic(categories):
    weights = 1 / numpy.arange(1, categories + 1)
    return weights / weights.sum()


@pytest.mark.parametrize(
    ("n", "values", "limit"),
    [
        (10, {1: 0.9, 2: 0.8775, 5: 0.858877, 20: 0.847560}, 0.843436),
        (100, {1: 0.99, 2: 0.987525, 5: 0.985417, 20: 0.984111}, 0.983632),
    ],
)
def test_case_5_has_the_published_values(n, values, limit):
    found = forms.accumulate_variance(list(values), samples=n)
    assert found == near(list(values.values()), digits=6)
    assert forms.accumulate_mean_square(list(values), samples=n) == pytest.approx(1 - found)
    assert forms.accumulate_variance_limit(samples=n) == near(limit, digits=6)
    assert forms.accumulate_variance([10**6], samples=n) == pytest.approx(forms.accumulate_variance_limit(samples=n), abs=1e-6)


def test_case_5_has_the_published_values_of_long_and_of_discrete_runs():
    assert forms.accumulate_variance([200], samples=10) == near(0.84386)
    assert forms.accumulate_variance([200], samples=100) == near(0.98368)
    shares = harmonic(50)
    start = 1 - (shares**2).sum()
    assert forms.accumulate_heterozygosity([10], samples=20, shares=shares) / start == near(0.92415)
    assert forms.accumulate_heterozygosity([50], samples=200, shares=shares) / start == near(0.99189)
    assert forms.accumulate_alive([1, 50], first=20, shares=shares) == near([12.48, 12.48], digits=2)


def pooled(batches, *, scale=1.0, real=0, loops=20_000, seed=7):
    """Mean and variance (divisor n) of a pool that keeps everything; later batches hold `real` fresh real rows besides."""
    rng = numpy.random.default_rng(seed)
    pool = rng.standard_normal((loops, batches[0]))
    yield pool.mean(axis=1), pool.var(axis=1)
    for n in batches[1:]:
        mean, sd = pool.mean(axis=1, keepdims=True), pool.std(axis=1, keepdims=True)
        drawn = mean + sd * math.sqrt(scale) * rng.standard_normal((loops, n))
        pool = numpy.hstack((pool, drawn, rng.standard_normal((loops, real))))
        yield pool.mean(axis=1), pool.var(axis=1)


def test_accumulation_agrees_with_refits_of_a_pool_fed_by_batches_of_varying_size():
    batches = [6, 3, 10, 4]
    for t, (mean, variance) in enumerate(pooled(batches), start=1):
        assert agrees(variance, forms.accumulate_variance([t], samples=[2, 3, 10, 4], first=6)[0])
        assert agrees(mean**2, forms.accumulate_mean_square([t], samples=batches)[0])


def test_biased_sampling_and_fresh_real_rows_agree_with_refits_of_a_pool():
    setting = {"samples": 5, "real": 2, "scale": 0.6, "first": 4}
    for t, (mean, variance) in enumerate(pooled([4, 5, 5, 5], scale=0.6, real=2), start=1):
        found = forms.accumulate_moments([t], **setting)
        assert agrees(mean**2, found.mean_square[0])
        assert agrees(variance, found.variance[0])


def test_without_bias_or_fresh_rows_the_recursion_is_the_product():
    found = forms.accumulate_moments([1, 4, 9], samples=7)
    assert found.variance == pytest.approx(forms.accumulate_variance([1, 4, 9], samples=7))
    assert found.mean_square == pytest.approx(forms.accumulate_mean_square([1, 4, 9], samples=7))


def test_frequencies_of_an_accumulated_pool_lose_heterozygosity_as_said():
    rng = numpy.random.default_rng(11)
    shares = harmonic(4)
    counts = rng.multinomial(6, shares, size=20_000)
    alive = counts > 0
    assert agrees(alive.sum(axis=1), forms.accumulate_alive([3], first=6, shares=shares)[0])
    for t in (2, 3):
        counts = counts + rng.multinomial(6, counts / counts.sum(axis=1, keepdims=True))
        differ = 1 - ((counts / counts.sum(axis=1, keepdims=True)) ** 2).sum(axis=1)
        assert agrees(differ, forms.accumulate_heterozygosity([t], samples=6, shares=shares)[0])
    assert ((counts > 0) == alive).all()


BUDGET = {
    10: {1: 0.90000, 2: 0.83132, 3: 0.80361, 5: 0.77933, 10: 0.75978, 20: 0.74954, 50: 0.74325, 100: 0.74113},
    50: {1: 0.98000, 2: 0.96525, 3: 0.95882, 5: 0.95294, 10: 0.94804, 20: 0.94542},
    100: {1: 0.99000, 2: 0.98256, 3: 0.97929, 5: 0.97628, 10: 0.97377, 20: 0.97241, 100: 0.97129},
}


@pytest.mark.parametrize("n", BUDGET)
def test_case_6_has_the_published_values(n):
    found = forms.fixed_budget_moments(list(BUDGET[n]), samples=n)
    assert found.variance == near(list(BUDGET[n].values()))
    assert found.mean_square == pytest.approx(1 - found.variance)


def test_case_6_has_the_published_values_for_many_samples():
    values = {1: 1, 2: 1.75, 3: 2.0833, 5: 2.3908, 10: 2.6493, 20: 2.7885, 100: 2.9050}
    assert forms.fixed_budget_loss(list(values)) == near(list(values.values()), digits=4)
    assert forms.fixed_budget_loss_limit() == near(2.934802, digits=6)
    assert forms.fixed_budget_loss([10**6]) == pytest.approx(forms.fixed_budget_loss_limit(), abs=1e-5)
    exact = 1e6 * (1 - forms.fixed_budget_moments([200_000], samples=10**6).variance)
    assert exact == near(2.934784, digits=6)


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_a_fixed_budget_agrees_with_rows_drawn_from_a_pool(scale):
    rng = numpy.random.default_rng(13)
    loops, n = 20_000, 4
    pool = rng.standard_normal((loops, n))
    for t in range(1, 6):
        chosen = rng.permuted(pool, axis=1)[:, :n]
        mean, variance = chosen.mean(axis=1), chosen.var(axis=1)
        found = forms.fixed_budget_moments([t], samples=n, scale=scale)
        assert agrees(mean**2, found.mean_square[0])
        assert agrees(variance, found.variance[0])
        drawn = mean[:, None] + numpy.sqrt(scale * variance)[:, None] * rng.standard_normal((loops, n))
        pool = numpy.hstack((pool, drawn))


@pytest.mark.parametrize("seed", range(20))
def test_case_7_the_total_is_kept_by_every_policy_without_bias(seed):
    rng = numpy.random.default_rng(seed)
    n, real, synthetic = (int(value) for value in rng.integers(2, 200, size=3))
    asked = rng.integers(1, 60, size=5)
    one = pytest.approx(forms.conserved_total(asked))
    assert sum(form(asked, samples=n, ddof=0) for form in (gaussian_replace_mean_square, gaussian_replace_variance)) == one
    assert sum(forms.accumulate_moments(asked, samples=n, real=real)) == one
    assert sum(forms.fixed_budget_moments(asked, samples=n)) == one
    assert sum(mixing.fresh_moments(asked, real=real, synthetic=synthetic, first=n)) == one
    assert sum(mixing.augment_moments(asked, real=real, synthetic=synthetic)) == one


def test_bias_a_kernel_or_the_other_divisor_breaks_the_total():
    size = {"real": 20, "synthetic": 80}
    for setting in ({"scale": 0.9}, {"bandwidth": 0.2}, {"ddof": 1}):
        assert abs(sum(mixing.fresh_moments([5], **size, **setting))[0] - 1) > 0.01


def test_case_20_has_the_published_values():
    assert forms.accumulate_error_ratio([30, 20, 10]) == near([1.6122, 1.5962, 1.5498], digits=4)
    assert forms.accumulate_error_ratio_limit() == near(1.644934, digits=6)
    assert forms.replace_error_ratio([1, 10]).tolist() == [1, 10]
    exact = forms.accumulate_mean_square([30], samples=10**6) * 10**6
    assert exact == pytest.approx(forms.accumulate_error_ratio([30]), abs=1e-5)


def test_case_17_has_the_published_values():
    found = [recovery.window_rate(share=0.05, window=w) for w in (1, 4, 16, 64)]
    assert found == near([0.05129, 0.02041, 0.00599, 0.00157])
    assert recovery.window_rate(share=0.01, window=16) == near(0.00118)


@pytest.mark.parametrize(("share", "window"), [(0.05, 1), (0.05, 4), (0.01, 16), (0.9, 7), (0.0, 5), (0.999, 12)])
def test_the_rate_is_that_of_the_companion_matrix(share, window):
    companion = numpy.diag(numpy.ones(window - 1), -1)
    companion[0] = (1 - share) / window
    slowest = abs(numpy.linalg.eigvals(companion)).max()
    assert recovery.window_rate(share=share, window=window) == pytest.approx(-math.log(slowest), abs=1e-12)


def test_a_rate_of_a_long_window_and_nearly_all_real_data_solves_its_equation():
    rate = recovery.window_rate(share=0.999999, window=1000)
    assert 1e-6 * numpy.exp(rate * numpy.arange(1, 1001)).mean() == pytest.approx(1)


def test_a_small_share_gives_the_first_order_rate_and_long_runs_fall_at_the_rate():
    for share, rel in ((1e-5, 1e-4), (1e-12, 1e-9)):
        expected = recovery.window_rate_first_order(share=share, window=9)
        assert recovery.window_rate(share=share, window=9) == pytest.approx(expected, rel=rel)
    late = recovery.window_mean_deviation([2000, 2001], share=0.05, window=8, history=[1.0] * 8)
    assert -math.log(late[1] / late[0]) == pytest.approx(recovery.window_rate(share=0.05, window=8), rel=1e-9)


def test_a_window_averages_what_exists_until_it_is_full():
    found = recovery.window_mean_deviation([1, 2, 3, 4], share=0.2, window=2)
    assert found == pytest.approx([1, 0.8, 0.8 * 0.9, 0.8 * (0.72 + 0.8) / 2])
    assert recovery.window_mean_deviation([2], share=0.5, window=3, history=[0, 3, 3]) == pytest.approx(1)


@pytest.mark.parametrize(("share", "values"), [(0.1, [0.9341, 0.8529, 0.7959, 0.7427]), (0.3, [0.8144, 0.6196, 0.5036, 0.4091])])
def test_case_33_has_the_published_values(share, values):
    asked = [40, 100, 200, 400]
    found = recovery.accumulate_recovery(asked, collapsed=20, share=share)
    assert found == near(values, digits=4)
    assert found == pytest.approx([math.prod(1 - share / u for u in range(21, t + 1)) for t in asked])
    power = recovery.accumulate_recovery_power_law(asked, collapsed=20, share=share)
    assert (power < found).all()
    assert power == pytest.approx(found, rel=0.006)


def test_case_33_has_the_published_pool_and_wait():
    assert recovery.accumulate_recovery_pool(share=0.1) == pytest.approx(1024)
    setting = {"samples": 1000, "share": 0.1, "probability": 0.002}
    assert recovery.lost_category_wait(**setting) == near(5.516, digits=3)
    assert recovery.lost_category_return(**setting) == pytest.approx(1 - (1 - 0.0002) ** 1000)
    assert recovery.lost_category_return(samples=3, share=1, probability=1) == 1


@pytest.mark.parametrize(
    ("form", "setting"),
    [
        (forms.accumulate_variance, {"samples": 1}),
        (forms.accumulate_variance, {"samples": [4, 4]}),
        (forms.accumulate_heterozygosity, {"samples": 5, "shares": [0.5, 0.4]}),
        (forms.accumulate_alive, {"first": 0, "shares": [0.5, 0.5]}),
        (forms.accumulate_alive, {"first": 5, "shares": [1.5, -0.5]}),
        (forms.accumulate_moments, {"samples": 5, "scale": 0}),
        (forms.accumulate_moments, {"samples": 5, "real": -1}),
        (forms.fixed_budget_moments, {"samples": 1}),
        (forms.fixed_budget_moments, {"samples": 5, "scale": 0}),
        (recovery.window_mean_deviation, {"share": 1.1, "window": 2}),
        (recovery.window_mean_deviation, {"share": 0.1, "window": 0}),
        (recovery.window_mean_deviation, {"share": 0.1, "window": 2, "history": []}),
        (recovery.accumulate_recovery, {"collapsed": 4, "share": 0.1}),
        (recovery.accumulate_recovery_power_law, {"collapsed": 0, "share": 0.1}),
    ],
)
def test_settings_out_of_range_are_refused(form, setting):
    with pytest.raises(ConfigError, match="outside that range"):
        form([3], **setting)


@pytest.mark.parametrize(
    ("form", "setting"),
    [
        (forms.accumulate_variance_limit, {"samples": 1}),
        (recovery.window_rate, {"share": 1, "window": 2}),
        (recovery.window_rate, {"share": 0.1, "window": 0}),
        (recovery.window_rate_first_order, {"share": 0.1, "window": 0}),
        (recovery.accumulate_recovery_pool, {"share": 0}),
        (recovery.lost_category_return, {"samples": 0, "share": 0.1, "probability": 0.1}),
        (recovery.lost_category_wait, {"samples": 5, "share": 0, "probability": 0.1}),
    ],
)
def test_scalars_refuse_settings_out_of_range(form, setting):
    with pytest.raises(ConfigError, match="outside that range"):
        form(**setting)
