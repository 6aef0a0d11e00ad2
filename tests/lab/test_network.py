import numpy
import pytest

from longtail.errors import ConfigError
from longtail.lab.learners import make
from longtail.lab.network import network, whole_rows

FED = [[0, 1, 0], [0, 0, 1], [0.8, 0, 0]]


def learner(**options):
    return make("gaussian", {"known_variance": True} | options, rows=False)


def test_errors_follow_the_matrix_and_stand_beside_their_closed_form():
    found = network(learner(), FED, 50, 40, 20_000, seed=1)
    assert found.generations == tuple(range(1, 41))
    for name in ("mean_square_1", "mean_square_2", "mean_square_3"):
        series, theory = found.series[name], found.theory[name].value
        z = (numpy.array(series.mean) - theory) / numpy.array(series.se)
        assert abs(z).max() < 4
    assert [50 * found.theory[f"mean_square_{model}"].value[-1] for model in (1, 2, 3)] == pytest.approx([8.333, 7.333, 6.333], rel=0.01)


def test_generation_1_is_trained_on_real_rows_alone():
    found = network(learner(), FED, 50, 1, 20_000, seed=1)
    for model in (1, 2, 3):
        assert found.series[f"mean_square_{model}"].mean[0] == pytest.approx(1 / 50, rel=0.04)


def test_a_model_alone_is_the_policy_replace():
    found = network(learner(), [[1.0]], 100, 20, 20_000, seed=2)
    assert found.series["mean_square_1"].mean[-1] == pytest.approx(0.2, rel=0.04)


def test_every_family_that_fits_the_protocol_can_be_put_in_a_network():
    types = make("categorical", {"types": 30, "law": "zipf:1"}, rows=False)
    found = network(types, [[0.0, 0.5], [1.0, 0.0]], 40, 5, 200, seed=0, series=("support", "tail_mass"))
    assert set(found.series) == {"support_1", "support_2", "tail_mass_1", "tail_mass_2"}
    assert found.theory == {}
    support = {model: found.series[f"support_{model}"].mean[-1] or 0.0 for model in (1, 2)}
    assert support[2] < support[1]


@pytest.mark.parametrize("options", [{"known_variance": False}, {"variance_scale": 0.5}, {"sampling_error": False}])
def test_the_closed_form_stands_only_where_it_holds(options):
    assert network(learner(**options), FED, 50, 3, 10, seed=0).theory == {}


def test_more_replicates_keep_the_blocks_that_were_there():
    few, many = (network(learner(), FED, 50, 3, replicates, seed=5) for replicates in (8192, 8192 + 7))
    assert few.series["mean_square_1"].median != many.series["mean_square_1"].median
    assert few == network(learner(), FED, 50, 3, 8192, seed=5)


@pytest.mark.parametrize(
    "mixing, samples, rows",
    [
        ([[0.5, 0.25], [0, 0]], 100, [[25, 50, 25], [100, 0, 0]]),
        ([[1 / 3, 1 / 3], [0.1, 0.9]], 10, [[4, 3, 3], [0, 1, 9]]),
        ([[0.26, 0.26], [0, 1]], 10, [[5, 3, 2], [0, 0, 10]]),
        ([[0.1 + 0.2, 0.7], [0, 1]], 10, [[0, 3, 7], [0, 0, 10]]),
    ],
)
def test_shares_become_whole_rows_by_largest_remainders(mixing, samples, rows):
    assert whole_rows(mixing, samples).tolist() == rows


@pytest.mark.parametrize(
    "mixing, said",
    [
        ([[0.5, 0.6], [0, 0]], "no row may sum to more than 1"),
        ([[-0.1, 0.6], [0, 0]], "each must be 0 or more"),
        ([[0.5, 0.5]], r"shape \(1, 2\)"),
        ([[0.5], [0.5, 0.5]], "rows of unlike length"),
        ([], "shape"),
    ],
)
def test_a_matrix_that_mixes_nothing_is_refused(mixing, said):
    with pytest.raises(ConfigError, match=said):
        network(learner(), mixing, 10, 2, 5, seed=0)


@pytest.mark.parametrize("given", [{"samples": 0}, {"generations": 0}, {"replicates": 0}, {"series": ("support",)}])
def test_numbers_and_series_out_of_range_are_refused(given):
    with pytest.raises(ConfigError):
        network(learner(), FED, **{"samples": 10, "generations": 2, "replicates": 5, "seed": 0} | given)
