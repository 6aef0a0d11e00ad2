"""The same scores gave these shares to quapy 0.2.3 (PyPI, 2026), which solves by SLSQP to about 1e-6 and searches HDy in 1/99."""

import numpy as np
import pytest
from scipy.special import ndtri

from longtail.origin.quantifiers import QUANTIFIERS, Scored

CENTRES = np.array([[0, 0], [1.8, 0], [0.5, 1.5]])
TWO = {
    0.05: {"acc": 0.064874788402877, "pacc": 0.06616731383134582, "hdy": 0.11111111111111112, "emq": 0.052565622734786745},
    0.3: {"acc": 0.31936007059556504, "pacc": 0.3111211114027524, "hdy": 0.32323232323232326, "emq": 0.2994136074039726},
    0.8: {"acc": 0.7952484973588643, "pacc": 0.789284105581373, "hdy": 0.7575757575757577, "emq": 0.795747903348328},
}
THREE = {
    (0.8, 0.1, 0.1): {
        "acc": (0.09153832479460454, 0.1223166939465834),
        "pacc": (0.10014650216691998, 0.11186551852299083),
        "emq": (0.09785450667415299, 0.10701181523732446),
    },
    (0.3, 0.1, 0.6): {
        "acc": (0.09931482068185371, 0.6056626983829614),
        "pacc": (0.09732302970466546, 0.6055009378258136),
        "emq": (0.09615561747024558, 0.603715224958156),
    },
    (0.02, 0.9, 0.08): {
        "acc": (0.9068764249609325, 0.04443154763247499),
        "pacc": (0.8728730476113891, 0.07868786606495215),
        "emq": (0.9021045238634572, 0.07800252058009632),
    },
}
NEAR = {"acc": 5e-6, "pacc": 5e-6, "emq": 1e-7, "hdy": 0.0101}


def even(n, seed, width):
    """Return points spread evenly, the same on every machine."""
    return (0.5 + 0.17 * seed + np.arange(n)[:, None] * [0.6180339887498949, 0.7548776662466927, 0.5698402909980532][:width]) % 1


def two(share, n, seed, gap=1.8):
    points = even(n, seed, 2)
    machine = points[:, 1] < share
    return (gap * (ndtri(np.clip(points[:, 0], 1e-6, 1 - 1e-6)) + gap * machine) - gap**2 / 2)[:, None], machine.astype(np.int64)


def three(shares, n, seed):
    points = even(n, seed, 3)
    origins = np.searchsorted(np.cumsum(shares)[:-1], points[:, 2], side="right")
    places = CENTRES[origins] + ndtri(np.clip(points[:, :2], 1e-6, 1 - 1e-6))
    return places @ CENTRES[1:].T - (CENTRES[1:] ** 2).sum(axis=1) / 2, origins.astype(np.int64)


@pytest.mark.parametrize("name", ["acc", "pacc", "hdy", "emq"])
@pytest.mark.parametrize("share", TWO)
def test_of_one_machine_origin(share, name):
    found = QUANTIFIERS[name].member(Scored(two(share, 600, 3)[0], *two(0.5, 400, 0)))
    assert found[0, 0] == pytest.approx(TWO[share][name], abs=NEAR[name])


@pytest.mark.parametrize("name", ["acc", "pacc", "emq"])
@pytest.mark.parametrize("shares", THREE)
def test_of_two_machine_origins(shares, name):
    found = QUANTIFIERS[name].member(Scored(three(shares, 900, 5)[0], *three([0.4, 0.3, 0.3], 600, 0)))
    assert found[0] == pytest.approx(THREE[shares][name], abs=NEAR[name])
