"""The instrument: a scorer fitted on a reference, calibrated, and ready to measure any number of targets.

Everything that depends on the reference alone is made once: out-of-fold scores, the calibration, and the calibrations of every
bootstrap replicate. All targets share those replicates, so that their estimates can be compared with each other.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np

from longtail.origin.bootstrap import CHUNK, replicates
from longtail.origin.calibration import Calibration, calibrate, calibrate_many
from longtail.origin.crossfit import StepScorer, crossfit
from longtail.origin.misfit import Misfit, Moments
from longtail.origin.quantifiers import QUANTIFIERS, Scored
from longtail.origin.reference import Floats, Ints, Reference
from longtail.origin.scorers import SCORERS
from longtail.origin.scorers.card import Fitting, Scorer
from longtail.origin.scorers.features import Features
from longtail.origin.scorers.words import WordScorer
from longtail.origin.settings import Settings

ORDER = 3
"""Longest n-gram of the features that texts are measured by."""


@dataclass(frozen=True)
class Read:
    """What was measured of the texts of a target, once.

    Attributes:
        features: n-grams and style.
        scores: Shape (documents, K).
        second: Scores by style alone, shape (documents, K).
    """

    features: Features
    scores: Floats
    second: Floats

    def take(self, rows: Ints) -> "Read":
        """Return the same of some texts."""
        return Read(self.features.take(rows), self.scores[rows], self.second[rows])


class Instrument:
    """Measures shares of origins with one reference.

    Args:
        reference: Texts of known origin.
        settings: How to measure.
        scorer: What learns a scorer, or a scorer; by default that of the settings.
        scores: Scores of the reference that were made elsewhere by something that saw none of it, shape (documents, K); `scorer` is
            then not used.
    """

    def __init__(
        self, reference: Reference, settings: Settings, scorer: Fitting | Scorer | None = None, scores: Floats | None = None
    ) -> None:
        self.reference, self.settings = reference, settings
        self._method = QUANTIFIERS[settings.method].member
        self.fitting: Fitting | Scorer | None = None if scores is not None else scorer or SCORERS[settings.scorer].member
        self.fitted = None if self.fitting is None else crossfit(reference, self.fitting, settings.folds, settings.seed)
        self.scores = cast(Floats, scores) if self.fitted is None else self.fitted.scores
        self.second = crossfit(reference, SCORERS["style"].member, settings.folds, settings.seed)
        self.moments = Moments(reference, ORDER)
        self.calibration = calibrate(self.scores, reference.labels)
        self._second = calibrate(self.second.scores, reference.labels)

    @cached_property
    def log_ratios(self) -> Floats:
        """Calibrated out-of-fold log ratios of the reference, shape (documents, K)."""
        return self.calibration.log_ratios(self.scores)

    @cached_property
    def _replicates(self) -> tuple[Ints, Calibration]:
        """How often each reference text was drawn, shape (replicates, documents), and the calibrations that follow."""
        groups, labels = self.reference.groups, self.reference.labels
        drawn = replicates(groups, labels, np.zeros(1, np.int64), self.settings.replicates, self.settings.seed)
        weights = np.concatenate([ours for ours, _ in drawn])
        return weights, calibrate_many(self.scores, labels, weights.astype(np.float64))

    def read(self, texts: Sequence[str], scores: Floats | None = None) -> Read:
        """Return what is measured of texts, with their scores where those were made elsewhere."""
        features = Features.of(texts, ORDER)
        if scores is None:
            assert self.fitted is not None
            scores = _scores(self.fitted.scorer, texts, features)
        return Read(features, scores, cast(StepScorer, self.second.scorer).scores_of(features))

    def shares(self, read: Read, method: str | None = None) -> Floats:
        """Return the share of each machine origin, NaN where there is no answer, shape (K,)."""
        member = QUANTIFIERS[method or self.settings.method].member
        target = self.calibration.log_ratios(read.scores)
        return np.asarray(member(Scored(target, self.log_ratios, self.reference.labels))[0])

    def second_opinion(self, read: Read) -> Floats:
        """Return the shares by style alone, shape (K,)."""
        target, reference = self._second.log_ratios(read.second), self._second.log_ratios(self.second.scores)
        return np.asarray(QUANTIFIERS["mixture"].member(Scored(target, reference, self.reference.labels))[0])

    def drawn(self, read: Read, clusters: Ints) -> Floats:
        """Return the shares of every bootstrap replicate, reference and target drawn anew, shape (replicates, K)."""
        weights, calibrations = self._replicates
        labels, count = self.reference.labels, self.settings.replicates
        step = max(CHUNK // (len(clusters) + len(labels)), 1)
        parts, done = [], 0
        for _, theirs in replicates(self.reference.groups, labels, clusters, count, self.settings.seed):
            for start in range(0, len(theirs), step):
                part = theirs[start : start + step]
                chosen = slice(done, done + len(part))
                each = Calibration(calibrations.intercepts[chosen], calibrations.slopes[chosen], calibrations.caps)
                scored = Scored(each.log_ratios(read.scores), each.log_ratios(self.scores), labels, part, weights[chosen])
                parts.append(self._method(scored))
                done += len(part)
        return np.concatenate(parts)

    def misfit(self, read: Read, clusters: Ints) -> Misfit | None:
        """Return what the best mixture leaves unexplained, None where there is too little to tell."""
        return self.moments.misfit(read.features, clusters)


def _scores(scorer: Scorer, texts: Sequence[str], features: Features) -> Floats:
    if isinstance(scorer, WordScorer) and scorer.order == ORDER:
        return scorer.scores_of(features)
    return scorer.scores(texts)


def unseen_origins(reference: Reference, settings: Settings, fitting: Any) -> dict[str, float]:
    """Return, for each machine origin, the share that its texts would be taken to hold if the reference lacked it.

    1 where the others stand for it entirely, 0 where they miss it. The texts of the origin are scored by models that saw nothing
    of their groups. Empty where there is one machine origin only.
    """
    if len(reference.origins) < 2:
        return {}
    return {name: _unseen(reference, at + 1, settings, fitting) for at, name in enumerate(reference.origins)}


def _unseen(reference: Reference, kind: int, settings: Settings, fitting: Any) -> float:
    from longtail.origin.crossfit import fold_of

    folds = fold_of(reference, settings.folds, settings.seed)
    known = reference.labels != kind
    binary = Reference(reference.texts, (reference.labels > 0).astype(np.int64), reference.groups, ("machine",))
    scores = np.full((len(reference), 1), np.nan)
    for part in range(int(folds.max()) + 1):
        learnt = binary.take(known & (folds != part))
        held = np.flatnonzero(folds == part)
        scorer = fitting if not callable(fitting) else fitting(learnt.texts, learnt.labels)
        scores[held] = scorer.scores(binary.take(held).texts)[:, :1]
    calibration = calibrate(scores[known], binary.labels[known])
    target = calibration.log_ratios(scores[~known])
    return float(QUANTIFIERS["mixture"].member(Scored(target, calibration.log_ratios(scores[known]), binary.labels[known]))[0, 0])
