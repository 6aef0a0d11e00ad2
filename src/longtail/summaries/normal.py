"""Texts without regard to case and spacing, and a hash of them to look them up by."""

import unicodedata

import xxhash


def normal(text: str) -> str:
    """Return a text without regard to case, spacing and composition.

    Case is folded in full ("ß" as "ss"), canonically (definition D145 of the Unicode standard) and in form NFC; white space
    becomes one space, and none at the ends.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    folded = unicodedata.normalize("NFD", text).casefold()
    return " ".join(unicodedata.normalize("NFC", folded).split())


def text_hash(text: str) -> int | None:
    """Return the XXH3-64 of the normal form of a text, None where nothing is left of it.

    Raises:
        UnicodeEncodeError: The text holds half of a surrogate pair.
    """
    form = normal(text)
    return xxhash.xxh3_64_intdigest(form.encode()) if form else None
