"""How a text is split into words."""

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.views._unicode import ALONE, EXTEND, JOINER, WORD, tables
from longtail.views.words import spans

from .brute import fold, hash_of, kind, split

SIGNS = st.sampled_from("aBéß'\u2019_-. 9\n\u0301\u0316\u200dΣσς猫ひカไ\u0e31ك🙂👩🏽\U0001f1e9한ǅİ²½٣")
TEXTS = st.one_of(st.text(SIGNS, max_size=30), st.text(st.characters(max_codepoint=0x323AF, exclude_categories=["Cs", "Cn"]), max_size=30))


def words(text):
    """The words of a text as written, which is in NFC."""
    return [word for _, word in spans(unicodedata.normalize("NFC", text), 0)]


def types(text, seed=0):
    return [hashed for hashed, _ in spans(unicodedata.normalize("NFC", text), seed)]


@given(TEXTS)
@settings(max_examples=400)
def test_words_are_those_of_an_independent_splitter(text):
    assert words(text) == split(text)


@given(TEXTS, st.integers(0, 3))
@settings(max_examples=200)
def test_types_are_those_of_an_independent_hash(text, seed):
    assert types(text, seed) == [hash_of((fold(word),), seed) for word in split(text)]


@given(st.text(st.sampled_from("eaoçé\u0301\u0327\u0308ñ ñ한ㅎ'x"), max_size=20))
def test_composed_and_decomposed_text_has_the_same_types(text):
    assert types(unicodedata.normalize("NFD", text)) == types(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("don't stop", ["don't", "stop"]),
        ("don\u2019t", ["don\u2019t"]),
        ("the dogs' bowls", ["the", "dogs", "bowls"]),
        ("'quoted' and ''twice''", ["quoted", "and", "twice"]),
        ("rock''n", ["rock", "n"]),
        ("5'11 o'clock", ["5'11", "o'clock"]),
        ("x'\u0316 y'", ["x", "y"]),
        ("snake_case __init__ a-b e.g.", ["snake_case", "__init__", "a", "b", "e", "g"]),
        ("1,000.5 in 1984", ["1", "000", "5", "in", "1984"]),
        ("x² ½ ٣٤", ["x²", "½", "٣٤"]),
        ("猫が好き", ["猫", "が", "好", "き"]),
        ("カタカナ", ["カタカナ"]),
        ("ไทยดี", ["ไ", "ท", "ย", "ดี"]),
        ("한국어 문장", ["한국어", "문장"]),
        ("so 🙂🙂 ok", ["so", "🙂", "🙂", "ok"]),
        ("👩\u200d🔬", ["👩", "🔬"]),
        ("❤️ ☀", []),
        ("سلام عليكم", ["سلام", "عليكم"]),
        ("שָׁלוֹם עולם", ["שָׁלוֹם", "עולם"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("\u0301 alone", ["alone"]),
        ("", []),
        ("  \n\t… — !?", []),
        ("'", []),
    ],
)
def test_a_text_is_split_as_documented(text, expected):
    assert words(text) == [unicodedata.normalize("NFC", word) for word in expected]
    assert split(text) == words(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Word", "wORD"),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("don't", "DON\u2019T"),
        ("ÉTÉ", "e\u0301te\u0301"),
        ("ДОМ", "дом"),
        ("\u212a", "k"),
        ("ẞ", "ß"),
    ],
)
def test_words_that_differ_in_case_only_are_one_type(one, other):
    assert types(one) == types(other)


@pytest.mark.parametrize(
    ("one", "other"), [("STRASSE", "straße"), ("resume", "résumé"), ("dont", "don't"), ("x²", "x2"), ("ﬁn", "fin"), ("İ", "i"), ("ı", "i")]
)
def test_folding_is_simple_so_that_these_stay_apart(one, other):
    assert types(one) != types(other)


def test_the_apostrophes_are_one_sign_and_no_other_is():
    assert types("it's") == types("it\u2019s") != types("it`s")
    assert words("it`s") == ["it", "s"]


def test_every_code_point_has_the_class_of_its_category():
    classes, _ = tables()
    names = {"W": WORD, "A": ALONE, "E": EXTEND, "J": JOINER, "S": 0}
    points = [*range(0, 0xD800, 7), *range(0xE000, 0x32400, 11), *range(0xE0100, 0xE01F0)]
    assert [hex(point) for point in points if classes[point] != names[kind(chr(point))]] == []
    assert not classes[0xE0200:].any()
    assert not classes[0x32400:0xE0100].any()


def test_what_stands_alone_belongs_to_a_script_written_without_spaces_or_is_a_picture():
    classes, _ = tables()
    scripts = ("THAI", "LAO", "MYANMAR", "KHMER", "CJK", "HIRAGANA", "IDEOGRAPHIC", "HANGZHOU", "VERTICAL", "MASU")
    letters = [chr(point) for point in np.flatnonzero(classes[:0x1F000] == ALONE)]
    assert [hex(ord(c)) for c in letters if not unicodedata.name(c, "CJK").startswith(scripts)] == []
    assert all(unicodedata.category(chr(point)) in ("So", "Lo", "Nl") for point in np.flatnonzero(classes == ALONE) if point >= 0x1F000)
