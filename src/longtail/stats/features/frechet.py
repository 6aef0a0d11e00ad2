"""Fréchet distance of two Gaussians with the moments of two samples: FID, FAD, and their limit for endless samples."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from longtail.errors import UsageError
from longtail.stats.features.kernels import Rows

Double = npt.NDArray[np.float64]


class Limit(NamedTuple):
    """What a distance tends to as samples grow: the intercept on 1/n, its slope, and the share of variance the line explains."""

    value: float
    slope: float
    r2: float


def frechet(mean: Double, covariance: Double, other_mean: Double, other_covariance: Double, root: Double | None = None) -> float:
    """Return |m - m'|^2 + tr(C + C' - 2 (C C')^(1/2)); no root is taken.

    The trace of the root is the sum of the roots of the eigenvalues of C^(1/2) C' C^(1/2), which are real and not below 0.

    Args:
        mean: Shape (d,).
        covariance: Shape (d, d), positive semi-definite.
        other_mean: Shape (d,).
        other_covariance: Shape (d, d), positive semi-definite.
        root: What `root_of` gives for `covariance`, where one sample is held against many.

    Raises:
        UsageError: The moments are of unlike width.

    Source:
        Dowson & Landau 1982; Heusel et al. 2017.
    """
    if mean.shape != other_mean.shape or covariance.shape != other_covariance.shape or covariance.shape != (len(mean), len(mean)):
        raise UsageError(f"moments of width {len(mean)} and {len(other_mean)} cannot be compared; give features of one width")
    from scipy.linalg import eigvalsh

    half = root_of(covariance) if root is None else root
    crossed = eigvalsh(half @ other_covariance @ half)
    apart = mean - other_mean
    traces = float(np.trace(covariance)) + float(np.trace(other_covariance))
    return max(0.0, float(apart @ apart) + traces - 2 * float(np.sqrt(np.maximum(crossed, 0)).sum()))


def root_of(covariance: Double) -> Double:
    """Return the square root of a covariance, shape (d, d)."""
    from scipy.linalg import eigh

    values, vectors = eigh(covariance)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T)


def moments(rows: Rows) -> tuple[Double, Double]:
    """Return mean and covariance (with n - 1) of rows of shape (n, d), n at least 2.

    Raises:
        UsageError: There are fewer than two rows.
    """
    if len(rows) < 2:
        raise UsageError(f"a covariance needs at least 2 rows, got {len(rows)}")
    given = np.asarray(rows, np.float64)
    mean = given.mean(axis=0)
    centred = given - mean
    return mean, centred.T @ centred / (len(given) - 1)


def frechet_distance(rows: Rows, others: Rows) -> float:
    """Return the Fréchet distance of two samples; it is biased upwards, the more so the smaller they are."""
    return frechet(*moments(rows), *moments(others))


def frechet_limit(rows: Rows, others: Rows, seed: int, sizes: int = 15, fewest: int = 500) -> Limit:
    """Return what the Fréchet distance to the first sample tends to as the second grows: the intercept on 1 / n.

    Args:
        rows: The sample that stays whole, shape (n, d).
        others: The sample that is cut to smaller sizes, shape (m, d).
        seed: Seed of the subsets.
        sizes: How many sizes, evenly spaced.
        fewest: Smallest size.

    Raises:
        UsageError: The second sample is not larger than the smallest size.

    Source:
        Chong & Forsyth 2020; Gui et al. 2024.
    """
    if len(others) <= fewest or sizes < 2:
        raise UsageError(f"a limit needs more than {fewest} rows and two sizes, got {len(others)} rows and {sizes}; lower `fewest`")
    rng, whole = np.random.default_rng(seed), moments(rows)
    root = root_of(whole[1])
    counts = np.linspace(fewest, len(others), sizes).astype(int)
    found = [frechet(*whole, *moments(others[rng.choice(len(others), count, replace=False)]), root) for count in counts]
    line = np.polyfit(1 / counts, found, 1)
    left = np.asarray(found) - np.polyval(line, 1 / counts)
    spread = float(np.var(found))
    return Limit(float(line[1]), float(line[0]), 1 - float(np.var(left)) / spread if spread > 0 else 1.0)
