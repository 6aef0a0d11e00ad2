import math

import numpy
import pytest
from scipy import stats

from longtail.errors import ConfigError
from longtail.lab.learners import make
from longtail.lab.learners.bernoulli import Bernoulli, Count

KS = (1, 2, 5, 10, 20, 50)


def chain(n, p, generations):
    """Return the law of the count in each generation, (generations, n + 1), by the transition matrix."""
    counts = numpy.arange(n + 1)
    step = stats.binom.pmf(counts[None, :], n, counts[:, None] / n)
    laws = [stats.binom.pmf(counts, n, p)]
    for _ in range(generations - 1):
        laws.append(laws[-1] @ step)
    return numpy.array(laws)


def survival(k):
    found = 1.0
    for _ in range(k - 1):
        found = 1 - math.exp(-found)
    return found


def test_a_rare_value_survives_as_the_exact_chain_says(simulated, distance):
    found = simulated("bernoulli", options={"p": 0.01}, samples=100, generations=50, replicates=30_000)
    exact = 1 - chain(100, 0.01, 50)[:, 0]
    assert numpy.allclose(exact[[k - 1 for k in KS]], [0.63397, 0.47095, 0.27101, 0.16139, 0.09087, 0.04112], atol=1e-5)
    assert distance(found["present"], exact) < 4
    assert distance(found["share"], 0.01) < 4
    assert distance(found["heterozygosity"], 2 * 0.01 * 0.99 * 0.99 ** numpy.arange(1, 51)) < 4


def test_published_bounds_hold(simulated):
    found = simulated("bernoulli", options={"p": 0.01}, samples=100, generations=50, replicates=30_000)
    for k in KS:
        present, alive = found["present"][k - 1], found["alive"][k - 1]
        lower = 1 - math.exp(-survival(k))
        upper = 1 - math.exp(-survival(k)) * max(1 - 3 * 100 * 0.01**2 - 3 * k * 0.01, 0)
        slack = 4 * math.sqrt(0.25 / len(present))
        assert lower - slack <= present.mean() <= upper + slack
        assert 4 * 0.01 * 0.99 * 0.99**k - slack <= alive.mean() <= min(1, 2 * 100 * 0.01 * 0.99 * 0.99**k) + slack


def test_time_until_one_value_is_left_and_which_one_stays(simulated, distance):
    found = simulated("bernoulli", options={"p": 0.2}, samples=100, generations=900, replicates=3000)
    assert distance(1 + found["alive"].sum(axis=0), 98.267) < 4
    assert distance((found["share"][-1] == 1).astype(float), 0.2) < 4


def test_real_data_in_each_generation_bring_a_lost_value_back(simulated, distance):
    found = simulated("bernoulli", "fresh:0.2", options={"p": 0.02}, samples=50, generations=40, replicates=5000)
    assert distance(found["share"], 0.02) < 4
    assert found["present"][-1].mean() > 0.3


def test_rows_drawn_from_counts_are_hypergeometric():
    rng = numpy.random.default_rng(0)
    taken = Bernoulli(0.5).take(Count(20, numpy.full(50_000, 8.0)), 5, rng).hits
    expected = stats.hypergeom.pmf(range(6), 20, 8, 5) * len(taken)
    assert stats.chisquare(numpy.bincount(taken.astype(int), minlength=6), expected).pvalue > 1e-4


def test_the_number_of_rows_may_differ_between_replicates_and_no_rows_change_nothing():
    learner, rng = Bernoulli(0.5), numpy.random.default_rng(0)
    model = learner.fit(learner.real(3, numpy.array([10, 0, 5]), rng, 0), numpy.array([0.3, 0.3, 0.3]), rng)
    assert model[1] == 0.3


def test_weights_count_rows_more_often():
    joined = Bernoulli(0.5).join([(Count(10, numpy.array([5.0])), 2.0), (Count(10, numpy.array([0.0])), 0.5)])
    assert (joined.rows, joined.hits.tolist()) == (25, [10.0])


@pytest.mark.parametrize("p", [0, 1, -0.1, float("nan")])
def test_a_share_outside_0_and_1_is_refused(p):
    with pytest.raises(ConfigError, match=r"^bernoulli: p is .*; take a number above 0 and below 1$"):
        make("bernoulli", {"p": p}, rows=False)
