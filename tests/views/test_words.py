"""How a text is split into words."""

import unicodedata
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longtail.views import _unicode
from longtail.views._unicode import ALONE, PICTURE, tables
from longtail.views.words import spans

from .brute import fold, hash_of, kind, split

SIGNS = st.sampled_from(
    "aBéß'\u2019·_-. 9\n\u0301\u0316\u200d\u00ad\u200b\ufe0fΣσς猫ひカｶไ\u0e31๒ك🙂👩🏽❤★\U0001f1e9\U0001f1ea🏴\U000e0067한ǅİ²½٣"
)
TEXTS = st.one_of(st.text(SIGNS, max_size=30), st.text(st.characters(exclude_categories=["Cs", "Cn"]), max_size=30))


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
        ("👩\u200d🔬", ["👩\u200d🔬"]),
        ("👩🏽\u200d🔬👍🏽", ["👩🏽\u200d🔬", "👍🏽"]),
        ("❤️ ☀ ★ © →", ["❤️", "☀", "★"]),
        ("🇫🇷🇩🇪🇫", ["🇫🇷", "🇩🇪", "🇫"]),
        ("🏴\U000e0067\U000e007f🏴", ["🏴\U000e0067\U000e007f", "🏴"]),
        ("1️⃣ 2", ["1️⃣", "2"]),
        ("ラーメンを食べるABCカタ", ["ラーメン", "を", "食", "べ", "る", "ABC", "カタ"]),
        ("ｶﾞﾗｽ", ["ｶﾞﾗｽ"]),
        ("ไทย๒๕", ["ไ", "ท", "ย", "๒๕"]),
        ("བཀྲ་ཤིས།", ["བཀྲ", "ཤིས"]),
        ("ꦗꦮ", ["ꦗ", "ꦮ"]),
        ("ᦑᥖ", ["ᦑ", "ᥖ"]),
        ("漢\U000e0101字", ["漢", "字"]),
        ("می\u200cخواهم", ["می\u200cخواهم"]),
        ("क्\u200dष", ["क्\u200dष"]),
        ("co\u00adop\u200f \u200fx", ["co\u00adop", "x"]),
        ("ភាសា\u200bខ្មែរ", ["ភា", "សា", "ខ្", "មែ", "រ"]),
        ("col·lecció l·", ["col·lecció", "l"]),
        ("צה״ל ג׳ירפה", ["צה״ל", "ג׳ירפה"]),
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


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cooperate", "co\u00adoperate"),
        ("word", "\u200eword\u200f"),
        ("خواهم", "خ\u200cواهم"),
        ("漢", "漢\U000e0101"),
        ("❤", "❤\ufe0f"),
        ("col·lecció", "COL·LECCIÓ"),
        ("ג׳", "ג'"),
    ],
)
def test_what_is_not_seen_makes_no_other_type(one, other):
    assert types(one) == types(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("👍", "👍🏽"), ("👍🏽", "👍🏿"), ("👩👩", "👩\u200d👩"), ("🇫🇷", "🇫🇮"), ("🏴", "🏴\U000e0067"), ("カ", "ｶ"), ("か", "が")],
)
def test_what_is_seen_does(one, other):
    assert types(one) != types(other)


def test_every_code_point_has_the_class_of_its_category():
    classes, _ = tables()
    names = {sign: at for at, sign in enumerate("SWAEJIKPZFT")}
    points = [*range(0, 0xD800), *range(0xE000, 0x32400, 5), *range(0xE0000, 0xE01F0)]
    assert [hex(point) for point in points if classes[point] != names[kind(chr(point))]] == []
    assert not classes[0xE0200:].any()
    assert not classes[0x32400:0xE0000].any()


def test_what_stands_alone_takes_at_least_three_bytes():
    classes, _ = tables()
    assert np.flatnonzero(np.isin(classes, (ALONE, PICTURE, _unicode.KATAKANA, _unicode.FLAG))).min() >= 0x800


def test_what_stands_alone_belongs_to_a_script_written_without_spaces():
    classes, _ = tables()
    scripts = ("THAI", "LAO", "MYANMAR", "KHMER", "CJK", "HIRAGANA", "IDEOGRAPHIC", "HANGZHOU", "VERTICAL", "MASU", "TAI ", "NEW TAI")
    scripts += ("BALINESE", "JAVANESE", "AHOM", "TANGUT", "KHITAN", "NUSHU", "HENTAIGANA", "OLD CHINESE")
    letters = [chr(point) for point in np.flatnonzero(classes == ALONE)]
    assert [hex(ord(c)) for c in letters if not unicodedata.name(c, "CJK").startswith(scripts)] == []


SPACED = [
    "Latin",
    "Greek",
    "Cyrillic",
    "Armenian",
    "Hebrew",
    "Arabic",
    "Devanagari",
    "Bengali",
    "Tamil",
    "Hangul",
    "Ethiopic",
    "Georgian",
    "Tibetan",
    "Katakana",
    "Cherokee",
]
PICTURES = "🙂 👍🏽 👩🏽\u200d🔬 🇫🇷🇩🇪 ❤️\u200d🔥 1️⃣ 漢字かな カタカナかな ABCカタ ไทย ខ្មែរ မြန်မာ ᦑᦺ ꩬ a\u200db x\u00ady"


def of_unicode(text):
    """The pieces between Unicode's default word boundaries that hold anything we count."""
    regex = pytest.importorskip("regex")
    return [piece for piece in regex.split(r"(?wV1)\b", text) if any(kind(character) in "WAKPF" for character in piece)]


@cache
def letters_of(script):
    regex = pytest.importorskip("regex")
    found = regex.findall(rf"(?V1)[\p{{sc={script}}}&&[\p{{L}}\p{{M}}]]", "".join(map(chr, range(0x20, 0xD800))))
    return [letter for letter in found if unicodedata.category(letter) != "Cn"]


@pytest.mark.parametrize("script", SPACED)
@given(data=st.data())
@settings(max_examples=60)
def test_words_of_a_script_with_spaces_are_those_of_unicode(script, data):
    regex = pytest.importorskip("regex")
    drawn = data.draw(st.text(st.sampled_from([*letters_of(script), " ", " ", "3", "!"]), max_size=30))
    text = regex.sub(r"(?<![\p{L}\p{M}])\p{M}+", "", unicodedata.normalize("NFC", drawn))
    assert words(text) == of_unicode(text)


@pytest.mark.parametrize("text", PICTURES.split())
def test_pictures_and_scripts_without_spaces_are_cut_as_unicode_cuts_them(text):
    assert words(text) == of_unicode(unicodedata.normalize("NFC", text))
