"""Ratios over the generations: the top of an axis, labels that keep apart, strokes to scale."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.report.drawing import svg
from longtail.report.drawing.curves import MOST_MARKS, MOST_TICKS, START, Plot, Point, apart, axes, band, ceiling, curve, stroke

PLOT = Plot(svg.Scale(1, 5, 0, 400), svg.Scale(0, 1, 100, 0))
HEIGHTS = st.lists(st.integers(0, 40), min_size=1, max_size=4)


def points(*values):
    return [Point(at, value, value - 0.1, value + 0.1) for at, value in enumerate(values, 1)]


@pytest.mark.parametrize(("bounds", "top"), [([], 1.1), ([0.4], 1.1), ([1.1], 1.1), ([1.11], 1.2), ([1.2], 1.2), ([7.0], 2.0)])
def test_the_top_is_the_next_tenth_between_110_and_200_per_cent(bounds, top):
    assert ceiling(bounds) == pytest.approx(top)


@given(HEIGHTS, st.integers(1, 6))
def test_labels_keep_their_order_and_their_gap_and_stay_above_the_lowest(heights, gap):
    found = apart(heights, gap, 60)
    order = sorted(range(len(heights)), key=lambda at: heights[at])
    placed = [found[at] for at in order]
    assert all(below - above >= gap for above, below in itertools.pairwise(placed))
    assert max(placed) <= 60


@given(HEIGHTS, st.integers(1, 6))
def test_labels_that_are_apart_already_stay_where_they_are(heights, gap):
    spaced = [height + gap * at for at, height in enumerate(sorted(heights))]
    assert apart(spaced, gap, 1000) == spaced


def test_labels_are_pushed_up_where_there_is_no_room_below():
    assert apart([58, 59, 60], 10, 60) == [40, 50, 60]
    assert apart([60, 5, 58], 10, 60) == [60, 5, 50]


def test_a_line_and_its_band_are_drawn_to_scale():
    drawn = points(1.0, 0.5)
    assert 'points="0,0 100,50"' in stroke(drawn, 0, PLOT).replace(".0", "")
    (corners,) = re.findall(r'points="([^"]*)"', band(drawn, 0, PLOT))
    assert [tuple(map(float, each.split(","))) for each in corners.split()] == [(0, 0), (100, 40), (100, 60), (0, 10)]
    assert curve(drawn, 0, PLOT) == band(drawn, 0, PLOT) + stroke(drawn, 0, PLOT)


def test_where_nothing_was_decided_the_mark_is_hollow_even_among_many():
    many = [Point(1 + at / 10, 0.5, 0.4, 0.6, hollow=at == 13) for at in range(40)]
    drawn = stroke(many, 1, PLOT)
    assert drawn.count("undecided") == 1
    assert drawn.count("undecided") < drawn.count('class="marker s1') <= MOST_MARKS + 1


def test_generations_below_are_few_and_begin_and_end_where_the_picture_does():
    pieces = "".join(axes(Plot(svg.Scale(1, 200, 0, 400), PLOT.up), 0, 400))
    ticks = [int(each) for each in re.findall(r">(\d+)</text>", pieces)]
    assert (ticks[0], ticks[-1]) == (1, 200) and len(ticks) <= MOST_TICKS and ticks == sorted(ticks)
    assert re.findall(r">(\d+%)</text>", pieces) == ["0%", "25%", "50%", "75%", "100%"]
    assert START[1:4] == (1.0, 1.0, 1.0)
