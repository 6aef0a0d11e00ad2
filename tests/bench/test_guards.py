"""The measurement of guards, at a fiftieth of its size."""

import pytest

from bench.guards import DRIFTS, EDGE, HEALTHY, alarms, edges, first_alarms, power
from bench.rollouts import EACH, GROUPS, State, run


def test_healthy_runs_of_each_kind_raise_hardly_an_alarm():
    rows = list(alarms(HEALTHY, 1))
    assert len(rows) == len(HEALTHY)
    assert sum(row["any"] for row in rows) <= 2  # of 7 at .05: three come with a chance of .004


def test_a_planted_drift_is_found_by_its_guard():
    (row,) = power(1, [each for each in DRIFTS if each[0] == "entropy falls to a third"])
    assert (row["guard"], row["found"]) == ("entropy", 1)


def test_a_run_at_the_edge_is_told_beside_the_part_of_alpha_of_its_guard():
    row = next(edges(1))
    assert row["stated"] == pytest.approx(0.01)
    assert [guard for _, guard in EDGE] == ["entropy", "divergence"]


def test_a_made_run_is_the_same_twice_and_has_its_groups():
    first, again = ([row for step in run(lambda step: State(), 2, 7) for row in step] for _ in range(2))
    assert first == again
    assert len(first) == 2 * GROUPS * EACH


def test_alarms_are_those_of_the_guards_that_were_asked():
    assert first_alarms(HEALTHY[0], 3, names=["divergence"]) == {}
