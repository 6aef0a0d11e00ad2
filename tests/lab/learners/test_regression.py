import numpy
import pytest

from longtail.errors import ConfigError
from longtail.lab.learners import make
from longtail.lab.learners.regression import LinearFresh
from longtail.lab.learners.regression_task import Task, noises

STEPS = numpy.arange(1, 11)
TEN = {"dim": 10}


def errors(simulated, policy, options=TEN, **told):
    return simulated("linear_regression", policy, options=options, **({"samples": 111, "generations": 10, "replicates": 4000} | told))[
        "error"
    ]


def test_replacing_adds_the_first_error_in_each_generation(simulated, distance):
    assert distance(errors(simulated, "replace", replicates=20_000), 0.1 * STEPS) < 4
    assert distance(errors(simulated, "replace", {"dim": 10, "inputs": "same"}), 0.1 * STEPS) < 4


def test_keeping_all_labels_of_the_same_inputs_gives_the_sum_of_inverse_squares(simulated, distance):
    found = errors(simulated, "accumulate", {"dim": 10, "inputs": "same"}, replicates=20_000)
    assert distance(found, 0.1 * numpy.cumsum(1 / STEPS**2)) < 4


def test_keeping_all_rows_with_new_inputs_costs_a_little_less(simulated):
    found = errors(simulated, "accumulate", generations=20, replicates=8000)[-1]
    assert found.mean() / (0.1 * 1.5962) == pytest.approx(0.975, abs=0.02)


def test_a_set_that_grows_gives_the_harmonic_sum_of_its_own_errors(simulated, distance):
    assert distance(errors(simulated, "grown"), numpy.cumsum(10 / (111 * STEPS - 11))) < 4


def test_a_fixed_budget_pays_more_than_keeping_all_and_stays_bounded(simulated):
    found = errors(simulated, "fixed_budget", rows=True, generations=10, replicates=400).mean(axis=1) / 0.1
    assert found[[4, 9]] == pytest.approx([2.39, 2.65], rel=0.07)


def test_a_chain_of_teachers_adds_up_their_errors(simulated, distance):
    options = {"dim": 20, "noise": "0.25,0.25,0.25,1"}
    found = errors(simulated, "replace", options, generations=4, schedule="list:100,100,100,60", replicates=20_000)
    assert distance(found[3], 0.7027) < 4
    for noise, schedule, expected in (("1", "list:60", 0.5128), ("0.25,1", "list:100,60", 0.5761)):
        told = {"schedule": schedule, "generations": schedule.count(",") + 1, "replicates": 20_000}
        assert distance(errors(simulated, "replace", {"dim": 20, "noise": noise}, **told)[-1], expected) < 4


def test_fewer_rows_than_dimensions_shrink_the_weights_without_any_noise(simulated, distance):
    found = simulated("linear_regression", options={"dim": 60, "noise": 0}, samples=40, generations=5, replicates=500)
    kept = (40 / 60) ** numpy.arange(1, 6)
    assert distance(found["norm"], kept) < 4
    assert distance(found["error"], 1 - kept) < 4


def test_noise_in_the_fit_of_least_norm_adds_its_own_error(simulated, distance):
    found = errors(simulated, "replace", {"dim": 30, "noise": 0.5}, samples=10, generations=1, replicates=2000)
    assert distance(found, 20 / 30 + 0.5 * 10 / (30 - 10 - 1)) < 4


@pytest.mark.parametrize(("rows", "share", "expected"), [(400, 0.1, 0.0675), (4000, 0.1, 0.0155), (4000, 0.01, 0.0052), (4000, 0, 0.0050)])
def test_foreign_labels_leave_a_floor_that_no_size_removes(rows, share, expected, simulated):
    found = errors(simulated, "replace", {"dim": 20, "foreign_share": share}, samples=rows, generations=1)
    assert found.mean() == pytest.approx(expected, rel=0.02)


def test_all_rows_may_be_foreign(simulated, distance):
    options = {"dim": 5, "foreign_share": 1, "foreign_distance": 2}
    assert distance(errors(simulated, "replace", options, samples=50, generations=1), 4 + 5 / 44) < 4


