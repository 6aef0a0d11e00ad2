"""What a gate can be shown of a document beside its text: its length, its distance from real ones, whether it is well-formed."""

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from longtail.lab.passing import Measures

_CLOSES = {")": "(", "]": "[", "}": "{"}


def measures(documents: Sequence[str]) -> Measures:
    """Return the columns of documents, each computed when a gate asks for it.

    `words` is their number, `distance` how far a document lies from the centre of the real ones, from 0 to 1, as filters by likeness to
    a reference measure it, and `right` whether its brackets and quotation marks close.

    Args:
        documents: The real documents.
    """
    return {
        "words": lambda texts: [float(len(text.split())) for text in texts],
        "distance": Likeness(documents).distances,
        "right": lambda texts: [float(closed(text)) for text in texts],
    }


def closed(text: str) -> bool:
    """Tell whether every bracket of a text closes in its order, and the number of straight quotation marks is even."""
    opened: list[str] = []
    for character in text:
        if character in "([{":
            opened.append(character)
        elif character in _CLOSES and (not opened or opened.pop() != _CLOSES[character]):
            return False
    return not opened and text.count('"') % 2 == 0


class Centre(NamedTuple):
    """Rarity of each word, the mean direction of documents, and its length."""

    rarity: Mapping[str, float]
    along: Mapping[str, float]
    length: float


class Likeness:
    """Cosine of word counts, each by the logarithm of its rarity, with the centre of real documents.

    Words that no real document holds count as the rarest.

    Args:
        documents: The real documents.
    """

    def __init__(self, documents: Sequence[str]) -> None:
        self.documents = documents

    @cached_property
    def centre(self) -> Centre:
        """Return the centre of the real documents, computed when it is first asked for."""
        spread = Counter(word for document in self.documents for word in set(document.split()))
        rarity = {word: self._rarity(count) for word, count in spread.items()}
        along: dict[str, float] = defaultdict(float)
        for document in self.documents:
            for word, weight in self._direction(document, rarity).items():
                along[word] += weight / len(self.documents)
        return Centre(rarity, along, math.sqrt(sum(weight * weight for weight in along.values())))

    def distances(self, documents: Sequence[str]) -> list[float]:
        """Return 1 less the cosine of each document with the centre, from 0 to 1; 1 for one without words."""
        rarity, along, length = self.centre
        found = []
        for document in documents:
            direction = self._direction(document, rarity)
            cosine = sum(weight * along.get(word, 0.0) for word, weight in direction.items()) / length if length else 0.0
            found.append(1 - min(cosine, 1.0))
        return found

    def _rarity(self, documents: int) -> float:
        return math.log((1 + len(self.documents)) / (1 + documents)) + 1

    def _direction(self, document: str, rarity: Mapping[str, float]) -> dict[str, float]:
        """Return the weights of a document's words, as a direction."""
        unknown = self._rarity(0)
        weights = {word: count * rarity.get(word, unknown) for word, count in Counter(document.split()).items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {word: weight / length for word, weight in weights.items()} if length else {}
