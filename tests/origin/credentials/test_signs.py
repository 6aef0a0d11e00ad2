"""Classes of characters, against the Unicode database."""

import sys
from functools import cache
from unicodedata import bidirectional, category, name

import numpy as np
import pytest

from longtail.origin.credentials import signs

CONTEXTS = (signs.EMOJI, signs.JOINING, signs.UNSPACED, signs.RIGHT_TO_LEFT, signs.IDEOGRAPH, signs.VARIED, signs.LATIN, signs.KIN)


def of_kind(kind):
    return [chr(code) for code in np.flatnonzero(signs.hidden_table() == kind)]


def of_context(bit):
    return {chr(code) for code in np.flatnonzero(signs.context_table() & bit)}


@cache
def named():
    """Characters by the first word of their name."""
    found = {}
    for letter in map(chr, range(sys.maxunicode + 1)):
        found.setdefault(name(letter, "").partition(" ")[0], []).append(letter)
    return found


def beginning(words):
    return [letter for letter in named()[words.partition(" ")[0]] if name(letter).startswith(words)]


@pytest.mark.parametrize(
    ("kind", "categories"),
    [
        (signs.ZERO, {"Cf"}),
        (signs.JOINER, {"Cf"}),
        (signs.DIRECTION, {"Cf"}),
        (signs.VARIATION, {"Mn"}),
        (signs.TAG, {"Cf", "Cn"}),
        (signs.SPACE, {"Zs"}),
        (signs.LOOKALIKE, {"Lu", "Ll"}),
    ],
)
def test_each_kind_has_characters_of_its_category_alone(kind, categories):
    assert {category(letter) for letter in of_kind(kind)} == categories


def test_kinds_hold_the_characters_that_unicode_names_so():
    assert "".join(of_kind(signs.JOINER)) == "\u200c\u200d"
    assert "".join(of_kind(signs.DIRECTION)) == "\u200e\u200f"
    assert "".join(of_kind(signs.SPACE)) == "\u00a0\u202f"
    assert of_kind(signs.VARIATION) == beginning("VARIATION SELECTOR-")
    assert {*beginning("TAG "), *beginning("CANCEL TAG")} <= set(of_kind(signs.TAG))


def test_plain_characters_are_of_no_kind():
    assert not signs.hidden_table()[:128].any()
    assert {category(letter) for letter in map(chr, np.flatnonzero(signs.hidden_table() == 0)[:10_000])} > {"Lu", "Nd", "Mn", "So"}


def test_lookalikes_are_letters_of_scripts_kin_to_latin_and_never_latin():
    letters = of_kind(signs.LOOKALIKE)
    assert {name(letter).split()[0] for letter in letters} == {"CYRILLIC", "GREEK"}
    assert set(letters) <= of_context(signs.KIN)
    assert not of_context(signs.KIN) & of_context(signs.LATIN)


def test_nothing_hidden_lends_another_a_use():
    hidden = (signs.hidden_table() > 0) & (signs.hidden_table() < signs.LOOKALIKE)
    assert not signs.context_table()[hidden].any()


def test_contexts_are_bits_of_one_byte():
    assert np.bitwise_or.reduce(CONTEXTS) == sum(CONTEXTS) == 255
    assert signs.context_table().dtype == signs.hidden_table().dtype == np.uint8
    assert len(signs.context_table()) == len(signs.hidden_table()) == sys.maxunicode + 1


def test_latin_letters_are_those_of_ascii():
    assert of_context(signs.LATIN) == {chr(code) for code in range(128) if chr(code).isalpha()}


def test_letters_written_from_right_to_left_are_all_known():
    written = {
        letter for letter in map(chr, range(sys.maxunicode + 1)) if bidirectional(letter) in ("R", "AL") and category(letter)[0] == "L"
    }
    assert written <= of_context(signs.RIGHT_TO_LEFT)
    assert not any(bidirectional(letter) == "L" for letter in of_context(signs.RIGHT_TO_LEFT))


def test_ideographs_are_all_known():
    assert set(beginning("CJK UNIFIED IDEOGRAPH")) <= of_context(signs.IDEOGRAPH)


@pytest.mark.parametrize("script", ["DEVANAGARI", "BENGALI", "TAMIL", "SINHALA", "SYRIAC", "MONGOLIAN", "KHMER", "MYANMAR", "ADLAM"])
def test_letters_of_scripts_that_use_joiners_are_all_known(script):
    letters = {letter for letter in beginning(f"{script} ") if category(letter)[0] == "L"}
    assert len(letters) > 20
    assert letters <= of_context(signs.JOINING)


@pytest.mark.parametrize("script", ["THAI CHARACTER", "LAO LETTER", "TIBETAN LETTER", "KHMER LETTER", "NEW TAI LUE LETTER"])
def test_letters_of_scripts_without_spaces_are_all_known(script):
    letters = set(beginning(script))
    assert len(letters) > 20
    assert letters <= of_context(signs.UNSPACED)
