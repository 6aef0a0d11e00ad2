"""The gate of updates in a loop: rollback, the best of several, and what goes wrong on the way."""

import copy

import numpy as np
import pytest

from longtail.errors import ConfigError
from longtail.gates.gain import Settings
from longtail.gates.updating import GainGate

ITEMS = 400


class Skill:
    """A model: the share of items of each kind that it answers right."""

    def __init__(self, new=0.5, keep=0.8, lucky=0.0):
        self.new, self.keep, self.lucky = new, keep, lucky


def scores(share):
    return (np.arange(ITEMS) < share * ITEMS).astype(float)


def gate(**more):
    told = {"eval_choose": lambda model: scores(model.new + model.lucky)} | more
    return GainGate(lambda model: scores(model.new), lambda model: scores(model.keep), Settings(), **told)


def learnt(new, keep=0.8, lucky=0.0):
    return lambda _: Skill(new, keep, lucky)


def test_an_accepted_update_takes_the_place_of_the_model():
    model, found = gate().try_(Skill(), learnt(0.7))
    assert (model.new, found.decision) == (0.7, "accept")


def test_a_rejected_update_hands_back_the_very_model_that_there_was():
    before = Skill()
    model, found = gate().try_(before, learnt(0.7, keep=0.7))
    assert model is before
    assert found.decision == "reject"


def test_the_best_of_several_is_chosen_on_items_that_do_not_decide():
    made = gate()
    model, found = made.try_(Skill(), learnt(0.6), learnt(0.75), learnt(0.7))
    assert (model.new, found.candidate, found.candidates) == (0.75, 1, 3)
    model, found = made.try_(Skill(), learnt(0.6), learnt(0.5, lucky=0.4))
    assert (model.new, found.candidate, found.decision) == (0.5, 1, "reject"), "what was only lucky is found out on other items"
    assert [each.decision for each in made.history] == ["accept", "reject"]


def test_the_best_of_many_that_do_nothing_is_accepted_no_more_often_than_one():
    rng = np.random.default_rng(5)

    def noisy():
        return lambda model: (rng.random(200) < 0.5).astype(float)

    accepted = 0
    for _ in range(50):
        made = GainGate(noisy(), lambda model: np.ones(300), eval_choose=noisy())
        accepted += made.try_(Skill(), *[learnt(0.5) for _ in range(6)])[1].accepted
    assert accepted <= 11, "at 10 %, more of 50 come in one of 100 only"


def test_several_without_other_items_are_refused():
    made = gate(eval_choose=None)
    with pytest.raises(ConfigError, match="2 updates and no eval_choose"):
        made.try_(Skill(), learnt(0.6), learnt(0.7))
    assert made.try_(Skill(), learnt(0.7))[1].accepted
    with pytest.raises(ConfigError, match="no update was handed over"):
        made.try_(Skill())


def test_losses_add_up_against_the_first_model():
    made, model = gate(base=Skill()), Skill()
    for step in range(1, 6):
        model, _ = made.try_(model, learnt(0.5 + step / 10, keep=0.8 - step / 200))
    assert [each.accepted for each in made.history].count(True) < 5
    assert model.keep >= 0.78


def test_an_update_in_place_is_rejected_since_nothing_could_be_handed_back():
    def change(model):
        model.new = 0.9
        return model

    found = gate().try_(Skill(), change)[1]
    assert (found.decision, "let it change a copy" in found.because) == ("reject", True)

    def change_a_copy(model):
        return change(copy.copy(model))

    before = Skill()
    assert gate().try_(before, change_a_copy)[1].accepted
    assert before.new == 0.5


def failing(_):
    raise RuntimeError("out of range")


def test_what_raises_is_rejected_with_what_was_raised():
    before = Skill()
    model, found = gate().try_(before, failing)
    assert (model is before, found.decision, found.because) == (True, "reject", "the update failed: RuntimeError: out of range")
    model, found = GainGate(failing, lambda model: scores(0.8)).try_(before, learnt(0.7))
    assert (model is before, found.because) == (True, "scoring failed: RuntimeError: out of range")


def test_updates_that_fail_leave_the_others_in_the_race():
    model, found = gate().try_(Skill(), failing, learnt(0.7), learnt(float("nan")))
    assert (model.new, found.candidate, found.candidates) == (0.7, 1, 3)


def test_drift_is_measured_against_a_budget():
    for drift, decision in ((0.01, "accept"), (0.2, "reject")):
        made = GainGate(lambda m: scores(m.new), lambda m: scores(m.keep), Settings(budget=0.05), eval_drift=lambda _, drift=drift: drift)
        assert made.try_(Skill(), learnt(0.7))[1].decision == decision


def test_a_gate_that_cannot_run_at_all_stops_the_loop():
    def broken(_):
        raise MemoryError

    with pytest.raises(MemoryError):
        gate().try_(Skill(), broken)
