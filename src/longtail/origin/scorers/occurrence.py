"""Occurrence of words in sentences: the published model, in which words occur independently of each other.

A sentence is what its words say: each word of the vocabulary is in it or not. The vocabulary is what at least 5 human and 3
machine sentences hold; shares of sentences with a word are smoothed with one half (Jeffreys), where the published code
leaves them as they are and gives a probability of 0 to what a small reference happens to lack.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np

from longtail.origin.reference import Floats, Ints
from longtail.origin.scorers.card import ScorerCard
from longtail.origin.scorers.catalogue import SCORERS
from longtail.origin.scorers.tokens import Counted, Hashes, counted, found, tokens

SOURCE = "Liang et al. 2024 (arXiv 2403.07183), shares smoothed with one half"
HUMAN_SENTENCES, MACHINE_SENTENCES, LEAST_WORDS = 5, 3, 2
_ENDS = frozenset(".!?。！？")
_CARD = ScorerCard("occurrence", "1", SOURCE, min_words=LEAST_WORDS, known_biases=("words are taken as independent: ratios are too sure",))


class Sentences(NamedTuple):
    """Words of sentences, and the document of each sentence, shape (sentences,), out of so many documents."""

    words: Counted
    documents: Ints
    size: int

    def take(self, rows: Ints) -> "Sentences":
        """Return the sentences of some documents, in that order."""
        bounds = np.searchsorted(self.documents, np.arange(self.size + 1))
        lengths = np.diff(bounds)[rows]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        at = np.arange(starts[-1]) + np.repeat(bounds[rows] - starts[:-1], lengths)
        return Sentences(self.words.take(at), np.repeat(np.arange(len(rows)), lengths), len(rows))


class SentenceScores(NamedTuple):
    """Log ratios of sentences, shape (sentences, K), and the document of each, shape (sentences,)."""

    scores: Floats
    documents: Ints


@dataclass(frozen=True)
class OccurrenceScorer:
    """Log-likelihood ratios of each machine origin against human by which words occur, in nats, uncalibrated.

    Attributes:
        words: Vocabulary of all origins, ascending, shape (words,).
        present: What a word adds where it occurs beyond what its absence would, shape (words, K).
        absent: Log ratio of a sentence without any word of the vocabulary, shape (K,).
    """

    words: Hashes
    present: Floats
    absent: Floats
    card: ScorerCard = _CARD

    def sentence_scores(self, texts: Sequence[str]) -> SentenceScores:
        """Return the log ratio of each sentence of two or more words, and the document that it is of."""
        cut = sentences_of(texts)
        return SentenceScores(self._ratios(cut), cut.documents)

    def scores(self, texts: Sequence[str]) -> Floats:
        """Return the sum of the log ratios of the sentences of each text, NaN where it has none, shape (documents, K)."""
        return self.scores_of(sentences_of(texts))

    def scores_of(self, features: Sentences) -> Floats:
        """Return the scores of texts whose sentences are at hand, shape (documents, K)."""
        sums = _sums(self._ratios(features), features.documents, features.size)
        return np.where(np.bincount(features.documents, minlength=features.size)[:, None] > 0, sums, np.nan)

    def _ratios(self, cut: Sentences) -> Floats:
        at = found(self.words, cut.words.grams)
        sentence = np.repeat(np.arange(len(cut.words)), np.diff(cut.words.starts))
        return self.absent + _sums(self.present[at[at >= 0]], sentence[at >= 0], len(cut.words))


@dataclass(frozen=True)
class Occurrence:
    """The published model of words that occur in sentences or do not, independently of each other."""

    __name__: ClassVar[str] = "occurrence"

    def __call__(self, texts: Sequence[str], labels: Ints) -> OccurrenceScorer:
        """Return a scorer learnt from texts; labels are 0 for human and k for the k-th machine origin."""
        return self.fit(self.features(texts), labels, np.arange(len(labels)))

    def features(self, texts: Sequence[str]) -> Sentences:
        """Return the sentences of texts."""
        return sentences_of(texts)

    def fit(self, features: Sentences, labels: Ints, rows: Ints) -> OccurrenceScorer:
        """Return a scorer learnt from some texts, as if there were no others; `labels` are those of all texts."""
        part = features.take(rows)
        origin = labels[rows][part.documents]
        words, place = np.unique(part.words.grams, return_inverse=True)
        sentence = np.repeat(np.arange(len(part.words)), np.diff(part.words.starts))
        kinds = int(labels.max()) + 1
        held = np.bincount(place * kinds + origin[sentence], minlength=len(words) * kinds).reshape(-1, kinds)
        known = (held[:, :1] >= HUMAN_SENTENCES) & (held[:, 1:] >= MACHINE_SENTENCES)
        shares = (held + 0.5) / (np.bincount(origin, minlength=kinds) + 1)
        absent = np.where(known, np.log1p(-shares[:, 1:]) - np.log1p(-shares[:, :1]), 0.0)
        present = np.where(known, np.log(shares[:, 1:]) - np.log(shares[:, :1]), 0.0) - absent
        any_ = known.any(1)
        return OccurrenceScorer(words[any_], present[any_], absent.sum(0))


def sentences_of(texts: Sequence[str]) -> Sentences:
    """Return the sentences of two or more words of texts, each word once a sentence; lines end sentences too."""
    cut = [(at, sentence) for at, text in enumerate(texts) for sentence in _cut(text)]
    documents = np.array([at for at, _ in cut], dtype=np.int64)
    return Sentences(counted((sentence for _, sentence in cut), 1), documents, len(texts))


def _cut(text: str) -> list[list[str]]:
    found_: list[list[str]] = [[]]
    for token in tokens(text):
        if token[0].isalnum():
            found_[-1].append(token)
        elif token in _ENDS or token[0] == "\n":
            found_.append([])
    return [sentence for sentence in found_ if len(sentence) >= LEAST_WORDS]


def _sums(values: Floats, groups: Ints, size: int) -> Floats:
    return np.column_stack([np.bincount(groups, column, minlength=size) for column in values.T])


occurrence = SCORERS.add("occurrence", source=SOURCE)(Occurrence())
