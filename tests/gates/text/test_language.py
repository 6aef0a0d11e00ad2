"""The language of documents: decisions on a stand-in, and the library itself where it is installed."""

import sys

import pytest

from longtail.errors import ConfigError, MissingExtra
from longtail.gates import Batch
from longtail.gates.text import language
from longtail.gates.text.language import Language

GERMAN = "Der alte Mann ging jeden Morgen am Hafen entlang und grüßte die Fischer, die ihre Netze flickten."
ENGLISH = "The old man walked along the harbour every morning and greeted the fishermen who mended their nets."
FRENCH = "Le vieil homme marchait chaque matin le long du port et saluait les pêcheurs qui réparaient leurs filets."
SCRIPTS = {
    "ru": "Старик каждое утро ходил по гавани и здоровался с рыбаками, которые чинили сети.",
    "el": "Ο γέρος περπατούσε κάθε πρωί στο λιμάνι και χαιρετούσε τους ψαράδες που έραβαν τα δίχτυα.",
    "zh": "老人每天早上沿着港口散步，向修补渔网的渔民问好，然后坐在石头上看船。",
}


def ranks(text):
    shares = {"": {}, "German": {"de": 0.9, "en": 0.1}, "Danish": {"da": 0.45, "en": 0.3}, "Mixed": {"de": 0.4, "en": 0.35, "fr": 0.25}}
    found = next((each for word, each in shares.items() if word and word in text), {"en": 0.8, "de": 0.2})
    return sorted(({"en": 0.0, "de": 0.0, "fr": 0.0, "da": 0.0} | found).items(), key=lambda each: -each[1])


@pytest.fixture
def stand_in(monkeypatch):
    monkeypatch.setattr(language, "ranker", lambda: ranks)


def judge(text, **settings):
    return Language(**settings)(Batch.of([text])).at(0)


def test_another_language_is_rejected_and_named(stand_in):
    found = judge("German text that is long enough")
    assert found == ("reject", "the language is de with probability 0.90; allowed: en", 0.1, None)
    assert judge("German text that is long enough", allowed=["de", "en"]).decision == "keep"


def test_what_is_undecided_is_never_rejected(stand_in):
    for text in ("Danish or so, and long enough", "Mixed words of many languages"):
        assert judge(text) == ("keep", "", pytest.approx(0.3, abs=0.06), None)
        assert judge(text, undecided="review").decision == "review"
    assert judge("Mixed words of many languages", allowed=["en", "fr"]).decision == "keep"


def test_what_is_too_short_is_never_rejected(stand_in):
    assert judge("German, short").decision == "keep"
    assert judge("German, short", undecided="review").reason == "11 letters are too few to tell a language"


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"allowed": ["xx"]}, "'xx' is no language"),
        ({"allowed": []}, "allowed is"),
        ({"least": 0}, "least is 0"),
        ({"undecided": "reject"}, "undecided"),
    ],
)
def test_settings_out_of_range_are_refused(stand_in, settings, says):
    with pytest.raises(ConfigError, match=says):
        Language(**settings)


def test_without_the_library_the_line_that_installs_it_is_told(monkeypatch):
    monkeypatch.setitem(sys.modules, "py3langid", None)
    with pytest.raises(MissingExtra, match=r"longtail\[language\]"):
        Language()


def test_the_library_tells_languages():
    pytest.importorskip("py3langid")
    texts = [ENGLISH, GERMAN, FRENCH, *SCRIPTS.values()]
    found = Language()(Batch.of(texts))
    assert found.decisions.tolist() == [0, 2, 2, 2, 2, 2]
    assert [reason.split()[3] for reason in found.reasons[1:]] == ["de", "fr", *SCRIPTS]
    assert (Language(allowed=["de", "fr", *SCRIPTS])(Batch.of(texts)).decisions == [2, 0, 0, 0, 0, 0]).all()
