"""The loop with a policy that writes right answers at given rates, so that what each arm teaches can be told beforehand."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="the world's policy is a network")
pytest.importorskip("sklearn", reason="the neural part of the lab needs it")

from longtail.errors import ConfigError
from longtail.lab.makers import star
from longtail.lab.makers.star import Asked, gate_of, judged, values
from longtail.lab.worlds.arithmetic import LONGEST, PROMPT, Sums, all_sums, answer, encoded, named

PLACES = 90
RIGHT = {"D": 0.9, "R": 0.1, "S": 0.9}


def offered(many, rng, right=RIGHT):
    """Return completions in the mix .4/.3/.3 that are right at given rates; a wrong one names a sum that is too great by one."""
    sums = all_sums().take(rng.integers(10_000, size=many))
    kinds = rng.choice([*right], size=many, p=[0.4, 0.3, 0.3]).tolist()
    wrong = [int(rng.random() > right[kind]) for kind in kinds]
    rows = zip(sums.left.tolist(), sums.right.tolist(), kinds, wrong, strict=True)
    said = [answer(a, b + off, kind) for a, b, kind, off in rows]
    return star.Offered(sums, encoded([prompt + text for prompt, text in zip(sums.prompts, said, strict=True)], PROMPT + LONGEST), said)


def lesson(arm, monkeypatch, right=RIGHT):
    monkeypatch.setattr(star, "_offered", lambda policy, train, many, rng: offered(many, rng, right))
    rng = np.random.default_rng(5)
    first = offered(PLACES, rng, right)
    gate = gate_of(arm, {"D": 0.4, "R": 0.3, "S": 0.3}, PLACES)
    return star._lesson(None, first, all_sums(), Asked(arm=arm, places=PLACES), gate, rng)


def test_without_a_gate_a_generation_is_taught_all_that_was_written(monkeypatch):
    found = lesson("ungated", monkeypatch)
    assert (len(found.rows), found.written, found.narrowed) == (PLACES, 1, 0)
    assert found.noise == pytest.approx(0.34, abs=0.15)


def test_a_verifier_alone_lets_the_mix_move_and_its_audit_says_so(monkeypatch):
    found = lesson("verified", monkeypatch)
    assert (len(found.rows), found.noise, found.written, found.narrowed) == (PLACES, 0, 3, 1)
    assert found.shares[1] < 0.15


def test_with_a_quota_more_is_written_until_every_place_is_filled(monkeypatch):
    found = lesson("quota", monkeypatch)
    assert (len(found.rows), found.noise, found.written) == (PLACES, 0, 12)
    assert (found.shares * PLACES).round().tolist() == [36, 27, 27, 0]


def test_what_cannot_be_filled_stays_empty_and_nothing_is_made_up(monkeypatch):
    found = lesson("quota", monkeypatch, RIGHT | {"R": 0.0})
    assert (len(found.rows), found.written) == (63, 12)
    assert np.unique(found.rows, axis=0).shape[0] > 55


def test_the_verifier_of_the_gate_is_the_sum_that_python_finds():
    rng = np.random.default_rng(2)
    some = offered(200, rng)
    kept = judged(gate_of("verified", {}, 1), some)
    said = [int(text[-3:][::-1] if text[0] == "R" else text[-3:]) for text in some.said]
    assert kept.tolist() == [total == a + b for total, a, b in zip(said, some.sums.left.tolist(), some.sums.right.tolist(), strict=True)]
    assert judged(gate_of("verified", {}, 1), star.Offered(Sums(np.array([1]), np.array([2])), some.rows[:1], ["D3"])).tolist() == [False]


def test_the_loop_is_the_same_twice_and_begins_alike_in_every_arm():
    small = {"generations": 2, "places": 40, "lessons": 3, "batch": 8, "width": 16, "cap": 4}
    found, again, ungated = (values(Asked(arm=arm, **small), 1) for arm in ("quota", "quota", "ungated"))
    assert all(len(series) == 2 and np.array_equal(series, again[name], equal_nan=True) for name, series in found.items())
    for name in ("pass_1", "share_D", "least_held", "taught_S"):
        assert found[name][0] == ungated[name][0]


def test_the_mix_is_that_of_formats_that_were_written():
    assert star._mix(["D1", "D2", "S", "x", "R"]) == {"D": 0.5, "R": 0.25, "S": 0.25}
    assert named("x") is None


@pytest.mark.parametrize("wrong", [{"width": 24}, {"places": 0}, {"lessons": 0}])
def test_settings_that_cannot_be_are_refused(wrong):
    with pytest.raises(ConfigError, match=str(*wrong.values())):
        Asked(**wrong)
