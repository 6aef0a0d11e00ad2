"""Style alone: a second opinion that no topic can sway."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from longtail.origin.reference import Floats, Ints
from longtail.origin.scorers.card import ScorerCard
from longtail.origin.scorers.catalogue import SCORERS
from longtail.origin.scorers.features import STYLE_LIMIT, Features
from longtail.origin.scorers.logistic import Logistic, fit_logistic

SOURCE = "own definition: logistic regression with a ridge on rates of style"
_CARD = ScorerCard(name="style", version="1", source=SOURCE, min_words=1)


@dataclass(frozen=True)
class StyleScorer:
    """Log odds of each machine origin against human by style alone, in nats, uncalibrated."""

    centre: Floats
    spread: Floats
    model: Logistic
    card: ScorerCard = _CARD

    def scores(self, texts: Sequence[str]) -> Floats:
        """Return the scores of texts, NaN for a text without a word, shape (documents, K)."""
        return self.scores_of(Features.of(texts, 1))

    def scores_of(self, features: Features) -> Floats:
        """Return the scores of texts whose features are at hand, shape (documents, K)."""
        odds = self.model.log_odds(_scaled(features, self.centre, self.spread))
        return np.where(features.words[:, None] > 0, odds, np.nan)


@dataclass(frozen=True)
class Style:
    """Logistic regression on rates of style: variety and length of words and sentences, marks, capitals, digits.

    Attributes:
        strength: Weight of the data against the ridge.
    """

    strength: float = 1.0
    __name__: ClassVar[str] = "style"

    def __call__(self, texts: Sequence[str], labels: Ints) -> StyleScorer:
        """Return a scorer learnt from texts; labels are 0 for human and k for the k-th machine origin."""
        return self.fit(self.features(texts), labels, np.arange(len(labels)))

    def features(self, texts: Sequence[str]) -> Features:
        """Return what is measured of texts before anything is learnt."""
        return Features.of(texts, 1)

    def fit(self, features: Features, labels: Ints, rows: Ints) -> StyleScorer:
        """Return a scorer learnt from some rows of features; `labels` are those of all rows."""
        rows = rows[features.words[rows] > 0]
        part = features.take(rows)
        centre, spread = part.style.mean(0), np.where(part.style.std(0) > 0, part.style.std(0), 1.0)
        model = fit_logistic(_scaled(part, centre, spread), labels[rows], int(labels.max()) + 1, self.strength)
        return StyleScorer(centre, spread, model)


def _scaled(features: Features, centre: Floats, spread: Floats) -> Floats:
    return np.clip((features.style - centre) / spread, -STYLE_LIMIT, STYLE_LIMIT)


style = SCORERS.add("style", source=SOURCE)(Style())
