"""Posterior probabilities of the origins, and the shares of the reference that they hold for."""

import numpy as np

from longtail.origin.reference import Floats, Ints


def posteriors_of(log_ratios: Floats, prior: Floats) -> Floats:
    """Return P(origin | text) under the prior, human first, shape (..., n, K + 1).

    Args:
        log_ratios: Nats, shape (..., n, K).
        prior: Shares of the origins, human first, shape (K + 1,) or (..., 1, K + 1).
    """
    raised: Floats = np.concatenate([np.zeros((*log_ratios.shape[:-1], 1)), log_ratios], axis=-1)
    joint = prior * np.exp(raised - raised.max(axis=-1, keepdims=True))
    return np.asarray(joint / joint.sum(axis=-1, keepdims=True))


def prior_of(labels: Ints, weights: Floats, origins: int) -> Floats:
    """Return the shares of the origins in the reference, human first, shape (K + 1,); even ones where it is empty."""
    counts = np.bincount(labels, weights=weights, minlength=origins + 1).astype(np.float64)
    return counts / counts.sum() if counts.any() else np.full(origins + 1, 1 / (origins + 1))


def rates_of(answers: Floats, labels: Ints, weights: Floats) -> Floats:
    """Return the mean answer of the documents of each origin, NaN where an origin has none, shape (K + 1, K + 1).

    Args:
        answers: Posteriors, or 1 at the chosen origin, shape (N, K + 1).
        labels: 0 for human, k for the k-th machine origin, shape (N,).
        weights: Multiplicities, shape (N,).

    Returns:
        One column per true origin, one row per answer.
    """
    truth = (labels[:, None] == np.arange(answers.shape[1])) * weights[:, None]
    totals = truth.sum(axis=0)
    summed: Floats = answers.T @ truth
    return np.asarray(np.divide(summed, totals, out=np.full_like(summed, np.nan), where=totals > 0))
