"""Completions that take a shortcut, labelled by the rule that made them."""

import pytest

from bench.guards import shortcuts
from bench.rollouts import SHORTCUTS, labelled
from longtail.metrics.rollouts.marks import marks
from longtail.metrics.rollouts.means import means
from longtail.metrics.rollouts.shortcuts import length
from longtail.metrics.rollouts.windows import Window
from longtail.readers.rollouts.records import Rollout


def row(group, completion="c", **more):
    return Rollout(run="r", step=0, prompt_id=group, prompt="p", completion=completion, group=group, **more)


def window(*rows):
    return Window(0, 0, rows)


def test_marks_of_shortcuts_have_precision_and_recall_of_nine_tenths():
    *each, whole = shortcuts(2)
    assert whole["completions"] == 640
    assert whole["precision"] >= 0.9 and whole["recall"] >= 0.9
    assert {row["shortcut"]: row["completions"] for row in each} == {"none": 320} | dict.fromkeys(SHORTCUTS, 80)


def test_a_window_that_is_like_the_begin_has_hardly_a_mark():
    begin, later = labelled(300, 0, 5)
    assert len(marks(window(*begin), window(*(row for row, _ in later)))) <= 9  # one in a hundred of 300 by each of four signs is 12


def test_a_mark_says_by_which_sign_and_how_much():
    base = window(*(row(f"b{at}", f"one two three four five six seven {at}") for at in range(20)))
    found = marks(base, window(row("x", "la la la la la la la la 5"), row("y", "one two three four five six seven 9")))
    assert [(mark.row.prompt_id, mark.sign) for mark in found] == [("x", "repetition")]
    assert found[0].value == pytest.approx(4 / 6)


def test_a_mean_that_fell_to_nothing_is_a_ratio_of_nought_and_one_group_alone_bounds_nothing():
    full, none = window(row("a", "w w"), row("b", "w w w")), window(row("c", ""), row("d", ""))
    assert means(full, none, length)[:5] == (2.5, 0.0, 0.0, 0.0, 0.0)
    assert means(none, full, length) is None
    alone = means(full, window(row("c", "w w w"), row("d", ""), row("e", "")), length)
    assert alone.low == 0.0 and alone.high > 1e100
