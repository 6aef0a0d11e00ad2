"""Different answers to one prompt against brute force over all orders and all subsets."""

import math
from itertools import combinations, permutations

import numpy as np
import pytest

from longtail.errors import UsageError
from longtail.stats.surface.novelty import classes, distinct_k, expected_distinct, utility_k


def near(one, other):
    """Numbers are alike where they differ by one: no equivalence, but its closure is."""
    return abs(int(one) - int(other)) <= 1


def same(one, other):
    return one == other


def components(answers, alike):
    """The classes by repeated joining."""
    groups = [{at} for at in range(len(answers))]
    joined = True
    while joined:
        joined = False
        for one, other in combinations(groups, 2):
            if any(answers[a] == answers[b] or alike(answers[a], answers[b]) for a in one for b in other):
                groups.remove(other)
                one |= other
                joined = True
                break
    return {frozenset(group) for group in groups}


def as_groups(labels):
    return {frozenset(np.flatnonzero(labels == each).tolist()) for each in np.unique(labels)}


@pytest.mark.parametrize("seed", range(20))
def test_classes_are_those_of_the_closure(seed):
    answers = [str(number) for number in np.random.default_rng(seed).integers(0, 30, 14)]
    assert as_groups(classes(answers, near)) == components(answers, near)


def test_no_order_of_the_answers_matters():
    answers = ["1", "3", "2", "7", "9", "7"]
    assert {len(np.unique(classes(order, near))) for order in permutations(answers)} == {3}
    assert {round(expected_distinct(classes(order, near), 3), 12) for order in permutations(answers)} == {
        round(expected_distinct([0, 0, 0, 1, 2, 1], 3), 12)
    }


def test_classes_are_numbered_as_first_seen_and_copies_are_not_asked_about():
    asked = []

    def alike(one, other):
        asked.append((one, other))
        return False

    assert classes(["b", "a", "b", "c", "a"], alike).tolist() == [0, 1, 0, 2, 1]
    assert asked == [("b", "a"), ("b", "c"), ("a", "c")]
    assert classes([], alike).tolist() == [] and classes(["x"], alike).tolist() == [0]


@pytest.mark.parametrize("drawn", [1, 2, 5, 9])
def test_the_expectation_is_the_mean_over_all_subsets(drawn):
    labels = np.random.default_rng(drawn).integers(0, 4, 9)
    truth = np.mean([len(set(some)) for some in combinations(labels.tolist(), drawn)])
    assert expected_distinct(labels, drawn) == pytest.approx(truth, abs=1e-12)


def test_copies_count_like_answers_written_out():
    assert expected_distinct([0, 1, 0], 3, copies=[4, 2, 1]) == pytest.approx(expected_distinct([0] * 5 + [1] * 2, 3))
    assert expected_distinct([0, 1], 2, copies=[1, 10**9]) == pytest.approx(1 + 2 / (10**9 + 1), abs=1e-6)


def test_rounding_leads_to_no_more_classes_than_there_are_answers():
    assert expected_distinct(np.arange(51), 10) == 10 and expected_distinct([0] * 51, 10) == 1
    assert all(expected_distinct(np.arange(51) % kinds, 50) <= kinds for kinds in range(1, 51))


@pytest.mark.parametrize("drawn", [0, 4])
def test_more_answers_than_there_are_cannot_be_drawn(drawn):
    with pytest.raises(UsageError, match=f"{drawn} answers cannot be drawn from 3"):
        expected_distinct([0, 1, 1], drawn)


def test_the_mean_is_over_prompts_with_enough_answers():
    found = distinct_k([["a"] * 3, ["a", "b", "c"], ["a", "b"], ["a", "a", "b", "b"]], same, 3)
    assert found.values.tolist() == pytest.approx([1, 3, 2]) and found.left_out == 1
    assert found.mean == pytest.approx(2) and found.error == pytest.approx(1 / math.sqrt(3))


def test_one_prompt_has_no_error_and_none_no_value():
    assert distinct_k([["a", "b"]], same, 2).error == math.inf
    empty = distinct_k([], same, 2)
    assert len(empty.values) == 0 and empty.left_out == 0
    assert distinct_k([["a"]], same, 2).left_out == 1


def test_empty_answers_are_one_class():
    assert distinct_k([["", "", "a"]], same, 3).values.tolist() == pytest.approx([2])


def test_a_reader_gains_from_what_is_new():
    worth = {"a": 4.0, "b": 10.0, "c": 1.0}.__getitem__
    by_hand = (1 - 0.8) / (1 - 0.8**4) * (4 + 0.8**2 * 10 + 0.8**3 * 1)
    assert utility_k(["a", "a", "b", "c", "b"], same, worth, 4) == pytest.approx(by_hand)
    assert utility_k(["a", "b", "c"], same, lambda _: 7.0, 3) == pytest.approx(7)
    assert utility_k(["a", "b"], same, worth, 2, patience=0) == 4
    assert utility_k(["a", "b"], same, worth, 2, patience=1) == 7


@pytest.mark.parametrize(("drawn", "patience", "reason"), [(3, 0.8, "3 answers cannot be read"), (1, 1.2, "patience is a chance, got 1.2")])
def test_settings_out_of_range_are_refused(drawn, patience, reason):
    with pytest.raises(UsageError, match=reason):
        utility_k(["a", "b"], same, lambda _: 1.0, drawn, patience)
