import numpy
import pytest
from scipy import special

from longtail.errors import ConfigError
from longtail.lab.learners import make
from longtail.lab.learners.gaussian import Fit
from longtail.lab.learners.gaussian_many import GaussianMany, bartlett, triangular


def test_the_determinant_falls_while_the_trace_stays(simulated, distance):
    found = simulated("gaussian", options={"dim": 10, "ddof": 1}, samples=100, generations=20, replicates=600)
    freedom = (100 - numpy.arange(1, 11)) / 2
    drift = (special.digamma(freedom) - numpy.log(99 / 2)).sum()
    assert drift == pytest.approx(-0.57612, abs=1e-5)
    assert distance(found["log_det"], drift * numpy.arange(1, 21)) < 4
    assert found["log_det"][-1].std() == pytest.approx(numpy.sqrt(20 * special.polygamma(1, freedom).sum()), rel=0.12)
    assert distance(found["trace"], 10) < 4
    assert distance(found["effective_rank"][[0, 9, 19]], numpy.array([9.47, 6.33, 4.63])) < 6


def test_bartlett_factors_have_the_law_of_scatter_matrices():
    rng, replicates = numpy.random.default_rng(0), 30_000
    for freedom in (2, 7):
        factor = bartlett(freedom, 3, replicates, rng)
        found = numpy.matmul(factor, numpy.swapaxes(factor, 1, 2))
        rows = rng.standard_normal((replicates, freedom, 3))
        direct = numpy.matmul(numpy.swapaxes(rows, 1, 2), rows)
        assert (numpy.linalg.matrix_rank(found[:50]) == min(freedom, 3)).all()
        for read in (lambda m: m, numpy.square, lambda m: m @ m):
            one, other = read(found), read(direct)
            error = numpy.sqrt((one.var(axis=0) + other.var(axis=0)) / replicates)
            assert (numpy.abs(one.mean(axis=0) - other.mean(axis=0)) < 4 * error).all()


def test_a_triangular_factor_has_the_same_product():
    columns = numpy.random.default_rng(0).standard_normal((4, 3, 7))
    for given in (columns, columns[:, :, :2]):
        factor = triangular(given)
        assert numpy.matmul(factor, numpy.swapaxes(factor, 1, 2)) == pytest.approx(numpy.matmul(given, numpy.swapaxes(given, 1, 2)))
        assert numpy.triu(factor, 1) == pytest.approx(0)


def test_fewer_rows_than_dimensions_lose_directions_for_good(simulated):
    found = simulated("gaussian", options={"dim": 5}, samples=3, generations=2, replicates=50)
    assert numpy.isnan(found["log_det"]).all()
    assert (found["effective_rank"] <= 2 + 1e-9).all()


def test_infinite_samples_and_a_known_variance_stay_at_the_truth(simulated):
    assert simulated("gaussian", options={"dim": 3, "sampling_error": False}, replicates=2)["w2_squared"] == pytest.approx(0, abs=1e-12)
    assert simulated("gaussian", options={"dim": 3, "known_variance": True}, replicates=2)["trace"] == pytest.approx(3)


def test_what_moments_cannot_tell_is_refused():
    learner, rng = GaussianMany(2, Fit(ddof=1)), numpy.random.default_rng(0)
    with pytest.raises(ConfigError, match="simulate the rows"):
        learner.take(None, 1, rng)
    with pytest.raises(ConfigError, match="simulate the rows"):
        learner.edit(None, None, 1, rng)
    with pytest.raises(ConfigError, match="same number of rows"):
        learner.real(2, numpy.array([3, 4]), rng, 0)
    with pytest.raises(ConfigError, match="1 rows have no variance with ddof 1; take 2 or more"):
        learner.fit(learner.real(2, 1, rng, 0), None, rng)
    assert make("gaussian", {"dim": 2}, rows=False).together(10) >= 1
