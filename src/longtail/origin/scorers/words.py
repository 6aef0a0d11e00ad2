"""The default scorer: logistic regression on n-grams of words and on style, learnt from the user's own reference."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from longtail.origin.reference import Floats, Ints
from longtail.origin.scorers.card import ScorerCard
from longtail.origin.scorers.catalogue import SCORERS
from longtail.origin.scorers.features import Features, Scale
from longtail.origin.scorers.logistic import Logistic, fit_logistic

SOURCE = "own definition: logistic regression with a ridge on tf-idf n-grams (Salton and Buckley 1988) and rates of style"


@dataclass(frozen=True)
class WordScorer:
    """Log odds of each machine origin against human, in nats, uncalibrated; higher means more like that origin."""

    scale: Scale
    model: Logistic
    order: int
    card: ScorerCard

    def scores(self, texts: Sequence[str]) -> Floats:
        """Return the scores of texts, NaN for a text without a word, shape (documents, K)."""
        return self.scores_of(Features.of(texts, self.order))

    def scores_of(self, features: Features) -> Floats:
        """Return the scores of texts whose features are at hand, shape (documents, K)."""
        odds = self.model.log_odds(self.scale.matrix(features))
        return np.where(features.words[:, None] > 0, odds, np.nan)


@dataclass(frozen=True)
class Words:
    """Logistic regression on n-grams of lower-case words and punctuation, and on rates of style.

    Attributes:
        order: Longest n-gram.
        strength: Weight of the data against the ridge.
    """

    order: int = 3
    strength: float = 30.0
    __name__: ClassVar[str] = "words"

    def __call__(self, texts: Sequence[str], labels: Ints) -> WordScorer:
        """Return a scorer learnt from texts; labels are 0 for human and k for the k-th machine origin."""
        features = self.features(texts)
        return self.fit(features, labels, np.arange(len(labels)))

    def features(self, texts: Sequence[str]) -> Features:
        """Return what is measured of texts before anything is learnt."""
        return Features.of(texts, self.order)

    def fit(self, features: Features, labels: Ints, rows: Ints) -> WordScorer:
        """Return a scorer learnt from some rows of features, as if there were no others; `labels` are those of all rows."""
        rows = rows[features.words[rows] > 0]
        scale, matrix = Scale.of(features, rows)
        model = fit_logistic(matrix, labels[rows], int(labels.max()) + 1, self.strength)
        return WordScorer(scale, model, self.order, ScorerCard("words", f"1/{self.order}/{self.strength:g}", SOURCE, min_words=1))


words = SCORERS.add("words", source=SOURCE)(Words())
