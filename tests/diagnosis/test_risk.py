"""Versions in the order of risk."""

import numpy as np
import pytest

from longtail.diagnosis.entry import entry_of
from longtail.diagnosis.records import Past, Reading, Version
from longtail.diagnosis.risk import risks_of


def past_of(shares, regime="unknown", depths=None):
    named = [{"human": 1 - share, "synthetic": share} if share is not None else {} for share in shares]
    depths = depths or [{}] * len(shares)
    made = [
        Version(name=f"v{at}", place=at, is_hole=not said, shares=said, depths=depth)
        for at, (said, depth) in enumerate(zip(named, depths, strict=True), start=1)
    ]
    return Past(versions=tuple(made), regime=regime)


def ranked(past, readings=()):
    return [risk.version for risk in risks_of(past, entry_of(past), readings)]


def bred(draw, shares, accumulates, rows=4000):
    """Depths of the rows of each training set: a model's row is one deeper than a row drawn from what its writer was trained on."""
    pools = []
    for share in shares:
        made = round(rows * share) if pools else 0
        source = (np.concatenate(pools) if accumulates else pools[-1]) if pools else np.zeros(1)
        pools.append(np.concatenate([np.zeros(rows - made), 1 + draw.choice(source, made)]))
    return [float(pool.mean()) for pool in pools]


@pytest.mark.parametrize("regime", ["replace", "accumulate"])
def test_the_order_is_that_of_planted_exposures(regime):
    draw = np.random.default_rng(4)
    compared = 0
    while compared < 25:
        shares = [0.0, *draw.choice(np.arange(1, 20) / 20, 5, replace=False)]
        exposures = bred(draw, shares, regime == "accumulate")
        if np.diff(sorted(exposures)).min() < 0.05:
            continue
        compared += 1
        expected = [f"v{at + 1}" for at in sorted(range(6), key=lambda at: -exposures[at])]
        assert ranked(past_of(shares, regime)) == expected


def test_recorded_depths_stand_in_place_of_what_would_be_expected():
    depths = [{"0": 1.0}, {"0": 0.5, "4": 0.5}, {"0": 0.2, "1": 0.8}]
    assert ranked(past_of([0, 0.5, 0.8], depths=depths)) == ["v2", "v3", "v1"]


def test_a_hole_stands_behind_known_exposure_and_before_what_is_clean():
    assert ranked(past_of([0, None, 0.01])) == ["v3", "v2", "v1"]


def test_a_partly_unknown_version_stands_before_a_clean_one():
    past = Past(
        versions=(Version(name="a", place=1, shares={"human": 1.0}), Version(name="b", place=2, shares={"human": 0.7, "unknown": 0.3}))
    )
    (first, second) = risks_of(past, entry_of(past))
    assert (first.version, second.version, second.score) == ("b", "a", 0.0)
    assert "up to 0.3" in first.because


def test_the_phase_of_outputs_counts():
    readings = [Reading(version="v2", place=2, path="", phase="late"), Reading(version="v3", place=3, path="", phase="healthy")]
    assert ranked(past_of([0, 0.4, 0.5]), readings)[0] == "v2"
    assert "its outputs: late" in risks_of(past_of([0, 0.4, 0.5]), entry_of(past_of([0, 0.4, 0.5])), readings)[0].because


def test_a_reading_is_found_by_place_where_its_name_is_no_version():
    reading = Reading(version="outputs-b", place=2, path="", phase="late")
    assert ranked(past_of([0, 0, 0]), [reading])[0] == "v2"
    assert ranked(past_of([0, 0, 0]), [Reading(version="v3", place=2, path="", phase="late")])[0] == "v3"


def test_what_is_alike_stands_in_order_of_place_and_ranks_count_from_one():
    risks = risks_of(past_of([0, 0, 0]), entry_of(past_of([0, 0, 0])))
    assert [(risk.version, risk.rank, risk.score) for risk in risks] == [("v1", 1, 0.0), ("v2", 2, 0.0), ("v3", 3, 0.0)]


def test_no_versions_have_no_risks():
    assert risks_of(Past(), entry_of(Past())) == ()
