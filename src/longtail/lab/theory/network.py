"""Several models that train on one another's output: how the errors of their means spread and where they stay bounded.

Model i fits the mean of n_i rows of variance 1, a share b_i of them real and a share A_ij drawn from model j. The
errors then follow e' = A e + noise, the noise of each fit being its own, of variance 1/n_i.
"""

from collections.abc import Sequence

import numpy
from scipy.linalg import solve_discrete_lyapunov

from longtail.lab.theory.forms import FORMS, Floats, Generations, require, steps

_SOURCE = "spectral radius rule of arXiv:2605.20151; this linear instance derived here"
_VALID = "shares >= 0, rows that sum to at most 1 (the rest is real), samples >= 1"


def _matrix(mixing: Sequence[Sequence[float]] | Floats) -> Floats:
    matrix = numpy.asarray(mixing, dtype=numpy.float64)
    require(matrix.ndim == 2 and matrix.shape[0] == matrix.shape[1], f"mixing of shape {matrix.shape}, not a square")
    require(bool((matrix >= 0).all() and (matrix.sum(axis=1) <= 1 + 1e-9).all()), "shares below 0, or whose sum is above 1")
    return matrix


def _noise(samples: Sequence[int] | int, models: int) -> Floats:
    rows = numpy.asarray(samples, dtype=numpy.float64)
    require(rows.ndim == 0 or rows.shape == (models,), f"{rows.size} sample sizes for {models} models")
    require(bool((rows >= 1).all()), "a model with fewer than one row")
    return numpy.diag(numpy.broadcast_to(1 / rows, (models,)))


@FORMS.add(case="31", kind="exact", unit="variance of one row", valid=_VALID, source=_SOURCE)
def network_covariance(generations: Generations, *, mixing: Sequence[Sequence[float]] | Floats, samples: Sequence[int] | int) -> Floats:
    """Return the covariance of the models' errors by generation, shape (generations, models, models).

    C' = A C A^T + diag(1/n) from C = diag(1/n): every model's first fit is on real rows.

    Args:
        generations: Generations asked for, 1 is the first fit.
        mixing: Share A_ij of model i's rows that model j has drawn; what a row lacks to 1 is real.
        samples: Rows per generation of every model, or of each.

    Raises:
        ConfigError: A setting is out of range.
    """
    matrix, asked = _matrix(mixing), steps(generations)
    noise = _noise(samples, len(matrix))
    series = [noise]
    for _ in range(1, int(asked.max(initial=0))):
        series.append(matrix @ series[-1] @ matrix.T + noise)
    return numpy.array(series)[asked - 1]


@FORMS.add(case="31", kind="exact", unit="variance of one row", valid=_VALID, source=_SOURCE)
def network_mean_squares(generations: Generations, *, mixing: Sequence[Sequence[float]] | Floats, samples: Sequence[int] | int) -> Floats:
    """Return the models' mean square errors by generation, shape (generations, models).

    Raises:
        ConfigError: A setting is out of range.
    """
    return numpy.diagonal(network_covariance(generations, mixing=mixing, samples=samples), axis1=1, axis2=2).copy()


@FORMS.add(case="31", kind="exact", unit="variance of one row", valid=f"{_VALID}, spectral radius below 1", source=_SOURCE)
def network_fixed_covariance(*, mixing: Sequence[Sequence[float]] | Floats, samples: Sequence[int] | int) -> Floats:
    """Return where `network_covariance` settles, the solution of C = A C A^T + diag(1/n), shape (models, models).

    Raises:
        ConfigError: A setting is out of range, or some group of models has no path back to real data.
    """
    matrix = _matrix(mixing)
    radius = network_spectral_radius(mixing=matrix)
    require(radius < 1 - 1e-12, f"spectral radius {radius:g}, not below 1: a group of models sees no real data")
    return numpy.asarray(solve_discrete_lyapunov(matrix, _noise(samples, len(matrix))))


@FORMS.add(case="31", kind="exact", unit="factor per generation", valid=_VALID, source=_SOURCE)
def network_spectral_radius(*, mixing: Sequence[Sequence[float]] | Floats) -> float:
    """Return the spectral radius of the mixing matrix; errors stay bounded only below 1, where every model has a path to real data.

    Raises:
        ConfigError: A setting is out of range.
    """
    return float(abs(numpy.linalg.eigvals(_matrix(mixing))).max())
