import math

import numpy
import pytest
from scipy import integrate, stats

from longtail.errors import ConfigError
from longtail.lab.learners import make
from longtail.lab.learners.gmm import Mixture
from longtail.lab.run import run
from longtail.lab.settings import Settings

ENTROPY = math.log(2 * math.pi * math.e) / 2


def read(learner, model, *names):
    return learner.measure(model, frozenset(names), numpy.random.default_rng(0))


def mixture(weight, mean, variance):
    return Mixture(*(numpy.array([each], dtype=float) for each in (weight, mean, variance)))


def test_modes_die_as_types_do(simulated, apart):
    modes = simulated("gmm", options={"components": 25}, samples=100, generations=30, replicates=3000, series=["modes_alive"])
    types = simulated(
        "categorical", options={"types": 25, "law": "uniform"}, samples=100, generations=30, replicates=3000, series=["support"], seed=2
    )
    assert apart({"n": modes["modes_alive"]}, {"n": types["support"]}) < 4


def test_no_mode_dies_after_generation_one_where_everything_is_kept(simulated, distance):
    told = {"options": {"components": 25}, "samples": 60, "generations": 20, "series": ["modes_alive"]}
    alive = simulated("gmm", "accumulate", **told)["modes_alive"]
    assert (alive == alive[0]).all()
    assert distance(alive[0], 25 * (1 - (24 / 25) ** 60)) < 4


def test_the_truth_has_its_own_entropy_and_variance():
    learner = make("gmm", {"components": 4, "separation": 15}, rows=False)
    found = read(learner, learner.truth(3), *learner.series)
    assert found["modes_alive"].tolist() == [4, 4, 4]
    assert found["variance"] == pytest.approx(1 + 15**2 * (4**2 - 1) / 12)
    assert found["nll"] == pytest.approx(math.log(4) + ENTROPY)


def test_a_lost_mode_leaves_a_large_and_finite_loss():
    learner = make("gmm", {"components": 3, "separation": 12}, rows=False)
    model = mixture([0.7, 0.0, 0.3], [-12.3, 5.0, 11.0], [1.4, 0.0, 0.7])
    kept = [(0.7, -12.3, 1.4), (0.3, 11.0, 0.7)]

    def integrand(x):
        truth = sum(stats.norm.pdf(x, centre) for centre in (-12, 0, 12)) / 3
        logs = [math.log(w) + stats.norm.logpdf(x, m, math.sqrt(v)) for w, m, v in kept]
        return -truth * numpy.logaddexp(*logs)

    exact = integrate.quad(integrand, -24, 24, limit=500, points=[-12, 0, 12])[0]
    assert read(learner, model, "nll")["nll"] == pytest.approx(exact, rel=2e-3)


def test_a_mode_with_one_row_repeats_it_and_has_no_density():
    learner = make("gmm", {"components": 2}, rows=False)
    model = mixture([0.5, 0.5], [-10.0, 9.0], [1.0, 0.0])
    assert numpy.isnan(read(learner, model, "nll")["nll"]).all()
    assert learner.alive(model).all()
    rows = make("gmm", {"components": 2}, rows=True)
    written = rows.written(model, 100, numpy.random.default_rng(0))
    assert set(written[written > 0]) == {9.0}
    assert learner.sample(model, 100, numpy.random.default_rng(0)).scatter[0, 1] == 0


def test_a_single_point_can_no_longer_change():
    learner = make("gmm", {"components": 2}, rows=False)
    assert not learner.alive(mixture([0.0, 1.0], [-10.0, 9.0], [1.0, 0.0])).any()


def test_losses_that_do_not_exist_are_counted_and_left_out():
    found = run(Settings(family="gmm", samples=20, generations=8, replicates=400, options={"components": 6})).series["nll"]
    assert found.left_out[-1] > 0
    assert all(value is None or math.isfinite(value) for value in found.mean)


@pytest.mark.parametrize("rows", [False, True])
def test_new_real_rows_bring_a_lost_mode_back(rows, simulated):
    alive = simulated("gmm", "fresh:0.2", rows=rows, options={"components": 8}, samples=20, generations=15, replicates=500)["modes_alive"]
    assert ((alive[1:] > alive[:-1]).any(axis=0)).mean() > 0.9
    assert alive.max() <= 8


def test_replacing_everything_is_worse_than_keeping_everything(simulated):
    replace, kept = (
        simulated("gmm", policy, samples=50, generations=20, replicates=400, seed=3, series=["modes_alive", "variance"])
        for policy in ("replace", "accumulate")
    )
    for name in ("modes_alive", "variance"):
        assert stats.mannwhitneyu(replace[name][-1], kept[name][-1], alternative="less").pvalue < 0.01


def test_a_gate_judges_rows(simulated):
    cut = simulated("gmm", gate="ball:15", rows=True, options={"components": 3}, samples=60, generations=3, replicates=200)
    assert (cut["modes_alive"][-1] == 1).all()


@pytest.mark.parametrize(("name", "value"), [("components", 0), ("components", -2), ("separation", 3.0), ("separation", float("inf"))])
def test_options_out_of_range_are_refused(name, value):
    with pytest.raises(ConfigError, match=rf"^gmm: {name} is {value!r}; take "):
        make("gmm", {name: value}, rows=False)
