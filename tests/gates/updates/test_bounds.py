"""Bounds of a mean: closed forms for 0 and 1, and the exact level by all outcomes there are."""

import numpy as np
import pytest
from scipy.stats import beta, multinomial

from longtail.gates.bounds import bounds_of

LEVEL = 0.9
BAND = 0.009
"""Three standard errors of a level that 10,000 drawn weights show."""


@pytest.mark.parametrize(("ones", "of"), [(0, 100), (1, 30), (7, 20), (229, 230), (12, 12)])
def test_of_zeros_and_ones_the_bounds_are_those_of_clopper_and_pearson(ones, of):
    found = bounds_of(np.repeat([1.0, 0.0], [ones, of - ones]), (0.0, 1.0), LEVEL, seed=1)
    low = beta.ppf(1 - LEVEL, ones, of - ones + 1) if ones else 0.0
    high = beta.ppf(LEVEL, ones + 1, of - ones) if ones < of else 1.0
    spread = beta.std(max(ones, 1), max(of - ones, 1)) / 10
    assert (found.low, found.high) == (pytest.approx(low, abs=spread), pytest.approx(high, abs=spread))
    assert found.mean == ones / of


def outcomes(many):
    """All counts of items that gained, and that lost, among so many."""
    gained, lost = np.meshgrid(np.arange(many + 1), np.arange(many + 1), indexing="ij")
    inside = gained + lost <= many
    return gained[inside], lost[inside]


def lower_bounds(many, gained, lost):
    changes = (np.repeat([1.0, -1.0, 0.0], [up, down, many - up - down]) for up, down in zip(gained, lost, strict=True))
    return np.array([bounds_of(each, (-1.0, 1.0), LEVEL, seed=0).low for each in changes])


def test_the_lower_bound_misses_in_one_of_ten_at_most_whatever_the_chances_of_gain_and_loss():
    many = 9
    gained, lost = outcomes(many)
    low, counts = lower_bounds(many, gained, lost), np.stack([gained, lost, many - gained - lost], axis=1)
    grid = [(up, down) for up in np.linspace(0, 1, 21) for down in np.linspace(0, 1, 21) if up + down <= 1]
    misses = [multinomial.pmf(counts, many, [up, down, max(0.0, 1 - up - down)])[low > up - down + 1e-9].sum() for up, down in grid]
    assert max(misses) <= 1 - LEVEL + BAND
    assert max(misses) > 0.05


def test_both_sides_mirror_each_other_and_hold_the_mean():
    changes = np.random.default_rng(2).normal(0.05, 0.2, 80).clip(-1, 1)
    found, mirrored = bounds_of(changes, (-1, 1), LEVEL, 0), bounds_of(-changes, (-1, 1), LEVEL, 0)
    assert found.low < found.mean < found.high
    assert mirrored.high == pytest.approx(-found.low, abs=4e-3)
    assert bounds_of(changes, (-1, 1), LEVEL, 0) == found
