"""Intervals against closed forms, and their coverage by simulation."""

import numpy as np
import pytest

from longtail.origin.bootstrap import nested_bootstrap
from longtail.origin.calibration import calibrate_many
from longtail.origin.interval import effective, interval
from longtail.origin.quantifiers import QUANTIFIERS, Scored


def plain(share, replicates, **kwargs):
    return interval(share, np.asarray(replicates, dtype=float), **{"clusters": 1e6, "groups": 10**6} | kwargs)


def test_far_from_the_ends_it_is_the_percentiles():
    replicates = np.random.default_rng(0).normal(0.5, 0.05, 20_000)
    found = plain(0.5, replicates)
    assert (found.low, found.high) == pytest.approx(np.quantile(replicates, [0.025, 0.975]), abs=2e-3)
    assert (found.level, found.silent) == (0.95, 0)


def test_a_skewed_interval_reaches_further_on_its_short_side():
    replicates = np.r_[np.full(500, 0.2), np.linspace(0.2, 0.4, 500)]
    low, high = np.quantile(replicates, [0.025, 0.975])
    found = plain(0.2, replicates)
    assert found.high == pytest.approx(high, abs=1e-3)
    assert found.low == pytest.approx(0.2 - (high - low) / 2, abs=1e-3)


def test_few_groups_widen_it_as_students_distribution_does():
    replicates = np.random.default_rng(0).normal(0.5, 0.01, 200_000)
    found = plain(0.5, replicates, groups=10)
    assert found.high - 0.5 == pytest.approx(0.01 * 2.2622 * (10 / 9) ** 0.5, rel=0.02)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_where_no_replicate_differs_wilsons_interval_is_left(share):
    found = plain(share, np.full(500, share), clusters=50)
    reach = 1.96**2 / (50 + 1.96**2)
    assert (found.low, found.high) == pytest.approx((max(share - reach, 0), min(share + reach, 1)), abs=1e-4)


def test_it_holds_the_share_and_stays_in_bounds():
    for share, replicates in ((0.0, [0.1] * 50), (0.4, [0.1] * 50), (1.0, [0.2] * 50)):
        found = plain(share, replicates, clusters=20)
        assert 0 <= found.low <= share <= found.high <= 1


def test_replicates_without_an_answer_are_counted_and_too_many_leave_no_interval():
    half = np.r_[np.full(95, 0.5), np.full(5, np.nan)]
    assert plain(0.5, half).silent == 5
    assert plain(0.5, np.r_[half, np.full(20, np.nan)]) is None
    assert plain(0.5, []) is None


def test_copies_count_once():
    assert effective(np.arange(40)) == pytest.approx(40)
    assert effective(np.arange(40) // 4) == pytest.approx(10)
    assert effective(np.array([0, 0, 0, 1])) == pytest.approx(16 / 10)
    assert effective(np.arange(4), np.array([1.0, 1, 0, 0])) == pytest.approx(2)
    assert effective(np.arange(4), np.zeros(4)) == 0


GAP, PAIRS, DOCUMENTS = 1.8124, 75, 150
"""Two Gaussians with an area under the curve of .9."""


def one_draw(share, rng, seed, fixed_reference=False):
    """Return the estimate, its replicates and the effective number of clusters, copies of a document being one."""
    twins = rng.normal(size=(PAIRS, 1)) * 0.3**0.5 + rng.normal(size=(PAIRS, 2)) * 0.7**0.5
    known, labels = (twins + [0, GAP]).reshape(-1, 1), np.tile([0, 1], PAIRS)
    clusters = np.sort(np.r_[np.arange(100), rng.integers(0, 100, DOCUMENTS - 100)])
    sought = (rng.normal(size=100) + GAP * (rng.random(100) < share))[clusters][:, None]

    def shares_of(ours, theirs):
        calibration = calibrate_many(known, labels, ours.astype(float))
        return QUANTIFIERS["mixture"].member(Scored(calibration.log_ratios(sought), known, labels, theirs, ours))

    replicates = nested_bootstrap(
        shares_of, np.repeat(np.arange(PAIRS), 2), labels, clusters, count=200, seed=seed, fixed_reference=fixed_reference
    )
    whole = shares_of(np.ones((1, 2 * PAIRS), dtype=np.int64), np.ones((1, DOCUMENTS), dtype=np.int64))
    return whole[0, 0], replicates[:, 0], effective(clusters)


def covered(share, draws):
    rng = np.random.default_rng(17)
    held = []
    for seed in range(draws):
        found, replicates, clusters = one_draw(share, rng, seed)
        interval_of = interval(found, replicates, clusters=clusters, groups=PAIRS)
        held.append(interval_of.low <= share <= interval_of.high)
    return np.mean(held)


@pytest.mark.slow
@pytest.mark.parametrize("share", [0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 1])
def test_the_interval_holds_for_every_share(share):
    assert covered(share, 300) >= 0.92


def test_the_interval_holds_where_few_documents_are_machine_made():
    assert covered(0.02, 100) >= 0.92


def test_a_reference_taken_for_known_gives_too_narrow_an_interval():
    rng = np.random.default_rng(17)
    held = []
    for seed in range(100):
        _, replicates, _ = one_draw(0.05, rng, seed, fixed_reference=True)
        low, high = np.quantile(replicates, [0.025, 0.975])
        held.append(low <= 0.05 <= high)
    assert np.mean(held) < 0.9
