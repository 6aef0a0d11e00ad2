"""The area under the curve of a next task: by hand, and its ratio to the base's beside a bootstrap."""

import numpy as np
import pytest

from longtail.errors import ConfigError
from longtail.metrics.rollouts.plasticity import area, plasticity

STEPS = (0, 32, 64, 96)


def test_the_area_is_that_of_trapezia_over_the_length():
    assert area((0, 1, 3), (0.0, 1.0, 1.0)) == pytest.approx((0.5 + 2) / 3)
    assert area(STEPS, np.full((5, 4), 0.4)).tolist() == pytest.approx([0.4] * 5)


def test_the_note_on_training_gives_the_ratios_that_its_curves_have():
    base, held, free = (area(STEPS, each) for each in ((0.42, 0.87, 0.95, 0.97), (0.037, 0.24, 0.76, 0.89), (0.014, 0.006, 0.008, 0.018)))
    assert held / base == pytest.approx(0.581, abs=1e-3)
    assert free / base == pytest.approx(0.0119, abs=1e-3)


def test_the_interval_is_about_that_of_a_bootstrap_over_probes():
    rng = np.random.default_rng(0)
    base = rng.uniform(0.5, 0.9, (30, 4))
    policy = base * rng.uniform(0.4, 0.8, (30, 1))
    found = plasticity(STEPS, policy, base)
    sides = area(STEPS, policy), area(STEPS, base)
    draws = rng.integers(30, size=(4000, 30))
    known = np.quantile(sides[0][draws].sum(axis=1) / sides[1][draws].sum(axis=1), (0.025, 0.975))
    assert found.ratio == pytest.approx(sides[0].sum() / sides[1].sum())
    assert (found.low, found.high) == (pytest.approx(known[0], abs=0.015), pytest.approx(known[1], abs=0.015))


@pytest.mark.parametrize(("share", "status"), [(0.5, "fail"), (0.8, "warn"), (0.97, "pass")])
def test_the_status_goes_by_the_upper_bound(share, status):
    base = np.random.default_rng(1).uniform(0.5, 0.9, (8, 4))
    policy = base * np.linspace(0.99, 1.01, 8)[:, None] * share
    assert plasticity(STEPS, policy, base).status == status


def test_one_probe_has_no_interval_and_a_base_that_learns_nothing_no_ratio():
    assert plasticity(STEPS, [[0.1] * 4], [[0.2] * 4]) is None
    assert plasticity(STEPS, np.ones((3, 4)), np.zeros((3, 4))) is None


@pytest.mark.parametrize(("steps", "values"), [((0,), (1.0,)), ((0, 0), (1.0, 1.0)), ((0, 1), (1.0, 1.0, 1.0))])
def test_curves_that_are_none_are_refused(steps, values):
    with pytest.raises(ConfigError, match="two points or more at rising steps"):
        area(steps, values)
