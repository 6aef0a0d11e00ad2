"""What a rule keeps is counted again from the answers themselves."""

from collections import Counter

import numpy as np
import pytest

pytest.importorskip("torch", reason="the world's policy is a network")
pytest.importorskip("sklearn", reason="the neural part of the lab needs it")

from longtail.errors import ConfigError
from longtail.lab.makers import consistency
from longtail.lab.makers.consistency import Asked, gate_of, lacks, values

SUMS = 600
RIGHT = {"D": 0.3, "R": 0.1, "S": 0.8}


def answered(start, seed, problems, samples):
    """Return answers that are right at given rates by format; a wrong one is one of fifty sums."""
    rng = np.random.default_rng(seed)
    found = []
    for at in range(problems):
        formats = rng.choice([*RIGHT], size=samples + 1, p=[0.4, 0.3, 0.3]).tolist()
        sums = [100 if rng.random() < RIGHT[form] else int(rng.integers(50)) for form in formats]
        found.append(
            {
                "text": f"{at}",
                "claimed_answer": sums[0],
                "samples": sums[1:],
                "format": formats[0],
                "carries": at % 3,
                "true": "100",
                "right": sums[0] == 100,
            }
        )
    return tuple(found)


ALL = answered(None, 3, SUMS, 12)


@pytest.fixture
def _planted(monkeypatch):
    monkeypatch.setattr(consistency, "_answered", answered)
    monkeypatch.setattr(consistency, "base", lambda *_, **__: None)


def run(rule, place=1, **more):
    return {name: series[place] for name, series in values(Asked(rule=rule, problems=SUMS, **more), 3).items()}


def by_hand(least):
    found = []
    for each in ALL:
        (first, most), (_, next_most) = [*Counter(each["samples"]).most_common(2), (None, 0)][:2]
        if first == each["claimed_answer"] and most > next_most and most >= least * 12:
            found.append(each)
    return found


@pytest.mark.usefixtures("_planted")
@pytest.mark.parametrize("least", [0.0, 0.3, 0.4])
def test_what_agrees_is_what_counting_finds(least):
    found, kept = run("agreement", least=least), by_hand(least)
    assert found["kept"] == pytest.approx(len(kept) / SUMS)
    assert found["precision"] == pytest.approx(np.mean([each["right"] for each in kept]))
    formats = Counter(each["format"] for each in kept)
    assert [found[f"share_{name}"] for name in "DRS"] == pytest.approx([formats[name] / len(kept) for name in "DRS"])
    hard = Counter(each["carries"] for each in kept)
    assert found["retained_1"] == pytest.approx(hard[1] / sum(at % 3 == 1 for at in range(SUMS)))


@pytest.mark.usefixtures("_planted")
def test_the_audit_says_which_format_grew_and_that_one_lost_its_place():
    found = run("agreement")
    assert found["narrowed"] == 1 and found["place_low_S"] > 1 and found["place_high_R"] < 1
    assert found["best_share"] == found["share_S"] > run("agreement", 0)["share_S"] + 0.2


@pytest.mark.usefixtures("_planted")
def test_within_a_quota_the_formats_stay_as_they_were():
    found, every = run("quota"), run("quota", 0)
    assert found["divergence"] < 0.01 and found["kept"] < run("agreement")["kept"]
    assert found["precision"] > every["precision"] + 0.3 and every["kept"] == 1


@pytest.mark.usefixtures("_planted")
def test_the_majority_as_label_drops_nothing():
    found = run("majority")
    right = [Counter(each["samples"]).most_common(1)[0][0] == 100 for each in ALL]
    assert found["kept"] == 1 and found["precision"] == pytest.approx(np.mean(right), abs=0.02)


def test_the_rules_that_judge_are_gates_of_the_catalogue():
    assert gate_of(Asked(rule="majority")) is None
    assert [gate_of(Asked(rule=rule)).stages[0].name for rule in ("agreement", "quota")] == ["consistency", "quota"]
    assert lacks(Asked()) is None


@pytest.mark.usefixtures("_planted")
def test_before_the_gate_every_claim_is_kept():
    found = run("agreement", 0)
    assert found["kept"] == found["retained_2"] == 1 and found["divergence"] == found["narrowed"] == 0
    assert found["precision"] == pytest.approx(np.mean([each["right"] for each in ALL]))


def test_more_generations_than_there_are_are_refused():
    with pytest.raises(ConfigError, match="take 2"):
        Asked(generations=3)


def test_the_world_itself_runs_and_is_the_same_twice():
    asked = Asked(rule="agreement", problems=20, samples=4, width=16, cap=5)
    found, again = values(asked, 0), values(asked, 0)
    assert found.keys() == again.keys() and all(np.array_equal(found[name], again[name], equal_nan=True) for name in found)
