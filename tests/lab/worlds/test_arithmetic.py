"""Sums in three formats: what is right is told by Python's own addition."""

import numpy as np
import pytest

from longtail.errors import ConfigError
from longtail.lab.worlds.arithmetic import (
    END,
    FORMATS,
    LONGEST,
    OTHER,
    PROMPT,
    Sums,
    all_sums,
    answer,
    carries,
    decoded,
    encoded,
    format_of,
    is_right,
    lessons,
    named,
    scores,
    split,
    sum_of,
)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_answer_is_right_fits_and_ends_in_the_sum_that_python_finds(kind):
    sums = all_sums()
    for left, right in zip(sums.left.tolist(), sums.right.tolist(), strict=True):
        said = answer(left, right, kind)
        total = said[-3:][::-1] if kind == "R" else said[-3:]
        assert int(total) == left + right
        assert len(said) < LONGEST
        assert is_right(left, right, said)
        assert not is_right(left, (right + 1) % 100, said)


def test_the_work_that_is_shown_is_the_work():
    assert answer(47, 38, "S") == "S15,08,085"
    assert answer(99, 99, "S") == "S18,19,198"


@pytest.mark.parametrize("said", ["", "085", "X085", "D85", "D0855", "R085", "S085"])
def test_what_is_no_right_answer_in_its_format_is_wrong(said):
    assert not is_right(47, 38, said)


def test_a_completion_names_its_sum_or_none():
    assert [sum_of(said) for said in ("D085", "R580", "S15,08,085", "S99,99,085")] == [85, 85, 85, 85]
    assert [sum_of(said) for said in ("", "D85", "D0a5", "X085", "S085", "D0855")] == [None] * 6
    assert [named(said) for said in ("D1", "R", "S9,", "", "9")] == ["D", "R", "S", None, None]


def test_carries_are_the_ones_that_are_carried():
    pairs = [(11, 22), (19, 2), (91, 10), (45, 55), (99, 99), (50, 49)]
    left, right = np.array(pairs).T
    assert carries(Sums(left, right)).tolist() == [0, 1, 1, 2, 2, 0]
    written = [sum(map(int, f"{a}{b}")) - sum(map(int, str(a + b))) for a, b in pairs]
    assert written == [9 * each for each in carries(Sums(left, right)).tolist()]


def test_formats_are_told_by_their_first_letter():
    assert [format_of(said) for said in ("D1", "R", "S9,", "", "9")] == [0, 1, 2, OTHER, OTHER]


def test_rows_and_texts_are_one_another_and_a_strange_sign_is_refused():
    texts = ["47+38=", "", "S15,08,085"]
    assert decoded(encoded(texts, 12)) == texts
    with pytest.raises(ConfigError, match="no text of up to 12 signs"):
        encoded(["47×38"], 12)
    with pytest.raises(ConfigError, match="no text of up to 3 signs"):
        encoded(["1234"], 3)


def test_problems_held_out_are_taught_to_nobody():
    train, held_out = split(500, np.random.default_rng(1))
    pairs = [set(zip(each.left.tolist(), each.right.tolist(), strict=True)) for each in (train, held_out)]
    assert (len(pairs[0]), len(pairs[1]), pairs[0] & pairs[1]) == (9500, 500, set())


def test_lessons_are_right_and_follow_the_mix():
    sums = all_sums()
    rows = lessons(sums, (0.5, 0.3, 0.2), np.random.default_rng(3))
    said = decoded(rows[:, PROMPT:])
    assert scores(sums, said).all()
    assert np.bincount([format_of(text) for text in said], minlength=3) / 10_000 == pytest.approx([0.5, 0.3, 0.2], abs=0.02)
    assert (rows[:, -1] == END).all()


def test_a_format_that_is_none_is_refused():
    with pytest.raises(ConfigError, match="format is 'Q'"):
        answer(1, 2, "Q")
