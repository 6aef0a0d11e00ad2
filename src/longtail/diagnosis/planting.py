"""Collapses planted in copies of documents, with what was truly lost at every generation.

- drop: a rate of the rare types that are left goes in every generation. Where such a word stood, a word of the same document that
  is not rare takes its place, so that documents keep their length and nothing else that is rare grows.
- refit: an n-gram model learns from its own last output alone, as in a loop without real data.

Copies without a plant come from the same source: random halves of the documents, or two outputs of the first model.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from longtail.errors import UsageError
from longtail.lab.learners.ngram import NGram
from longtail.summaries.reference import Reference
from longtail.summaries.strata import TAIL, Strata
from longtail.views.words import spans

WORDS = "words_1"
ORDER = 3


class Copy(NamedTuple):
    """One generation of a planted collapse.

    Attributes:
        texts: Its documents.
        lost: Share of rare types that cannot be written any more: of those in the first copy where they are dropped, of those in
            what the first model learnt from where a model refits. An audit sees less of the latter, since no output shows them all.
        mass: Share of the tokens on rare types there that were on those.
    """

    texts: list[str]
    lost: float
    mass: float


class Rare(NamedTuple):
    """Which words a reference calls rare.

    Attributes:
        strata: Of its single words.
        seed: Of the hashes.
    """

    strata: Strata
    seed: int

    @classmethod
    def of(cls, reference: Reference, tau: float) -> "Rare":
        """Choose them, as an audit against generation 1 does.

        Raises:
            UsageError: The reference has no words, or so few that no tail can be told apart.
        """
        profile = reference.profile
        if WORDS not in profile.frequencies:
            raise UsageError(
                f"the reference has no single words ({', '.join(profile.views)}), and a drill plants losses of words; name text"
            )
        strata = reference.whole.strata(WORDS, tau, profile.frequencies[WORDS].theta)
        if strata.is_too_sparse or not (strata.codes == TAIL).any():
            held = f"{strata.realised_tau:.0%}"
            raise UsageError(f"the rarest words hold {held} of the reference, so no tail can be told apart; name a larger one")
        return cls(strata, profile.seed)

    def has(self, types: Sequence[int]) -> list[bool]:
        """Tell which types are rare."""
        found: list[bool] = (self.strata.of(np.array(types, np.uint64)) == TAIL).tolist()
        return found

    def counts(self, texts: Sequence[str]) -> dict[int, int]:
        """Return the tokens of each rare type in some documents."""
        types = np.array([kind for text in texts for kind, _ in spans(text, self.seed)], np.uint64)
        found, tokens = np.unique(types[self.strata.of(types) == TAIL], return_counts=True)
        return dict(zip(found.tolist(), tokens.tolist(), strict=True))


class Plant(Protocol):
    """A way to plant a collapse."""

    def pair(self, rng: np.random.Generator) -> tuple[list[str], list[str]]:
        """Return what stands for generation 1, and a copy of the same law."""
        ...

    def generations(self, first: list[str], copy: list[str], rng: np.random.Generator) -> Iterator[Copy]:
        """Yield the generations of a collapse without an end; none of it is done before it is asked for."""
        ...


class Dropping:
    """Rare types go at a rate.

    Args:
        texts: Documents.
        rare: Which words are rare.
        rate: Share of the rare types left that goes in each generation, above 0 and at most 1.
    """

    def __init__(self, texts: Sequence[str], rare: Rare, rate: float) -> None:
        self.texts, self.rare, self.rate = texts, rare, rate

    def pair(self, rng: np.random.Generator) -> tuple[list[str], list[str]]:
        """Return two random halves of the documents."""
        order = rng.permutation(len(self.texts))
        cut = len(order) // 2
        return [self.texts[at] for at in order[:cut]], [self.texts[at] for at in order[cut:]]

    def generations(self, first: list[str], copy: list[str], rng: np.random.Generator) -> Iterator[Copy]:
        """Yield the copy with more and more of its rare types gone."""
        tokens = self.rare.counts(copy)
        types = _some(tokens)
        gone = np.zeros(len(types), np.bool_)
        while True:
            gone |= rng.random(len(types)) < self.rate
            lost = {kind for kind, is_gone in zip(types, gone, strict=True) if is_gone}
            texts = [without(text, lost, self.rare, rng) for text in copy]
            yield Copy(texts, float(gone.mean()), sum(tokens[kind] for kind in lost) / sum(tokens.values()))


class Refitting:
    """A model of n-grams learns from its own last output.

    Args:
        texts: Documents that the first model learns from.
        rare: Which words are rare.
    """

    def __init__(self, texts: Sequence[str], rare: Rare) -> None:
        self.texts, self.rare = texts, rare
        self._first = NGram(ORDER).fit(texts)

    def pair(self, rng: np.random.Generator) -> tuple[list[str], list[str]]:
        """Return two outputs of the first model, each as large as what it learnt from."""
        first, copy = (self._first.sample(len(self.texts), rng) for _ in range(2))
        return _written(first), _written(copy)

    def generations(self, first: list[str], copy: list[str], rng: np.random.Generator) -> Iterator[Copy]:
        """Yield outputs of models that each learnt from the output of the one before, the first from `first`."""
        tokens = self.rare.counts(self.texts)
        _some(tokens)
        last = first
        while True:
            held = self.rare.counts(last)
            lost = [kind for kind in tokens if kind not in held]
            last = _written(NGram(ORDER).fit(last).sample(len(self.texts), rng))
            yield Copy(last, len(lost) / len(tokens), sum(tokens[kind] for kind in lost) / sum(tokens.values()))


def without(text: str, lost: set[int], rare: Rare, rng: np.random.Generator) -> str:
    """Return a document in which words of the types lost have given place to other words of it that are not rare.

    Where it has none of those, the words go.

    Args:
        text: The document.
        lost: Types as `spans` hashes them.
        rare: Which words are rare.
        rng: Chooses the other words.
    """
    words = spans(text, rare.seed)
    if not lost.intersection(kind for kind, _ in words):
        return text
    common = [word for (_, word), is_rare in zip(words, rare.has([kind for kind, _ in words]), strict=True) if not is_rare]
    whole, at = unicodedata.normalize("NFC", text), 0
    parts = []
    for kind, word in words:
        start = whole.index(word, at)
        parts += [whole[at:start], _other(common, rng) if kind in lost else word]
        at = start + len(word)
    return "".join([*parts, whole[at:]])


def _other(common: list[str], rng: np.random.Generator) -> str:
    return common[int(rng.integers(len(common)))] if common else ""


def _some(tokens: dict[int, int]) -> npt.NDArray[np.uint64]:
    if not tokens:
        raise UsageError("the data hold none of the reference's rare words, so none can be dropped; name data of the same kind")
    return np.array(sorted(tokens), np.uint64)


def _written(texts: Sequence[str]) -> list[str]:
    """Return the documents that are not blank."""
    return [text for text in texts if text.strip()]
