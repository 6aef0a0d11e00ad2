"""What a scorer is, and what it says of itself."""

from collections.abc import Sequence
from typing import Protocol

from longtail.origin.reference import Floats, Ints
from longtail.records import Record


class ScorerCard(Record, frozen=True):
    """What has to be known of a scorer before its numbers are believed.

    Attributes:
        name: Its name in the catalogue, or that of the function or column.
        version: Of the code or the model: a hash, a revision.
        source: Paper or own definition.
        min_words: Texts shorter than this are not scored.
        languages: Languages it was made for, as ISO 639-1; empty where it learns from the reference.
        cutoff: Last day of what it was trained on, as ISO 8601; empty where it learns from the reference or it is not known.
        known_biases: Groups it is known to be wrong about.
    """

    name: str
    version: str
    source: str
    min_words: int = 0
    languages: tuple[str, ...] = ()
    cutoff: str = ""
    known_biases: tuple[str, ...] = ()


class Scorer(Protocol):
    """Gives texts numbers that are higher the more they are like a machine origin's."""

    card: ScorerCard

    def scores(self, texts: Sequence[str]) -> Floats:
        """Return scores, NaN where a text cannot be scored, shape (documents, machine origins)."""


class Fitting(Protocol):
    """Learns a scorer from texts of known origin."""

    def __call__(self, texts: Sequence[str], labels: Ints) -> Scorer:
        """Return a scorer; labels are 0 for human and k for the k-th machine origin."""