def test_inputs_that_are_drawn_after_the_fit_have_the_law_of_inputs_drawn_before():
    replicates, rows, dim = 40_000, 7, 3
    learner = LinearFresh(Task(dim))
    pool = learner.real(replicates, rows, numpy.random.default_rng(3), 0)
    gram = numpy.matmul(pool.columns, numpy.swapaxes(pool.columns, 1, 2))
    inputs = numpy.random.default_rng(4).standard_normal((replicates, rows, dim))
    direct = numpy.matmul(numpy.swapaxes(inputs, 1, 2), inputs)
    noise = numpy.random.default_rng(5).standard_normal((replicates, rows, 1))
    offset = numpy.linalg.lstsq(inputs[0], noise[0], rcond=None)[0]
    moment = numpy.matmul(numpy.swapaxes(inputs, 1, 2), noise)
    solved = numpy.linalg.solve(direct, moment)[..., 0]
    assert solved[0] == pytest.approx(offset[:, 0])
    for one, other in (
        (gram[:, 0, 0], direct[:, 0, 0]),
        (gram[:, 0, 1] ** 2, direct[:, 0, 1] ** 2),
        (numpy.linalg.slogdet(gram)[1], numpy.linalg.slogdet(direct)[1]),
        (numpy.einsum("ri,rij,rj->r", pool.offset, gram, pool.offset), numpy.einsum("ri,rij,rj->r", solved, direct, solved)),
        (numpy.abs(pool.offset[:, 0]) * gram[:, 0, 0], numpy.abs(solved[:, 0]) * direct[:, 0, 0]),
    ):
        assert abs(one.mean() - other.mean()) < 4 * numpy.hypot(one.std(), other.std()) / replicates**0.5


def test_the_inputs_of_a_pool_do_not_change_from_one_use_to_the_next():
    learner, rng = LinearFresh(Task(3)), numpy.random.default_rng(0)
    pool, other = learner.real(5, 8, rng, 0), learner.real(5, 8, rng, 0)
    assert numpy.array_equal(learner.join([(pool, 1.0)]).gram, learner.join([(pool, 1.0)]).gram)
    joined = learner.join([(pool, 1.0)])
    assert learner.fit(joined, None, rng).weights == pytest.approx(pool.fitted)
    twice = learner.join([(pool, 2.0), (other, 0.5)])
    assert twice.gram == pytest.approx(2 * joined.gram + 0.5 * learner.join([(other, 1.0)]).gram)


def test_weights_without_noise_stay_alive_until_they_are_zero():
    found = make("linear_regression", {"noise": 0, "dim": 2}, rows=False)
    model = found.fit(found.real(3, 5, numpy.random.default_rng(0), 0), None, numpy.random.default_rng(0))
    model.weights[1] = 0
    assert found.alive(model).tolist() == [True, False, True]


@pytest.mark.parametrize("rows", [9, 10, 11])
def test_a_size_with_an_infinite_expected_error_is_refused(rows, simulated):
    with pytest.raises(ConfigError, match=rf"^linear_regression: {rows} rows for dim 10 .*; take 12 rows or more, or noise 0$"):
        errors(simulated, "replace", samples=rows)
    assert errors(simulated, "replace", {"dim": 10, "noise": 0}, samples=rows, replicates=10).shape == (10, 10)


@pytest.mark.parametrize(
    ("name", "value"),
    [("dim", 0), ("foreign_share", 1.5), ("foreign_distance", -1.0), ("noise", -1.0), ("noise", "1,x"), ("noise", ""), ("inputs", "old")],
)
def test_options_out_of_range_are_refused(name, value):
    with pytest.raises(ConfigError, match=rf"^linear_regression: {name} is {value!r}; "):
        make("linear_regression", {name: value}, rows=False)


def test_noise_is_one_number_or_a_list():
    assert noises(0.5) == noises("0.5") == (0.5,)
    assert noises("0.25,1") == (0.25, 1.0)


def test_sums_of_products_do_not_tell_rows():
    for inputs in ("fresh", "same"):
        learner = make("linear_regression", {"inputs": inputs}, rows=False)
        for call in (learner.take, lambda data, rows, rng, learner=learner: learner.edit(data, None, rows, rng)):
            with pytest.raises(ConfigError, match="simulate the rows"):
                call(None, 1, numpy.random.default_rng(0))
