import math

import numpy
import pytest

from longtail.errors import ConfigError
from longtail.lab.theory import regression

LOOP = {"samples": 111, "dim": 10, "noise": 1.0}
SMALL = {"samples": 12, "dim": 3, "noise": 1.0}


def fits(rng, replicas, samples, dim, labels):
    """Least-squares fits to labels(inputs) on fresh inputs, shape (replicas, dim)."""
    inputs = rng.standard_normal((replicas, samples, dim))
    return numpy.linalg.solve(inputs.transpose(0, 2, 1) @ inputs, inputs.transpose(0, 2, 1) @ labels(inputs)[..., None])[..., 0]


def agrees(squares, expected):
    """The mean of the squared errors lies within 5 standard errors of what is expected."""
    return abs(squares.mean() - expected) < 5 * squares.std() / math.sqrt(squares.size)


def test_the_loops_have_the_printed_errors():
    assert regression.regression_first_error(**LOOP) == pytest.approx(0.1)
    asked = [1, 2, 5, 10, 20]
    assert regression.regression_replace_error(asked, **LOOP) == pytest.approx([0.1, 0.2, 0.5, 1.0, 2.0])
    assert regression.regression_accumulate_error(asked, **LOOP) == pytest.approx([0.1000, 0.1250, 0.1464, 0.1550, 0.1596], abs=5e-5)
    assert regression.regression_grown_error(asked, **LOOP) == pytest.approx([0.1000, 0.1500, 0.2283, 0.2929, 0.3598], abs=5e-5)


def test_accumulation_stays_below_its_bound_and_comes_near():
    errors = regression.regression_accumulate_error([1, 10, 10_000], **LOOP)
    bound = regression.regression_accumulate_bound(**LOOP)
    assert (errors < bound).all()
    assert errors[-1] == pytest.approx(bound, rel=1e-3)
    factors = regression.regression_accumulate_factor([1, 10, 10_000])
    assert factors * regression.regression_first_error(**LOOP) == pytest.approx(errors)


def test_the_first_error_and_a_chain_are_those_of_simulated_fits():
    rng = numpy.random.default_rng(1)
    teachers = fits(rng, 8000, 14, 3, lambda x: rng.standard_normal(x.shape[:2]) * 0.5)
    students = fits(rng, 8000, 12, 3, lambda x: (x @ teachers[..., None])[..., 0] + rng.standard_normal(x.shape[:2]))
    assert agrees((teachers**2).sum(axis=1), regression.regression_first_error(samples=14, dim=3, noise=0.25))
    expected = regression.regression_chain_error(teachers=1, teacher_samples=14, teacher_noise=0.25, **SMALL)
    assert agrees((students**2).sum(axis=1), expected)


def test_labels_added_to_the_same_inputs_have_the_exact_errors():
    rng = numpy.random.default_rng(2)
    inputs = rng.standard_normal((8000, 12, 3))
    solve = numpy.linalg.solve(inputs.transpose(0, 2, 1) @ inputs, inputs.transpose(0, 2, 1))
    kept, grown, labels = numpy.zeros((8000, 3)), numpy.zeros((8000, 3)), numpy.zeros((8000, 12))
    for i in (1, 2, 3):
        labels += (inputs @ kept[..., None])[..., 0] + rng.standard_normal((8000, 12))
        kept = (solve @ (labels / i)[..., None])[..., 0]
        grown = grown + (solve @ rng.standard_normal((8000, 12, i)).mean(axis=2)[..., None])[..., 0]
    assert agrees((kept**2).sum(axis=1), regression.regression_accumulate_error([3], **SMALL)[0])
    assert agrees((grown**2).sum(axis=1), regression.regression_grown_error([3], **SMALL)[0])


def test_growing_sets_of_fresh_inputs_have_the_exact_error():
    rng = numpy.random.default_rng(3)
    total = sum(fits(rng, 8000, 12 * i, 3, lambda x: rng.standard_normal(x.shape[:2])) for i in (1, 2))
    assert agrees((total**2).sum(axis=1), regression.regression_grown_fresh_error([2], **SMALL)[0])
    assert regression.regression_grown_fresh_error([5], **LOOP) < regression.regression_grown_error([5], **LOOP)


def test_a_chain_of_teachers_has_the_printed_error():
    settings = {"teacher_samples": 100, "teacher_noise": 0.25, "samples": 60, "dim": 20, "noise": 1.0}
    errors = [regression.regression_chain_error(teachers=n, **settings) for n in (0, 1, 3)]
    assert errors == pytest.approx([0.5128, 0.5761, 0.7027], abs=5e-5)


