"""Log-likelihood ratio of interpolated n-gram models, one for each origin."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from longtail.origin.reference import Floats, Ints
from longtail.origin.scorers.card import ScorerCard
from longtail.origin.scorers.catalogue import SCORERS
from longtail.origin.scorers.tokens import tokens
from longtail.stats.interpolated import Interpolated, numbered

SOURCE = "own definition: n-gram models with interpolation (Jelinek and Mercer 1980), one for each origin"
Cut = npt.NDArray[np.object_]


@dataclass(frozen=True)
class LikelihoodScorer:
    """Log-likelihood ratio of each machine origin against human, in nats for each token, uncalibrated.

    Attributes:
        models: One for each origin, human first.
        vocabulary: Number of each token of the reference.
    """

    models: tuple[Interpolated, ...]
    vocabulary: dict[str, int]
    card: ScorerCard

    def scores(self, texts: Sequence[str]) -> Floats:
        """Return the mean log ratio of the tokens of each text, NaN where it has none, shape (documents, K)."""
        return self.scores_of(cut(texts))

    def scores_of(self, features: Cut) -> Floats:
        """Return the scores of texts that are cut into tokens, shape (documents, K)."""
        sums = self.log_likelihoods(features)
        sizes = np.array([len(text.split()) for text in features])
        return np.where(sizes[:, None] > 0, (sums[:, 1:] - sums[:, :1]) / (sizes + 1)[:, None], np.nan)

    def log_likelihoods(self, features: Cut) -> Floats:
        """Return the log-likelihood of each text and its end under each origin's model, human first, shape (documents, K + 1)."""
        places = np.repeat(np.arange(len(features)), [len(text.split()) + 1 for text in features])
        laws = [model.log_law(features.tolist(), self.vocabulary) for model in self.models]
        return np.column_stack([np.bincount(places, law, minlength=len(features)) for law in laws])


@dataclass(frozen=True)
class Likelihood:
    """One interpolated n-gram model for each origin; a text's score is its mean log-likelihood ratio per token.

    Attributes:
        order: Longest n-gram. A few hundred texts fill no longer contexts: 1 ranks better than 3 by then.
    """

    order: int = 1
    __name__: ClassVar[str] = "likelihood"

    def __call__(self, texts: Sequence[str], labels: Ints) -> LikelihoodScorer:
        """Return a scorer learnt from texts; labels are 0 for human and k for the k-th machine origin."""
        return self.fit(cut(texts), labels, np.arange(len(labels)))

    def features(self, texts: Sequence[str]) -> Cut:
        """Return the texts cut into tokens."""
        return cut(texts)

    def fit(self, features: Cut, labels: Ints, rows: Ints) -> LikelihoodScorer:
        """Return a scorer learnt from some texts, as if there were no others; `labels` are those of all texts."""
        vocabulary = numbered(features[rows].tolist())
        parts = [features[rows[labels[rows] == origin]].tolist() for origin in range(int(labels.max()) + 1)]
        models = tuple(Interpolated.learnt(part, self.order, vocabulary) for part in parts)
        return LikelihoodScorer(models, vocabulary, ScorerCard("likelihood", f"1/{self.order}", SOURCE, min_words=1))


def cut(texts: Sequence[str]) -> Cut:
    """Return texts as their tokens in lower case with one space between, shape (documents,)."""
    found = np.empty(len(texts), dtype=np.object_)
    found[:] = [" ".join("\\n" if token[0] == "\n" else token.casefold() for token in tokens(text)) for text in texts]
    return found


likelihood = SCORERS.add("likelihood", source=SOURCE)(Likelihood())
