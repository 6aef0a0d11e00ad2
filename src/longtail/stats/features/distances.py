"""Distances of two samples of rows: maximum mean discrepancy and energy distance, also in every relabelling of their units."""

import numpy as np
import numpy.typing as npt

from longtail.errors import UsageError
from longtail.stats.features.kernels import Kernel, Rows, Sums, cubic, distance, gaussian, median_distance, unit_sums

Values = npt.NDArray[np.float64]
Sides = tuple[Values, Values]

KAD_SCALE = 100.0

_AT_ONCE = 4096


def mmd2(one: Rows, other: Rows, kernel: Kernel) -> float:
    """Return the squared maximum mean discrepancy, unbiased: it may be below 0, and is 0 on average where nothing differs.

    Args:
        one: Shape (n, d), n at least 2.
        other: Shape (m, d), m at least 2.
        kernel: The kernel; for one of distances, rows far from the origin are better centred first.

    Raises:
        UsageError: A sample has fewer than 2 rows.

    Source:
        Gretton et al. 2012, lemma 6.
    """
    return float(mmd2_of(*_pair(one, other, kernel))[0])


def kernel_inception_distance(one: Rows, other: Rows) -> float:
    """Return the kernel inception distance of all rows at once, unbiased, without subsets (Bińkowski et al. 2018)."""
    return mmd2(one, other, cubic)


def kernel_audio_distance(reference: Rows, other: Rows, bandwidth: float | None = None) -> float:
    """Return the kernel audio distance: 100 times `mmd2` with a Gaussian kernel (Chung et al. 2025).

    Args:
        reference: Shape (n, d); gives the bandwidth, so that all that is compared with it is measured alike.
        other: Shape (m, d).
        bandwidth: Bandwidth; the median distance of two rows of the reference by default.
    """
    _check(reference, other)
    centre = np.mean(reference, axis=0, dtype=np.float64)
    return KAD_SCALE * mmd2(reference - centre, other - centre, gaussian(bandwidth or median_distance(reference)))


def energy_distance(one: Rows, other: Rows) -> float:
    """Return 2 E|X - Y| - E|X - X'| - E|Y - Y'| over all pairs, a row with itself among them; no root is taken.

    It is never below 0, and grows as samples shrink.

    Source:
        Székely & Rizzo 2013, V-statistic.
    """
    _check(one, other)
    centre = np.mean(one, axis=0, dtype=np.float64)
    return float(energy_of(*_pair(one - centre, other - centre, distance))[0])


def mmd2_of(sums: Sums, sides: Sides) -> Values:
    """Return `mmd2` by relabelling, shape (B + 1,).

    Args:
        sums: Kernel by pair of units.
        sides: Whether a unit is on the first and on the second side, 1 or 0, each of shape (units, B + 1).
    """
    within = [(_within(sums, side) - sums.own @ side) / _pairs(sums.rows @ side) for side in sides]
    return np.asarray(within[0] + within[1] - 2 * _between(sums, sides))


def energy_of(sums: Sums, sides: Sides) -> Values:
    """Return `energy_distance` by relabelling, shape (B + 1,), of sums of distances; see `mmd2_of`."""
    within = [_within(sums, side) / np.maximum(sums.rows @ side, 1) ** 2 for side in sides]
    return np.asarray(2 * _between(sums, sides) - within[0] - within[1])


def mean_kernel_of(sums: Sums, side: Values) -> Values:
    """Return the mean of a kernel over pairs of two different rows of one side, by relabelling, shape (B + 1,)."""
    return np.asarray((_within(sums, side) - sums.own @ side) / _pairs(sums.rows @ side))


def _check(one: Rows, other: Rows) -> None:
    if min(len(one), len(other)) < 2 or one.shape[1] != other.shape[1]:
        raise UsageError(f"a distance needs two rows of one width on each side, got shapes {one.shape} and {other.shape}")


def _pair(one: Rows, other: Rows, kernel: Kernel) -> tuple[Sums, Sides]:
    _check(one, other)
    rows = np.concatenate([np.asarray(one, np.float64), np.asarray(other, np.float64)])
    units = np.repeat(np.arange(2), [len(one), len(other)])
    return unit_sums(rows, units, 2, [kernel])[0], (np.array([[1.0], [0.0]]), np.array([[0.0], [1.0]]))


def _within(sums: Sums, side: Values) -> Values:
    return np.concatenate([((sums.pairs @ part) * part).sum(axis=0) for part in _parts(side)])


def _between(sums: Sums, sides: Sides) -> Values:
    """Return the mean over pairs with a row on each side."""
    total = [((sums.pairs @ one) * other).sum(axis=0) for one, other in zip(*map(_parts, sides), strict=True)]
    return np.concatenate(total) / np.maximum((sums.rows @ sides[0]) * (sums.rows @ sides[1]), 1)


def _pairs(rows: Values) -> Values:
    return np.maximum(rows * (rows - 1), 1)


def _parts(side: Values) -> list[Values]:
    return [side[:, first : first + _AT_ONCE] for first in range(0, side.shape[1], _AT_ONCE)]
