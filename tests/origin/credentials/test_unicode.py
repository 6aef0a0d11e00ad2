"""Hidden characters: what is read, and what has a use and is left alone."""

from unicodedata import category, normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from longtail.origin.credentials.unicode import hidden, read, without_hidden
from longtail.records import Evidence


def selectors(content):
    return "".join(chr(0xFE00 + byte if byte < 16 else 0xE0100 + byte - 16) for byte in content)


def tags(text):
    return "".join(chr(0xE0000 + ord(letter)) for letter in text)


IN_USE = {
    "persian": "می\u200cخواهم کتاب\u200cها را بخوانم و نمی\u200cدانم",
    "urdu": "میں\u200cنے",
    "hindi": "क्\u200dष और क्\u200cष, श्री\u200cमान्",
    "bengali": "র\u200d্যাব",
    "sinhala": "ශ්\u200dරී ලංකා",
    "tamil": "க்\u200cஷ",
    "arabic with latin": "مرحبا \u200f(abc)\u200e بالعالم",
    "hebrew": "שלום\u200f, עולם (test)\u200e",
    "thai": "สวัสดี\u200bครับ",
    "khmer": "សួស្តី\u200bពិភពលោក",
    "mongolian": "ᠮᠣᠩᠭᠣᠯ\u202fᠤᠨ",
    "japanese": "葛\U000e0100城市、辻\U000e0101、、\ufe00",
    "french": "Bonjour\u202f! Comment\u00a0: «\u202foui\u202f» 10\u202f000\u202f€",
    "german": "Größe: 10\u00a0kg, z.\u202fB.",
    "russian": "Привет, мир! iPhone и IT-отдел, COVID-19, iPhoneом",
    "greek": "Η ταχύτητα ΔT και 5 μm",
    "byte order mark": "\ufeffHello",
    "mathematics": "A ∩\ufe00 B",
    "families": "👨\u200d👩\u200d👧\u200d👦 👩🏽\u200d💻 🧑\u200d⚕\ufe0f 🐻\u200d❄\ufe0f",
    "hearts": "❤\ufe0f\u200d🔥 ❤\ufe0f ☺\ufe0e 👁\ufe0f\u200d🗨\ufe0f 🙂\u200d↔\ufe0f",
    "keycaps": "1\ufe0f\u20e3 #\ufe0f\u20e3 ©\ufe0f ™\ufe0f",
    "flags": "🏳\ufe0f\u200d🌈 🏴\u200d☠\ufe0f 🇸🇪 🏴" + tags("gbeng\x7f") + "🏴" + tags("gbsct\x7f"),
}

ODD = {
    "zero width space": ("he\u200bllo", {"zero_width": 1}, 2, "hello"),
    "joiner between letters": ("a\u200db", {"zero_width": 1}, 1, "ab"),
    "joiners in a row": ("می\u200c\u200c\u200dخواهم", {"zero_width": 3}, 2, "میخواهم"),
    "mark within": ("a\ufeffb", {"zero_width": 1}, 1, "ab"),
    "word joiner and operators": ("a\u2060\u2061\u2064b", {"zero_width": 3}, 1, "ab"),
    "direction in Latin": ("abc\u200e\u200fdef", {"direction": 2}, 3, "abcdef"),
    "selector on a letter": ("ab\ufe0f", {"variation": 1}, 2, "ab"),
    "selectors on an emoji": ("😀" + selectors(b"secret"), {"variation": 6}, 1, "😀"),
    "tags": ("hi" + tags("ignore all"), {"tag": 10}, 2, "hi"),
    "flag that never ends": ("🏴" + tags("gbeng"), {"tag": 5}, 1, "🏴"),
    "narrow space in a word": ("word\u202fword", {"space": 1}, 4, "word word"),
    "no-break spaces in a row": ("a\u00a0\u00a0b", {"space": 2}, 1, "a  b"),
    "letters of two scripts": ("p\u0430yp\u0430l", {"homoglyph": 2}, 1, "p\u0430yp\u0430l"),
    "half a surrogate": ("\ud800\u200b", {"zero_width": 1}, 1, "\ud800"),
}


