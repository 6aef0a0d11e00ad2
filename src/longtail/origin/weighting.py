"""Weights in place of filters: a document is drawn as often as it is likely to be human, and none is thrown away."""

import numpy as np

from longtail.errors import UsageError
from longtail.origin.quantifiers.posteriors import posteriors_of
from longtail.origin.reference import Floats


def posteriors(log_ratios: Floats, shares: Floats) -> Floats:
    """Return P(origin | text), human first, shape (documents, K + 1).

    It holds for a document of a corpus with these shares and for no other: the same text is likelier human where more are.

    Args:
        log_ratios: Calibrated, in nats, shape (documents, K).
        shares: Of the machine origins in the corpus, shape (K,).

    Raises:
        UsageError: There is not one share for each column, or the shares are negative or add up to more than 1.
    """
    shares = np.asarray(shares, dtype=np.float64)
    if log_ratios.ndim != 2 or shares.shape != log_ratios.shape[1:]:
        raise UsageError(f"log ratios are of shape {log_ratios.shape} and shares of {shares.shape}; give one share for each column")
    if not (shares >= 0).all() or shares.sum() > 1 + 1e-9:
        raise UsageError(f"the shares of machine origins are {shares.tolist()}; they are 0 or more and add up to 1 at most")
    return posteriors_of(log_ratios, np.concatenate([[max(1 - shares.sum(), 0.0)], shares]))


def human_weights(log_ratios: Floats, shares: Floats) -> Floats:
    """Return P(human | text), weights to sample training documents by, shape (documents,).

    Their sum is the expected number of human documents, and a mean over the corpus with these weights estimates the human mean.

    Args:
        log_ratios: Calibrated, in nats, shape (documents, K).
        shares: Of the machine origins in the corpus, shape (K,).

    Raises:
        UsageError: As `posteriors`.
    """
    return posteriors(log_ratios, shares)[:, 0]


def keep_by_expected_human_mass(weights: Floats, mass: float) -> Floats:
    """Return the probability to draw each document with, so that a share of the expected human documents stays, shape (documents,).

    Probabilities are in proportion to the weights and at most 1. They are no flags: whatever may be human may be drawn.

    Args:
        weights: P(human | text), shape (documents,).
        mass: Share of the expected human documents that stays, above 0 and at most 1.

    Raises:
        UsageError: A weight is not in [0, 1], all are 0, or the mass is out of range.
    """
    if not 0 < mass <= 1:
        raise UsageError(f"mass is {mass:g}; give the share of expected human documents that stays, above 0 and at most 1")
    if not ((weights >= 0) & (weights <= 1)).all() or not weights.any():
        raise UsageError("weights are probabilities of being human: from 0 to 1, and not all of them 0")
    if mass == 1:
        return (weights > 0).astype(np.float64)
    scaled = weights / weights.max()
    descending = np.sort(scaled)[::-1]
    missing = mass * scaled.sum() - np.concatenate([[0.0], np.cumsum(descending)])[:-1]
    squares = np.cumsum((descending**2)[::-1])[::-1]
    full = int(np.flatnonzero(missing * descending <= squares)[0])
    return np.asarray(np.minimum(1.0, missing[full] / squares[full] * scaled))
