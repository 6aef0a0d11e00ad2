"""Multinomial logistic regression with a ridge, human as the class that the others are held against."""

from typing import Any, NamedTuple

import numpy as np

from longtail.origin.reference import Floats, Ints


class Logistic(NamedTuple):
    """Weights of features, shape (features, K), and intercepts, shape (K,), of the log odds of class k against class 0."""

    weights: Floats
    intercepts: Floats

    def log_odds(self, features: Any) -> Floats:
        """Return the log odds of each class against class 0, shape (documents, K), of a dense or sparse feature matrix."""
        return np.asarray(features @ self.weights + self.intercepts)


def fit_logistic(features: Any, labels: Ints, classes: int, strength: float, *, tolerance: float = 1e-4, steps: int = 300) -> Logistic:
    """Return the minimum of strength · Σᵢ vᵢ·lossᵢ + ‖weights‖²/2, found with L-BFGS; intercepts are free.

    Documents are weighted by v so that every class weighs the same and v is 1 on average: log odds are then log ratios of
    likelihoods whatever the sizes of the classes.

    Args:
        features: Dense or sparse matrix, shape (documents, features).
        labels: Class of each document, 0 to `classes` - 1.
        classes: Number of classes, K + 1.
        strength: Weight of the data against the ridge, "C" elsewhere.
        tolerance: Of the largest component of the gradient of the mean loss, where the search stops.
        steps: Most steps of the search.
    """
    from scipy.optimize import minimize

    count, width = features.shape
    outcomes = np.eye(classes)[labels]
    balance = (len(labels) / (classes * outcomes.sum(0)))[labels] / count
    shape, ridge = (width + 1, classes - 1), 1 / (strength * count)
    columns = features.T.tocsr() if hasattr(features, "tocsr") else features.T

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(shape)
        odds = np.column_stack([np.zeros(count), _times(features, weights[:-1]) + weights[-1]])
        odds -= odds.max(1, keepdims=True)
        log_shares = odds - np.log(np.exp(odds).sum(1, keepdims=True))
        residuals = (balance[:, None] * (np.exp(log_shares) - outcomes))[:, 1:]
        slope = np.concatenate([_times(columns, residuals) + ridge * weights[:-1], residuals.sum(0, keepdims=True)])
        value = -(balance * log_shares[np.arange(count), labels]).sum() + 0.5 * ridge * (weights[:-1] ** 2).sum()
        return value, slope.ravel()

    options = {"maxiter": steps, "gtol": tolerance, "ftol": 0.0, "maxcor": 10}
    found = minimize(loss, np.zeros((width + 1) * (classes - 1)), jac=True, method="L-BFGS-B", options=options).x.reshape(shape)
    return Logistic(found[:-1], found[-1])


def _times(matrix: Any, columns: Floats) -> Floats:
    """Return the product column by column, which sparse arrays are faster at."""
    return np.column_stack([matrix @ np.ascontiguousarray(column) for column in columns.T])
