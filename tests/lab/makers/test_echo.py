"""The echo of a format: series that hang on the seed alone, and what a guard that fails the run changes."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the worlds are small networks")
pytest.importorskip("sklearn", reason="comes with the extra torch")

from longtail.lab.makers import echo
from longtail.lab.worlds.reinforcement import Step


def test_the_world_is_the_same_for_one_seed_and_its_series_have_a_number_for_each_half_epoch():
    asked = echo.Asked(width=16, cap=10, generations=2)
    first = echo.values(asked, 0)
    np.testing.assert_equal(echo.values(asked, 0), first)
    assert {len(series) for series in first.values()} == {2}
    assert sum(first[f"share_{name}"][0] for name in "DRS") <= 1
    assert {"warned_at", "failed_at", "alarms", "fallen", "taught", "drift"} <= set(first)
    assert first["taught"] == [10, 10]
    assert echo.lacks(asked) is None


def test_a_guarded_run_goes_on_against_the_own_format_once_the_guard_has_failed_it(monkeypatch):
    asked = echo.Asked(width=16, cap=10, generations=2, arm="guarded")
    taken = []
    monkeypatch.setattr(echo, "reinforced", lambda *given, beside: taken.append(given[-1]) or given[0])
    monkeypatch.setattr(echo.Guarded, "watch", lambda self, step: None)
    for failed, against in ((float("nan"), "group"), (5.0, "format")):
        monkeypatch.setattr(echo.Guarded, "first", lambda self, *statuses, at=failed: at)
        echo._run(asked, echo.begun(asked, 0), 0)
        assert taken[-1](Step(0, [], [], *[np.zeros(1)] * 4, np.ones(1)), None).against == against
