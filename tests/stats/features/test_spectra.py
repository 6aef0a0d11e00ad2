"""Vendi scores, kernel entropy and the spectrum against closed forms, numpy and the package vendi-score."""

import math

import numpy as np
import pytest

from longtail.errors import ConfigError, UsageError
from longtail.stats.features.spectra import (
    effective_rank,
    kernel_entropy,
    kernel_entropy_of,
    log_determinant,
    participation_ratio,
    spectrum,
    total_variance,
    vendi,
    vendi_of_kernel,
)

from .rows import ONE, normal


@pytest.mark.filterwarnings("ignore:Please import:DeprecationWarning")
def test_the_frozen_vendi_scores_and_the_package_s():
    rows = np.random.default_rng(0).normal(size=(50, 8))
    assert vendi(rows) == pytest.approx(7.397530734332, abs=1e-11)
    assert vendi(rows, 2) == pytest.approx(6.908695000884, abs=1e-11)
    package = pytest.importorskip("vendi_score.vendi")  # it imports scipy by a name that scipy deprecates
    for order in (0.5, 1, 2, 7.5):
        assert vendi(rows, order) == pytest.approx(package.score_dual(rows, q=order), abs=1e-9)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    assert vendi(rows, math.inf) == pytest.approx(package.score_K(unit @ unit.T, q="inf"), abs=1e-9)
    assert vendi(rows[:5]) == pytest.approx(package.score_X(rows[:5]), abs=1e-9)


def test_both_forms_of_the_vendi_score_agree_and_its_orders_descend():
    rows = normal(20, 30, 1)
    unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    orders = [0, 0.3, 1, 1.0001, 2, 50, math.inf]
    found = [vendi(rows, order) for order in orders]
    assert found == pytest.approx([vendi_of_kernel(unit @ unit.T, order) for order in orders], rel=1e-9)
    assert found == sorted(found, reverse=True) and found[0] == 20
    assert vendi(rows * 3, is_normalised=False) == pytest.approx(vendi(rows, is_normalised=False))


def test_a_kernel_of_m_unlike_rows_scores_m_whatever_the_order():
    for order in (0, 0.5, 1, 2, math.inf):
        assert vendi_of_kernel(np.eye(4), order) == pytest.approx(4.0)
        assert vendi_of_kernel(np.ones((4, 4)), order) == pytest.approx(1.0)
    assert kernel_entropy_of(np.eye(6), is_unbiased=False) == pytest.approx(6.0)
    assert kernel_entropy_of(np.eye(6)) == math.inf
    assert kernel_entropy_of(np.ones((6, 6))) == pytest.approx(1.0)


def test_a_truncated_score_shares_out_what_it_cuts_and_is_no_greater_than_what_it_keeps():
    kernel = np.diag([4.0, 2.0, 1.0, 1.0])
    kept = np.array([4.0, 2.0]) / 8 + (2.0 / 8) / 2
    assert vendi_of_kernel(kernel * 4 / 8, keep=2) == pytest.approx(math.exp(-(kept * np.log(kept)).sum()))
    assert vendi(normal(50, 8, 0), keep=8) == pytest.approx(vendi(normal(50, 8, 0)))
    assert vendi(normal(50, 8, 0), keep=3) <= 3


def test_the_unbiased_kernel_entropy_holds_at_small_samples_where_the_plug_in_is_low():
    d, bandwidth = 3, 1.5
    truth = (1 + 4 / bandwidth**2) ** (d / 2)  # E exp(-|x-y|^2 / bandwidth^2) of standard normal rows
    found = {n: np.mean([1 / kernel_entropy(normal(n, d, seed), bandwidth) for seed in range(200)]) for n in (20, 200)}
    assert [1 / mean for mean in found.values()] == pytest.approx([truth] * 2, rel=0.05)
    assert kernel_entropy(normal(20, d, 0), bandwidth, is_unbiased=False) < truth * 0.75


def test_numbers_of_the_spectrum_are_numpy_s():
    rows = normal(60, 5, 2) @ np.diag([5.0, 2.0, 1.0, 0.5, 0.1])
    values = np.linalg.eigvalsh(np.cov(rows.T))[::-1]
    shares = values / values.sum()
    assert spectrum(rows) == pytest.approx(values)
    assert effective_rank(values) == pytest.approx(math.exp(-(shares * np.log(shares)).sum()))
    assert participation_ratio(values) == pytest.approx(values.sum() ** 2 / (values**2).sum())
    assert total_variance(rows) == pytest.approx(np.trace(np.cov(rows.T)))
    assert log_determinant(values, 5) == pytest.approx(np.linalg.slogdet(np.cov(rows.T))[1])
    assert log_determinant(values, 2) == pytest.approx(np.log(values[:2]).sum())


def test_few_rows_of_many_columns_have_the_spectrum_of_their_products():
    rows = normal(10, 40, 1)
    assert spectrum(rows)[:9] == pytest.approx(np.sort(np.linalg.eigvalsh(np.cov(rows.T)))[::-1][:9])
    assert spectrum(rows)[9] == 0


def test_constant_rows_have_no_directions_and_no_variance():
    constant = np.ones((20, 3))
    assert total_variance(constant) == 0 == effective_rank(spectrum(constant)) == participation_ratio(spectrum(constant))
    assert log_determinant(spectrum(constant), 2) == -math.inf
    assert vendi(constant) == pytest.approx(1.0)
    assert vendi(np.zeros((20, 3))) == 0.0
    assert vendi(np.array([[2.0, 0.0]])) == pytest.approx(1.0)


def test_an_even_spectrum_of_m_has_m_directions_and_one_direction_is_one():
    assert effective_rank(np.full(7, 0.3)) == pytest.approx(7.0) == participation_ratio(np.full(7, 0.3))
    assert effective_rank(np.array([5.0, 0.0, 0.0])) == pytest.approx(1.0) == participation_ratio(np.array([5.0]))
    assert log_determinant(np.array([1.0, math.e**2, math.e]), 2) == pytest.approx(3.0)
    assert log_determinant(np.zeros(0), 2) == -math.inf


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: vendi(ONE, -1), ConfigError, "order -1 does not exist; choose 0 or above"),
        (lambda: vendi(ONE, math.nan), ConfigError, "order nan"),
        (lambda: vendi_of_kernel(np.eye(3), -0.5), ConfigError, "order -0.5"),
        (lambda: vendi(ONE, keep=0), ConfigError, "0 eigenvalues; keep at least 1"),
        (lambda: vendi(np.zeros((0, 3))), UsageError, r"at least one row, got shape \(0, 3\)"),
    ],
)
def test_what_does_not_exist_is_refused_in_words(call, error, says):
    with pytest.raises(error, match=says):
        call()
