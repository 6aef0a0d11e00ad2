import numpy
import pytest

from longtail.errors import ConfigError
from longtail.gates import bound
from longtail.lab.learners import make


def budget(n, generations):
    """Return the mean variance in each generation where n rows are drawn from a pool that grows by n."""
    between, within, found = 1 / n, 1 - 1 / n, []
    for t in range(1, generations + 1):
        pool = t * n
        spread = within * pool / (pool - 1)
        fitted = (1 - 1 / n) * spread
        drift = between + spread / n * (1 - 1 / t)
        gap = spread / n * (1 - 1 / t) + fitted / n
        within = (t * within + fitted * (1 - 1 / n)) / (t + 1) + t * gap / (t + 1) ** 2
        between = (t**2 * between + 2 * t * between + drift + fitted / n) / (t + 1) ** 2
        found.append(fitted)
    return numpy.array(found)


def test_a_fixed_budget_follows_its_exact_recursion(simulated, distance):
    exact = budget(10, 10)
    assert exact[[0, 1, 2, 4, 9]] == pytest.approx([0.9, 0.83132, 0.80361, 0.77933, 0.75978], abs=1e-5)
    found = simulated("gaussian", "fixed_budget", rows=True, samples=10, generations=10, replicates=6000)
    assert distance(found["variance"], exact) < 4
    assert distance(found["variance"] + found["mean_square"], 1) < 4


@pytest.mark.parametrize("policy", ["keep_original:0.3", "edit:0.4", "fixed_budget"])
def test_drawing_and_rewriting_rows_conserves_total_variance(policy, simulated, distance):
    found = simulated("gaussian", policy, rows=True, samples=12, generations=5, replicates=8000)
    assert distance(found["variance"] + found["mean_square"], 1) < 4


def test_a_ball_about_another_centre_pulls_the_model_there(simulated):
    told = {"rows": True, "samples": 50, "generations": 6, "replicates": 200, "options": {"known_variance": True}}
    assert simulated("gaussian", gate="ball:1,2", **told)["mean_square"][-1].mean() > 1
    assert simulated("gaussian", gate="random:0.5", **told)["mean_square"][-1].mean() < 0.3


def test_cutting_at_one_standard_deviation_leaves_the_known_share_of_the_variance(distance):
    learner, rng = make("gaussian", {"known_variance": True}, rows=True), numpy.random.default_rng(0)
    model = learner.fit(numpy.zeros((500, 4, 1)), None, rng)
    written = learner.sample(model, 400, rng, bound("ball:1"))
    assert distance(numpy.square(written[..., 0]).mean(axis=1)[None], 0.29113) < 4


def test_several_dimensions_are_written_with_their_covariance():
    learner, rng = make("gaussian", {"dim": 2}, rows=True), numpy.random.default_rng(0)
    data = learner.real(1, 50, rng, 0) @ numpy.array([[2.0, 1.0], [0.0, 0.5]]) + 3
    written = learner.sample(learner.fit(data, None, rng), 200_000, rng)
    assert numpy.cov(written[0].T, ddof=0) == pytest.approx(numpy.cov(data[0].T, ddof=0), rel=0.05, abs=0.02)
    assert written[0].mean(axis=0) == pytest.approx(data[0].mean(axis=0), abs=0.03)


def test_rows_count_once_and_equally_many_in_each_replicate():
    learner, rng = make("gaussian", {}, rows=True), numpy.random.default_rng(0)
    with pytest.raises(ConfigError, match="rows count once each here"):
        learner.join([(learner.real(2, 3, rng, 0), 0.5)])
    with pytest.raises(ConfigError, match="equal numbers"):
        learner.real(2, numpy.array([1, 2]), rng, 0)
