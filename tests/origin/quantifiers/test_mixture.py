"""The mixture against a grid, a general optimiser, expectation-maximisation and closed forms."""

import numpy as np
import pytest

from longtail.errors import UsageError
from longtail.origin.quantifiers import QUANTIFIERS, Scored
from longtail.origin.quantifiers.emq import emq
from longtail.origin.quantifiers.mixture import mixture

NONE = np.zeros(0, dtype=np.int64)


def scored(log_ratios, **kwargs):
    return Scored(np.asarray(log_ratios, dtype=float), np.zeros((0, np.shape(log_ratios)[-1])), NONE, **kwargs)


def drawn(share, n, seed=0, gap=1.8):
    rng = np.random.default_rng(seed)
    scores = rng.normal(size=n) + gap * (rng.random(n) < share)
    return (gap * scores - gap**2 / 2)[:, None]


def likelihood(shares, log_ratios, weights=1.0):
    return (weights * np.log(1 - np.sum(shares) + np.exp(log_ratios) @ np.atleast_1d(shares))).sum()


@pytest.mark.parametrize("share", [0.0, 0.02, 0.3, 0.9, 1.0])
def test_no_share_on_a_fine_grid_is_likelier(share):
    log_ratios = drawn(share, 500)
    found = mixture(scored(log_ratios))[0, 0]
    grid = np.linspace(0, 1, 20_001)
    best = grid[np.argmax([likelihood(each, log_ratios) for each in grid])]
    assert abs(found - best) <= 5.1e-5
    assert likelihood(found, log_ratios) >= likelihood(best, log_ratios) - 1e-9


def test_the_slope_of_the_likelihood_is_zero_to_ten_digits():
    log_ratios = drawn(0.3, 2000)
    gain = np.expm1(log_ratios[:, 0])
    found = mixture(scored(log_ratios))[0, 0]

    def slope(share):
        return (gain / (1 + share * gain)).sum()

    assert slope(found - 1e-10) > 0 > slope(found + 1e-10)


def test_the_closed_form_of_two_values():
    log_ratios = np.log([[2.0]] * 30 + [[0.5]] * 20)
    assert mixture(scored(log_ratios))[0, 0] == pytest.approx(30 / 50 * 2 - 20 / 50, abs=1e-10)


def test_rows_of_zero_change_nothing():
    log_ratios = drawn(0.3, 300)
    padded = np.vstack([log_ratios, np.zeros((500, 1))])
    assert mixture(scored(padded)) == pytest.approx(mixture(scored(log_ratios)), abs=1e-10)


def test_weights_are_copies_of_rows():
    log_ratios = drawn(0.4, 200)
    weights = np.random.default_rng(1).poisson(1, size=(7, 200))
    found = mixture(scored(log_ratios, target_weights=weights))
    copied = [mixture(scored(np.repeat(log_ratios, each, axis=0)))[0] for each in weights]
    assert found == pytest.approx(np.array(copied), abs=1e-10)


def test_log_ratios_of_each_replicate_are_used():
    stacked = np.stack([drawn(0.2, 400), drawn(0.7, 400, seed=1)])
    found = mixture(scored(stacked))
    assert found == pytest.approx(np.vstack([mixture(scored(each)) for each in stacked]), abs=1e-10)


def test_log_ratios_beyond_all_bounds_count_documents():
    certain = np.array([[np.inf]] * 30 + [[-np.inf]] * 70)
    assert mixture(scored(certain))[0, 0] == pytest.approx(0.3, abs=1e-10)
    assert mixture(scored(certain[:30]))[0, 0] == 1
    assert mixture(scored(certain[30:]))[0, 0] == 0


def test_nothing_said_is_not_measured():
    assert np.isnan(mixture(scored(np.zeros((10, 1))))).all()
    assert np.isnan(mixture(scored(np.c_[np.zeros(10), np.ones(10)]))).all()
    weights = np.array([[1, 0], [0, 1]])
    found = mixture(scored(np.array([[0.0], [2.0]]), target_weights=weights))
    assert np.isnan(found[0, 0])
    assert found[1, 0] == 1


def three_origins(n, shares, seed=0):
    rng = np.random.default_rng(seed)
    centres = np.array([[0, 0], [2, 0], [0.5, 1.5], [-1, 1]])
    points = centres[rng.choice(4, size=n, p=shares)] + rng.normal(size=(n, 2))
    return points @ centres[1:].T - (centres[1:] ** 2).sum(axis=1) / 2


@pytest.mark.parametrize("shares", [[0.4, 0.3, 0.2, 0.1], [1, 0, 0, 0], [0, 0.5, 0, 0.5], [0.9, 0.1, 0, 0]])
def test_of_three_machine_origins_no_general_optimiser_does_better(shares):
    from scipy.optimize import minimize

    log_ratios = three_origins(3000, shares)
    found = mixture(scored(log_ratios))[0]
    other = minimize(
        lambda each: -likelihood(each, log_ratios) / 3000,
        [0.25] * 3,
        bounds=[(0, 1)] * 3,
        constraints={"type": "ineq", "fun": lambda each: 1 - 1e-12 - each.sum()},
        options={"ftol": 1e-13, "maxiter": 500},
    )
    assert found.min() >= 0 and found.sum() <= 1 + 1e-12
    assert -other.fun * 3000 <= likelihood(np.minimum(found, 1 - 1e-15), log_ratios) + 1e-6
    assert found == pytest.approx(shares[1:], abs=0.08)


def test_one_origin_is_the_same_by_either_way():
    from longtail.origin.quantifiers.mixture import densities
    from longtail.origin.quantifiers.simplex import likeliest

    log_ratios = drawn(0.23, 1000)
    other = likeliest(densities(log_ratios), np.ones(1000))[1]
    assert mixture(scored(log_ratios))[0, 0] == pytest.approx(other, abs=1e-6)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.8])
def test_expectation_maximisation_settles_at_the_same_optimum(share):
    log_ratios = drawn(share, 1000)
    for prior in (0.5, 0.2):
        labels = (np.arange(100) < 100 * prior).astype(np.int64)
        both = Scored(log_ratios, np.ones((100, 1)), labels)
        assert emq(both) == pytest.approx(mixture(both), abs=1e-6)
    several = three_origins(1000, [0.4, 0.3, 0.2, 0.1])
    assert emq(scored(several)) == pytest.approx(mixture(scored(several)), abs=1e-5)


def test_all_quantifiers_are_known_by_name():
    assert [entry.name for entry in QUANTIFIERS] == ["acc", "emq", "hdy", "mixture", "pacc"]
    assert all(entry.settings == () for entry in QUANTIFIERS)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"target": np.full((3, 1), np.nan)}, "the target has log-ratios that are not numbers"),
        ({"target": np.zeros((3, 2))}, "2 machine origins and the reference 1"),
        ({"target_weights": np.ones((2, 4), dtype=np.int64)}, r"weights of the target have shape \(2, 4\)"),
        ({"labels": np.array([0, 2])}, "labels go from 0 to 2; 0 is human and 1 to 1 a machine"),
        ({"labels": np.array([0, 1, 1])}, r"reference have shape \(2, 1\); needed is \(3, K\)"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(changed, words):
    given = {"target": np.ones((3, 1)), "reference": np.ones((2, 1)), "labels": np.array([0, 1])} | changed
    with pytest.raises(UsageError, match=words):
        Scored(**given)
