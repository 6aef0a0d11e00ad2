"""Every rule has its place in the one table of stages, moments and steps."""

from longtail.rules import RULES
from longtail.rules.chain import EDGES, NODES
from longtail.rules.stages import MISTAKES, MOMENTS, PLACES, STAGES, STEPS


def test_every_code_has_its_place_once():
    assert {entry.name for entry in RULES} <= set(PLACES)
    assert list(PLACES) == sorted(PLACES)
    assert set(PLACES) - {entry.name for entry in RULES} <= {"LT701", "LT890", "LT900"}


def test_places_are_of_the_named_stages_moments_and_steps_and_none_is_empty():
    stages, moments, steps = (set(each) for each in zip(*PLACES.values(), strict=True))
    assert (stages, moments, steps) == (set(STAGES), set(MOMENTS), set(STEPS))
    assert (len(STAGES), len(MOMENTS), len(STEPS), len(MISTAKES)) == (6, 4, 7, 7)


def test_the_seven_mistakes_stand_in_the_order_of_cause_and_effect():
    order = [code for codes in MISTAKES.values() for code in codes]
    assert set(order) <= set(NODES) and len(order) == len(set(order))
    assert all(order.index(one) < order.index(other) for one in order for other in EDGES.get(one, ()) if other in order)
