import math

import numpy
import pytest

from longtail.errors import ConfigError, UnknownName
from longtail.lab.learners import make
from longtail.lab.learners.categorical import law_of, tail

STEPS = numpy.arange(1, 11)


def test_the_chance_that_two_rows_differ_shrinks_by_one_in_n(simulated, distance):
    found = simulated("categorical", options={"types": 20, "law": "harmonic"}, samples=50, generations=10, replicates=5000)
    truth = law_of("harmonic", 20)
    assert distance(1 - found["simpson"], (1 - (truth**2).sum()) * (1 - 1 / 50) ** STEPS) < 4


def test_keeping_everything_multiplies_by_the_product_and_loses_no_type_after_generation_one(simulated, distance):
    options = {"types": 10, "law": "harmonic"}
    found = simulated("categorical", "accumulate", options=options, samples=20, generations=10, replicates=5000)
    truth = law_of("harmonic", 10)
    product = numpy.cumprod(1 - 1 / (20 * STEPS**2))
    assert product[-1] == pytest.approx(0.92415, abs=1e-5)
    assert distance(1 - found["simpson"], (1 - (truth**2).sum()) * product) < 4
    assert (found["support"] == found["support"][0]).all()
    assert distance(found["support"][0], (1 - (1 - truth) ** 20).sum()) < 4


def test_words_are_lost_as_the_survival_recursion_says(simulated):
    told = {"samples": 1000, "generations": 10, "replicates": 400, "series": ["support"]}
    found = simulated("categorical", options={"types": 1000, "law": "zipf:1:2.7"}, **told)["support"].mean(axis=1)
    left = [390.00, 292.47, 239.26, 204.53, 179.66, 160.79, 145.90, 133.79, 123.72, 115.19]
    assert found == pytest.approx(left, rel=0.008)


def test_random_draws_of_real_rows_settle_at_the_stationary_concentration(simulated, distance):
    options = {"types": 50, "law": "harmonic"}
    told = {"draws": "random", "samples": 200, "generations": 60, "replicates": 2000, "series": ["simpson"]}
    found = simulated("categorical", "fresh:0.1", options=options, **told)["simpson"]
    concentration, exact, a, n = (law_of("harmonic", 50) ** 2).sum(), [], 0.1, 200
    value = 1 / n + (1 - 1 / n) * concentration
    for _ in range(60):
        exact.append(value)
        value = 1 / n + (1 - 1 / n) * ((2 * a - a * a) * concentration + (1 - a) ** 2 * value)
    assert exact[-1] == pytest.approx(0.10398, abs=1e-5)
    assert distance(found, numpy.array(exact)) < 4


@pytest.mark.parametrize(("temperature", "entropy"), [(0.8, 0.6519), (1.25, 4.5428)])
def test_temperature_without_sampling_error_compounds(temperature, entropy, simulated):
    options = {"law": "harmonic", "temperature": temperature, "sampling_error": False}
    found = simulated("categorical", options=options, generations=6, replicates=1)["entropy"]
    assert found[0] == pytest.approx(3.6808, abs=1e-4)
    assert found[5] == pytest.approx(entropy, abs=1e-4)


def test_cutting_the_tail_without_sampling_error_compounds(simulated):
    options = {"types": 1000, "law": "harmonic", "top_p": 0.95, "sampling_error": False}
    found = simulated("categorical", options=options, generations=6, replicates=1)
    assert found["support"][:, 0].tolist() == [1000, 688, 482, 344, 250, 185]
    kept = simulated("categorical", options={"types": 30, "top_k": 4, "sampling_error": False}, replicates=1)["support"]
    assert kept[:, 0].tolist() == [30, 4, 4]


def test_an_oracle_decides_by_the_ratio_of_what_it_keeps(simulated):
    options = {"types": 5, "wrong": 0.3, "sampling_error": False}
    free, judged = (simulated("categorical", options=options, gate=gate, replicates=1)["correct"] for gate in ("none", "oracle:0.9,0.3"))
    assert free[1] == pytest.approx(0.7)
    assert judged[1] == pytest.approx(0.7 * 0.9 / (0.7 * 0.9 + 0.3 * 0.3))


def test_choosing_from_several_raises_the_reward(simulated, distance):
    options = {"types": 2, "law": "uniform", "rewards": f"0,{math.log(3)}"}
    found = simulated("categorical", options=options, gate="choose:2", samples=400, generations=2, replicates=300)
    better = 1 / 4 + 1 / 2 * 3 / 4
    assert distance(found["simpson"][1], (better**2 + (1 - better) ** 2) + 0.25 / 400 * 2) < 6


def test_the_tail_is_the_last_tenth_of_the_mass_with_ties_in_whole():
    assert tail(numpy.array([0.5, 0.41, 0.05, 0.04])).tolist() == [False, False, True, True]
    assert not tail(numpy.full(5, 0.2)).any()


def test_rows_drawn_or_rewritten_keep_their_number():
    learner, rng = make("categorical", {"types": 6}, rows=False), numpy.random.default_rng(0)
    data = learner.real(50, 30, rng, 0)
    taken = learner.take(data, 11, rng)
    assert (taken <= data).all()
    assert (taken.sum(axis=1) == 11).all()
    edited = learner.edit(data, learner.fit(data, None, rng), 12, rng)
    assert (edited.sum(axis=1) == 30).all()


def test_a_replicate_without_rows_keeps_its_model():
    learner = make("categorical", {"types": 2}, rows=False)
    before = numpy.array([[0.2, 0.8, 0.0]])
    assert learner.fit(numpy.zeros((1, 3)), before, None).tolist() == before.tolist()


@pytest.mark.parametrize(
    "options",
    [{"types": 1}, {"law": "normal"}, {"law": "zipf:x"}, {"law": "zipf:-1"}, {"temperature": 0}, {"top_p": 0}, {"top_k": 0}]
    + [{"wrong": 1}, {"rewards": "1,2"}, {"rewards": "a"}, {"types": "many"}],
)
def test_options_out_of_range_are_refused(options):
    with pytest.raises(ConfigError) as caught:
        make("categorical", options, rows=False)
    assert "\n" not in str(caught.value)


def test_an_option_that_no_family_has_is_refused():
    with pytest.raises(UnknownName, match="did you mean 'types'"):
        make("categorical", {"type": 3}, rows=False)
