import numpy
import pytest
from scipy import stats

from longtail.errors import ConfigError
from longtail.lab.learners import make
from longtail.lab.learners.kde import Kernels


def test_a_fixed_bandwidth_blurs_without_end(simulated, distance):
    found = simulated("kde", rows=True, options={"bandwidth": "0.3"}, samples=200, generations=11, replicates=600)
    expected = [1 - 1 / 200]
    for _ in range(10):
        expected.append((1 - 1 / 200) * (expected[-1] + 0.09))
    assert numpy.allclose([expected[1], expected[10]], [1.0796, 1.8220], atol=1e-4)
    assert distance(found["variance"], numpy.array(expected)) < 4


def test_the_rule_of_thumb_widens_by_the_same_factor_in_each_generation(simulated, distance):
    factor = (1 - 1 / 100) * (1 + 1.06**2 * 100**-0.4)
    assert factor == pytest.approx(1.1663, abs=1e-4)
    found = simulated("kde", rows=True, samples=100, generations=6, replicates=1500)
    assert distance(found["variance"], 0.99 * factor ** numpy.arange(6)) < 4


def test_a_share_of_real_rows_bounds_the_blur(simulated, distance):
    options = {"bandwidth": 0.6, "spread": 0.36}
    found = simulated("kde", "fresh:0.5", rows=True, options=options, samples=2000, generations=10, replicates=60)
    model = 0.36 + 0.36 * (1 - 0.5 ** numpy.arange(1, 11)) / 0.5
    assert numpy.allclose(model[[0, 1, 9]], [0.72, 0.90, 1.0793], atol=1e-4)
    assert distance(found["variance"], model - 0.36) < 4


def test_the_loss_is_that_of_an_independent_kernel_estimate():
    learner, rng = make("kde", {"bandwidth": 0.4}, rows=True), numpy.random.default_rng(0)
    data = learner.real(2, 30, rng, 0)
    found = learner.measure(learner.fit(data, None, rng), frozenset(["nll"]), rng)["nll"]
    nodes = stats.norm.ppf((numpy.arange(64) + 0.5) / 64)
    for rows, value in zip(data[..., 0], found, strict=True):
        other = stats.gaussian_kde(rows, bw_method=0.4 / rows.std(ddof=1))
        assert value == pytest.approx(-other.logpdf(nodes).mean())


def test_a_loss_far_from_all_rows_is_finite_and_without_a_width_it_does_not_exist():
    learner, rng = make("kde", {}, rows=True), numpy.random.default_rng(0)
    model = Kernels(numpy.full((2, 3, 1), 50.0), numpy.array([0.1, 0.0]))
    found = learner.measure(model, frozenset(learner.series), rng)
    assert numpy.isfinite(found["nll"][0])
    assert numpy.isnan(found["nll"][1])
    assert learner.alive(model).tolist() == [True, False]


def test_one_row_has_no_rule_of_thumb(simulated):
    found = simulated("kde", rows=True, samples=1, generations=2, replicates=5)
    assert not found["alive"].any()
    assert (found["variance"] == 0).all()


def test_modes_are_lost_where_few_rows_are_resampled(simulated, distance):
    options = {"bandwidth": 0.2, "modes": 10}
    found = simulated("kde", rows=True, options=options, samples=30, generations=8, replicates=1500)
    assert distance(found["modes_alive"][0], 10 * (1 - 0.9**30)) < 4
    assert found["modes_alive"][-1].mean() < 7
    kept = simulated("kde", "accumulate", rows=True, options=options, samples=30, generations=5, replicates=200)["modes_alive"]
    assert (kept >= kept[0]).all()


def test_a_gate_narrows_what_comes_back(simulated):
    free, cut = (simulated("kde", gate=gate, rows=True, samples=50, generations=4, replicates=200) for gate in ("none", "top:0.5"))
    assert cut["variance"][-1].mean() < 0.5 * free["variance"][-1].mean()


@pytest.mark.parametrize("bandwidth", [0.0, -1.0, "0", "wide", "nan", "inf"])
def test_a_bandwidth_that_is_no_width_is_refused(bandwidth):
    with pytest.raises(ConfigError, match=rf"^kde: bandwidth is {bandwidth!r}; take a number above 0, or scott"):
        make("kde", {"bandwidth": bandwidth}, rows=True)


@pytest.mark.parametrize(("name", "value"), [("spread", 0), ("modes", 0), ("separation", -1.0), ("spread", float("nan"))])
def test_options_out_of_range_are_refused(name, value):
    with pytest.raises(ConfigError, match=rf"^kde: {name} is "):
        make("kde", {name: value}, rows=True)
