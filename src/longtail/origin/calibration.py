"""Calibration: from scores on any scale to log ratios of likelihoods.

Scores of a reference by models that did not see it are fitted with a multinomial logistic model (Platt 1999 for one machine
origin): log f_k(s) / f_0(s) = a_k + b_k · s once the sizes of the classes are taken out. A weak Gaussian prior on the slopes
keeps them finite where scores separate the classes, and no text counts for more than the reference could show: ratios are
capped at the number of documents of the smaller of the two classes.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from longtail.errors import UsageError
from longtail.origin.reference import Floats, Ints

RIDGE = 0.01
"""Precision of the prior on slopes of standardised scores: a deviation of 10 nats for each deviation of the score."""
_STEPS, _TOLERANCE, _ROOM = 50, 1e-8, 1 << 21
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Calibration:
    """Straight lines from scores to log ratios, of one fit or of many.

    Attributes:
        intercepts: a, shape (..., K).
        slopes: b, shape (..., K, K): row k gives the log ratio of origin k.
        caps: Largest log ratio either way, shape (K,).
    """

    intercepts: Floats
    slopes: Floats
    caps: Floats

    def log_ratios(self, scores: Floats, valid: Bools | None = None) -> Floats:
        """Return log f_k / f_0 of each document, shape (..., documents, K), 0 where it has no score or is not valid.

        Args:
            scores: Shape (documents, K).
            valid: Which documents may say something, shape (documents,); all where left out.
        """
        said = _finite(scores)
        said = said if valid is None else said & valid
        lines = np.where(said[:, None], scores, 0.0) @ np.swapaxes(self.slopes, -1, -2) + self.intercepts[..., None, :]
        return np.where(said[:, None], np.clip(lines, -self.caps, self.caps), 0.0)

    def take(self, which: int) -> "Calibration":
        """Return one of many fits."""
        return Calibration(self.intercepts[which], self.slopes[which], self.caps)


def calibrate(scores: Floats, labels: Ints, weights: Floats | None = None, ridge: float = RIDGE) -> Calibration:
    """Return the calibration of scores by models that did not see the texts.

    Args:
        scores: Shape (documents, K); documents without a score are left out.
        labels: 0 for human and k for the k-th machine origin, shape (documents,).
        weights: Of documents, shape (documents,); 1 each where left out.
        ridge: Precision of the prior on slopes of standardised scores.

    Raises:
        UsageError: A class has no document with a score.
    """
    ones = np.ones(len(labels)) if weights is None else weights
    return calibrate_many(scores, labels, ones[None], ridge).take(0)


def calibrate_many(scores: Floats, labels: Ints, weights: Floats, ridge: float = RIDGE) -> Calibration:
    """Return calibrations under many weightings of the documents, such as the counts of a bootstrap.

    Newton's method from the fit under the mean of the weightings, all weightings at once.

    Args:
        scores: Shape (documents, K); documents without a score are left out.
        labels: Shape (documents,).
        weights: Shape (weightings, documents).
        ridge: Precision of the prior on slopes of standardised scores.

    Raises:
        UsageError: A class has no document with a score and a weight.
    """
    said = _finite(scores)
    scores, labels, weights = scores[said], labels[said], weights[:, said]
    count = scores.shape[1]
    outcomes = np.eye(count + 1)[labels]
    _check(weights @ outcomes)
    centre, spread = scores.mean(0), scores.std(0)
    spread = np.where(spread > 0, spread, 1.0)
    design = np.column_stack([np.ones(len(scores)), (scores - centre) / spread])
    problem = _Problem(design, outcomes[:, 1:], np.r_[0.0, np.full(count, ridge)])
    start = problem.solved(weights.mean(0)[None], np.zeros((1, count, count + 1)))[0]
    step = max(1, _ROOM // (len(scores) * count))
    parts = [problem.solved(weights[at : at + step], start) for at in range(0, len(weights), step)]
    found = np.concatenate(parts)
    totals = weights @ outcomes
    slopes = found[..., 1:] / spread
    intercepts = found[..., 0] - slopes @ centre - np.log(totals[:, 1:] / totals[:, :1])
    sizes = outcomes.sum(0)
    return Calibration(intercepts, slopes, np.log(np.minimum(sizes[1:], sizes[0])))


def _check(totals: Floats) -> None:
    if not (totals > 0).all():
        lacking = int(np.flatnonzero((totals <= 0).any(0))[0])
        name = "human" if lacking == 0 else f"machine origin {lacking}"
        raise UsageError(f"no reference document of {name} has a score; give longer texts or another scorer")


@dataclass(frozen=True)
class _Problem:
    """Multinomial logistic regression with class 0 as base: design (N, D), outcomes of the others (N, K), precisions (D,)."""

    design: Floats
    outcomes: Floats
    precisions: Floats

    def solved(self, weights: Floats, start: Floats) -> Floats:
        """Return coefficients under each weighting, shape (B, K, D), from a start of shape (K, D)."""
        found = np.broadcast_to(start, (len(weights), *start.shape[-2:])).copy()
        for _ in range(_STEPS):
            move = self._move(weights, found)
            found -= move
            if np.abs(move).max() < _TOLERANCE:
                break
        return found

    def _move(self, weights: Floats, found: Floats) -> Floats:
        """Return Newton's step, no longer than 4 in any coefficient."""
        classes, width = found.shape[1:]
        shares = _shares(self.design, found)
        slope = np.stack([(weights * (shares[k] - self.outcomes[:, k])) @ self.design for k in range(classes)], 1) + found * self.precisions
        squares = (self.design[:, :, None] * self.design[:, None, :]).reshape(len(self.design), -1)
        curve = np.zeros((len(weights), classes, width, classes, width))
        for k in range(classes):
            for l in range(k, classes):
                part = (weights * shares[k] * ((k == l) - shares[l])) @ squares
                curve[:, k, :, l] = curve[:, l, :, k] = part.reshape(-1, width, width)
        flat = curve.reshape(len(weights), classes * width, -1) + np.diag(np.tile(self.precisions + 1e-9, classes))
        moves = np.linalg.solve(flat, slope.reshape(len(weights), -1, 1))
        return np.asarray(np.clip(moves, -4, 4).reshape(found.shape))


def _shares(design: Floats, found: Floats) -> Floats:
    """Return the probability of each class but the first, shape (K, B, N)."""
    odds = np.moveaxis(found @ design.T, 1, 0)
    top = np.maximum(odds.max(0), 0.0)
    parts = np.exp(odds - top)
    return np.asarray(parts / (np.exp(-top) + parts.sum(0)))


def _finite(scores: Floats) -> Bools:
    return np.asarray(np.isfinite(scores).all(axis=1))
