"""A small version of the calibration in `bench/`: error rates of the tail family on real text, inside a wide band."""

import numpy as np
import pytest
from scipy.stats import binom

from bench.audits import ALPHA, Case
from bench.calibration import ENDPOINTS, LOSS, MARGIN, split

QUICK = Case(1200, 2400)
SPLITS = 30


def most(rate: float, splits: int) -> int:
    """Return the count that a true rate exceeds once in a thousand runs."""
    return int(binom.ppf(0.999, splits, rate))


@pytest.fixture(scope="module")
def nulls():
    return [split("pydoc", QUICK, 1.0, repetition) for repetition in range(SPLITS)]


@pytest.fixture(scope="module")
def margins():
    return [split("pydoc", QUICK, MARGIN, repetition) for repetition in range(SPLITS)]


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_p_values_are_small_no_more_often_than_they_say_in_either_direction(nulls, endpoint):
    p = np.array([estimates[endpoint].p for estimates in nulls])
    assert (p <= ALPHA).sum() <= most(ALPHA, SPLITS)
    assert (p >= 1 - ALPHA).sum() <= most(ALPHA, SPLITS)
    assert p.std() > 0.15, "p-values that do not vary are not p-values"


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_ratios_are_one_on_average_where_nothing_was_lost(nulls, endpoint):
    values = np.array([estimates[endpoint].value for estimates in nulls])
    assert abs(values.mean() - 1) < 4 * values.std(ddof=1) / np.sqrt(SPLITS)


def test_nothing_lost_is_never_found_shrunk(nulls):
    assert not any(estimate.decision == "shrunk" for estimates in nulls for estimate in estimates.values())


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_at_the_margin_neither_bound_is_on_the_wrong_side_more_often_than_it_says(margins, endpoint):
    found = [estimates[endpoint] for estimates in margins]
    assert sum(estimate.decision == "shrunk" for estimate in found) <= most(ALPHA, SPLITS)
    assert sum(estimate.low > MARGIN for estimate in found) <= most(ALPHA, SPLITS)


def test_a_large_loss_is_found():
    found = [split("pydoc", QUICK, LOSS, repetition) for repetition in range(10)]
    for endpoint in ENDPOINTS:
        assert sum(estimates[endpoint].decision == "shrunk" for estimates in found) >= 8


@pytest.mark.slow
@pytest.mark.parametrize("case", [Case(240, 2400), Case(4500, 2400), Case(600, 1200)], ids=lambda case: case.ratio)
def test_unequal_and_small_samples_are_calibrated_too(case):
    splits = 100
    nulls = [split("pydoc", case, 1.0, repetition) for repetition in range(splits)]
    for endpoint in ENDPOINTS:
        p = np.array([estimates[endpoint].p for estimates in nulls])
        assert (p <= ALPHA).sum() <= most(ALPHA, splits)
        assert (p >= 1 - ALPHA).sum() <= most(ALPHA, splits)
