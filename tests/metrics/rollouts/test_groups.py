"""Advantages and pass rates, beside closed forms and a count by hand."""

import math

import numpy as np
import pytest
from scipy.integrate import quad

from longtail.errors import ConfigError
from longtail.metrics.rollouts.groups import SCALES, advantages, chance_of_luck, groups_of, lone_success, pass_rate, state_of

# Advantage of one success among G: Bessel-corrected deviation, that of the population, none.
TABLE = {4: (1.50, 1.732, 0.75), 8: (2.475, 2.646, 0.875), 16: (3.75, 3.873, 0.9375), 32: (5.480, 5.568, 0.969), 64: (7.875, 7.937, 0.984)}


@pytest.mark.parametrize("size", TABLE)
def test_a_lone_success_has_the_advantage_of_the_table(size):
    for scale, stated in zip(("group", "population", "none"), TABLE[size], strict=True):
        assert lone_success(size, scale) == pytest.approx(stated, abs=1e-3)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("size", [2, 3, 8, 64])
def test_the_closed_form_is_what_the_formula_gives(size, scale):
    rewards = np.zeros(size)
    rewards[0] = 1.0
    found = advantages(rewards, scale)
    assert found[0] == pytest.approx(lone_success(size, scale), rel=1e-12)
    assert found.sum() == pytest.approx(0, abs=1e-12)
    if scale == "group":
        assert found[1] == pytest.approx(-1 / math.sqrt(size), rel=1e-12)


@pytest.mark.parametrize("scale", SCALES)
def test_a_group_that_agrees_teaches_nothing(scale):
    assert advantages([0.3] * 5, scale).tolist() == [0.0] * 5


def test_an_eps_bounds_a_tiny_deviation():
    assert abs(advantages([1.0, 1.0 + 1e-9])).max() == pytest.approx(math.sqrt(0.5))
    assert abs(advantages([1.0, 1.0 + 1e-9], eps=1e-3)).max() < 1e-6


def test_luck_at_one_per_cent_reaches_the_share_of_groups_that_was_derived():
    assert chance_of_luck(16, 0.01) == pytest.approx(0.15, abs=0.005)
    assert chance_of_luck(64, 0.01) == pytest.approx(0.47, abs=0.006)
    assert chance_of_luck(3, 1.0) == 1.0


@pytest.mark.parametrize(("successes", "n"), [(0, 8), (1, 8), (4, 8), (16, 16)])
def test_the_posterior_is_the_integral_of_the_likelihood(successes, n):
    rate = pass_rate(successes, n)

    def likelihood(p):
        return p**successes * (1 - p) ** (n - successes)

    whole = quad(likelihood, 0, 1)[0]
    assert rate.in_band == pytest.approx(quad(likelihood, 0.125, 0.9)[0] / whole, abs=1e-9)
    assert rate.mean == pytest.approx((successes + 1) / (n + 2))
    assert rate.low < rate.mean < rate.high


@pytest.mark.parametrize(
    ("successes", "n", "state"), [(4, 8, "active"), (0, 64, "deferred"), (1, 64, "review"), (64, 64, "retired"), (0, 0, "active")]
)
def test_a_prompt_is_put_where_its_posterior_lies(successes, n, state):
    assert state_of(pass_rate(successes, n)) == state


def test_groups_are_counted_as_by_hand_and_unscored_completions_are_left_out():
    names = ["a", "a", "b", "a", "b", "c"]
    rewards = [0.0, 1.0, 1.0, 0.0, 1.0, None]
    first, second, third = groups_of(names, names, [1, 1, 1, 1, 1, None], rewards, 0.5)
    assert (first.n, first.successes, first.varies, first.is_lone) == (3, 1, True, True)
    assert (second.n, second.successes, second.varies, second.is_lone) == (2, 2, False, False)
    assert (third.n, third.successes, third.varies, third.is_lone) == (0, 0, False, False)


@pytest.mark.parametrize(
    "call",
    [
        lambda: advantages([1.0]),
        lambda: advantages([1.0, 2.0], "by luck"),
        lambda: lone_success(1),
        lambda: lone_success(4, "by luck"),
        lambda: pass_rate(3, 2),
        lambda: pass_rate(1, 2, (0.9, 0.1)),
    ],
)
def test_what_is_no_group_is_refused(call):
    with pytest.raises(ConfigError):
        call()
