import itertools

import pytest

from longtail.errors import LongtailError
from longtail.lab.run import run
from longtail.lab.settings import Change, Settings
from longtail.policies import POLICIES

FAMILIES = {
    "gaussian": {},
    "categorical": {"types": 8, "wrong": 0.1, "rewards": "0,1,2,3,4,5,6,7"},
    "bernoulli": {"p": 0.1},
    "poisson": {"rate": 0.3},
    "gmm": {"components": 3},
    "kde": {"bandwidth": 0.2},
    "linear_regression": {"dim": 3},
}
SPECS = {
    "window": "window:2",
    "fresh": "fresh:0.2,2,0.1",
    "expanding": "expanding:0.3",
    "blend": "blend:0.5,0.3,0.2",
    "keep_original": "keep_original:0.2",
    "weighted": "weighted:golden,0.4",
    "edit": "edit:0.5,0.5",
}
GATES = ("none", "random:0.5", "oracle:0.9,0.2", "top:0.5,0.1", "ball:1", "detector:0.8,0.2", "choose:3")
CHANGES = (Change(generation=3, drop=(1, 1)), Change(generation=4, reset=1), Change(generation=4, gate="none"))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("policy", [SPECS.get(entry.name, entry.name) for entry in POLICIES])
def test_every_family_policy_and_gate_runs_or_is_refused_in_words(family, policy):
    worked = 0
    for gate, changes in itertools.product(GATES, ((), CHANGES)):
        told = Settings(
            family=family, policy=policy, gate=gate, generations=4, samples=20, replicates=3, changes=changes, options=FAMILIES[family]
        )
        try:
            found = run(told)
        except LongtailError as error:
            assert len(str(error)) > 20
            continue
        worked += 1
        assert all(mean is None or mean == mean for series in found.series.values() for mean in series.mean)
    assert worked or policy.startswith("weighted")