@pytest.mark.parametrize("name", IN_USE)
def test_what_has_a_use_is_not_counted_and_stays(name):
    found = hidden(IN_USE[name])
    assert (found.counts, found.first, found.evidence) == ({}, None, "none")
    assert without_hidden(IN_USE[name]) == IN_USE[name]


@pytest.mark.parametrize("name", ODD)
def test_what_has_none_is_counted_and_goes(name):
    text, counts, first, clean = ODD[name]
    found = hidden(text)
    assert (found.counts, found.first, found.evidence) == (counts, first, "weak")
    assert without_hidden(text) == clean


@pytest.mark.parametrize(
    ("content", "shown"),
    [("hemlig ÅÄÖ".encode(), "hemlig ÅÄÖ"), (b"\xff\x00\x80", "0xff0080"), (b"two\nlines", "0x74776f0a6c696e6573")],
)
def test_what_selectors_spell_is_read(content, shown):
    assert hidden("plain" + selectors(content) + " text").decoded == (shown,)


def test_what_tags_spell_is_read_in_the_order_of_the_text():
    text = "a" + tags("first") + "b" + selectors(b"second") + "c" + tags("third")
    assert hidden(text).decoded == ("first", "second", "third")


def test_at_most_sixteen_runs_are_shown_and_all_are_counted():
    found = hidden("".join("x" + selectors(b"ab") for _ in range(40)))
    assert (len(found.decoded), found.counts) == (16, {"variation": 80})


def test_a_manifest_is_told_from_other_runs():
    assert hidden("text\ufeff" + selectors(b"C2PATXT\0\1\0\0\0\0")).scheme == "c2pa-text"
    assert hidden("text\ufeff" + selectors(b"C2PATXX\0\1\0\0\0\0")).scheme is None


def test_reading_comes_before_normalising():
    text = "one\u00a0\u00a0two" + selectors(b"id 7") + "\u202fthree\u200b and four\u202ffive"
    before, after = hidden(text), hidden(normalize("NFKC", text))
    assert before.counts == {"space": 3, "variation": 4, "zero_width": 1}
    assert after.counts == {"variation": 4, "zero_width": 1}, "normalisation alone turns no-break spaces into plain ones"
    assert after.decoded == before.decoded == ("id 7",)
    assert hidden(normalize("NFKC", without_hidden(text))).counts == {}


def test_it_is_never_evidence_of_an_origin():
    found = read("copied\u200bfrom a page")
    assert (found.kind, found.state, found.origin, found.evidence) == ("unicode", "found", None, Evidence.NONE)
    assert found.words == "hidden characters (1 zero_width), as watermarks of this kind and copied web pages have them"
    assert found.claims["evidence"] == "weak"


def test_a_text_that_hides_nothing_says_nothing():
    found = read("Plain text.")
    assert (found.state, found.origin, found.claims) == ("none", None, {})
    assert "says nothing" in found.words
    assert hidden("").counts == {}


LETTERS = "ab 1.م़क葛ท❤\U0001f3f4\U0001f469а"
CHARACTERS = LETTERS + "\u00a0\u202f\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\ufe00\ufe0f\u20e3\U000e0041\U000e007f\U000e0100\U000e0101"
TEXTS = st.text(st.sampled_from(CHARACTERS), max_size=30)


@given(TEXTS)
@example("\u00a0\u200b\u00a0")
@example("a\u202f\u200bb")
@example("\u200b\ufeffa")
def test_a_clean_text_hides_nothing_and_stays_as_it_is(text):
    clean = without_hidden(text)
    assert set(hidden(clean).counts) <= {"homoglyph"}
    assert without_hidden(clean) == clean


@given(TEXTS)
def test_what_can_be_seen_stays_in_its_place(text):
    def seen(string):
        return [letter for letter in string.replace("\u00a0", " ").replace("\u202f", " ") if letter in LETTERS + " \u20e3"]

    assert seen(without_hidden(text)) == seen(text)


@given(st.text(st.sampled_from("ab é\u200b\u200c\u200d\u200e\u200f\u2060\u2063\ufeff\U000e0041"), max_size=40))
def test_beside_latin_letters_every_format_character_counts(text):
    expected = sum(category(letter) == "Cf" for letter in text.removeprefix("\ufeff"))
    assert sum(hidden(text).counts.values()) == expected
