import math

import numpy
import pytest

from longtail.errors import ConfigError
from longtail.lab.learners import make
from longtail.lab.learners.poisson import Poisson, Total


def test_survival_is_the_exact_recursion(simulated, distance):
    found = simulated("poisson", options={"rate": 1}, samples=10, generations=100, replicates=20_000)
    g, exact = 1.0, []
    for _ in range(100):
        exact.append(1 - math.exp(-10 * g))
        g = 1 - math.exp(-g)
    assert numpy.allclose([exact[4], exact[19], exact[99]], [0.95588, 0.60006, 0.17752], atol=2e-5)
    assert distance(found["alive"][4:], numpy.array(exact)[4:]) < 4


def test_the_squared_error_grows_by_rate_over_rows_in_each_generation(simulated, distance):
    found = simulated("poisson", options={"rate": 2}, samples=50, generations=10, replicates=20_000)
    assert distance(found["mean_square"], 2 / 50 * numpy.arange(1, 11)) < 4
    assert distance(found["rate"], 2) < 4


def test_keeping_everything_bounds_the_error_by_the_sum_of_inverse_squares(simulated, distance):
    found = simulated("poisson", "accumulate", options={"rate": 1}, samples=30, generations=30, replicates=20_000)
    bound = numpy.cumsum(1 / numpy.arange(1, 31) ** 2)
    assert bound[-1] == pytest.approx(1.6122, abs=1e-4)
    assert distance(found["mean_square"], bound / 30) < 4


def test_rows_drawn_from_a_pool_are_simulated(simulated, apart):
    with pytest.raises(ConfigError, match="simulate the rows"):
        Poisson(1).take(Total(3, numpy.ones(2)), 1, numpy.random.default_rng(0))
    with pytest.raises(ConfigError, match="simulate the rows"):
        Poisson(1).edit(Total(3, numpy.ones(2)), numpy.ones(2), 1, numpy.random.default_rng(0))
    found = simulated("poisson", "fixed_budget", rows=True, options={"rate": 1}, samples=20, generations=4, replicates=4000)
    assert 1 / 20 * 1.5 < found["mean_square"][-1].mean() < 1 / 20 * 2.4


def test_no_rows_keep_the_model():
    assert Poisson(1).fit(Total(numpy.array([0, 2]), numpy.array([0.0, 4.0])), numpy.array([7.0, 7.0]), None).tolist() == [7.0, 2.0]


def test_a_gate_may_judge_rows_and_weights_may_not_count_them():
    rows = make("poisson", {}, rows=True)
    data = numpy.ones((2, 3, 1))
    assert rows.join([(data, 1.0), (data, 1.0)]).shape == (2, 6, 1)
    with pytest.raises(ConfigError, match="without weights"):
        rows.join([(data, 0.5), (data, 1.0)])
    with pytest.raises(ConfigError, match="equal numbers"):
        rows.real(2, numpy.array([1, 2]), numpy.random.default_rng(0), 0)


@pytest.mark.parametrize("rate", [0, -1, float("nan"), float("inf"), 1e12])
def test_a_rate_out_of_range_is_refused(rate):
    with pytest.raises(ConfigError, match=r"^poisson: rate is .*; take a number above 0"):
        make("poisson", {"rate": rate}, rows=False)
