"""What a store holds: a document from its row, and text that every file can hold."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longtail.rag.document import COLUMNS, Document, plain
from longtail.records import Origin

ROW = ("d1", "Oslo is a city.", "towns", "synthetic", 2, '["a","b"]', '{"rule": 0.5}', "quarantined", "m1", "2026-01-01")


def test_a_row_becomes_the_document_of_its_columns():
    found = Document.of(ROW)
    plainly = [getattr(found, name.removeprefix("lt_")) for name in COLUMNS]
    decoded = [tuple(json.loads(each)) if name == "lt_parents" else json.loads(each) if name == "lt_scores" else each
               for name, each in zip(COLUMNS, ROW, strict=True)]  # fmt: skip
    assert plainly == decoded


@pytest.mark.parametrize("origin", Origin)
def test_a_model_had_a_hand_in_all_but_what_people_wrote_and_what_is_not_known(origin):
    assert Document("d", "t", origin=origin.value).is_written == (origin not in (Origin.HUMAN, Origin.UNKNOWN))


@given(st.text(st.characters(codec="utf-8")))
def test_a_text_without_halves_of_pairs_stays_as_it_is(text):
    assert plain(text) == text


@given(st.text(st.characters(), max_size=20))
def test_every_text_becomes_one_that_a_file_can_hold_of_the_same_length(text):
    assert len(plain(text)) == len(text)
    assert plain(text).encode("utf-8").decode("utf-8") == plain(text) == plain(plain(text))


def test_half_of_a_pair_is_shown_as_a_question_mark():
    assert plain("a\ud83db") == "a?b"
