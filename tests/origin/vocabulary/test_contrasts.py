"""Which periods are held against which, against a search over all triples."""

from datetime import date
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.origin.dates.dating import CUTOFF, Calendar
from longtail.origin.vocabulary.contrasts import BASE, BEFORE, MOST_CONTROLS, TARGET, Contrast, plans, roles


def calendar_of_years(*years):
    return Calendar("year", years, (500,) * len(years))


@given(st.sets(st.integers(2000, 2030), max_size=31))
def test_controls_are_all_triples_of_the_same_shape_that_end_before_the_cutoff(years):
    numbers = sorted(years)
    early, late = [year for year in numbers if year < 2022], [year for year in numbers if year > 2022]
    found = plans(calendar_of_years(*numbers), CUTOFF)
    assert len(found) == (len(late) if len(early) >= 2 else 0)
    for plan, target in zip(found, late, strict=False):
        before, base = early[-2:]
        assert [numbers[place] for place in plan.target.places] == [before, base, target]
        assert plan.target.reach == (target - base) / (base - before)
        alike = [each for each in combinations(early, 3) if each[1] - each[0] == base - before and each[2] - each[1] == target - base]
        latest = sorted(alike, key=lambda each: -each[2])[:MOST_CONTROLS]
        assert [tuple(numbers[place] for place in each.places) for each in plan.controls] == latest
        assert {each.reach for each in plan.controls} <= {plan.target.reach}


def test_the_period_that_holds_the_cutoff_is_neither_baseline_nor_target():
    (plan,) = plans(calendar_of_years(2019, 2020, 2021, 2022), date(2021, 6, 1))
    assert plan.target == Contrast((0, 1, 3), 2.0)


def test_reach_is_in_steps_of_the_baseline():
    (plan,) = plans(calendar_of_years(2017, 2021, 2023), CUTOFF)
    assert plan.target.reach == 0.5


@pytest.mark.parametrize("years", [(), (2021,), (2021, 2023, 2024), (2023, 2024, 2025), (2019, 2020, 2021)])
def test_without_two_earlier_periods_and_a_later_one_there_is_no_plan(years):
    assert plans(calendar_of_years(*years), CUTOFF) == []


def test_roles_stand_at_the_places_of_each_contrast():
    found = roles([Contrast((0, 1, 3), 2.0), Contrast((4, 2, 0), 1.0)], 5)
    assert found.tolist() == [[BEFORE, BASE, -1, TARGET, -1], [TARGET, -1, BASE, -1, BEFORE]]
    assert roles([], 5).shape == (0, 5)
