import numpy
import pytest

from longtail.errors import ConfigError
from longtail.lab.learners import make
from longtail.lab.learners.regression_rows import LinearRows
from longtail.lab.learners.regression_task import Task, Weights

SAME = {"dim": 4, "inputs": "same"}


@pytest.mark.parametrize(("share", "expected"), [(0.5, 1.75), (0.9, 1.99), (1.0, 2.0)])
@pytest.mark.parametrize("inputs", ["same", "fresh"])
def test_one_edit_of_a_share_of_the_labels_costs_what_the_closed_form_says(share, expected, inputs, simulated):
    options = {"dim": 4, "inputs": inputs}
    found = simulated("linear_regression", f"edit:{share}", rows=True, options=options, samples=300, generations=2, replicates=3000)[
        "error"
    ]
    assert found[1].mean() / found[0].mean() == pytest.approx(expected, rel=0.05)


def test_an_edit_changes_labels_of_as_many_rows_and_no_inputs():
    learner, rng = LinearRows(Task(3), same=True), numpy.random.default_rng(0)
    data = learner.real(6, 20, rng, 0)
    edited = learner.edit(data, Weights(numpy.full((6, 3), 9.0), 1), 7, rng)
    assert numpy.array_equal(edited[..., :-1], data[..., :-1])
    assert (numpy.count_nonzero(edited[..., -1] != data[..., -1], axis=1) == 7).all()


def test_models_label_the_same_inputs_or_new_ones():
    rng = numpy.random.default_rng(0)
    for same in (True, False):
        learner = LinearRows(Task(3), same=same)
        data = learner.real(2, 20, rng, 0)
        model = learner.fit(learner.sample(learner.fit(data, None, rng), 20, rng), learner.fit(data, None, rng), rng)
        assert numpy.array_equal(learner.sample(model, 20, rng)[..., :-1], data[..., :-1]) == same


def test_the_fit_is_least_squares_and_of_least_norm_where_it_is_not_unique():
    rng = numpy.random.default_rng(0)
    for rows, dim in ((20, 3), (5, 3), (4, 9)):
        learner = LinearRows(Task(dim), same=False)
        data = learner.real(3, rows, rng, 0)
        for each, weights in zip(data, learner.fit(data, None, rng).weights, strict=True):
            assert weights == pytest.approx(numpy.linalg.lstsq(each[:, :-1], each[:, -1], rcond=None)[0])


@pytest.mark.parametrize("rows", [False, True])
def test_the_same_inputs_are_labelled_a_whole_number_of_times_and_need_no_new_real_rows(rows, simulated):
    with pytest.raises(ConfigError, match="28 rows are asked for, which is no multiple of the 20 inputs"):
        simulated("linear_regression", "replace", rows=rows, schedule="power:0.5", options=SAME)
    with pytest.raises(ConfigError, match="new real rows have new inputs"):
        simulated("linear_regression", "fresh:0.5", rows=rows, options=SAME)


def test_foreign_labels_belong_to_fresh_inputs():
    with pytest.raises(ConfigError, match=r"^linear_regression: foreign_share is 0.1; take 0, or inputs fresh$"):
        make("linear_regression", {**SAME, "foreign_share": 0.1}, rows=True)


def test_rows_that_repeat_fewer_inputs_than_there_are_dimensions_have_a_fit():
    learner, rng = LinearRows(Task(3), same=True), numpy.random.default_rng(0)
    inputs = numpy.tile(rng.standard_normal((1, 2, 3)), (1, 4, 1))
    labels = inputs @ numpy.array([[1.0], [2.0], [3.0]])
    fitted = learner.fit(numpy.concatenate([inputs, labels], axis=2), None, rng).weights
    assert numpy.allclose(inputs @ fitted[..., None], labels)
    assert numpy.allclose(fitted[0], numpy.linalg.pinv(inputs[0]) @ labels[0, :, 0])
