"""Credentials and hidden characters as recognisers."""

import pytest

from longtail.errors import MissingExtra
from longtail.origin.credentials import text as texts
from longtail.origin.credentials.credential import Credential
from longtail.origin.recognising.credentials import C2PAText, Unicode, recognised
from longtail.origin.recognising.evidence import Text
from longtail.records import Evidence, Origin


def credential(state, origin=None, evidence=Evidence.NONE):
    return Credential(kind="c2pa-text", state=state, words="words", origin=origin, evidence=evidence)


def test_only_a_verified_credential_is_strong_and_may_say_human():
    verified = recognised("c2pa-text", credential("verified", Origin.HUMAN, Evidence.SIGNED))
    declared = recognised("c2pa-text", credential("declared", Origin.HUMAN, Evidence.ASSERTED))
    assert (verified.is_strong, verified.depth, verified.state) == (True, 0, "verified")
    assert (declared.is_strong, declared.depth) == (False, None)
    assert not recognised("c2pa-text", credential("invalid")).is_strong
    assert recognised("c2pa-text", credential("none")) is None


def test_hidden_characters_are_found_in_raw_text_and_prove_nothing():
    hidden, plain, emoji = Unicode().recognise([Text("a\u200bb c\u2063d"), Text("plain"), Text("👩\u200d👩\u200d👧")])
    assert (hidden.state, hidden.is_strong, hidden.origin) == ("found", False, None)
    assert plain is None and emoji is None


def test_a_credential_that_cannot_be_read_here_is_told_and_stops_nothing(monkeypatch):
    def missing(text, trust):
        raise MissingExtra("reading a credential", "c2pa")

    monkeypatch.setattr(texts, "read", missing)
    (found,) = C2PAText().recognise([Text("a text")])
    assert (found.state, found.is_strong) == ("unread", False)
    assert "pip install 'longtail[c2pa]'" in found.words


def test_the_characters_of_a_credential_are_not_told_twice():
    pytest.importorskip("c2pa_text", reason="needs the extra c2pa")
    import c2pa_text

    wrapped = "A text." + c2pa_text.encode_wrapper(b"no manifest at all")
    assert Unicode().recognise([Text(wrapped)]) == [None]
    (found,) = C2PAText().recognise([Text(wrapped)])
    assert (found.state, found.is_strong) == ("invalid", False)
