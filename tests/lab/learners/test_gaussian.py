import math

import numpy
import pytest
from scipy import special

from longtail.errors import ConfigError
from longtail.lab.learners import make
from longtail.lab.learners.gaussian import Fit, Gaussian, Sums

STEPS = numpy.arange(1, 11)


def c4(n):
    return math.sqrt(2 / (n - 1)) * math.exp(math.lgamma(n / 2) - math.lgamma((n - 1) / 2))


def test_replacing_with_the_unbiased_variance_keeps_its_mean_and_lets_its_logarithm_fall(simulated, distance):
    found = simulated("gaussian", options={"ddof": 1}, samples=100, generations=10, replicates=40_000)
    drift = special.digamma(99 / 2) - math.log(99 / 2)
    assert (c4(100) ** 10, 0.1 + 2 * (1 - c4(100) ** 10), 10 * drift) == pytest.approx((0.97506, 0.14987, -0.10135), abs=1e-5)
    assert distance(found["mean_square"], STEPS / 100) < 4
    assert distance(found["variance"], 1) < 4
    assert distance(numpy.sqrt(found["variance"]), c4(100) ** STEPS) < 4
    assert distance(found["w2_squared"], STEPS / 100 + 2 * (1 - c4(100) ** STEPS)) < 4
    assert distance(found["log_variance"], STEPS * drift) < 4
    assert found["log_variance"][-1].std() == pytest.approx(math.sqrt(10 * special.polygamma(1, 99 / 2)), rel=0.02)


@pytest.mark.parametrize("policy", ["replace", "accumulate", "augment", "fresh:0.3", "window:3", "expanding:0.2", "blend:0.5,0,0.5"])
def test_what_the_variance_loses_between_models_gain(policy, simulated, distance):
    found = simulated("gaussian", policy, rows=policy.startswith("blend"), samples=10, generations=6, replicates=20_000)
    assert distance(found["variance"] + found["mean_square"], 1) < 4


def test_dividing_by_the_number_of_rows_shrinks_the_variance_geometrically(simulated, distance):
    found = simulated("gaussian", samples=10, generations=20, replicates=40_000)["variance"]
    assert distance(found, 0.9 ** numpy.arange(1, 21)) < 4


def test_keeping_everything_stops_at_a_product(simulated, distance):
    found = simulated("gaussian", "accumulate", samples=10, generations=20, replicates=20_000)["variance"]
    product = numpy.cumprod(1 - 1 / (10 * numpy.arange(1, 21) ** 2))
    assert product[[0, 1, 4, 19]] == pytest.approx([0.9, 0.8775, 0.858877, 0.847560], abs=1e-6)
    assert distance(found, product) < 4


def test_sizes_that_grow_slow_the_drift_of_the_mean(simulated, distance):
    for schedule, power in (("linear", 1), ("quadratic", 2)):
        found = simulated("gaussian", schedule=schedule, options={"ddof": 1}, samples=100, generations=10, replicates=10_000)
        assert distance(found["mean_square"], numpy.cumsum(1 / (100.0 * STEPS**power))) < 4


def test_a_variance_scale_shrinks_by_its_power(simulated, distance):
    found = simulated("gaussian", options={"ddof": 1, "variance_scale": 0.9}, samples=50, generations=10, replicates=20_000)
    assert distance(found["variance"], 0.9 ** (STEPS - 1)) < 4
    assert distance(found["mean_square"], numpy.cumsum(0.9 ** (STEPS - 1)) / 50) < 4


def test_real_data_in_each_generation_settle_at_the_fixed_point(simulated, distance):
    found = simulated("gaussian", "fresh:0.2", samples=100, generations=40, replicates=10_000)
    assert distance(found["mean_square"][-1], 0.02717) < 4
    assert distance(found["variance"][-1], 0.97283) < 4


def test_the_golden_weight_reaches_its_share_of_the_error_of_real_data(simulated, distance):
    options = {"known_variance": True}
    found = simulated("gaussian", "weighted:golden", options=options, samples=200, generations=15, replicates=20_000)["mean_square"]
    assert distance(found[-1], (math.sqrt(5) - 1) / 2 / 100) < 4


def test_without_sampling_error_a_family_too_small_jumps_once(simulated):
    found = simulated("gaussian", options={"sampling_error": False, "modes": 2}, replicates=3)
    assert found["variance"] == pytest.approx(5)
    assert found["mean_square"] == pytest.approx(0)


def test_without_sampling_error_an_imperfect_optimiser_drifts_geometrically(simulated):
    options = {"sampling_error": False, "pull": 1 - 0.7**4, "true_mean": 3}
    found = simulated("gaussian", options=options, replicates=3, generations=6)["mean_square"]
    assert numpy.sqrt(found[-1]) == pytest.approx(0.577644, abs=1e-6)


def test_two_modes_have_as_many_rows_as_chance_gives_each(simulated, apart):
    options = {"modes": 2.0, "true_mean": 1.0}
    assert apart(simulated("gaussian", options=options), simulated("gaussian", options=options, rows=True, seed=2)) < 4


def test_one_row_has_no_variance_left_and_no_logarithm():
    learner, rng = Gaussian(Fit()), numpy.random.default_rng(0)
    model = learner.fit(learner.real(3, 1, rng, 0), None, rng)
    found = learner.measure(model, frozenset(learner.series), rng)
    assert not learner.alive(model).any()
    assert numpy.isnan(found["log_variance"]).all()
    assert numpy.isnan(found["effective_rank"]).all()
    with pytest.raises(ConfigError, match="1 rows have no variance with ddof 1; take 2 or more"):
        Gaussian(Fit(ddof=1)).fit(learner.real(3, 1, rng, 0), None, rng)


def test_a_replicate_with_too_few_rows_keeps_its_model():
    learner = Gaussian(Fit())
    before = learner.fit(Sums(1, numpy.array([3.0, 4.0]), numpy.array([5.0, 6.0])), None, None)
    after = learner.fit(Sums(numpy.array([0, 2]), numpy.array([0.0, 1.0]), numpy.array([0.0, 4.0])), before, None)
    assert (after.mean.tolist(), after.variance.tolist()) == ([3.0, 1.0], [5.0, 2.0])


def test_moments_do_not_tell_rows():
    for call in (lambda: Gaussian(Fit()).take(None, 1, None), lambda: Gaussian(Fit()).edit(None, None, 1, None)):
        with pytest.raises(ConfigError, match="simulate the rows"):
            call()


@pytest.mark.parametrize(
    ("options", "rows"),
    [({"dim": 0}, False), ({"ddof": 2}, False), ({"variance_scale": 0}, False), ({"pull": 0}, False), ({"modes": -1}, False)]
    + [({"dim": 2, "modes": 1}, False), ({"sampling_error": False}, True)],
)
def test_options_out_of_range_are_refused(options, rows):
    with pytest.raises(ConfigError, match=r"^gaussian: \w+ is .*; take "):
        make("gaussian", options, rows=rows)
