"""Rows of known laws, and discrepancies of them from whole matrices."""

import numpy as np


def normal(n, d, seed, scale=1.0, offset=0.0):
    return np.random.default_rng(seed).normal(size=(n, d)) * scale + offset


def apart(one, other):
    return np.sqrt(((one[:, None] - other[None]) ** 2).sum(axis=2))


def unbiased(one, other, kernel):
    """The squared discrepancy from three whole matrices."""
    n, m = len(one), len(other)
    xx, yy, xy = kernel(one, one), kernel(other, other), kernel(one, other)
    return (xx.sum() - np.trace(xx)) / (n * (n - 1)) + (yy.sum() - np.trace(yy)) / (m * (m - 1)) - 2 * xy.mean()


def rbf(bandwidth):
    return lambda a, b: np.exp(-(apart(a, b) ** 2) / (2 * bandwidth**2))


ONE, OTHER = normal(50, 8, 0), normal(40, 8, 1, 1.3, 0.2)
