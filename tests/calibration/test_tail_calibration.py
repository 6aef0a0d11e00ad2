"""A small version of the calibration in `bench/`: error rates of the tail family on real text, inside a wide band."""

import numpy as np
import pytest
from scipy.stats import binom

from bench.calibration import ALPHA, LOSS, MARGIN, Case, audited

QUICK = Case("pydoc", 2400, 1200)
SPLITS = 40


def most(rate: float, splits: int) -> int:
    """Return the count that a true rate exceeds once in a thousand runs."""
    return int(binom.ppf(0.999, splits, rate))


@pytest.fixture(scope="module")
def nulls():
    return [audited(QUICK, 1.0, repetition) for repetition in range(SPLITS)]


@pytest.mark.parametrize("endpoint", [0, 1], ids=["tail mass", "tail types"])
def test_p_values_are_small_no_more_often_than_they_say_in_either_direction(nulls, endpoint):
    p = np.array([estimates[endpoint].p for estimates in nulls])
    assert (p <= ALPHA).sum() <= most(ALPHA, SPLITS)
    assert (p >= 1 - ALPHA).sum() <= most(ALPHA, SPLITS)
    assert p.std() > 0.15, "p-values that do not vary are not p-values"


@pytest.mark.parametrize("endpoint", [0, 1], ids=["tail mass", "tail types"])
def test_ratios_are_one_on_average_where_nothing_was_lost(nulls, endpoint):
    values = np.array([estimates[endpoint].value for estimates in nulls])
    assert abs(values.mean() - 1) < 4 * values.std(ddof=1) / np.sqrt(SPLITS)


def test_nothing_lost_is_never_found_shrunk(nulls):
    assert not any(estimate.decision == "shrunk" for estimates in nulls for estimate in estimates)


@pytest.mark.parametrize("endpoint", [0, 1], ids=["tail mass", "tail types"])
def test_at_the_margin_neither_bound_is_on_the_wrong_side_more_often_than_it_says(endpoint):
    found = [audited(QUICK, MARGIN, repetition)[endpoint] for repetition in range(SPLITS)]
    assert sum(estimate.decision == "shrunk" for estimate in found) <= most(ALPHA, SPLITS)
    assert sum(estimate.low > MARGIN for estimate in found) <= most(ALPHA, SPLITS)


@pytest.mark.parametrize("endpoint", [0, 1], ids=["tail mass", "tail types"])
def test_a_large_loss_is_found(endpoint):
    found = [audited(QUICK, LOSS, repetition)[endpoint] for repetition in range(10)]
    assert sum(estimate.decision == "shrunk" for estimate in found) >= 8


@pytest.mark.slow
@pytest.mark.parametrize(
    "case", [Case("pydoc", 2400, 240), Case("pydoc", 2400, 4500), Case("pydoc", 1200, 600)], ids=lambda case: case.ratio
)
def test_unequal_and_small_samples_are_calibrated_too(case):
    splits = 100
    nulls = [audited(case, 1.0, repetition) for repetition in range(splits)]
    for endpoint in (0, 1):
        p = np.array([estimates[endpoint].p for estimates in nulls])
        assert (p <= ALPHA).sum() <= most(ALPHA, splits)
        assert (p >= 1 - ALPHA).sum() <= most(ALPHA, splits)
