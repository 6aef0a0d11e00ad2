"""The axes of one panel of the lab's figure: round, few, and around all that is drawn."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.report.drawing import svg
from longtail.report.drawing.curves import MOST_TICKS as MOST_GENERATIONS
from longtail.report.drawing.curves import Plot
from longtail.report.lab.axes import MOST_TICKS, WIDE, Box, frame, generations, step, upward

BOX = Box(0, 100, 0, 100)
VALUES = st.lists(st.floats(-1e6, 1e6, allow_subnormal=False).map(lambda value: round(value, 6)), min_size=1, max_size=6)


def test_ticks_are_round_and_hold_all_values():
    for low, high in ((0.0, 1.0), (0.313, 0.977), (-7.0, 1234.0), (1e-7, 3e-7), (5.0, 5.0)):
        axis = upward([low, high], [], BOX)
        assert axis.scale.low <= low and high <= axis.scale.high
        assert 2 <= len(axis.ticks) <= 8 and len(set(axis.labels)) == len(axis.labels)
    assert step(0, 1) == pytest.approx(0.2)


def test_an_axis_is_logarithmic_where_lines_span_two_decades_and_cuts_bands_a_decade_below():
    axis = upward([1.0, 0.001], [1e-12, 2.0, 0.0], BOX)
    assert axis.scale.log and axis.scale.low == pytest.approx(1e-4) and axis.scale.high == 2.0
    assert axis.labels == ["0.0001", "0.001", "0.01", "0.1", "1"]
    assert not upward([1.0, 0.0], [], BOX).scale.log


def test_the_first_and_round_generations_are_written():
    assert generations(1, 5) == [1, 2, 3, 4, 5]
    assert generations(1, 20) == [1, 5, 10, 15, 20]
    assert generations(1, 100) == [1, 20, 40, 60, 80, 100]


@given(VALUES, VALUES)
def test_every_value_of_a_linear_axis_lies_within_it_and_ticks_are_its_ends(lines, bands):
    axis = upward([*lines, 0.0], bands, BOX)
    reach = 1e-9 * max(1, *map(abs, lines), *map(abs, bands))
    assert not axis.scale.log
    assert all(axis.scale.low - reach <= value <= axis.scale.high + reach for value in (*lines, *bands))
    assert (axis.ticks[0], axis.ticks[-1]) == (axis.scale.low, axis.scale.high)
    assert len(axis.ticks) == len(axis.labels) <= MOST_TICKS + 2


@given(st.floats(-1e9, 1e9), st.floats(1e-6, 1e9), st.integers(2, 12))
def test_a_step_is_the_smallest_round_one_that_makes_few_enough_parts(low, width, most):
    size, high = step(low, low + width, most), low + width
    digit = size / 10 ** math.floor(math.log10(size) + 1e-9)
    smaller = {1: size / 2, 2: size / 2, 5: size / 2.5}[round(digit)]
    assert round(digit) in (1, 2, 5) and digit == pytest.approx(round(digit))
    assert (high - low) / size <= (most - 1) * (1 + 1e-6)
    assert (high - low) / smaller >= (most - 1) * (1 - 1e-6)


@pytest.mark.parametrize(("ratio", "is_log"), [(WIDE * 0.99, False), (WIDE, True), (1e6, True)])
def test_an_axis_is_logarithmic_from_a_hundredfold_on(ratio, is_log):
    assert upward([1.0, ratio], [], BOX).scale.log == is_log


def test_an_axis_that_begins_well_above_nought_begins_there_and_else_at_nought():
    assert upward([0.9, 1.0], [], BOX).scale.low >= 0.8
    assert upward([0.3, 1.0], [], BOX).scale.low == 0.0


def test_generations_are_few_and_hold_the_first():
    for first, last in ((0, 1), (1, 8), (1, 9), (3, 1000), (0, 37)):
        found = generations(first, last)
        assert found[0] == first and found[-1] <= last and found == sorted(set(found))
        assert len(found) <= MOST_GENERATIONS + 1


def test_a_frame_writes_each_tick_with_a_true_minus_and_the_words_of_both_axes():
    up = upward([-1.0, 1.0], [], BOX)
    written = "".join(frame(Plot(svg.Scale(1, 3, 0, 100), up.scale), up, BOX, "nats", "epoch"))
    assert ">−1.0<" in written and ">nats<" in written and ">epoch<" in written and ">-1" not in written
    assert all(f">{at}<" in written for at in (1, 2, 3))
