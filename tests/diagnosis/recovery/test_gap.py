"""The learner's own loss, where it is known."""

import numpy as np
import pytest

from longtail.diagnosis.recovery.gap import gap_of
from longtail.diagnosis.recovery.holdings import Profiles, holdings
from tests.diagnosis.recovery.lineages import Lineage


def gaps(planted):
    found = []
    for seed in range(12):
        lineage = Lineage(seed, human=1200, rows=600, versions=2, gap=planted)
        held = holdings(Profiles(lineage.reference, tuple(lineage.profiles), lineage.reservoir), ("1", "2"), 0.10)
        found.append(gap_of(held))
    return found


@pytest.mark.parametrize("planted", [1.0, 0.6])
def test_a_planted_loss_is_found_within_its_error(planted):
    found = gaps(planted)
    share = planted / (0.65 + 0.35 * planted)  # the rare 35 % of the mass, and all of it brought back to 1
    logs = np.array([np.log(each.factor / share) for each in found])
    errors = np.array([each.error for each in found])
    assert np.mean(np.abs(logs) <= 2.5 * errors) >= 0.9
    assert np.exp(logs.mean()) == pytest.approx(1.0, abs=0.08)


def test_one_version_alone_tells_no_gap(lineage):
    held = holdings(Profiles(lineage.reference, tuple(lineage.profiles[:1]), None), ("1",), 0.10)
    assert gap_of(held) == (1.0, 0.0)