def test_interpolating_fits_lose_the_printed_share_without_noise():
    errors = regression.regression_interpolating_chain_error(range(1, 6), samples=40, dim=60)
    assert errors == pytest.approx([0.3333, 0.5556, 0.7037, 0.8025, 0.8683], abs=5e-5)
    rng, now = numpy.random.default_rng(4), numpy.tile([1.0, 0.0, 0.0, 0.0], (4000, 1))
    for _ in range(2):
        inputs = rng.standard_normal((4000, 3, 4))
        now = (numpy.linalg.pinv(inputs) @ (inputs @ now[..., None]))[..., 0]
    lost = ((now - [1.0, 0.0, 0.0, 0.0]) ** 2).sum(axis=1)
    assert agrees(lost, regression.regression_interpolating_chain_error([2], samples=3, dim=4)[0])


def test_wrong_labels_leave_the_printed_floor():
    settings = {"dim": 20, "noise": 1.0, "shift": 1.0}
    cases = [(400, 0.1), (4000, 0.1), (40_000, 0.1), (4000, 0.01), (4000, 0.0)]
    errors = [regression.regression_mixture_error(samples=n, share=1 - wrong, **settings) for n, wrong in cases]
    assert errors == pytest.approx([0.0675, 0.0155, 0.0105, 0.0052, 0.0050], abs=5.1e-5)
    for n, wrong in cases:
        floor = regression.regression_mixture_floor(samples=n, share=1 - wrong, **settings)
        assert floor == pytest.approx(20 / (n - 21) + wrong**2)


def test_wrong_labels_cost_what_simulated_fits_lose():
    rng = numpy.random.default_rng(5)

    def mixed(inputs):
        wrong = rng.random(inputs.shape[:2]) < 0.2
        return wrong * inputs[..., 0] + rng.standard_normal(inputs.shape[:2])

    found = (fits(rng, 3000, 200, 3, mixed) ** 2).sum(axis=1).mean()
    assert found == pytest.approx(regression.regression_mixture_error(samples=200, dim=3, noise=1.0, share=0.8, shift=1.0), rel=0.05)


def test_one_round_of_edits_costs_what_is_printed():
    base = regression.regression_first_error(**LOOP)
    errors = [regression.regression_edit_error(**LOOP, edited=share) / base for share in (0, 0.5, 0.9, 1)]
    assert errors == pytest.approx([1, 1.75, 1.99, 2])


@pytest.mark.parametrize(
    "refused",
    [
        lambda: regression.regression_first_error(samples=11, dim=10, noise=1.0),
        lambda: regression.regression_replace_error([1], samples=30, dim=10, noise=-1.0),
        lambda: regression.regression_accumulate_error([0], **LOOP),
        lambda: regression.regression_accumulate_bound(samples=5, dim=5, noise=1.0),
        lambda: regression.regression_accumulate_factor([0]),
        lambda: regression.regression_grown_error([1], samples=30, dim=0, noise=1.0),
        lambda: regression.regression_grown_fresh_error([1], samples=4, dim=4, noise=1.0),
        lambda: regression.regression_chain_error(teachers=-1, teacher_samples=30, teacher_noise=1.0, **LOOP),
        lambda: regression.regression_interpolating_chain_error([1], samples=4, dim=4),
        lambda: regression.regression_mixture_floor(share=1.1, shift=1.0, **LOOP),
        lambda: regression.regression_mixture_error(share=0.5, shift=-1.0, **LOOP),
        lambda: regression.regression_edit_error(edited=1.1, **LOOP),
    ],
)
def test_settings_out_of_range_are_refused(refused):
    with pytest.raises(ConfigError, match="does not apply outside that range|the first fit is generation 1"):
        refused()


def test_the_errors_of_a_chain_end_in_the_published_error_of_its_student():
    for teachers in (0, 1, 3):
        chain = regression.regression_chain_errors([teachers + 1], samples=[100] * teachers + [60], dim=20, noise=[0.25] * teachers + [1.0])
        student = regression.regression_chain_error(
            teachers=teachers, teacher_samples=100, teacher_noise=0.25, samples=60, dim=20, noise=1.0
        )
        assert chain[0] == pytest.approx(student)
    with pytest.raises(ConfigError, match="equally many"):
        regression.regression_chain_errors([1], samples=[30], dim=3, noise=[1.0, 1.0])
