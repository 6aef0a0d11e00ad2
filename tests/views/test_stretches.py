"""Words found in bit masks, against the word machine character by character; n-grams of long texts, against brute force."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.views import _ascii, _kernels
from longtail.views._unicode import JOINER, WORD, tables
from longtail.views.batch import texts_of
from longtail.views.keys import CELL_BITS
from longtail.views.words import ALL_TYPES, words

KEY = np.uint64(0x1234567890ABCDEF)
PIECES = st.sampled_from(
    [
        "a",
        "Z",
        "word",
        "Don't",
        "'",
        "''",
        "it's",
        "_x9",
        " ",
        "  ",
        ". ",
        "\n",
        "é",
        "naïve",
        "’",
        "猫",
        "\U0001f600",
        "x" * 8,
        "Y" * 9,
        "seventeen_letters",
        "q" * 70,
        "\x7f",
        "\x80",
        "@[`{",
        "/:",
        "ﬁ",
        "a’b",
        "\0",
        "-",
        "u\u200dv",
    ]
)
TEXTS = st.lists(st.lists(PIECES, max_size=30).map("".join), min_size=1, max_size=8)


def bytes_of(texts):
    parts = [text.encode() for text in texts]
    offsets = np.concatenate([[0], np.cumsum([len(part) for part in parts])]).astype(np.int32)
    return np.frombuffer(b"".join(parts), np.uint8), offsets


def by_machine(text):
    data = np.frombuffer(text.encode(), np.uint8)
    classes, folded = tables()
    words, spans, count, at = np.zeros(len(data) + 1, np.uint64), np.zeros((len(data) + 1, 2), np.int64), 0, 0
    while at < len(data):
        at, count = _kernels.careful_words(data, at, len(data), classes, folded, KEY, words, spans, count)
    return words[:count].tolist()


def by_masks(texts):
    data, offsets = bytes_of(texts)
    classes, folded = tables()
    words, bounds = np.zeros(len(data) // 2 + 16, np.uint64), np.zeros(len(texts) + 1, np.int64)
    room = _ascii.room_for(len(data) + len(texts))
    _ascii.split_stretch(data, offsets, classes, folded, KEY, words, bounds, room)
    return [words[start:stop].tolist() for start, stop in zip(bounds[:-1], bounds[1:], strict=True)]


@given(TEXTS)
@settings(max_examples=300)
def test_words_found_in_masks_are_those_of_the_word_machine(texts):
    assert by_masks(texts) == [by_machine(text) for text in texts]


@pytest.mark.parametrize("byte", range(128))
def test_every_character_of_ascii_is_taken_as_its_class_says(byte):
    text = f"ab{chr(byte)}cd {chr(byte)} {chr(byte)}e"
    assert by_masks([text]) == [by_machine(text)]


def test_the_masks_hold_what_the_classes_of_ascii_are():
    classes, _ = tables()
    for byte in range(128):
        assert (classes[byte] == WORD) == (chr(byte).isalnum() or chr(byte) == "_")
        assert (classes[byte] == JOINER) == (chr(byte) == "'")


@given(st.integers(1, 40), st.integers(0, 3))
def test_words_of_any_width_are_hashed_as_by_the_machine(width, shift):
    text = " " * shift + "aB3_"[:4] * 10
    text = text[: shift + width]
    assert by_masks([text, text + "'s"]) == [by_machine(text), by_machine(text + "'s")]


@pytest.mark.parametrize("piece", ["word ", "x" * 50_000 + " ", "don't ", "猫 ", "no_space_at_all", "é" * 5000 + " "])
def test_a_text_longer_than_a_stretch_has_the_words_of_the_machine(piece):
    text = piece * (150_000 // len(piece.encode()))
    data = np.frombuffer(text.encode(), np.uint8)
    classes, folded = tables()
    room = _ascii.room_for(_ascii.longest_stretch(data, np.array([0, len(data)], np.int32)) + 1)
    words = np.zeros(len(data) // 2 + 16, np.uint64)
    count = _ascii.split_long(data, 0, len(data), classes, folded, KEY, words, room)
    assert words[:count].tolist() == by_machine(text)


def test_a_key_is_new_once_in_each_document_however_many_documents_share_the_table():
    from longtail.views._grams import emit

    table, kinds = np.zeros(16, np.uint64), np.array([3, 3, 5, 3, 19, 35, 51], np.uint64) << np.uint64(CELL_BITS)
    for stamp in range(1, 1 << CELL_BITS):
        first, again, at = np.zeros(8, np.uint64), np.zeros(8, np.uint64), np.zeros(2, np.int64)
        emit(kinds, np.uint64(9), table, np.uint64(stamp), first, again, at)
        assert at.tolist() == [5, 2]
        assert first[:5].tolist() == [(kind << CELL_BITS) + 9 for kind in (3, 5, 19, 35, 51)]
        assert again[:2].tolist() == [(3 << CELL_BITS) + 9] * 2


def test_what_was_found_stays_as_it_was_when_more_is_found():
    column = pa.array(["a rose is a rose", "is a rose"])
    (before,) = words(texts_of(column, 0), [1], [ALL_TYPES], 0)
    first, again = before.first.copy(), before.again.copy()
    words(texts_of(pa.array(["other words altogether, other words"] * 9), 0), [1, 2], [ALL_TYPES] * 2, 0)
    assert before.first.tolist() == first.tolist()
    assert before.again.tolist() == again.tolist()
    assert len(first) == 6
    assert len(again) == 2
