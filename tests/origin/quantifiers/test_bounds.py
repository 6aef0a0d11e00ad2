"""Bounds from known human text alone, on samples whose share is known."""

import numpy as np
import pytest

from longtail.errors import ConfigError, UsageError
from longtail.origin.quantifiers.bbe import human_bound
from longtail.origin.quantifiers.dedpul import dedpul
from longtail.records import NotMeasured

SHARES = [0.0, 0.1, 0.3, 0.6, 0.9]


def samples(share, machine, rng, n=4000):
    """Return scores of human texts and of a target; `machine` makes those of machine texts."""
    known = rng.normal(-2, 1, n)
    target = np.where(rng.random(n) < share, machine(rng, n), rng.normal(-2, 1, n))
    return known, target


def apart(rng, n):
    """No machine text scores below -1: irreducible."""
    return np.maximum(rng.normal(2.5, 0.7, n), -1.0)


def among(rng, n):
    """Machine texts lie among the human ones: reducible."""
    return rng.normal(-1, 1, n)


def alike(rng, n):
    return rng.normal(-2, 1, n)


def draws(share, machine, count=30):
    rng = np.random.default_rng(11)
    return [samples(share, machine, rng) for _ in range(count)]


@pytest.mark.parametrize("share", SHARES)
def test_where_some_region_is_human_only_both_estimate_the_share(share):
    made = draws(share, apart)
    bounds = [human_bound(*each) for each in made]
    assert np.mean([abs(bound.human - (1 - share)) for bound in bounds]) <= 0.05
    assert np.mean([abs(dedpul(*each) - share) for each in made]) <= 0.05


@pytest.mark.parametrize("machine", [apart, among, alike])
@pytest.mark.parametrize("share", SHARES)
def test_the_bound_holds_whatever_the_machine_text_is_like(share, machine):
    bounds = [human_bound(*each) for each in draws(share, machine)]
    assert np.mean([bound.machine_at_least <= share for bound in bounds]) >= 0.9
    assert np.mean([bound.upper >= 1 - share for bound in bounds]) >= 0.9


@pytest.mark.parametrize("share", SHARES[2:])
def test_machine_text_among_human_text_gives_a_bound_only(share):
    made = draws(share, among)
    assert np.mean([human_bound(*each).human for each in made]) > 1 - share + 0.05
    assert np.mean([dedpul(*each) for each in made]) < share - 0.05


def test_machine_text_like_human_text_is_not_seen_at_all():
    made = draws(0.6, alike)
    assert max(human_bound(*each).machine_at_least for each in made) == 0
    assert np.mean([dedpul(*each) for each in made]) < 0.05


def test_a_share_that_still_falls_is_said_not_to_have_settled():
    assert np.mean([human_bound(*each).settled for each in draws(0.9, among)]) < 0.5
    assert np.mean([human_bound(*each).settled for each in draws(0.6, apart)]) > 0.9


def test_the_bound_is_the_best_of_all_thresholds():
    known, target = samples(0.4, apart, np.random.default_rng(2), n=150)
    slack = 2 * np.sqrt(np.log(40) / 300)
    tried = []
    for cut in np.concatenate([known, target]):
        ours, theirs = (known <= cut).mean(), (target <= cut).mean()
        if ours * 150 >= 2:
            tried.append((theirs / ours + slack * 1.01 / ours, theirs / ours))
    found = human_bound(known, target)
    assert (found.human + found.width, found.human) == pytest.approx(min(tried))


def test_what_cannot_be_bounded_is_said():
    assert isinstance(human_bound(np.zeros(1), np.zeros(9)), NotMeasured)
    with pytest.raises(UsageError, match="a score is not a number"):
        human_bound(np.array([np.nan, 1]), np.zeros(9))
    with pytest.raises(ConfigError, match="delta=0"):
        human_bound(np.zeros(9), np.zeros(9), delta=0)
    with pytest.raises(UsageError, match="3 human scores: needed are 20"):
        dedpul(np.arange(3.0), np.arange(30.0))
