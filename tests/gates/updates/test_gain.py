"""The gate of updates: what it accepts, at which level, and what it does with scores that say nothing."""

import hashlib
import re

import msgspec
import numpy as np
import pytest
from scipy.stats import binom

from longtail.errors import ConfigError
from longtail.gates.gain import KEEP, NEW, TOTAL, UPDATES, Gain, Settings, Tried, gain, judged

GOOD = np.repeat([0.0, 1.0], [700, 300]), np.repeat([0.0, 1.0], [600, 400])
SAME = np.repeat([0.0, 1.0], [100, 400])


def answers(rng, right, better, items):
    """Whether items are answered right before and after an update whose chance of it is higher by so much."""
    before = rng.random(items) < right
    after = np.where(rng.random(items) < 0.8, before, rng.random(items) < right)
    gained = rng.random(items) < abs(better) / (1 - right if better > 0 else right)
    return before.astype(float), np.where(gained, better > 0, after).astype(float)


def decisions(trials, new, keep, items=1000, **settings):
    rng = np.random.default_rng(7)
    made = [Tried(answers(rng, 0.5, new, items), answers(rng, 0.8, keep, items)) for _ in range(trials)]
    return [gain(each, **settings).decision for each in made]


def test_an_update_that_gains_and_keeps_is_accepted():
    found = gain(Tried(GOOD, (SAME, SAME)))
    assert (found.decision, found.accepted) == ("accept", True)
    assert found.get(NEW).value == pytest.approx(0.1)
    assert found.get(KEEP).low > -0.01


def test_two_points_gained_for_three_points_of_retention_are_never_accepted():
    found = decisions(40, new=0.02, keep=-0.03)
    assert "accept" not in found
    assert found.count("reject") >= 34


def test_five_points_gained_for_none_are_mostly_accepted():
    assert decisions(25, new=0.05, keep=0.005, items=4000).count("accept") >= 20


def test_updates_that_do_nothing_are_accepted_in_one_of_ten_trials_at_most():
    rng = np.random.default_rng(3)
    found = [gain(Tried(answers(rng, 0.6, 0, 150), (SAME, SAME))).accepted for _ in range(150)]
    assert sum(found) <= binom.ppf(0.99, 150, 0.1)
    assert sum(found) >= 4, "a gate that never accepts has no level"


def test_an_update_that_changes_nothing_is_rejected_for_want_of_gain():
    assert gain(Tried((SAME, SAME), (SAME, SAME))).because.startswith("no gain on the new task +0.0000")


@pytest.mark.parametrize(("probes", "decision"), [(200, "review"), (260, "accept")])
def test_a_loss_below_a_point_is_not_shown_by_two_hundred_probes_that_lost_nothing(probes, decision):
    """Clopper and Pearson need 230: 1 - .1 ** (1 / 230) is .01."""
    quiet = np.ones(probes)
    assert gain(Tried(GOOD, (quiet, quiet))).decision == decision


def test_a_gain_that_is_not_sure_goes_to_review():
    found = gain(Tried((np.zeros(10), np.repeat([0.0, 1.0], [9, 1])), (SAME, SAME)))
    assert found.decision == "review"
    assert "is not sure" in found.because


def test_small_losses_add_up_against_the_first_model():
    base, now, after = (np.repeat([1.0, 0.0], [kept, 2000 - kept]) for kept in (1600, 1545, 1540))
    assert gain(Tried(GOOD, (now, after))).accepted
    found = gain(Tried(GOOD, (now, after), base=base))
    assert (found.decision, found.get(TOTAL).value) == ("reject", pytest.approx(-0.03))
    assert "since the first model" in found.because


@pytest.mark.parametrize(("drift", "decision"), [(0.04, "accept"), (0.06, "reject"), (float("nan"), "reject"), (None, "review")])
def test_a_budget_for_drift_is_kept_and_has_to_be_measured(drift, decision):
    assert gain(Tried(GOOD, (SAME, SAME), drift=drift), budget=0.05).decision == decision


BROKEN = {
    "nan": (Tried((SAME, np.full(500, np.nan)), (SAME, SAME)), "item 0 scored nan after"),
    "off the scale": (Tried((SAME, SAME * 100), (SAME, SAME)), "item 100 scored 100.0 after, which is not from 0 to 1"),
    "lengths": (Tried((SAME, SAME[1:]), (SAME, SAME)), r"shape \(500,\) before and \(499,\) after"),
    "a table": (Tried((SAME.reshape(2, -1), SAME.reshape(2, -1)), (SAME, SAME)), "not one for each item"),
    "words": (Tried((["right"], ["wrong"]), (SAME, SAME)), "the scores of delta_new are no numbers"),
    "infinite base": (Tried(GOOD, (SAME, SAME), base=SAME + np.inf), "delta_keep_total: item 0 scored inf before"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_scores_that_say_nothing_are_rejected_with_words(kind):
    tried, said = BROKEN[kind]
    found = gain(tried)
    assert (found.decision, found.changes) == ("reject", ())
    assert re.search(said, found.because), found.because


@pytest.mark.parametrize(("tried", "said"), [(Tried(([], []), (SAME, SAME)), "no item"), (Tried(GOOD, ([], [])), "no retention probe")])
def test_without_items_or_probes_it_is_for_a_person(tried, said):
    found = gain(tried)
    assert found.decision == "review"
    assert said in found.because


def test_what_is_wrong_weighs_more_than_what_is_missing():
    assert gain(Tried((SAME, SAME), ([], []))).decision == "reject"


def test_a_decision_can_be_checked_against_its_scores_and_read_back():
    found = gain(Tried(GOOD, (SAME, SAME)), margin=0.02, seed=4)
    state = hashlib.sha256()
    for name, pair in ((NEW, GOOD), (KEEP, (SAME, SAME))):
        state.update(f"{name}:{len(pair[0])}:".encode() + pair[0].tobytes() + pair[1].tobytes())
    assert found.scores == state.hexdigest()
    assert found.settings["margin"] == 0.02
    assert msgspec.json.decode(msgspec.json.encode(found), type=Gain) == found
    assert gain(Tried(GOOD, (SAME, SAME)), margin=0.02, seed=4) == found


def test_scores_on_another_scale_are_judged_alike():
    points = tuple(100 * scores for scores in GOOD), (100 * SAME, 100 * SAME)
    assert (
        judged(Tried(*points), Settings(margin=1, most=100)).decision == judged(Tried(GOOD, (SAME, SAME)), Settings()).decision == "accept"
    )


@pytest.mark.parametrize(
    "given", [{"level": 0.4}, {"level": 1}, {"margin": -0.1}, {"budget": float("nan")}, {"least": 1}, {"total": np.inf}]
)
def test_settings_out_of_range_are_refused(given):
    with pytest.raises(ConfigError, match=f"{next(iter(given))}|scores lie"):
        gain(Tried(GOOD, (SAME, SAME)), **given)


def test_the_settings_of_the_record_are_those_of_the_gate():
    assert set(UPDATES["gain"].settings) == set(Settings.__struct_fields__)
    assert gain(Tried(GOOD, (SAME, SAME))).settings == {name: getattr(Settings(), name) for name in Settings.__struct_fields__}
