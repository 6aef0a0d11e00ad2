"""Self-adaptation on an encyclopaedia: which questions decide, what a gate does, and series that hang on the seed alone."""

import numpy as np
import pytest

from longtail.errors import ConfigError
from longtail.lab.makers import seal
from longtail.lab.worlds.encyclopaedia import drawn

SMALL = {"width": 16, "steps": 10, "round_steps": 3, "device": "cpu"}


@pytest.fixture
def networks():
    pytest.importorskip("torch", reason="the worlds are small networks")
    pytest.importorskip("sklearn", reason="comes with the extra torch")


@pytest.mark.parametrize("arm", ["passages", "edits", "verified"])
def test_series_have_a_number_for_each_round_and_hang_on_the_seed_alone(networks, arm):
    asked = seal.Asked(arm=arm, generations=3, **SMALL)
    found = seal.values(asked, 0)
    assert {len(series) for series in found.values()} == {3}
    assert found["accepted"] == [0, 1, 2]
    assert all(np.isnan(series[0]) for name, series in found.items() if name in ("edits_true", "readable"))
    assert str(seal.values(asked, 0)) == str(found)
    assert str(seal.values(seal.Asked(arm=arm, generations=2, **SMALL), 1)) == str(
        seal.values(seal.Asked(arm=arm, generations=2, seed=1, **SMALL), 0)
    )


def test_behind_a_gate_that_accepts_nothing_the_model_stays_as_it_is(networks):
    found = seal.values(seal.Asked(gated=True, candidates=2, margin=0.0, generations=3, **SMALL), 0)
    assert found["accepted"] == [0, 0, 0]
    assert [len(set(found[name])) for name in ("new_right", "old_right")] == [1, 1]


def test_no_question_decides_and_is_told_of():
    old, new = drawn((6, seal.NEW), np.random.default_rng(3))
    probes = seal.Probes(seal.Start(None, old, new), np.random.default_rng(0))
    parts = [probes.choosing, probes.deciding, probes.told]
    assert sorted(np.concatenate(parts).tolist()) == list(range(4 * seal.NEW))
    assert sorted([*probes.kept.tolist(), *probes.kept_told.tolist()]) == list(range(4 * len(old)))


@pytest.mark.parametrize("given", [{"width": 20}, {"candidates": 2}, {"candidates": 0}, {"replay": 1.0}])
def test_settings_that_cannot_be_are_refused(given):
    with pytest.raises(ConfigError, match=next(iter(given))):
        seal.Asked(**given)
