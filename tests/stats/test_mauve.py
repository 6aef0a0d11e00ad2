"""The area under the divergence curve against closed forms, integration and mauve-text's definition."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import rel_entr

from longtail.stats.mauve import area_under, divergence_curve, mauve

RNG = np.random.default_rng(0)
P, Q = RNG.dirichlet(np.ones(12)), RNG.dirichlet(np.ones(12))


def plain(one, other, **settings):
    return float(mauve(one, other, added=0, **settings))


@pytest.mark.parametrize("added", [0, 0.5])
def test_equal_shares_have_the_whole_area(added):
    assert float(mauve(P, P, added=added)) == pytest.approx(1, abs=1e-12)
    assert float(mauve([3, 4, 0], [30, 40, 0], added=0)) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("scale", [1, 2, 5])
def test_shares_without_a_common_bin_have_the_area_of_the_formula(scale):
    """KL(p | w p + (1 - w) q) is -log w there, so that the curve is (1 - w)^c, w^c and its area a beta function."""
    truth = math.gamma(scale + 1) ** 2 / math.gamma(2 * scale + 1)
    assert plain([1, 2, 0, 0], [0, 0, 5, 1], scale=scale, points=4000) == pytest.approx(truth, rel=1e-5)
    assert scale != 5 or truth == pytest.approx(1 / 252)


def test_the_area_is_that_of_integration():
    def slope(w):
        r = w * P + (1 - w) * Q
        return math.exp(-5 * rel_entr(P, r).sum()) * 5 * math.exp(-5 * rel_entr(Q, r).sum()) * (Q * (Q - P) / r).sum()

    truth = abs(quad(slope, 0, 1, epsabs=1e-12)[0]) + math.exp(-5 * rel_entr(Q, P).sum())
    assert plain(P, Q, points=4000) == pytest.approx(truth, abs=1e-6)
    assert plain(P, Q) == pytest.approx(truth, abs=0.01)


def test_the_curve_is_that_of_a_loop_over_mixtures():
    across, up = divergence_curve(P, Q, added=0)
    for at, w in enumerate(np.linspace(1e-6, 1 - 1e-6, 25), 1):
        r = w * P + (1 - w) * Q
        assert across[at] == pytest.approx(math.exp(-5 * rel_entr(Q, r).sum()), abs=1e-14)
        assert up[at] == pytest.approx(math.exp(-5 * rel_entr(P, r).sum()), abs=1e-14)
    assert (across[0], up[0], across[-1], up[-1]) == (1, 0, 0, 1)
    assert len(across) == 27 and (np.diff(across) <= 0).all() and (np.diff(up) >= 0).all()


def test_the_area_is_that_of_trapezes():
    assert float(area_under((np.array([1.0, 0.5, 0.0]), np.array([0.0, 0.5, 1.0])))) == 0.5
    assert float(area_under((np.array([1.0, 1.0, 0.0]), np.array([0.0, 1.0, 1.0])))) == 1.0


def test_it_is_the_same_either_way_round():
    counts = RNG.integers(0, 40, 30), RNG.integers(0, 90, 30)
    assert float(mauve(*counts)) == pytest.approx(float(mauve(*counts[::-1])), abs=1e-14)


def test_it_rises_as_one_sample_is_mixed_into_the_other():
    found = [plain(P, (1 - share) * Q + share * P) for share in np.linspace(0, 1, 21)]
    assert (np.diff(found) > 0).all() and found[-1] == pytest.approx(1)


def test_half_a_count_is_added_to_every_bin():
    one, other = np.array([7, 0, 3, 0]), np.array([1, 4, 0, 0])
    assert float(mauve(one, other)) == pytest.approx(plain(one + 0.5, other + 0.5), abs=1e-14)
    assert float(mauve(one, other)) != pytest.approx(float(mauve(one[:3], other[:3])), abs=1e-6)


def test_relabellings_are_an_axis_of_their_own():
    one, other = RNG.integers(0, 40, (9, 5)), RNG.integers(0, 40, (9, 5))
    assert mauve(one, other) == pytest.approx([float(mauve(one[:, at], other[:, at])) for at in range(5)])


def test_numbers_kept_of_mauve_text():
    assert plain([0.5, 0.3, 0.2, 0.0], [0.25, 0.25, 0.25, 0.25]) == pytest.approx(0.6081135762448924, abs=1e-12)
