import random

import numpy as np
import pyarrow as pa

from longtail.origin.estimating.drawing import LONGEST, Drawing


def drawn(ranks, texts, most, characters=10**9, order=None, size=7, columns=()):
    drawing = Drawing(most, characters)
    order = list(range(len(ranks))) if order is None else order
    for start in range(0, len(order), size):
        part = order[start : start + size]
        drawing.take(
            np.array([ranks[at] for at in part], np.uint64),
            pa.array([texts[at] for at in part], pa.string()),
            [pa.array([column[at] for at in part], pa.string()) for column in columns],
        )
    return drawing


def test_the_smallest_ranks_are_drawn_whatever_the_order_and_the_batches():
    pick = random.Random(0)
    ranks = [pick.getrandbits(64) for _ in range(500)]
    texts = [f"text {at}" for at in range(500)]
    wanted = [texts[at] for at in sorted(range(500), key=lambda at: ranks[at])[:40]]
    for size in (1, 7, 500):
        order = pick.sample(range(500), 500)
        drawing = drawn(ranks, texts, 40, order=order, size=size)
        assert [row.text for row in drawing.rows()] == wanted
        assert drawing.seen == 500


def test_copies_are_drawn_together_and_those_that_cross_the_limit_stay():
    ranks = [3, 1, 2, 2, 2, 9]
    rows = drawn(ranks, list("cabbbz"), 2, columns=[["1", "2", "5", None, "4", "6"]]).rows()
    assert [row.text for row in rows] == ["a", "b", "b", "b"]
    assert [row.values for row in rows] == [("2",), (None,), ("4",), ("5",)]


def test_a_text_with_many_copies_has_the_chance_of_any_other():
    """500 copies of one text among 100 texts, of which about 20 are drawn: it is in a fifth of the draws, not in all and not in none."""
    pick = random.Random(1)
    texts = ["copy"] * 500 + [f"alone {at}" for at in range(99)]
    met = 0
    for _ in range(200):
        own = pick.getrandbits(64)
        ranks = [own] * 500 + [pick.getrandbits(64) for _ in range(99)]
        met += any(row.text == "copy" for row in drawn(ranks, texts, 20, size=600).rows())
    assert 20 <= met <= 65


def test_enough_characters_are_enough_and_long_texts_are_cut():
    rows = drawn([1, 2, 3, 4], ["x" * 60] * 4, 100, characters=100).rows()
    assert len(rows) == 2
    assert len(drawn([5], ["y" * (LONGEST + 7)], 1).rows()[0].text) == LONGEST


def test_memory_stays_in_bounds():
    drawing = Drawing(10)
    pick = np.random.default_rng(0)
    for _ in range(200):
        ranks = pick.integers(0, 2**63, 100).astype(np.uint64)
        drawing.take(ranks, pa.array(["t"] * 100), [])
        assert drawing._size <= 120
    assert len(drawing.rows()) == 10
