"""Cross-fitting: scores of a reference by models that saw neither the text nor anything made from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast, runtime_checkable

import numpy as np

from longtail.errors import UsageError
from longtail.origin.reference import Floats, Ints, Reference
from longtail.origin.scorers.card import Fitting, Scorer

FOLDS = 10


class StepScorer(Scorer, Protocol):
    """A scorer that takes features as well as texts."""

    def scores_of(self, features: Any) -> Floats:
        """Return the scores of texts whose features are at hand, shape (documents, K)."""


@runtime_checkable
class Steps(Protocol):
    """A fitting scorer that measures texts once and learns from any rows of what it measured."""

    def features(self, texts: Sequence[str]) -> Any:
        """Return what is measured of texts; it has `take(rows)`."""

    def fit(self, features: Any, labels: Ints, rows: Ints) -> StepScorer:
        """Return a scorer learnt from some rows, as if there were no others."""


@dataclass(frozen=True)
class CrossFitted:
    """A reference's scores, and the scorer for everything else.

    Attributes:
        scores: Of each text by a model that saw nothing of its group, shape (documents, K).
        folds: Fold of each text, shape (documents,); all 0 where nothing is learnt.
        scorer: For texts outside the reference.
    """

    scores: Floats
    folds: Ints
    scorer: Scorer


def crossfit(reference: Reference, fitting: Fitting | Scorer, folds: int = FOLDS, seed: int = 0) -> CrossFitted:
    """Return out-of-fold scores of a reference, and a scorer learnt from all of it.

    A scorer that learns nothing is passed through: its scores of the reference are already those of unseen texts.

    Args:
        reference: Texts of known origin.
        fitting: What learns a scorer, or a scorer.
        folds: Most parts; there are fewer where an origin has fewer groups. Groups stay whole.
        seed: Of the draw of parts.

    Raises:
        UsageError: `fold_of` refuses the groups, or a scorer returns scores of another shape.
    """
    if not callable(fitting):
        nothing = np.zeros(len(reference), dtype=np.int64)
        return CrossFitted(_checked(fitting.scores(reference.texts), reference), nothing, fitting)
    parts = fold_of(reference, folds, seed)
    hand = _hand(reference, fitting)
    scores = np.full((len(reference), len(reference.origins)), np.nan)
    for part in range(int(parts.max()) + 1):
        held = np.flatnonzero(parts == part)
        scores[held] = hand.scores(hand.learnt(np.flatnonzero(parts != part)), held)
    return CrossFitted(scores, parts, hand.learnt(np.arange(len(reference))))


def fold_of(reference: Reference, folds: int = FOLDS, seed: int = 0) -> Ints:
    """Return a part for each text so that groups stay whole and parts hold about as much of each origin, shape (documents,).

    The largest groups are dealt first, each to the part that holds least of what the group is made of.

    Raises:
        UsageError: An origin has a single group, which cannot be both learnt from and scored, or all of it falls into one part.
    """
    names, group = np.unique(reference.groups, return_inverse=True)
    made_of = np.zeros((len(names), len(reference.origins) + 1))
    np.add.at(made_of, (group, reference.labels), 1.0)
    holders = (made_of > 0).sum(0)
    if holders.min() < 2:
        lacking = ("human", *reference.origins)[int(holders.argmin())]
        raise UsageError(
            f"all {lacking} texts of the reference are one group; a scorer needs two or more, to learn from some and score others"
        )
    parts = min(folds, int(holders.min()))
    shares = made_of / made_of.sum(0)
    order = np.lexsort((np.random.default_rng(seed).permutation(len(names)), *shares.T, -made_of.sum(1)))
    held, chosen = np.zeros((parts, shares.shape[1])), np.zeros(len(names), dtype=np.int64)
    for at in order:
        chosen[at] = int((held @ shares[at]).argmin())
        held[chosen[at]] += shares[at]
    _check_spread(held, reference)
    return chosen[group]


def _check_spread(held: Floats, reference: Reference) -> None:
    alone = np.flatnonzero((held > 0).sum(0) < 2)
    if len(alone):
        name = ("human", *reference.origins)[int(alone[0])]
        raise UsageError(
            f"groups are so few and large that all {name} texts fall into one part of {len(held)}; give a reference of more groups"
        )


class _Hand:
    """Learns from rows of a reference and scores rows of it, by texts alone."""

    def __init__(self, reference: Reference, fitting: Fitting) -> None:
        self.reference, self.fitting = reference, fitting

    def learnt(self, rows: Ints) -> Scorer:
        part = self.reference.take(rows)
        return self.fitting(part.texts, part.labels)

    def scores(self, scorer: Scorer, rows: Ints) -> Floats:
        part = self.reference.take(rows)
        return _checked(scorer.scores(part.texts), part)


class _StepHand:
    """The same by features that are made once."""

    def __init__(self, reference: Reference, steps: Steps) -> None:
        self.reference, self.steps, self.features = reference, steps, steps.features(reference.texts)

    def learnt(self, rows: Ints) -> StepScorer:
        return self.steps.fit(self.features, self.reference.labels, rows)

    def scores(self, scorer: Scorer, rows: Ints) -> Floats:
        return cast(StepScorer, scorer).scores_of(self.features.take(rows))


def _hand(reference: Reference, fitting: Fitting) -> _Hand | _StepHand:
    plain = fitting if getattr(fitting, "keywords", None) else getattr(fitting, "func", fitting)  # a catalogue binds settings as a partial
    return _StepHand(reference, plain) if isinstance(plain, Steps) else _Hand(reference, fitting)


def _checked(scores: Floats, reference: Reference) -> Floats:
    wanted = (len(reference), len(reference.origins))
    if scores.shape != wanted:
        raise UsageError(
            f"the scorer returned scores of shape {scores.shape}; {wanted} are needed: a row for each text, a column for each origin"
        )
    return scores
