"""How many directions or modes rows spread over: Vendi scores, Rényi kernel entropy, effective rank and their kin."""

import math

import numpy as np
import numpy.typing as npt

from longtail.errors import ConfigError, UsageError
from longtail.stats.features.kernels import Rows, gaussian, gram

Double = npt.NDArray[np.float64]


def vendi(rows: Rows, order: float = 1.0, *, is_normalised: bool = True, keep: int | None = None) -> float:
    """Return the Vendi score with the linear kernel: the effective number of unlike rows, from 1 to n. It grows with n.

    The eigenvalues of the kernel of n rows are those of the d products of columns, so the smaller matrix is solved.

    Args:
        rows: Shape (n, d), n at least 1.
        order: Order q of the entropy, 0 or above, also infinity.
        is_normalised: Divide each row by its length first, which makes the kernel a cosine.
        keep: Truncate the spectrum to so many eigenvalues; see `vendi_of_kernel`.

    Raises:
        ConfigError: The order is below 0 or not a number, or `keep` is below 1.
        UsageError: There are no rows.

    Source:
        Friedman & Dieng 2023; orders by Pasarkar & Dieng 2024.
    """
    given = np.asarray(rows, np.float64)
    if not given.size:
        raise UsageError(f"a Vendi score needs at least one row, got shape {given.shape}")
    if is_normalised:
        lengths = np.sqrt(np.einsum("nd,nd->n", given, given))
        given = given / np.where(lengths > 0, lengths, 1.0)[:, None]
    products = given.T @ given if given.shape[1] < len(given) else given @ given.T
    return _number(_eigenvalues(products / len(given)), order, keep)


def vendi_of_kernel(kernel: Double, order: float = 1.0, keep: int | None = None) -> float:
    """Return the Vendi score of a kernel with ones on its diagonal.

    Args:
        kernel: Shape (n, n), symmetric, positive semi-definite.
        order: Order q of the entropy, 0 or above, also infinity.
        keep: Keep so many of the greatest eigenvalues and share out what is left among them: the truncated score
            (Ospanov & Farnia 2025), which settles at sizes of samples at which the whole one still grows.

    Raises:
        ConfigError: The order is below 0 or not a number, or `keep` is below 1.
    """
    return _number(_eigenvalues(kernel / len(kernel)), order, keep)


def kernel_entropy(rows: Rows, bandwidth: float, *, is_unbiased: bool = True) -> float:
    """Return the Rényi kernel entropy score with a Gaussian kernel, 1 / E[k(X, X')^2]: an effective number of modes.

    Args:
        rows: Shape (n, d), n at least 2.
        bandwidth: Standard deviation of the kernel, above 0.
        is_unbiased: Take pairs of different rows; the plug-in form counts each row with itself and is low at small n.

    Source:
        Jalali et al. 2023.
    """
    return kernel_entropy_of(gram(np.asarray(rows, np.float64) - np.mean(rows, axis=0, dtype=np.float64), gaussian(bandwidth)),
                             is_unbiased=is_unbiased)  # fmt: skip


def kernel_entropy_of(kernel: Double, *, is_unbiased: bool = True) -> float:
    """Return the Rényi kernel entropy score of a kernel with ones on its diagonal, shape (n, n); infinite where no rows are alike."""
    n, total = len(kernel), float(np.einsum("ij,ij->", kernel, kernel))
    mean = (total - float(np.einsum("ii,ii->", kernel, kernel))) / (n * (n - 1)) if is_unbiased else total / n**2
    return 1 / mean if mean > 0 else math.inf


def spectrum(rows: Rows) -> Double:
    """Return the eigenvalues of the covariance of rows, descending, shape (min(n - 1, d),) or fewer zeros than that.

    Args:
        rows: Shape (n, d), n at least 2.
    """
    centred = np.asarray(rows, np.float64) - np.mean(rows, axis=0, dtype=np.float64)
    products = centred.T @ centred if centred.shape[1] < len(centred) else centred @ centred.T
    return _eigenvalues(products / (len(centred) - 1))[::-1]


def effective_rank(eigenvalues: Double) -> float:
    """Return the exponential of the entropy of the eigenvalues' shares (Roy & Vetterli 2007); 0 where all are 0."""
    return _hill(eigenvalues, 1.0)


def participation_ratio(eigenvalues: Double) -> float:
    """Return the squared sum of eigenvalues over the sum of their squares; 0 where all are 0."""
    return _hill(eigenvalues, 2.0)


def log_determinant(eigenvalues: Double, top: int) -> float:
    """Return the sum of the logarithms of the greatest eigenvalues; minus infinity where one of them is 0.

    Args:
        eigenvalues: In any order.
        top: How many.
    """
    greatest = np.sort(eigenvalues)[::-1][:top]
    return float(np.log(greatest).sum()) if len(greatest) and greatest[-1] > 0 else -math.inf


def total_variance(rows: Rows) -> float:
    """Return the sum of the variances of the columns, with n - 1."""
    return float(np.var(np.asarray(rows, np.float64), axis=0, ddof=1).sum())


def _eigenvalues(products: Double) -> Double:
    """Return the eigenvalues of a symmetric matrix, ascending, what is rounding error set to 0."""
    from scipy.linalg import eigvalsh

    values = np.asarray(eigvalsh(products, check_finite=False))
    noise = len(values) * np.finfo(float).eps * max(0.0, float(values[-1]))
    return np.where(values > noise, values, 0.0)


def _number(values: Double, order: float, keep: int | None) -> float:
    if not order >= 0:
        raise ConfigError(f"a Vendi score of order {order} does not exist; choose 0 or above")
    if keep is not None and keep < 1:
        raise ConfigError(f"a spectrum cannot be truncated to {keep} eigenvalues; keep at least 1")
    if keep is not None and keep < len(values):
        greatest = values[-keep:]
        values = greatest + (values.sum() - greatest.sum()) / keep
    return _hill(values, order)


def _hill(values: Double, order: float) -> float:
    """Return the Hill number of positive weights: the effective number of them."""
    weights = values[values > 0]
    if not len(weights):
        return 0.0
    shares = weights / weights.sum()
    if order == 1:
        return math.exp(-float((shares * np.log(shares)).sum()))
    if math.isinf(order):
        return 1 / float(shares.max())
    return math.pow(float((shares**order).sum()), 1 / (1 - order))
