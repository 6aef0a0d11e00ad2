"""Windows of steps, and the signs of shortcuts, by hand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.metrics.rollouts.means import means, rise
from longtail.metrics.rollouts.shortcuts import answer_place, copied, final_answer, gives, length, repeated, top_answer
from longtail.metrics.rollouts.windows import Window, windows
from longtail.readers.rollouts.records import Rollout


def row(step, group, completion="c", prompt="p", **more):
    return Rollout(run="r", step=step, prompt_id=group, prompt=prompt, completion=completion, group=group, **more)


def test_windows_are_as_short_as_whole_steps_allow_and_the_rest_waits():
    rows = [row(step, f"{step}-{at}") for step in (0, 1, 2, 4, 5) for at in range(3)]
    found = windows(rows, fewest=5)
    assert [(each.first, each.last, each.groups) for each in found] == [(0, 1, 6), (2, 4, 6)]
    assert [each for window in found for each in window.rows] == rows[:12]


def test_steps_out_of_order_are_cut_in_order_and_no_step_is_one_step():
    rows = [row(2, "c"), row(0, "a"), row(1, "b")]
    assert [each.first for each in windows(rows, fewest=1)] == [0, 1, 2]
    assert len(windows([row(None, f"g{at}") for at in range(4)], fewest=2)) == 1


def test_lengths_repetition_and_copying_are_counted_by_hand():
    assert length(row(0, "a", "one two three")) == 3
    assert length(row(0, "a", "one two three", n_tokens=9)) == 9
    assert repeated(row(0, "a", "a b c d a b c d")) == pytest.approx(1 - 4 / 5)
    assert repeated(row(0, "a", "a b c d")) is None
    assert copied(row(0, "a", "x a b c d", prompt="a b c d e")) == pytest.approx(1 / 2)
    assert copied(row(0, "a", "a b")) is None


ANSWERS = {"so \\boxed{7} it is": "7", "3 + 4 = 7.": "7", "1,234 or 5": "5", "yes\nno \n": "no", "": ""}


@pytest.mark.parametrize("completion", ANSWERS)
def test_the_final_answer_is_boxed_else_the_last_number_else_the_last_line(completion):
    assert final_answer(completion).rstrip(".") == ANSWERS[completion]


THOUSANDS = {
    "1,234": "1,234",
    "it is 12,345,678.50 in all": "12,345,678.50",
    "-1,000": "-1,000",
    "S15,08,042": "042",
    "S15,28,042": "042",
    "15,280,42": "42",
    "1234,567": "567",
    "1,2,3": "3",
    "0,123": "123",
    "85, because it is so": "85",
    "1,234,": "1,234",
    "1,2345": "2345",
}


@pytest.mark.parametrize("completion", THOUSANDS)
def test_a_comma_belongs_to_a_number_between_thousands_only(completion):
    assert final_answer(completion) == THOUSANDS[completion]


@settings(max_examples=200)
@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=4))
def test_the_last_of_several_numbers_is_found_as_python_writes_it_with_commas_and_without(numbers):
    assert final_answer("; ".join(f"{number:,}" for number in numbers)) == f"{numbers[-1]:,}"
    assert final_answer(", ".join(map(str, numbers))) == str(numbers[-1])


def test_an_answer_before_the_work_stands_at_the_begin():
    assert answer_place(row(0, "a", "85 because it is so")) == 0
    assert answer_place(row(0, "a", "because it is so 85")) == 1
    assert answer_place(row(0, "a", "85")) is None


def test_each_prompt_counts_once_for_the_answer_that_most_share():
    rows = [row(0, "a", "1"), row(0, "a", "1"), row(0, "a", "2"), row(0, "b", "1"), row(0, "c", "3")]
    assert top_answer(rows) == ("1", pytest.approx(2 / 3))
    assert top_answer([]) == ("", 0.0)
    assert gives("1")(rows[0]) == 1.0
    assert gives("1")(rows[4]) == 0.0


def test_a_ratio_and_a_rise_are_those_of_the_means_and_need_two_groups():
    base = Window(0, 0, (row(0, "a", "w w"), row(0, "b", "w w w w")))
    here = Window(1, 1, (row(1, "c", "w"), row(1, "d", "w w")))
    found = means(base, here, length)
    assert (found.base, found.here, found.ratio) == (3, 1.5, 0.5)
    assert found.low < 0.5 < found.high
    assert rise(base, here, lambda each: float(len(each.completion) > 3)).here == 0
    assert means(base, Window(1, 1, here.rows[:1]), length) is None
    assert rise(base, Window(1, 1, here.rows[:1]), length) is None
