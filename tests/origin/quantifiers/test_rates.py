"""Rogan and Gladen: the closed form, and coverage by simulation."""

import numpy as np
import pytest

from longtail.errors import UsageError
from longtail.origin.quantifiers.rates import rogan_gladen, smallest_share
from longtail.records import NotMeasured


def test_the_closed_form():
    found = rogan_gladen(500, 1000, tpr=(994, 1000), fpr=(42, 1000))
    assert found.share == pytest.approx((0.5 - 0.042) / (0.994 - 0.042))
    assert (found.flagged, found.unclipped) == (0.5, found.share)
    assert found.low < found.share < found.high


def test_a_share_outside_is_clipped_and_said():
    found = rogan_gladen(90, 1000, tpr=(160, 200), fpr=(20, 200))
    assert (found.share, found.low) == (0, 0)
    assert found.unclipped < 0 < found.high


def test_the_interval_is_the_published_one():
    """Lang & Reiczigel's formula, written out once more from their function."""
    z, n, k, n1, k1, n0, k0 = 1.959963984540054, 150, 23, 120, 110, 260, 11
    p, t, s = (k + z**2 / 2) / (n + z**2), (k1 + 1) / (n1 + 2), (n0 - k0 + 1) / (n0 + 2)
    share = (p + s - 1) / (t + s - 1)
    spread = p * (1 - p) / (n + z**2) + t * (1 - t) / (n1 + 2) * share**2 + s * (1 - s) / (n0 + 2) * (1 - share) ** 2
    centre = share + 2 * z**2 * (share * t * (1 - t) / (n1 + 2) - (1 - share) * s * (1 - s) / (n0 + 2))
    found = rogan_gladen(k, n, tpr=(k1, n1), fpr=(k0, n0))
    assert (found.low, found.high) == pytest.approx((centre - z * spread**0.5 / (t + s - 1), centre + z * spread**0.5 / (t + s - 1)))


def coverage(share, interval, draws=1500, n=5000, size=200, tpr=0.8, fpr=0.05):
    rng = np.random.default_rng(7)
    flagged = rng.binomial(n, share * tpr + (1 - share) * fpr, draws)
    hits, alarms = rng.binomial(size, tpr, draws), rng.binomial(size, fpr, draws)
    held = [low <= share <= high for low, high in map(interval, flagged, hits, alarms)]
    return np.mean(held)


def ours(flagged, hits, alarms):
    found = rogan_gladen(int(flagged), 5000, tpr=(int(hits), 200), fpr=(int(alarms), 200))
    return found.low, found.high


def target_only(flagged, hits, alarms):
    """Take the rates of the threshold for known: the defect."""
    p, t, f = flagged / 5000, hits / 200, alarms / 200
    share, half = (p - f) / (t - f), 1.96 * np.sqrt(p * (1 - p) / 5000) / (t - f)
    return share - half, share + half


@pytest.mark.parametrize("share", [0, 0.02, 0.1, 0.5, 1])
def test_the_interval_holds(share):
    assert coverage(share, ours) >= 0.92


def test_the_interval_holds_where_the_threshold_hardly_ever_errs():
    rng = np.random.default_rng(8)
    held = []
    for _ in range(1500):
        flagged, hits, alarms = rng.binomial(5000, 0.02 * 0.9 + 0.98 * 0.005), rng.binomial(200, 0.9), rng.binomial(200, 0.005)
        found = rogan_gladen(flagged, 5000, tpr=(hits, 200), fpr=(alarms, 200))
        held.append(found.low <= 0.02 <= found.high)
    assert np.mean(held) >= 0.92


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5])
def test_rates_taken_for_known_halve_the_coverage(share):
    assert 0.25 < coverage(share, target_only) < 0.62


def test_the_floor_falls_with_documents_but_not_below_what_the_reference_allows():
    few, many, endless = (smallest_share(n, tpr=(800, 1000), fpr=(50, 1000)) for n in (100, 10_000, 10**12))
    assert few > many > endless
    assert endless == pytest.approx(1.96 * np.sqrt(0.05 * 0.95 / 1000) / 0.75, rel=0.03)
    assert smallest_share(100, tpr=(5, 10), fpr=(5, 10)) == float("inf")


def test_no_error_among_few_is_not_no_error_ever():
    assert smallest_share(10**9, tpr=(20, 20), fpr=(0, 20)) > 0.05


def test_a_threshold_that_tells_nothing_apart_is_not_measured():
    found = rogan_gladen(10, 100, tpr=(10, 50), fpr=(10, 50))
    assert isinstance(found, NotMeasured)
    assert "flags 10 of 50 human and 10 of 50 machine texts" in found.reason


@pytest.mark.parametrize("counts", [(11, 10, (1, 2), (1, 2)), (-1, 10, (1, 2), (1, 2)), (1, 10, (3, 2), (1, 2)), (1, 10, (1, 2), (0, 0))])
def test_counts_that_cannot_be_are_refused(counts):
    flagged, n, tpr, fpr = counts
    with pytest.raises(UsageError, match="give a count from 0 to a total of 1 or more"):
        rogan_gladen(flagged, n, tpr=tpr, fpr=fpr)
