"""Credentials and hidden characters in texts as recognisers."""

import os
from collections.abc import Sequence

from longtail.errors import MissingExtra
from longtail.origin.credentials import text as texts
from longtail.origin.credentials import unicode
from longtail.origin.credentials.credential import Credential
from longtail.origin.recognising.evidence import Recognised, Text
from longtail.records import Evidence, Origin


class C2PAText:
    """Reads C2PA credentials within texts; a whole one of a signer that is trusted here is signed evidence.

    Args:
        trust: PEM file of the certificates whose signers are believed; without it nothing is verified.
    """

    name = "c2pa-text"
    tests = False

    def __init__(self, trust: str | os.PathLike[str] | None = None) -> None:
        self._trust = trust
        self.looks_for = f"C2PA credentials within texts, {'signed by those trusted' if trust else 'whoever signed them'}"

    def recognise(self, batch: Sequence[Text]) -> list[Recognised | None]:
        """Return the credential of each document, None where it has none.

        Raises:
            ReadError: The trust list cannot be read.
        """
        return [self._one(each.text) for each in batch]

    def _one(self, text: str) -> Recognised | None:
        try:
            return recognised(self.name, texts.read(text, self._trust))
        except MissingExtra as missing:
            return Recognised(
                recogniser=self.name, words=f"a C2PA credential that is not read here: {missing}", state="unread", scheme=self.name
            )


class Unicode:
    """Looks for hidden characters that no script needs, as watermarks of that kind, and copied web pages, have them: weak evidence.

    Those of a C2PA credential are for `C2PAText`.
    """

    name = "unicode"
    tests = False
    looks_for = "hidden characters that no script needs"

    def recognise(self, batch: Sequence[Text]) -> list[Recognised | None]:
        """Return the hidden characters of each document, None where it has none."""
        return [self._one(each.text) for each in batch]

    def _one(self, text: str) -> Recognised | None:
        found = unicode.read(text)
        return None if found.claims.get("scheme") == C2PAText.name else recognised(self.name, found)


def recognised(name: str, found: Credential) -> Recognised | None:
    """Return a credential as evidence, None where there is none."""
    if found.state == "none":
        return None
    return Recognised(
        recogniser=name,
        words=found.words,
        state=found.state,
        scheme=found.kind,
        origin=found.origin,
        evidence=found.evidence,
        depth=0 if found.origin is Origin.HUMAN and found.evidence is Evidence.SIGNED else None,
    )
