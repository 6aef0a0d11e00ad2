"""Kernels of pairs of rows, and their sums over pairs of units: all that distances and concentration need of the pairs.

The matrix of all pairs is never held: blocks of it are made once, given to every kernel asked for, and added up by unit.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.floating]
Double = npt.NDArray[np.float64]
Index = npt.NDArray[np.int64]

Kernel = Callable[[Double, Double, int], Double]
"""What is made of dot products and squared distances of the same pairs, and of the width of the rows."""

_BLOCK = 512
_NOISE = 1e-13  # of the squared norms: what is left of a squared distance of equal rows
_MEDIAN_ROWS = 1000


class Sums(NamedTuple):
    """A kernel summed over pairs of rows by pair of units.

    Attributes:
        pairs: Sum over all pairs, a row with itself among them, shape (units, units), symmetric.
        own: Sum over the rows of a unit of the kernel of a row with itself, shape (units,).
        rows: Rows of each unit, shape (units,).
    """

    pairs: Double
    own: Double
    rows: Double


def linear(products: Double, squared: Double, width: int) -> Double:
    """Return the dot products; of rows of length 1 it is the cosine."""
    return products


def cubic(products: Double, squared: Double, width: int) -> Double:
    """Return the kernel of the kernel inception distance, (x · y / d + 1)^3 (Bińkowski et al. 2018)."""
    return np.asarray((products / width + 1) ** 3)


def distance(products: Double, squared: Double, width: int) -> Double:
    """Return Euclidean distances."""
    return np.sqrt(squared)


def gaussian(bandwidth: float) -> Kernel:
    """Return the kernel exp(-|x - y|^2 / (2 bandwidth^2))."""

    def kernel(products: Double, squared: Double, width: int) -> Double:
        return np.exp(squared / (-2 * bandwidth**2))

    return kernel


def squared_kernel(kernel: Kernel) -> Kernel:
    """Return the square of a kernel."""

    def squares(products: Double, squared: Double, width: int) -> Double:
        return kernel(products, squared, width) ** 2

    return squares


def unit_sums(rows: Rows, units: Index, count: int, kernels: Sequence[Kernel]) -> list[Sums]:
    """Return each kernel's sums over pairs of units, of one pass over the pairs.

    Args:
        rows: Shape (n, d).
        units: Unit of each row, shape (n,), below `count`.
        count: Number of units.
        kernels: What to sum.
    """
    order = np.argsort(units, kind="stable")
    ordered, owners = np.asarray(rows, np.float64)[order], units[order]
    norms = np.einsum("nd,nd->n", ordered, ordered)
    pairs = [np.zeros((count, count)) for _ in kernels]
    for first in range(0, len(ordered), _BLOCK):
        for second in range(first, len(ordered), _BLOCK):
            here, there = slice(first, first + _BLOCK), slice(second, second + _BLOCK)
            products = ordered[here] @ ordered[there].T
            squared = _squared(products, norms[here], norms[there], is_same=first == second)
            for total, kernel in zip(pairs, kernels, strict=True):
                _add(total, kernel(products, squared, rows.shape[1]), owners[here], owners[there], is_same=first == second)
    return [Sums(total, _own(kernel, norms, owners, count, rows.shape[1]), np.bincount(owners, minlength=count).astype(float))
            for total, kernel in zip(pairs, kernels, strict=True)]  # fmt: skip


def gram(rows: Rows, kernel: Kernel) -> Double:
    """Return the kernel of all pairs, shape (n, n)."""
    given = np.asarray(rows, np.float64)
    products, norms = given @ given.T, np.einsum("nd,nd->n", given, given)
    return kernel(products, _squared(products, norms, norms, is_same=True), given.shape[1])


def median_distance(rows: Rows) -> float:
    """Return the median distance of two of the first rows, for a bandwidth; the mean where that is 0, and 1 where all are equal.

    Args:
        rows: Shape (n, d); of many, the first 1,000 are taken.
    """
    some = np.asarray(rows[:_MEDIAN_ROWS], np.float64)
    if len(some) < 2:
        return 1.0
    apart = gram(some - some.mean(axis=0), distance)[np.triu_indices(len(some), 1)]
    return float(np.median(apart)) or float(apart.mean()) or 1.0


def _squared(products: Double, one: Double, other: Double, *, is_same: bool) -> Double:
    sizes = one[:, None] + other[None, :]
    squared = sizes - 2 * products
    squared[squared < _NOISE * sizes] = 0.0
    if is_same:
        np.fill_diagonal(squared, 0.0)
    return np.asarray(squared)


def _add(total: Double, values: Double, one: Index, other: Index, *, is_same: bool) -> None:
    """Add the values of a block to the sums by unit; owners ascend, so that a unit's rows lie side by side."""
    starts = [np.flatnonzero(np.r_[True, some[1:] != some[:-1]]) for some in (one, other)]
    sums = np.add.reduceat(np.add.reduceat(values, starts[0], axis=0), starts[1], axis=1)
    at = np.ix_(one[starts[0]], other[starts[1]])
    total[at] += sums
    if not is_same:
        total[at[1].T, at[0].T] += sums.T


def _own(kernel: Kernel, norms: Double, owners: Index, count: int, width: int) -> Double:
    values = kernel(norms[:, None], np.zeros((len(norms), 1)), width)[:, 0]
    return np.bincount(owners, weights=values, minlength=count).astype(np.float64)
