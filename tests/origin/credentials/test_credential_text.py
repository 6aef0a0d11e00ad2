"""Credentials within texts."""

from unicodedata import normalize

import pytest

from longtail.errors import MissingExtra, UsageError
from longtail.origin.credentials import text
from longtail.origin.credentials.unicode import hidden, without_hidden
from longtail.records import Evidence, Origin

STORY = "Das Café am Fluß war leer. A model wrote this, 文章 and all. ❤️ " * 8


@pytest.fixture(scope="module")
def signed(keys):
    return text.sign(STORY, keys.chain, keys.key, "trainedAlgorithmicMedia", generator="tiny", rights={"cawg.data_mining": "notAllowed"})


def test_a_credential_comes_back(signed, keys):
    found = text.read(signed, keys.root)
    assert (found.state, found.origin, found.evidence, found.signer) == ("verified", Origin.SYNTHETIC, Evidence.SIGNED, "Alice")
    assert found.rights == {"cawg.data_mining": "notAllowed"}
    assert "failures" not in found.claims


def test_it_is_only_declared_unless_the_signer_is_trusted(signed, other_keys):
    assert (text.read(signed).state, text.read(signed).evidence) == ("declared", Evidence.ASSERTED)
    assert text.read(signed, other_keys.root).state == "declared"


def test_the_reference_implementation_reads_it(signed):
    import c2pa_text

    manifest, clean = c2pa_text.extract_manifest(signed)
    assert clean == STORY
    assert c2pa_text.validate_text(signed).valid
    assert b"c2pa.hash.data" in manifest


def test_it_survives_normalisation_and_is_found_before_and_after(signed, keys):
    for form in ("NFC", "NFKC"):
        assert text.read(normalize(form, signed), keys.root).state == "verified"
    assert text.read(normalize("NFD", signed), keys.root).state == "verified"


def test_a_text_that_compatibility_normalisation_changes_is_no_longer_the_one_signed(keys):
    made = text.sign("ﬁne print, 10\u00a0km", keys.chain, keys.key, "digitalCreation", generator="editor")
    assert text.read(made, keys.root).state == "verified"
    assert text.read(normalize("NFKC", made), keys.root).state == "invalid"


def test_a_text_not_in_normal_form_is_signed_in_it(keys):
    made = text.sign(normalize("NFD", STORY), keys.chain, keys.key, "digitalCreation", generator="editor")
    assert without_hidden(made) == STORY
    assert text.read(made, keys.root).state == "verified"


@pytest.mark.parametrize(
    "change",
    [
        lambda whole: whole.replace("A model", "A mother", 1),
        lambda whole: "Before. " + whole,
        lambda whole: whole + " After.",
        lambda whole: whole[:-700],
        lambda whole: whole[: len(STORY) + 12],
        lambda whole: whole + whole,
        lambda whole: whole + "\ud800",
        lambda whole: "Quite another text. " + whole[len(STORY) :],
    ],
    ids=["word", "before", "after", "cut", "header", "twice", "surrogate", "moved"],
)
def test_what_was_changed_is_not_believed(change, signed, keys):
    found = text.read(change(signed), keys.root)
    assert (found.state, found.origin, found.evidence) == ("invalid", None, Evidence.NONE)


def test_no_changed_byte_of_the_manifest_makes_another_statement(signed, keys):
    said = text.read(signed, keys.root)
    states = set()
    for at in range(len(STORY), len(signed), 101):
        other = "\ufe01" if signed[at] != "\ufe01" else "\ufe02"
        found = text.read(signed[:at] + other + signed[at + 1 :], keys.root)
        states.add(found.state)
        assert found.state in ("invalid", "none") or (found.origin, found.claims) == (said.origin, said.claims)
    assert "invalid" in states


def test_a_signer_cannot_leave_words_out_of_what_is_signed(keys, monkeypatch):
    binding = text._binding

    def wide(content, length):
        return binding(content[:50], length + len(content) - 50)

    monkeypatch.setattr(text, "_binding", wide)
    made = text.sign(STORY, keys.chain, keys.key, "digitalCreation", generator="editor")
    assert text.read(made, keys.root).state == "invalid"


def test_a_text_without_one_needs_no_optional_part_and_says_nothing(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "c2pa_text", None)
    found = text.read("Nothing here.\ufeff" + "\ufe01" * 20)
    assert (found.state, found.origin) == ("none", None)
    assert "says nothing" in found.words


def test_a_text_with_one_says_what_to_install(signed, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "c2pa_text", None)
    with pytest.raises(MissingExtra, match=r"pip install 'longtail\[c2pa\]'"):
        text.read(signed)


def test_a_text_is_signed_once(signed, keys):
    with pytest.raises(UsageError, match="has a credential already"):
        text.sign(signed, keys.chain, keys.key, "digitalCreation", generator="editor")
    again = text.sign(without_hidden(signed), keys.chain, keys.key, "digitalCreation", generator="editor")
    assert text.read(again, keys.root).origin == Origin.HUMAN


def test_a_text_that_is_no_unicode_is_refused(keys):
    with pytest.raises(UsageError, match="no valid Unicode"):
        text.sign("half \ud800", keys.chain, keys.key, "digitalCreation", generator="editor")


def test_a_byte_of_manifest_costs_one_character_of_at_most_four_bytes(signed):
    import c2pa_text

    manifest, _ = c2pa_text.extract_manifest(signed)
    added = len(signed.encode()) - len(STORY.encode())
    assert 1 <= (len(signed) - len(STORY)) / len(manifest) < 1.2
    assert 3.9 < added / len(manifest) < 4.1


def test_reading_hidden_characters_finds_the_scheme(signed):
    found = hidden(signed)
    assert found.scheme == "c2pa-text"
    assert found.first == len(STORY)
    assert without_hidden(signed) == STORY
