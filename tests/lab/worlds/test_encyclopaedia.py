"""A tiny encyclopaedia: what is told of it, asked of it and written of it."""

import numpy as np
import pytest

from longtail.lab.worlds.encyclopaedia import (
    ALPHABET,
    ASKED,
    ATTRIBUTES,
    LONGEST,
    NAMES,
    READ,
    TOLD,
    Entries,
    drawn,
    every,
    is_edit,
    is_true,
    made_up,
    passages,
    questions,
    readings,
    rewritten,
    right_edits,
    taught_by,
    to_read,
)

ONE = Entries(np.array([2]), np.array([[3, 7, 1, 9]]))
NAME = NAMES[2]


def texts(rows):
    return ALPHABET.decoded(rows)


def test_one_entry_in_all_its_forms():
    assert texts(passages(ONE)) == [f".{NAME}C3S7K1D9"]
    assert texts(questions(ONE, np.array([1]))) == [f"?{NAME}S7"]
    assert texts(to_read(ONE)) == [f".{NAME}C3S7K1D9?"]
    assert texts(readings(ONE, np.array([2]))) == [f".{NAME}C3S7K1D9?{NAME}K1"]
    assert right_edits(ONE, np.array([3])) == [f"{NAME}D9"]


@pytest.mark.parametrize(
    ("make", "prompt", "last"),
    [(passages, TOLD, NAMES), (lambda some: questions(*every(some)), ASKED, ATTRIBUTES), (lambda some: readings(*every(some)), READ, "?")],
)
def test_every_prompt_ends_where_its_completion_begins_and_every_row_has_its_end(make, prompt, last):
    old, new = drawn((30, 20), np.random.default_rng(1))
    for some in (old, new, made_up(40, np.random.default_rng(2))):
        rows = make(some)
        assert rows.shape[1] <= LONGEST
        assert (rows == ALPHABET.end).sum(axis=1).tolist() == (rows[:, -1] == ALPHABET.end).tolist() == [1] * len(rows)
        assert all(text[-1] in last for text in ALPHABET.decoded(rows[:, :prompt]))


def test_what_is_read_is_a_reading_without_its_edit():
    read, whole = to_read(ONE), readings(ONE, np.array([0]))
    assert read.shape == whole.shape == (1, LONGEST)
    assert (read[:, :READ] == whole[:, :READ]).all() and (read[:, READ:] == ALPHABET.end).all()


def test_names_are_shared_by_no_two_sets_and_all_values_occur():
    sets = drawn((100, 60), np.random.default_rng(0))
    assert len({int(name) for some in sets for name in some.names}) == 160
    assert [set(some.values.ravel().tolist()) for some in sets] == [set(range(10))] * 2


@pytest.mark.parametrize(
    ("text", "edit", "true"),
    [(f"{NAME}S7", True, True), (f"{NAME}S8", True, False), (f"{NAMES[3]}S7", True, False), (f"{NAME}S", False, False)]
    + [(text, False, False) for text in ("", "S7", f"{NAME}77", f"S{NAME}7", f"{NAME}S7?", f"?{NAME}S")],
)
def test_an_edit_is_a_name_an_attribute_and_a_digit_and_true_where_the_entry_says_so(text, edit, true):
    assert (is_edit(text), is_true(text, ONE)) == (edit, true)


def test_edits_are_taught_as_questions_and_what_is_none_is_left_out():
    assert texts(taught_by([f"{NAME}S8", "nothing", f"{NAMES[5]}C0"])) == [f"?{NAME}S8", f"?{NAMES[5]}C0"]
    assert (taught_by([f"{NAME}S7"]) == questions(ONE, np.array([1]))).all()
    assert taught_by([]).shape == (0, 5)


def test_the_next_passage_is_what_the_edits_say_the_last_where_they_differ():
    found = rewritten(ONE, [f"{NAME}S8", f"{NAME}S5", f"{NAMES[9]}C0", "noise"])
    assert found.values.tolist() == [[3, 5, 1, 9]]
    assert ONE.values.tolist() == [[3, 7, 1, 9]]
