"""What a recogniser finds in a document, and what a recogniser is."""

import math
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from longtail.errors import InvalidRecord
from longtail.records import Evidence, Origin, Record

STRONG = (Evidence.INHERITED, Evidence.WATERMARK, Evidence.SIGNED)
"""Evidence on which an origin is written into data, the weakest first."""


class Text(NamedTuple):
    """A document as a recogniser sees it: raw, before anything is normalised, with the id that it states, if any."""

    text: str
    lt_id: str | None = None


class Recognised(Record, frozen=True):
    """What one recogniser found in one document. That nothing is found is None, and says nothing of who wrote the document.

    Attributes:
        recogniser: Name of the recogniser.
        words: What was found, in one sentence.
        state: `tested` (a p-value stands beside it, which counts among those of all documents), `found`, or what a credential is:
            `verified`, `declared`, `invalid`.
        scheme: How the watermark or credential was made.
        key_id: The key of a watermark.
        p_value: Chance of as strong a sign in a document without the watermark, for all keys of the recogniser together.
        n_scored: What the p-value rests on: tokens that were scored.
        score: The number behind it: share of green tokens, similarity to a known document.
        matched_id: Id of the document of the ledger that it is a copy of.
        origin: What it speaks for; None where it only invites a look.
        evidence: What that origin rests on.
        model: Generator, where the ledger knows it.
        depth: Models between people and the document, where the ledger knows it.
    """

    recogniser: str
    words: str
    state: str = "found"
    scheme: str | None = None
    key_id: str | None = None
    p_value: float | None = None
    n_scored: int | None = None
    score: float | None = None
    matched_id: str | None = None
    origin: Origin | None = None
    evidence: Evidence = Evidence.NONE
    model: str | None = None
    depth: int | None = None

    def __post_init__(self) -> None:
        """Refuse numbers that are none, and a human origin that nobody signed."""
        if self.p_value is not None and not 0 <= self.p_value <= 1:
            raise InvalidRecord(f"recogniser {self.recogniser!r}: p_value is {self.p_value!r}; give a number from 0 to 1, or None")
        if self.score is not None and not math.isfinite(self.score):
            raise InvalidRecord(f"recogniser {self.recogniser!r}: score is {self.score!r}; give a finite number, or None")
        if self.origin is Origin.HUMAN and self.evidence not in (Evidence.SIGNED, Evidence.ASSERTED):
            raise InvalidRecord(
                f"recogniser {self.recogniser!r}: origin 'human' rests on {self.evidence.value!r}; only a credential says so"
            )

    @property
    def is_strong(self) -> bool:
        """Tell whether the origin may be written into data."""
        return self.origin is not None and self.evidence in STRONG


class Recogniser(Protocol):
    """Looks documents over for one kind of sign.

    Attributes:
        name: What it is called in results and in the ledger.
        looks_for: What it looks for, in words.
        tests: Whether its findings are p-values, of which those of all documents together decide which stand.
    """

    name: str
    looks_for: str
    tests: bool

    def recognise(self, batch: Sequence[Text]) -> Sequence[Recognised | None]:
        """Return what is found in each document, None where there is nothing to tell."""
        ...


def strongest(found: Sequence[Recognised]) -> Recognised | None:
    """Return the evidence on which an origin is written: of what is strong the least human origin, then the strongest evidence."""
    strong = [each for each in found if each.is_strong]
    if not strong:
        return None
    least = Origin.merged(each.origin for each in strong if each.origin is not None)
    return max((each for each in strong if each.origin is least), key=lambda each: STRONG.index(each.evidence))


def contradicts(said: str | None, found: Recognised | None) -> bool:
    """Tell whether one of the two origins is human and the other is not; an origin that is not stated contradicts nothing."""
    if found is None or found.origin is None or said in (None, Origin.UNKNOWN):
        return False
    return (said == Origin.HUMAN) != (found.origin is Origin.HUMAN)
