import numpy
import pytest
from scipy import stats

from longtail.errors import ConfigError, UnknownName
from longtail.gates import GATES, bound

POSITIONS = numpy.linspace(-3, 3, 601)[:, None]


def test_random_keeps_a_share_whatever_the_row_is():
    assert set(bound("random:0.3").call(POSITIONS)) == {0.3}


def test_a_ball_keeps_what_lies_within_its_radius_of_its_centre_in_any_dimension():
    kept = bound("ball:1,0.5").call(POSITIONS)
    assert numpy.array_equal(kept == 1, numpy.abs(POSITIONS[:, 0] - 0.5) <= 1)
    plane = numpy.array([[0.5, 0.9], [0.5, 1.1], [1.6, 0.0]])
    assert bound("ball:1,0.5").call(plane).tolist() == [1, 0, 0]


def test_an_oracle_keeps_right_and_wrong_rows_with_probabilities_of_their_own():
    assert bound("oracle:0.9,0.3").call(numpy.array([True, False])).tolist() == [0.9, 0.3]


def test_a_detector_keeps_what_it_calls_real():
    gate = bound("detector:0.8,0.1")
    assert gate.judges == "origin"
    assert gate.call(numpy.array([True, False])).tolist() == [0.8, 0.1]


def test_top_keeps_the_nearest_share_of_each_batch():
    rows = numpy.random.default_rng(0).standard_normal((3, 200, 2))
    kept = bound("top:0.25,0.5").call(rows)
    distance = numpy.hypot(rows[..., 0] - 0.5, rows[..., 1])
    assert kept.sum(axis=1).tolist() == [50, 50, 50]
    assert all(distance[at][kept[at]].max() < distance[at][~kept[at]].min() for at in range(3))


def test_choose_picks_rows_in_proportion_to_exp_reward():
    rewards = numpy.broadcast_to([0.0, 1.0, 2.0], (30_000, 3))
    chosen = numpy.bincount(bound("choose:3").call(rewards, numpy.random.default_rng(1)), minlength=3)
    law = numpy.exp([0.0, 1.0, 2.0])
    assert stats.chisquare(chosen, 30_000 * law / law.sum()).pvalue > 1e-4


def test_none_is_no_gate_and_an_unknown_one_is_named_with_the_nearest():
    assert bound("none") is None
    with pytest.raises(UnknownName, match="did you mean 'oracle'"):
        bound("orcale:1,1")


@pytest.mark.parametrize(
    ("spec", "values", "named"),
    [
        ("random:0", POSITIONS, "keeps nothing"),
        ("random:1.2", POSITIONS, "1.2"),
        ("top:0", POSITIONS, "keeps nothing"),
        ("ball:0", POSITIONS, "keeps nothing"),
        ("oracle:0,1", numpy.array([True]), "keeps nothing"),
        ("oracle:0.5,2", numpy.array([True]), "psi"),
        ("detector:0,0", numpy.array([True]), "keeps nothing"),
        ("detector:0.5,x", numpy.array([True]), "'x'"),
    ],
)
def test_a_gate_that_would_keep_nothing_or_has_no_probability_is_refused(spec, values, named):
    with pytest.raises(ConfigError, match=named):
        bound(spec).call(values)


def test_a_choice_of_one_is_refused():
    with pytest.raises(ConfigError, match="2 up"):
        bound("choose:1").call(numpy.zeros((2, 1)), numpy.random.default_rng(0))


def test_every_gate_says_what_it_judges():
    assert {entry.facts["judges"] for entry in GATES} == {"nothing", "position", "validity", "origin", "reward", "documents"}
